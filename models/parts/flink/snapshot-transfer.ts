/**
 * Models: how a TaskManager's snapshots get into the store and back: one transfer at a time at the TaskManager's
 *   bandwidth to the store, then the store's answer; small state travels inside the acknowledgement; a write that
 *   fails declines the checkpoint.
 * Source: Flink 2.1 `CheckpointCoordinator`; Flink 2.1 documentation, State Backends; Flink 2.1 documentation, Task Failure Recovery; execution.checkpointing.data-inline-threshold 20 KB.
 * Leaves out: incremental snapshots, local recovery, several transfer threads (they share the bandwidth).
 */
import { eventKind, Server, type Connection, type EventKind, type Sim, type Unit } from '../../../src/kernel/index.ts'
import { acknowledgeCheckpoint, callBytes, declineCheckpoint, type CheckpointCall, type StoreAnswer, type StoreCall } from './rpc.ts'
import { storePut, type CheckpointStorage } from './checkpoint-storage.ts'
import type { OperatorSnapshot } from './checkpoint.ts'
import type { OperatorTask } from './operator-task.ts'
import type { TaskManager } from './task-manager.ts'

const inlineBytesMax = 20 * 1024

/** One snapshot on its way to the store. */
class Upload {
  readonly task: OperatorTask
  readonly call: CheckpointCall
  readonly snapshot: OperatorSnapshot

  constructor(task: OperatorTask, call: CheckpointCall, snapshot: OperatorSnapshot) {
    this.task = task
    this.call = call
    this.snapshot = snapshot
  }
}

export class SnapshotTransfer {
  private readonly owner: TaskManager
  private readonly storage: CheckpointStorage
  private readonly server: Server
  private connection: Connection | null = null
  /** Uploads that wait for the store's answer. */
  private readonly waiting: Upload[] = []

  constructor(owner: TaskManager, storage: CheckpointStorage) {
    this.owner = owner
    this.storage = storage
    this.server = new Server(owner, 1)
  }

  clear(): void {
    this.connection = null
    this.waiting.length = 0
  }

  /** Stores a snapshot and acknowledges it, or declines the checkpoint. */
  upload(sim: Sim, task: OperatorTask, call: CheckpointCall, snapshot: OperatorSnapshot): void {
    const upload = new Upload(task, call, snapshot)
    if (snapshot.bytes <= inlineBytesMax) this.acknowledge(sim, upload)
    else this.server.submit(sim, this.nanosFor(snapshot.bytes), this.owner, sent, upload)
  }

  /** Fetches the state of a task that is being restored; `task.start` follows. */
  download(sim: Sim, task: OperatorTask, bytes: number): void {
    const nanos = bytes === 0 ? 0 : this.nanosFor(bytes) + this.owner.job.settings.storageNanos
    this.server.submit(sim, nanos, this.owner, fetched, task)
  }

  private nanosFor(bytes: number): number {
    return Math.ceil((bytes / this.owner.job.settings.storageBytesPerSecond) * 1e9)
  }

  sent(sim: Sim, upload: Upload): void {
    if (!upload.task.alive) return
    const owner = this.owner
    if (this.connection === null) {
      this.connection = sim.network.connect(sim, owner, this.storage, storeOpen, storeClosed)
    }
    this.waiting.push(upload)
    const call: StoreCall = {
      connection: this.connection, client: owner, onAnswer: storeAnswered as unknown as EventKind<Unit, StoreAnswer>, subtask: upload.task.subtask,
      execution: upload.call.execution, checkpoint: upload.call.checkpoint, pointer: null,
    }
    this.connection.send(sim, owner, storePut, call, callBytes)
  }

  answered(sim: Sim, answer: StoreAnswer): void {
    const { subtask, execution, checkpoint } = answer.call
    const at = this.waiting.findIndex((upload) => upload.task.subtask === subtask
      && upload.call.execution === execution && upload.call.checkpoint === checkpoint)
    if (at < 0) return
    const upload = this.waiting[at] as Upload
    this.waiting.splice(at, 1)
    if (answer.ok) this.acknowledge(sim, upload)
    else this.owner.toJobManager(sim, declineCheckpoint, upload.call, callBytes)
  }

  /** The store is gone: what it has not answered for has failed. */
  lost(sim: Sim, connection: Connection): void {
    if (this.connection !== connection) return
    this.connection = null
    const failed = this.waiting.splice(0)
    for (const upload of failed) this.owner.toJobManager(sim, declineCheckpoint, upload.call, callBytes)
  }

  private acknowledge(sim: Sim, upload: Upload): void {
    if (!upload.task.alive) return
    this.owner.toJobManager(sim, acknowledgeCheckpoint, {
      execution: upload.call.execution, checkpoint: upload.call.checkpoint, source: null, operator: upload.snapshot,
      alignmentNanos: upload.task.alignment.alignmentNanos,
    }, callBytes + (upload.snapshot.bytes <= inlineBytesMax ? upload.snapshot.bytes : 0))
  }

  fetched(sim: Sim, task: OperatorTask): void {
    if (task.alive) task.start(sim)
  }
}

const sent = eventKind<TaskManager, Upload>('flink.snapshot-sent', (sim, tm, upload) => tm.transfer.sent(sim, upload))
const fetched = eventKind<TaskManager, OperatorTask>('flink.snapshot-fetched', (sim, tm, task) => tm.transfer.fetched(sim, task))
const storeOpen = eventKind<TaskManager, Connection>('flink.store-open', () => {})
const storeClosed = eventKind<TaskManager, Connection>('flink.store-closed', (sim, tm, connection) => tm.transfer.lost(sim, connection))
const storeAnswered = eventKind<TaskManager, StoreAnswer>('flink.store-answered', (sim, tm, answer) => tm.transfer.answered(sim, answer))
