/**
 * Models: the state of a transactional id, and its records in the log of transaction states (`__transaction_state`), a
 *   partition like any other, written with acks=all.
 * Source: Kafka 4.2 `TransactionMetadata`, `TransactionLog`.
 * Leaves out: compaction; two-phase commit (KIP-939); a producer id never runs out of epochs (32 767 transactions).
 */
import { Copyable } from '../../../src/kernel/index.ts'
import { Batch, DATA_BATCH, NO_PRODUCER } from './protocol.ts'
import { BATCH_OVERHEAD_BYTES, NOBODY } from './segment.ts'

export const EMPTY = 0
export const ONGOING = 1
export const PREPARE_COMMIT = 2
export const PREPARE_ABORT = 3
export const COMPLETE_COMMIT = 4
export const COMPLETE_ABORT = 5

const RECORD_BYTES = 120

/** One transactional id as its coordinator knows it. */
export class Transaction extends Copyable {
  readonly transactionalId: number
  producerId = -1
  epoch = -1
  state = EMPTY
  partitions: readonly number[] = []
  /** When its first partition was added. */
  startedAt = -1
  timeout = 0
  /** A record of its next state is being written. */
  isChanging = false

  constructor(transactionalId: number) {
    super()
    this.transactionalId = transactionalId
  }

  /** Takes over what a record says. */
  apply(record: TransactionRecord): void {
    this.producerId = record.ofProducer
    this.epoch = record.ofEpoch
    this.state = record.state
    this.partitions = record.partitions
    this.startedAt = record.startedAt
    this.timeout = record.timeout
  }
}

/** A state record as it lies in the log. */
export class TransactionRecord extends Batch {
  readonly transactionalId: number
  readonly ofProducer: number
  readonly ofEpoch: number
  readonly state: number
  readonly partitions: readonly number[]
  readonly startedAt: number
  readonly timeout: number

  constructor(
    partition: number, transactionalId: number, producerId: number, epoch: number, state: number,
    partitions: readonly number[], startedAt: number, timeout: number,
  ) {
    super(
      partition, NO_SLICES, 1, BATCH_OVERHEAD_BYTES + RECORD_BYTES + 8 * partitions.length, NO_PRODUCER, -1, -1, false,
      DATA_BATCH, NOBODY, -1,
    )
    this.transactionalId = transactionalId
    this.ofProducer = producerId
    this.ofEpoch = epoch
    this.state = state
    this.partitions = partitions
    this.startedAt = startedAt
    this.timeout = timeout
  }
}

const NO_SLICES: number[] = []
Object.freeze(NO_SLICES)
