/**
 * Models: a broker: a process that holds replicas, serves requests, follows leaders and obeys the metadata log. What
 *   is on its disk (logs) survives the process; everything else starts anew.
 * Source: Kafka 4.2 `BrokerServer`, `ReplicaManager`.
 * Leaves out: groups and their offsets, quotas, several listeners and log directories.
 */
import { eventKind, objects, Process, Timer, type Death, type Host, type Sim } from '../../../src/kernel/index.ts'
import { BrokerMetadata } from './broker-metadata.ts'
import type { KafkaCluster } from './cluster.ts'
import type { FetchSession } from './fetch-session.ts'
import { expireFetch } from './fetch.ts'
import { FollowerFetcher } from './follower-fetch.ts'
import { IsrManager } from './isr.ts'
import { BrokerLifecycle } from './lifecycle.ts'
import { PeerLinks } from './peer-link.ts'
import { expireParked, type Parked } from './purgatory.ts'
import type { Replica } from './replica.ts'
import { RequestChannel } from './request-channel.ts'
import { RequestThreads } from './request-threads.ts'
import { forgetMemory } from './broker-death.ts'
import { settle } from './settle.ts'
import { TransactionCoordinator } from './transaction-coordinator.ts'
import { TransactionGuard } from './transaction-guard.ts'

/** Broker `number` counts from 0; its name counts from 1. */
export class Broker extends Process {
  readonly cluster: KafkaCluster
  readonly number: number
  /** By partition; null where it has no replica. */
  readonly replicas: (Replica | null)[] = []
  metadata: BrokerMetadata
  readonly threads: RequestThreads
  /** By connection id. */
  readonly channels: (RequestChannel | null)[] = []
  /** Channels of ended connections that may still hold requests; for holdings only. */
  readonly leaving: RequestChannel[] = []
  readonly fetchers: FollowerFetcher[] = []
  readonly isr: IsrManager
  readonly lifecycle: BrokerLifecycle
  readonly peers: PeerLinks
  readonly coordinator: TransactionCoordinator
  readonly guard: TransactionGuard
  /** What this event has touched and `settle` will serve. */
  readonly movedReplicas: Replica[] = objects()
  readonly awakeSessions: FetchSession[] = objects()
  readonly readyChannels: RequestChannel[] = objects()
  /** Appends that wait for replication. */
  readonly parked: Parked[] = objects()
  parkedLimit = 64
  readonly parkedTimer: Timer<Broker, null>
  readonly isrTimer: Timer<Broker, null>
  /** Disk work takes this many times as long. */
  diskFactor = 1

  constructor(sim: Sim, cluster: KafkaCluster, number: number, host: Host) {
    super(sim, `broker-${number + 1}`, host)
    this.cluster = cluster
    this.number = number
    this.restartAfter = cluster.config.restart
    this.metadata = new BrokerMetadata(cluster.partitionCount)
    this.threads = new RequestThreads(cluster.config.ioThreads)
    this.isr = new IsrManager(this)
    this.lifecycle = new BrokerLifecycle(sim, this)
    this.peers = new PeerLinks(this)
    this.coordinator = new TransactionCoordinator(this)
    this.guard = new TransactionGuard(this)
    this.parkedTimer = new Timer<Broker, null>(this, parkedDue, null)
    this.isrTimer = new Timer<Broker, null>(this, isrDue, null)
  }

  /** The replica of a partition if this broker has one. */
  replica(partition: number): Replica | null {
    return this.replicas[partition] ?? null
  }

  channel(id: number): RequestChannel | null {
    return this.channels[id] ?? null
  }

  fetcher(leader: number): FollowerFetcher {
    while (this.fetchers.length <= leader) this.fetchers.push(new FollowerFetcher(this, this.fetchers.length))
    return this.fetchers[leader] as FollowerFetcher
  }

  /** The high watermark of a replica that this broker leads has moved. */
  moved(replica: Replica): void {
    if (replica.hasMoved) return
    replica.hasMoved = true
    this.movedReplicas.push(replica)
  }

  /** A session may have something to answer. */
  wake(session: FetchSession): void {
    if (session.isAwake || !session.isParked) return
    session.isAwake = true
    this.awakeSessions.push(session)
  }

  /** A channel's answer is sent: its next request may be read. */
  release(channel: RequestChannel): void {
    channel.isMuted = false
    channel.current = null
    if (channel.isReady || !channel.hasWaiting()) return
    channel.isReady = true
    this.readyChannels.push(channel)
  }

  /** A connection ended; what came on it before is still served. */
  leaves(channel: RequestChannel): void {
    for (let i = this.leaving.length - 1; i >= 0; i--) {
      const other = this.leaving[i] as RequestChannel
      if (other.current === null && !other.hasWaiting()) this.leaving.splice(i, 1)
    }
    if (channel.current !== null || channel.hasWaiting()) this.leaving.push(channel)
  }

  override died(sim: Sim, how: Death): void {
    forgetMemory(sim, this, how)
  }

  override started(sim: Sim): void {
    this.lifecycle.start(sim)
  }
}

const parkedDue = eventKind<Broker, null>('kafka.purgatory-due', (sim, broker) => {
  expireParked(sim, broker)
  settle(sim, broker)
})
const isrDue = eventKind<Broker, null>('kafka.isr-check', (sim, broker) => {
  broker.isr.check(sim)
  settle(sim, broker)
})

/** The longest wait of a fetch is over. */
export const fetchExpired = eventKind<Broker, FetchSession>('kafka.fetch-expired', (sim, broker, session) => {
  expireFetch(sim, broker, session)
  settle(sim, broker)
})
