/**
 * Models: nothing; keeps the moments of a failover so that the facts say how its parts add up: detected, back-off,
 *   slots, restored, running, caught up.
 * Source: Flink 2.1 documentation, Task Failure Recovery.
 * Leaves out: everything that a mechanism could read.
 */
import type { Sim, Unit } from '../../../src/kernel/index.ts'
import { caughtUp, producerRefused, restored, running } from './facts.ts'
import type { OperatorTask } from './operator-task.ts'
import type { SourceTask } from './source-task.ts'

/** Observation of one job; mechanisms write here and never read. */
export class OutageWatch {
  private execution = 0
  private failedAt = -1
  private restoredCount = 0
  private caughtUpCount = 0
  private bytes = 0
  /** The execution whose tasks all run. */
  private runningExecution = 0
  private refusedExecution = 0

  /** The first failure of an outage. */
  failed(now: number): void {
    if (this.failedAt < 0) this.failedAt = now
  }

  operatorRestored(sim: Sim, task: OperatorTask, checkpoint: number): void {
    this.enter(task.execution)
    this.bytes += task.state.keys * task.job.settings.stateBytesPerKey
    if (++this.restoredCount === task.job.parallelism) sim.fact(restored, task.host, task.execution, checkpoint, this.bytes)
  }

  allRunning(sim: Sim, jobManager: Unit, execution: number): void {
    this.runningExecution = execution
    sim.fact(running, jobManager, execution, this.failedAt < 0 ? 0 : sim.now - this.failedAt)
  }

  /** A source has nothing more to read; counts, and is true, only once all tasks run. */
  sourceCaughtUp(sim: Sim, task: SourceTask): boolean {
    if (this.runningExecution !== task.execution) return false
    this.enter(task.execution)
    if (++this.caughtUpCount === task.job.parallelism) this.sayCaughtUp(sim, task)
    return true
  }

  private sayCaughtUp(sim: Sim, task: SourceTask): void {
    sim.fact(caughtUp, task.host, task.execution, this.failedAt < 0 ? 0 : sim.now - this.failedAt)
    this.failedAt = -1
  }

  /** A broker refuses the transactions of this execution: said once for all its tasks. */
  transactionsRefused(sim: Sim, task: OperatorTask): void {
    if (this.refusedExecution === task.execution) return
    this.refusedExecution = task.execution
    sim.fact(producerRefused, task, task.subtask)
  }

  private enter(execution: number): void {
    if (execution <= this.execution) return
    this.execution = execution
    this.restoredCount = 0
    this.caughtUpCount = 0
    this.bytes = 0
  }
}
