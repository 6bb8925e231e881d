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

/** Seconds or milliseconds for people: three digits that tell. */
export function durationText(seconds: number): string {
  if (seconds < 0.9995) return `${seconds < 0.00995 ? (seconds * 1000).toFixed(2) : (seconds * 1000).toFixed(0)} ms`
  return `${seconds >= 99.95 ? seconds.toFixed(0) : seconds >= 9.995 ? seconds.toFixed(1) : seconds.toFixed(2)} s`
}

/**
 * Visible latency of the records that no fault touched: born outside of every band. What was on its way when a
 * fault began was touched as well, so that each band begins with the birth of the oldest of those.
 */
export function calmLatency({ byBirth, bands, series }: Measured): Histogram {
  return byBirth.outside(bands.map(({ from, to }) => {
    const row = Math.max(0, Math.floor(from / series.stepNanos) - 1)
    return { from: Math.max(0, from - (series.oldestUnsettled[row] ?? 0)), to }
  }))
}
