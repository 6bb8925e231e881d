/**
 * Models: what the controllers hold together: the metadata log, the state that follows from it, and who is active. The
 *   active one is missed after controller.quorum.fetch.timeout.ms and another follows after an election.
 * Source: Kafka 4.2 `QuorumController`, `raft.LeaderState`; Kafka 4.2 `BrokerHeartbeatManager`, `QuorumController`.
 * Leaves out: votes and the replication of the metadata log are not exchanged as messages: a majority of controllers
 *   that are up and reach each other is looked at every 100 ms, and a commit takes append linger plus 2 ms [assumed].
 */
import { Copyable, eventKind, type Sim, type Stream, type Unit } from '../../../src/kernel/index.ts'
import type { KafkaCluster } from './cluster.ts'
import type { Controller } from './controller.ts'
import { controllerElected } from './facts.ts'
import { BrokerRecord, type MetadataRecord, type PartitionRecord } from './protocol-internal.ts'

const LOOK_INTERVAL = 100e6
export const COMMIT_NANOS = 2e6

/** A broker as the active controller knows it. */
export class BrokerState extends Copyable {
  readonly broker: number
  record: BrokerRecord
  incarnation = 1
  lastContact = 0
  metadataOffset = 0
  /** It left in order: its session counts no longer. */
  hasLeft = false
  /** Metadata offset that all must have seen before a leaving broker may stop. */
  shutDownOffset = Infinity

  constructor(broker: number, record: BrokerRecord) {
    super()
    this.broker = broker
    this.record = record
  }
}

/** The replicated state; controllers are processes that act on it in turn. */
export class MetadataQuorum extends Copyable {
  readonly cluster: KafkaCluster
  readonly log: MetadataRecord[] = []
  /** Decided by the active controller and not yet committed. */
  pending: MetadataRecord[] = []
  readonly partitions: PartitionRecord[] = []
  readonly committed: PartitionRecord[] = []
  readonly brokers: BrokerState[] = []
  readonly committedBrokers: BrokerRecord[] = []
  active = 0
  /** A controller that was restarted is not the one that was elected. */
  activeIncarnation = 1
  epoch = 1
  nextBrokerEpoch = 0
  private missedSince = -1
  private electAt = Infinity
  private readonly stream: Stream

  constructor(sim: Sim, cluster: KafkaCluster) {
    super()
    this.cluster = cluster
    this.stream = sim.random('kafka/controller/election')
  }

  /** The state that a long-running cluster starts with. */
  seed(record: MetadataRecord): void {
    this.log.push(record)
    this.install(record)
    this.commit(record)
  }

  begin(sim: Sim): void {
    sim.after(LOOK_INTERVAL, sim.platform, quorumLook, this)
  }

  /** A decision of the active controller, valid for its next decisions at once. */
  decide(record: MetadataRecord): void {
    this.pending.push(record)
    this.install(record)
  }

  private install(record: MetadataRecord): void {
    if (record instanceof BrokerRecord) {
      const known = this.brokers[record.broker]
      if (known === undefined) this.brokers.push(new BrokerState(record.broker, record))
      else known.record = record
    } else this.partitions[record.partition] = record
  }

  private commit(record: MetadataRecord): void {
    if (record instanceof BrokerRecord) this.committedBrokers[record.broker] = record
    else this.committed[record.partition] = record
  }

  /** A majority has the pending records. */
  commitPending(): void {
    for (const record of this.pending) {
      this.log.push(record)
      this.commit(record)
    }
    this.pending = []
  }

  /** True while this controller is the process that was elected last. */
  isActive(index: number): boolean {
    return index === this.active && (this.cluster.controllers[index] as Controller).incarnation === this.activeIncarnation
  }

  /** True while controller `index` runs and reaches a majority, itself included. */
  hasMajority(sim: Sim, index: number): boolean {
    const controllers = this.cluster.controllers
    const self = controllers[index] as Controller
    if (!self.alive || self.paused) return false
    let count = 0
    for (const other of controllers) {
      if (other === self) count++
      else if (other.alive && !other.paused && other.host.up && isOpen(sim, self, other) && isOpen(sim, other, self)) count++
    }
    return 2 * count > controllers.length
  }

  look(sim: Sim): void {
    sim.after(LOOK_INTERVAL, sim.platform, quorumLook, this)
    if (this.isActive(this.active) && this.hasMajority(sim, this.active)) {
      this.missedSince = -1
      this.electAt = Infinity
      return
    }
    const { quorumFetchTimeout, quorumElectionTimeout } = this.cluster.config
    if (this.missedSince < 0) {
      this.missedSince = sim.now
      this.electAt = sim.now + quorumFetchTimeout + Math.floor(this.stream.uniform() * 2 * quorumElectionTimeout)
    }
    if (sim.now < this.electAt) return
    for (let step = 1; step <= this.cluster.controllers.length; step++) {
      const index = (this.active + step) % this.cluster.controllers.length
      if (!this.hasMajority(sim, index)) continue
      this.elect(sim, index)
      return
    }
  }

  private elect(sim: Sim, index: number): void {
    this.missedSince = -1
    this.electAt = Infinity
    this.active = index
    this.epoch++
    // What the last active controller had not committed never was.
    this.pending = []
    for (let p = 0; p < this.committed.length; p++) this.partitions[p] = this.committed[p] as PartitionRecord
    for (let b = 0; b < this.brokers.length; b++) (this.brokers[b] as BrokerState).record = this.committedBrokers[b] as BrokerRecord
    const controller = this.cluster.controllers[index] as Controller
    this.activeIncarnation = controller.incarnation
    sim.fact(controllerElected, controller, this.epoch)
    sim.schedule(sim.now, controller, controllerActivated, this)
  }
}

function isOpen(sim: Sim, from: Controller, to: Controller): boolean {
  return sim.network.path(from.host, to.host).cuts === 0
}

const quorumLook = eventKind<Unit, MetadataQuorum>('kafka.quorum-look', (sim, _platform, quorum) => quorum.look(sim))
const controllerActivated = eventKind<Controller, MetadataQuorum>('kafka.controller-activated', (sim, controller) => controller.activate(sim))
