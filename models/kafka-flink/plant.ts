/** The built column: source applications with producers, a Kafka cluster, a Flink cluster with one job. */
import type { HoldingVisitor, Plant, Target, World } from '../../src/contract/architecture.ts'
import type { Fault } from '../../src/contract/fault.ts'
import type { Channels, Stage } from '../../src/contract/scene.ts'
import { crash, invariant, type Host, type Process, type Sim } from '../../src/kernel/index.ts'
import type { CheckpointStorage, Job, JobManager, TaskManager } from '../parts/flink/index.ts'
import { logHoldings, requestHoldings, type Broker, type KafkaCluster, type KafkaProducer } from '../parts/kafka/index.ts'
import type { SourceApplication } from '../parts/source/index.ts'
import { isDeploying, isLive, liveHoldings, livePosition, noticedPosition, restoredHoldings, restoredPosition } from './holdings.ts'
import { LogView } from './log-view.ts'
import { Scene } from './scene.ts'
import { stageOf } from './stage.ts'

/** Partitions of a topic by their numbers in the cluster. */
export interface TopicRange {
  readonly first: number
  readonly partitions: number
}

/** What the recipe has built. */
export interface Built {
  readonly world: World
  readonly sources: readonly SourceApplication[]
  readonly producers: readonly KafkaProducer[]
  readonly cluster: KafkaCluster
  readonly brokers: readonly Broker[]
  readonly input: TopicRange
  readonly output: TopicRange
  readonly job: Job
  readonly storage: CheckpointStorage
  readonly jobManager: JobManager
  readonly taskManagers: readonly TaskManager[]
  readonly hosts: readonly Host[]
  readonly log: LogView
  /** The view of readers of committed records. */
  readonly committed: number
}

/** Without commits results follow their records at once; the yardstick is then a poll. Source: fetch.max.wait.ms. */
const pollNanos = 0.5e9

export class KafkaFlinkPlant implements Plant {
  readonly stage: Stage
  readonly built: Built
  private readonly scene: Scene

  constructor(built: Built) {
    this.built = built
    this.stage = stageOf(built)
    this.scene = new Scene(built)
  }

  resolve(_sim: Sim, target: string): Target | null {
    const { sources, brokers, taskManagers, jobManager, storage, cluster, input, output, hosts } = this.built
    const numbered = /^(source|broker|processor|taskmanager)-(\d+)$/.exec(target)
    if (numbered !== null) {
      const n = Number(numbered[2]) - 1
      if (numbered[1] === 'source') return processTarget(sources[n])
      return processTarget(numbered[1] === 'broker' ? brokers[n] : taskManagers[n])
    }
    const led = /^leader:(\d+)$/.exec(target)
    if (led !== null) {
      const n = Number(led[1])
      return n < input.partitions ? this.leaderOf(input.first + n) : null
    }
    if (target === 'sink') return this.leaderOf(output.first)
    if (target === 'coordinator' || target === 'jobmanager') return processTarget(jobManager)
    if (target === 'controller') return processTarget(cluster.controller)
    if (target === 'checkpoint-storage') return processTarget(storage)
    const zone = /^zone-([a-c])$/.exec(target)?.[1]
    const host = zone === undefined ? undefined : hosts.find((known) => known.zone === zone)
    return host === undefined ? null : { kind: 'host', host }
  }

  private leaderOf(partition: number): Target {
    const leader = this.built.cluster.leaderOf(partition)
    if (leader < 0) return { kind: 'nothing', why: 'the partition has no leader now' }
    return { kind: 'process', process: this.built.brokers[leader] as Broker }
  }

  hosts(): readonly Host[] {
    return this.built.hosts
  }

  inflict(sim: Sim, fault: Fault): boolean {
    const { storage, jobManager, taskManagers } = this.built
    switch (fault.kind) {
      case 'checkpoint-fail':
        storage.isRefusing = true
        return true
      case 'disk-slow':
        return this.slowDisk(sim, fault, fault.factor ?? 10)
      case 'deploy':
        for (const process of [...taskManagers, jobManager]) crash(sim, process, null)
        return true
      default:
        return false
    }
  }

  end(sim: Sim, fault: Fault): void {
    if (fault.kind === 'checkpoint-fail') this.built.storage.isRefusing = false
    else if (fault.kind === 'disk-slow') this.slowDisk(sim, fault, 1)
  }

  private slowDisk(sim: Sim, fault: Fault, factor: number): boolean {
    const target = fault.target === null ? null : this.resolve(sim, fault.target)
    if (target === null || target.kind !== 'process') return false
    const broker = this.built.brokers.find((known) => known === target.process)
    if (broker === undefined) return false
    broker.diskFactor = factor
    return true
  }

  change(sim: Sim, key: string): void {
    this.built.cluster.change(sim, key)
  }

  holdings(view: number, visit: HoldingVisitor): void {
    const { sources, producers, cluster, input, output, log, committed } = this.built
    for (const source of sources) source.holdings(visit)
    for (const producer of producers) producer.holdings(visit)
    requestHoldings(cluster, visit)
    const live = isLive(this.built)
    const deploys = isDeploying(this.built)
    for (let split = 0; split < input.partitions; split++) {
      let from = live || deploys ? noticedPosition(this.built, split) : Infinity
      if (!live) from = Math.min(from, restoredPosition(this.built, split))
      logHoldings(cluster, input.first + split, from, visit)
    }
    if (live || deploys) liveHoldings(this.built, visit)
    if (!live) restoredHoldings(this.built, visit)
    // Written, and not readable yet. A transaction that nobody will commit counts until it is aborted: what it holds
    // is read again, or is held by the checkpoint.
    for (let p = output.first; p < output.first + output.partitions; p++) {
      const end = cluster.visibility.views[p]?.shownTo ?? 0
      logHoldings(cluster, p, view === committed ? log.committedTo(p) : end, visit)
    }
  }

  lagRecords(): number {
    const { log, input } = this.built
    let lag = 0
    for (let split = 0; split < input.partitions; split++) {
      lag += Math.max(0, log.highWatermark(input.first + split) - livePosition(this.built, split))
    }
    return lag
  }

  lagNanos(sim: Sim): number {
    const { log, input } = this.built
    let oldest = sim.now
    for (let split = 0; split < input.partitions; split++) {
      const position = livePosition(this.built, split)
      if (position >= log.highWatermark(input.first + split)) continue
      const at = log.appendedAt(input.first + split, position)
      if (at < oldest) oldest = at
    }
    return sim.now - oldest
  }

  intervalNanos(): number {
    const { job } = this.built
    // What the sink has written becomes readable by the committer, which each checkpoint triggers.
    if (!job.connectors.hasCommitter) return pollNanos
    return Math.min(job.settings.checkpointInterval, 60e9)
  }

  restorableFrom(lane: number): number {
    if (lane === 0) this.fold()
    const { job, storage, taskManagers, producers } = this.built
    let from = this.restorableFloor(lane)
    for (const taskManager of taskManagers) {
      for (const task of taskManager.sources) from = Math.min(from, task.floorOf(lane))
    }
    invariant(from >= 0 && job.splits > 0 && storage !== null, 'kafka-flink.restorable-floor')
    // What a producer still tries to deliver has not been read, whatever came before it.
    for (const producer of producers) {
      producer.holdings((of, first) => {
        if (of === lane && first < from) from = first
      })
    }
    return from
  }

  /** Lowest index that a restore would read; without any restart only live tasks read on. */
  private restorableFloor(lane: number): number {
    const { job, storage } = this.built
    if (job.settings.restart.type === 'none') return this.built.world.births.born(lane)
    if (storage.pointer === null) return 0
    let from = Infinity
    for (const source of storage.pointer.sources) for (const floor of source.floors) from = Math.min(from, floor[lane] as number)
    return from
  }

  /** Forgets the content of what no restart reads again, and of decisions that everybody has seen. */
  private fold(): void {
    const { cluster, input, output, log, job, storage, taskManagers } = this.built
    const isFinal = job.settings.restart.type === 'none'
    for (let split = 0; split < input.partitions; split++) {
      let below = isFinal ? Infinity : storage.pointer?.positionOf(split) ?? 0
      for (const taskManager of taskManagers) {
        for (const task of taskManager.sources) if (task.splits.includes(split)) below = Math.min(below, task.positions[split] as number)
      }
      if (below !== Infinity) cluster.fold(input.first + split, below)
    }
    for (let p = output.first; p < output.first + output.partitions; p++) cluster.fold(p, log.committedTo(p))
  }

  channels(channels: Channels): void {
    this.scene.declare(channels)
  }

  sample(sim: Sim, frame: Float64Array): void {
    this.scene.sample(sim, frame)
  }

  audit(_sim: Sim): void {
    const { cluster, taskManagers, storage, job } = this.built
    cluster.auditChannels()
    for (const taskManager of taskManagers) {
      taskManager.audit()
      for (const task of taskManager.sources) {
        for (const split of task.splits) {
          // Logs may have become shorter than what was read of them: power loss, disk loss, unclean election.
          const position = task.positions[split] as number
          invariant(task.isReplaced || position <= (job.reached[split] as number), 'kafka-flink.position-known', task.name)
        }
      }
    }
    const pointer = storage.pointer
    if (pointer === null) return
    invariant(pointer.sources.length === job.parallelism && pointer.operators.length === job.parallelism, 'kafka-flink.checkpoint-whole')
    invariant(pointer.id <= storage.lastId, 'kafka-flink.checkpoint-known')
  }
}

function processTarget(process: Process | undefined): Target | null {
  return process === undefined ? null : { kind: 'process', process }
}
