/** Drives columns to their end from a command line: progress for terminals, and an end by the keyboard. */
import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { CheckedColumn, CheckedSpec } from '../run/check.ts'
import type { Report } from '../contract/spec.ts'
import { Column } from '../run/column.ts'
import { endedColumn, reportOfEnded } from '../run/report.ts'
import { columnPlan, EVENTS_MAX, type RunOptions } from '../run/run.ts'
import { progress } from './cli-out.ts'

/** Somebody pressed Ctrl-C. */
export class Interrupted extends Error {}

const SECOND = 1e9
/**
 * Simulated seconds between two full collections. A column keeps about 40 MB; what lives a second and dies makes ten
 * times that before the engine collects by itself. One collection takes about 30 ms.
 */
const SECONDS_APART = 20
/** Bytes made since the last full collection that bring the next one forward: a backlog that drains makes them in seconds. */
const BYTES_APART = 160e6

// A heap of 50 MB may double before the engine collects; left to itself it lets it grow fivefold.
setFlagsFromString('--heap-growing-percent=100')
setFlagsFromString('--expose-gc')
// The flag gives the function to contexts that are made after it.
const collect = runInNewContext('gc') as () => void

/** Runs every column to its Report; a column is let go when it has ended, so that one is in memory at a time. */
export async function driveReport(checked: CheckedSpec): Promise<Report> {
  return reportOfEnded(checked, await drive(checked, {}, (from, column) => endedColumn(checked, from, column)))
}

/** Runs every column and keeps what `take` makes of it; yields to the keyboard once a simulated second. */
export async function drive<T>(checked: CheckedSpec, options: RunOptions, take: (from: CheckedColumn, column: Column) => T): Promise<readonly T[]> {
  let isInterrupted = false
  const interrupt = (): void => {
    isInterrupted = true
  }
  process.on('SIGINT', interrupt)
  const taken: T[] = []
  try {
    for (const [i, from] of checked.columns.entries()) {
      const column = new Column(columnPlan(checked, from, options))
      const most = options.maxEvents ?? EVENTS_MAX
      let collectedAt = 0
      let kept = heapBytes()
      for (let second = 1; ; second++) {
        const end = column.advance(second * SECOND, most - column.state.sim.events)
        if (end === 'budget') column.stop(`event budget of ${most} spent`)
        if (end !== 'time') break
        progress(`${from.label}: ${second} s of ${checked.durationNanos / SECOND} s (column ${i + 1} of ${checked.columns.length})`)
        if (second >= collectedAt + SECONDS_APART || heapBytes() > kept + BYTES_APART) {
          collect()
          collectedAt = second
          kept = heapBytes()
        }
        await new Promise((resolve) => {
          setImmediate(resolve)
        })
        if (isInterrupted) throw new Interrupted()
      }
      taken.push(take(from, column))
    }
  } finally {
    process.off('SIGINT', interrupt)
    progress('')
  }
  return taken
}

/** What the heap holds, garbage included, with the buffers of typed arrays beside it. */
function heapBytes(): number {
  const { used_heap_size: objects, external_memory: buffers } = getHeapStatistics()
  return objects + buffers
}
