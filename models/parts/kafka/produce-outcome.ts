/**
 * Models: what becomes of a batch after each answer: done, sent again after a back-off (at the head of its queue, or by
 *   sequence when idempotent), or given up: by delivery.timeout.ms, by retries, or because the error is final. Without
 *   idempotence two failed batches of a partition change places.
 * Source: Kafka 4.2 Sender#completeBatch, #canRetry, #failBatch, RecordAccumulator#reenqueue, #expiredBatches.
 * Leaves out: splitting after MESSAGE_TOO_LARGE (it is final here).
 */
import type { CauseCode } from '../../../src/contract/cause.ts'
import { COPY, COUNT, FIRST, LANE, STRIDE, type Slices } from '../../../src/contract/slice.ts'
import { removeAt, type Sim } from '../../../src/kernel/index.ts'
import type { PartitionQueue, QueuedBatch } from './accumulator.ts'
import { batchExpired, batchRejected, batchRetried, deliveryTimeout, producerRetry, produceRejected } from './client-causes.ts'
import { acknowledged, givenUp, mayBeInOrderLater } from './idempotence.ts'
import type { KafkaProducer } from './producer.ts'
import type { KafkaError } from './protocol.ts'

/** No answer came: the connection is gone after the request was written. */
export type ProduceError = KafkaError | 'DISCONNECTED'

/** Errors after which the same batch may succeed. */
export function isRetriable(error: ProduceError): boolean {
  switch (error) {
    case 'DISCONNECTED': case 'NOT_LEADER_OR_FOLLOWER': case 'NOT_ENOUGH_REPLICAS':
    case 'NOT_ENOUGH_REPLICAS_AFTER_APPEND': case 'REQUEST_TIMED_OUT': case 'CONCURRENT_TRANSACTIONS':
    case 'COORDINATOR_NOT_AVAILABLE': case 'NOT_COORDINATOR': case 'COORDINATOR_LOAD_IN_PROGRESS':
    case 'FENCED_LEADER_EPOCH': case 'UNKNOWN_TOPIC_OR_PARTITION': case 'KAFKA_STORAGE_ERROR':
      return true
    default:
      return false
  }
}

/** True when an answer leaves it open whether the batch is in the log. */
function leavesOpen(error: ProduceError, acks: number): boolean {
  switch (error) {
    case 'DISCONNECTED': case 'REQUEST_TIMED_OUT': case 'NOT_ENOUGH_REPLICAS_AFTER_APPEND': case 'KAFKA_STORAGE_ERROR':
      return true
    // Leadership may have been lost while the appended batch waited for the in-sync set; with acks=1 nothing waits.
    case 'NOT_LEADER_OR_FOLLOWER':
      return acks === -1
    default:
      return false
  }
}

/** Takes the answer for one batch of a request. */
export function takeAnswer(sim: Sim, producer: KafkaProducer, batch: QueuedBatch, error: ProduceError): void {
  const { accumulator, config, identity } = producer
  const q = accumulator.of(batch.partition)
  const at = q.inFlight.indexOf(batch)
  if (at >= 0) removeAt(q.inFlight, at)
  q.isMuted = false
  if (batch.isDone) {
    // It expired on the wire; only its memory was still in use.
    accumulator.free(batch)
    return
  }
  if (error === 'NONE' || error === 'DUPLICATE_SEQUENCE_NUMBER') {
    if (identity !== null) acknowledged(q, batch)
    finish(sim, producer, batch, config.acks === 0 ? 'none' : 'ok')
    accumulator.free(batch)
    return
  }
  if (error !== 'NOT_LEADER_OR_FOLLOWER' && error !== 'NOT_ENOUGH_REPLICAS' && isRetriable(error)) producer.metadata.request()
  const isOpen = leavesOpen(error, config.acks)
  if (isOpen) batch.mayBeAppended = true
  batch.attempts++
  const isInTime = sim.now < batch.createdAt + config.deliveryTimeout
  if (isInTime && batch.attempts <= config.retries && maySucceed(producer, q, batch, error)) {
    putBack(sim, producer, q, batch)
    if (isOpen) batch.slices = copied(sim, producer, batch.slices)
    return
  }
  if (!isInTime) {
    expire(sim, producer, q, batch)
    accumulator.free(batch)
    return
  }
  sim.fact(batchRejected, producer, batch.partition, batch.records)
  dropAll(producer, batch, produceRejected)
  // A sequence that was refused for good leaves a hole that only a new epoch closes.
  if (identity !== null) givenUp(identity, q, batch, batch.mayBeAppended)
  finish(sim, producer, batch, batch.mayBeAppended ? 'unknown' : 'failed')
  accumulator.free(batch)
  producer.gaveUp(sim, error === 'INVALID_PRODUCER_EPOCH' || error === 'PRODUCER_FENCED' ? 'fenced' : 'rejected', batch.partition)
}

function maySucceed(producer: KafkaProducer, q: PartitionQueue, batch: QueuedBatch, error: ProduceError): boolean {
  if (producer.identity !== null && error === 'OUT_OF_ORDER_SEQUENCE_NUMBER') return mayBeInOrderLater(q, batch)
  return isRetriable(error)
}

function putBack(sim: Sim, producer: KafkaProducer, q: PartitionQueue, batch: QueuedBatch): void {
  const { config } = producer
  if (!batch.wasPutBack) producer.accumulator.retrying++
  batch.wasPutBack = true
  q.resent += batch.records
  batch.notBefore = sim.now + producer.backOff(config.retryBackoff, config.retryBackoffMax, batch.attempts - 1)
  sim.fact(batchRetried, producer, batch.partition, batch.records, batch.attempts)
  let at = 0
  if (producer.identity !== null) {
    while (at < q.queue.length) {
      const other = q.queue[at] as QueuedBatch
      if (other.baseSequence < 0 || other.baseSequence > batch.baseSequence) break
      at++
    }
  }
  q.queue.splice(at, 0, batch)
}

/** The same records as a new physical copy: one id per parent and round, even if each batch waits its own back-off. */
function copied(sim: Sim, producer: KafkaProducer, slices: Slices): Slices {
  const again = slices.slice()
  for (let i = COPY; i < again.length; i += STRIDE) {
    again[i] = producer.retryCopies.of(sim, producerRetry, again[i] as number)
  }
  return again
}

/** Gives up what is older than delivery.timeout.ms, on the wire or not; says when the next batch will be. */
export function expireBatches(sim: Sim, producer: KafkaProducer): void {
  if (sim.now >= producer.nextExpiryAt) {
    const { active } = producer.accumulator
    // What is opened from now on expires later than this.
    let next = sim.now + producer.config.deliveryTimeout
    for (let i = 0; i < active.length; i++) next = Math.min(next, expirePartition(sim, producer, active[i] as PartitionQueue))
    producer.nextExpiryAt = next
  }
  if (producer.accumulator.incomplete > 0) producer.wakeBy(producer.nextExpiryAt)
}

/** Returns when the partition's next batch is due; Infinity when it has none. */
function expirePartition(sim: Sim, producer: KafkaProducer, q: PartitionQueue): number {
  const { accumulator, config } = producer
  let next = Infinity
  while (q.inFlight.length > 0) {
    const batch = q.inFlight[0] as QueuedBatch
    const due = batch.createdAt + config.deliveryTimeout
    if (sim.now < due) {
      next = due
      break
    }
    q.inFlight.shift()
    batch.mayBeAppended = true
    batch.isDone = true
    expire(sim, producer, q, batch)
  }
  while (q.queue.length > 0) {
    const batch = q.queue[0] as QueuedBatch
    const due = batch.createdAt + config.deliveryTimeout
    if (sim.now < due) return Math.min(next, due)
    q.queue.shift()
    batch.isClosed = true
    expire(sim, producer, q, batch)
    accumulator.free(batch)
  }
  return next
}

function expire(sim: Sim, producer: KafkaProducer, q: PartitionQueue, batch: QueuedBatch): void {
  sim.fact(batchExpired, producer, batch.partition, batch.records)
  dropAll(producer, batch, deliveryTimeout)
  if (producer.identity !== null) givenUp(producer.identity, q, batch, true)
  finish(sim, producer, batch, batch.mayBeAppended ? 'unknown' : 'failed')
  producer.gaveUp(sim, 'delivery-timeout', batch.partition)
}

/** States that the producer's copy of each record is gone. */
export function dropAll(producer: KafkaProducer, batch: QueuedBatch, cause: CauseCode): void {
  const s = batch.slices
  for (let i = 0; i < s.length; i += STRIDE) {
    producer.world.outside.dropped(cause, s[i + LANE] as number, s[i + FIRST] as number, s[i + COUNT] as number)
  }
}

/** The final outcome of a batch: told to the application, and counted off by whoever flushes. */
export function finish(sim: Sim, producer: KafkaProducer, batch: QueuedBatch, answer: 'ok' | 'failed' | 'unknown' | 'none'): void {
  producer.accumulator.incomplete--
  if (batch.wasPutBack) producer.accumulator.retrying--
  const { source } = producer.config
  if (source !== null) {
    const s = batch.slices
    for (let i = 0; i < s.length; i += STRIDE) {
      const first = s[i + FIRST] as number
      const count = s[i + COUNT] as number
      producer.world.outside.answered(s[i + LANE] as number, first, count, answer)
      // With acks=0 the library reports success as soon as the bytes are written, and the application believes it.
      source.answered(first, count, answer === 'ok' || answer === 'none')
    }
  }
  producer.flushed(sim, batch.serial)
}
