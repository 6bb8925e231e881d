/**
 * Models: the data plane of one TaskManager: consumers ask producers for their channels over one connection a pair
 *   of TaskManagers; one flusher sends what all its tasks have written; credits go back; a broken connection fails
 *   the tasks that read from it.
 * Source: Flink 2.1 documentation, Network Buffer Tuning; Flink 2.1 documentation, Task Failure Recovery; Flink 2.1 PartitionRequestClient, OutputFlusher; measured rows F-b of test/measurements (reset seen).
 * Leaves out: one flusher thread per task (here one per TaskManager, same period); credits of a connection wait for
 *   each other until one of its channels has none left.
 */
import { empty, eventKind, invariant, objects, Timer, type Connection, type EventKind, type Sim, type Unit } from '../../../src/kernel/index.ts'
import { requestPartitions, sendCredit, sendData, type CreditMessage, type DataMessage, type PartitionRequest } from './rpc.ts'
import type { NetworkBuffer } from './buffer.ts'
import type { OperatorTask } from './operator-task.ts'
import type { SourceTask } from './source-task.ts'
import type { TaskManager } from './task-manager.ts'
import { hopOfSlices } from '../../../src/contract/hop.ts'
import { received } from './hops.ts'

const messageOverheadBytes = 60

export class Exchange {
  private readonly owner: TaskManager
  /** Consumers' requests by TaskManager. */
  private readonly requests: (PartitionRequest | null)[] = []
  /** Connections that this one opened to producers, by TaskManager. */
  private readonly inputs: (Connection | null)[] = []
  /** Credits to tell, by producing TaskManager: triples source, target, credit. */
  private readonly credits: number[][] = []
  private readonly isUrgent: boolean[] = []
  private readonly flusher: Timer<TaskManager, null>
  private readonly period: number
  private readonly phase: number
  private readonly local: NetworkBuffer[] = objects()
  private wakesSources = false

  constructor(sim: Sim, owner: TaskManager, taskManagers: number) {
    this.owner = owner
    for (let i = 0; i < taskManagers; i++) {
      this.requests.push(null)
      this.inputs.push(null)
      this.credits.push([])
      this.isUrgent.push(false)
    }
    this.flusher = new Timer<TaskManager, null>(owner, flush, null)
    this.period = owner.job.settings.bufferTimeout
    const draw = sim.random(`flink/${owner.name}/flusher`).uniform()
    this.phase = this.period === Infinity ? 0 : Math.floor(draw * this.period)
  }

  /** The process died: its connections are gone with it. */
  clear(): void {
    this.requests.fill(null)
    this.inputs.fill(null)
    for (const list of this.credits) list.length = 0
    this.isUrgent.fill(false)
  }

  /** New tasks are here: they open the channels that were asked for, and ask for theirs. */
  deployed(sim: Sim): void {
    const owner = this.owner
    for (const list of this.credits) list.length = 0
    for (const request of this.requests) if (request !== null) this.serve(request)
    for (const source of owner.sources) {
      for (let target = 0; target < owner.job.parallelism; target++) {
        if (owner.locations[target] === owner.index) source.output.open(target)
      }
    }
    for (let peer = 0; peer < this.inputs.length; peer++) {
      if (peer === owner.index || !owner.locations.includes(peer)) continue
      let connection = this.inputs[peer] as Connection | null
      if (connection === null || !connection.isUsableBy(owner)) {
        connection = sim.network.connect(sim, owner, owner.peer(peer), inputOpen, inputClosed)
        connection.tag = peer
        this.inputs[peer] = connection
      }
      connection.send(sim, owner, requestPartitions, { connection, consumer: owner.index, execution: owner.execution }, 200)
    }
  }

  requested(request: PartitionRequest): void {
    request.connection.onPeerClosed = outputClosed as unknown as EventKind<Unit, Connection>
    this.requests[request.consumer] = request
    this.serve(request)
  }

  private serve(request: PartitionRequest): void {
    const owner = this.owner
    if (request.execution !== owner.execution) return
    for (const source of owner.sources) {
      for (let target = 0; target < owner.job.parallelism; target++) {
        if (owner.locations[target] === request.consumer) source.output.open(target)
      }
    }
  }

  /** A task has written: full buffers and barriers go at once, the rest with the flusher. */
  written(sim: Sim, source: SourceTask, everything: boolean): void {
    const output = source.output
    if (this.period === 0) output.flush()
    if (output.hasComplete || everything || this.period === 0) {
      output.hasComplete = false
      this.send(sim)
    }
    if (output.isDirty && !this.flusher.isSet() && this.period !== Infinity && this.period > 0) {
      const ticks = Math.floor((sim.now - this.phase) / this.period) + 1
      this.flusher.set(sim, this.phase + ticks * this.period)
    }
  }

  /** The flusher's tick. */
  flushAll(sim: Sim): void {
    for (const source of this.owner.sources) if (source.output.isDirty) source.output.flush()
    this.send(sim)
    this.wakeSources(sim)
  }

  /** Sends what credits allow: one message per TaskManager, and reads in place what stays here. */
  private send(sim: Sim): void {
    const owner = this.owner
    const sources = owner.sources
    const parallelism = owner.job.parallelism
    for (let peer = 0; peer < this.requests.length; peer++) {
      if (peer === owner.index) continue
      const request = this.requests[peer] as PartitionRequest | null
      if (request === null || request.execution !== owner.execution) continue
      let buffers: NetworkBuffer[] | null = null
      for (let s = 0; s < sources.length; s++) {
        const output = (sources[s] as SourceTask).output
        for (let target = 0; target < parallelism; target++) {
          if (owner.locations[target] !== peer || !output.hasWaiting(target)) continue
          if (buffers === null) buffers = []
          output.take(target, buffers)
        }
      }
      if (buffers === null || buffers.length === 0) continue
      let bytes = messageOverheadBytes
      for (let i = 0; i < buffers.length; i++) bytes += (buffers[i] as NetworkBuffer).bytes + 40
      request.connection.send(sim, owner, sendData, { execution: owner.execution, buffers }, bytes)
    }
    this.readInPlace(sim)
  }

  private readInPlace(sim: Sim): void {
    const owner = this.owner
    const local = this.local
    for (let s = 0; s < owner.sources.length; s++) {
      const output = (owner.sources[s] as SourceTask).output
      for (let o = 0; o < owner.operators.length; o++) {
        const target = (owner.operators[o] as OperatorTask).subtask
        if (output.hasWaiting(target)) output.takeLocal(target, local)
      }
    }
    if (local.length === 0) return
    for (let i = 0; i < local.length; i++) {
      const buffer = local[i] as NetworkBuffer
      ;(owner.operatorAt(buffer.target) as OperatorTask).gate.receive(buffer)
    }
    empty(local)
    this.wakeOperators(sim)
  }

  /** Buffers have come from another TaskManager; those of an earlier execution are nobody's. */
  arrived(sim: Sim, message: DataMessage): void {
    const owner = this.owner
    if (message.execution !== owner.execution || owner.operators.length === 0) {
      owner.discard(message.buffers)
      return
    }
    for (let i = 0; i < message.buffers.length; i++) {
      const buffer = message.buffers[i] as NetworkBuffer
      const task = owner.operatorAt(buffer.target)
      if (task === null) invariant(false, 'flink.buffer-for-nobody', String(buffer.target))
      task.gate.receive(buffer)
      if (sim.tracer !== null) hopOfSlices(sim, received, owner, buffer.slices, buffer.target + 1)
      if (buffer.backlog > 0) this.noteCredit(task, buffer.source)
    }
    this.sendCredits(sim)
    this.wakeOperators(sim)
  }

  private wakeOperators(sim: Sim): void {
    const operators = this.owner.operators
    for (let i = 0; i < operators.length; i++) {
      const task = operators[i] as OperatorTask
      if (task.gate.peek() !== null) task.proceed(sim)
    }
  }

  /** An operator has read a buffer. */
  read(task: OperatorTask, buffer: NetworkBuffer): void {
    if (buffer.isLocal) {
      const source = this.owner.sourceAt(buffer.source)
      if (source !== null && source.execution === task.execution) source.output.recycleLocal()
      this.wakesSources = true
      return
    }
    const channel = task.gate.recycle(buffer.source)
    if (channel >= 0) this.noteCredit(task, channel)
  }

  /** An operator has ended a step: credits and free buffers are told. */
  readDone(sim: Sim): void {
    this.sendCredits(sim)
    if (!this.wakesSources) return
    this.wakesSources = false
    this.wakeSources(sim)
  }

  private noteCredit(task: OperatorTask, source: number): void {
    const peer = task.locations[source] as number
    if (!task.gate.isStarved(source)) return
    this.isUrgent[peer] = true
  }

  private sendCredits(sim: Sim): void {
    const owner = this.owner
    for (let peer = 0; peer < this.isUrgent.length; peer++) {
      if (this.isUrgent[peer] !== true) continue
      this.isUrgent[peer] = false
      const credits: number[] = []
      for (let o = 0; o < owner.operators.length; o++) {
        const task = owner.operators[o] as OperatorTask
        for (let source = 0; source < owner.job.parallelism; source++) {
          if (task.locations[source] !== peer) continue
          const credit = task.gate.takeCredit(source)
          if (credit > 0) credits.push(source, task.subtask, credit)
        }
      }
      const connection = this.inputs[peer] as Connection | null
      if (connection === null) continue
      connection.send(sim, owner, sendCredit, { execution: owner.execution, credits }, messageOverheadBytes + credits.length * 4)
    }
  }

  creditArrived(sim: Sim, message: CreditMessage): void {
    const owner = this.owner
    if (message.execution !== owner.execution) return
    const credits = message.credits
    for (let i = 0; i < credits.length; i += 3) {
      const source = owner.sourceAt(credits[i] as number)
      if (source !== null) source.output.addCredit(credits[i + 1] as number, credits[i + 2] as number)
    }
    this.send(sim)
    this.wakeSources(sim)
  }

  private wakeSources(sim: Sim): void {
    const sources = this.owner.sources
    for (let i = 0; i < sources.length; i++) (sources[i] as SourceTask).proceedIfBlocked(sim)
  }

  /** A connection to a producer is gone: what reads from it fails. */
  inputLost(sim: Sim, connection: Connection): void {
    if (this.inputs[connection.tag] !== connection) return
    this.inputs[connection.tag] = null
    this.owner.inputLost(sim, connection.tag)
  }

  /** A consumer is gone: its channels are not served any more. */
  outputLost(connection: Connection): void {
    for (let i = 0; i < this.requests.length; i++) {
      if (this.requests[i]?.connection === connection) this.requests[i] = null
    }
  }

  /** No consumer's request outlives its connection, unless the process is frozen and has not heard of the end. */
  audit(): void {
    const owner = this.owner
    for (const request of this.requests) {
      if (request !== null) invariant(owner.paused || request.connection.isUsableBy(owner), 'flink.request-of-an-ended-connection', owner.name)
    }
  }

  /** Data on the wire to this TaskManager, or come to its host while it is frozen; for holdings. */
  forEachInFlight(visit: (buffer: NetworkBuffer) => void): void {
    const owner = this.owner
    for (const connection of this.inputs) {
      if (connection === null) continue
      connection.forEachInFlight(owner, (payload, kind) => this.visitMessage(payload, kind, visit))
    }
    for (let i = 0; i < owner.heldKinds.length; i++) this.visitMessage(owner.heldPayloads[i], owner.heldKinds[i], visit)
  }

  private visitMessage(payload: unknown, kind: unknown, visit: (buffer: NetworkBuffer) => void): void {
    if (kind !== sendData) return
    // Only data messages are of this kind.
    const message = payload as DataMessage
    if (message.execution === this.owner.execution) for (const buffer of message.buffers) visit(buffer)
  }
}

const flush = eventKind<TaskManager, null>('flink.flush', (sim, tm) => tm.exchange.flushAll(sim))
const inputOpen = eventKind<TaskManager, Connection>('flink.input-open', () => {})
const inputClosed = eventKind<TaskManager, Connection>('flink.input-closed', (sim, tm, connection) => tm.exchange.inputLost(sim, connection))
const outputClosed = eventKind<TaskManager, Connection>('flink.output-closed', (_sim, tm, connection) => tm.exchange.outputLost(connection))
