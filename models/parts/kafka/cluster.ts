/**
 * Models: a Kafka cluster: brokers over zones, a quorum of controllers, topics whose leaders go round the brokers and
 *   whose replicas lie in different zones. It begins as one that has been up for long.
 * Source: Kafka 4.2 `StripedReplicaPlacer`; knobs in broker-knobs.ts.
 * Leaves out: topics and partitions that come or go; the random start of placement (it starts at the first broker).
 */
import { Copyable, eventKind, invariant, type Process, type Sim } from '../../../src/kernel/index.ts'
import type { World } from '../../../src/contract/architecture.ts'
import type { Settings } from '../../../src/contract/knob.ts'
import { auditChannels, auditCluster, AuditMemory } from './audit.ts'
import { Bootstrap, type RequestKinds } from './bootstrap.ts'
import { Broker } from './broker.ts'
import { BrokerConfig } from './broker-knobs.ts'
import { Controller } from './controller.ts'
import { Log } from './log.ts'
import { BrokerRecord, PartitionRecord } from './protocol-internal.ts'
import { applyPartition } from './leadership.ts'
import { MetadataQuorum } from './quorum.ts'
import { Replica } from './replica.ts'
import * as requests from './requests.ts'
import { Shelf } from './segment.ts'
import { settle } from './settle.ts'
import { PartitionView, Visibility } from './visibility.ts'

/** View numbers of the ledger for a topic that is a sink; -1 where a reader is not declared. */
export interface SinkViews {
  readonly viewUncommitted: number
  readonly viewCommitted: number
}

export interface TopicSpec {
  readonly name: string
  readonly partitions: number
  readonly replicationFactor: number
  readonly sink: SinkViews | null
}

export interface ClusterOptions {
  readonly brokers: number
  /** Zone names; broker i lies in zone i modulo their number. */
  readonly zones: readonly string[]
  readonly topics: readonly TopicSpec[]
}

/** A topic; partition n of it is number `firstPartition + n` of the cluster. */
export interface Topic {
  readonly name: string
  readonly firstPartition: number
  readonly partitions: number
  readonly replicationFactor: number
  readonly isInternal: boolean
}

/** The part's root: everything of one cluster hangs under it. */
export class KafkaCluster extends Copyable {
  readonly config: BrokerConfig
  readonly topics: Topic[] = []
  /** The topics asked for, and last the log of transaction states. */
  readonly transactionTopic: Topic
  readonly brokers: Broker[] = []
  readonly controllers: Controller[] = []
  readonly quorum: MetadataQuorum
  readonly visibility: Visibility
  readonly partitionCount: number
  private readonly settings: Settings
  private readonly topicOf: Topic[] = []
  private readonly assignment: (readonly number[])[] = []
  private minIsrs: number[] = []
  /** By producer id: its transactional id, -1 for none. Only holdings ask. */
  private readonly transactionalIds: number[] = []
  private readonly memory = new AuditMemory()

  constructor(world: Pick<World, 'sim' | 'outside' | 'settings'>, options: ClusterOptions) {
    super()
    const { sim } = world
    this.settings = world.settings
    this.config = new BrokerConfig(world.settings)
    for (const spec of options.topics) this.addTopic(spec.name, spec.partitions, spec.replicationFactor, options.brokers, false)
    this.transactionTopic = this.addTopic('__transaction_state', this.config.transactionPartitions, 3, options.brokers, true)
    this.partitionCount = this.topicOf.length
    this.readMinIsr()
    this.quorum = new MetadataQuorum(sim, this)
    this.visibility = new Visibility(this, world.outside, options.brokers)
    const shelves = this.topicOf.map(() => new Shelf())
    this.watch(options)
    this.addProcesses(sim, options, shelves)
    this.seed()
    sim.schedule(sim.now, sim.platform, clusterBegins, this)
  }

  private addTopic(name: string, partitions: number, factor: number, brokers: number, isInternal: boolean): Topic {
    const replicationFactor = Math.min(factor, brokers)
    invariant(partitions > 0 && replicationFactor > 0, 'kafka.topic-size', name)
    const firstPartition = this.topicOf.length
    const topic: Topic = Object.freeze({ name, firstPartition, partitions, replicationFactor, isInternal })
    this.topics.push(topic)
    for (let p = 0; p < partitions; p++) {
      const replicas: number[] = []
      for (let r = 0; r < replicationFactor; r++) replicas.push((p + r) % brokers)
      this.topicOf.push(topic)
      this.assignment.push(Object.freeze(replicas))
    }
    return topic
  }

  private watch(options: ClusterOptions): void {
    for (let p = 0; p < this.partitionCount; p++) {
      const topic = this.topicOf[p] as Topic
      const sink = options.topics.find((spec) => spec.name === topic.name)?.sink ?? null
      this.visibility.views.push(new PartitionView(sink?.viewUncommitted ?? -1, sink?.viewCommitted ?? -1))
    }
  }

  private addProcesses(sim: Sim, options: ClusterOptions, shelves: readonly Shelf[]): void {
    const { zones } = options
    for (let b = 0; b < options.brokers; b++) {
      const host = sim.host(`broker-${b + 1}`, zones[b % zones.length] as string, this.config.bandwidth)
      const broker = new Broker(sim, this, b, host)
      this.brokers.push(broker)
      for (let p = 0; p < this.partitionCount; p++) {
        const replicas = this.replicasOf(p)
        const isInternal = this.isInternal(p)
        broker.replicas.push(
          replicas.includes(b) ? new Replica(p, b, replicas, new Log(p, shelves[p] as Shelf, isInternal), isInternal) : null,
        )
      }
    }
    for (let c = 0; c < 3; c++) {
      const host = sim.host(`controller-${c + 1}`, zones[c % zones.length] as string, this.config.bandwidth)
      this.controllers.push(new Controller(sim, this, c, host))
    }
  }

  private seed(): void {
    for (let b = 0; b < this.brokers.length; b++) this.quorum.seed(new BrokerRecord(b, this.quorum.nextBrokerEpoch++, false, false))
    for (let p = 0; p < this.partitionCount; p++) {
      const replicas = this.replicasOf(p)
      this.quorum.seed(new PartitionRecord(p, replicas[0] as number, 0, 0, replicas, [], -1, false))
    }
  }

  /** Sets everything going: each broker knows the metadata and plays its roles. */
  begin(sim: Sim): void {
    const { log } = this.quorum
    for (let b = 0; b < this.brokers.length; b++) {
      const broker = this.brokers[b] as Broker
      broker.metadata.replay(log.slice(), log.length)
      broker.lifecycle.begin(sim, b)
    }
    for (const broker of this.brokers) {
      for (const record of this.quorum.partitions) applyPartition(sim, broker, record)
      settle(sim, broker)
    }
    this.quorum.begin(sim)
    ;(this.controllers[0] as Controller).activate(sim)
  }

  /** The active controller, or the last one while there is none. */
  get controller(): Controller {
    return this.controllers[this.quorum.active] as Controller
  }

  topic(name: string): Topic {
    const found = this.topics.find((topic) => topic.name === name)
    invariant(found !== undefined, 'kafka.topic-known', name)
    return found
  }

  replicasOf(partition: number): readonly number[] {
    return this.assignment[partition] as readonly number[]
  }

  isInternal(partition: number): boolean {
    return (this.topicOf[partition] as Topic).isInternal
  }

  /** min.insync.replicas, at most the replication factor. */
  minIsr(partition: number): number {
    return this.minIsrs[partition] as number
  }

  private readMinIsr(): void {
    this.minIsrs = this.topicOf.map((topic) =>
      Math.min(topic.isInternal ? this.config.transactionMinIsr : this.config.minInsyncReplicas, topic.replicationFactor))
  }

  /** A live knob has another value. */
  change(_sim: Sim, _key: string): void {
    this.config.read(this.settings)
    this.readMinIsr()
  }

  /** The state partition of a transactional id. */
  transactionPartition(transactionalId: number): number {
    return this.transactionTopic.firstPartition + (transactionalId % this.transactionTopic.partitions)
  }

  /** A producer id that was never given before. */
  nextProducerId(transactionalId: number): number {
    return this.transactionalIds.push(transactionalId) - 1
  }

  /** The transactional id of a producer, -1 when it has none. */
  transactionalIdOf(producerId: number): number {
    return this.transactionalIds[producerId] ?? -1
  }

  /** Broker number that leads a partition now by the controllers' word and is up, else -1. */
  leaderOf(partition: number): number {
    const { leader } = this.quorum.partitions[partition] as PartitionRecord
    return leader >= 0 && (this.brokers[leader] as Process).alive ? leader : -1
  }

  /** The log that readers are served from; a dead leader's until there is another. */
  servingLog(partition: number): Log | null {
    return (this.visibility.views[partition] as PartitionView).serving?.log ?? null
  }

  /** The furthest log end of any replica, dead ones included. */
  highestEnd(partition: number): number {
    let end = 0
    for (const broker of this.replicasOf(partition)) {
      const replica = (this.brokers[broker] as Broker).replica(partition)
      if (replica !== null && replica.log.end > end) end = replica.log.end
    }
    return end
  }

  /** What clients are configured with. */
  bootstrap(): Bootstrap {
    return new Bootstrap(this.partitionCount, this.brokers, 0, kinds, this.visibility.acks0, this.visibility.wire)
  }

  /** Asks a broker to give its leaderships away, stop, and start again after `delay` nanoseconds. */
  shutDown(sim: Sim, broker: number, delay: number): void {
    const process = this.brokers[broker] as Broker
    if (process.alive) process.lifecycle.leave(sim, delay)
  }

  /** Nobody will read records of this partition below an offset again: their content is forgotten. */
  fold(partition: number, below: number): void {
    // A replica that is behind reads on from its own end, and one that diverges cuts there: a folded run of
    // batches must not straddle either, so only what all replicas have in common is folded.
    const logs: Log[] = []
    for (const broker of this.replicasOf(partition)) {
      const replica = (this.brokers[broker] as Broker).replica(partition)
      if (replica !== null) logs.push(replica.log)
    }
    let limit = below
    for (let i = 1; i < logs.length; i++) {
      for (let j = 0; j < i; j++) limit = Math.min(limit, (logs[i] as Log).commonWith(logs[j] as Log))
    }
    for (const log of logs) log.fold(limit)
  }

  /** Checks every rule of the whole state; throws an invariant. */
  audit(): void {
    auditCluster(this, this.memory)
  }

  /** Checks that brokers forget clients whose connections have ended; when all events of a moment are done. */
  auditChannels(): void {
    for (const broker of this.brokers) auditChannels(broker)
  }
}

// The kinds name brokers, and clients know them as units only.
const kinds = Object.freeze({
  produce: requests.produceRequest, fetch: requests.fetchRequest, metadata: requests.metadataRequest,
  findCoordinator: requests.findCoordinatorRequest, initProducerId: requests.initProducerIdRequest, endTxn: requests.endTxnRequest,
}) as unknown as RequestKinds

const clusterBegins = eventKind<Process, KafkaCluster>('kafka.cluster-begins', (sim, _platform, cluster) => cluster.begin(sim))
