/**
 * Models: a shard's records in order of their sequence numbers, readable from any position that is not trimmed.
 * Source: Kinesis Developer Guide, Producers; Kinesis API Reference, GetRecords; Kinesis Developer Guide, "Sequence Number".
 * Leaves out: gaps between sequence numbers (ours count from 0); what all readers have behind them is dropped
 *   from memory though the service would keep it until retention is over.
 */
import { invariant, shared } from '../../../src/kernel/index.ts'

const BITS = 10
const SIZE = 1 << BITS

/** Columns of 1024 consecutive records, 14 B a record. */
export class Segment {
  readonly lanes = new Uint16Array(SIZE)
  readonly indexes = new Int32Array(SIZE)
  readonly copies = new Int32Array(SIZE)
  /** ApproximateArrivalTimestamp, milliseconds: the service gives no finer one. */
  readonly arrivedMillis = new Uint32Array(SIZE)
  /** Lowest index of each birth lane in here; Infinity where there is none. */
  readonly lowest: Float64Array
  count = 0

  constructor(lanes: number) {
    this.lowest = new Float64Array(lanes).fill(Infinity)
  }

  /** A full segment never changes again, so keyframes share it. */
  get [shared](): boolean {
    return this.count === SIZE
  }
}

/** The records of one shard; positions count from 0 and stand for sequence numbers. */
export class ShardLog {
  /** Position behind the newest record. */
  end = 0
  private readonly lanes: number
  private readonly segments: Segment[] = []
  /** Number of the first segment kept. */
  private firstSegment = 0

  constructor(lanes: number) {
    this.lanes = lanes
  }

  /** Stores a record; its position is the `end` before. */
  append(lane: number, index: number, copy: number, arrivedMillis: number): void {
    const slot = this.end & (SIZE - 1)
    if (slot === 0) this.segments.push(new Segment(this.lanes))
    const segment = this.segments[this.segments.length - 1] as Segment
    segment.lanes[slot] = lane
    segment.indexes[slot] = index
    segment.copies[slot] = copy
    segment.arrivedMillis[slot] = arrivedMillis
    if (index < (segment.lowest[lane] as number)) segment.lowest[lane] = index
    segment.count = slot + 1
    this.end++
  }

  /** The segment that holds a position; its slot there is `position & 1023`. */
  segmentOf(position: number): Segment {
    const segment = this.segments[(position >> BITS) - this.firstSegment]
    if (segment === undefined || position >= this.end) invariant(false, 'kinesis.position-in-log', `${position} of ${this.end}`)
    return segment
  }

  /** Arrival of a record in whole milliseconds. */
  arrivedMillis(position: number): number {
    return this.segmentOf(position).arrivedMillis[position & (SIZE - 1)] as number
  }

  /** Forgets whole segments below a position that nobody will read again, but never the newest record. */
  release(below: number): void {
    invariant(below <= this.end, 'kinesis.release-within-log')
    const first = Math.min(below, this.end - 1) >> BITS
    while (this.firstSegment < first && this.segments.length > 0) {
      this.segments.shift()
      this.firstSegment++
    }
  }

  /** Lowest index of a birth lane among the records kept in segments from `position` on; Infinity when none. */
  lowestFrom(position: number, lane: number): number {
    let lowest = Infinity
    for (let i = Math.max(0, (position >> BITS) - this.firstSegment); i < this.segments.length; i++) {
      const here = (this.segments[i] as Segment).lowest[lane] as number
      if (here < lowest) lowest = here
    }
    return position >= this.end ? Infinity : lowest
  }

  /** Visits the records [from, to) one by one. */
  visit(from: number, to: number, visit: (lane: number, first: number, count: number, copy: number) => void): void {
    for (let position = from; position < to; position++) {
      const segment = this.segmentOf(position)
      const slot = position & (SIZE - 1)
      visit(segment.lanes[slot] as number, segment.indexes[slot] as number, 1, segment.copies[slot] as number)
    }
  }
}
