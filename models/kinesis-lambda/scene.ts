/** Fills this column's channels from its parts; remembers earlier counts only to show rates. */
import type { Channels } from '../../src/contract/scene.ts'
import type { Sim } from '../../src/kernel/index.ts'
import type { ShardLog } from '../parts/kinesis/index.ts'
import { EXECUTING, FROZEN, STARTING, type Environment, type Lane } from '../parts/lambda/index.ts'
import type { Built } from './plant.ts'

const perLane = ['end', 'visible', 'read', 'again', 'reached', 'lagRecords', 'lagSeconds', 'blocked'] as const
const perPoller = ['level', 'retries', 'blocked', 'batch'] as const

/** Handles by name; a missing one is never written. */
export class Scene {
  private readonly built: Built
  private readonly lanes: number[] = []
  private readonly pollers: number[] = []
  private readonly environments: number[] = []
  private readonly functions: number[] = []
  private readonly output: number[] = []
  private readonly flows: number[] = []
  /** Counts at the last sample, in the order of `flows`, and its time. */
  private readonly before: Float64Array
  private sampledAt = 0

  constructor(built: Built) {
    this.built = built
    this.before = new Float64Array(4 * built.stream.shards + 2)
  }

  declare(channels: Channels): void {
    const { stream, functions } = this.built
    for (let i = 0; i < stream.shards; i++) {
      for (const name of perLane) this.lanes.push(channels.declare(`lane.${i}.${name}`))
      for (const name of perPoller) this.pollers.push(channels.declare(`poller.${i}.${name}`))
      for (const name of ['0.#.rate', '0.#.errors', '1.#.rate', '1.#.retries']) {
        this.flows.push(channels.declare(`flow.${name.replace('#', String(i))}`))
      }
    }
    this.flows.push(channels.declare('flow.2.0.rate'), channels.declare('flow.2.0.errors'))
    for (let i = 0; i < functions.environments.length; i++) {
      this.environments.push(channels.declare(`env.${i}.state`), channels.declare(`env.${i}.incarnation`))
    }
    for (const name of ['executing', 'limit', 'throttles', 'retries']) this.functions.push(channels.declare(`fn.${name}`))
    for (const name of ['visible', 'waiting', 'end', 'stable', 'commits']) this.output.push(channels.declare(`out.${name}`))
  }

  sample(sim: Sim, frame: Float64Array): void {
    for (let shard = 0; shard < this.built.stream.shards; shard++) this.sampleShard(sim, frame, shard)
    this.sampleFunctions(frame)
    const { table } = this.built
    const now = sim.now / 1e9
    const output = [table.applied, 0, now, now, table.applied]
    for (let i = 0; i < output.length; i++) frame[this.output[i] as number] = output[i] as number
    this.sampleFlows(sim, frame)
  }

  private sampleShard(sim: Sim, frame: Float64Array, shard: number): void {
    const { stream, mapping } = this.built
    const log = stream.logs[shard] as ShardLog
    const oldest = mapping.oldest(shard)
    const end = log.end === 0 ? NaN : this.arrival(shard, log.end - 1)
    const read = oldest < log.end ? this.arrival(shard, oldest) : end
    const lag = oldest < log.end ? mapping.ageNanos(sim, shard, oldest) / 1e9 : 0
    const values = [end, end, read, read, NaN, mapping.openRecords(shard), lag, 0]
    for (let i = 0; i < values.length; i++) frame[this.lanes[shard * values.length + i] as number] = values[i] as number
    let level = 0
    let failures = 0
    let blocked = 0
    let batch = 0
    for (const lane of mapping.lanesOf(shard)) {
      level = Math.max(level, levelOf(lane, mapping.recordsMax))
      failures = Math.max(failures, lane.failures)
      if (lane.isWaiting) blocked = 1
      if (lane.isInvoking) batch = Math.max(batch, Math.min(1, (lane.pending[0]?.positions.length ?? 0) / mapping.recordsMax))
    }
    const poller = this.pollers
    frame[poller[4 * shard] as number] = level
    frame[poller[4 * shard + 1] as number] = failures
    frame[poller[4 * shard + 2] as number] = blocked
    frame[poller[4 * shard + 3] as number] = batch
  }

  private sampleFunctions(frame: Float64Array): void {
    const { functions, mapping } = this.built
    let executing = 0
    for (let i = 0; i < functions.environments.length; i++) {
      const environment = functions.environments[i] as Environment
      const state = shownState(environment)
      if (state === 2) executing++
      frame[this.environments[2 * i] as number] = state
      frame[this.environments[2 * i + 1] as number] = environment.incarnation
    }
    const values = [executing, functions.concurrency.allowed, functions.throttles, mapping.retries]
    for (let i = 0; i < values.length; i++) frame[this.functions[i] as number] = values[i] as number
  }

  /** Rates since the last sample: sources to shard, refused by it; shard to function, retries; to the table. */
  private sampleFlows(sim: Sim, frame: Float64Array): void {
    const { stream, mapping, table } = this.built
    const seconds = (sim.now - this.sampledAt) / 1e9
    this.sampledAt = sim.now
    const rate = (i: number, count: number): void => {
      frame[this.flows[i] as number] = seconds > 0 ? (count - (this.before[i] as number)) / seconds : NaN
      this.before[i] = count
    }
    for (let shard = 0; shard < stream.shards; shard++) {
      rate(4 * shard, (stream.logs[shard] as ShardLog).end)
      rate(4 * shard + 1, stream.refused[shard] as number)
      rate(4 * shard + 2, mapping.received[shard] as number)
      rate(4 * shard + 3, mapping.retriesByShard[shard] as number)
    }
    rate(4 * stream.shards, table.applied)
    rate(4 * stream.shards + 1, table.throttled)
  }

  private arrival(shard: number, position: number): number {
    return (this.built.stream.logs[shard] as ShardLog).arrivedMillis(position) / 1e3
  }
}

/** Share of the next batch that waits in a lane. */
function levelOf(lane: Lane, most: number): number {
  return Math.min(1, lane.queue.count / most)
}

function shownState(environment: Environment): number {
  if (!environment.alive && environment.assigned !== null) return 4
  if (environment.state === FROZEN) return 1
  if (environment.state === EXECUTING) return 2
  return environment.state === STARTING ? 3 : 0
}
