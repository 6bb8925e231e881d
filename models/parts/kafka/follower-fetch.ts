/**
 * Models: a follower's fetcher thread: one per leading broker; one fetch at a time over all partitions led there; appends
 *   what comes, cuts its log where the leader's diverges, and asks on from there.
 * Source: Kafka 4.2 `AbstractFetcherThread`, `ReplicaFetcherThread`; KIP-595 (diverging epoch in the answer).
 * Leaves out: num.replica.fetchers is 1; throttled replication.
 */
import { Copyable, eventKind, invariant, Timer, type Connection, type EventKind, type Sim, type Unit } from '../../../src/kernel/index.ts'
import type { Broker } from './broker.ts'
import { logTruncated } from './facts.ts'
import { type Batch, type FetchAnswer, type FetchedPartition, READ_REPLICA } from './protocol.ts'
import { FollowerFetchRequest } from './protocol-internal.ts'
import { FOLLOWER, type Replica } from './replica.ts'
import { fetchRequest } from './requests.ts'
import { settle } from './settle.ts'
import { hopOfSlices } from '../../../src/contract/hop.ts'
import { replicated } from './hops.ts'

const REQUEST_BYTES = 60
const CHANGE_BYTES = 20

/** Fetches from one broker everything that this broker follows there. */
export class FollowerFetcher extends Copyable {
  readonly broker: Broker
  readonly leader: number
  connection: Connection | null = null
  isInFlight = false
  /** Followed partitions. */
  readonly members: Replica[] = []
  /** What the next request will say, flat triples, and the leader epoch of each. */
  private changed: number[] = []
  private epochs: number[] = []
  /** Partitions that wait after an error, and until when. */
  private readonly delayed: Replica[] = []
  private readonly delayedUntil: number[] = []
  private reconnectAt = 0
  /** The thread appends until then; -1 when it does not. */
  private busyUntil = -1
  private readonly timer: Timer<Broker, FollowerFetcher>
  private readonly timeout: Timer<Broker, FollowerFetcher>

  constructor(broker: Broker, leader: number) {
    super()
    this.broker = broker
    this.leader = leader
    this.timer = new Timer<Broker, FollowerFetcher>(broker, fetcherDue, this)
    this.timeout = new Timer<Broker, FollowerFetcher>(broker, fetcherTimedOut, this)
  }

  add(sim: Sim, replica: Replica): void {
    if (!this.members.includes(replica)) this.members.push(replica)
    this.undelay(replica)
    this.say(replica)
    this.send(sim)
  }

  remove(replica: Replica): void {
    const index = this.members.indexOf(replica)
    if (index < 0) return
    this.members.splice(index, 1)
    this.undelay(replica)
    this.forget(replica.partition)
    this.changed.push(replica.partition, -1, -1)
    this.epochs.push(-1)
  }

  /** The next request says where this replica stands. */
  private say(replica: Replica): void {
    this.changed.push(replica.partition, replica.log.end, replica.log.lastEpoch())
    this.epochs.push(replica.leaderEpoch)
  }

  private forget(partition: number): void {
    for (let i = 0; i < this.changed.length; i += 3) {
      if (this.changed[i] !== partition) continue
      this.changed.splice(i, 3)
      this.epochs.splice(i / 3, 1)
      i -= 3
    }
  }

  private undelay(replica: Replica): void {
    const index = this.delayed.indexOf(replica)
    if (index < 0) return
    this.delayed.splice(index, 1)
    this.delayedUntil.splice(index, 1)
  }

  /** Sends the next fetch if none is out and there is somebody to ask for. */
  send(sim: Sim): void {
    if (this.isInFlight || this.members.length === this.delayed.length || sim.now < this.reconnectAt) return
    const broker = this.broker
    let connection = this.connection
    if (connection === null || !connection.isUsableBy(broker)) {
      connection = this.connect(sim)
    }
    const config = broker.cluster.config
    const changed = this.changed
    const epochs = this.epochs
    this.changed = []
    this.epochs = []
    const request = new FollowerFetchRequest(
      connection, broker, followerAnswered as EventKind<Unit, FetchAnswer>, READ_REPLICA, broker.number,
      broker.lifecycle.epoch, changed, 1, config.replicaFetchWaitMax, config.replicaFetchResponseMaxBytes,
      config.replicaFetchMaxBytes, epochs,
    )
    this.isInFlight = true
    this.timeout.set(sim, sim.now + config.replicaSocketTimeout)
    connection.send(sim, broker, fetchRequest, request, REQUEST_BYTES + (CHANGE_BYTES * changed.length) / 3)
  }

  /** A new session: all members are said again. */
  private connect(sim: Sim): Connection {
    const broker = this.broker
    const connection = sim.network.connect(sim, broker, broker.cluster.brokers[this.leader] as Broker, fetcherOpened, fetcherClosed)
    connection.tag = this.leader
    this.connection = connection
    this.changed = []
    this.epochs = []
    for (let i = 0; i < this.members.length; i++) {
      const replica = this.members[i] as Replica
      if (!this.delayed.includes(replica)) this.say(replica)
    }
    return connection
  }

  /** The connection is gone, by the peer or by time-out: try again after the back-off. */
  lost(sim: Sim): void {
    if (this.connection !== null) this.connection.close(sim, this.broker)
    this.connection = null
    this.isInFlight = false
    this.busyUntil = -1
    this.timeout.stop()
    this.reconnectAt = sim.now + this.broker.cluster.config.replicaFetchBackoff
    this.timer.setEarlier(sim, this.reconnectAt)
  }

  /** Partitions whose back-off is over, or the connection's, are asked for again. */
  due(sim: Sim): void {
    let next = Infinity
    for (let i = this.delayed.length - 1; i >= 0; i--) {
      const until = this.delayedUntil[i] as number
      if (until > sim.now) {
        if (until < next) next = until
        continue
      }
      const replica = this.delayed[i] as Replica
      this.undelay(replica)
      this.say(replica)
    }
    if (next !== Infinity) this.timer.setEarlier(sim, next)
    this.send(sim)
  }

  /** An answer has come. The thread is busy with it for a while before it asks again. */
  answered(sim: Sim, answer: FetchAnswer): void {
    if (answer.request.connection !== this.connection) return
    const partitions = answer.partitions
    for (let i = 0; i < partitions.length; i++) this.take(sim, partitions[i] as FetchedPartition)
    this.timeout.stop()
    const { fetcherService } = this.broker.cluster.config
    const busy = Math.ceil(fetcherService * partitions.length * this.broker.slowFactor * this.broker.diskFactor)
    this.busyUntil = sim.now + busy
    if (this.busyUntil > sim.now) sim.schedule(this.busyUntil, this.broker, fetcherFree, this)
    else this.free(sim)
  }

  free(sim: Sim): void {
    // The connection was lost meanwhile.
    if (this.busyUntil < 0 || this.busyUntil > sim.now) return
    this.busyUntil = -1
    this.isInFlight = false
    this.send(sim)
  }

  private take(sim: Sim, fetched: FetchedPartition): void {
    const replica = this.broker.replica(fetched.partition)
    if (replica === null || replica.role !== FOLLOWER || replica.leader !== this.leader) return
    if (fetched.error !== 'NONE') {
      if (fetched.error === 'OFFSET_OUT_OF_RANGE') this.cut(sim, replica, Math.min(replica.log.end, fetched.highWatermark))
      this.delay(sim, replica)
      return
    }
    if (fetched.leaderEpoch !== replica.leaderEpoch) return
    if (fetched.truncateTo >= 0) {
      replica.log.findEpochEnd(fetched.divergingEpoch)
      this.cut(sim, replica, Math.min(fetched.truncateTo, replica.log.foundEnd))
      this.say(replica)
      return
    }
    appendFetched(sim, this.broker, replica, fetched)
    if (fetched.batches.length > 0) this.say(replica)
  }

  private delay(sim: Sim, replica: Replica): void {
    this.undelay(replica)
    this.delayed.push(replica)
    const until = sim.now + this.broker.cluster.config.replicaFetchBackoff
    this.delayedUntil.push(until)
    this.timer.setEarlier(sim, until)
  }

  private cut(sim: Sim, replica: Replica, to: number): void {
    const records = replica.log.end - to
    if (records <= 0) return
    this.broker.cluster.visibility.truncated(replica, to)
    replica.log.truncate(to)
    replica.highWatermark = Math.min(replica.highWatermark, to)
    sim.fact(logTruncated, this.broker, replica.partition, to, records)
  }

  /** The process died: nothing is remembered. */
  clear(): void {
    this.connection = null
    this.isInFlight = false
    this.members.length = 0
    this.changed = []
    this.epochs = []
    this.delayed.length = 0
    this.delayedUntil.length = 0
    this.reconnectAt = 0
    this.busyUntil = -1
    this.timer.stop()
    this.timeout.stop()
  }
}

/** Appends the leader's batches in order and takes over its high watermark as far as the own log goes. */
function appendFetched(sim: Sim, broker: Broker, replica: Replica, fetched: FetchedPartition): void {
  const log = replica.log
  const batches = fetched.batches
  for (let i = 0; i < batches.length; i++) {
    const batch = batches[i] as Batch
    if (batch.baseOffset < log.end) continue
    invariant(batch.baseOffset === log.end, 'kafka.follower-without-gap')
    log.append(batch)
    if (sim.tracer !== null) hopOfSlices(sim, replicated, broker, batch.slices, replica.partition, batch.baseOffset)
  }
  const watermark = Math.min(fetched.highWatermark, log.end)
  if (watermark <= replica.highWatermark) return
  replica.highWatermark = watermark
  if (log.producers.ended.length > 0) log.producers.replicated(watermark)
}

const followerAnswered = eventKind<Broker, FetchAnswer>('kafka.follower-fetched', (sim, broker, answer) => {
  broker.fetcher(answer.request.connection.tag).answered(sim, answer)
  settle(sim, broker)
})
const fetcherOpened = eventKind<Broker, Connection>('kafka.fetcher-opened', () => {})
const fetcherClosed = eventKind<Broker, Connection>('kafka.fetcher-closed', (sim, broker, connection) => {
  const fetcher = broker.fetcher(connection.tag)
  if (fetcher.connection === connection) fetcher.lost(sim)
})
const fetcherDue = eventKind<Broker, FollowerFetcher>('kafka.fetcher-due', (sim, _broker, fetcher) => fetcher.due(sim))
const fetcherFree = eventKind<Broker, FollowerFetcher>('kafka.fetcher-free', (sim, _broker, fetcher) => fetcher.free(sim))
const fetcherTimedOut = eventKind<Broker, FollowerFetcher>('kafka.fetcher-timed-out', (sim, _broker, fetcher) => fetcher.lost(sim))
