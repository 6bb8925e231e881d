/** Verdicts while a run goes on: holds so far (1), unknown (0), broken (-1), with the figure of the moment. */
import type { Constraint } from '../contract/scenario.ts'
import { declaredVerdict } from './declared.ts'
import { primaryOf, type Measured } from './measured.ts'
import type { Series } from './series.ts'

export interface LiveVerdict {
  /** 1 holds so far, 0 unknown, -1 broken. */
  state: number
  /** In the unit of the constraint's report; NaN unknown. */
  observed: number
  /** 1: the figure is a lower bound. */
  atLeast: number
}

/** Older than so many commit or poll intervals: what is unsettled may be in trouble. */
const INTERVALS = 2
const WINDOW_ROWS = 100

/** Cheap enough for ten times a simulated second. `bands` are not looked at. */
export function liveVerdict({ meaning }: Constraint, measured: Measured): LiveVerdict {
  const { ledger, series } = measured
  const tally = primaryOf(measured)
  const oldest = series.oldestUnsettled[series.length - 1] ?? 0
  const isOpen = oldest > INTERVALS * measured.intervalNanos
  const holds = isOpen ? 0 : 1
  const atLeast = ledger.unsettled(ledger.primary) > 0 ? 1 : 0
  switch (meaning.kind) {
    case 'latency': {
      const unseen = measured.byBirth.unseen
      const n = tally.latency.count + unseen
      if (n === 0) return { state: 0, observed: NaN, atLeast: 0 }
      // Those that were never seen stand behind all others.
      const rank = (meaning.quantile * n) / Math.max(1, tally.latency.count)
      const found = rank > 1 ? tally.latency.max : tally.latency.quantile(rank).value
      const broken = rank > 1 || found >= meaning.limitNanos
      return { state: broken ? -1 : holds, observed: found / 1e9, atLeast: rank > 1 ? 1 : 0 }
    }
    case 'throughput':
      return { state: isPilingUp(series) && !isOpen ? -1 : holds, observed: rateOf(series), atLeast: 0 }
    case 'loss': {
      const gone = tally.lost + tally.retracted
      return { state: gone > meaning.limit ? -1 : holds, observed: gone, atLeast }
    }
    case 'exactly-once': {
      const wrong = tally.duplicated + tally.lost + tally.retracted
      return { state: wrong > 0 ? -1 : holds, observed: wrong, atLeast }
    }
    case 'declared': {
      const { met } = declaredVerdict(meaning, measured.declared)
      return { state: met === null ? 0 : met ? 1 : -1, observed: NaN, atLeast: 0 }
    }
    case 'unknown':
      return { state: 0, observed: NaN, atLeast: 0 }
  }
}

/** Visible records a second over the last ten seconds, or as long as there is. */
function rateOf(series: Series): number {
  const last = series.length - 1
  const first = Math.max(0, last - WINDOW_ROWS)
  if (last <= first) return NaN
  return ((series.visible[last] as number) - (series.visible[first] as number)) / (((last - first) * series.stepNanos) / 1e9)
}

/** More than 1 % of what the last ten seconds offered was added to what waits, at its lowest of each half. */
function isPilingUp(series: Series): boolean {
  const last = series.length - 1
  const first = last - WINDOW_ROWS
  if (first < 0) return false
  let early = Infinity
  let late = Infinity
  for (let i = first; i <= last; i++) {
    const waiting = (series.offered[i] as number) - (series.visible[i] as number)
    if (i - first < WINDOW_ROWS / 2) early = Math.min(early, waiting)
    else late = Math.min(late, waiting)
  }
  const offered = (series.offered[last] as number) - (series.offered[first] as number)
  // A lowest point is seen up to a row late, each time.
  return late - early > 0.01 * offered + (2 * offered) / WINDOW_ROWS
}
