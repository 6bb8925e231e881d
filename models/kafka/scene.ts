/** The boxes of this column, which never move, and the channels that fill them. */
import type { Channels, Stage, ZoneId } from '../../src/contract/scene.ts'
import type { Process, Sim } from '../../src/kernel/index.ts'
import type { Broker } from '../parts/kafka/index.ts'
import type { Built } from './plant.ts'

const perNode = ['state', 'incarnation', 'controller'] as const
const perLane = ['leader', 'end', 'visible', 'read', 'lagRecords', 'lagSeconds', 'blocked'] as const
const perOutput = ['waiting', 'end', 'stable'] as const

/** The page draws a broker, a log and its readers; the row of processing stays empty. */
export function stageOf(built: Built): Stage {
  const { sources, cluster, topic } = built
  const lanes = Array.from({ length: topic.partitions }, (_none, i) => i)
  return {
    title: 'Kafka',
    sources: sources.map((source) => source.name),
    brokers: {
      kind: 'nodes',
      nodes: cluster.brokers.map((broker) => ({ id: broker.name, name: broker.name, zone: zoneOf(broker), slots: 0, roles: [] })),
    },
    lanes: {
      kind: 'partitions',
      names: lanes.map((i) => String(i)),
      replicas: topic.replicationFactor,
      replicaZones: lanes.map((i) => cluster.replicasOf(topic.firstPartition + i).map((number) => zoneOf(cluster.brokers[number]))),
    },
    processing: { kind: 'workers', nodes: [] },
    coordination: 'none',
    output: { kind: 'log', name: topic.name, reader: 'read_uncommitted' },
  }
}

export class Scene {
  private readonly built: Built
  private readonly nodes: number[][] = []
  private readonly lanes: number[][] = []
  private readonly replicas: number[][] = []
  private readonly flows: number[] = []
  private output: number[] = []
  private readonly endBefore: Float64Array
  private sampledAt = 0

  constructor(built: Built) {
    this.built = built
    this.endBefore = new Float64Array(built.topic.partitions)
  }

  declare(channels: Channels): void {
    const { cluster, topic } = this.built
    for (const broker of cluster.brokers) this.nodes.push(perNode.map((name) => channels.declare(`node.${broker.name}.${name}`)))
    for (let i = 0; i < topic.partitions; i++) {
      this.lanes.push(perLane.map((name) => channels.declare(`lane.${i}.${name}`)))
      this.replicas.push(cluster.replicasOf(topic.firstPartition + i).map((_broker, r) => channels.declare(`lane.${i}.replica.${r}`)))
      this.flows.push(channels.declare(`flow.0.${i}.rate`))
    }
    this.output = perOutput.map((name) => channels.declare(`out.${name}`))
  }

  sample(sim: Sim, frame: Float64Array): void {
    const { cluster, topic } = this.built
    const { controller } = cluster
    cluster.brokers.forEach((broker, b) => {
      const handles = this.nodes[b] as number[]
      frame[handles[0] as number] = stateOf(broker)
      frame[handles[1] as number] = broker.incarnation
      frame[handles[2] as number] = controller.host === broker.host ? 1 : 0
    })
    let waiting = 0
    let end = NaN
    let stable = sim.now
    for (let i = 0; i < topic.partitions; i++) {
      const serving = cluster.visibility.views[topic.firstPartition + i]?.serving ?? null
      const log = serving?.log
      const last = log?.end ?? 0
      const visible = serving?.highWatermark ?? 0
      const lastAt = log?.appendedAt(last - 1) ?? NaN
      const firstHidden = visible < last ? (log?.appendedAt(visible) ?? NaN) : NaN
      const seconds = visible > 0 ? (log?.appendedAt(visible - 1) ?? NaN) / 1e9 : NaN
      this.sampleLane(frame, i, [lastAt / 1e9, seconds, seconds])
      this.sampleFlow(sim, frame, i, last)
      waiting += last - visible
      if (!(end >= lastAt)) end = lastAt
      if (firstHidden < stable) stable = firstHidden
    }
    const values = [waiting, end / 1e9, stable / 1e9]
    for (let k = 0; k < values.length; k++) frame[this.output[k] as number] = values[k] as number
    this.sampledAt = sim.now
  }

  private sampleLane(frame: Float64Array, i: number, times: readonly number[]): void {
    const { cluster, topic } = this.built
    const partition = topic.firstPartition + i
    const leader = cluster.leaderOf(partition)
    const replicas = cluster.replicasOf(partition)
    const values = [leader < 0 ? -1 : replicas.indexOf(leader), ...times, 0, 0, leader < 0 ? 1 : 0]
    const handles = this.lanes[i] as number[]
    for (let k = 0; k < values.length; k++) frame[handles[k] as number] = values[k] as number
    const isr = cluster.visibility.views[partition]?.serving?.isr ?? []
    const pips = this.replicas[i] as number[]
    replicas.forEach((number, r) => {
      const isAlive = (cluster.brokers[number] as Broker).alive
      frame[pips[r] as number] = !isAlive ? 0 : number === leader ? 3 : isr.includes(number) ? 2 : 1
    })
  }

  private sampleFlow(sim: Sim, frame: Float64Array, i: number, end: number): void {
    const span = sim.now - this.sampledAt
    frame[this.flows[i] as number] = span > 0 ? Math.max(0, end - (this.endBefore[i] as number)) / (span / 1e9) : NaN
    this.endBefore[i] = end
  }
}

/** As the page draws it: dead 0, up 1, paused 2, slow 5. */
function stateOf(process: Process): number {
  if (!process.alive) return 0
  if (process.paused) return 2
  return process.slowFactor !== 1 ? 5 : 1
}

function zoneOf(broker: Broker | undefined): ZoneId {
  const zone = broker?.host.zone
  return zone === 'b' || zone === 'c' ? zone : 'a'
}
