/**
 * Models: a queue that writes each batch to its disk before it says so, delivers in order to one reader, keeps
 *   what is delivered until it is acknowledged, and delivers it again when its reader is gone or silent.
 * Source: ours; the acknowledgement rules that message queues share.
 * Leaves out: replication, several readers, a limit of its own.
 */
import type { HoldingVisitor, World } from '../../src/contract/architecture.ts'
import type { CauseCode } from '../../src/contract/cause.ts'
import { forEachSlice, type Slices } from '../../src/contract/slice.ts'
import {
  eventKind, invariant, Process, Server, Timer, type Connection, type Death, type EventKind, type Host, type Sim, type Unit,
} from '../../src/kernel/index.ts'
import { clientStored, copyAgain, visitSlices, type Client, type Put } from './client.ts'
import { sinkDelivered, sinkPong } from './sink.ts'
import { diskLost, queueDied, readerAttached, readerLost, redelivery } from './words.ts'

/** Time of one write to the disk, flushed; assumed. */
const WRITE_NANOS = 100e3

/** A stored batch; `slices` are replaced by new copies when it is to be delivered again. */
export class Entry {
  readonly id: number
  readonly records: number
  readonly storedAt: number
  slices: Slices

  constructor(id: number, slices: Slices, records: number, storedAt: number) {
    this.id = id
    this.slices = slices
    this.records = records
    this.storedAt = storedAt
  }
}

export class Queue extends Process {
  /** Told when this process dies, for causes only. Set by the plant. */
  clients: readonly Client[] = []
  private readonly world: World
  private readonly disk: Server
  /** Being written; dies with the process. */
  private writing: Put[] = []
  /** On disk, oldest first; acknowledged ones are gone. */
  private log: Entry[] = []
  private nextId = 0
  /** So many from the front are delivered and not acknowledged. */
  private delivered = 0
  private waitingRecords = 0
  private reader: Connection | null = null
  /** Every delivery that the sink may still get, for holdings only. */
  private wire: Delivery[] = []
  private readonly silence: Timer<Queue, null>

  constructor(world: World, host: Host) {
    super(world.sim, 'queue', host)
    this.world = world
    this.restartAfter = 5e9
    this.disk = new Server(this, 1)
    this.silence = new Timer<Queue, null>(this, ackOverdue, null)
  }

  put(sim: Sim, put: Put): void {
    put.arrived = true
    this.writing.push(put)
    this.disk.submit(sim, WRITE_NANOS, this, batchStored, put)
  }

  stored(sim: Sim, put: Put): void {
    invariant(this.writing[0] === put, 'null.queue-order')
    this.writing.shift()
    this.log.push(new Entry(this.nextId++, put.slices, put.records, sim.now))
    this.waitingRecords += put.records
    if (put.awaited) put.connection.send(sim, this, clientStored, put, 40)
    this.deliver(sim)
  }

  /** The sink reads from here on; it is the only reader. */
  attach(sim: Sim, connection: Connection): void {
    this.detach(sim)
    this.reader = connection
    connection.onPeerClosed = readerClosed as unknown as EventKind<Unit, Connection>
    sim.fact(readerAttached, this, this.waitingRecords)
    this.deliver(sim)
  }

  /** The reader is gone, or taken for dead: everything delivered and not acknowledged is to be delivered again. */
  detach(sim: Sim): void {
    if (this.reader === null) return
    this.reader.close(sim, this)
    this.reader = null
    this.silence.stop()
    let records = 0
    for (let i = 0; i < this.delivered; i++) {
      const entry = this.log[i] as Entry
      entry.slices = copyAgain(this.world, entry.slices, redelivery, this)
      records += entry.records
    }
    this.delivered = 0
    this.waitingRecords += records
    sim.fact(readerLost, this, records)
  }

  isReader(connection: Connection): boolean {
    return this.reader === connection
  }

  /** The sink has done with a batch. */
  acknowledged(sim: Sim, id: number): void {
    for (let i = 0; i < this.delivered; i++) {
      if ((this.log[i] as Entry).id !== id) continue
      this.log.splice(i, 1)
      this.delivered--
      break
    }
    this.expect(sim)
    this.deliver(sim)
  }

  pinged(sim: Sim, connection: Connection): void {
    connection.send(sim, this, sinkPong, connection, 40)
  }

  override died(_sim: Sim, how: Death): void {
    for (const put of this.writing) this.drop(queueDied, put.slices)
    this.writing = []
    this.reader = null
    for (const client of this.clients) client.dropWire()
    // What was out for delivery is read from the disk again, as new copies: nobody knows what came of it.
    for (let i = 0; i < this.delivered; i++) {
      const entry = this.log[i] as Entry
      entry.slices = copyAgain(this.world, entry.slices, redelivery, this)
      this.waitingRecords += entry.records
    }
    this.delivered = 0
    if (how !== 'disk-loss') return
    for (const entry of this.log) this.drop(diskLost, entry.slices)
    this.log = []
    this.waitingRecords = 0
  }

  /** Records stored and not delivered. */
  lagRecords(): number {
    return this.waitingRecords
  }

  lagNanos(sim: Sim): number {
    const entry = this.log[this.delivered]
    return entry === undefined ? 0 : sim.now - entry.storedAt
  }

  /** When the newest, the next to be delivered, and the oldest unacknowledged batch were stored; NaN when none. */
  position(which: 'end' | 'read' | 'again'): number {
    const index = which === 'end' ? this.log.length - 1 : which === 'read' ? this.delivered : 0
    return (this.log[index]?.storedAt ?? NaN) / 1e9
  }

  holdings(visit: HoldingVisitor): void {
    for (const put of this.writing) visitSlices(put.slices, visit)
    for (const entry of this.log) visitSlices(entry.slices, visit)
    for (const delivery of this.wire) if (delivery.canArrive()) visitSlices(delivery.slices, visit)
  }

  audit(): void {
    invariant(this.delivered <= this.log.length, 'null.queue-delivered')
    invariant(this.reader !== null || this.delivered === 0, 'null.queue-reader')
    let waiting = 0
    for (let i = 0; i < this.log.length; i++) {
      const entry = this.log[i] as Entry
      invariant(i === 0 || entry.id > (this.log[i - 1] as Entry).id, 'null.queue-order')
      if (i >= this.delivered) waiting += entry.records
    }
    invariant(waiting === this.waitingRecords, 'null.queue-waiting')
  }

  private deliver(sim: Sim): void {
    const window = this.world.settings.number('queue.window')
    while (this.reader !== null && this.delivered < this.log.length && this.delivered < window) {
      const entry = this.log[this.delivered] as Entry
      const bytes = 100 + entry.records * this.world.births.recordBytes
      // The sink has closed: its end comes as an event of its own.
      const delivery = new Delivery(this.reader, entry)
      if (!this.reader.send(sim, this, sinkDelivered, delivery, bytes)) return
      this.wire.push(delivery)
      if (this.wire.length > 2 * window) this.wire = this.wire.filter((sent) => sent.canArrive())
      this.delivered++
      this.waitingRecords -= entry.records
      if (!this.silence.isSet()) this.expect(sim)
    }
  }

  /** Waits for the next acknowledgement, if one is due. */
  private expect(sim: Sim): void {
    if (this.delivered === 0) this.silence.stop()
    else this.silence.set(sim, sim.now + this.world.settings.number('queue.ack-timeout'))
  }

  private drop(cause: CauseCode, slices: Slices): void {
    forEachSlice(slices, (lane, first, count) => this.world.outside.dropped(cause, lane, first, count))
  }
}

/** A batch on its way to the sink, as it was when it was sent. */
export class Delivery {
  readonly connection: Connection
  readonly id: number
  readonly slices: Slices
  readonly records: number
  /** The sink has it. Written for holdings only; the queue never reads it. */
  taken = false

  constructor(connection: Connection, entry: Entry) {
    this.connection = connection
    this.id = entry.id
    this.slices = entry.slices
    this.records = entry.records
  }

  /** On the wire to the incarnation that opened the connection, or waiting until that is no longer frozen. */
  canArrive(): boolean {
    const { opener, out } = this.connection
    if (this.taken || out.fromIncarnation !== opener.incarnation) return false
    return this.connection.isUsableBy(opener) || opener.process.heldPayloads.includes(this)
  }
}

const batchStored = eventKind<Queue, Put>('null.batch-stored', (sim, queue, put) => queue.stored(sim, put))
const ackOverdue = eventKind<Queue, null>('null.ack-overdue', (sim, queue) => queue.detach(sim))
const readerClosed = eventKind<Queue, Connection>('null.reader-closed', (sim, queue, connection) => {
  if (queue.isReader(connection)) queue.detach(sim)
})
export const queuePut = eventKind<Queue, Put>('null.queue-put', (sim, queue, put) => queue.put(sim, put))
export const queueAttach = eventKind<Queue, Connection>('null.queue-attach', (sim, queue, connection) => queue.attach(sim, connection))
export const queueAck = eventKind<Queue, number>('null.queue-ack', (sim, queue, id) => queue.acknowledged(sim, id))
export const queuePing = eventKind<Queue, Connection>('null.queue-ping', (sim, queue, connection) => queue.pinged(sim, connection))
