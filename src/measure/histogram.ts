import { invariant } from '../kernel/invariant.ts'

/** A quantile; with `atLeast` it lies among the unbounded values, so that only a lower bound is known. */
export type Quantile = { value: number; atLeast: boolean }

const bits = new Float64Array(1)
const words = new Int32Array(bits.buffer)
bits[0] = 1
const highWord = words[1] !== 0 ? 1 : 0

/**
 * Counts of whole values from 0 to 2^53 (nanoseconds, say) in buckets of 1/128 of their power of two:
 * exact below 256, above it a quantile is off by less than 0.4 %. Whole numbers only, so that it is
 * the same in every engine and in every order of adding and merging.
 */
export class Histogram {
  /** How many values were added, the unbounded ones not included. */
  count = 0
  /** How many values are longer than any limit: what they will be is unknown or never. */
  unboundedCount = 0
  /** The smallest value added, exact; Infinity when there is none. */
  min = Infinity
  /** The largest value added, exact; 0 when there is none. */
  max = 0
  private counts = new Float64Array(1024)

  /** Counts `value`, a whole number from 0 to 2^53, `n` times. */
  add(value: number, n = 1): void {
    invariant(value >= 0 && value <= 9007199254740992, 'histogram-value-in-range')
    invariant(n >= 0, 'histogram-count-not-negative')
    if (n === 0) return
    if (value < this.min) this.min = value
    if (value > this.max) this.max = value
    this.count += n
    this.addToBucket(bucketOf(value), n)
  }

  /** Counts `n` values that lie evenly from `low` to `high`, both ends included; one value is `high`. */
  addSpan(low: number, high: number, n: number): void {
    invariant(low >= 0 && low <= high && high <= 9007199254740992, 'histogram-span-in-range')
    invariant(n >= 0 && Math.floor(n) === n, 'histogram-count-not-negative')
    if (n <= 1 || low === high) {
      this.add(high, n)
      return
    }
    if (low < this.min) this.min = low
    if (high > this.max) this.max = high
    this.count += n
    const first = bucketOf(low)
    const last = bucketOf(high)
    const step = (high - low) / (n - 1)
    // By value where values are fewer than buckets, else by bucket.
    if (n <= last - first) {
      for (let i = 0; i < n; i++) this.addToBucket(bucketOf(Math.min(high, low + i * step)), 1)
      return
    }
    this.addToBucket(last, 0)
    const counts = this.counts
    const perUnit = 1 / step
    let edge = lowerEdge(first)
    let width = lowerEdge(first + 1) - edge
    let done = 0
    for (let bucket = first; bucket < last; bucket++) {
      if (bucket >= 256 && (bucket & 127) === 0 && bucket > first) width *= 2
      edge += width
      const below = Math.min(n, Math.ceil((edge - low) * perUnit))
      counts[bucket] = counts[bucket]! + below - done
      done = below
    }
    counts[last] = counts[last]! + n - done
  }

  /** Counts `n` values that are longer than any limit: refused, lost, or still pending. */
  addUnbounded(n = 1): void {
    invariant(n >= 0, 'histogram-count-not-negative')
    this.unboundedCount += n
  }

  /** Adds `counts` of the buckets from `first` on; `min` and `max` are the smallest and largest value in them. */
  addBuckets(first: number, counts: Int32Array, min: number, max: number): void {
    for (let i = 0; i < counts.length; i++) {
      const n = counts[i]!
      if (n === 0) continue
      this.addToBucket(first + i, n)
      this.count += n
    }
    if (min < this.min) this.min = min
    if (max > this.max) this.max = max
  }

  /** Adds all that `other` has counted. */
  merge(other: Histogram): void {
    const theirs = other.counts
    for (let i = 0; i < theirs.length; i++) {
      if (theirs[i]! > 0) this.addToBucket(i, theirs[i]!)
    }
    this.count += other.count
    this.unboundedCount += other.unboundedCount
    if (other.min < this.min) this.min = other.min
    if (other.max > this.max) this.max = other.max
  }

  /**
   * The smallest value such that a share of at least `q` of all (unbounded ones included) is not
   * above it: the middle of its bucket, kept between min and max. NaN when nothing was counted.
   */
  quantile(q: number): Quantile {
    invariant(q >= 0 && q <= 1, 'histogram-quantile-in-range')
    const total = this.count + this.unboundedCount
    if (total === 0) return { value: NaN, atLeast: false }
    const rank = rankOf(q, total)
    if (rank > this.count) return { value: this.max, atLeast: true }
    // The first and the last are known exactly.
    if (rank === 1) return { value: this.min, atLeast: false }
    if (rank === this.count) return { value: this.max, atLeast: false }
    let sum = 0
    let bucket = -1
    while (sum < rank) sum += this.counts[++bucket]!
    const middle = Math.floor((lowerEdge(bucket) + lowerEdge(bucket + 1) - 1) / 2)
    return { value: Math.max(this.min, Math.min(this.max, middle)), atLeast: false }
  }

  /** How many values are at most `limit`; the bucket that holds the limit counts as a whole. */
  countAtMost(limit: number): number {
    if (limit >= this.max) return this.count
    if (limit < this.min) return 0
    let sum = 0
    for (let bucket = bucketOf(limit); bucket >= 0; bucket--) sum += this.counts[bucket] ?? 0
    return sum
  }

  /** Forgets everything. */
  clear(): void {
    this.count = 0
    this.unboundedCount = 0
    this.min = Infinity
    this.max = 0
    this.counts.fill(0)
  }

  private addToBucket(bucket: number, n: number): void {
    if (bucket >= this.counts.length) {
      const counts = new Float64Array(1 << (32 - Math.clz32(bucket)))
      counts.set(this.counts)
      this.counts = counts
    }
    this.counts[bucket] = this.counts[bucket]! + n
  }
}

/** The bucket of a value: its exponent and seven bits of the mantissa, read from the number itself. */
export function bucketOf(value: number): number {
  if (value < 128) return Math.floor(value)
  bits[0] = value
  return (words[highWord]! >>> 13) - (1030 << 7) + 128
}

// The smallest value of a bucket.
function lowerEdge(bucket: number): number {
  if (bucket < 256) return bucket
  let edge = (bucket & 127) + 128
  for (let shift = (bucket >> 7) - 1; shift > 0; shift--) edge *= 2
  return edge
}

// ceil(q n), from 1 to n. A product that misses a whole number by rounding alone counts as it.
function rankOf(q: number, n: number): number {
  const product = q * n
  const nearest = Math.round(product)
  const rank = Math.abs(product - nearest) < 1e-12 * n ? nearest : Math.ceil(product)
  return Math.max(1, Math.min(n, rank))
}
