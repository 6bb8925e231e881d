/** Quantiles of the last second, for charts: coarse buckets (3 % wide) in a ring of ten tenths. */

const BUCKETS = 1024
const TENTHS = 10

/** Latencies in nanoseconds, added one by one; `turn` is called every tenth of a second. */
export class Rolling {
  private readonly ring: Int32Array[] = []
  private readonly sum = new Int32Array(BUCKETS)
  private now = 0
  /** Values in the last second, the open tenth included. */
  count = 0
  private readonly counts: number[] = []

  constructor() {
    for (let i = 0; i < TENTHS; i++) {
      this.ring.push(new Int32Array(BUCKETS))
      this.counts.push(0)
    }
  }

  add(value: number): void {
    const bucket = bucketOf(value)
    const open = this.ring[this.now] as Int32Array
    open[bucket] = (open[bucket] as number) + 1
    this.sum[bucket] = (this.sum[bucket] as number) + 1
    this.counts[this.now] = (this.counts[this.now] as number) + 1
    this.count++
  }

  /** Ends the open tenth; what is older than a second is forgotten. */
  turn(): void {
    this.now = (this.now + 1) % TENTHS
    const old = this.ring[this.now] as Int32Array
    for (let i = 0; i < BUCKETS; i++) this.sum[i] = (this.sum[i] as number) - (old[i] as number)
    old.fill(0)
    this.count -= this.counts[this.now] as number
    this.counts[this.now] = 0
  }

  /** The quantile in nanoseconds (upper end of its bucket), NaN when there is none. */
  quantile(q: number): number {
    if (this.count === 0) return NaN
    let left = Math.ceil(q * this.count)
    for (let i = 0; i < BUCKETS; i++) {
      left -= this.sum[i] as number
      if (left <= 0) return bucketEnd(i)
    }
    return NaN
  }
}

/** Microsecond exponent and five bits behind it. */
function bucketOf(value: number): number {
  const x = Math.min(0x7fffffff, Math.floor(value / 1024)) | 0
  const e = 31 - Math.clz32(x | 1)
  const m = e >= 5 ? (x >> (e - 5)) & 31 : (x << (5 - e)) & 31
  return (e << 5) | m
}

function bucketEnd(bucket: number): number {
  const e = bucket >> 5
  const m = bucket & 31
  let power = 1
  for (let i = 0; i < e; i++) power *= 2
  return 1024 * power * (1 + (m + 1) / 32)
}
