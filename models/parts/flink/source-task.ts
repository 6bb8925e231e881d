/**
 * Models: a source subtask: its thread takes batches from the fetcher, emits records to the channel of their key,
 *   stops while no buffer is free, and puts barriers between two records; its state is the offset after the last
 *   record emitted; a record that cannot be read fails the task.
 * Source: Flink 2.1 documentation, Network Buffer Tuning; Flink 2.1 `SingleCheckpointBarrierHandler`; flink-connector-kafka `KafkaSource`; Flink Kafka connector documentation, Fault Tolerance.
 * Leaves out: watermarks; offsets committed to Kafka for monitoring only.
 */
import { MALFORMED } from '../../../src/contract/births.ts'
import { eventKind, invariant, type Death, type Sim } from '../../../src/kernel/index.ts'
import { SourceSnapshot } from './checkpoint.ts'
import type { SourceChunk, SplitReader } from './connectors.ts'
import { taskFailed, restoreReplay, zombie } from './facts.ts'
import { ResultPartition } from './result-partition.ts'
import { ReplayCopies, type CheckpointCall, type Deployment } from './rpc.ts'
import { BACK_PRESSURED, BUSY, IDLE, Task, type TaskHost } from './task.ts'
import type { Job } from './job.ts'
import { hopOf } from '../../../src/contract/hop.ts'
import { emitted } from './hops.ts'

/** Records that are worked off in one go; a barrier waits for them. Assumed small against a batch of 500. */
const stepRecordsMax = 100

/** What the TaskManager does for its source tasks. */
export interface SourceHost extends TaskHost {
  /** Records were written: buffers that are full, or all of them, go out. */
  outputWritten(sim: Sim, task: SourceTask, everything: boolean): void
  sourceSnapshot(sim: Sim, task: SourceTask, call: CheckpointCall, snapshot: SourceSnapshot): void
}

export class SourceTask extends Task {
  declare readonly host: SourceHost
  readonly output: ResultPartition
  /** Splits of this subtask. */
  readonly splits: number[] = []
  /** Next offset to emit, by split of the whole job. */
  readonly positions: number[] = []
  /** Lowest index not yet emitted by lane, by split: a shadow for folding births. */
  private readonly floors: Float64Array[] = []
  private readonly replayBelow: Float64Array
  private readonly replays: ReplayCopies
  private readonly zombieCopies = new ReplayCopies()
  reader: SplitReader | null = null
  private chunk: SourceChunk | null = null
  /** Records of the chunk that are emitted, and slice and record in it where the next one lies. */
  private emitted = 0
  private sliceAt = 0
  private recordAt = 0
  /** Records of the chunk whose service is done but that are not emitted. */
  private paid = 0
  private inService = false
  private due: CheckpointCall | null = null
  /** Has once had nothing more to read since it runs. */
  hasCaughtUp = false

  constructor(sim: Sim, host: SourceHost, job: Job, subtask: number, deployment: Deployment) {
    super(sim, `source-task-${subtask + 1}`, host, job, deployment.execution, subtask)
    const lanes = job.world.births.lanes
    this.output = new ResultPartition(subtask, job.parallelism, job.world.births.recordBytes)
    this.replayBelow = deployment.replayBelow.slice()
    this.replays = deployment.replays
    for (let split = 0; split < job.splits; split++) {
      this.positions.push(0)
      this.floors.push(new Float64Array(lanes))
      if (job.splitSubtask[split] === subtask) this.splits.push(split)
    }
    const snapshot = deployment.checkpoint?.sources.find((from) => from.subtask === subtask)
    if (snapshot === undefined) return
    for (let i = 0; i < snapshot.positions.length; i += 2) {
      const split = snapshot.positions[i] as number
      this.positions[split] = snapshot.positions[i + 1] as number
      ;(this.floors[split] as Float64Array).set(snapshot.floors[i / 2] as Float64Array)
    }
  }

  /** Its state is there: it seeks, and starts to fetch. */
  start(sim: Sim): void {
    this.reader = this.job.connectors.reader(sim, this)
    this.reader.open(sim)
    this.isRunning = true
    this.proceed(sim)
  }

  /** The fetcher has data again. */
  available(sim: Sim): void {
    if (!this.inService && this.paid === 0) this.proceed(sim)
  }

  /** The coordinator's call comes into the mailbox. */
  trigger(sim: Sim, call: CheckpointCall): void {
    this.due = call
    if (!this.inService) this.proceed(sim)
  }

  /** Buffers may be free again. */
  proceedIfBlocked(sim: Sim): void {
    if (this.paid > 0 && !this.inService) this.proceed(sim)
  }

  override proceed(sim: Sim): void {
    if (!this.isRunning || this.inService || !this.alive) return
    if (this.paid > 0 && !this.emit(sim)) {
      if (this.due !== null && this.isRunning) this.barrier(sim, this.due)
      return
    }
    if (this.due !== null) this.barrier(sim, this.due)
    if (this.chunk === null) {
      this.chunk = (this.reader as SplitReader).next(sim)
      if (this.chunk === null) {
        this.setLoad(sim, IDLE)
        if (!this.hasCaughtUp && (this.reader as SplitReader).isAtEnd()) this.hasCaughtUp = this.job.outage.sourceCaughtUp(sim, this)
        return
      }
      this.emitted = this.sliceAt = this.recordAt = 0
      this.followReset(this.chunk)
    }
    const left = this.chunk.records - this.emitted
    if (left === 0) {
      // Only offsets without records (markers): the position moves on.
      this.positions[this.chunk.split] = this.chunk.nextOffset
      this.chunk = null
      this.thread.submit(sim, 0, this, sourceWorked, 0)
      this.inService = true
      return
    }
    const records = left < stepRecordsMax ? left : stepRecordsMax
    this.inService = true
    this.setLoad(sim, BUSY)
    this.thread.submit(sim, records * this.job.settings.sourceRecordNanos, this, sourceWorked, records)
  }

  /** The reader was sent back, because the log had become shorter: what it has read before is read again. */
  private followReset(chunk: SourceChunk): void {
    const { split, baseOffset } = chunk
    if (baseOffset >= (this.positions[split] as number)) return
    this.positions[split] = baseOffset
    this.replayBelow[split] = this.job.reached[split] as number
  }

  worked(sim: Sim, records: number): void {
    this.inService = false
    this.paid += records
    this.proceed(sim)
  }

  /** Emits what is paid for: false when a buffer is missing or a record cannot be read. */
  private emit(sim: Sim): boolean {
    const chunk = this.chunk as SourceChunk
    const births = this.job.world.births
    const keySubtask = this.job.keySubtask
    const slices = chunk.slices
    const floors = this.floors[chunk.split] as Float64Array
    const again = this.replayBelow[chunk.split] as number
    let isOpen = true
    while (this.paid > 0) {
      const at = this.sliceAt
      const lane = slices[at] as number
      const index = (slices[at + 1] as number) + this.recordAt
      if ((births.flagsOf(lane, index) & MALFORMED) !== 0) {
        this.afterEmit(sim, chunk)
        sim.fact(taskFailed, this, lane + 1, index)
        this.isRunning = false
        this.host.taskFailed(sim, this, 'task')
        return false
      }
      let copy = slices[at + 3] as number
      if (this.isReplaced || chunk.baseOffset + this.emitted < again) copy = this.copyAgain(sim, copy)
      const channel = keySubtask[births.keyOf(lane, index)] as number
      isOpen = this.output.write(channel, lane, index, copy)
      if (!isOpen) {
        // What is full may leave now; if that frees no buffer the thread waits for one.
        this.host.outputWritten(sim, this, false)
        isOpen = this.output.write(channel, lane, index, copy)
        if (!isOpen) break
      }
      if (sim.tracer !== null) hopOf(sim, emitted, this, lane, index, 1, copy, channel + 1)
      floors[lane] = index + 1
      this.paid--
      this.emitted++
      if (++this.recordAt === (slices[at + 2] as number)) {
        this.recordAt = 0
        this.sliceAt = at + 4
      }
    }
    this.afterEmit(sim, chunk)
    if (isOpen) return true
    this.setLoad(sim, BACK_PRESSURED)
    return false
  }

  private afterEmit(sim: Sim, chunk: SourceChunk): void {
    const split = chunk.split
    const position = this.emitted === chunk.records ? chunk.nextOffset : chunk.baseOffset + this.emitted
    if (position < (this.positions[split] as number)) invariant(false, 'flink.position-back', `${split} ${position}`)
    this.positions[split] = position
    if (!this.isReplaced && position > (this.job.reached[split] as number)) this.job.reached[split] = position
    if (this.emitted === chunk.records) this.chunk = null
    this.host.outputWritten(sim, this, false)
  }

  /** One id per execution and parent. */
  private copyAgain(sim: Sim, parent: number): number {
    const replays = this.isReplaced ? this.zombieCopies : this.replays
    const known = replays.parents.indexOf(parent)
    if (known >= 0) return replays.copies[known] as number
    const copy = this.job.world.copies.mint(this.isReplaced ? zombie : restoreReplay, parent, sim.now, this.process)
    replays.parents.push(parent)
    replays.copies.push(copy)
    return copy
  }

  /** Between two records: barrier to every channel, then the state as it is now. */
  private barrier(sim: Sim, call: CheckpointCall): void {
    this.due = null
    this.output.broadcastBarrier(call.checkpoint, call.triggeredAt)
    this.host.outputWritten(sim, this, true)
    const positions: number[] = []
    const floors: Float64Array[] = []
    for (const split of this.splits) {
      positions.push(split, this.positions[split] as number)
      floors.push((this.floors[split] as Float64Array).slice())
    }
    this.host.sourceSnapshot(sim, this, call, new SourceSnapshot(this.subtask, positions, floors))
  }

  override died(_sim: Sim, _how: Death): void {
    this.output.forEachBuffer((buffer) => this.job.dropBuffer(buffer))
    this.chunk = null
  }

  /** Lowest index of a lane that this task may still read, of the splits that it has. */
  floorOf(lane: number): number {
    let floor = Infinity
    for (const split of this.splits) floor = Math.min(floor, (this.floors[split] as Float64Array)[lane] as number)
    return floor
  }
}

const sourceWorked = eventKind<SourceTask, number>('flink.source-worked', (sim, task, records) => task.worked(sim, records))
