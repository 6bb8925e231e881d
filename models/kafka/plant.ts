/** The built cluster with its source applications: who is where, what a target means, what is held. */
import type { HoldingVisitor, Plant, Target, World } from '../../src/contract/architecture.ts'
import type { Fault } from '../../src/contract/fault.ts'
import type { Channels, Stage } from '../../src/contract/scene.ts'
import type { Host, Process, Sim } from '../../src/kernel/index.ts'
import {
  committedHoldings, requestHoldings, uncommittedHoldings, type Broker, type KafkaCluster, type KafkaProducer, type Topic,
} from '../parts/kafka/index.ts'
import type { SourceApplication } from '../parts/source/index.ts'
import { Scene, stageOf } from './scene.ts'

/** What the recipe has built. */
export interface Built {
  readonly world: World
  readonly sources: readonly SourceApplication[]
  readonly producers: readonly KafkaProducer[]
  readonly cluster: KafkaCluster
  readonly topic: Topic
  readonly hosts: readonly Host[]
}

/** Nothing commits and nobody polls here; a reader's poll is the yardstick. Source: fetch.max.wait.ms. */
const pollNanos = 0.5e9
/** The number of the view of uncommitted records: the first one that the recipe declares. */
const uncommittedView = 0

export class KafkaPlant implements Plant {
  readonly stage: Stage
  readonly built: Built
  private readonly scene: Scene

  constructor(built: Built) {
    this.built = built
    this.stage = stageOf(built)
    this.scene = new Scene(built)
  }

  resolve(_sim: Sim, target: string): Target | null {
    const { sources, cluster, topic, hosts } = this.built
    const numbered = /^(source|broker)-(\d+)$/.exec(target)
    if (numbered !== null) {
      const n = Number(numbered[2]) - 1
      return processTarget(numbered[1] === 'source' ? sources[n] : cluster.brokers[n])
    }
    const led = /^leader:(\d+)$/.exec(target)
    if (led !== null) return Number(led[1]) < topic.partitions ? this.leaderOf(Number(led[1])) : null
    if (target === 'sink') return this.leaderOf(0)
    if (target === 'controller' || target === 'coordinator') return processTarget(cluster.controller)
    const zone = /^zone-([a-c])$/.exec(target)?.[1]
    const host = zone === undefined ? undefined : hosts.find((known) => known.zone === zone)
    return host === undefined ? null : { kind: 'host', host }
  }

  private leaderOf(n: number): Target {
    const { cluster, topic } = this.built
    const leader = cluster.leaderOf(topic.firstPartition + n)
    if (leader < 0) return { kind: 'nothing', why: 'the partition has no leader now' }
    return { kind: 'process', process: cluster.brokers[leader] as Broker }
  }

  hosts(): readonly Host[] {
    return this.built.hosts
  }

  inflict(sim: Sim, fault: Fault): boolean {
    const broker = this.brokerOf(sim, fault.target)
    if (broker === null) return false
    if (fault.kind === 'disk-slow') {
      broker.diskFactor = fault.factor ?? 10
      return true
    }
    if (fault.kind !== 'deploy') return false
    this.built.cluster.shutDown(sim, broker.number, fault.duration ?? broker.restartAfter ?? pollNanos)
    return true
  }

  end(sim: Sim, fault: Fault): void {
    const broker = this.brokerOf(sim, fault.target)
    if (broker !== null && fault.kind === 'disk-slow') broker.diskFactor = 1
  }

  private brokerOf(sim: Sim, text: string | null): Broker | null {
    const target = text === null ? null : this.resolve(sim, text)
    if (target === null || target.kind !== 'process') return null
    return this.built.cluster.brokers.find((broker) => broker === target.process) ?? null
  }

  change(sim: Sim, key: string): void {
    this.built.cluster.change(sim, key)
  }

  holdings(view: number, visit: HoldingVisitor): void {
    const { sources, producers, cluster, topic } = this.built
    for (const source of sources) source.holdings(visit)
    for (const producer of producers) producer.holdings(visit)
    requestHoldings(cluster, visit)
    if (view === uncommittedView) uncommittedHoldings(cluster, topic, visit)
    else committedHoldings(cluster, topic, nobodyCommits, visit)
  }

  /** Nothing reads here, so nothing lags. */
  lagRecords(): number {
    return 0
  }

  lagNanos(_sim: Sim): number {
    return 0
  }

  intervalNanos(): number {
    return pollNanos
  }

  /** What a source or its producer may still send is read again; nothing else is. */
  restorableFrom(lane: number): number {
    const { world, sources, producers } = this.built
    if (lane === 0) this.fold()
    let from = world.births.born(lane)
    const lower: HoldingVisitor = (of, first) => {
      if (of === lane && first < from) from = first
    }
    for (const source of sources) source.holdings(lower)
    for (const producer of producers) producer.holdings(lower)
    return from
  }

  /** Forgets the content of what every reader has seen; the cluster keeps what a replica still lacks. */
  private fold(): void {
    const { cluster, topic } = this.built
    for (let p = topic.firstPartition; p < topic.firstPartition + topic.partitions; p++) {
      cluster.fold(p, cluster.visibility.views[p]?.committedTo ?? 0)
    }
  }

  channels(channels: Channels): void {
    this.scene.declare(channels)
  }

  sample(sim: Sim, frame: Float64Array): void {
    this.scene.sample(sim, frame)
  }

  audit(_sim: Sim): void {
    this.built.cluster.audit()
    this.built.cluster.auditChannels()
  }
}

/** No producer here writes transactions. */
function nobodyCommits(): boolean {
  return false
}

function processTarget(process: Process | undefined): Target | null {
  return process === undefined ? null : { kind: 'process', process }
}
