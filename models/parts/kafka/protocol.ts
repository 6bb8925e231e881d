/**
 * Models: the requests and answers that Kafka's clients, brokers and controller exchange; every field that a
 *   mechanism of this project reads, and no others.
 * Source: kafka.apache.org/protocol (4.2), Produce, Fetch, Metadata, InitProducerId, EndTxn, AddPartitionsToTxn.
 * Leaves out: encodings, versions, authentication; sizes in bytes are estimates of the wire size.
 */
import { Copyable, shared, type Connection, type EventKind, type Unit } from '../../../src/kernel/index.ts'
import type { Slices } from '../../../src/contract/slice.ts'

/** Error codes under Kafka's names; NONE is success. */
export type KafkaError =
  | 'NONE' | 'NOT_LEADER_OR_FOLLOWER' | 'NOT_ENOUGH_REPLICAS' | 'NOT_ENOUGH_REPLICAS_AFTER_APPEND'
  | 'REQUEST_TIMED_OUT' | 'OUT_OF_ORDER_SEQUENCE_NUMBER' | 'DUPLICATE_SEQUENCE_NUMBER' | 'INVALID_PRODUCER_EPOCH'
  | 'PRODUCER_FENCED' | 'INVALID_TXN_STATE' | 'CONCURRENT_TRANSACTIONS' | 'INVALID_TRANSACTION_TIMEOUT'
  | 'COORDINATOR_NOT_AVAILABLE' | 'NOT_COORDINATOR' | 'COORDINATOR_LOAD_IN_PROGRESS' | 'OFFSET_OUT_OF_RANGE'
  | 'FENCED_LEADER_EPOCH' | 'UNKNOWN_PRODUCER_ID' | 'MESSAGE_TOO_LARGE' | 'STALE_BROKER_EPOCH'
  | 'UNKNOWN_TOPIC_OR_PARTITION' | 'DUPLICATE_BROKER_REGISTRATION' | 'KAFKA_STORAGE_ERROR'

/**
 * Who wrote a batch; `replaced` turns true when its platform has put another in its place. For causes only:
 * no mechanism reads it.
 */
export interface Writer {
  replaced: boolean
}

export const NO_PRODUCER = -1
export const DATA_BATCH = 0
export const COMMIT_MARKER = 1
export const ABORT_MARKER = 2

/** A record batch as a producer sends it and as a log keeps it near its end; immutable once sent. */
export class Batch extends Copyable {
  /** Number of the partition in the whole cluster (see Topic). */
  readonly partition: number
  readonly slices: Slices
  readonly records: number
  readonly bytes: number
  readonly producerId: number
  readonly producerEpoch: number
  readonly baseSequence: number
  readonly isTransactional: boolean
  /** DATA_BATCH or a marker. */
  readonly control: number
  /** Let go at the append, when `writerReplaced` has been read from it. */
  writer: Writer
  /** Coordinator epoch of a marker, else -1. */
  readonly coordinatorEpoch: number
  /** Set once, by the first append: offset of the first record, leader epoch, time of the append. */
  baseOffset = -1
  leaderEpoch = -1
  appendedAt = -1
  /** `writer.replaced` at the moment of the append. */
  writerReplaced = false
  /** True from the append on: nothing changes any more, and keyframes share it. */
  ;[shared] = false

  constructor(
    partition: number, slices: Slices, records: number, bytes: number, producerId: number, producerEpoch: number,
    baseSequence: number, isTransactional: boolean, control: number, writer: Writer, coordinatorEpoch: number,
  ) {
    super()
    this.partition = partition
    this.slices = slices
    this.records = records
    this.bytes = bytes
    this.producerId = producerId
    this.producerEpoch = producerEpoch
    this.baseSequence = baseSequence
    this.isTransactional = isTransactional
    this.control = control
    this.writer = writer
    this.coordinatorEpoch = coordinatorEpoch
  }
}

/** What every request carries: the connection it came on, who asks, and the event that will handle the answer. */
export interface Request<A> {
  readonly connection: Connection
  readonly client: Unit
  /** Handled on `client` with the answer; the answer holds the request. */
  readonly onAnswer: EventKind<Unit, A>
}

export class ProduceRequest extends Copyable implements Request<ProduceAnswer> {
  readonly connection: Connection
  readonly client: Unit
  readonly onAnswer: EventKind<Unit, ProduceAnswer>
  /** 0, 1 or -1 (all). With 0 there is no answer. */
  readonly acks: number
  readonly timeoutNanos: number
  /** Number of the transactional id, -1 when none. */
  readonly transactionalId: number
  readonly batches: readonly Batch[]
  readonly bytes: number

  constructor(
    connection: Connection, client: Unit, onAnswer: EventKind<Unit, ProduceAnswer>, acks: number,
    timeoutNanos: number, transactionalId: number, batches: readonly Batch[], bytes: number,
  ) {
    super()
    this.connection = connection
    this.client = client
    this.onAnswer = onAnswer
    this.acks = acks
    this.timeoutNanos = timeoutNanos
    this.transactionalId = transactionalId
    this.batches = batches
    this.bytes = bytes
  }
}

/** One entry per batch of the request, in its order. */
export interface ProduceAnswer {
  readonly request: ProduceRequest
  readonly errors: readonly KafkaError[]
  readonly baseOffsets: readonly number[]
  /** Broker that leads the partition now, for NOT_LEADER_OR_FOLLOWER; -1 unknown. */
  readonly leaders: readonly number[]
  /** The epoch under which it leads, so that an old hint does not replace a newer one. */
  readonly leaderEpochs: readonly number[]
}

export const READ_UNCOMMITTED = 0
export const READ_COMMITTED = 1
/** Isolation of a replica: up to the log's end. */
export const READ_REPLICA = 2

/**
 * A fetch in a session: the broker remembers the position of each partition, and the request carries only what
 * changed, flat: partition, offset, epoch of the last record fetched (-1 none); offset -1 forgets a partition.
 * A session belongs to the connection and ends with it; the first request carries all partitions.
 */
export class FetchRequest extends Copyable implements Request<FetchAnswer> {
  readonly connection: Connection
  readonly client: Unit
  readonly onAnswer: EventKind<Unit, FetchAnswer>
  readonly isolation: number
  /** Broker number of a follower, -1 for a consumer. */
  readonly replicaId: number
  readonly brokerEpoch: number
  readonly changed: readonly number[]
  readonly minBytes: number
  readonly maxWaitNanos: number
  readonly maxBytes: number
  readonly maxPartitionBytes: number

  constructor(
    connection: Connection, client: Unit, onAnswer: EventKind<Unit, FetchAnswer>, isolation: number,
    replicaId: number, brokerEpoch: number, changed: readonly number[], minBytes: number, maxWaitNanos: number,
    maxBytes: number, maxPartitionBytes: number,
  ) {
    super()
    this.connection = connection
    this.client = client
    this.onAnswer = onAnswer
    this.isolation = isolation
    this.replicaId = replicaId
    this.brokerEpoch = brokerEpoch
    this.changed = changed
    this.minBytes = minBytes
    this.maxWaitNanos = maxWaitNanos
    this.maxBytes = maxBytes
    this.maxPartitionBytes = maxPartitionBytes
  }
}

/** Only partitions with data, an error or a moved watermark are in the answer. */
export interface FetchAnswer {
  readonly request: FetchRequest
  readonly partitions: readonly FetchedPartition[]
  readonly bytes: number
}

export class FetchedPartition extends Copyable {
  readonly partition: number
  readonly error: KafkaError
  /** Whole batches, by reference, from the position on; control batches included (they occupy offsets). */
  readonly batches: readonly Batch[]
  readonly highWatermark: number
  readonly lastStableOffset: number
  readonly logStartOffset: number
  /** For read_committed: flat producerId, firstOffset of transactions aborted in the range. */
  readonly aborted: readonly number[]
  /** Truncate to this offset before going on (diverging epoch); -1 none. */
  readonly truncateTo: number
  readonly leaderEpoch: number
  /** With `truncateTo`: the largest epoch of the leader that is not above the one asked about; else -1. */
  readonly divergingEpoch: number

  constructor(
    partition: number, error: KafkaError, batches: readonly Batch[], highWatermark: number,
    lastStableOffset: number, logStartOffset: number, aborted: readonly number[], truncateTo: number, leaderEpoch: number,
    divergingEpoch = -1,
  ) {
    super()
    this.partition = partition
    this.error = error
    this.batches = batches
    this.highWatermark = highWatermark
    this.lastStableOffset = lastStableOffset
    this.logStartOffset = logStartOffset
    this.aborted = aborted
    this.truncateTo = truncateTo
    this.leaderEpoch = leaderEpoch
    this.divergingEpoch = divergingEpoch
  }
}

export interface MetadataRequest extends Request<MetadataAnswer> {}

/** Leader (broker number, -1 none) and leader epoch of every partition as this broker believes, by partition. */
export interface MetadataAnswer {
  readonly request: MetadataRequest
  readonly leaders: Int32Array
  readonly epochs: Int32Array
  readonly aliveBrokers: readonly number[]
}

/** Asks any broker who coordinates a transactional id. */
export interface FindCoordinatorRequest extends Request<FindCoordinatorAnswer> {
  readonly transactionalId: number
}
export interface FindCoordinatorAnswer {
  readonly request: FindCoordinatorRequest
  readonly error: KafkaError
  readonly broker: number
}

/** `transactionalId` -1 asks for a plain idempotent id, which any broker gives. */
export interface InitProducerIdRequest extends Request<InitProducerIdAnswer> {
  readonly transactionalId: number
  readonly timeoutNanos: number
}
export interface InitProducerIdAnswer {
  readonly request: InitProducerIdRequest
  readonly error: KafkaError
  readonly producerId: number
  readonly producerEpoch: number
}

export interface EndTxnRequest extends Request<EndTxnAnswer> {
  readonly transactionalId: number
  readonly producerId: number
  readonly producerEpoch: number
  readonly commit: boolean
}
/** With transaction.version=2 the answer carries the epoch of the next transaction. */
export interface EndTxnAnswer {
  readonly request: EndTxnRequest
  readonly error: KafkaError
  readonly producerId: number
  readonly producerEpoch: number
}
