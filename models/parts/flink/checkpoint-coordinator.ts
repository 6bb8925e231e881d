/**
 * Models: the JobManager's checkpoint coordinator: triggers at the sources, waits for every task, writes the pointer,
 *   then tells the tasks that it is complete (a message that may be lost); time-outs and refusals count, and beyond
 *   the tolerated number the job fails over.
 * Source: Flink 2.1 CheckpointCoordinator, CheckpointRequestDecider, CheckpointFailureManager.
 * Leaves out: savepoints, more than one checkpoint at a time, notifications of aborted checkpoints (a task drops an
 *   old alignment when the next barrier comes).
 */
import { eventKind, invariant, Timer, type Connection, type EventKind, type Sim, type Stream, type Unit } from '../../../src/kernel/index.ts'
import { Checkpoint, type OperatorSnapshot, type SourceSnapshot } from './checkpoint.ts'
import { storePut, type CheckpointStorage } from './checkpoint-storage.ts'
import { checkpointAborted, checkpointCompleted, checkpointTriggered } from './facts.ts'
import { callBytes, notifyComplete, triggerCheckpoint, type Acknowledgement, type CheckpointCall, type StoreAnswer } from './rpc.ts'
import type { JobManager } from './job-manager.ts'
import type { JobSettings } from './job.ts'

/** A checkpoint in progress. */
class PendingCheckpoint {
  readonly call: CheckpointCall
  readonly sources: SourceSnapshot[] = []
  readonly operators: OperatorSnapshot[] = []
  alignmentNanos = 0
  isWritten = false

  constructor(call: CheckpointCall) {
    this.call = call
  }
}

export class CheckpointCoordinator {
  private readonly owner: JobManager
  private readonly settings: JobSettings
  private readonly storage: CheckpointStorage
  private readonly stream: Stream
  private readonly interval: Timer<JobManager, null>
  private readonly expiry: Timer<JobManager, null>
  private connection: Connection | null = null
  private isActive = false
  private nextPeriodAt = 0
  private isDue = false
  pending: PendingCheckpoint | null = null
  /** What a restore goes back to. */
  completed: Checkpoint | null = null
  private lastCompletedAt = -1
  lastDurationNanos = 0
  failuresInRow = 0
  failures = 0

  constructor(owner: JobManager, settings: JobSettings, storage: CheckpointStorage, stream: Stream) {
    this.owner = owner
    this.settings = settings
    this.storage = storage
    this.stream = stream
    this.interval = new Timer<JobManager, null>(owner, checkpointDue, null)
    this.expiry = new Timer<JobManager, null>(owner, checkpointExpired, null)
  }

  /** All tasks run: checkpoints begin after a random part of the interval. */
  start(sim: Sim): void {
    const { checkpointInterval, minPause } = this.settings
    if (checkpointInterval === Infinity) return
    this.isActive = true
    this.isDue = false
    const wait = minPause + Math.floor(this.stream.uniform() * Math.max(0, checkpointInterval - minPause))
    this.nextPeriodAt = sim.now + wait
    this.interval.set(sim, this.nextPeriodAt)
  }

  /** The job fails over: the one in progress is given up, unless its pointer is being written. */
  stop(sim: Sim): void {
    this.isActive = false
    this.interval.stop()
    this.expiry.stop()
    if (this.pending !== null && !this.pending.isWritten) this.abort(sim, false)
  }

  /** A write of the pointer is under way: nobody may restore before it is known. */
  isWriting(): boolean {
    return this.pending !== null && this.pending.isWritten
  }

  due(sim: Sim): void {
    if (!this.isActive) return
    if (sim.now >= this.nextPeriodAt) this.nextPeriodAt += this.settings.checkpointInterval
    this.interval.set(sim, Math.max(this.nextPeriodAt, sim.now))
    if (this.pending !== null) {
      this.isDue = true
      return
    }
    const earliest = this.lastCompletedAt < 0 ? 0 : this.lastCompletedAt + this.settings.minPause
    if (sim.now < earliest) {
      // Postponed as a whole: the period goes on from then.
      this.nextPeriodAt = earliest
      this.interval.set(sim, earliest)
      return
    }
    this.trigger(sim)
  }

  private trigger(sim: Sim): void {
    this.isDue = false
    const checkpoint = ++this.storage.lastId
    const call: CheckpointCall = { execution: this.owner.failover.execution, checkpoint, triggeredAt: sim.now }
    this.pending = new PendingCheckpoint(call)
    this.expiry.set(sim, sim.now + this.settings.checkpointTimeout)
    sim.fact(checkpointTriggered, this.owner, checkpoint)
    this.owner.failover.callTasks(sim, triggerCheckpoint, call)
  }

  acknowledged(sim: Sim, acknowledgement: Acknowledgement): void {
    const pending = this.pending
    if (pending === null || pending.isWritten || !isOf(acknowledgement, pending)) return
    const { source, operator } = acknowledgement
    if (source !== null) pending.sources.push(source)
    if (operator !== null) pending.operators.push(operator)
    pending.alignmentNanos = Math.max(pending.alignmentNanos, acknowledgement.alignmentNanos)
    const p = this.settings.parallelism
    invariant(pending.sources.length <= p && pending.operators.length <= p, 'flink.acknowledged-twice')
    if (pending.sources.length < p || pending.operators.length < p) return
    this.expiry.stop()
    pending.isWritten = true
    if (this.connection === null) {
      this.connection = sim.network.connect(sim, this.owner, this.storage, pointerOpen, pointerClosed)
    }
    const { execution, checkpoint, triggeredAt } = pending.call
    const pointer = new Checkpoint(checkpoint, triggeredAt, pending.sources, pending.operators)
    this.connection.send(sim, this.owner, storePut, {
      connection: this.connection, client: this.owner, onAnswer: pointerAnswered as unknown as EventKind<Unit, StoreAnswer>,
      subtask: -1, execution, checkpoint, pointer,
    }, callBytes * p)
  }

  /** The pointer is durable, or the store has refused it. */
  written(sim: Sim, answer: StoreAnswer): void {
    const pending = this.pending
    if (pending === null || answer.call.checkpoint !== pending.call.checkpoint) return
    if (!answer.ok) {
      this.failed(sim)
      return
    }
    this.pending = null
    const checkpoint = answer.call.pointer
    if (checkpoint === null) invariant(false, 'flink.pointer-without-checkpoint')
    this.completed = checkpoint
    this.lastCompletedAt = sim.now
    this.failuresInRow = 0
    this.lastDurationNanos = sim.now - checkpoint.triggeredAt
    sim.fact(checkpointCompleted, this.owner, checkpoint.id, this.lastDurationNanos, pending.alignmentNanos, checkpoint.bytes)
    if (this.isActive) {
      this.owner.failover.callTasks(sim, notifyComplete, pending.call)
      if (this.isDue) this.due(sim)
    } else {
      this.owner.failover.restartIfReady(sim)
    }
  }

  declined(sim: Sim, call: CheckpointCall): void {
    if (this.pending !== null && !this.pending.isWritten && isOf(call, this.pending)) this.failed(sim)
  }

  expired(sim: Sim): void {
    if (this.pending !== null && !this.pending.isWritten) this.failed(sim)
  }

  /** The store is gone while the pointer was on its way: taken as not written. */
  storeLost(sim: Sim, connection: Connection): void {
    if (this.connection !== connection) return
    this.connection = null
    if (this.isWriting()) this.failed(sim)
  }

  private failed(sim: Sim): void {
    this.abort(sim, true)
    if (!this.isActive) this.owner.failover.restartIfReady(sim)
    else if (this.failuresInRow > this.settings.tolerableFailedCheckpoints) this.owner.failover.fail(sim)
    else if (this.isDue) this.due(sim)
  }

  private abort(sim: Sim, counts: boolean): void {
    const pending = this.pending
    if (pending === null) return
    this.pending = null
    this.expiry.stop()
    this.failures++
    if (counts) this.failuresInRow++
    sim.fact(checkpointAborted, this.owner, pending.call.checkpoint, sim.now - pending.call.triggeredAt, this.failuresInRow)
  }
}

function isOf(what: { readonly execution: number; readonly checkpoint: number }, pending: PendingCheckpoint): boolean {
  return what.execution === pending.call.execution && what.checkpoint === pending.call.checkpoint
}

const checkpointDue = eventKind<JobManager, null>('flink.checkpoint-due', (sim, jm) => jm.coordinator.due(sim))
const checkpointExpired = eventKind<JobManager, null>('flink.checkpoint-expired', (sim, jm) => jm.coordinator.expired(sim))
const pointerOpen = eventKind<JobManager, Connection>('flink.pointer-open', () => {})
const pointerClosed = eventKind<JobManager, Connection>('flink.pointer-closed', (sim, jm, connection) => jm.coordinator.storeLost(sim, connection))
const pointerAnswered = eventKind<JobManager, StoreAnswer>('flink.pointer-answered', (sim, jm, answer) => jm.coordinator.written(sim, answer))
