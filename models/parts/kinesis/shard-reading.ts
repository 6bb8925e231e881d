/**
 * Models: a reader keeps a position in each shard; a position older than the retention silently moves to the
 *   oldest readable record, and what lay between is gone.
 * Source: Kinesis API Reference, GetRecords; Kinesis Developer Guide, Retention; Kinesis Developer Guide, "Data Retention".
 * Leaves out: iterators that expire after five minutes (the service's own readers renew them).
 */
import type { World } from '../../../src/contract/architecture.ts'
import { invariant, type Process, type Sim } from '../../../src/kernel/index.ts'
import type { ShardLog } from './shard-log.ts'
import type { KinesisStream } from './stream.ts'
import { recordExpired, recordsExpired } from './words.ts'
import { hopOf } from '../../../src/contract/hop.ts'
import { read } from './hops.ts'

/** What a reader hands records to; a service process that users cannot strike. */
export interface ShardConsumer {
  /** How many more records of a shard it takes now. */
  room(shard: number): number
  /** The records at [from, to) of a shard have come. */
  receive(sim: Sim, shard: number, from: number, to: number): void
  /** Position behind the last record that has come. */
  receivedUpTo(shard: number): number
  /** The records at [from, to) of a shard were trimmed before they were read. */
  expired(sim: Sim, shard: number, from: number, to: number): void
}

/** Positions [from, to) of a shard on their way to a reader's consumer. */
export class Portion {
  readonly reader: ShardPositions
  readonly shard: number
  readonly from: number
  readonly to: number

  constructor(reader: ShardPositions, shard: number, from: number, to: number) {
    invariant(from < to, 'kinesis.portion-not-empty')
    this.reader = reader
    this.shard = shard
    this.from = from
    this.to = to
  }
}

/** Position per shard, and expiry; both ways of reading build on it. */
export class ShardPositions {
  readonly world: World
  readonly stream: KinesisStream
  readonly consumer: ShardConsumer
  /** Owner of the reader's events. */
  readonly unit: Process
  /** Behind the last record sent to the consumer. */
  readonly next: Float64Array

  constructor(world: World, stream: KinesisStream, consumer: ShardConsumer, unit: Process) {
    this.world = world
    this.stream = stream
    this.consumer = consumer
    this.unit = unit
    this.next = new Float64Array(stream.shards)
  }

  /** Records of a shard that can be read and were not. */
  unread(shard: number): number {
    return (this.stream.logs[shard] as ShardLog).end - (this.next[shard] as number)
  }

  /** A portion has come to the consumer. */
  arrived(sim: Sim, { shard, from, to }: Portion): void {
    if (sim.tracer !== null) {
      const log = this.stream.logs[shard] as ShardLog
      log.visit(from, to, (lane, first, count, copy) => hopOf(sim, read, this.unit, lane, first, count, copy, shard))
    }
    this.consumer.receive(sim, shard, from, to)
  }

  /** Moves a position past what is older than the retention. */
  trim(sim: Sim, shard: number): void {
    const horizon = this.stream.trimHorizonMillis(sim)
    const log = this.stream.logs[shard] as ShardLog
    const from = this.next[shard] as number
    // What is on its way comes first; expiry can wait for it.
    if (this.consumer.receivedUpTo(shard) !== from) return
    let to = from
    while (to < log.end && log.arrivedMillis(to) < horizon) to++
    if (to === from) return
    sim.fact(recordsExpired, this.unit, shard, to - from)
    log.visit(from, to, (lane, first, count) => this.world.outside.dropped(recordExpired, lane, first, count))
    this.next[shard] = to
    this.consumer.expired(sim, shard, from, to)
  }
}
