/**
 * Models: the store of checkpoints and of the pointer to the last one (high availability): a service of its own that
 *   answers a write after a time, or with an error while it fails; what it has answered for is durable.
 * Source: Flink 2.1 `CheckpointCoordinator`; Flink 2.1 documentation, State Backends; Flink 2.1 documentation, Task Failure Recovery; the store's time is assumed (object stores: 10 to 50 ms a request).
 * Leaves out: partial objects, clean-up of subsumed checkpoints, JobManager heap storage.
 */
import { eventKind, Process, Server, type EventKind, type Host, type Sim } from '../../../src/kernel/index.ts'
import type { Checkpoint } from './checkpoint.ts'
import type { StoreAnswer, StoreCall } from './rpc.ts'

/** Requests that are served at a time. Assumed: more than a job has tasks. */
const width = 64

export class CheckpointStorage extends Process {
  /** Answers every write with an error (fault checkpoint-fail). */
  isRefusing = false
  /** The last completed checkpoint of the job. */
  pointer: Checkpoint | null = null
  /** Ids given out so far: the next checkpoint's is one higher, whoever triggers it. */
  lastId = 0
  private readonly requests: Server
  private readonly requestNanos: number

  constructor(sim: Sim, host: Host, requestNanos: number) {
    super(sim, 'checkpoint-storage', host)
    this.restartAfter = 10e9
    this.requestNanos = requestNanos
    this.requests = new Server(this, width)
  }

  put(sim: Sim, call: StoreCall): void {
    this.requests.submit(sim, this.requestNanos, this, stored, call)
  }

  stored(sim: Sim, call: StoreCall): void {
    if (call.pointer !== null && !this.isRefusing) this.pointer = call.pointer
    const answer: StoreAnswer = { call, ok: !this.isRefusing }
    call.connection.send(sim, this, call.onAnswer, answer, 100)
  }
}

/** A write to the store; answered on the caller's connection. */
export const storePut: EventKind<CheckpointStorage, StoreCall> = eventKind('flink.store-put', (sim, storage, call) => storage.put(sim, call))
const stored: EventKind<CheckpointStorage, StoreCall> = eventKind('flink.stored', (sim, storage, call) => storage.stored(sim, call))
