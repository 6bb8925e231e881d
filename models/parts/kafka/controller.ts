/**
 * Models: the active controller: it commits metadata changes in batches, answers those who wait for them, hands the log
 *   to brokers, fences silent brokers, and elects leaders.
 * Source: Kafka 4.2 `QuorumController`, `ReplicationControlManager`, `BrokerHeartbeatManager`.
 * Leaves out: topic and configuration changes.
 */
import { Copyable, eventKind, Process, Timer, type Connection, type Death, type EventKind, type Host, type Sim, type Unit } from '../../../src/kernel/index.ts'
import type { KafkaCluster } from './cluster.ts'
import { brokerFenced, isrExpanded, isrShrunk, partitionOffline } from './facts.ts'
import { nextPartition } from './election.ts'
import { BrokerRecord, type MetadataFetchAnswer, type MetadataFetchRequest, type PartitionRecord } from './protocol-internal.ts'
import { COMMIT_NANOS, type BrokerState, type MetadataQuorum } from './quorum.ts'

const METADATA_WAIT = 500e6
const RECORD_BYTES = 80

/** An answer that waits until what it says is committed. */
class Deferred extends Copyable {
  readonly connection: Connection
  readonly kind: EventKind<Unit, unknown>
  readonly payload: unknown

  constructor(connection: Connection, kind: EventKind<Unit, unknown>, payload: unknown) {
    super()
    this.connection = connection
    this.kind = kind
    this.payload = payload
  }
}

/** One process of the quorum; `number` counts from 0. */
export class Controller extends Process {
  readonly cluster: KafkaCluster
  readonly number: number
  private deferred: Deferred[] = []
  /** Metadata fetches that wait for records. */
  private parked: MetadataFetchRequest[] = []
  private parkedUntil: number[] = []
  private readonly commitTimer: Timer<Controller, null>
  private readonly fenceTimer: Timer<Controller, null>
  private readonly parkedTimer: Timer<Controller, null>
  private readonly preferredTimer: Timer<Controller, null>
  private readonly uncleanTimer: Timer<Controller, null>

  constructor(sim: Sim, cluster: KafkaCluster, number: number, host: Host) {
    super(sim, `controller-${number + 1}`, host)
    this.cluster = cluster
    this.number = number
    this.restartAfter = cluster.config.restart
    this.commitTimer = new Timer<Controller, null>(this, commitDue, null)
    this.fenceTimer = new Timer<Controller, null>(this, fenceDue, null)
    this.parkedTimer = new Timer<Controller, null>(this, metadataWaitDue, null)
    this.preferredTimer = new Timer<Controller, null>(this, preferredDue, null)
    this.uncleanTimer = new Timer<Controller, null>(this, uncleanDue, null)
  }

  get quorum(): MetadataQuorum {
    return this.cluster.quorum
  }

  isActive(): boolean {
    return this.alive && this.quorum.isActive(this.number)
  }

  /** Becomes the active controller: every unfenced broker counts as just heard. */
  activate(sim: Sim): void {
    if (!this.isActive()) return
    for (const broker of this.quorum.brokers) broker.lastContact = sim.now
    const { sessionTimeout, imbalanceInterval, uncleanInterval } = this.cluster.config
    this.fenceTimer.set(sim, sim.now + Math.floor(sessionTimeout / 8))
    this.preferredTimer.set(sim, sim.now + imbalanceInterval)
    this.uncleanTimer.set(sim, sim.now + uncleanInterval)
  }

  override died(_sim: Sim, _how: Death): void {
    this.deferred = []
    this.parked = []
    this.parkedUntil = []
    this.commitTimer.stop()
    this.fenceTimer.stop()
    this.parkedTimer.stop()
    this.preferredTimer.stop()
    this.uncleanTimer.stop()
  }

  /** Sends an answer once everything decided so far is committed; at once when nothing is pending. */
  answer<A>(sim: Sim, connection: Connection, kind: EventKind<Unit, A>, payload: A): void {
    // The kind and its payload were paired by the request; they meet again in `commit`.
    if (this.quorum.pending.length === 0) connection.send(sim, this, kind, payload, RECORD_BYTES)
    else this.deferred.push(new Deferred(connection, kind as unknown as EventKind<Unit, unknown>, payload))
    if (this.quorum.pending.length > 0) {
      this.commitTimer.setEarlier(sim, sim.now + this.cluster.config.appendLinger + COMMIT_NANOS)
    }
  }

  /** The linger is over: pending records are committed, if a majority can be reached. */
  commit(sim: Sim): void {
    const quorum = this.quorum
    if (!this.isActive()) {
      this.deferred = []
      return
    }
    if (!quorum.hasMajority(sim, this.number)) {
      this.commitTimer.set(sim, sim.now + this.cluster.config.appendLinger + COMMIT_NANOS)
      return
    }
    quorum.commitPending()
    const deferred = this.deferred
    this.deferred = []
    for (const one of deferred) one.connection.send(sim, this, one.kind, one.payload, RECORD_BYTES)
    const parked = this.parked
    this.parked = []
    this.parkedUntil = []
    for (const request of parked) this.metadataFetch(sim, request)
  }

  /** Answers a broker's fetch of the metadata log, or parks it. */
  metadataFetch(sim: Sim, request: MetadataFetchRequest): void {
    const quorum = this.quorum
    if (!this.isActive() || request.offset < quorum.log.length) {
      this.answerMetadata(sim, request)
      return
    }
    this.parked.push(request)
    this.parkedUntil.push(sim.now + METADATA_WAIT)
    this.parkedTimer.setEarlier(sim, sim.now + METADATA_WAIT)
  }

  private answerMetadata(sim: Sim, request: MetadataFetchRequest): void {
    const quorum = this.quorum
    const isActive = this.isActive()
    const payload: MetadataFetchAnswer = {
      request, error: isActive ? 'NONE' : 'NOT_CONTROLLER', records: isActive ? quorum.log.slice(request.offset) : [],
      endOffset: quorum.log.length, active: quorum.active,
    }
    request.connection.send(sim, this, request.onAnswer, payload, 60 + RECORD_BYTES * payload.records.length)
  }

  /** Parked metadata fetches whose wait is over are answered empty. */
  releaseParked(sim: Sim): void {
    while (this.parked.length > 0 && (this.parkedUntil[0] as number) <= sim.now) {
      this.parkedUntil.shift()
      this.answerMetadata(sim, this.parked.shift() as MetadataFetchRequest)
    }
    if (this.parked.length > 0) this.parkedTimer.set(sim, this.parkedUntil[0] as number)
  }

  /** Decides a broker's new state; the next commit carries it. */
  decideBroker(sim: Sim, record: BrokerRecord): void {
    this.quorum.decide(record)
    this.commitTimer.setEarlier(sim, sim.now + this.cluster.config.appendLinger + COMMIT_NANOS)
  }

  /**
   * Looks at one partition again: the in-sync set shall be `targetIsr`. `unclean` names a broker that came back from
   * an unclean shutdown. Returns the new state, null when nothing changes.
   */
  decidePartition(sim: Sim, partition: number, targetIsr: readonly number[], unclean: number, isPreferred: boolean): PartitionRecord | null {
    const cluster = this.cluster
    const quorum = this.quorum
    const now = quorum.partitions[partition] as PartitionRecord
    const next = nextPartition(now, {
      replicas: cluster.replicasOf(partition), isActive: quorum.brokers.map((b) => !b.record.isFenced && !b.record.isShuttingDown),
      minIsr: cluster.minIsr(partition), isUncleanAllowed: cluster.config.uncleanElection && !cluster.isInternal(partition),
      hasElr: cluster.config.eligibleLeaderReplicas, targetIsr, unclean, isPreferred,
    })
    if (next === null) return null
    quorum.decide(next)
    this.commitTimer.setEarlier(sim, sim.now + cluster.config.appendLinger + COMMIT_NANOS)
    if (!cluster.isInternal(partition)) this.say(sim, now, next)
    return next
  }

  private say(sim: Sim, now: PartitionRecord, next: PartitionRecord): void {
    for (const member of now.isr) if (!next.isr.includes(member)) sim.fact(isrShrunk, this, next.partition, member + 1, next.isr.length)
    for (const member of next.isr) if (!now.isr.includes(member)) sim.fact(isrExpanded, this, next.partition, member + 1, next.isr.length)
    if (next.leader < 0 && now.leader >= 0) sim.fact(partitionOffline, this, next.partition)
  }

  /** A broker shall lead nothing and be in no in-sync set: it is fenced, leaving, or back from an unclean shutdown. */
  removeFromPartitions(sim: Sim, broker: number, isUnclean: boolean): void {
    const partitions = this.quorum.partitions
    for (let p = 0; p < partitions.length; p++) {
      const now = partitions[p] as PartitionRecord
      if (now.leader !== broker && !now.isr.includes(broker) && !(isUnclean && now.elr.includes(broker))) continue
      this.decidePartition(sim, p, now.isr.filter((member) => member !== broker), isUnclean ? broker : -1, false)
    }
  }

  /** Partitions without a leader are looked at again: somebody is back, or a timer came. */
  electLeaderless(sim: Sim): void {
    const partitions = this.quorum.partitions
    for (let p = 0; p < partitions.length; p++) {
      const now = partitions[p] as PartitionRecord
      if (now.leader < 0) this.decidePartition(sim, p, now.isr, -1, false)
    }
  }

  /** Fences the broker that has been silent longest, if its session is over; looks again soon if there are more. */
  fenceStale(sim: Sim): void {
    if (!this.isActive()) return
    const { sessionTimeout } = this.cluster.config
    let stalest: BrokerState | null = null
    let count = 0
    for (const broker of this.quorum.brokers) {
      if (broker.record.isFenced || sim.now - broker.lastContact < sessionTimeout) continue
      count++
      if (stalest === null || broker.lastContact < stalest.lastContact) stalest = broker
    }
    if (stalest !== null) {
      const process = this.cluster.brokers[stalest.broker] as Process
      sim.fact(brokerFenced, process, sim.now - stalest.lastContact)
      this.decideBroker(sim, new BrokerRecord(stalest.broker, stalest.record.epoch, true, stalest.record.isShuttingDown))
      this.removeFromPartitions(sim, stalest.broker, false)
    }
    this.fenceTimer.set(sim, sim.now + (count > 1 ? 1e6 : Math.floor(sessionTimeout / 8)))
  }

  /** Leadership goes back to the first replica of each partition where that is possible. */
  rebalance(sim: Sim): void {
    if (!this.isActive()) return
    const partitions = this.quorum.partitions
    for (let p = 0; p < partitions.length; p++) {
      const now = partitions[p] as PartitionRecord
      if (now.leader !== this.cluster.replicasOf(p)[0]) this.decidePartition(sim, p, now.isr, -1, true)
    }
    this.preferredTimer.set(sim, sim.now + this.cluster.config.imbalanceInterval)
  }

  uncleanLook(sim: Sim): void {
    if (!this.isActive()) return
    this.electLeaderless(sim)
    this.uncleanTimer.set(sim, sim.now + this.cluster.config.uncleanInterval)
  }
}

const commitDue = eventKind<Controller, null>('kafka.controller-commit', (sim, controller) => controller.commit(sim))
const fenceDue = eventKind<Controller, null>('kafka.session-check', (sim, controller) => controller.fenceStale(sim))
const metadataWaitDue = eventKind<Controller, null>('kafka.metadata-wait', (sim, controller) => controller.releaseParked(sim))
const preferredDue = eventKind<Controller, null>('kafka.imbalance-check', (sim, controller) => controller.rebalance(sim))
const uncleanDue = eventKind<Controller, null>('kafka.unclean-check', (sim, controller) => controller.uncleanLook(sim))
