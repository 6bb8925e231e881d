/**
 * Models: a client library that collects records into batches, has one on its way at a time, waits for the answer
 *   that it is stored, and sends it again when that stays out.
 * Source: ours; the smallest protocol that can lose and repeat.
 * Leaves out: several batches in flight, sequence numbers that would make a repeat harmless.
 */
import type { HoldingVisitor, World } from '../../src/contract/architecture.ts'
import type { CauseCode } from '../../src/contract/cause.ts'
import { COPY, COUNT, cutSlices, countRecords, FIRST, forEachSlice, LANE, pushSlice, STRIDE, type Slices } from '../../src/contract/slice.ts'
import { eventKind, invariant, startUnit, Timer, Unit, type Connection, type Death, type Process, type Sim } from '../../src/kernel/index.ts'
import type { SourceApplication, SourceClient } from '../parts/source/index.ts'
import { queuePut, type Queue } from './queue.ts'
import { bufferFull, clientDied, clientGaveUp, clientResend, clientRetried, gaveUp, wireLost } from './words.ts'

/** A batch on its way to the queue. */
export class Put {
  readonly client: Client
  readonly connection: Connection
  readonly slices: Slices
  readonly records: number
  /** The client waits for the answer. */
  readonly awaited: boolean
  /** The queue has it. Written for causes and holdings only; the client never reads it. */
  arrived = false

  constructor(client: Client, connection: Connection, slices: Slices, awaited: boolean) {
    this.client = client
    this.connection = connection
    this.slices = slices
    this.records = countRecords(slices)
    this.awaited = awaited
  }

  /** True while the incarnation that it was sent to can still get it. */
  canArrive(): boolean {
    const { isOpen, out, peer } = this.connection
    if (this.arrived || out.toIncarnation !== peer.incarnation) return false
    // Before the handshake is complete the bytes are still in the sender's hands.
    return isOpen || (!out.closed && out.fromIncarnation === out.from.incarnation)
  }
}

/** The client inside one source's process. */
export class Client extends Unit implements SourceClient {
  private readonly world: World
  private readonly source: SourceApplication
  private readonly queue: Queue
  private connection: Connection | null = null
  /** Collected, not yet sent for the first time. */
  private buffer: Slices = []
  private buffered = 0
  /** The batch whose answer is awaited, when it was sent first, and the message that carries it. */
  private sent: Slices = []
  private sentAt = 0
  private put: Put | null = null
  /** Every message that may be on the wire, for causes and holdings. */
  private wire: Put[] = []
  private readonly linger: Timer<Client, null>
  private readonly overdue: Timer<Client, null>
  private readonly retry: Timer<Client, null>

  constructor(world: World, source: SourceApplication, queue: Queue) {
    super(world.sim, `${source.name}/client`, source)
    this.world = world
    this.source = source
    this.queue = queue
    this.linger = new Timer<Client, null>(this, lingerOver, null)
    this.overdue = new Timer<Client, null>(this, answerOverdue, null)
    this.retry = new Timer<Client, null>(this, retryDue, null)
  }

  offer(sim: Sim, lane: number, first: number, count: number, copy: number): void {
    // A restarted application makes a new client with its first record.
    if (!this.alive) startUnit(sim, this)
    const { settings, outside } = this.world
    if (this.buffered + count > settings.number('source.buffer-records')) {
      outside.dropped(bufferFull, lane, first, count)
      outside.answered(lane, first, count, 'failed')
      return
    }
    pushSlice(this.buffer, lane, first, count, copy)
    this.buffered += count
    if (this.buffered >= settings.number('source.batch-records')) this.flush(sim)
    else if (!this.linger.isSet()) this.linger.set(sim, sim.now + settings.number('source.linger'))
  }

  /** Sends what is collected, one batch at a time where an answer is awaited. */
  flush(sim: Sim): void {
    const most = this.world.settings.number('source.batch-records')
    while (this.sent.length === 0 && this.buffered > 0 && !this.retry.isSet()) {
      const records = Math.min(this.buffered, most)
      const slices = cutSlices(this.buffer, 0, records)
      this.buffer = cutSlices(this.buffer, records, this.buffered)
      this.buffered -= records
      this.sentAt = sim.now
      this.send(sim, slices)
    }
  }

  /** The queue has stored a batch. */
  stored(sim: Sim, put: Put): void {
    if (put !== this.put) return
    this.forget()
    this.answer(put.slices, 'ok')
    this.flush(sim)
  }

  /** The connection is gone, or the answer has stayed out: connect anew after a pause. */
  broken(sim: Sim, connection: Connection): void {
    if (connection !== this.connection) return
    connection.close(sim, this)
    this.connection = null
    this.dropWire()
    this.overdue.stop()
    this.retry.set(sim, sim.now + this.world.settings.number('source.retry-backoff'))
  }

  answerIsOverdue(sim: Sim): void {
    if (this.connection !== null) this.broken(sim, this.connection)
  }

  /** The pause is over: the batch goes again as a new copy, unless it has been tried for too long. */
  again(sim: Sim): void {
    if (this.sent.length > 0) {
      const records = countRecords(this.sent)
      if (sim.now - this.sentAt >= this.world.settings.number('source.delivery-timeout')) {
        sim.fact(clientGaveUp, this, records)
        this.drop(gaveUp, this.sent)
        this.answer(this.sent, 'unknown')
        this.forget()
      } else {
        sim.fact(clientRetried, this, records)
        this.send(sim, copyAgain(this.world, this.sent, clientResend, this.source))
      }
    }
    this.flush(sim)
  }

  override died(_sim: Sim, _how: Death): void {
    this.connection = null
    this.drop(clientDied, this.buffer)
    this.drop(clientDied, this.sent)
    this.buffer = []
    this.buffered = 0
    this.forget()
    this.dropWire()
  }

  /** Told for causes only: what is on the wire to a dead queue is lost. The client itself knows nothing of it. */
  dropWire(): void {
    for (const put of this.wire) if (!put.arrived && !put.canArrive()) this.drop(wireLost, put.slices)
    this.wire = this.wire.filter((put) => put.canArrive())
  }

  holdings(visit: HoldingVisitor): void {
    visitSlices(this.buffer, visit)
    visitSlices(this.sent, visit)
    for (const put of this.wire) if (put.canArrive()) visitSlices(put.slices, visit)
  }

  audit(): void {
    invariant(countRecords(this.buffer) === this.buffered, 'null.client-buffered', this.name)
    invariant(this.alive || (this.buffered === 0 && this.sent.length === 0), 'null.client-dead', this.name)
    invariant((this.put === null) || this.sent.length > 0, 'null.client-put', this.name)
  }

  private send(sim: Sim, slices: Slices): void {
    const { settings, births } = this.world
    const awaited = settings.text('source.acks') === 'stored'
    this.connection ??= sim.network.connect(sim, this, this.queue, clientOpened, clientClosed)
    const put = new Put(this, this.connection, slices, awaited)
    this.connection.send(sim, this, queuePut, put, 100 + put.records * births.recordBytes)
    this.wire.push(put)
    // Behind the dead incarnation's back nothing arrives, whoever knows of it.
    if (!put.canArrive() || (this.wire.length > 64 && this.wire[0]?.arrived === true)) this.dropWire()
    if (awaited) {
      this.sent = slices
      this.put = put
      this.overdue.set(sim, sim.now + settings.number('source.request-timeout'))
    } else this.answer(slices, 'none')
  }

  private forget(): void {
    this.sent = []
    this.put = null
    this.overdue.stop()
  }

  private answer(slices: Slices, answer: 'ok' | 'unknown' | 'none'): void {
    forEachSlice(slices, (lane, first, count) => {
      this.world.outside.answered(lane, first, count, answer)
      this.source.answered(first, count, answer !== 'unknown')
    })
  }

  private drop(cause: CauseCode, slices: Slices): void {
    forEachSlice(slices, (lane, first, count) => this.world.outside.dropped(cause, lane, first, count))
  }
}

/** The same records as new copies that `writer` emits now; one id for each run of one parent. */
export function copyAgain(world: World, slices: Slices, cause: CauseCode, writer: Process): Slices {
  const out: Slices = []
  let parent = -1
  let copy = 0
  for (let i = 0; i < slices.length; i += STRIDE) {
    const from = slices[i + COPY] as number
    if (from !== parent) copy = world.copies.mint(cause, from, world.sim.now, writer)
    parent = from
    out.push(slices[i + LANE] as number, slices[i + FIRST] as number, slices[i + COUNT] as number, copy)
  }
  return out
}

/** Tells a visitor of the records in a list. */
export function visitSlices(slices: Slices, visit: HoldingVisitor): void {
  for (let i = 0; i < slices.length; i += STRIDE) visit(slices[i + LANE] as number, slices[i + FIRST] as number, slices[i + COUNT] as number)
}

const clientOpened = eventKind<Client, Connection>('null.client-opened', () => undefined)
const clientClosed = eventKind<Client, Connection>('null.client-closed', (sim, client, connection) => client.broken(sim, connection))
const lingerOver = eventKind<Client, null>('null.linger-over', (sim, client) => client.flush(sim))
const answerOverdue = eventKind<Client, null>('null.answer-overdue', (sim, client) => client.answerIsOverdue(sim))
const retryDue = eventKind<Client, null>('null.retry-due', (sim, client) => client.again(sim))
/** The answer that the queue has stored a batch. */
export const clientStored = eventKind<Client, Put>('null.client-stored', (sim, client, put) => client.stored(sim, put))
