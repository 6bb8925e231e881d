/**
 * Models: a batch: records of one lane in order, as one invocation gets them, and how often it was tried.
 * Source: Lambda Developer Guide, Using Lambda with Kinesis.
 * Leaves out: the encoding of the event; its size is an estimate (base64 in JSON).
 */
import type { Slices } from '../../../src/contract/slice.ts'
import { invariant } from '../../../src/kernel/index.ts'
import type { ShardLog } from '../kinesis/index.ts'
import type { Lane } from './lane.ts'

const PAYLOAD_MAX = 6_000_000
const ENVELOPE_BYTES = 512

/** Bytes of one record in an invocation's payload. */
export function payloadBytes(recordBytes: number): number {
  return Math.ceil((recordBytes * 4) / 3) + ENVELOPE_BYTES
}

/** Most records of a batch: BatchSize, or what 6 MB hold. */
export function batchRecordsMax(batchSize: number, recordBytes: number): number {
  return Math.max(1, Math.min(batchSize, Math.floor(PAYLOAD_MAX / payloadBytes(recordBytes))))
}

/** Immutable records with the count of their tries; a retry of fewer or other copies is a new batch. */
export class Batch {
  readonly lane: Lane
  /** Rising positions in the shard. */
  readonly positions: readonly number[]
  /** One slice of one record each: four numbers at 4 x i. */
  readonly slices: Slices
  /** Failed tries that count against MaximumRetryAttempts. */
  attempts: number
  /** Invocations of these records, whatever became of them. */
  invocations: number

  constructor(lane: Lane, positions: readonly number[], slices: Slices, attempts: number, invocations: number) {
    invariant(positions.length > 0 && slices.length === 4 * positions.length, 'lambda.batch-of-single-records')
    this.lane = lane
    this.positions = positions
    this.slices = slices
    this.attempts = attempts
    this.invocations = invocations
  }

  get size(): number {
    return this.positions.length
  }

  /** The records [from, to) as a batch of their own. */
  part(from: number, to: number, attempts: number): Batch {
    return new Batch(this.lane, this.positions.slice(from, to), this.slices.slice(4 * from, 4 * to), attempts, this.invocations)
  }
}

/** Takes the first `count` records that wait in a lane. */
export function takeBatch(lane: Lane, log: ShardLog, count: number): Batch {
  const positions: number[] = []
  const slices: number[] = []
  for (let i = 0; i < count; i++) {
    const position = lane.queue.take()
    const segment = log.segmentOf(position)
    const slot = position & 1023
    positions.push(position)
    slices.push(segment.lanes[slot] as number, segment.indexes[slot] as number, 1, segment.copies[slot] as number)
  }
  return new Batch(lane, positions, slices, 0, 0)
}
