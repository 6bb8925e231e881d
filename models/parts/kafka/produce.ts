/**
 * Models: a produce request at the leader: refused when it does not lead, when too few replicas are in sync for
 *   acks=all, or by the producer's epoch and sequences; appended to the page cache; answered at once (acks=1), never
 *   (acks=0), or when the in-sync replicas have it (acks=all).
 * Source: Kafka 4.2 `ReplicaManager#handleProduceAppend`, `Partition#appendRecordsToLeader`, `KafkaApis`.
 * Leaves out: message.max.bytes, time stamp checks, quotas.
 */
import { Copyable, type Sim } from '../../../src/kernel/index.ts'
import type { Broker } from './broker.ts'
import { appended, duplicateRefused, notEnoughReplicas, producerFenced } from './facts.ts'
import { noteCaughtUp } from './follower-position.ts'
import { advanceHighWatermark } from './high-watermark.ts'
import type { Batch, KafkaError, ProduceAnswer, ProduceRequest } from './protocol.ts'
import { beginWait, park, Parked, type Waiter } from './purgatory.ts'
import { LEADER, type Replica } from './replica.ts'
import type { RequestChannel } from './request-channel.ts'
import { answer, hangUp } from './requests.ts'
import { logGrew } from './settle.ts'
import { needsRegistration, registerPartitions } from './transaction-guard.ts'
import { hopOfSlices } from '../../../src/contract/hop.ts'
import { appendedHop } from './hops.ts'

const ANSWER_BYTES = 40
const PARTITION_BYTES = 30

export function handleProduce(sim: Sim, broker: Broker, channel: RequestChannel, request: ProduceRequest): void {
  if (request.transactionalId >= 0 && needsRegistration(broker, request)) registerPartitions(sim, broker, channel, request)
  else appendRequest(sim, broker, channel, request, null)
}

/** Appends what may be appended; `refused` has the coordinator's word per batch, null when it was not asked. */
export function appendRequest(
  sim: Sim, broker: Broker, channel: RequestChannel, request: ProduceRequest, refused: readonly KafkaError[] | null,
): void {
  const { batches, acks } = request
  const errors: KafkaError[] = []
  const offsets: number[] = []
  let hasFailed = false
  let hasAppended = false
  for (let i = 0; i < batches.length; i++) {
    const batch = batches[i] as Batch
    let error: KafkaError = refused === null ? 'NONE' : (refused[i] as KafkaError)
    if (error === 'NONE') error = appendBatch(sim, broker, batch, acks)
    const isDuplicate = error === 'DUPLICATE_SEQUENCE_NUMBER'
    if (isDuplicate) error = 'NONE'
    errors.push(error)
    if (error !== 'NONE') {
      hasFailed = true
      offsets.push(-1)
      continue
    }
    hasAppended = true
    const log = (broker.replica(batch.partition) as Replica).log
    offsets.push(isDuplicate ? log.producers.duplicateOffset : log.end - batch.records)
  }
  if (acks === 0) {
    if (hasFailed) {
      broker.cluster.visibility.refused(batches, errors)
      hangUp(sim, broker, channel)
    } else broker.release(channel)
  } else if (acks === 1 || !hasAppended) {
    answerProduce(sim, broker, channel, request, errors, offsets)
  } else {
    const parked = new Parked(new WaitingProduce(channel, request, offsets), errors, sim.now + request.timeoutNanos)
    for (let i = 0; i < batches.length; i++) {
      if (errors[i] !== 'NONE') continue
      const batch = batches[i] as Batch
      const replica = broker.replica(batch.partition) as Replica
      const end = (offsets[i] as number) + batch.records
      if (replica.highWatermark < end) park(replica, parked, i, end)
    }
    beginWait(sim, broker, parked)
  }
}

/** Appends one batch, or says why not. DUPLICATE_SEQUENCE_NUMBER stands for "is in the log already". */
function appendBatch(sim: Sim, broker: Broker, batch: Batch, acks: number): KafkaError {
  const replica = broker.replica(batch.partition)
  if (replica === null) return 'UNKNOWN_TOPIC_OR_PARTITION'
  if (replica.role !== LEADER) return 'NOT_LEADER_OR_FOLLOWER'
  if (acks === -1 && replica.isr.length < broker.cluster.minIsr(batch.partition)) {
    sim.fact(notEnoughReplicas, broker, batch.partition, replica.isr.length)
    return 'NOT_ENOUGH_REPLICAS'
  }
  if (batch.producerId >= 0) {
    const error = replica.log.producers.check(batch)
    if (error !== 'NONE') {
      if (error === 'DUPLICATE_SEQUENCE_NUMBER') {
        sim.fact(duplicateRefused, broker, batch.partition, batch.baseSequence, batch.producerId)
      } else if (error === 'INVALID_PRODUCER_EPOCH') {
        sim.fact(producerFenced, broker, batch.producerId, batch.producerEpoch)
      }
      return error
    }
  }
  appendAsLeader(sim, broker, replica, batch)
  return 'NONE'
}

/** Appends to a log that this broker leads and tells everybody who waits for that. */
export function appendAsLeader(sim: Sim, broker: Broker, replica: Replica, batch: Batch): void {
  const log = replica.log
  noteCaughtUp(replica, log.end)
  const own = log.appendAsLeader(batch, replica.leaderEpoch, sim.now)
  sim.fact(appended, broker, replica.partition, own.baseOffset, own.records)
  if (sim.tracer !== null) hopOfSlices(sim, appendedHop, broker, own.slices, replica.partition, own.baseOffset)
  broker.cluster.visibility.appended(replica, own)
  if (replica.isr.length === 1) advanceHighWatermark(sim, broker, replica)
  logGrew(broker, replica)
}

/** A produce request with acks=all that waits for its replicas. */
class WaitingProduce extends Copyable implements Waiter {
  private readonly channel: RequestChannel
  private readonly request: ProduceRequest
  private readonly offsets: number[]

  constructor(channel: RequestChannel, request: ProduceRequest, offsets: number[]) {
    super()
    this.channel = channel
    this.request = request
    this.offsets = offsets
  }

  complete(sim: Sim, broker: Broker, errors: readonly KafkaError[]): void {
    answerProduce(sim, broker, this.channel, this.request, errors, this.offsets)
  }
}

const unknown: number[][] = []

/** A shared list of -1: most answers name no leader. */
function unknownLeaders(count: number): number[] {
  while (unknown.length <= count) {
    const list = new Array<number>(unknown.length).fill(-1)
    Object.freeze(list)
    unknown.push(list)
  }
  return unknown[count] as number[]
}

function answerProduce(
  sim: Sim, broker: Broker, channel: RequestChannel, request: ProduceRequest, errors: readonly KafkaError[], baseOffsets: readonly number[],
): void {
  let leaders = unknownLeaders(errors.length)
  let leaderEpochs = leaders
  for (let i = 0; i < errors.length; i++) {
    if (errors[i] !== 'NOT_LEADER_OR_FOLLOWER') continue
    if (Object.isFrozen(leaders)) {
      leaders = leaders.slice()
      leaderEpochs = leaders.slice()
    }
    const { partition } = request.batches[i] as Batch
    leaders[i] = broker.metadata.leaders[partition] as number
    leaderEpochs[i] = broker.metadata.epochs[partition] as number
  }
  const payload: ProduceAnswer = { request, errors, baseOffsets, leaders, leaderEpochs }
  answer(sim, broker, channel, request.onAnswer, payload, ANSWER_BYTES + PARTITION_BYTES * errors.length)
}
