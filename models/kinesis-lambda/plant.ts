/** The built column: sources with Kinesis clients, a stream, a mapping, environments over the zones, and a table. */
import type { HoldingVisitor, Plant, Target, World } from '../../src/contract/architecture.ts'
import type { Fault } from '../../src/contract/fault.ts'
import type { Channels, Stage } from '../../src/contract/scene.ts'
import type { Host, Sim } from '../../src/kernel/index.ts'
import type { DynamoTable } from '../parts/dynamodb/index.ts'
import { eachSlice, PutRequest, type KinesisClient, type KinesisFrontEnd, type KinesisStream, type ShardLog } from '../parts/kinesis/index.ts'
import { EXECUTING, type Environment, type EventSourceMapping, type FunctionService } from '../parts/lambda/index.ts'
import type { SourceApplication } from '../parts/source/index.ts'
import { mappingOptions } from './options.ts'
import { Scene } from './scene.ts'
import { stageOf } from './stage.ts'

/** What the recipe has built. */
export interface Built {
  readonly world: World
  readonly decisions: number
  readonly deadLetters: number | null
  readonly sources: readonly SourceApplication[]
  readonly clients: readonly KinesisClient[]
  readonly frontEnd: KinesisFrontEnd
  readonly stream: KinesisStream
  readonly mapping: EventSourceMapping
  readonly functions: FunctionService
  readonly table: DynamoTable
  readonly hosts: readonly Host[]
}

/** A batching loop of the service takes this long at most when nothing is wrong; assumed. */
const PUSH_INTERVAL = 0.5e9
const POLL_INTERVAL = 1e9

export class KinesisLambdaPlant implements Plant {
  readonly stage: Stage
  readonly built: Built
  private readonly scene: Scene

  constructor(built: Built) {
    this.built = built
    this.stage = stageOf(built)
    this.scene = new Scene(built)
  }

  resolve(sim: Sim, target: string): Target | null {
    const { sources, frontEnd, table, functions, hosts } = this.built
    const at = /^(source|processor|environment)-(\d+)$/.exec(target)
    if (at !== null) {
      const n = Number(at[2])
      if (at[1] === 'source') return processTarget(sources[n - 1])
      if (at[1] === 'environment') return processTarget(functions.environments[n - 1])
      const found = this.executing(sim, n)
      return found === null ? { kind: 'nothing', why: `fewer than ${n} environments execute now` } : { kind: 'process', process: found }
    }
    if (target === 'kinesis' || target === 'stream' || target === 'broker') return { kind: 'host', host: frontEnd.host }
    if (target === 'sink' || target === 'dynamodb') return { kind: 'host', host: table.host }
    const zone = /^zone-([a-c])$/.exec(target)?.[1]
    const host = zone === undefined ? undefined : hosts.find((known) => known.zone === zone)
    return host === undefined ? null : { kind: 'host', host }
  }

  hosts(): readonly Host[] {
    return this.built.hosts
  }

  inflict(sim: Sim, fault: Fault): boolean {
    switch (fault.kind) {
      case 'throttle': return this.throttle(fault.target, fault.percent ?? 100)
      case 'error-rate': return this.fail(fault.target, fault.percent ?? 0)
      case 'deploy':
        this.built.functions.deploy(sim)
        return true
      default: return false
    }
  }

  end(_sim: Sim, fault: Fault): void {
    if (fault.kind === 'throttle') this.throttle(fault.target, 100)
    else if (fault.kind === 'error-rate') this.fail(fault.target, 0)
  }

  change(_sim: Sim, key: string): void {
    const { mapping, functions, world } = this.built
    if (key === 'Timeout') functions.timeoutNanos = world.settings.number(key)
    else if (key === 'ReservedConcurrentExecutions') functions.concurrency.reserve(world.settings.number(key))
    else mapping.configure(mappingOptions(world.settings))
  }

  holdings(view: number, visit: HoldingVisitor): void {
    const { sources, clients, frontEnd, mapping, table, deadLetters } = this.built
    if (view === deadLetters) {
      mapping.destination.holdings(visit)
      return
    }
    for (const source of sources) source.holdings(visit)
    for (const client of clients) client.visit(visit)
    for (const request of frontEnd.pending) eachSlice(request.slices, visit)
    for (const connection of frontEnd.connections) {
      connection.forEachInFlight(frontEnd, (payload) => {
        if (payload instanceof PutRequest) eachSlice(payload.slices, visit)
      })
    }
    mapping.holdings(visit)
    table.holdings(visit)
  }

  lagRecords(): number {
    return this.built.stream.stored - this.built.mapping.done
  }

  lagNanos(sim: Sim): number {
    const { stream, mapping } = this.built
    let oldest = 0
    for (let shard = 0; shard < stream.shards; shard++) {
      const position = mapping.oldest(shard)
      if (position >= (stream.logs[shard] as ShardLog).end) continue
      const age = mapping.ageNanos(sim, shard, position)
      if (age > oldest) oldest = age
    }
    return oldest
  }

  intervalNanos(): number {
    const { settings } = this.built.world
    const reading = settings.text('consumer.type') === 'enhanced' ? PUSH_INTERVAL : POLL_INTERVAL
    return Math.max(reading, settings.number('MaximumBatchingWindowInSeconds'))
  }

  restorableFrom(lane: number): number {
    const { world, sources, clients, frontEnd, stream, mapping, functions, table } = this.built
    let lowest = world.births.born(lane)
    const visit = (of: number, first: number): void => {
      if (of === lane && first < lowest) lowest = first
    }
    for (const source of sources) source.holdings(visit)
    for (const client of clients) client.visit(visit)
    for (const request of frontEnd.pending) eachSlice(request.slices, visit)
    for (const connection of frontEnd.connections) {
      connection.forEachInFlight(frontEnd, (payload) => {
        if (payload instanceof PutRequest) eachSlice(payload.slices, visit)
      })
    }
    for (let shard = 0; shard < stream.shards; shard++) {
      const here = (stream.logs[shard] as ShardLog).lowestFrom(mapping.oldest(shard), lane)
      if (here < lowest) lowest = here
    }
    for (const environment of functions.environments) {
      if (environment.running !== null) eachSlice(environment.running.batch.slices, visit)
    }
    mapping.destination.holdings(visit)
    table.holdings(visit)
    return lowest
  }

  channels(channels: Channels): void {
    this.scene.declare(channels)
  }

  sample(sim: Sim, frame: Float64Array): void {
    this.scene.sample(sim, frame)
  }

  audit(_sim: Sim): void {
    const { stream, mapping, functions, table } = this.built
    stream.audit()
    mapping.audit()
    functions.audit()
    table.audit()
  }

  /** The n-th environment that executes now; from the writing one on when a write is what happens. */
  private executing(sim: Sim, n: number): Environment | null {
    const { functions } = this.built
    const isWriting = functions.lastWriteEvent === sim.events && sim.events > 0
    let left = n
    for (let i = isWriting ? functions.lastWriter : 0; i < functions.environments.length; i++) {
      const environment = functions.environments[i] as Environment
      if (environment.state === EXECUTING && environment.running !== null && --left === 0) return environment
    }
    return null
  }

  private throttle(target: string | null, percent: number): boolean {
    const { stream, functions, table } = this.built
    const shard = /^shard:(\d+)$/.exec(target ?? '')?.[1]
    if (shard !== undefined) {
      if (Number(shard) >= stream.shards) return false
      stream.limits.throttle(Number(shard), percent)
    } else if (target === 'broker' || target === 'kinesis' || target === 'stream') {
      for (let i = 0; i < stream.shards; i++) stream.limits.throttle(i, percent)
    } else if (target === 'sink' || target === 'dynamodb') table.capacity.percent = percent
    else if (target === 'processor') functions.concurrency.percent = percent
    else return false
    return true
  }

  private fail(target: string | null, percent: number): boolean {
    const { frontEnd, functions, table } = this.built
    if (target === 'broker' || target === 'kinesis' || target === 'stream') frontEnd.errorPercent = percent
    else if (target === 'sink' || target === 'dynamodb') table.errorPercent = percent
    else if (target === 'processor') functions.errorPercent = percent
    else return false
    return true
  }
}

function processTarget(process: SourceApplication | Environment | undefined): Target | null {
  return process === undefined ? null : { kind: 'process', process }
}
