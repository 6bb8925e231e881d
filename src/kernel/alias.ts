import { shared } from './copied.ts'
import { exp, pow } from './math.ts'
import { invariant } from './invariant.ts'
import type { Stream } from './random.ts'

/**
 * A finite distribution in constant time (Vose's alias method): index i with a chance in proportion
 * to weight i. Immutable. A draw takes exactly one number of the stream, whatever the weights; the
 * chances are off by less than weights.length * 2^-32 of themselves or, for rare ones, 2^-32.
 */
export class Alias {
  readonly [shared] = true
  readonly length: number
  /**
   * Two numbers a cell, side by side, because each draw finds its cell far from the last one's: the threshold in units
   * of 2^-32, as a stream's numbers are, and the other index.
   */
  private readonly cells: Uint32Array

  constructor(weights: ArrayLike<number>) {
    const n = weights.length
    invariant(n >= 1 && n <= 16_777_216, 'alias-length-in-range')
    let sum = 0
    for (let i = 0; i < n; i++) {
      invariant(weights[i]! >= 0 && weights[i]! < Infinity, 'alias-weight-not-negative')
      sum += weights[i]!
    }
    invariant(sum > 0 && sum < Infinity, 'alias-weights-have-a-sum')
    this.length = n
    // Cell i gives i below its threshold, else its other index. Small cells are filled up by large.
    const threshold = new Float64Array(n)
    const other = new Int32Array(n)
    const small = new Int32Array(n)
    const large = new Int32Array(n)
    let smalls = 0
    let larges = 0
    for (let i = 0; i < n; i++) {
      const share = (weights[i]! * n) / sum
      threshold[i] = share
      other[i] = i
      if (share < 1) small[smalls++] = i
      else large[larges++] = i
    }
    while (smalls > 0 && larges > 0) {
      const from = large[larges - 1]!
      const to = small[--smalls]!
      other[to] = from
      threshold[from] = threshold[from]! - (1 - threshold[to]!)
      if (threshold[from]! < 1) {
        larges--
        small[smalls++] = from
      }
    }
    // What is left is 1 but for rounding; a cell that only rounding left over has itself as other.
    this.cells = new Uint32Array(2 * n)
    for (let i = 0; i < n; i++) {
      this.cells[2 * i] = Math.min(Math.ceil(threshold[i]! * 4294967296), 4294967295)
      this.cells[2 * i + 1] = other[i]!
    }
  }

  /** An index from 0 to length - 1. Exactly one draw. */
  draw(stream: Stream): number {
    const place = stream.uniform() * this.length
    const cell = Math.floor(place)
    return (place - cell) * 4294967296 < this.cells[2 * cell]! ? cell : this.cells[2 * cell + 1]!
  }
}

/** The weights of n ranks under Zipf's law: (i + 1)^-exponent; exponent 0 is uniform. */
export function zipfWeights(n: number, exponent: number): Float64Array {
  invariant(n >= 1 && Math.floor(n) === n, 'zipf-count-in-range')
  invariant(exponent >= 0 && exponent <= 100, 'zipf-exponent-in-range')
  const weights = new Float64Array(n)
  for (let i = 0; i < n; i++) weights[i] = pow(i + 1, -exponent)
  return weights
}

/**
 * A lognormal distribution as `size` equally likely values, rising, for one-draw sampling by
 * `fromTable`: each is the mean over its part of the distribution, so the mean of the table is
 * `mean`. `sigma` is the deviation of the logarithm, from 0 to 4. Shared by keyframes.
 */
export function lognormalTable(mean: number, sigma: number, size = 256): Float64Array {
  invariant(mean >= 0 && mean < Infinity, 'lognormal-mean-in-range')
  invariant(sigma >= 0 && sigma <= 4, 'lognormal-sigma-in-range')
  invariant(size >= 1 && size <= 4096 && Math.floor(size) === size, 'lognormal-size-in-range')
  const table = new Float64Array(size)
  // The share of the mean below the normal quantile z is Phi(z - sigma).
  const cuts = normalCuts(size)
  let below = 0
  for (let i = 0; i < size; i++) {
    const above = i + 1 < size ? normalShareBelow(cuts[i]! - sigma) : 1
    table[i] = sigma === 0 ? mean : mean * size * (above - below)
    below = above
  }
  return Object.defineProperty(table, shared, { value: true })
}

/** One of the table's values, all equally likely. Exactly one draw. */
export function fromTable(stream: Stream, table: Float64Array): number {
  return table[Math.floor(stream.uniform() * table.length)]!
}

// The standard normal distribution function, to about 1e-16.
function normalShareBelow(z: number): number {
  if (z < -9) return 0
  if (z > 9) return 1
  // z + z^3 / 3 + z^5 / (3 * 5) + ..., all of one sign.
  let term = z
  let sum = z
  for (let n = 3; n < 400; n += 2) {
    term *= (z * z) / n
    sum += term
  }
  return 0.5 + sum * exp(-0.5 * z * z) * 0.3989422804014327
}

let latestCuts = new Float64Array(0)

// The size - 1 numbers that cut the normal distribution into equally likely parts. The latest are kept,
// because almost all tables have one size.
function normalCuts(size: number): Float64Array {
  if (latestCuts.length === size - 1) return latestCuts
  const cuts = new Float64Array(size - 1)
  for (let i = 1; i < size; i++) cuts[i - 1] = normalQuantile(i / size, i > 1 ? cuts[i - 2]! : -9)
  latestCuts = cuts
  return cuts
}

// The z with the given share below it, by halving between `low` and 9.
function normalQuantile(share: number, low: number): number {
  let from = low
  let to = 9
  for (let i = 0; i < 50; i++) {
    const middle = 0.5 * (from + to)
    if (normalShareBelow(middle) < share) from = middle
    else to = middle
  }
  return 0.5 * (from + to)
}
