/** The two directions of a connection and what is on the wire; how it behaves is in network.ts. */
import { Copyable } from './copied.ts'
import { invariant } from './invariant.ts'
import type { EventKind } from './event.ts'
import type { Stream } from './random.ts'
import type { Sim } from './sim.ts'
import type { Host, Life, Unit } from './unit.ts'

export const RETRANSMIT_FIRST = 200e6

/** One-way latencies in nanoseconds: mean and spread by distance. */
export interface Distance {
  readonly meanNanos: number
  /** Sigma of the lognormal; 0 for a constant. */
  readonly sigma: number
}

/** A directed pair of hosts: its latency, and what has been inflicted on it. */
export class Path extends Copyable {
  readonly table: Float64Array
  readonly stream: Stream
  /** Number of cuts in force; open when 0. */
  cuts = 0
  extraNanos = 0
  /** Chance that a message is lost, of all losses in force together. */
  lossPerMille = 0
  private readonly losses: number[] = []

  constructor(table: Float64Array, stream: Stream) {
    super()
    this.table = table
    this.stream = stream
  }

  /** One more cause loses this many of a thousand messages, whatever the others do. */
  addLoss(perMille: number): void {
    this.losses.push(perMille)
    this.joinLosses()
  }

  /** One that was added is over. */
  removeLoss(perMille: number): void {
    const at = this.losses.indexOf(perMille)
    invariant(at >= 0, 'network.loss-in-force', String(perMille))
    this.losses.splice(at, 1)
    this.joinLosses()
  }

  /** What gets through must get past each of them. */
  private joinLosses(): void {
    let passes = 1
    for (const perMille of this.losses) passes *= 1 - perMille / 1000
    this.lossPerMille = Math.round(1000 * (1 - passes))
  }
}

export const DATA = 0
export const SYN = 1
export const ACCEPT = 2
export const RESET = 3

/** Bytes on the wire. `kind` and `payload` are what the receiver will handle. */
export class Message extends Copyable {
  readonly line: Direction
  readonly type: number
  readonly kind: EventKind<Unit, unknown> | null
  readonly payload: unknown
  readonly bytes: number
  arrivesAt = 0
  /** It was lost once; this is when it comes by being sent again. */
  isAgain = false
  next: Message | null = null

  constructor(line: Direction, type: number, kind: EventKind<Unit, unknown> | null, payload: unknown, bytes: number) {
    super()
    this.line = line
    this.type = type
    this.kind = kind
    this.payload = payload
    this.bytes = bytes
  }
}

/** One direction of a connection, with what is on the wire in order. */
export class Direction extends Copyable {
  readonly connection: Connection
  readonly from: Unit
  readonly to: Unit
  readonly toLife: Life
  readonly fromIncarnation: number
  readonly toIncarnation: number
  readonly path: Path
  /** The way back of the same hosts, over which acknowledgements come. */
  readonly pathBack: Path
  readonly fromHost: Host
  readonly toHost: Host
  head: Message | null = null
  tail: Message | null = null
  lastArrival = 0
  stalled = false
  /** The sending end has closed, died, or heard of the other's end: it sends no more. */
  closed = false
  retransmitAfter = RETRANSMIT_FIRST
  unacknowledged = 0

  constructor(connection: Connection, from: Unit, to: Unit, path: Path, pathBack: Path) {
    super()
    this.connection = connection
    this.from = from
    this.to = to
    this.toLife = to.life
    this.fromIncarnation = from.incarnation
    this.toIncarnation = to.incarnation
    this.path = path
    this.pathBack = pathBack
    this.fromHost = from.process.host
    this.toHost = to.process.host
  }

  /** True while both ends are the incarnations that the connection joined. */
  isTargetAlive(): boolean {
    return this.toLife.alive && this.toLife.incarnation === this.toIncarnation
  }
}

/** Joins two units' incarnations. `tag` is the opener's own reference, e.g. the peer's number. */
export class Connection extends Copyable {
  readonly id: number
  readonly opener: Unit
  readonly peer: Unit
  readonly out: Direction
  readonly back: Direction
  readonly onOpen: EventKind<Unit, Connection>
  readonly onClosed: EventKind<Unit, Connection>
  /** Handled on the accepting side when the other side is gone; null when it does not care. */
  onPeerClosed: EventKind<Unit, Connection> | null = null
  isOpen = false
  /** Messages sent by the opener before the handshake was complete. */
  private waiting: Message[] = []
  tag = 0

  constructor(
    id: number, opener: Unit, peer: Unit, outPath: Path, backPath: Path,
    onOpen: EventKind<Unit, Connection>, onClosed: EventKind<Unit, Connection>,
  ) {
    super()
    this.id = id
    this.opener = opener
    this.peer = peer
    this.onOpen = onOpen
    this.onClosed = onClosed
    this.out = new Direction(this, opener, peer, outPath, backPath)
    this.back = new Direction(this, peer, opener, backPath, outPath)
  }

  /**
   * Sends `bytes` from one end; the other end will handle `kind` with `payload`. False when this end has
   * closed or heard of the other's end (nothing is sent then).
   */
  send<U extends Unit, P>(sim: Sim, from: Unit, kind: EventKind<U, P>, payload: P, bytes: number): boolean {
    const line = from === this.opener ? this.out : this.back
    if (line.closed) return false
    const message = new Message(line, DATA, kind as unknown as EventKind<Unit, unknown>, payload, bytes)
    if (!this.isOpen && line === this.out) this.waiting.push(message)
    else sim.network.put(sim, message)
    return true
  }

  /** Closes in order from one end: the other hears of it after the bytes already sent. */
  close(sim: Sim, from: Unit): void {
    const line = from === this.opener ? this.out : this.back
    if (line.closed) return
    line.closed = true
    sim.network.put(sim, new Message(line, RESET, null, null, 40))
    forgetEnd(this, from)
  }

  /** True while `from` may send: it has neither closed nor heard of the other's end. */
  isUsableBy(from: Unit): boolean {
    return !(from === this.opener ? this.out : this.back).closed
  }

  /** The handshake is complete. */
  opened(sim: Sim): void {
    this.isOpen = true
    for (let i = 0; i < this.waiting.length; i++) sim.network.put(sim, this.waiting[i] as Message)
    this.waiting = []
  }

  /** Payloads sent but not yet handled by the unit `to`, oldest first; held-back ones included. */
  forEachInFlight(to: Unit, visit: (payload: unknown, kind: EventKind<Unit, unknown>) => void): void {
    const line = to === this.peer ? this.out : this.back
    for (let m = line.head; m !== null; m = m.next) if (m.kind !== null) visit(m.payload, m.kind)
    if (line === this.out) for (const m of this.waiting) if (m.kind !== null) visit(m.payload, m.kind)
  }
}

/** One end no longer counts this connection among its own. */
export function forgetEnd(connection: Connection, end: Unit): void {
  const index = end.connections.indexOf(connection)
  if (index >= 0) end.connections.splice(index, 1)
}
