/** A Flink cluster between a scripted log and a scripted sink: everything in the middle is real. */
import { Births } from '../../../src/contract/births.ts'
import { Copies, type CauseCode } from '../../../src/contract/cause.ts'
import type { HoldingVisitor, World } from '../../../src/contract/architecture.ts'
import type { Fault } from '../../../src/contract/fault.ts'
import type { Outside } from '../../../src/contract/outside.ts'
import type { Sizing, Workload } from '../../../src/contract/scenario.ts'
import { eventKind, Sim, type FactCode, type FactSink, type Process, type Unit } from '../../../src/kernel/index.ts'
import {
  CheckpointStorage, Committable, Job, JobManager, SourceChunk, TaskManager, type Connectors, type JobSettings,
  type OperatorTask, type SinkWriter, type SourceTask, type SplitReader,
} from '../../../models/parts/flink/index.ts'

export const second = 1e9

/** Flink's defaults, with checkpoints every second. */
export const settings: JobSettings = {
  parallelism: 4, checkpointInterval: second, isAligned: true, checkpointTimeout: 600 * second, minPause: 0,
  tolerableFailedCheckpoints: 0, bufferTimeout: 100e6, heartbeatInterval: 10 * second, heartbeatTimeout: 50 * second,
  rpcFailureThreshold: 2, rpcTimeout: 10 * second, slotRequestTimeout: 300 * second, spreadSlots: false,
  restart: {
    type: 'exponential-delay', initialBackoff: second, maxBackoff: 60 * second, multiplier: 1.5, jitterFactor: 0.1,
    resetThreshold: 3600 * second, attempts: Infinity, fixedDelay: second,
  },
  highAvailability: true, sourceRecordNanos: 10e3, operatorRecordNanos: 20e3, taskStartNanos: 500e6,
  stateBytesPerKey: 100, storageBytesPerSecond: 50e6, storageNanos: 10e6,
}

/** What the outside saw, in counters. */
export class Counting implements Outside {
  processedRecords = 0
  readonly drops: Record<string, number> = {}
  view(): number { return 0 }
  answered(): void {}
  processed(_lane: number, _first: number, count: number): void { this.processedRecords += count }
  visible(): void {}
  retracted(): void {}
  repeatRefused(): void {}
  dropped(cause: CauseCode, _lane: number, _first: number, count: number): void {
    this.drops[cause.code] = (this.drops[cause.code] ?? 0) + count
  }
  filtered(): void {}
  deadLettered(): void {}
  late(): void {}
}

/** Facts as they come. */
export class Facts implements FactSink {
  readonly all: { at: number; code: string; who: string; a: number; b: number; c: number }[] = []
  fact(at: number, code: FactCode, subject: Unit, a: number, b: number, c: number): void {
    this.all.push({ at, code: code.code, who: subject.name, a, b, c })
  }
  of(code: string) { return this.all.filter((fact) => fact.code === code) }
}

/** A durable log by split, filled as records are born: lane n goes to split n mod splits. */
export class ScriptedLog {
  readonly lanes: number[][] = []
  readonly indexes: number[][] = []
  readonly readers: (ScriptedReader | null)[] = []
  constructor(splits: number) {
    for (let i = 0; i < splits; i++) {
      this.lanes.push([])
      this.indexes.push([])
    }
  }
  append(sim: Sim, split: number, lane: number, index: number): void {
    this.lanes[split]!.push(lane)
    this.indexes[split]!.push(index)
    for (const reader of this.readers) if (reader !== null && reader.task.alive && reader.task.splits.includes(split)) reader.wake(sim)
  }
}

class ScriptedReader implements SplitReader {
  readonly task: SourceTask
  private readonly log: ScriptedLog
  private readonly at: number[]
  private sleeps = false
  constructor(task: SourceTask, log: ScriptedLog) {
    this.task = task
    this.log = log
    this.at = task.splits.map((split) => task.positions[split]!)
  }
  open(): void { this.log.readers[this.task.subtask] = this }
  next(): SourceChunk | null {
    for (let i = 0; i < this.at.length; i++) {
      const split = this.task.splits[i]!
      const from = this.at[i]!
      const lanes = this.log.lanes[split]!
      if (from >= lanes.length) continue
      const to = Math.min(lanes.length, from + 100)
      const slices: number[] = []
      for (let k = from; k < to; k++) slices.push(lanes[k]!, this.log.indexes[split]![k]!, 1, 0)
      this.at[i] = to
      return new SourceChunk(split, from, slices, to - from, to)
    }
    this.sleeps = true
    return null
  }
  isAtEnd(): boolean {
    return this.at.every((at, i) => at >= this.log.lanes[this.task.splits[i]!]!.length)
  }
  fetchedTo(split: number): number { return this.at[this.task.splits.indexOf(split)] ?? -1 }
  epochOf(): number { return -1 }
  wake(sim: Sim): void {
    if (!this.sleeps || this.task.process.paused) return
    this.sleeps = false
    this.task.available(sim)
  }
}

/** What readers can see, by record, and how often. */
export class ScriptedOutput {
  readonly counts = new Map<string, number>()
  /** Writes that may become visible by a later commit. */
  flushNanos = 5e6
  isTransactional = true
  /** Ignore the coordinator's notification (a lost message). */
  losesNotification = false
  committedAtRestore = 0
  commits = 0
  blocksWriters = false
  show(lane: number, index: number): void {
    const name = `${lane}:${index}`
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1)
  }
  repeats(): number {
    let repeats = 0
    for (const count of this.counts.values()) repeats += count - 1
    return repeats
  }
}

class ScriptedWriter implements SinkWriter {
  private readonly task: OperatorTask
  private readonly output: ScriptedOutput
  private open_: number[] = []
  private prepared: Committable[] = []
  preparing = 0
  constructor(task: OperatorTask, output: ScriptedOutput) {
    this.task = task
    this.output = output
  }
  open(sim: Sim, _checkpoint: number, committables: readonly Committable[]): void {
    for (const one of committables) {
      if (committed.has(one)) continue
      this.output.committedAtRestore++
      this.publish(one)
    }
    this.task.sinkReady(sim)
  }
  write(_sim: Sim, _key: number, lane: number, index: number, copy: number): void {
    if (this.output.isTransactional) this.open_.push(lane, index, 1, copy)
    else this.output.show(lane, index)
  }
  isWritable(): boolean { return !this.output.blocksWriters }
  prepare(sim: Sim, checkpoint: number): void {
    this.preparing = checkpoint
    sim.after(this.output.flushNanos, this.task, flushed, this)
  }
  flushed(sim: Sim): void {
    if (this.output.isTransactional) {
      this.prepared.push(new Committable(this.preparing, this.task.subtask, 0, 0, 0, this.open_, this.open_.length / 4))
      this.open_ = []
    }
    this.task.sinkPrepared(sim)
  }
  committables(): readonly Committable[] { return this.prepared }
  commit(sim: Sim, checkpoint: number): void {
    if (!this.output.losesNotification) {
      for (const one of this.prepared) if (one.checkpoint <= checkpoint) this.publish(one)
      this.prepared = this.prepared.filter((one) => one.checkpoint > checkpoint)
    }
    this.task.sinkCommitted(sim, checkpoint)
  }
  private publish(one: Committable): void {
    if (committed.has(one)) return
    committed.add(one)
    this.output.commits++
    for (let i = 0; i < one.slices.length; i += 4) this.output.show(one.slices[i]!, one.slices[i + 1]!)
  }
  markReplaced(): void {}
  holdings(_visit: HoldingVisitor): void {}
  openTransactions(): number { return 1 }
  oldestOpenAt(): number { return Infinity }
}
/** Kafka's memory of what is committed, for all runs: committables are objects of one run. */
const committed = new WeakSet<Committable>()
const flushed = eventKind<OperatorTask, ScriptedWriter>('test.sink-flushed', (sim, _task, writer) => writer.flushed(sim))

class ScriptedEnds implements Connectors {
  readonly hasCommitter = true
  readonly log: ScriptedLog
  readonly output: ScriptedOutput
  constructor(log: ScriptedLog, output: ScriptedOutput) {
    this.log = log
    this.output = output
  }
  reader(_sim: Sim, task: SourceTask): SplitReader { return new ScriptedReader(task, this.log) }
  writer(_sim: Sim, task: OperatorTask): SinkWriter { return new ScriptedWriter(task, this.output) }
}

export interface KitOptions {
  readonly seed?: string
  readonly rate?: number
  readonly keys?: number
  readonly until?: number
  readonly taskManagers?: number
  readonly slots?: number
  readonly settings?: Partial<JobSettings>
  readonly faults?: readonly Fault[]
  readonly restartAfter?: number
}

/** The cluster, its ends and its observers. */
export class FlinkKit {
  readonly sim: Sim
  readonly births: Births
  readonly outside = new Counting()
  readonly facts = new Facts()
  readonly log: ScriptedLog
  readonly output = new ScriptedOutput()
  readonly job: Job
  readonly storage: CheckpointStorage
  readonly jobManager: JobManager
  readonly taskManagers: TaskManager[] = []

  constructor(options: KitOptions = {}) {
    const rate = options.rate ?? 400
    const all = { ...settings, ...options.settings }
    const workload: Workload = {
      ratePerSecond: rate, shape: { kind: 'poisson' }, recordBytes: 500, sources: 4, eventTimeDelay: 0 as never,
      keys: { count: options.keys ?? 100, distribution: 'uniform', exponent: 0 }, malformedPerMillion: 0, upstream: 'once',
    }
    const seed = options.seed ?? 'flink-kit'
    this.sim = new Sim(seed)
    this.sim.facts = this.facts
    this.births = new Births(workload, seed, options.faults ?? [], options.until ?? 10 * second)
    const world: World = {
      sim: this.sim, births: this.births, copies: new Copies(), outside: this.outside,
      settings: { number: () => 0, text: () => '', flag: () => false }, sizing: {} as Sizing, workload,
    }
    this.log = new ScriptedLog(all.parallelism)
    this.job = new Job(world, all, new ScriptedEnds(this.log, this.output), 'transactions', all.parallelism)
    this.storage = new CheckpointStorage(this.sim, this.sim.host('storage', 'a', 1.25e9), all.storageNanos)
    const jmHost = this.sim.host('jobmanager', 'a', 1.25e9)
    this.jobManager = new JobManager(this.sim, this.job, jmHost, this.storage, this.taskManagers, 5 * second)
    const count = options.taskManagers ?? 3
    for (let i = 0; i < count; i++) {
      const host = this.sim.host(`host-${i}`, 'abc'[i % 3]!, 1.25e9)
      this.taskManagers.push(new TaskManager(
        this.sim, this.job, i, host, options.slots ?? 2, options.restartAfter ?? Infinity, this.jobManager, this.storage,
        this.taskManagers, count,
      ))
    }
    for (let lane = 0; lane < this.births.lanes; lane++) this.nextBirth(lane)
  }

  private nextBirth(lane: number): void {
    const at = this.births.nextAt(lane)
    if (at !== Infinity) this.sim.schedule(at, this.sim.platform, birth, { kit: this, lane })
  }

  born(lane: number): void {
    const index = this.births.take(lane)
    this.log.append(this.sim, lane % this.log.lanes.length, lane, index)
    this.nextBirth(lane)
  }

  /** Runs to `seconds`, auditing all pools every 50 ms. */
  runTo(seconds: number): void {
    const until = seconds * second
    while (this.sim.now < until) {
      this.sim.run(Math.min(until, this.sim.now + 50e6), true, 10_000_000)
      for (const taskManager of this.taskManagers) taskManager.audit()
    }
  }

  operators(): OperatorTask[] {
    return this.taskManagers.flatMap((taskManager) => taskManager.operators)
  }

  sources(): SourceTask[] {
    return this.taskManagers.flatMap((taskManager) => taskManager.sources)
  }

  /** Sum over the state of all live operators. */
  stateTotal(): number {
    return this.operators().reduce((sum, task) => sum + task.state.total, 0)
  }

  bornCount(): number {
    let count = 0
    for (let lane = 0; lane < this.births.lanes; lane++) count += this.births.born(lane)
    return count
  }
}

const birth = eventKind<Process, { kit: FlinkKit; lane: number }>('test.flink-birth', (_sim, _platform, { kit, lane }) => kit.born(lane))
