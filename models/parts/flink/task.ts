/**
 * Models: a task: one thread that does records, barriers and notifications one at a time, and says what share of
 *   its time it is busy, back-pressured or idle.
 * Source: Flink 2.1 documentation, Flink Architecture; Flink 2.1 documentation, Network Buffer Tuning.
 * Leaves out: timers, watermarks.
 */
import { invariant, Server, Unit, type Process, type Sim } from '../../../src/kernel/index.ts'
import type { Job } from './job.ts'
import type { FailureReason } from './rpc.ts'

export const IDLE = 0
export const BUSY = 1
export const BACK_PRESSURED = 2

/** What a task tells the TaskManager that runs it. */
export interface TaskHost extends Process {
  taskRuns(sim: Sim, task: Task): void
  taskFailed(sim: Sim, task: Task, reason: FailureReason): void
}

/** One attempt of one subtask; ends with its execution. */
export abstract class Task extends Unit {
  readonly job: Job
  readonly host: TaskHost
  readonly execution: number
  readonly subtask: number
  readonly thread: Server
  isRunning = false
  /** Another task has been put in its place: for causes only. */
  isReplaced = false
  private load = IDLE
  private loadSince: number
  busyNanos = 0
  backPressuredNanos = 0

  constructor(sim: Sim, name: string, host: TaskHost, job: Job, execution: number, subtask: number) {
    super(sim, name, host)
    invariant(subtask >= 0 && subtask < job.parallelism, 'flink.subtask-range', name)
    this.job = job
    this.host = host
    this.execution = execution
    this.subtask = subtask
    this.thread = new Server(this, 1)
    if (host.slowFactor !== 1) this.thread.setSpeed(sim, host.slowFactor)
    this.loadSince = sim.now
  }

  /** The thread goes on with what is next, if it is free. */
  abstract proceed(sim: Sim): void

  protected setLoad(sim: Sim, load: number): void {
    if (load === this.load) return
    this.bookLoad(sim)
    this.load = load
  }

  /** Brings the sums of busy and back-pressured time up to now. */
  bookLoad(sim: Sim): void {
    const span = sim.now - this.loadSince
    if (this.load === BUSY) this.busyNanos += span
    else if (this.load === BACK_PRESSURED) this.backPressuredNanos += span
    this.loadSince = sim.now
  }

  /** Busy time up to now without booking it: sampling changes nothing. */
  busyUntil(now: number): number {
    return this.busyNanos + (this.load === BUSY ? now - this.loadSince : 0)
  }

  backPressuredUntil(now: number): number {
    return this.backPressuredNanos + (this.load === BACK_PRESSURED ? now - this.loadSince : 0)
  }
}
