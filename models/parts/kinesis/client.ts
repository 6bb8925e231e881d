/**
 * Models: a producer that collects records for a short time into PutRecords calls, sends entries that were
 *   refused again after a back-off, and sends a whole call again when its answer stays out: the outcome is then
 *   unknown, and what was stored is stored twice.
 * Source: Kinesis Developer Guide, Producers; Kinesis API Reference, PutRecords; defaults of the SDK for JavaScript (retry base 100 ms).
 * Leaves out: aggregation by the Kinesis Producer Library, SequenceNumberForOrdering.
 */
import { STRIDE, pushSlice, type Slices } from '../../../src/contract/slice.ts'
import type { World } from '../../../src/contract/architecture.ts'
import {
  eventKind, startUnit, Timer, Unit, type Connection, type Death, type EventKind, type Sim, type Stream,
} from '../../../src/kernel/index.ts'
import type { SourceApplication, SourceClient } from '../source/index.ts'
import { backoffNanos, Call, eachSlice, resent, split } from './put-retry.ts'
import { CALL_BYTES_MAX, CALL_RECORDS_MAX, putArrived, PutRequest, type KinesisFrontEnd, type PutAnswer } from './put-records.ts'
import {
  bufferFull, clientDied, clientFull, clientHasRoom, putGivenUp, putRefused, putRetried, putTimedOut, putUnanswered,
} from './words.ts'
import { hopOfSlices } from '../../../src/contract/hop.ts'
import { putSent } from './hops.ts'

/** What the application configured; nanoseconds, records, bytes. */
export interface ClientOptions {
  readonly lingerNanos: number
  readonly recordsPerCall: number
  readonly callsInFlight: number
  readonly retries: number
  readonly timeoutNanos: number
  readonly bufferBytes: number
}

/** Below this room in the open call, chance may fill it: the client wants to know of each record. */
const QUIET_RECORDS_MIN = 64

/** One socket: at most one call is on it. */
class Socket {
  connection: Connection | null = null
  call: Call | null = null
  readonly timer: Timer<KinesisClient, Socket>

  constructor(client: KinesisClient) {
    this.timer = new Timer<KinesisClient, Socket>(client, answerOverdue, this)
  }
}

/** The client library inside one source's process. */
export class KinesisClient extends Unit implements SourceClient {
  readonly options: ClientOptions
  /** Records collected, in flight or waiting to be sent again. */
  buffered = 0
  private readonly world: World
  private readonly source: SourceApplication
  private readonly frontEnd: KinesisFrontEnd
  private readonly recordBytes: number
  private readonly backoff: Stream
  private readonly sockets: Socket[] = []
  private readonly linger: Timer<KinesisClient, null>
  private open: Slices = []
  private openRecords = 0
  /** The linger of the open call is over; it goes as soon as a socket is free. */
  private overdue = false
  private ready: Call[] = []
  private waiting: Call[] = []
  private refusing = 0

  constructor(world: World, source: SourceApplication, frontEnd: KinesisFrontEnd, options: ClientOptions) {
    super(world.sim, `${source.name}/kinesis-client`, source)
    this.world = world
    this.source = source
    this.frontEnd = frontEnd
    this.options = options
    this.recordBytes = frontEnd.stream.recordBytes
    this.backoff = world.sim.random(`kinesis/${source.name}/backoff`)
    this.linger = new Timer<KinesisClient, null>(this, lingerOver, null)
    for (let i = 0; i < options.callsInFlight; i++) this.sockets.push(new Socket(this))
  }

  offer(sim: Sim, lane: number, first: number, count: number, copy: number): void {
    // After a restart of the application the library is loaded again by its first use.
    if (!this.alive) startUnit(sim, this)
    const fitting = Math.max(0, Math.min(count, Math.floor(this.options.bufferBytes / this.recordBytes) - this.buffered))
    if (fitting > 0) this.collect(sim, lane, first, fitting, copy)
    if (fitting < count) this.refuse(sim, lane, first + fitting, count - fitting)
  }

  /**
   * More records only join the open call, until its linger is over or it may be full: not before four times as many
   * have come as the present rate brings.
   */
  quietUntil(sim: Sim): number {
    if (!this.alive || this.openRecords === 0 || this.refusing > 0) return 0
    const room = Math.min(this.callRecords() - this.openRecords, Math.floor(this.options.bufferBytes / this.recordBytes) - this.buffered)
    const rate = this.world.births.rateOf(this.source.lane, sim.now)
    return room < QUIET_RECORDS_MIN || rate <= 0 ? 0 : sim.now + Math.floor((room / 4 / rate) * 1e9)
  }

  /** The linger is over: the open call goes now, or when a socket is free. */
  flush(sim: Sim): void {
    this.source.catchUp(sim)
    this.overdue = this.openRecords > 0
    this.send(sim)
  }

  answered(sim: Sim, answer: PutAnswer): void {
    const socket = this.sockets[answer.request.slot] as Socket
    const call = socket.call
    // The answer to a call that was given up came on a socket that is closed since; kept as a guard.
    if (call === null || call.slices !== answer.request.slices) return
    this.source.catchUp(sim)
    socket.call = null
    socket.timer.stop()
    if (answer.failed === null) this.settle(call.slices, 'ok')
    else {
      const { kept, failed } = split(call.slices, answer.failed)
      this.settle(kept, 'ok')
      if (call.retry >= this.options.retries) {
        sim.fact(putGivenUp, this, answer.failed.length, call.retry)
        eachSlice(failed, (lane, first, count) => this.world.outside.dropped(putRefused, lane, first, count))
        this.settle(failed, 'failed')
      } else this.again(sim, new Call(failed, answer.failed.length, call.retry + 1))
    }
    this.send(sim)
  }

  /** No answer in time, or the socket broke: whether the call was stored is unknown. */
  lost(sim: Sim, socket: Socket): void {
    const call = socket.call
    const connection = socket.connection
    socket.connection = null
    socket.call = null
    socket.timer.stop()
    if (connection !== null) connection.close(sim, this)
    if (call === null) return
    this.source.catchUp(sim)
    sim.fact(putTimedOut, this, call.records)
    if (call.retry >= this.options.retries) {
      sim.fact(putGivenUp, this, call.records, call.retry)
      eachSlice(call.slices, (lane, first, count) => this.world.outside.dropped(putUnanswered, lane, first, count))
      this.settle(call.slices, 'unknown')
    } else {
      const slices = resent(this.world.copies, call.slices, sim.now, this.process)
      this.again(sim, new Call(slices, call.records, call.retry + 1))
    }
    this.send(sim)
  }

  socketClosed(sim: Sim, connection: Connection): void {
    for (const socket of this.sockets) if (socket.connection === connection) this.lost(sim, socket)
  }

  /** A back-off is over. */
  retry(sim: Sim, call: Call): void {
    this.source.catchUp(sim)
    this.waiting.splice(this.waiting.indexOf(call), 1)
    this.ready.unshift(call)
    this.send(sim)
  }

  override died(sim: Sim, _how: Death): void {
    const isGone = this.world.workload.upstream === 'once'
    const perish = (lane: number, first: number, count: number): void => {
      if (isGone) this.world.outside.answered(lane, first, count, 'none')
      this.world.outside.dropped(clientDied, lane, first, count)
    }
    this.visit(perish)
    // Born while this client wanted to hear nothing: its memory all the same.
    this.source.forfeit(sim, perish)
    for (const socket of this.sockets) {
      socket.connection = null
      socket.call = null
    }
    this.open = []
    this.openRecords = 0
    this.overdue = false
    this.ready = []
    this.waiting = []
    this.buffered = 0
    this.refusing = 0
  }

  /** Every record that this client still answers for. */
  visit(visit: (lane: number, first: number, count: number) => void): void {
    eachSlice(this.open, visit)
    for (const call of this.ready) eachSlice(call.slices, visit)
    for (const call of this.waiting) eachSlice(call.slices, visit)
    for (const socket of this.sockets) if (socket.call !== null) eachSlice(socket.call.slices, visit)
  }

  /** Puts records into the open call, and closes it whenever it is full. */
  private collect(sim: Sim, lane: number, first: number, count: number, copy: number): void {
    if (this.refusing > 0) {
      sim.fact(clientHasRoom, this, this.refusing)
      this.refusing = 0
    }
    this.buffered += count
    const end = first + count
    for (let from = first; from < end;) {
      const taken = Math.min(end - from, this.callRecords() - this.openRecords)
      if (this.openRecords === 0) this.linger.set(sim, sim.now + this.options.lingerNanos)
      pushSlice(this.open, lane, from, taken, copy)
      this.openRecords += taken
      from += taken
      if (this.openRecords >= this.callRecords()) {
        this.closeCall(sim)
        this.send(sim)
      }
    }
  }

  private send(sim: Sim): void {
    for (let i = 0; i < this.sockets.length; i++) {
      if (this.ready.length === 0 && this.overdue && this.openRecords > 0) this.closeCall(sim)
      if (this.ready.length === 0) return
      const socket = this.sockets[i] as Socket
      if (socket.call === null) this.put(sim, socket, i, this.ready.shift() as Call)
    }
  }

  private put(sim: Sim, socket: Socket, slot: number, call: Call): void {
    if (socket.connection === null || !socket.connection.isUsableBy(this)) {
      socket.connection = sim.network.connect(sim, this, this.frontEnd, socketOpen, socketDown)
    }
    socket.call = call
    socket.timer.set(sim, sim.now + this.options.timeoutNanos)
    if (sim.tracer !== null) hopOfSlices(sim, putSent, this, call.slices, call.records)
    if (call.retry > 0) sim.fact(putRetried, this, call.records, call.retry)
    const request = new PutRequest(socket.connection, slot, call.slices, call.records, putAnswered as EventKind<Unit, PutAnswer>)
    socket.connection.send(sim, this, putArrived, request, 200 + call.records * this.recordBytes)
  }

  /** The next record is the first of a call, whose linger begins with its birth: the source must tell of it. */
  private closeCall(sim: Sim): void {
    this.ready.push(new Call(this.open, this.openRecords, 0))
    this.open = []
    this.openRecords = 0
    this.overdue = false
    this.linger.stop()
    this.source.listen(sim)
  }

  private again(sim: Sim, call: Call): void {
    this.waiting.push(call)
    sim.after(backoffNanos(this.backoff, call.retry), this, putAgain, call)
  }

  private settle(slices: Slices, answer: 'ok' | 'failed' | 'unknown'): void {
    for (let i = 0; i < slices.length; i += STRIDE) {
      const lane = slices[i] as number
      const first = slices[i + 1] as number
      const count = slices[i + 2] as number
      this.buffered -= count
      this.world.outside.answered(lane, first, count, answer)
      this.source.answered(first, count, answer === 'ok')
    }
  }

  private refuse(sim: Sim, lane: number, first: number, count: number): void {
    if (this.refusing === 0) sim.fact(clientFull, this, this.buffered)
    this.refusing += count
    this.world.outside.answered(lane, first, count, 'failed')
    this.world.outside.dropped(bufferFull, lane, first, count)
    this.source.answered(first, count, false)
  }

  private callRecords(): number {
    return Math.min(this.options.recordsPerCall, CALL_RECORDS_MAX, Math.floor(CALL_BYTES_MAX / this.recordBytes))
  }
}

const lingerOver: EventKind<KinesisClient, null> = eventKind('kinesis.linger-over', (sim, client) => client.flush(sim))
const answerOverdue: EventKind<KinesisClient, Socket> = eventKind('kinesis.answer-overdue', (sim, client, socket) => client.lost(sim, socket))
const putAnswered: EventKind<KinesisClient, PutAnswer> = eventKind('kinesis.put-answered', (sim, client, answer) => client.answered(sim, answer))
const putAgain: EventKind<KinesisClient, Call> = eventKind('kinesis.put-again', (sim, client, call) => client.retry(sim, call))
const socketOpen: EventKind<KinesisClient, Connection> = eventKind('kinesis.socket-open', () => {})
const socketDown: EventKind<KinesisClient, Connection> = eventKind('kinesis.socket-down', (sim, client, connection) => {
  client.socketClosed(sim, connection)
})
