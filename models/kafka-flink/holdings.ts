/**
 * What the job still holds, judged as if every failure so far were noticed: with all of it alive, what its tasks have
 * in memory and on the wire; else only what the last completed checkpoint brings back; both while tasks come up.
 */
import type { HoldingVisitor } from '../../src/contract/architecture.ts'
import type { NetworkBuffer } from '../parts/flink/index.ts'
import type { Built } from './plant.ts'

/** True while every task of the running execution lives and nobody has found a failure. */
export function isLive(built: Built): boolean {
  const { jobManager, taskManagers, job } = built
  if (!jobManager.alive || jobManager.failover.state !== 'running') return false
  let tasks = 0
  for (const taskManager of taskManagers) {
    if (!taskManager.alive || taskManager.execution !== jobManager.failover.execution) continue
    for (const task of taskManager.operators) if (task.alive && task.isRunning) tasks++
    for (const task of taskManager.sources) if (task.alive && task.isRunning) tasks++
  }
  return tasks === 2 * job.parallelism
}

/**
 * True while tasks come up and no failure of theirs has been found: its sources read already, and what they have passed is
 * behind no checkpoint but their own, so that both positions count.
 */
export function isDeploying({ jobManager }: Built): boolean {
  return jobManager.alive && jobManager.failover.state === 'deploying'
}

/** Next offset of a split that the latest execution has not emitted; of its checkpoint while it has no task. */
export function livePosition(built: Built, split: number): number {
  const subtask = built.job.splitSubtask[split] as number
  let position = -1
  let execution = -1
  for (const taskManager of built.taskManagers) {
    const task = taskManager.sourceAt(subtask)
    if (task === null || task.execution <= execution) continue
    execution = task.execution
    position = task.positions[split] as number
  }
  return position >= 0 ? position : built.storage.pointer?.positionOf(split) ?? 0
}

/** Memory of the live tasks: buffers written, on the wire, waiting and being worked off; what sinks hold. */
export function liveHoldings(built: Built, visit: HoldingVisitor): void {
  const buffer = (held: NetworkBuffer): void => visitSlices(held.slices, visit)
  for (const taskManager of built.taskManagers) {
    for (const task of taskManager.sources) if (!task.isReplaced) task.output.forEachBuffer(buffer)
    for (const task of taskManager.operators) {
      if (task.isReplaced) continue
      task.forEachBuffer(buffer)
      task.writer?.holdings(visit)
    }
    taskManager.exchange.forEachInFlight(buffer)
  }
}

/**
 * Of a job that will be restored: transactions in the last completed checkpoint, which it commits; and what sinks have
 * in memory until they are told to end, or on the wire, where it outlives them (a sink that never waits for Kafka may
 * have passed the checkpoint with it).
 */
export function restoredHoldings(built: Built, visit: HoldingVisitor): void {
  for (const taskManager of built.taskManagers) for (const task of taskManager.operators) task.writer?.holdings(visit)
  for (const operator of built.storage.pointer?.operators ?? []) {
    for (const committable of operator.committables) if (!committable.failed) visitSlices(committable.slices, visit)
  }
}

function visitSlices(slices: readonly number[], visit: HoldingVisitor): void {
  for (let i = 0; i < slices.length; i += 4) visit(slices[i] as number, slices[i + 1] as number, slices[i + 2] as number)
}
