/** Fills this column's channels from its parts; remembers earlier counts only to show rates. */
import type { Channels } from '../../src/contract/scene.ts'
import type { Process, Sim } from '../../src/kernel/index.ts'
import type { OperatorTask, TaskManager } from '../parts/flink/index.ts'
import { livePosition } from './holdings.ts'
import type { Built } from './plant.ts'

const perNode = ['state', 'restartIn', 'incarnation', 'sessionIn', 'sessionFor'] as const
const perLane = ['leader', 'end', 'visible', 'read', 'again', 'reached', 'lagRecords', 'lagSeconds', 'blocked'] as const
const perSlot = ['subtask', 'state', 'busy', 'back'] as const
const perCheckpoint = ['id', 'acks', 'tasks', 'running', 'lastDuration', 'lastId', 'failed', 'restartAttempt', 'openTransactions', 'oldestOpen'] as const
const perOutput = ['waiting', 'end', 'stable', 'commits'] as const

export class Scene {
  private readonly built: Built
  private readonly nodes: { readonly process: Process; readonly handles: number[] }[] = []
  private readonly lanes: number[][] = []
  private readonly replicas: number[][] = []
  private readonly slots: number[][][] = []
  private checkpoint: number[] = []
  private output: number[] = []
  private flows: number[] = []
  private controllers: number[] = []
  /** Busy and back-pressured time and the execution at the last sample, by TaskManager and slot. */
  private readonly before: Float64Array
  private readonly flowBefore: Float64Array
  private sampledAt = 0

  constructor(built: Built) {
    this.built = built
    const slots = built.taskManagers.reduce((sum, taskManager) => sum + taskManager.slotCount, 0)
    this.before = new Float64Array(3 * slots)
    this.flowBefore = new Float64Array(3 * built.input.partitions + 1)
  }

  declare(channels: Channels): void {
    const { brokers, taskManagers, jobManager, input, cluster } = this.built
    const node = (id: string, process: Process): void => {
      this.nodes.push({ process, handles: perNode.map((name) => channels.declare(`node.${id}.${name}`)) })
    }
    for (const broker of brokers) node(broker.name, broker)
    taskManagers.forEach((taskManager, i) => {
      node(`processor-${i + 1}`, taskManager)
    })
    node('coordinator', jobManager)
    this.controllers = brokers.map((broker) => channels.declare(`node.${broker.name}.controller`))
    for (let i = 0; i < input.partitions; i++) {
      this.lanes.push(perLane.map((name) => channels.declare(`lane.${i}.${name}`)))
      this.replicas.push(cluster.replicasOf(input.first + i).map((_broker, r) => channels.declare(`lane.${i}.replica.${r}`)))
    }
    taskManagers.forEach((taskManager, n) => {
      this.slots.push(Array.from({ length: taskManager.slotCount }, (_none, s) =>
        perSlot.map((name) => channels.declare(`slot.${n}.${s}.${name}`))))
    })
    this.checkpoint = perCheckpoint.map((name) => channels.declare(`cp.${name}`))
    this.output = perOutput.map((name) => channels.declare(`out.${name}`))
    for (let i = 0; i < input.partitions; i++) {
      this.flows.push(channels.declare(`flow.0.${i}.rate`), channels.declare(`flow.1.${i}.rate`), channels.declare(`flow.0.${i}.retries`))
    }
    this.flows.push(channels.declare('flow.2.0.rate'))
  }

  sample(sim: Sim, frame: Float64Array): void {
    const span = sim.now - this.sampledAt
    this.sampledAt = sim.now
    for (const { process, handles } of this.nodes) {
      frame[handles[0] as number] = shownState(process)
      frame[handles[1] as number] = process.alive || process.restartsAt === Infinity ? NaN : Math.max(0, process.restartsAt - sim.now) / 1e9
      frame[handles[2] as number] = process.incarnation
    }
    this.sampleSessions(sim, frame)
    // Controller n stands in the zone of broker n.
    const active = this.built.cluster.controller
    this.controllers.forEach((handle, n) => {
      frame[handle] = active.alive && this.built.cluster.controllers[n] === active ? 1 : 0
    })
    for (let i = 0; i < this.lanes.length; i++) this.sampleLane(sim, frame, i)
    let place = 0
    for (let n = 0; n < this.slots.length; n++) place = this.sampleTaskManager(sim, frame, n, place, span)
    this.sampleCheckpoint(sim, frame)
    this.sampleOutput(sim, frame)
    this.sampleFlows(frame, span)
  }

  /** What is left of the time-out of those who watch a node: the controller of brokers, the JobManager of TaskManagers. */
  private sampleSessions(sim: Sim, frame: Float64Array): void {
    const { cluster, taskManagers, jobManager, brokers } = this.built
    brokers.forEach((_broker, n) => {
      const state = cluster.quorum.brokers[n]
      const left = state === undefined || state.record.isFenced ? NaN : state.lastContact + cluster.config.sessionTimeout - sim.now
      frame[this.nodes[n]?.handles[3] as number] = Math.max(0, left) / 1e9
      frame[this.nodes[n]?.handles[4] as number] = cluster.config.sessionTimeout / 1e9
    })
    taskManagers.forEach((_taskManager, n) => {
      let left = NaN
      for (const link of jobManager.links) {
        if (link.index === n && link.isRegistered) left = link.lastHeardAt + jobManager.job.settings.heartbeatTimeout - sim.now
      }
      frame[this.nodes[brokers.length + n]?.handles[3] as number] = Math.max(0, left) / 1e9
      frame[this.nodes[brokers.length + n]?.handles[4] as number] = jobManager.job.settings.heartbeatTimeout / 1e9
    })
  }

  private sampleLane(sim: Sim, frame: Float64Array, split: number): void {
    const { log, input, storage, job } = this.built
    const partition = input.first + split
    const position = livePosition(this.built, split)
    const visible = log.highWatermark(partition)
    const at = (offset: number): number => log.appendedAt(partition, offset) / 1e9
    const end = at(log.end(partition) - 1)
    const reached = job.reached[split] as number
    const leader = log.leaderIndex(partition)
    const waitsSince = position < visible ? at(position) : NaN
    const values = [
      leader, end, at(visible - 1), position < visible ? waitsSince : end, at(storage.pointer?.positionOf(split) ?? 0),
      reached > position ? at(reached - 1) : NaN, Math.max(0, visible - position),
      position < visible ? sim.now / 1e9 - waitsSince : 0, leader < 0 || log.lacksReplicas(partition) ? 1 : 0,
    ]
    const handles = this.lanes[split] as number[]
    for (let k = 0; k < values.length; k++) frame[handles[k] as number] = values[k] as number
    const pips = this.replicas[split] as number[]
    for (let r = 0; r < pips.length; r++) frame[pips[r] as number] = log.replicaState(partition, r)
  }

  private sampleTaskManager(sim: Sim, frame: Float64Array, n: number, first: number, span: number): number {
    const taskManager = this.built.taskManagers[n] as TaskManager
    const slots = this.slots[n] as number[][]
    let place = first
    for (let s = 0; s < slots.length; s++, place++) {
      const handles = slots[s] as number[]
      const at = taskManager.slotsTaken.indexOf(s)
      const task = at < 0 ? null : (taskManager.operators[at] ?? null)
      frame[handles[0] as number] = task === null ? -1 : task.subtask
      frame[handles[1] as number] = !taskManager.alive ? 3 : task === null ? 0 : task.isRunning ? 1 : 2
      this.sampleLoad(sim, frame, handles, task, place, span)
    }
    return place
  }

  /** Shares of the slot's source and operator threads, the busier one. */
  private sampleLoad(sim: Sim, frame: Float64Array, handles: number[], task: OperatorTask | null, place: number, span: number): void {
    const before = this.before
    const source = task === null ? null : (task.host as TaskManager).sourceAt(task.subtask)
    const busy = task === null ? 0 : task.busyUntil(sim.now) + (source?.busyUntil(sim.now) ?? 0)
    const back = task === null ? 0 : task.backPressuredUntil(sim.now) + (source?.backPressuredUntil(sim.now) ?? 0)
    const execution = task === null ? 0 : task.execution
    const isSame = before[3 * place + 2] === execution && span > 0
    frame[handles[2] as number] = isSame ? Math.min(1, (busy - (before[3 * place] as number)) / span) : 0
    frame[handles[3] as number] = isSame ? Math.min(1, (back - (before[3 * place + 1] as number)) / span) : 0
    before[3 * place] = busy
    before[3 * place + 1] = back
    before[3 * place + 2] = execution
  }

  private sampleCheckpoint(sim: Sim, frame: Float64Array): void {
    const { jobManager, job, storage, taskManagers } = this.built
    const { coordinator, failover } = jobManager
    const pending = coordinator.pending
    let open = 0
    let oldest = Infinity
    for (const taskManager of taskManagers) {
      for (const task of taskManager.operators) {
        open += task.writer?.openTransactions() ?? 0
        oldest = Math.min(oldest, task.writer?.oldestOpenAt() ?? Infinity)
      }
    }
    const values = [
      pending === null ? NaN : pending.call.checkpoint, pending === null ? 0 : pending.operators.length, job.parallelism,
      pending === null ? 0 : 1, coordinator.lastDurationNanos / 1e9, storage.pointer?.id ?? NaN, coordinator.failures,
      failover.state === 'running' ? 0 : failover.attempts, open, oldest === Infinity ? 0 : (sim.now - oldest) / 1e9,
    ]
    for (let k = 0; k < values.length; k++) frame[this.checkpoint[k] as number] = values[k] as number
    if (jobManager.alive && failover.restartAt >= 0) {
      for (const { process, handles } of this.nodes) if (process === jobManager) frame[handles[1] as number] = Math.max(0, failover.restartAt - sim.now) / 1e9
    }
  }

  private sampleOutput(sim: Sim, frame: Float64Array): void {
    const { output, log, storage } = this.built
    let waiting = 0
    let stable = sim.now
    let end = 0
    for (let p = output.first; p < output.first + output.partitions; p++) {
      const from = log.committedTo(p)
      const last = log.end(p)
      waiting += last - from
      if (last === 0) continue
      const endAt = log.appendedAt(p, last - 1)
      if (endAt > end) end = endAt
      if (from < last) stable = Math.min(stable, log.appendedAt(p, from))
    }
    const values = [waiting, end / 1e9, stable / 1e9, storage.pointer?.id ?? 0]
    for (let k = 0; k < values.length; k++) frame[this.output[k] as number] = values[k] as number
  }

  private sampleFlows(frame: Float64Array, span: number): void {
    const { input, output, log, producers } = this.built
    const rate = (i: number, count: number): void => {
      frame[this.flows[i] as number] = span > 0 ? Math.max(0, count - (this.flowBefore[i] as number)) / (span / 1e9) : NaN
      this.flowBefore[i] = count
    }
    for (let split = 0; split < input.partitions; split++) {
      rate(3 * split, log.end(input.first + split))
      rate(3 * split + 1, livePosition(this.built, split))
      let resent = 0
      for (const producer of producers) resent += producer.accumulator.resentOf(input.first + split)
      rate(3 * split + 2, resent)
    }
    let written = 0
    for (let p = output.first; p < output.first + output.partitions; p++) written += log.end(p)
    rate(3 * input.partitions, written)
  }
}

function shownState(process: Process): number {
  if (!process.alive) return 0
  if (process.paused) return 2
  return process.slowFactor !== 1 ? 5 : 1
}
