/**
 * Models: the life of the job's executions: slots, deployment, running, and after any failure the whole region again:
 *   cancel all tasks, wait for the back-off, deploy into the pool's slots from the last completed checkpoint; a slot
 *   whose TaskManager cannot be reached fails the deployment, which is a failure of its own.
 * Source: Flink 2.1 documentation, Task Failure Recovery; Flink 2.1 DefaultScheduler; measured rows F-b, F-b2 of test/measurements.
 * Leaves out: regions smaller than the job, the adaptive scheduler, JobManager-side local recovery.
 */
import { eventKind, invariant, type EventKind, type Sim } from '../../../src/kernel/index.ts'
import { deploymentFailed, failureDetected, jobFailed, restartAttempt, attemptReplaced, slotsAcquired } from './facts.ts'
import { RestartBackoff } from './restart-backoff.ts'
import {
  callBytes, cancelTasks, deployTasks, requestSlot, ReplayCopies, type Deployment, type SlotCall, type TaskManagerCalls, type TaskState,
} from './rpc.ts'
import { SlotPool, type PoolSlot, type TaskManagerLink } from './slot-pool.ts'
import { refusedNanos } from './heartbeat.ts'
import type { JobManager } from './job-manager.ts'

/** Requirements are looked at together, this long after they change. Source: slotmanager.requirement-check.delay. */
const requirementCheckNanos = 50e6
/** Calls to cancel are repeated this often before a task counts as gone. Source: Execution.NUM_CANCEL_CALL_TRIES. */
const cancelTries = 3

export type JobState = 'waiting' | 'deploying' | 'running' | 'restarting' | 'failed'

/** A call to a TaskManager that has not been answered. */
class Call {
  readonly kind: 'deploy' | 'cancel' | 'slot'
  readonly link: TaskManagerLink
  readonly execution: number
  readonly slot: number
  isDone = false

  constructor(kind: 'deploy' | 'cancel' | 'slot', link: TaskManagerLink, execution: number, slot: number) {
    this.kind = kind
    this.link = link
    this.execution = execution
    this.slot = slot
  }
}

export class Failover {
  private readonly owner: JobManager
  readonly pool: SlotPool
  private readonly backoff: RestartBackoff
  state: JobState = 'waiting'
  /** Number of the latest execution; rises over JobManagers too. */
  execution: number
  /** Links that tasks of the execution were sent to. */
  private deployedTo: TaskManagerLink[] = []
  private runningTasks = 0
  private calls: Call[] = []
  private isBackedOff = false
  private checkIsDue = false
  private waitsSince = 0
  restartAt = -1

  constructor(sim: Sim, owner: JobManager, execution: number) {
    this.owner = owner
    this.execution = execution
    this.pool = new SlotPool(owner.job.settings.spreadSlots)
    this.backoff = new RestartBackoff(owner.job.settings.restart, sim.random('flink/restart-jitter'))
  }

  /** How many restarts the strategy has granted in a row. */
  get attempts(): number {
    return this.backoff.attempts
  }

  /** Slots are missing, or more have become available: look after a moment. */
  begin(sim: Sim): void {
    if (this.state !== 'waiting' || this.checkIsDue) return
    this.checkIsDue = true
    sim.after(requirementCheckNanos, this.owner, checkSlots, null)
  }

  checkSlots(sim: Sim): void {
    this.checkIsDue = false
    if (this.state !== 'waiting') return
    const { job, links } = this.owner
    let requested = 0
    for (const call of this.calls) if (call.kind === 'slot') requested++
    while (this.pool.slots.length + requested < job.parallelism) {
      const chosen = this.pool.choose(links)
      if (chosen === null) break
      requested++
      const request: SlotCall = { link: chosen.link.number, slot: chosen.slot, request: this.execution }
      this.call(sim, new Call('slot', chosen.link, this.execution, chosen.slot), requestSlot, request, callBytes)
    }
    if (this.pool.slots.length >= job.parallelism) this.deploy(sim)
    else if (requested === 0 && sim.now - this.waitsSince >= job.settings.slotRequestTimeout) this.fail(sim)
    else if (!this.checkIsDue) {
      this.checkIsDue = true
      sim.after(requirementCheckNanos * 20, this.owner, checkSlots, null)
    }
  }

  slotOffered(sim: Sim, link: TaskManagerLink, slot: number): void {
    const call = this.calls.find((open) => open.kind === 'slot' && open.link === link && open.slot === slot)
    if (call === undefined) return
    this.close(call)
    this.pool.add({ link, slot })
    if (this.state === 'waiting' && this.pool.slots.length >= this.owner.job.parallelism) this.deploy(sim)
  }

  private deploy(sim: Sim): void {
    const { job, coordinator } = this.owner
    this.state = 'deploying'
    this.runningTasks = 0
    this.execution++
    const slots = this.pool.slots.slice(0, job.parallelism)
    sim.fact(slotsAcquired, this.owner, slots.length, this.execution)
    this.markReplaced(sim)
    const locations = slots.map((slot) => slot.link.index)
    const replayBelow = job.reached.slice()
    const replays = new ReplayCopies()
    this.deployedTo = []
    for (const slot of slots) if (!this.deployedTo.includes(slot.link)) this.deployedTo.push(slot.link)
    for (const link of this.deployedTo) {
      const subtasks: number[] = []
      const places: number[] = []
      for (let i = 0; i < slots.length; i++) {
        if ((slots[i] as PoolSlot).link !== link) continue
        subtasks.push(i)
        places.push((slots[i] as PoolSlot).slot)
      }
      const deployment: Deployment = {
        execution: this.execution, link: link.number, subtasks, slots: places, locations,
        checkpoint: coordinator.completed, replayBelow, replays,
      }
      this.call(sim, new Call('deploy', link, this.execution, -1), deployTasks, deployment, callBytes * 10 * subtasks.length)
    }
  }

  /** Tasks of earlier executions that still live are zombies from now on: for causes only. */
  private markReplaced(sim: Sim): void {
    for (const taskManager of this.owner.taskManagers) {
      if (taskManager.operators.length === 0) continue
      sim.fact(attemptReplaced, taskManager, taskManager.execution)
      for (const task of taskManager.operators) task.markReplaced()
      for (const task of taskManager.sources) task.isReplaced = true
    }
  }

  deployed(link: TaskManagerLink, execution: number): void {
    this.answered('deploy', link, execution)
  }

  cancelled(sim: Sim, link: TaskManagerLink, execution: number): void {
    this.answered('cancel', link, execution)
    this.restartIfReady(sim)
  }

  taskStateChanged(sim: Sim, change: TaskState): void {
    if (change.execution !== this.execution) return
    if (change.state === 'failed') this.fail(sim)
    else if (this.state === 'deploying' && ++this.runningTasks === 2 * this.owner.job.parallelism) {
      this.state = 'running'
      this.owner.job.outage.allRunning(sim, this.owner, this.execution)
      this.owner.coordinator.start(sim)
    }
  }

  /** Something of the job has failed: all of it goes back to the last completed checkpoint. */
  fail(sim: Sim): void {
    if (this.state === 'restarting' || this.state === 'failed') return
    this.owner.job.outage.failed(sim.now)
    sim.fact(failureDetected, this.owner, this.execution)
    this.owner.coordinator.stop(sim)
    const delay = this.backoff.failure(sim.now)
    this.state = delay < 0 ? 'failed' : 'restarting'
    this.isBackedOff = false
    this.calls = this.calls.filter((call) => call.kind === 'slot')
    for (const link of this.deployedTo) {
      const call = { link: link.number, execution: this.execution }
      if (link.isRegistered) this.call(sim, new Call('cancel', link, this.execution, -1), cancelTasks, call, callBytes)
    }
    this.deployedTo = []
    if (delay < 0) {
      sim.fact(jobFailed, this.owner)
      return
    }
    this.restartAt = sim.now + delay
    sim.fact(restartAttempt, this.owner, this.backoff.attempts, delay)
    sim.after(delay, this.owner, restartDue, this.execution)
  }

  restartDue(sim: Sim, execution: number): void {
    if (this.state !== 'restarting' || execution !== this.execution) return
    this.isBackedOff = true
    this.restartIfReady(sim)
  }

  /** Back-off over, all tasks ended or given up, no pointer on its way: slots are looked for. */
  restartIfReady(sim: Sim): void {
    if (this.state !== 'restarting' || !this.isBackedOff || this.owner.coordinator.isWriting()) return
    for (const call of this.calls) if (call.kind === 'cancel') return
    this.restartAt = -1
    this.state = 'waiting'
    this.waitsSince = sim.now
    this.checkSlots(sim)
  }

  /** Tells every TaskManager with tasks of this execution; a call that cannot be delivered is lost. */
  callTasks<P>(sim: Sim, kind: EventKind<TaskManagerCalls, P>, payload: P): void {
    for (const link of this.deployedTo) link.connection.send(sim, this.owner, kind, payload, callBytes)
  }

  /** A TaskManager is dropped: its slots go, its calls fail, its tasks have failed. */
  dropped(sim: Sim, link: TaskManagerLink): void {
    this.pool.remove(link)
    const hadTasks = this.deployedTo.includes(link)
    this.deployedTo = this.deployedTo.filter((other) => other !== link)
    this.failCalls(sim, link)
    if (hadTasks && (this.state === 'running' || this.state === 'deploying')) this.fail(sim)
    this.begin(sim)
  }

  private call<P>(sim: Sim, call: Call, kind: EventKind<TaskManagerCalls, P>, payload: P, bytes: number): void {
    this.calls.push(call)
    const tries = call.kind === 'cancel' ? cancelTries : 1
    const isSent = call.link.connection.send(sim, this.owner, kind, payload, bytes)
    sim.after(isSent ? this.owner.job.settings.rpcTimeout * tries : refusedNanos, this.owner, callFailed, call)
  }

  private answered(kind: Call['kind'], link: TaskManagerLink, execution: number): void {
    const call = this.calls.find((open) => open.kind === kind && open.link === link && open.execution === execution)
    if (call !== undefined) this.close(call)
  }

  private close(call: Call): void {
    call.isDone = true
    const at = this.calls.indexOf(call)
    invariant(at >= 0, 'flink.call-closed-twice')
    this.calls.splice(at, 1)
  }

  /** A TaskManager is given up: what it has not answered has failed. */
  private failCalls(sim: Sim, link: TaskManagerLink): void {
    for (const call of this.calls.filter((open) => open.link === link)) this.callFailed(sim, call)
  }

  callFailed(sim: Sim, call: Call): void {
    if (call.isDone || !this.calls.includes(call)) return
    this.close(call)
    if (call.kind === 'slot') {
      call.link.isTaken[call.slot] = false
      this.begin(sim)
    } else if (call.kind === 'cancel') {
      this.restartIfReady(sim)
    } else if (call.execution === this.execution && (this.state === 'deploying' || this.state === 'running')) {
      sim.fact(deploymentFailed, this.owner.taskManager(call.link), this.execution)
      this.fail(sim)
    }
  }
}

const checkSlots = eventKind<JobManager, null>('flink.check-slots', (sim, jm) => jm.failover.checkSlots(sim))
const restartDue = eventKind<JobManager, number>('flink.restart-due', (sim, jm, execution) => jm.failover.restartDue(sim, execution))
const callFailed = eventKind<JobManager, Call>('flink.call-failed', (sim, jm, call) => jm.failover.callFailed(sim, call))
