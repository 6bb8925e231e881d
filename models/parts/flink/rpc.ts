/**
 * Models: the calls between JobManager and TaskManagers, as messages on their connection.
 * Source: Flink 2.1 `CheckpointCoordinator`; Flink 2.1 documentation, Task Failure Recovery; Flink 2.1 JobMasterGateway, TaskExecutorGateway, CheckpointCoordinatorGateway.
 * Leaves out: serialisation; calls that Flink makes per task go once per TaskManager and name the tasks.
 */
import { eventKind, type Connection, type EventKind, type Sim, type Unit } from '../../../src/kernel/index.ts'
import type { Checkpoint, OperatorSnapshot, SourceSnapshot } from './checkpoint.ts'
import type { NetworkBuffer } from './buffer.ts'

/** Bytes of a call with little content. Assumed. */
export const callBytes = 300

/** "Here I am": a TaskManager's incarnation is its resource id. */
export interface Registration {
  readonly connection: Connection
  readonly index: number
  readonly incarnation: number
  readonly slots: number
}

/** Why a task or a whole TaskManager's tasks failed. */
export type FailureReason = 'task' | 'connection' | 'sink' | 'jobmanager-lost'

/** What tasks of one TaskManager are to do in an execution of the job. */
export interface Deployment {
  readonly execution: number
  /** Number of this TaskManager's link at the JobManager. */
  readonly link: number
  readonly subtasks: readonly number[]
  readonly slots: readonly number[]
  /** TaskManager by subtask, for the shuffle. */
  readonly locations: readonly number[]
  readonly checkpoint: Checkpoint | null
  /** Highest offsets emitted before, by split: for causes only. */
  readonly replayBelow: Float64Array
  readonly replays: ReplayCopies
}

/** Copy ids of what is read again: one per parent and execution. */
export class ReplayCopies {
  readonly parents: number[] = []
  readonly copies: number[] = []
}

export interface TaskState {
  readonly link: number
  readonly execution: number
  readonly subtask: number
  readonly state: 'restored' | 'running' | 'failed'
  readonly reason: FailureReason | null
}

export interface CheckpointCall {
  readonly execution: number
  readonly checkpoint: number
  readonly triggeredAt: number
}

export interface Acknowledgement {
  readonly execution: number
  readonly checkpoint: number
  readonly source: SourceSnapshot | null
  readonly operator: OperatorSnapshot | null
  readonly alignmentNanos: number
}

/** A call about one link or one execution. */
export interface LinkCall {
  readonly link: number
  readonly execution: number
}

export interface SlotCall {
  readonly link: number
  readonly slot: number
  readonly request: number
}

/** A consumer TaskManager asks for the channels to its subtasks. */
export interface PartitionRequest {
  readonly connection: Connection
  readonly consumer: number
  readonly execution: number
}

export interface DataMessage {
  readonly execution: number
  readonly buffers: readonly NetworkBuffer[]
}

/** Flat triples: source subtask, operator subtask, credit. */
export interface CreditMessage {
  readonly execution: number
  readonly credits: readonly number[]
}

export interface StoreCall {
  readonly connection: Connection
  readonly client: Unit
  readonly onAnswer: EventKind<Unit, StoreAnswer>
  readonly subtask: number
  readonly execution: number
  readonly checkpoint: number
  /** The completed checkpoint whose metadata and pointer this is; null for a snapshot of a task. */
  readonly pointer: Checkpoint | null
}
export interface StoreAnswer {
  readonly call: StoreCall
  readonly ok: boolean
}

export interface JobManagerCalls extends Unit {
  registered(sim: Sim, registration: Registration): void
  heartbeatAnswered(sim: Sim, call: LinkCall): void
  slotOffered(sim: Sim, call: SlotCall): void
  deployed(sim: Sim, call: LinkCall): void
  cancelled(sim: Sim, call: LinkCall): void
  taskStateChanged(sim: Sim, state: TaskState): void
  acknowledged(sim: Sim, acknowledgement: Acknowledgement): void
  declined(sim: Sim, call: CheckpointCall): void
}

export interface TaskManagerCalls extends Unit {
  heartbeat(sim: Sim, call: LinkCall): void
  slotRequested(sim: Sim, call: SlotCall): void
  dropped(sim: Sim): void
  deploy(sim: Sim, deployment: Deployment): void
  cancel(sim: Sim, call: LinkCall): void
  triggerCheckpoint(sim: Sim, call: CheckpointCall): void
  checkpointComplete(sim: Sim, call: CheckpointCall): void
  partitionRequested(sim: Sim, request: PartitionRequest): void
  dataArrived(sim: Sim, message: DataMessage): void
  creditArrived(sim: Sim, message: CreditMessage): void
}

type ToJobManager<P> = EventKind<JobManagerCalls, P>
type ToTaskManager<P> = EventKind<TaskManagerCalls, P>

export const register: ToJobManager<Registration> = eventKind('flink.register', (sim, jm, p) => jm.registered(sim, p))
export const heartbeatAnswer: ToJobManager<LinkCall> = eventKind('flink.heartbeat-answer', (sim, jm, p) => jm.heartbeatAnswered(sim, p))
export const offerSlot: ToJobManager<SlotCall> = eventKind('flink.offer-slot', (sim, jm, p) => jm.slotOffered(sim, p))
export const deployAnswer: ToJobManager<LinkCall> = eventKind('flink.deploy-answer', (sim, jm, p) => jm.deployed(sim, p))
export const cancelAnswer: ToJobManager<LinkCall> = eventKind('flink.cancel-answer', (sim, jm, p) => jm.cancelled(sim, p))
export const updateTaskState: ToJobManager<TaskState> = eventKind('flink.update-task-state', (sim, jm, p) => jm.taskStateChanged(sim, p))
export const acknowledgeCheckpoint: ToJobManager<Acknowledgement> = eventKind('flink.acknowledge-checkpoint', (sim, jm, p) => jm.acknowledged(sim, p))
export const declineCheckpoint: ToJobManager<CheckpointCall> = eventKind('flink.decline-checkpoint', (sim, jm, p) => jm.declined(sim, p))

export const heartbeatCall: ToTaskManager<LinkCall> = eventKind('flink.heartbeat', (sim, tm, p) => tm.heartbeat(sim, p))
export const requestSlot: ToTaskManager<SlotCall> = eventKind('flink.request-slot', (sim, tm, p) => tm.slotRequested(sim, p))
export const deployTasks: ToTaskManager<Deployment> = eventKind('flink.deploy', (sim, tm, p) => tm.deploy(sim, p))
export const dropTaskManager: ToTaskManager<null> = eventKind('flink.drop-taskmanager', (sim, tm) => tm.dropped(sim))
export const cancelTasks: ToTaskManager<LinkCall> = eventKind('flink.cancel', (sim, tm, p) => tm.cancel(sim, p))
export const triggerCheckpoint: ToTaskManager<CheckpointCall> = eventKind('flink.trigger-checkpoint', (sim, tm, p) => tm.triggerCheckpoint(sim, p))
export const notifyComplete: ToTaskManager<CheckpointCall> = eventKind('flink.notify-complete', (sim, tm, p) => tm.checkpointComplete(sim, p))
export const requestPartitions: ToTaskManager<PartitionRequest> = eventKind('flink.request-partitions', (sim, tm, p) => tm.partitionRequested(sim, p))
export const sendData: ToTaskManager<DataMessage> = eventKind('flink.data', (sim, tm, p) => tm.dataArrived(sim, p))
export const sendCredit: ToTaskManager<CreditMessage> = eventKind('flink.credit', (sim, tm, p) => tm.creditArrived(sim, p))
