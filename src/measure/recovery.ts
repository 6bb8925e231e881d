/**
 * When a run is itself again after a fault: the first moment from which lag and latency stay within what they
 * were before the first fault, for max(5 s, 3 commit intervals).
 */
import type { Series } from './series.ts'

const HOLD_NANOS = 5e9
const HOLD_INTERVALS = 3
/** The largest of a few noisy values is exceeded by chance; a tenth above it is still "as before" [assumed]. */
const SLACK = 1.1

/** The worst of the undisturbed run. */
interface Normal {
  readonly lagRecords: number
  readonly p99: number
  readonly oldest: number
}

/**
 * Nanoseconds from the fault at `faultAt` to recovery; null when it did not recover, or when nothing is known of
 * the time before. `firstFaultAt` ends the undisturbed time, which begins at `warmup`, if that leaves any.
 */
export function recoveredAfter(
  series: Series, at: { readonly faultAt: number; readonly firstFaultAt: number; readonly warmup: number; readonly intervalNanos: number },
): number | null {
  const step = series.stepNanos
  const before = Math.floor(at.firstFaultAt / step)
  const warm = Math.ceil(at.warmup / step)
  const normal = normalOf(series, warm < before ? warm : Math.min(10, before), before)
  if (normal === null) return null
  const hold = Math.ceil(Math.max(HOLD_NANOS, HOLD_INTERVALS * at.intervalNanos) / step)
  let good = 0
  for (let i = Math.floor(at.faultAt / step); i < series.length; i++) {
    good = isNormal(series, i, normal) ? good + 1 : 0
    if (good === hold) return moment(i - good + 1, step, at.faultAt)
  }
  // The run ended because all was settled: nothing more could happen.
  const last = series.length - 1
  return good > 0 && series.oldestUnsettled[last] === 0 ? moment(last - good + 1, step, at.faultAt) : null
}

/** Row i is taken at the end of its step. */
function moment(row: number, step: number, faultAt: number): number {
  return Math.max(0, row * step - faultAt)
}

function normalOf(series: Series, from: number, to: number): Normal | null {
  if (from >= to) return null
  let lagRecords = 0
  let p99 = 0
  let oldest = 0
  for (let i = from; i < to; i++) {
    lagRecords = Math.max(lagRecords, series.lagRecords[i] as number)
    oldest = Math.max(oldest, series.oldestUnsettled[i] as number)
    const value = series.p99[i] as number
    if (value > p99) p99 = value
  }
  return { lagRecords, p99, oldest }
}

function isNormal(series: Series, i: number, normal: Normal): boolean {
  if ((series.lagRecords[i] as number) > normal.lagRecords * SLACK) return false
  const p99 = series.p99[i] as number
  // Between two commits nothing becomes visible: then the oldest that waits tells.
  if (p99 !== p99) return (series.oldestUnsettled[i] as number) <= normal.oldest * SLACK
  return p99 <= normal.p99 * SLACK
}
