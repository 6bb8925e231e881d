/**
 * Models: what a checkpoint consists of: offsets of each split after the last record emitted, the keyed state and
 *   the prepared transactions of each operator subtask.
 * Source: Flink 2.1 `CheckpointCoordinator`; flink-connector-kafka `KafkaSource`; flink-connector-kafka `KafkaSink`.
 * Leaves out: savepoints, rescaling (the parallelism stays), retained older checkpoints.
 */
import type { Slices } from '../../../src/contract/slice.ts'

/** A transaction that was flushed at a barrier and waits for the commit; immutable but for the shadow marks. */
export class Committable {
  readonly checkpoint: number
  readonly subtask: number
  /** Number of the transactional id. */
  readonly transactionalId: number
  readonly producerId: number
  readonly producerEpoch: number
  /** What the transaction holds: a shadow for causes and holdings, no mechanism reads it. */
  readonly slices: Slices
  readonly records: number
  /** Kafka refused it for good: its records are in no holding any more. A shadow mark too. */
  failed = false

  constructor(
    checkpoint: number, subtask: number, transactionalId: number, producerId: number, producerEpoch: number,
    slices: Slices, records: number,
  ) {
    this.checkpoint = checkpoint
    this.subtask = subtask
    this.transactionalId = transactionalId
    this.producerId = producerId
    this.producerEpoch = producerEpoch
    this.slices = slices
    this.records = records
  }
}

/** State of one source subtask: flat pairs of split and next offset. */
export class SourceSnapshot {
  readonly subtask: number
  readonly positions: readonly number[]
  /** Per split and lane the lowest index not emitted yet: a shadow for folding births. */
  readonly floors: readonly Float64Array[]

  constructor(subtask: number, positions: readonly number[], floors: readonly Float64Array[]) {
    this.subtask = subtask
    this.positions = positions
    this.floors = floors
  }
}

/** State of one operator subtask with its sink writer and committer. */
export class OperatorSnapshot {
  readonly subtask: number
  readonly counts: Int32Array
  readonly bytes: number
  readonly committables: readonly Committable[]

  constructor(subtask: number, counts: Int32Array, bytes: number, committables: readonly Committable[]) {
    this.subtask = subtask
    this.counts = counts
    this.bytes = bytes
    this.committables = committables
  }
}

/** A completed checkpoint. */
export class Checkpoint {
  readonly id: number
  readonly triggeredAt: number
  readonly sources: readonly SourceSnapshot[]
  readonly operators: readonly OperatorSnapshot[]
  readonly bytes: number

  constructor(id: number, triggeredAt: number, sources: readonly SourceSnapshot[], operators: readonly OperatorSnapshot[]) {
    this.id = id
    this.triggeredAt = triggeredAt
    this.sources = sources
    this.operators = operators
    let bytes = 0
    for (const operator of operators) bytes += operator.bytes
    this.bytes = bytes
  }

  /** The offset at which a split goes on after a restore. */
  positionOf(split: number): number {
    for (const source of this.sources) {
      for (let i = 0; i < source.positions.length; i += 2) {
        if (source.positions[i] === split) return source.positions[i + 1] as number
      }
    }
    return 0
  }
}
