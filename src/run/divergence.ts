/** From which moment on two plans of one column may differ in what happens. */
import { formatFault, type Fault } from '../contract/fault.ts'
import type { ColumnPlan } from './column-state.ts'

/** Nanoseconds, Infinity when the plans are equal; null when the run has to begin anew. */
export function divergence(before: ColumnPlan, after: ColumnPlan): number | null {
  const isSameRun = before.recipe === after.recipe && before.seed === after.seed && before.label === after.label
    && before.duration === after.duration && before.warmup === after.warmup && before.quiet === after.quiet
    && JSON.stringify([before.workload, before.sizing]) === JSON.stringify([after.workload, after.sizing])
    && before.recipe.knobs.every(({ key }) => before.settings.written(key) === after.settings.written(key))
  if (!isSameRun) return null
  // Triggers count facts from their beginning, by their place in the list: one may only be added at the end.
  const waiting = (plan: ColumnPlan): string[] => plan.faults.filter(({ on }) => on !== undefined).map(formatFault)
  const old = waiting(before)
  if (waiting(after).slice(0, old.length).join('\n') !== old.join('\n')) return null
  const moments = [
    ...apart(before.faults, after.faults, formatFault, momentOf),
    ...apart(before.changes, after.changes, (change) => JSON.stringify(change), ({ at }) => at),
  ]
  return Math.min(Infinity, ...moments)
}

/** The moments of the entries that only one of the lists has, and of those whose order is another. */
function apart<T>(before: readonly T[], after: readonly T[], text: (entry: T) => string, moment: (entry: T) => number): number[] {
  let same = 0
  while (same < before.length && same < after.length && text(before[same] as T) === text(after[same] as T)) same++
  return [...before.slice(same), ...after.slice(same)].map(moment)
}

function momentOf({ at, on }: Fault): number {
  return at ?? on?.after ?? 0
}
