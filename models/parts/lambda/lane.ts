/**
 * Models: ParallelizationFactor: a shard's records are shared out by a hash of the partition key over lanes, each
 *   with its own loop of batches in order, one at a time; so order holds per key.
 * Source: Lambda Developer Guide, "Using Lambda with Kinesis".
 * Leaves out: the service's own hash function (not published).
 */
import type { Births } from '../../../src/contract/births.ts'
import { invariant, Timer } from '../../../src/kernel/index.ts'
import type { Routing, ShardLog } from '../kinesis/index.ts'
import type { Batch } from './batch.ts'
import type { EventSourceMapping } from './event-source-mapping.ts'
import { windowOver } from './window.ts'

/** Positions of records in arrival order; a ring that grows. */
export class Positions {
  count = 0
  private ring = new Int32Array(64)
  private head = 0

  push(position: number): void {
    if (this.count === this.ring.length) this.grow()
    this.ring[(this.head + this.count++) & (this.ring.length - 1)] = position
  }

  /** The oldest position; -1 when empty. */
  first(): number {
    return this.count === 0 ? -1 : (this.ring[this.head] as number)
  }

  at(i: number): number {
    invariant(i >= 0 && i < this.count, 'lambda.queue-index')
    return this.ring[(this.head + i) & (this.ring.length - 1)] as number
  }

  take(): number {
    invariant(this.count > 0, 'lambda.queue-not-empty')
    const position = this.ring[this.head] as number
    this.head = (this.head + 1) & (this.ring.length - 1)
    this.count--
    return position
  }

  private grow(): void {
    const larger = new Int32Array(this.ring.length * 2)
    for (let i = 0; i < this.count; i++) larger[i] = this.ring[(this.head + i) & (this.ring.length - 1)] as number
    this.ring = larger
    this.head = 0
  }
}

/** One in-order loop of batches. */
export class Lane {
  readonly number: number
  readonly shard: number
  /** Arrived and in no batch yet. */
  readonly queue = new Positions()
  /** Batches to deliver before anything of the queue; the first is the one at hand. */
  readonly pending: Batch[] = []
  /** An invocation of the first pending batch is under way. */
  isInvoking = false
  /** A back-off is running. */
  isWaiting = false
  /** When the last invocation completed: the batching window begins. */
  idleSince = 0
  /** Failed tries in a row, and 429s in a row. */
  failures = 0
  throttles = 0
  /** When the present back-off began. */
  waitingSince = 0
  readonly window: Timer<EventSourceMapping, Lane>

  constructor(mapping: EventSourceMapping, number: number, shard: number) {
    this.number = number
    this.shard = shard
    this.window = new Timer<EventSourceMapping, Lane>(mapping, windowOver, this)
  }

  /** Position of the oldest record that is not done; -1 when there is none. */
  oldest(): number {
    const batch = this.pending[0]
    return batch === undefined ? this.queue.first() : (batch.positions[0] as number)
  }
}

/** Puts the records [from, to) of a shard into its lanes by their keys. */
export function shareOut(
  lanes: readonly Lane[], log: ShardLog, from: number, to: number, routing: Routing, births: Births,
): void {
  for (let position = from; position < to; position++) {
    const segment = log.segmentOf(position)
    const slot = position & 1023
    const key = births.keyOf(segment.lanes[slot] as number, segment.indexes[slot] as number)
    ;(lanes[routing.hashOf(key) % lanes.length] as Lane).queue.push(position)
  }
}
