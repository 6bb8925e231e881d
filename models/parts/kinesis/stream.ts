/**
 * Models: a stream in provisioned mode: shards, what they admit, what they keep and for how long; a record is
 *   readable from the moment it is stored until its retention is over.
 * Source: Kinesis API Reference, PutRecord; Kinesis Developer Guide, Quotas and limits; Kinesis Developer Guide, Retention; Kinesis Developer Guide, "Changing the Data Retention Period".
 * Leaves out: resharding, on-demand mode, changes of the retention while running.
 */
import type { World } from '../../../src/contract/architecture.ts'
import { invariant, type Sim, type Unit } from '../../../src/kernel/index.ts'
import { Routing } from './routing.ts'
import { ShardLog } from './shard-log.ts'
import { WriteLimits } from './write-limits.ts'
import { hopOf } from '../../../src/contract/hop.ts'
import { shardRefused, stored } from './hops.ts'

/** Who reads a shard, told that it has something new (or that there is room again). */
export interface ShardReader {
  wake(sim: Sim, shard: number): void
  /** Position behind the last record read from a shard. */
  positionOf(shard: number): number
}

/** Bytes of a partition key beside the data. Assumed: "card-12345". */
const KEY_BYTES = 10

/** All shards of one stream. */
export class KinesisStream {
  readonly shards: number
  readonly routing: Routing
  readonly logs: ShardLog[] = []
  readonly limits: WriteLimits
  readonly recordBytes: number
  readonly retentionMillis: number
  reader: ShardReader | null = null
  /** Records stored so far. */
  stored = 0
  /** Entries refused so far, of each shard. */
  readonly refused: Float64Array
  private readonly world: World

  constructor(world: World, shards: number, retentionNanos: number) {
    this.world = world
    this.shards = shards
    this.routing = new Routing(world.births, shards)
    this.limits = new WriteLimits(shards)
    this.recordBytes = world.births.recordBytes + KEY_BYTES
    this.retentionMillis = retentionNanos / 1e6
    this.refused = new Float64Array(shards)
    for (let i = 0; i < shards; i++) this.logs.push(new ShardLog(world.births.lanes))
  }

  /** Stores a record in the shard of its key; false when the shard refuses it. Readers are not told yet. */
  put(sim: Sim, frontEnd: Unit, lane: number, index: number, copy: number): boolean {
    const shard = this.routing.shardOf(this.world.births.keyOf(lane, index))
    if (!this.limits.admit(shard, sim.now, this.recordBytes)) {
      this.refused[shard] = (this.refused[shard] as number) + 1
      if (sim.tracer !== null) hopOf(sim, shardRefused, frontEnd, lane, index, 1, copy, shard)
      return false
    }
    const log = this.logs[shard] as ShardLog
    if (sim.tracer !== null) hopOf(sim, stored, frontEnd, lane, index, 1, copy, shard, log.end)
    log.append(lane, index, copy, Math.floor(sim.now / 1e6))
    this.stored++
    return true
  }

  /** Wakes the readers of all shards. */
  wakeReaders(sim: Sim): void {
    for (let shard = 0; shard < this.shards; shard++) this.wakeReader(sim, shard)
  }

  /** Wakes the reader of a shard that holds more than was read. */
  wakeReader(sim: Sim, shard: number): void {
    const reader = this.reader as ShardReader
    if ((this.logs[shard] as ShardLog).end > reader.positionOf(shard)) reader.wake(sim, shard)
  }

  /** Milliseconds of arrival below which a record is no longer readable. */
  trimHorizonMillis(sim: Sim): number {
    return Math.floor(sim.now / 1e6) - this.retentionMillis
  }

  audit(): void {
    this.limits.audit()
    let stored = 0
    for (const log of this.logs) stored += log.end
    invariant(stored === this.stored, 'kinesis.stored-counted-twice')
    for (let i = 0; i < this.shards; i++) {
      const read = this.reader?.positionOf(i) ?? 0
      invariant(read <= (this.logs[i] as ShardLog).end, 'kinesis.read-within-log', () => `shard ${i} at ${read}`)
    }
  }
}
