/**
 * Models: reading with GetRecords: per shard 5 calls/s and 2 MiB/s, an answer holds at most 10 000 records and
 *   10 MiB; after an answer of 10 MiB calls are refused for 5 s. A caught-up reader calls once a second, one that
 *   is behind again at once.
 * Source: Kinesis API Reference, GetRecords; Lambda Developer Guide, Using Lambda with Kinesis; Kinesis API, GetRecords; Lambda Developer Guide, "Using Lambda with
 *   Kinesis" (base rate of once a second). Service time: assumed.
 * Leaves out: several consumers sharing the limits.
 */
import type { World } from '../../../src/contract/architecture.ts'
import { eventKind, type EventKind, type Process, type Sim, type Stream } from '../../../src/kernel/index.ts'
import type { ShardLog } from './shard-log.ts'
import { Portion, ShardPositions, type ShardConsumer } from './shard-reading.ts'
import type { KinesisStream, ShardReader } from './stream.ts'

const POLL_INTERVAL = 1e9
const CALL_INTERVAL = 200e6
const READ_BYTES_PER_SECOND = 2 * 1_048_576
export const ANSWER_RECORDS_MAX = 10_000
const ANSWER_BYTES_MAX = 10 * 1_048_576
/** Time to move an answer's bytes. Assumed: 50 MB/s. */
const NANOS_PER_BYTE = 20

/** Polls every shard for one consumer. */
export class Polling implements ShardReader {
  readonly positions: ShardPositions
  calls = 0
  private readonly service: Stream
  /** Earliest moment of the next call that both limits allow. */
  private readonly freeAt: Float64Array
  /** 1 while the poller waits for its consumer to have room. */
  private readonly waiting: Uint8Array

  constructor(world: World, stream: KinesisStream, consumer: ShardConsumer, unit: Process) {
    this.positions = new ShardPositions(world, stream, consumer, unit)
    this.service = world.sim.random('kinesis/get-records')
    this.freeAt = new Float64Array(stream.shards)
    this.waiting = new Uint8Array(stream.shards)
    for (let shard = 0; shard < stream.shards; shard++) {
      world.sim.after(Math.floor(this.service.uniform() * POLL_INTERVAL), unit, pollDue, new Poll(this, shard))
    }
  }

  positionOf(shard: number): number {
    return this.positions.next[shard] as number
  }

  /** A poller sleeps until its next poll whatever is stored; only one that waits for room can be woken. */
  wake(sim: Sim, shard: number): void {
    if (this.waiting[shard] === 0 || this.positions.consumer.room(shard) <= 0) return
    this.waiting[shard] = 0
    this.next(sim, shard, sim.now)
  }

  /** One GetRecords call. */
  poll(sim: Sim, shard: number): void {
    const positions = this.positions
    const room = positions.consumer.room(shard)
    if (room <= 0) {
      this.waiting[shard] = 1
      return
    }
    this.calls++
    positions.trim(sim, shard)
    const from = positions.next[shard] as number
    const end = (positions.stream.logs[shard] as ShardLog).end
    const most = Math.min(ANSWER_RECORDS_MAX, Math.floor(ANSWER_BYTES_MAX / positions.stream.recordBytes), room)
    const to = Math.min(end, from + most)
    const bytes = (to - from) * positions.stream.recordBytes
    this.freeAt[shard] = sim.now + Math.max(CALL_INTERVAL, Math.ceil((bytes / READ_BYTES_PER_SECOND) * 1e9))
    const answerAt = Math.ceil(sim.now + 5e6 + this.service.uniform() * 25e6 + bytes * NANOS_PER_BYTE)
    positions.next[shard] = to
    if (to > from) sim.schedule(answerAt, positions.unit, answerCame, new Portion(positions, shard, from, to))
    this.next(sim, shard, to < end ? answerAt : Math.max(answerAt, sim.now + POLL_INTERVAL))
  }

  private next(sim: Sim, shard: number, at: number): void {
    const due = Math.max(at, this.freeAt[shard] as number)
    sim.schedule(Math.ceil(due), this.positions.unit, pollDue, new Poll(this, shard))
  }
}

class Poll {
  readonly reader: Polling
  readonly shard: number

  constructor(reader: Polling, shard: number) {
    this.reader = reader
    this.shard = shard
  }
}

const pollDue: EventKind<Process, Poll> = eventKind('kinesis.get-records', (sim, _unit, poll) => poll.reader.poll(sim, poll.shard))
const answerCame: EventKind<Process, Portion> = eventKind('kinesis.get-records-answered', (sim, _unit, portion) => {
  portion.reader.arrived(sim, portion)
})
