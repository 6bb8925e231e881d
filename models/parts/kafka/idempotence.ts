/**
 * Models: the producer's half of idempotence: (producer id, epoch, sequence) given when a batch is first drained and
 *   kept by every resend; while an earlier sequence is being resent nothing later goes out again ("in-flight drops to
 *   1"); after giving up a batch that had been sent, the partition waits for what is on the wire and then starts anew
 *   with the next epoch.
 * Source: Kafka 4.2 TransactionManager, TxnPartitionMap, RecordAccumulator#shouldStopDrainBatchesForPartition.
 * Leaves out: wrap-around at 2^31 - 1, exhausted epochs, UNKNOWN_PRODUCER_ID after retention.
 */
import { Copyable, invariant, removeAt } from '../../../src/kernel/index.ts'
import type { PartitionQueue, QueuedBatch } from './accumulator.ts'
import { NO_PRODUCER } from './protocol.ts'

/** The identity under which a producer's sequences run; it dies with the process. */
export class ProducerIdentity extends Copyable {
  producerId = NO_PRODUCER
  producerEpoch = -1
  /** Partitions whose sequences must start anew; not empty = the epoch will be raised. */
  readonly restarting: PartitionQueue[] = []
  /** Number of partitions that wait for the wire to be clear. */
  unresolved = 0

  get isValid(): boolean {
    return this.producerId !== NO_PRODUCER
  }

  /** The process died. */
  forget(): void {
    this.set(NO_PRODUCER, -1)
    this.unresolved = 0
  }

  /** A coordinator or broker gave this identity. */
  set(producerId: number, producerEpoch: number): void {
    this.producerId = producerId
    this.producerEpoch = producerEpoch
    this.restarting.length = 0
  }
}

/** True when the partition's next batch must not be drained now. */
export function mustHold(identity: ProducerIdentity, q: PartitionQueue, batch: QueuedBatch): boolean {
  if (!identity.isValid) return true
  if (batch.baseSequence < 0) {
    if (q.sequenced.length > 0 && isStale(identity, q)) return true
    return q.isUnresolved
  }
  const lowest = q.sequenced[0]
  return lowest !== undefined && lowest !== batch
}

/** Gives a batch its sequence when it is drained for the first time. */
export function sequence(identity: ProducerIdentity, q: PartitionQueue, batch: QueuedBatch): void {
  if (batch.baseSequence >= 0) return
  if (isStale(identity, q)) {
    invariant(q.sequenced.length === 0, 'kafka.producer-epoch-in-flight')
    restart(q, identity)
  }
  batch.producerId = q.producerId
  batch.producerEpoch = q.producerEpoch
  batch.baseSequence = q.nextSequence
  q.nextSequence += batch.records
  q.sequenced.push(batch)
}

/** A batch was appended, or had been before. */
export function acknowledged(q: PartitionQueue, batch: QueuedBatch): void {
  const last = batch.baseSequence + batch.records - 1
  if (last > q.lastAcknowledged) q.lastAcknowledged = last
  forget(q, batch)
}

/** A batch was given up: its place in the line stays empty, so the line must start anew. */
export function givenUp(identity: ProducerIdentity, q: PartitionQueue, batch: QueuedBatch, wasSent: boolean): void {
  if (batch.baseSequence < 0) return
  forget(q, batch)
  if (wasSent && !q.isUnresolved) {
    q.isUnresolved = true
    identity.unresolved++
  } else if (!wasSent && !identity.restarting.includes(q)) identity.restarting.push(q)
}

/** True when the sequence that the broker calls out of order may be right after a resend of an earlier one. */
export function mayBeInOrderLater(q: PartitionQueue, batch: QueuedBatch): boolean {
  return !q.isUnresolved && (batch.wasRenumbered || batch.baseSequence !== q.lastAcknowledged + 1)
}

/** Partitions that waited for the wire are settled, or join those that start anew. Returns true if one has to. */
export function resolve(identity: ProducerIdentity, active: readonly PartitionQueue[]): boolean {
  for (let i = 0; identity.unresolved > 0 && i < active.length; i++) {
    const q = active[i] as PartitionQueue
    if (!q.isUnresolved || q.sequenced.length > 0) continue
    q.isUnresolved = false
    identity.unresolved--
    if (q.lastAcknowledged !== q.nextSequence - 1 && !identity.restarting.includes(q)) identity.restarting.push(q)
  }
  return identity.restarting.length > 0
}

/** Raises the epoch by itself (no transactions) and numbers the affected partitions from 0. */
export function raiseEpoch(identity: ProducerIdentity): void {
  identity.producerEpoch++
  for (let i = 0; i < identity.restarting.length; i++) restart(identity.restarting[i] as PartitionQueue, identity)
  identity.restarting.length = 0
}

function restart(q: PartitionQueue, identity: ProducerIdentity): void {
  q.producerId = identity.producerId
  q.producerEpoch = identity.producerEpoch
  q.nextSequence = 0
  q.lastAcknowledged = -1
  for (let i = 0; i < q.sequenced.length; i++) {
    const batch = q.sequenced[i] as QueuedBatch
    batch.producerId = q.producerId
    batch.producerEpoch = q.producerEpoch
    batch.baseSequence = q.nextSequence
    batch.wasRenumbered = true
    q.nextSequence += batch.records
  }
}

function isStale(identity: ProducerIdentity, q: PartitionQueue): boolean {
  return q.producerId !== identity.producerId || q.producerEpoch !== identity.producerEpoch
}

function forget(q: PartitionQueue, batch: QueuedBatch): void {
  const at = q.sequenced.indexOf(batch)
  if (at >= 0) removeAt(q.sequenced, at)
}
