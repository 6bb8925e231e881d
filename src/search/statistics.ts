/** Means with their uncertainty: Student's t for figures, Wilson's interval for shares; 95 % both. */
import { invariant } from '../kernel/index.ts'

export interface Estimate {
  /** How many runs had a figure. */
  readonly n: number
  readonly mean: number
  /** Standard error of the mean; Infinity for a single run. */
  readonly error: number
  /** Half the width of the 95 % interval; Infinity for a single run. */
  readonly half: number
  readonly min: number
  readonly max: number
}

/** Two-sided 95 % points of Student's t for 1 to 30 degrees of freedom (any table of the distribution). */
const student = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
  2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
]
const normal = 1.959964

/** The 95 % point for n - 1 degrees of freedom; beyond the table by its expansion in 1 / n (error below 0.0005). */
export function studentPoint(freedom: number): number {
  invariant(freedom >= 1, 'search.freedom')
  return student[freedom - 1] ?? normal + (normal * normal * normal + normal) / (4 * freedom)
}

/** null when there is no value. */
export function estimate(values: readonly number[]): Estimate | null {
  const n = values.length
  if (n === 0) return null
  let mean = 0
  let squares = 0
  // Welford: large counts with small differences keep their digits.
  values.forEach((value, i) => {
    const step = value - mean
    mean += step / (i + 1)
    squares += step * (value - mean)
  })
  const error = n < 2 ? Infinity : Math.sqrt(squares / (n - 1) / n)
  return { n, mean, error, half: n < 2 ? Infinity : studentPoint(n - 1) * error, min: Math.min(...values), max: Math.max(...values) }
}

/** The share of `hits` among `n` with its 95 % interval; right at 0 and at n, where the usual formula is not. */
export function share(hits: number, n: number): { readonly share: number; readonly low: number; readonly high: number } {
  invariant(n >= 1 && hits >= 0 && hits <= n, 'search.share')
  const z2 = (normal * normal) / n
  const p = hits / n
  const middle = (p + z2 / 2) / (1 + z2)
  const half = (normal / (1 + z2)) * Math.sqrt((p * (1 - p)) / n + z2 / (4 * n))
  return { share: p, low: Math.max(0, middle - half), high: Math.min(1, middle + half) }
}
