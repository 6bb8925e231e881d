/** Visible latency by second of birth, so that records born in an outage can be left out of a quantile. */
import { recordName } from './record-name.ts'
import { invariant } from '../kernel/index.ts'
import { bucketOf, Histogram } from './histogram.ts'

/** Rows kept; beyond, neighbours are joined and each row covers twice the time. */
export const ROWS_MAX = 4096
const SECOND = 1e9

/** The latencies of the records born in one span, in the buckets of a Histogram. */
class Row {
  /** Bucket of counts[0]. */
  first = 0
  counts: Int32Array = new Int32Array(0)
  min = Infinity
  max = 0
  /** Records that never became visible. */
  unseen = 0

  add(latency: number): void {
    const bucket = bucketOf(latency)
    if (bucket < this.first || bucket >= this.first + this.counts.length) this.widen(bucket, bucket)
    const i = bucket - this.first
    this.counts[i] = (this.counts[i] as number) + 1
    if (latency < this.min) this.min = latency
    if (latency > this.max) this.max = latency
  }

  join(other: Row): void {
    if (other.counts.length > 0) this.widen(other.first, other.first + other.counts.length - 1)
    for (let i = 0; i < other.counts.length; i++) {
      const at = other.first + i - this.first
      this.counts[at] = (this.counts[at] as number) + (other.counts[i] as number)
    }
    if (other.min < this.min) this.min = other.min
    if (other.max > this.max) this.max = other.max
    this.unseen += other.unseen
  }

  /** Makes room for the buckets from `low` to `high`, and for some beside them. */
  private widen(low: number, high: number): void {
    const isEmpty = this.counts.length === 0
    const first = Math.max(0, isEmpty ? low - 16 : Math.min(this.first, low - 16))
    const end = isEmpty ? high + 17 : Math.max(this.first + this.counts.length, high + 17)
    const counts = new Int32Array(end - first)
    if (!isEmpty) counts.set(this.counts, this.first - first)
    this.first = first
    this.counts = counts
  }
}

/** A span of simulated nanoseconds; `to` null: until the end. */
export interface Span {
  readonly from: number
  readonly to: number | null
}

/** Plain state: keyframes copy it. */
export class LatencyByBirth {
  private rows: Row[] = []
  /** Nanoseconds of births that one row covers. */
  private width = SECOND
  private readonly from: number
  /** Records said so far not to become visible. */
  unseen = 0

  /** Records born before `from` nanoseconds do not count. */
  constructor(from: number) {
    this.from = from
  }

  /** A record became visible for the first time; times in nanoseconds. */
  add(born: number, latency: number): void {
    invariant(latency >= 0, 'by-birth.latency')
    if (born < this.from) return
    this.row(born).add(latency)
  }

  /** A record born then will not become visible, or has not yet; -1 takes that back. */
  addUnseen(born: number, count = 1): void {
    if (born < this.from) return
    this.row(born).unseen += count
    this.unseen += count
  }

  /** All records born in spans outside of the given ones; a row that touches one is left out as a whole. */
  outside(spans: readonly Span[]): Histogram {
    const sum = new Histogram()
    for (let i = 0; i < this.rows.length; i++) {
      const from = i * this.width
      const to = from + this.width
      if (spans.some((span) => span.from < to && (span.to === null || span.to > from))) continue
      const row = this.rows[i] as Row
      sum.addBuckets(row.first, row.counts, row.min, row.max)
      sum.addUnbounded(row.unseen)
    }
    return sum
  }

  /** All records. */
  all(): Histogram {
    return this.outside([])
  }

  private row(born: number): Row {
    let i = Math.floor(born / this.width)
    while (i >= ROWS_MAX) {
      this.halve()
      i = Math.floor(born / this.width)
    }
    while (this.rows.length <= i) this.rows.push(new Row())
    return this.rows[i] as Row
  }

  private halve(): void {
    const rows: Row[] = []
    for (let i = 0; i < this.rows.length; i += 2) {
      const row = this.rows[i] as Row
      const next = this.rows[i + 1]
      if (next !== undefined) row.join(next)
      rows.push(row)
    }
    this.rows = rows
    this.width *= 2
  }
}

/** How many are named. */
const SLOWEST = 5

/** The records that took longest, as examples; plain state. */
export class Slowest {
  private readonly from: number
  private readonly latencies: number[] = []
  private readonly lanes: number[] = []
  private readonly indices: number[] = []

  /** Records born before `from` nanoseconds do not count. */
  constructor(from: number) {
    this.from = from
  }

  add(born: number, latency: number, lane: number, index: number): void {
    const { latencies, lanes, indices } = this
    if (born < this.from || (latencies.length === SLOWEST && latency <= (latencies[SLOWEST - 1] as number))) return
    let at = latencies.length < SLOWEST ? latencies.length : SLOWEST - 1
    for (; at > 0 && (latencies[at - 1] as number) < latency; at--) {
      latencies[at] = latencies[at - 1] as number
      lanes[at] = lanes[at - 1] as number
      indices[at] = indices[at - 1] as number
    }
    latencies[at] = latency
    lanes[at] = lane
    indices[at] = index
  }

  /** Names of those above a limit in nanoseconds, slowest first. */
  above(limit: number): string[] {
    return this.latencies.flatMap((latency, i) => (latency > limit ? [recordName(this.lanes[i] as number, this.indices[i] as number)] : []))
  }
}
