/** Drives columns to their end from a command line: progress for terminals, and an end by the keyboard. */
import type { CheckedSpec } from '../run/check.ts'
import { Column } from '../run/column.ts'
import { columnPlan, EVENTS_MAX, type RunOptions } from '../run/run.ts'

/** Somebody pressed Ctrl-C. */
export class Interrupted extends Error {}

const SECOND = 1e9

/** Runs every column; yields to the keyboard once a simulated second. */
export async function drive(checked: CheckedSpec, options: RunOptions = {}): Promise<readonly Column[]> {
  let isInterrupted = false
  const interrupt = (): void => {
    isInterrupted = true
  }
  process.on('SIGINT', interrupt)
  const columns: Column[] = []
  try {
    for (const [i, checkedColumn] of checked.columns.entries()) {
      const column = new Column(columnPlan(checked, checkedColumn, options))
      columns.push(column)
      const most = options.maxEvents ?? EVENTS_MAX
      for (let second = 1; ; second++) {
        const end = column.advance(second * SECOND, most - column.state.sim.events)
        if (end === 'budget') column.stop(`event budget of ${most} spent`)
        if (end !== 'time') break
        progress(`${checkedColumn.label}: ${second} s of ${checked.durationNanos / SECOND} s (column ${i + 1} of ${checked.columns.length})`)
        await new Promise((resolve) => {
          setImmediate(resolve)
        })
        if (isInterrupted) throw new Interrupted()
      }
    }
  } finally {
    process.off('SIGINT', interrupt)
    progress('')
  }
  return columns
}

/** One line that replaces itself, on terminals only. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`)
}
