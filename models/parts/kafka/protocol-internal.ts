/**
 * Models: the messages among brokers and between brokers and the controller quorum, and the records of the
 *   metadata log.
 * Source: kafka.apache.org/protocol (4.2): BrokerRegistration, BrokerHeartbeat, AlterPartition,
 *   AddPartitionsToTxn, WriteTxnMarkers; metadata records PartitionChange and RegisterBroker.
 * Leaves out: encodings; the snapshot of the metadata log (it is replayed from its start).
 */
import { shared, type Connection, type EventKind, type Unit } from '../../../src/kernel/index.ts'
import { FetchRequest, type FetchAnswer, type KafkaError, type Request } from './protocol.ts'

/** Errors that only brokers and controllers see. */
export type InternalError = KafkaError | 'NOT_CONTROLLER' | 'INVALID_UPDATE_VERSION' | 'INELIGIBLE_REPLICA'

/** A follower's fetch names, for each changed partition, the leader epoch that the follower believes in. */
export class FollowerFetchRequest extends FetchRequest {
  readonly leaderEpochs: readonly number[]

  constructor(
    connection: Connection, client: Unit, onAnswer: EventKind<Unit, FetchAnswer>, isolation: number,
    replicaId: number, brokerEpoch: number, changed: readonly number[], minBytes: number, maxWaitNanos: number,
    maxBytes: number, maxPartitionBytes: number, leaderEpochs: readonly number[],
  ) {
    super(
      connection, client, onAnswer, isolation, replicaId, brokerEpoch, changed, minBytes, maxWaitNanos, maxBytes,
      maxPartitionBytes,
    )
    this.leaderEpochs = leaderEpochs
  }
}

/** The state of a partition as the metadata log says it; immutable. */
export class PartitionRecord {
  readonly [shared] = true
  readonly partition: number
  /** Broker number, -1 for none. */
  readonly leader: number
  readonly leaderEpoch: number
  readonly partitionEpoch: number
  readonly isr: readonly number[]
  /** Eligible leader replicas (KIP-966). */
  readonly elr: readonly number[]
  /** Last known leader while ISR and ELR are empty, else -1. */
  readonly lastKnownLeader: number
  /** The leader was elected uncleanly. */
  readonly isUnclean: boolean

  constructor(
    partition: number, leader: number, leaderEpoch: number, partitionEpoch: number, isr: readonly number[],
    elr: readonly number[], lastKnownLeader: number, isUnclean: boolean,
  ) {
    this.partition = partition
    this.leader = leader
    this.leaderEpoch = leaderEpoch
    this.partitionEpoch = partitionEpoch
    this.isr = isr
    this.elr = elr
    this.lastKnownLeader = lastKnownLeader
    this.isUnclean = isUnclean
  }
}

/** The state of a broker as the metadata log says it; immutable. */
export class BrokerRecord {
  readonly [shared] = true
  readonly broker: number
  readonly epoch: number
  readonly isFenced: boolean
  readonly isShuttingDown: boolean

  constructor(broker: number, epoch: number, isFenced: boolean, isShuttingDown: boolean) {
    this.broker = broker
    this.epoch = epoch
    this.isFenced = isFenced
    this.isShuttingDown = isShuttingDown
  }
}

export type MetadataRecord = PartitionRecord | BrokerRecord

/** A broker asks for the metadata log from an offset; answered when there is more, or empty after a while. */
export interface MetadataFetchRequest extends Request<MetadataFetchAnswer> {
  readonly broker: number
  readonly offset: number
}
export interface MetadataFetchAnswer {
  readonly request: MetadataFetchRequest
  readonly error: InternalError
  readonly records: readonly MetadataRecord[]
  readonly endOffset: number
  /** Number of the active controller, -1 unknown. */
  readonly active: number
}

export interface RegistrationRequest extends Request<RegistrationAnswer> {
  readonly broker: number
  readonly incarnation: number
  /** Epoch of the last registration if the shutdown was clean, else -1. */
  readonly previousEpoch: number
}
export interface RegistrationAnswer {
  readonly request: RegistrationRequest
  readonly error: InternalError
  readonly epoch: number
  readonly active: number
}

export interface HeartbeatRequest extends Request<HeartbeatAnswer> {
  readonly broker: number
  readonly epoch: number
  readonly metadataOffset: number
  readonly wantsFence: boolean
  readonly wantsShutDown: boolean
}
export interface HeartbeatAnswer {
  readonly request: HeartbeatRequest
  readonly error: InternalError
  readonly isFenced: boolean
  readonly shouldShutDown: boolean
  readonly active: number
}

/** What a leader wants the ISR of one partition to be. */
export class IsrProposal {
  readonly [shared] = true
  readonly partition: number
  readonly leaderEpoch: number
  readonly partitionEpoch: number
  readonly isr: readonly number[]

  constructor(partition: number, leaderEpoch: number, partitionEpoch: number, isr: readonly number[]) {
    this.partition = partition
    this.leaderEpoch = leaderEpoch
    this.partitionEpoch = partitionEpoch
    this.isr = isr
  }
}

export interface AlterPartitionRequest extends Request<AlterPartitionAnswer> {
  readonly broker: number
  readonly brokerEpoch: number
  readonly proposals: readonly IsrProposal[]
}
/** One error per proposal; the new state comes with `records`, for those that were accepted. */
export interface AlterPartitionAnswer {
  readonly request: AlterPartitionRequest
  readonly error: InternalError
  readonly errors: readonly InternalError[]
  readonly records: readonly PartitionRecord[]
  readonly active: number
}

/** A partition leader registers partitions with the coordinator before a transaction's first append there. */
export interface AddPartitionsRequest extends Request<AddPartitionsAnswer> {
  readonly transactionalId: number
  readonly producerId: number
  readonly producerEpoch: number
  readonly partitions: readonly number[]
}
export interface AddPartitionsAnswer {
  readonly request: AddPartitionsRequest
  readonly error: KafkaError
}

/** A coordinator tells a partition leader to end a producer's transaction. */
export interface WriteMarkersRequest extends Request<WriteMarkersAnswer> {
  readonly transactionalId: number
  readonly producerId: number
  readonly producerEpoch: number
  readonly coordinatorEpoch: number
  readonly commit: boolean
  readonly partitions: readonly number[]
}
export interface WriteMarkersAnswer {
  readonly request: WriteMarkersRequest
  readonly errors: readonly KafkaError[]
}
