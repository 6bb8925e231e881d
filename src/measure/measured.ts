/** What verdicts are judged from: one column so far, or at its end. Times in nanoseconds. */
import type { Births } from '../contract/births.ts'
import { SIDE, UNSEEN } from './chunks.ts'
import type { LatencyByBirth, Slowest, Span } from './by-birth.ts'
import type { Histogram } from './histogram.ts'
import type { Ledger } from './ledger.ts'
import type { Series } from './series.ts'
import { withUnseen } from './summary.ts'
import type { ViewTally } from './view.ts'

export interface Measured {
  readonly ledger: Ledger
  readonly births: Births
  readonly series: Series
  readonly byBirth: LatencyByBirth
  readonly slowest: Slowest
  readonly warmup: number
  readonly duration: number
  readonly now: number
  /** The longest commit or poll interval. */
  readonly intervalNanos: number
  /** From each fault to its recovery; null: not recovered. */
  readonly bands: readonly (Span & { readonly fault: string })[]
  /** What the recipe states of itself. */
  readonly declared: Readonly<Record<string, string>>
}

/** The view that constraints are judged at. */
export function primaryOf({ ledger }: Measured): ViewTally {
  return ledger.views[ledger.primary] as ViewTally
}

/** Records born in the population that have no end state in the primary view. */
export function pendingBornAfter(measured: Measured, from: number): number {
  const { ledger, births } = measured
  let pending = 0
  for (let lane = 0; lane < births.lanes; lane++) {
    for (let i = ledger.settledUpTo(ledger.primary, lane); i < births.born(lane); i++) {
      if (ledger.stateOf(ledger.primary, lane, i) !== UNSEEN || (ledger.answerOf(lane, i) & SIDE) !== 0) continue
      if (births.timeOf(lane, i) >= from) pending++
    }
  }
  return pending
}

/** Visible latency of the population; what was never seen, or not yet, is longer than any limit. */
export function visibleLatency(measured: Measured): Histogram {
  const unseen = measured.byBirth.unseen + pendingBornAfter(measured, measured.warmup)
  return withUnseen(primaryOf(measured).latency, unseen)
}

/** Records born so far. */
export function bornSoFar(births: Births): number {
  let born = 0
  for (let lane = 0; lane < births.lanes; lane++) born += births.born(lane)
  return born
}

/** A count of records for people: 12 345. */
export function countText(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ' ')
}

/** Seconds for people: three digits that tell. */
export function secondsText(nanoseconds: number): string {
  const seconds = nanoseconds / 1e9
  return `${seconds >= 100 ? seconds.toFixed(0) : seconds >= 10 ? seconds.toFixed(1) : seconds.toFixed(2)} s`
}
