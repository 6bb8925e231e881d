/**
 * Models: a TaskManager: a process with slots that registers at the JobManager, runs the tasks that it is told to,
 *   answers heartbeats, and cancels its tasks when it is told, or when the JobManager is gone for too long.
 * Source: Flink 2.1 documentation, Flink Architecture; Flink 2.1 documentation, Task Failure Recovery; Flink 2.1 TaskExecutor.
 * Leaves out: slot offers that time out, memory, idle TaskManagers that are released.
 */
import { endUnit, eventKind, invariant, Process, Timer, type Connection, type Death, type EventKind, type Host, type Sim } from '../../../src/kernel/index.ts'
import { connectionLost } from './facts.ts'
import { Exchange } from './exchange.ts'
import { OperatorTask } from './operator-task.ts'
import { SnapshotTransfer } from './snapshot-transfer.ts'
import { SourceTask } from './source-task.ts'
import {
  acknowledgeCheckpoint, callBytes, cancelAnswer, deployAnswer, heartbeatAnswer, offerSlot, register, updateTaskState,
  type CheckpointCall, type CreditMessage, type DataMessage, type Deployment, type FailureReason, type JobManagerCalls,
  type LinkCall, type PartitionRequest, type SlotCall, type TaskManagerCalls,
} from './rpc.ts'
import type { NetworkBuffer } from './buffer.ts'
import type { CheckpointStorage } from './checkpoint-storage.ts'
import type { OperatorSnapshot, SourceSnapshot } from './checkpoint.ts'
import type { Job } from './job.ts'
import type { Task } from './task.ts'

/** From the call to cancel until a task's thread has stopped and is cleaned up. Assumed. */
const cancelNanos = 10e6
/** Until a TaskManager without JobManager tries again. Assumed. */
const reconnectNanos = 1e9

export class TaskManager extends Process implements TaskManagerCalls {
  readonly job: Job
  readonly index: number
  readonly slotCount: number
  readonly exchange: Exchange
  readonly transfer: SnapshotTransfer
  private readonly jobManager: JobManagerCalls & Process
  private readonly peers: TaskManager[]
  private connection: Connection | null = null
  private readonly watch: Timer<TaskManager, null>
  /** Number of this registration at the JobManager. */
  link = -1
  /** The latest execution deployed here. */
  execution = 0
  sources: SourceTask[] = []
  operators: OperatorTask[] = []
  /** Slot of each subtask that runs here, in the order of `operators`. */
  slotsTaken: readonly number[] = []
  /** TaskManager of each subtask of the execution. */
  locations: readonly number[] = []
  private cancelling = 0

  constructor(
    sim: Sim, job: Job, index: number, host: Host, slotCount: number, restartAfter: number,
    jobManager: JobManagerCalls & Process, storage: CheckpointStorage, peers: TaskManager[], taskManagers: number,
  ) {
    super(sim, `taskmanager-${index + 1}`, host)
    this.job = job
    this.index = index
    this.slotCount = slotCount
    this.restartAfter = restartAfter
    this.jobManager = jobManager
    this.peers = peers
    this.watch = new Timer<TaskManager, null>(this, jobManagerSilent, null)
    this.exchange = new Exchange(sim, this, taskManagers)
    this.transfer = new SnapshotTransfer(this, storage)
    this.connect(sim)
  }

  peer(index: number): TaskManager {
    return this.peers[index] as TaskManager
  }

  sourceAt(subtask: number): SourceTask | null {
    for (let i = 0; i < this.sources.length; i++) if ((this.sources[i] as SourceTask).subtask === subtask) return this.sources[i] as SourceTask
    return null
  }

  operatorAt(subtask: number): OperatorTask | null {
    for (let i = 0; i < this.operators.length; i++) if ((this.operators[i] as OperatorTask).subtask === subtask) return this.operators[i] as OperatorTask
    return null
  }

  override started(sim: Sim): void {
    this.connect(sim)
  }

  override died(_sim: Sim, _how: Death): void {
    this.exchange.clear()
    this.transfer.clear()
    this.connection = null
    this.link = -1
    this.sources = []
    this.operators = []
    this.slotsTaken = []
    this.execution = 0
    this.cancelling = 0
    this.children.length = 0
  }

  // --- the JobManager's calls ---

  private connect(sim: Sim): void {
    this.connection = sim.network.connect(sim, this, this.jobManager, connected, disconnected)
  }

  connected(sim: Sim, connection: Connection): void {
    if (connection !== this.connection) return
    // A JobManager that has just come knows nothing of tasks that were deployed before it: they end first.
    this.endTasks(sim, { link: -1, execution: this.execution })
    const { index, incarnation, slotCount } = this
    connection.send(sim, this, register, { connection, index, incarnation, slots: slotCount }, callBytes)
    this.watch.set(sim, sim.now + this.job.settings.heartbeatTimeout)
  }

  /** The JobManager has closed, died, or was never there; running tasks go on until the time-out or its successor. */
  disconnected(sim: Sim, connection: Connection): void {
    if (connection !== this.connection) return
    this.connection = null
    this.link = -1
    sim.after(reconnectNanos, this, reconnect, null)
  }

  reconnect(sim: Sim): void {
    if (this.connection === null) this.connect(sim)
  }

  /** No heartbeat from the JobManager for too long: the tasks are failed, and it is looked for anew. */
  jobManagerSilent(sim: Sim): void {
    if (this.connection !== null) this.connection.close(sim, this)
    this.connection = null
    this.leaveJob(sim)
  }

  /** The JobManager says that it has given this TaskManager up. */
  dropped(sim: Sim): void {
    this.leaveJob(sim)
  }

  private leaveJob(sim: Sim): void {
    this.link = -1
    sim.after(cancelNanos, this, endTasks, { link: -1, execution: this.execution })
    sim.after(cancelNanos + 1e6, this, reconnect, null)
  }

  toJobManager<P>(sim: Sim, kind: EventKind<JobManagerCalls, P>, payload: P, bytes: number): void {
    if (this.connection !== null) this.connection.send(sim, this, kind, payload, bytes)
  }

  heartbeat(sim: Sim, call: LinkCall): void {
    this.link = call.link
    this.watch.set(sim, sim.now + this.job.settings.heartbeatTimeout)
    this.toJobManager(sim, heartbeatAnswer, call, callBytes)
  }

  slotRequested(sim: Sim, call: SlotCall): void {
    this.link = call.link
    this.toJobManager(sim, offerSlot, call, callBytes)
  }

  deploy(sim: Sim, deployment: Deployment): void {
    if (this.operators.length > 0) this.endTasks(sim, { link: -1, execution: this.execution })
    this.link = deployment.link
    this.execution = deployment.execution
    this.locations = deployment.locations
    this.slotsTaken = deployment.slots
    for (const subtask of deployment.subtasks) {
      this.sources.push(new SourceTask(sim, this, this.job, subtask, deployment))
      this.operators.push(new OperatorTask(sim, this, this.job, subtask, deployment))
    }
    this.exchange.deployed(sim)
    this.toJobManager(sim, deployAnswer, { link: deployment.link, execution: deployment.execution }, callBytes)
    sim.after(this.job.settings.taskStartNanos, this, tasksBuilt, deployment)
  }

  /** Threads and clients of the tasks are there: state is fetched. */
  tasksBuilt(sim: Sim, deployment: Deployment): void {
    if (deployment.execution !== this.execution) return
    for (const task of this.operators) {
      const snapshot = deployment.checkpoint?.operators.find((from) => from.subtask === task.subtask)
      this.transfer.download(sim, task, snapshot?.bytes ?? 0)
    }
    for (const task of this.sources) {
      task.start(sim)
      this.taskRuns(sim, task)
    }
  }

  cancel(sim: Sim, call: LinkCall): void {
    this.cancelling = call.execution
    sim.after(cancelNanos, this, endTasks, call)
  }

  /** All tasks of an execution end; nothing of them goes on but what is on the wire. */
  endTasks(sim: Sim, call: LinkCall): void {
    if (call.execution === this.execution) {
      for (const task of this.sources) this.endTask(sim, task)
      for (const task of this.operators) this.endTask(sim, task)
      this.sources = []
      this.operators = []
      this.slotsTaken = []
    }
    if (call.link >= 0) this.toJobManager(sim, cancelAnswer, call, callBytes)
  }

  private endTask(sim: Sim, task: Task): void {
    endUnit(sim, task, 'closed')
    // An ended task never comes back; the TaskManager's death need not visit it.
    this.children.splice(this.children.indexOf(task), 1)
  }

  triggerCheckpoint(sim: Sim, call: CheckpointCall): void {
    if (call.execution !== this.execution) return
    for (let i = 0; i < this.sources.length; i++) (this.sources[i] as SourceTask).trigger(sim, call)
  }

  checkpointComplete(sim: Sim, call: CheckpointCall): void {
    if (call.execution !== this.execution) return
    for (let i = 0; i < this.operators.length; i++) (this.operators[i] as OperatorTask).notifyComplete(sim, call.checkpoint)
  }

  // --- the tasks ---

  taskRuns(sim: Sim, task: Task): void {
    const { link, execution } = this
    this.toJobManager(sim, updateTaskState, { link, execution, subtask: task.subtask, state: 'running', reason: null }, callBytes)
  }

  taskFailed(sim: Sim, task: Task, reason: FailureReason): void {
    this.report(sim, task.subtask, reason)
  }

  private report(sim: Sim, subtask: number, reason: FailureReason): void {
    if (this.cancelling === this.execution) return
    const { link, execution } = this
    this.toJobManager(sim, updateTaskState, { link, execution, subtask, state: 'failed', reason }, callBytes)
  }

  inputLost(sim: Sim, peer: number): void {
    if (this.operators.length === 0 || !this.locations.includes(peer)) return
    sim.fact(connectionLost, this, peer + 1)
    this.report(sim, (this.operators[0] as OperatorTask).subtask, 'connection')
  }

  outputWritten(sim: Sim, task: SourceTask, everything: boolean): void {
    this.exchange.written(sim, task, everything)
  }

  inputRead(_sim: Sim, task: OperatorTask, buffer: NetworkBuffer): void {
    this.exchange.read(task, buffer)
  }

  inputDone(sim: Sim): void {
    this.exchange.readDone(sim)
  }

  sourceSnapshot(sim: Sim, _task: SourceTask, call: CheckpointCall, snapshot: SourceSnapshot): void {
    const { execution, checkpoint } = call
    this.toJobManager(sim, acknowledgeCheckpoint, { execution, checkpoint, source: snapshot, operator: null, alignmentNanos: 0 }, callBytes)
  }

  operatorSnapshot(sim: Sim, task: OperatorTask, call: CheckpointCall, snapshot: OperatorSnapshot): void {
    this.transfer.upload(sim, task, call, snapshot)
  }

  // --- the exchange ---

  partitionRequested(_sim: Sim, request: PartitionRequest): void {
    this.exchange.requested(request)
  }

  dataArrived(sim: Sim, message: DataMessage): void {
    this.exchange.arrived(sim, message)
  }

  creditArrived(sim: Sim, message: CreditMessage): void {
    this.exchange.creditArrived(sim, message)
  }

  /** Buffers of an execution that is over. */
  discard(buffers: readonly NetworkBuffer[]): void {
    for (const buffer of buffers) this.job.dropBuffer(buffer)
  }

  /** Checks connections, buffers, credits and tasks. */
  audit(): void {
    this.exchange.audit()
    invariant(this.sources.length === this.operators.length, 'flink.slot-sharing', this.name)
    for (const task of this.sources) task.output.audit()
    for (const task of this.operators) task.gate.audit()
  }
}

const connected = eventKind<TaskManager, Connection>('flink.connected', (sim, tm, connection) => tm.connected(sim, connection))
const disconnected = eventKind<TaskManager, Connection>('flink.disconnected', (sim, tm, connection) => tm.disconnected(sim, connection))
const reconnect = eventKind<TaskManager, null>('flink.reconnect', (sim, tm) => tm.reconnect(sim))
const jobManagerSilent = eventKind<TaskManager, null>('flink.jobmanager-silent', (sim, tm) => tm.jobManagerSilent(sim))
const tasksBuilt = eventKind<TaskManager, Deployment>('flink.tasks-built', (sim, tm, deployment) => tm.tasksBuilt(sim, deployment))
const endTasks = eventKind<TaskManager, LinkCall>('flink.end-tasks', (sim, tm, call) => tm.endTasks(sim, call))
