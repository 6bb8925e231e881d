/**
 * Models: what a source task and a sink task ask of the connector inside them: a fetcher that hands over whole
 *   batches, and a writer with flush, prepare and commit.
 * Source: flink-connector-kafka `KafkaSource`; flink-connector-kafka `KafkaSink`; Flink 2.1 SourceReader, SinkWriter, Committer.
 * Leaves out: split enumeration at run time, bounded sources.
 */
import type { HoldingVisitor } from '../../../src/contract/architecture.ts'
import type { Slices } from '../../../src/contract/slice.ts'
import type { Sim } from '../../../src/kernel/index.ts'
import type { Committable } from './checkpoint.ts'
import type { OperatorTask } from './operator-task.ts'
import type { SourceTask } from './source-task.ts'

/** Records of one split with running offsets; `baseOffset` is the first one's. */
export class SourceChunk {
  readonly split: number
  readonly baseOffset: number
  readonly slices: Slices
  readonly records: number
  /** Offset behind the last record; above `baseOffset + records` when offsets have gaps behind it. */
  readonly nextOffset: number

  constructor(split: number, baseOffset: number, slices: Slices, records: number, nextOffset: number) {
    this.split = split
    this.baseOffset = baseOffset
    this.slices = slices
    this.records = records
    this.nextOffset = nextOffset
  }
}

/** The reader of one source subtask; it calls `task.available` when data come after it had none. */
export interface SplitReader {
  /** Starts to fetch the splits of its task from their positions. */
  open(sim: Sim): void
  /** The next batch, or null when none has been fetched. */
  next(sim: Sim): SourceChunk | null
  /** True when all that it knows to be readable has been handed over; for facts only. */
  isAtEnd(): boolean
  /** Offset that it has fetched a split to (-1 while it has none), and the leader epoch of the record before, -1 unknown; for holdings only. */
  fetchedTo(split: number): number
  epochOf(split: number): number
}

/** The writer and committer of one operator subtask; it answers by the task's `sink…` methods. */
export interface SinkWriter {
  /** Commits what the checkpoint holds, gets ready to write; then `task.sinkReady`. */
  open(sim: Sim, checkpoint: number, committables: readonly Committable[]): void
  write(sim: Sim, key: number, lane: number, index: number, copy: number): void
  /** False while the client's memory is full; `task.sinkWritable` follows. */
  isWritable(): boolean
  /** Barrier: flushes, and under exactly-once begins the next transaction; then `task.sinkPrepared`. */
  prepare(sim: Sim, checkpoint: number): void
  /** Transactions to be put into the checkpoint that was just prepared: all that are not committed. */
  committables(): readonly Committable[]
  /** The checkpoint is complete: commits up to it; then `task.sinkCommitted`. */
  commit(sim: Sim, checkpoint: number): void
  /** Its task has been replaced: for causes only. */
  markReplaced(): void
  /** What it still holds for Kafka, open and prepared transactions included. */
  holdings(visit: HoldingVisitor): void
  /** Open and prepared transactions, and when the oldest began (Infinity when none). */
  openTransactions(): number
  oldestOpenAt(): number
}

/** Builds the connectors of a job; plain state, so that keyframes copy it. */
export interface Connectors {
  /** Readers see what the sink writes when a completed checkpoint has it committed; else as it is written. */
  readonly hasCommitter: boolean
  reader(sim: Sim, task: SourceTask): SplitReader
  writer(sim: Sim, task: OperatorTask): SinkWriter
}
