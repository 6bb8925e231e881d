/** Latencies as a Report shows them: seconds, null where there were none, and which are lower bounds. */
import type { LatencySummary } from '../contract/spec.ts'
import { Histogram } from './histogram.ts'

const quantiles = [['p50', 0.5], ['p90', 0.9], ['p99', 0.99], ['p999', 0.999]] as const

/** `n` counts all records, those that were never seen included. */
export function summaryOf(histogram: Histogram): LatencySummary {
  const n = histogram.count + histogram.unboundedCount
  const values: { p50: number | null; p90: number | null; p99: number | null; p999: number | null } = { p50: null, p90: null, p99: null, p999: null }
  const atLeast: string[] = []
  if (n > 0) {
    for (const [name, q] of quantiles) {
      const found = histogram.quantile(q)
      values[name] = found.value / 1e9
      if (found.atLeast) atLeast.push(name)
    }
  }
  if (histogram.unboundedCount > 0) atLeast.push('max')
  return { n, ...values, max: histogram.count > 0 ? histogram.max / 1e9 : null, atLeast }
}

/** A copy with so many more records that are longer than any limit. */
export function withUnseen(histogram: Histogram, unseen: number): Histogram {
  const sum = new Histogram()
  sum.merge(histogram)
  sum.addUnbounded(unseen)
  return sum
}
