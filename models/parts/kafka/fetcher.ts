/**
 * Models: how a consumer asks for data: one outstanding fetch per broker, in a session that carries only what changed;
 *   a broker is asked again only when nothing of it is buffered; errors that hint at a stale leader keep the partition
 *   out until the back-off is over.
 * Source: Kafka 4.2 AbstractFetch#prepareFetchRequests, FetchSessionHandler (KIP-227), FetchCollector.
 * Leaves out: eviction of sessions by the broker, rack-aware fetching (KIP-392), ListOffsets (a reset uses the bounds
 *   that the refusal carries).
 */
import { Copyable, type Sim } from '../../../src/kernel/index.ts'
import { AbortedFilter } from './aborted-filter.ts'
import { ASKS_FETCH, type Link } from './client-connection.ts'
import { positionReset } from './client-causes.ts'
import { fetchAnswered, type KafkaConsumer } from './consumer.ts'
import { DATA_BATCH, FetchRequest, READ_COMMITTED, type Batch, type FetchedPartition } from './protocol.ts'

const REQUEST_BYTES = 60
const PARTITION_BYTES = 16
const NO_BATCHES: readonly Batch[] = Object.freeze([])

/** A partition that a consumer reads: where it stands, and what it has fetched but not handed out. */
export class PartitionPosition extends Copyable {
  readonly partition: number
  /** Offset of the next record to hand out. */
  position: number
  /** Leader epoch of the last record handed out, -1 none. */
  epoch = -1
  /** Bound of what its isolation may read, as last heard; -1 unknown. */
  readableEnd = -1
  /** Index of the link whose session holds it, -1 none; and the offset that the broker knows. */
  session = -1
  toldOffset = -1
  notBefore = 0
  batches: readonly Batch[] = NO_BATCHES
  next = 0
  private filter: AbortedFilter | null = null
  /** The batch that the filter has judged already, when it is handed out in parts. */
  private judged: Batch | null = null

  constructor(partition: number, position: number) {
    super()
    this.partition = partition
    this.position = position
  }

  /** Takes fetched batches, in the order of offsets. */
  buffer(batches: readonly Batch[], filter: AbortedFilter | null): void {
    this.batches = batches
    this.next = 0
    this.filter = filter
    this.judged = null
  }

  /** The next batch with a record to hand out; steps over markers and aborted data. Null when all is handed out. */
  readable(): Batch | null {
    while (this.next < this.batches.length) {
      const batch = this.batches[this.next] as Batch
      if (batch === this.judged) return batch
      const end = batch.baseOffset + batch.records
      const isSkipped = this.filter !== null && this.filter.skips(batch)
      if (end > this.position) {
        if (!isSkipped && batch.control === DATA_BATCH) {
          this.judged = batch
          return batch
        }
        this.position = end
        this.epoch = batch.leaderEpoch
      }
      this.next++
    }
    this.buffer(NO_BATCHES, null)
    return null
  }

  get isBuffered(): boolean {
    return this.next < this.batches.length
  }
}

/** Sends every fetch that may be sent now. */
export function sendFetches(sim: Sim, consumer: KafkaConsumer): void {
  if (!consumer.metadata.isKnown) return
  place(sim, consumer)
  for (let i = 0; i < consumer.links.length; i++) {
    const link = consumer.links[i] as Link
    if (link.isWanted && !consumer.isFetching(link) && consumer.isReady(sim, link)) fetch(sim, consumer, link)
  }
}

/** Gives each partition to the session of its leader, and marks the brokers to be asked. */
function place(sim: Sim, consumer: KafkaConsumer): void {
  const { positions, links, metadata } = consumer
  for (let i = 0; i < links.length; i++) (links[i] as Link).isWanted = false
  for (let i = 0; i < positions.length; i++) {
    const at = positions[i] as PartitionPosition
    const leader = metadata.leaders[at.partition] as number
    const link = leader < 0 ? null : consumer.linkTo(leader)
    if (link === null) metadata.request()
    const isResting = sim.now < at.notBefore
    if (isResting) consumer.wakeBy(at.notBefore)
    if (at.session >= 0 && (link === null || isResting || at.session !== link.index)) consumer.leave(at)
    if (link !== null && !isResting) link.isWanted = true
  }
  // A broker with buffered data is not asked, else its buffered partitions would leave the session.
  for (let i = 0; i < positions.length; i++) {
    const at = positions[i] as PartitionPosition
    const link = at.isBuffered ? consumer.linkTo(metadata.leaders[at.partition] as number) : null
    if (link !== null) link.isWanted = false
  }
}

function fetch(sim: Sim, consumer: KafkaConsumer, link: Link): void {
  const { config, positions, metadata } = consumer
  const { connection } = link
  if (connection === null) return
  const changed = consumer.takeForgotten(link)
  for (let i = 0; i < positions.length; i++) {
    const at = positions[i] as PartitionPosition
    if (metadata.leaders[at.partition] !== link.broker || sim.now < at.notBefore) continue
    if (at.session === link.index && at.toldOffset === at.position) continue
    changed.push(at.partition, at.position, at.epoch)
    at.session = link.index
    at.toldOffset = at.position
  }
  const request = new FetchRequest(
    connection, consumer, fetchAnswered, config.isolation, -1, -1, changed, config.minBytes, config.maxWait,
    config.maxBytes, config.maxPartitionBytes,
  )
  connection.send(sim, consumer, consumer.cluster.requests.fetch, request, REQUEST_BYTES + (changed.length / 3) * PARTITION_BYTES)
  consumer.await(sim, link, ASKS_FETCH, request)
}

/** Takes one partition of an answer. True when there is something to hand out. */
export function takeFetched(sim: Sim, consumer: KafkaConsumer, link: Link, fetched: FetchedPartition): boolean {
  const at = consumer.positionOf(fetched.partition)
  if (at === null || at.session !== link.index || at.toldOffset !== at.position) return false
  if (fetched.error === 'OFFSET_OUT_OF_RANGE') {
    const { offsetReset } = consumer.config
    const bound = consumer.config.isolation === READ_COMMITTED ? fetched.lastStableOffset : fetched.highWatermark
    move(sim, consumer, at, offsetReset === 'none' ? -1 : offsetReset === 'earliest' ? fetched.logStartOffset : bound)
    return false
  }
  if (fetched.error !== 'NONE') {
    consumer.metadata.request()
    at.notBefore = sim.now + consumer.backOff(consumer.config.retryBackoff, consumer.config.retryBackoffMax, 0)
    return false
  }
  if (fetched.truncateTo >= 0 && fetched.truncateTo < at.position) {
    move(sim, consumer, at, fetched.truncateTo)
    return false
  }
  const isCommitted = consumer.config.isolation === READ_COMMITTED
  at.readableEnd = isCommitted ? fetched.lastStableOffset : fetched.highWatermark
  if (fetched.batches.length === 0) return false
  at.buffer(fetched.batches, isCommitted ? new AbortedFilter(fetched.aborted) : null)
  return at.readable() !== null
}

/** The position jumps; -1 stops reading. */
function move(sim: Sim, consumer: KafkaConsumer, at: PartitionPosition, to: number): void {
  sim.fact(positionReset, consumer, at.partition, at.position, to)
  at.epoch = -1
  if (to < 0) at.notBefore = Infinity
  else at.position = to
}
