/** The built null pipeline: who is where, what a target means, what is held, what is drawn. */
import type { HoldingVisitor, Plant, Target, World } from '../../src/contract/architecture.ts'
import type { Channels, Stage } from '../../src/contract/scene.ts'
import type { Fault } from '../../src/contract/fault.ts'
import type { Host, Process, Sim } from '../../src/kernel/index.ts'
import { SourceApplication } from '../parts/source/index.ts'
import { Client } from './client.ts'
import { Queue } from './queue.ts'
import { Sink } from './sink.ts'

/** 10 Gbit/s. */
const LINE_BYTES = 1.25e9
/** Without a commit or a poll of its own, this stands for the time between two looks. */
const INTERVAL_NANOS = 100e6

export class NullPlant implements Plant {
  readonly stage: Stage
  private readonly world: World
  private readonly sources: SourceApplication[] = []
  private readonly clients: Client[] = []
  private readonly queue: Queue
  private readonly sink: Sink
  private readonly machines: Host[] = []
  private readonly handles: number[] = []

  constructor(world: World) {
    const { sim } = world
    this.world = world
    this.queue = new Queue(world, this.machine('queue', 'a'))
    this.sink = new Sink(world, this.machine('sink', 'b'), this.queue)
    for (let lane = 0; lane < world.workload.sources; lane++) {
      const source = new SourceApplication(world, lane, this.machine(`source-${lane + 1}`, 'clients'))
      const client = new Client(world, source, this.queue)
      source.client = client
      this.sources.push(source)
      this.clients.push(client)
      source.listen(sim)
    }
    this.queue.clients = this.clients
    this.sink.connect(sim)
    this.stage = stageOf(this.sources.map(({ name }) => name))
  }

  resolve(_sim: Sim, target: string): Target | null {
    const zone = /^zone-([ab])$/.exec(target)?.[1]
    if (zone !== undefined) return { kind: 'host', host: this.machines.find((host) => host.zone === zone) as Host }
    const process = this.processOf(target)
    return process === undefined ? null : { kind: 'process', process }
  }

  hosts(): readonly Host[] {
    return this.machines
  }

  inflict(_sim: Sim, _fault: Fault): boolean {
    return false
  }

  end(_sim: Sim, _fault: Fault): void {}

  /** The live settings are read at each use. */
  change(_sim: Sim, _key: string): void {}

  holdings(_view: number, visit: HoldingVisitor): void {
    for (const source of this.sources) source.holdings(visit)
    for (const client of this.clients) client.holdings(visit)
    this.queue.holdings(visit)
    this.sink.holdings(visit)
  }

  lagRecords(): number {
    return this.queue.lagRecords()
  }

  lagNanos(sim: Sim): number {
    return this.queue.lagNanos(sim)
  }

  intervalNanos(): number {
    return INTERVAL_NANOS
  }

  /** Nothing below the oldest held record is read again. */
  restorableFrom(lane: number): number {
    let from = this.world.births.born(lane)
    this.holdings(0, (held, first) => {
      if (held === lane && first < from) from = first
    })
    return from
  }

  channels(channels: Channels): void {
    for (const name of ['queue', 'sink']) {
      for (const field of ['state', 'incarnation']) this.handles.push(channels.declare(`node.${name}.${field}`))
    }
    for (const field of ['lagRecords', 'lagSeconds', 'end', 'read', 'again']) this.handles.push(channels.declare(`lane.0.${field}`))
  }

  sample(sim: Sim, frame: Float64Array): void {
    const { queue, sink } = this
    const values = [
      stateOf(queue), queue.incarnation, stateOf(sink), sink.incarnation,
      queue.lagRecords(), queue.lagNanos(sim) / 1e9, queue.position('end'), queue.position('read'), queue.position('again'),
    ]
    for (let i = 0; i < values.length; i++) frame[this.handles[i] as number] = values[i] as number
  }

  audit(_sim: Sim): void {
    for (const client of this.clients) client.audit()
    this.queue.audit()
    this.sink.audit()
  }

  private processOf(target: string): Process | undefined {
    if (target === 'queue' || target === 'broker-1') return this.queue
    if (target === 'sink' || target === 'processor-1') return this.sink
    return this.sources.find(({ name }) => name === target)
  }

  private machine(name: string, zone: string): Host {
    const host = this.world.sim.host(`${name}-host`, zone, LINE_BYTES)
    this.machines.push(host)
    return host
  }
}

/** As the page draws it: dead 0, up 1, paused 2, slow 5. */
function stateOf(process: Process): number {
  if (!process.alive) return 0
  return process.paused ? 2 : process.slowFactor === 1 ? 1 : 5
}

function stageOf(sources: readonly string[]): Stage {
  return {
    title: 'Null pipeline',
    sources,
    brokers: { kind: 'nodes', nodes: [{ id: 'queue', name: 'Queue', zone: 'a', slots: 0, roles: ['broker-1'] }] },
    lanes: { kind: 'queue', names: ['queue'], replicas: 0, replicaZones: [] },
    processing: { kind: 'workers', nodes: [{ id: 'sink', name: 'Sink', zone: 'b', slots: 0, roles: ['processor-1'] }] },
    coordination: 'none',
    output: { kind: 'log', name: 'results', reader: 'reader' },
  }
}
