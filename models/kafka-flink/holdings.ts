/**
 * What the job still holds, judged as if every failure so far were noticed: with all of it alive, what its tasks have
 * in memory and on the wire; else only what the last completed checkpoint brings back; both while tasks come up.
 */
import type { HoldingVisitor } from '../../src/contract/architecture.ts'
import type { NetworkBuffer, SourceTask } from '../parts/flink/index.ts'
import { resumeOffset } from '../parts/kafka/index.ts'
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

/** The source task of a split in the latest execution that has one. */
function sourceTask(built: Built, split: number): SourceTask | null {
  const subtask = built.job.splitSubtask[split] as number
  let found: SourceTask | null = null
  for (const taskManager of built.taskManagers) {
    const task = taskManager.sourceAt(subtask)
    if (task !== null && (found === null || task.execution > found.execution)) found = task
  }
  return found
}

/** Next offset of a split that the latest execution has not emitted; of its checkpoint while it has no task. */
export function livePosition(built: Built, split: number): number {
  const task = sourceTask(built, split)
  return task === null ? built.storage.pointer?.positionOf(split) ?? 0 : (task.positions[split] as number)
}

/** The same, as if its reader had noticed that the log has become another: it is sent back to what they have in common. */
export function noticedPosition(built: Built, split: number): number {
  const { reader } = sourceTask(built, split) ?? { reader: null }
  const position = livePosition(built, split)
  if (reader === null || reader.fetchedTo(split) < 0) return position
  return Math.min(position, resumeOffset(built.cluster, built.input.first + split, reader.fetchedTo(split), reader.epochOf(split)))
}

/** Where a restored job reads on; the checkpoint has no epochs, so that only a log that is too short sends it back. */
export function restoredPosition(built: Built, split: number): number {
  return resumeOffset(built.cluster, built.input.first + split, built.storage.pointer?.positionOf(split) ?? 0, -1)
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
