import { invariant } from './invariant.ts'
import { exp, log, log1p } from './math.ts'
import type { Stream } from './random.ts'
import { exponential, normal } from './ziggurat.ts'

export { Alias, fromTable, lognormalTable, zipfWeights } from './alias.ts'
export { exponential, exponentialFixed, normal } from './ziggurat.ts'

/**
 * A gamma number with the given shape (above 0) and scale 1: for a whole shape, the sum of that many
 * exponentials. Any number of draws. Source: Marsaglia, Tsang 2000.
 */
export function gamma(stream: Stream, shape: number): number {
  invariant(shape > 0 && shape < Infinity, 'gamma-shape-in-range')
  if (shape === 1) return exponential(stream)
  if (shape < 1) return gamma(stream, shape + 1) * exp(-exponential(stream) / shape)
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const x = normal(stream)
    const root = 1 + c * x
    if (root <= 0) continue
    const v = root * root * root
    const u = uniformAbove0(stream)
    const square = x * x
    if (u < 1 - 0.0331 * square * square) return d * v
    if (log(u) < 0.5 * square + d * (1 - v + log(v))) return d * v
  }
}

/**
 * A Poisson number with the given mean, from 0 to 1e12. Any number of draws. Below mean 10 by counting
 * arrivals, above by transformed rejection. Source: Hoermann 1993, algorithm PTRS.
 */
export function poisson(stream: Stream, mean: number): number {
  invariant(mean >= 0 && mean <= 1e12, 'poisson-mean-in-range')
  if (mean < 10) {
    let count = 0
    for (let time = exponential(stream); time < mean; time += exponential(stream)) count++
    return count
  }
  const logMean = log(mean)
  const b = 0.931 + 2.53 * Math.sqrt(mean)
  const a = -0.059 + 0.02483 * b
  const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4)
  const sureBelow = 0.9277 - 3.6224 / (b - 2)
  for (;;) {
    const u = stream.uniform() - 0.5
    const v = uniformAbove0(stream)
    const us = 0.5 - (u < 0 ? -u : u)
    const k = Math.floor(((2 * a) / us + b) * u + mean + 0.43)
    if (us >= 0.07 && v <= sureBelow) return k
    // us is 0 when u is -1/2; then k is -Infinity and refused here.
    if (k < 0 || (us < 0.013 && v > us)) continue
    const left = log((v * inverseAlpha) / (a / (us * us) + b))
    if (left <= k * logMean - mean - logFactorial(k)) return k
  }
}

/**
 * How many of n trials succeed when each does with chance p. n whole, from 0 to 1e12; p outside [0, 1]
 * counts as the nearer end. Any number of draws (none where the outcome is certain). Below a mean of
 * 10 by the gaps between successes, above by transformed rejection. Source: Hoermann 1993, BTRS.
 */
export function binomial(stream: Stream, n: number, p: number): number {
  invariant(n >= 0 && n <= 1e12 && Math.floor(n) === n, 'binomial-trials-in-range')
  invariant(p === p, 'binomial-chance-is-a-number')
  if (n === 0 || p <= 0) return 0
  if (p >= 1) return n
  if (p > 0.5) return n - binomialOfLowChance(stream, n, 1 - p)
  return binomialOfLowChance(stream, n, p)
}

function binomialOfLowChance(stream: Stream, n: number, p: number): number {
  if (n * p < 10) return binomialByGaps(stream, n, p)
  const deviation = Math.sqrt(n * p * (1 - p))
  const b = 1.15 + 2.53 * deviation
  const a = -0.0873 + 0.0248 * b + 0.01 * p
  const alpha = (2.83 + 5.1 / b) * deviation
  const sureBelow = 0.92 - 4.2 / b
  const logOdds = log(p / (1 - p))
  const mode = Math.floor((n + 1) * p)
  const atMode = logFactorial(mode) + logFactorial(n - mode)
  for (;;) {
    const u = stream.uniform() - 0.5
    const v = uniformAbove0(stream)
    const us = 0.5 - (u < 0 ? -u : u)
    const k = Math.floor(((2 * a) / us + b) * u + n * p + 0.5)
    if (k < 0 || k > n) continue
    if (us >= 0.07 && v <= sureBelow) return k
    const left = log((v * alpha) / (a / (us * us) + b))
    const right = atMode - logFactorial(k) - logFactorial(n - k) + (k - mode) * logOdds
    if (left <= right) return k
  }
}

// The gap to the next success is geometric: an exponential, rounded down.
function binomialByGaps(stream: Stream, n: number, p: number): number {
  const scale = -1 / log1p(-p)
  let successes = 0
  let trial = Math.floor(exponential(stream) * scale) + 1
  while (trial <= n) {
    successes++
    trial += Math.floor(exponential(stream) * scale) + 1
  }
  return successes
}

function uniformAbove0(stream: Stream): number {
  return ((stream.int32() >>> 0) + 0.5) * 2.3283064365386963e-10
}

const logFactorials = new Float64Array(128)
for (let k = 2; k < 128; k++) logFactorials[k] = logFactorials[k - 1]! + log(k)

/** log(k!) for a whole k from 0; Stirling's series from 128. */
export function logFactorial(k: number): number {
  invariant(k >= 0, 'factorial-of-not-negative')
  if (k < 128) return logFactorials[k]!
  const x = k + 1
  const i = 1 / x
  const j = i * i
  return (x - 0.5) * log(x) - x + 0.9189385332046727 + i * (1 / 12 - j * (1 / 360 - j / 1260))
}
