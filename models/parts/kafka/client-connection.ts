/**
 * Models: a client's connections: one per broker, opened when needed; reconnect back-off 50 ms doubling to 1 s, set-up
 *   time-out 10 to 30 s, and request.timeout.ms, by which alone a silent peer is noticed: the connection is given up
 *   with everything unanswered on it.
 * Source: Kafka 4.2 NetworkClient, ClusterConnectionStates, InFlightRequests, ExponentialBackoff.
 * Leaves out: connections.max.idle.ms, throttling by quota, name lookup, rebootstrap.
 */
import { Copyable, eventKind, invariant, objects, removeAt, Timer, Unit, type Connection, type Death, type Sim, type Stream } from '../../../src/kernel/index.ts'
import type { Bootstrap } from './bootstrap.ts'
import { requestTimedOut } from './client-causes.ts'
import type { ConnectionConfig } from './client-config.ts'
import { Metadata } from './metadata-client.ts'
import type { MetadataAnswer } from './protocol.ts'
import type { QueuedBatch } from './accumulator.ts'

export const LINK_DOWN = 0
export const LINK_CONNECTING = 1
export const LINK_READY = 2

/** What is asked: the client's own mark on a request. */
export const ASKS_METADATA = 0
export const ASKS_PRODUCE = 1
export const ASKS_FETCH = 2
export const ASKS_PRODUCER_ID = 3
export const ASKS_COORDINATOR = 4
export const ASKS_TRANSACTION = 5

/** A request that has no answer yet. `batches` are those of a produce request. */
export class Pending extends Copyable {
  readonly asks: number
  readonly request: object
  readonly sentAt: number
  readonly batches: readonly QueuedBatch[]

  constructor(asks: number, request: object, sentAt: number, batches: readonly QueuedBatch[]) {
    super()
    this.asks = asks
    this.request = request
    this.sentAt = sentAt
    this.batches = batches
  }
}

/** A client's connection to one broker and what is unanswered on it, oldest first. */
export class Link extends Copyable {
  readonly index: number
  readonly broker: number
  readonly unit: Unit
  connection: Connection | null = null
  state = LINK_DOWN
  /** No connection attempt before this. */
  notBefore = 0
  failures = 0
  setupBy = Infinity
  readonly pending: Pending[] = objects()
  /** Where the next drain starts among the producer's partitions. */
  drainFrom = 0
  isWanted = false
  /** The last drain left batches of this broker behind. */
  hasMore = false

  constructor(index: number, broker: number, unit: Unit) {
    super()
    this.index = index
    this.broker = broker
    this.unit = unit
  }
}

const NO_BATCHES: readonly QueuedBatch[] = Object.freeze([])

/** A program's client library: a part of its process that dies with it and forgets all. */
export abstract class KafkaClient extends Unit {
  readonly cluster: Bootstrap
  readonly timing: ConnectionConfig
  readonly links: Link[] = []
  readonly metadata: Metadata
  private readonly timer: Timer<KafkaClient, null>
  private readonly jitter: Stream
  private readonly choice: Stream
  private nextWake = Infinity
  isOpen = false

  constructor(sim: Sim, parent: Unit, cluster: Bootstrap, config: ConnectionConfig, name: string) {
    super(sim, name, parent)
    this.cluster = cluster
    this.timing = config
    for (let i = 0; i < cluster.brokers.length; i++) {
      this.links.push(new Link(i, cluster.firstNumber + i, cluster.brokers[i] as Unit))
    }
    this.metadata = new Metadata(cluster.partitions)
    this.timer = new Timer<KafkaClient, null>(this, clientWake, null)
    this.jitter = sim.random(`kafka/${name}/back-off`)
    this.choice = sim.random(`kafka/${name}/node`)
  }

  /** Starts the client's own thread: it connects and asks for metadata. Nothing happens if it runs already. */
  open(sim: Sim): void {
    if (this.isOpen || !this.alive) return
    this.isOpen = true
    this.timer.set(sim, sim.now)
  }

  override started(sim: Sim): void {
    this.open(sim)
  }

  override died(_sim: Sim, _how: Death): void {
    this.isOpen = false
    this.metadata.forget()
    for (let i = 0; i < this.links.length; i++) {
      const link = this.links[i] as Link
      link.connection = null
      link.state = LINK_DOWN
      link.notBefore = 0
      link.failures = 0
      link.setupBy = Infinity
      link.pending.length = 0
      link.drainFrom = 0
    }
  }

  /** What the client does whenever something may have changed; `wakeBy` says when to look again. */
  protected abstract serve(sim: Sim): void
  /** A request will have no answer: its connection is gone. */
  protected abstract lost(sim: Sim, link: Link, pending: Pending): void

  /** Looks at everything that is due, and sets the one timer. */
  work(sim: Sim): void {
    this.nextWake = Infinity
    this.keepHouse(sim)
    this.serve(sim)
    this.metadata.refresh(sim, this)
    if (this.nextWake === Infinity) this.timer.stop()
    else this.timer.set(sim, this.nextWake > sim.now ? this.nextWake : sim.now)
  }

  /** Inside `work`: look again at this time. */
  wakeBy(at: number): void {
    if (at < this.nextWake) this.nextWake = at
  }

  /** Outside `work`: look again at this time. */
  wakeEarlier(sim: Sim, at: number): void {
    this.timer.setEarlier(sim, at)
  }

  /** True when the link can carry a request; opens it otherwise, as far as back-off allows. */
  isReady(sim: Sim, link: Link): boolean {
    if (link.state === LINK_READY) return true
    if (link.state === LINK_DOWN) {
      if (sim.now >= link.notBefore) this.connect(sim, link)
      else this.wakeBy(link.notBefore)
    }
    return false
  }

  linkTo(broker: number): Link | null {
    return this.links[broker - this.cluster.firstNumber] ?? null
  }

  /** A connected broker with the fewest unanswered requests; null while none is, and one is being connected. */
  leastLoaded(sim: Sim): Link | null {
    const n = this.links.length
    let best: Link | null = null
    let isConnecting = false
    const start = this.choice.below(n)
    for (let i = 0; i < n; i++) {
      const link = this.links[(start + i) % n] as Link
      if (link.state === LINK_CONNECTING) isConnecting = true
      else if (link.state === LINK_READY && (best === null || link.pending.length < best.pending.length)) best = link
    }
    if (best !== null || isConnecting) return best
    for (let i = 0; i < n; i++) {
      const link = this.links[(start + i) % n] as Link
      this.isReady(sim, link)
      if (link.state === LINK_CONNECTING) return null
    }
    return null
  }

  /** Notes a request that was sent on a link. */
  await(sim: Sim, link: Link, asks: number, request: object, batches: readonly QueuedBatch[] = NO_BATCHES): void {
    link.pending.push(new Pending(asks, request, sim.now, batches))
    this.wakeBy(sim.now + this.timing.requestTimeout)
  }

  /** The request that this answer belongs to, now answered; null when it was given up before. */
  settle(connection: Connection, request: object): Pending | null {
    const link = this.linkOf(connection)
    if (link === null) return null
    for (let i = 0; i < link.pending.length; i++) {
      const pending = link.pending[i] as Pending
      if (pending.request !== request) continue
      removeAt(link.pending, i)
      return pending
    }
    return null
  }

  /** first x 2^attempts, at most `max`, give or take 20 %. One draw. */
  backOff(first: number, max: number, attempts: number): number {
    let term = first
    for (let i = 0; i < attempts && term < max; i++) term *= 2
    return Math.min(max, Math.round(term * (0.8 + 0.4 * this.jitter.uniform())))
  }

  /** The handshake is complete. */
  opened(sim: Sim, connection: Connection): void {
    const link = this.linkOf(connection)
    if (link === null) return
    link.state = LINK_READY
    link.failures = 0
    link.setupBy = Infinity
    this.work(sim)
  }

  /** A reset came, or the connection was refused. */
  closed(sim: Sim, connection: Connection): void {
    const link = this.linkOf(connection)
    if (link === null) return
    this.dropLink(sim, link)
    this.work(sim)
  }

  metadataAnswered(sim: Sim, answer: MetadataAnswer): void {
    if (this.settle(answer.request.connection, answer.request) === null) return
    this.metadata.update(sim, this, answer)
    this.work(sim)
  }

  private linkOf(connection: Connection): Link | null {
    const link = this.links[connection.tag] as Link
    return link.connection === connection ? link : null
  }

  private connect(sim: Sim, link: Link): void {
    invariant(link.state === LINK_DOWN, 'kafka.client-connects-twice', this.name)
    const connection = sim.network.connect<KafkaClient>(sim, this, link.unit, clientOpened, clientClosed)
    connection.tag = link.index
    link.connection = connection
    link.state = LINK_CONNECTING
    link.setupBy = sim.now + this.backOff(this.timing.setupTimeout, this.timing.setupTimeoutMax, link.failures)
    this.wakeBy(link.setupBy)
  }

  /** Gives a connection up from this side: its peer said nothing for too long. */
  private giveUp(sim: Sim, link: Link): void {
    const connection = link.connection as Connection
    connection.close(sim, this)
    this.dropLink(sim, link)
  }

  private dropLink(sim: Sim, link: Link): void {
    const config = this.timing
    const pending = link.pending.splice(0)
    link.state = LINK_DOWN
    link.setupBy = Infinity
    link.notBefore = sim.now + this.backOff(config.reconnectBackoff, config.reconnectBackoffMax, link.failures)
    link.failures++
    for (let i = 0; i < pending.length; i++) {
      const one = pending[i] as Pending
      if (one.asks === ASKS_METADATA) this.metadata.failed(sim, this)
      else this.lost(sim, link, one)
    }
    this.linkDropped(sim, link)
    link.connection = null
    this.metadata.request()
  }

  /** After the requests of a link were lost; `link.connection` is still the old one. */
  protected linkDropped(_sim: Sim, _link: Link): void {}

  /** Time-outs of requests and connection attempts. */
  private keepHouse(sim: Sim): void {
    for (let i = 0; i < this.links.length; i++) {
      const link = this.links[i] as Link
      if (link.state === LINK_CONNECTING) {
        if (sim.now >= link.setupBy) this.giveUp(sim, link)
        else this.wakeBy(link.setupBy)
      }
      if (link.pending.length === 0) continue
      const oldest = link.pending[0] as Pending
      const due = oldest.sentAt + this.timing.requestTimeout
      if (sim.now >= due) {
        sim.fact(requestTimedOut, this, link.broker, link.pending.length)
        this.giveUp(sim, link)
      } else this.wakeBy(due)
    }
  }
}

const clientWake = eventKind<KafkaClient, null>('kafka.client-wake', (sim, client) => client.work(sim))
const clientOpened = eventKind<KafkaClient, Connection>('kafka.client-opened', (sim, client, connection) => client.opened(sim, connection))
const clientClosed = eventKind<KafkaClient, Connection>('kafka.client-closed', (sim, client, connection) => client.closed(sim, connection))
