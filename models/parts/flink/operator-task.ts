/**
 * Models: an operator subtask chained with its sink writer and committer: one thread reads buffers in turn, changes
 *   the state of each record's key, hands one result to the writer; at a complete barrier the sink flushes with the
 *   thread blocked, the state is copied and uploaded, and the JobManager hears of it.
 * Source: Flink 2.1 documentation, Flink Architecture; Flink 2.1 `SingleCheckpointBarrierHandler`; flink-connector-kafka `KafkaSink`.
 * Leaves out: the operator's own rule (every record gives one result with the record's identity), timers.
 */
import { empty, eventKind, invariant, objects, type Death, type Sim } from '../../../src/kernel/index.ts'
import { BarrierAlignment } from './barrier.ts'
import { OperatorSnapshot, type Committable } from './checkpoint.ts'
import { alignmentDone } from './facts.ts'
import { InputGate } from './input-gate.ts'
import { KeyedState } from './state.ts'
import { BACK_PRESSURED, BUSY, IDLE, Task, type TaskHost } from './task.ts'
import type { NetworkBuffer } from './buffer.ts'
import type { SinkWriter } from './connectors.ts'
import type { Job } from './job.ts'
import type { CheckpointCall, Deployment } from './rpc.ts'
import { hopOf } from '../../../src/contract/hop.ts'
import { processedHop } from './hops.ts'

/** Records that are worked off in one go. */
const stepRecordsMax = 200

/** What the TaskManager does for its operator tasks. */
export interface OperatorHost extends TaskHost {
  /** Buffers were read: credits may be due, and the sender's pool has them back. */
  inputRead(sim: Sim, task: OperatorTask, buffer: NetworkBuffer): void
  inputDone(sim: Sim): void
  operatorSnapshot(sim: Sim, task: OperatorTask, call: CheckpointCall, snapshot: OperatorSnapshot): void
}

export class OperatorTask extends Task {
  declare readonly host: OperatorHost
  readonly gate: InputGate
  readonly alignment: BarrierAlignment
  readonly state: KeyedState
  writer: SinkWriter | null = null
  /** TaskManager of each source subtask. */
  readonly locations: readonly number[]
  private readonly restoredCommittables: readonly Committable[]
  private readonly restoredId: number
  private readonly batch: NetworkBuffer[] = objects()
  private inService = false
  /** The thread waits for the sink: flush at a barrier, or commit. */
  private waitsForSink = false
  private preparing: CheckpointCall | null = null
  private commitDue = 0

  constructor(sim: Sim, host: OperatorHost, job: Job, subtask: number, deployment: Deployment) {
    super(sim, `operator-task-${subtask + 1}`, host, job, deployment.execution, subtask)
    const snapshot = deployment.checkpoint?.operators.find((from) => from.subtask === subtask)
    this.gate = new InputGate(job.parallelism)
    this.alignment = new BarrierAlignment(this.gate, job.settings.isAligned)
    this.state = new KeyedState(job.keysOf[subtask] as number, snapshot?.counts ?? null)
    this.locations = deployment.locations
    this.restoredCommittables = snapshot?.committables ?? []
    this.restoredId = deployment.checkpoint?.id ?? 0
  }

  /** The state is there: the sink commits what was prepared and opens. */
  start(sim: Sim): void {
    this.job.outage.operatorRestored(sim, this, this.restoredId)
    this.writer = this.job.connectors.writer(sim, this)
    this.writer.open(sim, this.restoredId, this.restoredCommittables)
  }

  sinkReady(sim: Sim): void {
    this.isRunning = true
    this.host.taskRuns(sim, this)
    this.proceed(sim)
  }

  /** The client has memory again. */
  sinkWritable(sim: Sim): void {
    this.proceed(sim)
  }

  sinkFailed(sim: Sim): void {
    this.isRunning = false
    this.host.taskFailed(sim, this, 'sink')
  }

  /** The coordinator's notification comes into the mailbox. */
  notifyComplete(sim: Sim, checkpoint: number): void {
    if (checkpoint > this.commitDue) this.commitDue = checkpoint
    this.proceed(sim)
  }

  override proceed(sim: Sim): void {
    if (!this.isRunning || this.inService || this.waitsForSink || !this.alive) return
    const writer = this.writer as SinkWriter
    if (this.commitDue > 0) {
      this.waitsForSink = true
      this.setLoad(sim, BUSY)
      writer.commit(sim, this.commitDue)
      return
    }
    if (!writer.isWritable()) {
      this.setLoad(sim, BACK_PRESSURED)
      return
    }
    let records = 0
    const batch = this.batch
    while (records < stepRecordsMax) {
      const buffer = this.gate.peek()
      if (buffer === null) break
      if (buffer.barrier > 0) {
        // Records before a barrier are worked off before it.
        if (records > 0) break
        this.gate.poll()
        this.barrier(sim, buffer)
        if (this.waitsForSink || !this.alive) return
        continue
      }
      batch.push(this.gate.poll())
      records += buffer.records
    }
    if (records === 0) {
      this.setLoad(sim, IDLE)
      return
    }
    this.inService = true
    this.setLoad(sim, BUSY)
    this.thread.submit(sim, records * this.job.settings.operatorRecordNanos, this, operatorWorked, null)
  }

  /** The batch is worked off: state, result, credit. */
  worked(sim: Sim): void {
    this.inService = false
    const { keyPlace, world } = this.job
    const { births } = world
    const writer = this.writer as SinkWriter
    const state = this.state
    const batch = this.batch
    for (let b = 0; b < batch.length; b++) {
      const buffer = batch[b] as NetworkBuffer
      const slices = buffer.slices
      for (let i = 0; i < slices.length; i += 4) {
        const lane = slices[i] as number
        const first = slices[i + 1] as number
        const count = slices[i + 2] as number
        const copy = slices[i + 3] as number
        if (sim.tracer !== null) hopOf(sim, processedHop, this, lane, first, count, copy)
        world.outside.processed(lane, first, count)
        for (let index = first; index < first + count; index++) {
          const key = births.keyOf(lane, index)
          state.add(keyPlace[key] as number)
          writer.write(sim, key, lane, index, copy)
        }
      }
      this.host.inputRead(sim, this, buffer)
    }
    empty(batch)
    this.host.inputDone(sim)
    this.proceed(sim)
  }

  private barrier(sim: Sim, buffer: NetworkBuffer): void {
    if (!this.alignment.receive(sim.now, buffer.source, buffer.barrier)) return
    sim.fact(alignmentDone, this, buffer.barrier, this.alignment.alignmentNanos, this.subtask)
    this.preparing = { execution: this.execution, checkpoint: buffer.barrier, triggeredAt: buffer.triggeredAt }
    this.waitsForSink = true
    this.setLoad(sim, BUSY)
    const writer = this.writer as SinkWriter
    writer.prepare(sim, buffer.barrier)
  }

  /** The sink has flushed and begun its next transaction: the state is copied, and the thread goes on. */
  sinkPrepared(sim: Sim): void {
    const call = this.preparing
    if (call === null) invariant(false, 'flink.prepared-without-barrier', this.name)
    this.preparing = null
    this.waitsForSink = false
    const bytes = this.state.keys * this.job.settings.stateBytesPerKey
    const committables = [...(this.writer as SinkWriter).committables()]
    const snapshot = new OperatorSnapshot(this.subtask, this.state.snapshot(), bytes, committables)
    this.host.operatorSnapshot(sim, this, call, snapshot)
    this.proceed(sim)
  }

  /** All transactions up to the checkpoint are committed, or given up for good. */
  sinkCommitted(sim: Sim, checkpoint: number): void {
    if (this.commitDue === checkpoint) this.commitDue = 0
    this.waitsForSink = false
    this.proceed(sim)
  }

  /** Another task is put in its place: for causes only. */
  markReplaced(): void {
    this.isReplaced = true
    this.writer?.markReplaced()
  }

  /** Buffers that lie here or are being worked off. */
  forEachBuffer(visit: (buffer: NetworkBuffer) => void): void {
    for (const buffer of this.batch) visit(buffer)
    this.gate.forEachBuffer(visit)
  }

  override died(_sim: Sim, _how: Death): void {
    this.forEachBuffer((buffer) => this.job.dropBuffer(buffer))
    this.batch.length = 0
  }
}

const operatorWorked = eventKind<OperatorTask, null>('flink.operator-worked', (sim, task) => task.worked(sim))
