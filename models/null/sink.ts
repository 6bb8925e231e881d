/**
 * Models: a sink that reads from the queue, works on each batch, writes it, and acknowledges it before or after.
 * Source: ours; the two orders of "write" and "acknowledge" that every consumer chooses from.
 * Leaves out: writing a batch in parts, a store that refuses repeats.
 */
import type { HoldingVisitor, World } from '../../src/contract/architecture.ts'
import { COPY, COUNT, FIRST, forEachSlice, LANE, STRIDE } from '../../src/contract/slice.ts'
import { MALFORMED } from '../../src/contract/births.ts'
import {
  eventKind, invariant, Process, Server, Timer, type Connection, type Death, type Host, type Sim,
} from '../../src/kernel/index.ts'
import { visitSlices } from './client.ts'
import { queueAck, queueAttach, queuePing, type Delivery, type Queue } from './queue.ts'
import { poisoned, sinkDied, written } from './words.ts'

/** Pause before a connection that was refused is tried again; assumed. */
const RECONNECT_NANOS = 200e6

export class Sink extends Process {
  private readonly world: World
  private readonly queue: Queue
  private readonly results: number
  private readonly letters: number
  private readonly worker: Server
  private connection: Connection | null = null
  /** Delivered, in work or waiting for it. */
  private waiting: Delivery[] = []
  private heardAt = 0
  private readonly heartbeat: Timer<Sink, null>
  private readonly reconnect: Timer<Sink, null>

  constructor(world: World, host: Host, queue: Queue) {
    super(world.sim, 'sink', host)
    this.world = world
    this.queue = queue
    this.restartAfter = 2e9
    this.worker = new Server(this, 1)
    this.results = world.outside.view({ sink: 'results', reader: 'reader', effect: 'append', primary: true, side: false })
    this.letters = world.outside.view({ sink: 'dead-letters', reader: 'reader', effect: 'append', primary: false, side: true })
    this.heartbeat = new Timer<Sink, null>(this, heartbeatDue, null)
    this.reconnect = new Timer<Sink, null>(this, reconnectDue, null)
  }

  connect(sim: Sim): void {
    this.connection = sim.network.connect(sim, this, this.queue, sinkOpened, sinkClosed)
    this.connection.send(sim, this, queueAttach, this.connection, 60)
    this.heardAt = sim.now
    this.heartbeat.set(sim, sim.now + this.world.settings.number('sink.heartbeat'))
  }

  delivered(sim: Sim, delivery: Delivery): void {
    delivery.taken = true
    this.waiting.push(delivery)
    if (this.world.settings.text('sink.acks') === 'before-write') delivery.connection.send(sim, this, queueAck, delivery.id, 40)
    this.worker.submit(sim, delivery.records * this.world.settings.number('sink.work'), this, batchWritten, delivery)
  }

  written(sim: Sim, delivery: Delivery): void {
    invariant(this.waiting[0] === delivery, 'null.sink-order')
    this.waiting.shift()
    const { slices } = delivery
    for (let i = 0; i < slices.length; i += STRIDE) {
      const lane = slices[i + LANE] as number
      const end = (slices[i + FIRST] as number) + (slices[i + COUNT] as number)
      for (let index = slices[i + FIRST] as number; index < end; index++) this.write(lane, index, slices[i + COPY] as number)
    }
    sim.fact(written, this, delivery.records)
    if (this.world.settings.text('sink.acks') === 'after-write') delivery.connection.send(sim, this, queueAck, delivery.id, 40)
  }

  /** The queue is gone or silent. What is in work is written all the same. */
  broken(sim: Sim, connection: Connection): void {
    if (connection !== this.connection) return
    connection.close(sim, this)
    this.connection = null
    this.heartbeat.stop()
    this.reconnect.set(sim, sim.now + RECONNECT_NANOS)
  }

  ask(sim: Sim): void {
    if (this.connection === null) return
    const { settings } = this.world
    if (sim.now - this.heardAt >= settings.number('sink.session-timeout')) {
      this.broken(sim, this.connection)
      return
    }
    this.connection.send(sim, this, queuePing, this.connection, 40)
    this.heartbeat.set(sim, sim.now + settings.number('sink.heartbeat'))
  }

  heard(sim: Sim, connection: Connection): void {
    if (connection === this.connection) this.heardAt = sim.now
  }

  override died(_sim: Sim, _how: Death): void {
    for (const { slices } of this.waiting) forEachSlice(slices, (lane, first, count) => this.world.outside.dropped(sinkDied, lane, first, count))
    this.waiting = []
    this.connection = null
  }

  override started(sim: Sim): void {
    this.connect(sim)
  }

  /** What has been acknowledged and is still to be written; the rest is in the queue as well. */
  holdings(visit: HoldingVisitor): void {
    for (const { slices } of this.waiting) visitSlices(slices, visit)
  }

  audit(): void {
    invariant(this.alive || (this.waiting.length === 0 && this.connection === null), 'null.sink-dead')
    invariant(this.waiting.length === this.worker.length, 'null.sink-work')
  }

  private write(lane: number, index: number, copy: number): void {
    const { outside, births } = this.world
    if ((births.flagsOf(lane, index) & MALFORMED) === 0) {
      outside.processed(lane, index, 1)
      outside.visible(this.results, lane, index, 1, copy, false)
      return
    }
    outside.deadLettered(poisoned, lane, index, 1)
    outside.visible(this.letters, lane, index, 1, copy, false)
  }
}

const sinkOpened = eventKind<Sink, Connection>('null.sink-opened', (sim, sink, connection) => sink.heard(sim, connection))
const sinkClosed = eventKind<Sink, Connection>('null.sink-closed', (sim, sink, connection) => sink.broken(sim, connection))
const heartbeatDue = eventKind<Sink, null>('null.heartbeat-due', (sim, sink) => sink.ask(sim))
const reconnectDue = eventKind<Sink, null>('null.reconnect-due', (sim, sink) => sink.connect(sim))
const batchWritten = eventKind<Sink, Delivery>('null.batch-written', (sim, sink, delivery) => sink.written(sim, delivery))
export const sinkDelivered = eventKind<Sink, Delivery>('null.sink-delivered', (sim, sink, delivery) => sink.delivered(sim, delivery))
export const sinkPong = eventKind<Sink, Connection>('null.sink-pong', (sim, sink, connection) => sink.heard(sim, connection))
