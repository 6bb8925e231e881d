/**
 * Models: a registered consumer has 2 MiB/s of each shard for itself, pushed over a subscription that ends after
 *   five minutes and is renewed behind the last record received; about 70 ms from put to consumer.
 * Source: Kinesis API Reference, SubscribeToShard; Developer Guide, "Enhanced fan-out" (mean of 70 ms). That a push
 *   collects for 50 ms and travels 45 ms on average: assumed, so that the mean is 70.
 * Leaves out: registration, the limit of one call per shard and second.
 */
import type { World } from '../../../src/contract/architecture.ts'
import { eventKind, fromTable, lognormalTable, type EventKind, type Process, type Sim, type Stream } from '../../../src/kernel/index.ts'
import type { ShardLog } from './shard-log.ts'
import { Portion, ShardPositions, type ShardConsumer } from './shard-reading.ts'
import type { KinesisStream, ShardReader } from './stream.ts'
import { subscriptionRenewed } from './words.ts'

const COLLECT = 50e6
/** p50 37 ms, p99 150 ms. */
const travelNanos = lognormalTable(45e6, 0.6)
const SUBSCRIPTION = 300e9
/** A SubscribeToShard call. Assumed. */
const RENEWAL = 60e6
const READ_BYTES_PER_SECOND = 2 * 1_048_576
const PUSH_RECORDS_MAX = 10_000

/** Pushes every shard's records to one consumer. */
export class EnhancedFanOut implements ShardReader {
  readonly positions: ShardPositions
  private readonly travel: Stream
  /** 1 while a push of the shard is being collected. */
  private readonly collecting: Uint8Array
  private readonly lastArrival: Float64Array
  /** When the shard's 2 MiB/s are free again. */
  private readonly freeAt: Float64Array
  private readonly endsAt: Float64Array

  constructor(world: World, stream: KinesisStream, consumer: ShardConsumer, unit: Process) {
    this.positions = new ShardPositions(world, stream, consumer, unit)
    this.travel = world.sim.random('kinesis/enhanced-fan-out')
    this.collecting = new Uint8Array(stream.shards)
    this.lastArrival = new Float64Array(stream.shards)
    this.freeAt = new Float64Array(stream.shards)
    this.endsAt = new Float64Array(stream.shards)
    // Subscriptions are made one after the other, a second apart, so they do not end all at once.
    for (let i = 0; i < stream.shards; i++) this.endsAt[i] = SUBSCRIPTION + i * 1e9
  }

  positionOf(shard: number): number {
    return this.positions.next[shard] as number
  }

  wake(sim: Sim, shard: number): void {
    if (this.collecting[shard] === 1 || this.positions.consumer.room(shard) <= 0) return
    this.collecting[shard] = 1
    let at = Math.max(sim.now + COLLECT, this.freeAt[shard] as number)
    if (at >= (this.endsAt[shard] as number)) {
      at = Math.max(at, (this.endsAt[shard] as number) + RENEWAL)
      this.endsAt[shard] = at + SUBSCRIPTION
      sim.fact(subscriptionRenewed, this.positions.unit, shard)
    }
    sim.schedule(Math.ceil(at), this.positions.unit, pushDue, new Push(this, shard))
  }

  /** Sends what has been stored until now. */
  push(sim: Sim, shard: number): void {
    const positions = this.positions
    this.collecting[shard] = 0
    positions.trim(sim, shard)
    const from = positions.next[shard] as number
    const end = (positions.stream.logs[shard] as ShardLog).end
    const to = Math.min(end, from + PUSH_RECORDS_MAX, from + positions.consumer.room(shard))
    if (to <= from) return
    const bytes = (to - from) * positions.stream.recordBytes
    this.freeAt[shard] = sim.now + (bytes / READ_BYTES_PER_SECOND) * 1e9
    const at = Math.max(this.lastArrival[shard] as number, Math.ceil(sim.now + fromTable(this.travel, travelNanos)))
    this.lastArrival[shard] = at
    positions.next[shard] = to
    sim.schedule(at, positions.unit, pushArrived, new Portion(positions, shard, from, to))
    if (to < end) this.wake(sim, shard)
  }
}

class Push {
  readonly reader: EnhancedFanOut
  readonly shard: number

  constructor(reader: EnhancedFanOut, shard: number) {
    this.reader = reader
    this.shard = shard
  }
}

const pushDue: EventKind<Process, Push> = eventKind('kinesis.push', (sim, _unit, push) => push.reader.push(sim, push.shard))
const pushArrived: EventKind<Process, Portion> = eventKind('kinesis.push-arrived', (sim, _unit, portion) => {
  portion.reader.arrived(sim, portion)
})
