/**
 * Models: the partition leader's side of a transaction's end: a control batch in the log closes the producer's open
 *   transaction there; it is acknowledged when it is replicated. A marker that is in the log already is not repeated.
 * Source: Kafka 4.2 `KafkaApis#handleWriteTxnMarkersRequest`, `ProducerAppendInfo#appendEndTxnMarker`.
 * Leaves out: offsets of consumer groups.
 */
import { Copyable, type Sim } from '../../../src/kernel/index.ts'
import type { Broker } from './broker.ts'
import { appendAsLeader } from './produce.ts'
import { ABORT_MARKER, Batch, COMMIT_MARKER, type KafkaError } from './protocol.ts'
import type { WriteMarkersRequest } from './protocol-internal.ts'
import { beginWait, park, Parked, type Waiter } from './purgatory.ts'
import { LEADER, type Replica } from './replica.ts'
import type { RequestChannel } from './request-channel.ts'
import { answer } from './requests.ts'
import { BATCH_OVERHEAD_BYTES, NOBODY } from './segment.ts'

const MARKER_BYTES = BATCH_OVERHEAD_BYTES + 17

export function handleWriteMarkers(sim: Sim, broker: Broker, channel: RequestChannel, request: WriteMarkersRequest): void {
  const errors: KafkaError[] = []
  const parked = new Parked(new WaitingMarkers(channel, request), errors, sim.now + broker.cluster.config.replicaSocketTimeout)
  for (let i = 0; i < request.partitions.length; i++) {
    const replica = broker.replica(request.partitions[i] as number)
    const error = replica === null ? 'UNKNOWN_TOPIC_OR_PARTITION' : writeMarker(sim, broker, replica, request)
    errors.push(error)
    if (error !== 'NONE' || replica === null) continue
    if (replica.highWatermark < replica.log.end) park(replica, parked, i, replica.log.end)
  }
  beginWait(sim, broker, parked)
}

function writeMarker(sim: Sim, broker: Broker, replica: Replica, request: WriteMarkersRequest): KafkaError {
  if (replica.role !== LEADER) return 'NOT_LEADER_OR_FOLLOWER'
  if (replica.isr.length < broker.cluster.minIsr(replica.partition)) return 'NOT_ENOUGH_REPLICAS'
  const entry = replica.log.producers.entry(request.producerId)
  if (entry !== undefined) {
    if (request.coordinatorEpoch < entry.coordinatorEpoch) return 'NOT_COORDINATOR'
    if (request.producerEpoch < entry.epoch) return 'INVALID_PRODUCER_EPOCH'
    if (request.producerEpoch === entry.epoch && entry.openFrom < 0) return 'NONE'
  }
  appendAsLeader(sim, broker, replica, new Batch(
    replica.partition, [], 1, MARKER_BYTES, request.producerId, request.producerEpoch, -1, true,
    request.commit ? COMMIT_MARKER : ABORT_MARKER, NOBODY, request.coordinatorEpoch,
  ))
  return 'NONE'
}

/** Markers that wait for their replicas. */
class WaitingMarkers extends Copyable implements Waiter {
  private readonly channel: RequestChannel
  private readonly request: WriteMarkersRequest

  constructor(channel: RequestChannel, request: WriteMarkersRequest) {
    super()
    this.channel = channel
    this.request = request
  }

  complete(sim: Sim, broker: Broker, errors: readonly KafkaError[]): void {
    answer(sim, broker, this.channel, this.request.onAnswer, { request: this.request, errors }, 60 + 8 * errors.length)
  }
}
