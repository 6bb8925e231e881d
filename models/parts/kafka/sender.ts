/**
 * Models: which batches go out when: a partition is ready when its batch is full, another waits behind it, it is older
 *   than linger.ms, memory is exhausted, or a flush is on; a ready partition flushes the others led by the same broker,
 *   one batch each, into one request of at most max.request.size; at most max.in.flight requests per connection.
 * Source: Kafka 4.2 RecordAccumulator#ready, #drain, Sender#sendProducerData.
 * Leaves out: partitioner.availability.timeout.ms; the sender thread's own cost.
 */
import type { Sim } from '../../../src/kernel/index.ts'
import type { PartitionQueue, QueuedBatch } from './accumulator.ts'
import { ASKS_PRODUCE, type Link } from './client-connection.ts'
import { mustHold, sequence } from './idempotence.ts'
import { produceAnswered, type KafkaProducer } from './producer.ts'
import { Batch, DATA_BATCH, ProduceRequest } from './protocol.ts'
import { hopOfSlices } from '../../../src/contract/hop.ts'
import { produced } from './hops.ts'

/** Header of a produce request, and what each partition in it adds, bytes. Derived from the message format. */
const REQUEST_OVERHEAD = 60
const PARTITION_OVERHEAD = 30

/** Sends all that may be sent now, and says when to look again. */
export function sendReady(sim: Sim, producer: KafkaProducer): void {
  if (!producer.metadata.isKnown || !producer.maySend()) return
  for (;;) {
    if (!markReady(sim, producer)) return
    let isAgain = false
    for (let i = 0; i < producer.links.length; i++) {
      const link = producer.links[i] as Link
      if (!link.isWanted || !producer.isReady(sim, link)) continue
      if (link.pending.length < producer.config.maxInFlight && drain(sim, producer, link) && link.hasMore) isAgain = true
    }
    if (!isAgain) return
  }
}

/** Marks the brokers that lead a partition with a batch to send; false when there are none. */
function markReady(sim: Sim, producer: KafkaProducer): boolean {
  const { active, hasWaiting } = producer.accumulator
  const { leaders } = producer.metadata
  const isHurried = hasWaiting || producer.isFlushing
  let any = false
  for (let i = 0; i < producer.links.length; i++) (producer.links[i] as Link).isWanted = false
  for (let i = 0; i < active.length; i++) {
    const q = active[i] as PartitionQueue
    // Reading behind the end of a list is slow.
    if (q.queue.length === 0) continue
    const head = q.queue[0] as QueuedBatch
    const leader = leaders[q.partition] as number
    const link = leader < 0 ? null : producer.linkTo(leader)
    if (link === null) {
      producer.metadata.request()
      continue
    }
    if (q.isMuted || isBackingOff(sim, producer, q, head)) continue
    const due = head.createdAt + producer.config.linger
    if (head.attempts > 0 || isHurried || head.isClosed || q.queue.length > 1 || isFull(producer, head) || sim.now >= due) {
      link.isWanted = true
      any = true
    } else producer.wakeBy(due)
  }
  return any
}

/** True while a batch waits after a failed attempt; a newer leader ends the wait. */
function isBackingOff(sim: Sim, producer: KafkaProducer, q: PartitionQueue, head: QueuedBatch): boolean {
  if (head.attempts === 0 || sim.now >= head.notBefore) return false
  if ((producer.metadata.epochs[q.partition] as number) > head.triedEpoch) return false
  producer.wakeBy(head.notBefore)
  return true
}

function isFull(producer: KafkaProducer, batch: QueuedBatch): boolean {
  return batch.bytes >= producer.config.batchBytes
}

/** One request with a batch of each partition that the broker leads; false when none may go. */
function drain(sim: Sim, producer: KafkaProducer, link: Link): boolean {
  const { active } = producer.accumulator
  const { leaders, epochs } = producer.metadata
  const { config, identity } = producer
  const taken: QueuedBatch[] = []
  let bytes = REQUEST_OVERHEAD
  const start = link.drainFrom < active.length ? link.drainFrom : 0
  link.hasMore = false
  for (let i = 0; i < active.length; i++) {
    const at = start + i < active.length ? start + i : start + i - active.length
    const q = active[at] as PartitionQueue
    if (q.queue.length === 0 || leaders[q.partition] !== link.broker || q.isMuted) continue
    const head = q.queue[0] as QueuedBatch
    if (q.queue.length > 1) link.hasMore = true
    if (isBackingOff(sim, producer, q, head)) continue
    if (identity !== null && mustHold(identity, q, head)) continue
    if (taken.length > 0 && bytes + head.bytes > config.maxRequestBytes) {
      link.drainFrom = at
      link.hasMore = true
      break
    }
    q.queue.shift()
    head.isClosed = true
    head.triedEpoch = epochs[q.partition] as number
    if (identity !== null) sequence(identity, q, head)
    if (config.maxInFlight === 1) q.isMuted = true
    bytes += head.bytes + PARTITION_OVERHEAD
    taken.push(head)
  }
  if (taken.length === 0) return false
  send(sim, producer, link, taken, bytes)
  return true
}

function send(sim: Sim, producer: KafkaProducer, link: Link, taken: QueuedBatch[], bytes: number): void {
  const { config } = producer
  const { connection } = link
  if (connection === null) return
  const batches: Batch[] = []
  for (let i = 0; i < taken.length; i++) {
    const batch = taken[i] as QueuedBatch
    if (sim.tracer !== null) hopOfSlices(sim, produced, producer, batch.slices, link.broker + 1)
    batches.push(new Batch(
      batch.partition, batch.slices, batch.records, batch.bytes, batch.producerId, batch.producerEpoch,
      batch.baseSequence, producer.transactionalId >= 0, DATA_BATCH, producer.writer, -1,
    ))
  }
  const request = new ProduceRequest(
    connection, producer, produceAnswered, config.acks, config.requestTimeout, producer.transactionalId, batches, bytes,
  )
  connection.send(sim, producer, producer.cluster.requests.produce, request, bytes)
  producer.drained(sim, link, request, taken)
  if (config.acks !== 0) producer.await(sim, link, ASKS_PRODUCE, request, taken)
}
