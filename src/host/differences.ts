/** What sets the columns of a Report apart, in sentences. */
import type { ColumnReport, Report } from '../contract/spec.ts'
import { countText, durationText as seconds } from '../measure/measured.ts'

/** Constraints judged differently, then figures that are far apart. */
export function differences({ runs }: Report): string[] {
  const lines: string[] = []
  for (const [i, { id }] of (runs[0]?.constraints ?? []).entries()) {
    const met = runs.filter((run) => run.constraints[i]?.met === true).map(({ label }) => label)
    const missed = runs.filter((run) => run.constraints[i]?.met === false).map(({ label }) => label)
    if (met.length > 0 && missed.length > 0) lines.push(`${id} is met by ${met.join(', ')} and not by ${missed.join(', ')}`)
  }
  const far = (name: string, value: (run: ColumnReport) => number | null, text: (value: number) => string, ratio: number): void => {
    const known = runs.flatMap((run) => {
      const found = value(run)
      return found === null ? [] : [{ label: run.label, found }]
    })
    known.sort((a, b) => a.found - b.found)
    const [least, most] = [known[0], known.at(-1)]
    if (least === undefined || most === undefined || most.found <= least.found * ratio) return
    lines.push(`${name}: ${text(least.found)} in ${least.label}, ${text(most.found)} in ${most.label}`)
  }
  far('visible p99', ({ latency }) => latency.visible.p99, seconds, 1.2)
  far('longest wait', ({ latency }) => latency.visible.max, seconds, 1.5)
  far('repeats', ({ totals }) => totals.duplicates, countText, 1)
  far('lost', ({ totals }) => totals.lost, countText, 1)
  for (const { label, notes } of runs) {
    if (notes.some((note) => note.startsWith('faults differ'))) lines.push(`the faults are not the same: see the notes of ${label}`)
  }
  return lines
}
