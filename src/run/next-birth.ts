/** Which record is born next after a moment, for stepping through a run record by record. */
import { Births } from '../contract/births.ts'
import { workloadFaults, type ColumnPlan } from './column-state.ts'

/** The first record born later than `at` nanoseconds and its time in seconds; null when there is none. */
export function recordAfter(plan: ColumnPlan, at: number): { readonly at: number; readonly record: string } | null {
  // Births are a pure function: drawn again, they do not depend on how far the column is or what it has forgotten.
  const births = new Births(plan.workload, plan.seed, workloadFaults(plan.faults), plan.duration)
  let first = Infinity
  let record = ''
  for (let lane = 0; lane < births.lanes; lane++) {
    while (births.nextAt(lane) <= at) births.forget(lane, births.take(lane))
    if (births.nextAt(lane) >= first) continue
    first = births.nextAt(lane)
    record = `source-${lane + 1}:${births.born(lane)}`
  }
  return first === Infinity ? null : { at: first / 1e9, record }
}
