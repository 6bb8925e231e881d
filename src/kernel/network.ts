/**
 * Models: connections between incarnations with TCP's manners: in order, loss and cuts are retransmission with
 *   doubling back-off, a reset after a crash follows the bytes already sent and does not cross a cut, a
 *   connect or send to a dead process is refused after one round trip, a dead host is silent.
 * Source: RFC 9293 and RFC 6298; Linux tcp(7) (first retransmission 200 ms, SYN 1 s).
 * Leaves out: congestion control, receive-side bandwidth, the connection's own time-out of about 15 minutes.
 */
import { eventKind, type EventKind } from './event.ts'
import { lognormalTable } from './distribution.ts'
import type { Stream } from './random.ts'
import type { Sim } from './sim.ts'
import type { Death, Host, Unit } from './unit.ts'

const RETRANSMIT_FIRST = 200e6
const RETRANSMIT_LONGEST = 120e9
const SYN_RETRANSMIT_FIRST = 1e9
/** Unacknowledged bytes that a sender may have out while acknowledgements cannot come back. Assumed. */
const WINDOW_BYTES = 1 << 20

/** One-way latencies in nanoseconds: mean and spread by distance. */
export interface Distance {
  readonly meanNanos: number
  /** Sigma of the lognormal; 0 for a constant. */
  readonly sigma: number
}

/** A directed pair of hosts: its latency, and what has been inflicted on it. */
export class Path {
  readonly table: Float64Array
  readonly stream: Stream
  /** Number of cuts in force; open when 0. */
  cuts = 0
  extraNanos = 0
  lossPerMille = 0

  constructor(table: Float64Array, stream: Stream) {
    this.table = table
    this.stream = stream
  }
}

const DATA = 0
const SYN = 1
const ACCEPT = 2
const RESET = 3

/** Bytes on the wire. `kind` and `payload` are what the receiver will handle. */
export class Message {
  readonly line: Direction
  readonly type: number
  readonly kind: EventKind<Unit, unknown> | null
  readonly payload: unknown
  readonly bytes: number
  arrivesAt = 0
  next: Message | null = null

  constructor(line: Direction, type: number, kind: EventKind<Unit, unknown> | null, payload: unknown, bytes: number) {
    this.line = line
    this.type = type
    this.kind = kind
    this.payload = payload
    this.bytes = bytes
  }
}

/** One direction of a connection, with what is on the wire in order. */
export class Direction {
  readonly connection: Connection
  readonly from: Unit
  readonly to: Unit
  readonly fromIncarnation: number
  readonly toIncarnation: number
  readonly path: Path
  head: Message | null = null
  tail: Message | null = null
  lastArrival = 0
  stalled = false
  /** The sending end has closed, died, or heard of the other's end: it sends no more. */
  closed = false
  retransmitAfter = RETRANSMIT_FIRST
  unacknowledged = 0

  constructor(connection: Connection, from: Unit, to: Unit, path: Path) {
    this.connection = connection
    this.from = from
    this.to = to
    this.fromIncarnation = from.incarnation
    this.toIncarnation = to.incarnation
    this.path = path
  }

  /** True while both ends are the incarnations that the connection joined. */
  isTargetAlive(): boolean {
    return this.to.alive && this.to.incarnation === this.toIncarnation
  }
}

/** Joins two units' incarnations. `tag` is the opener's own reference, e.g. the peer's number. */
export class Connection {
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
    network: Network, id: number, opener: Unit, peer: Unit,
    onOpen: EventKind<Unit, Connection>, onClosed: EventKind<Unit, Connection>,
  ) {
    this.id = id
    this.opener = opener
    this.peer = peer
    this.onOpen = onOpen
    this.onClosed = onClosed
    this.out = new Direction(this, opener, peer, network.path(opener.process.host, peer.process.host))
    this.back = new Direction(this, peer, opener, network.path(peer.process.host, opener.process.host))
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

/** All paths and the manners of TCP. */
export class Network {
  private readonly sim: Sim
  private readonly paths: (Path | undefined)[][] = []
  private readonly tables: Record<string, Float64Array> = {}
  private nextId = 0
  /** Latency inside a host, inside a zone, and between zones, one way. */
  local: Distance = { meanNanos: 20e3, sigma: 0 }
  zone: Distance = { meanNanos: 125e3, sigma: 0.2 }
  between: Distance = { meanNanos: 450e3, sigma: 0.2 }

  constructor(sim: Sim) {
    this.sim = sim
  }

  /** The directed path between two hosts. */
  path(from: Host, to: Host): Path {
    while (this.paths.length <= from.id) this.paths.push([])
    const row = this.paths[from.id] as (Path | undefined)[]
    while (row.length <= to.id) row.push(undefined)
    let path = row[to.id]
    if (path === undefined) {
      const distance = from === to ? this.local : from.zone === to.zone ? this.zone : this.between
      path = new Path(this.table(distance), this.sim.random(`network/${from.name}/${to.name}`))
      row[to.id] = path
    }
    return path
  }

  /** Opens a connection to a process or a part of one; `onOpen` or `onClosed` will be handled on `from`. */
  connect<U extends Unit>(
    sim: Sim, from: U, to: Unit, onOpen: EventKind<U, Connection>, onClosed: EventKind<U, Connection>,
  ): Connection {
    const connection = new Connection(
      this, this.nextId++, from, to,
      onOpen as unknown as EventKind<Unit, Connection>, onClosed as unknown as EventKind<Unit, Connection>,
    )
    from.connections.push(connection)
    connection.out.retransmitAfter = SYN_RETRANSMIT_FIRST
    this.put(sim, new Message(connection.out, SYN, null, null, 60))
    return connection
  }

  /** Puts a message on the wire behind those already there. */
  put(sim: Sim, message: Message): void {
    const line = message.line
    const reverse = line === line.connection.out ? line.connection.back : line.connection.out
    if (line.tail === null) line.head = message
    else line.tail.next = message
    line.tail = message
    const host = line.from.process.host
    const start = host.egressFreeAt > sim.now ? host.egressFreeAt : sim.now
    host.egressFreeAt = start + message.bytes * host.nanosPerByte
    const path = line.path
    let at = Math.ceil(host.egressFreeAt + latency(path))
    if (path.lossPerMille > 0) {
      let wait = RETRANSMIT_FIRST
      while (path.stream.perMille(path.lossPerMille) && wait < RETRANSMIT_LONGEST) {
        at += wait
        wait *= 2
      }
    }
    if (at < line.lastArrival) at = line.lastArrival
    line.lastArrival = at
    message.arrivesAt = at
    if (reverse.path.cuts > 0) line.unacknowledged += message.bytes
    sim.schedule(at, sim.platform, networkArrive, message)
  }

  /** A unit died: its connections are reset (silently not, when its host lost power). */
  unitDied(sim: Sim, unit: Unit, how: Death): void {
    const connections = unit.connections
    for (let i = 0; i < connections.length; i++) {
      const connection = connections[i] as Connection
      const line = connection.opener === unit ? connection.out : connection.back
      if (line.closed || line.fromIncarnation !== unit.incarnation) continue
      if (how === 'power-loss' || how === 'disk-loss') continue
      line.closed = true
      this.put(sim, new Message(line, RESET, null, null, 40))
    }
    connections.length = 0
  }

  /** The head of a direction has come to the other host. */
  arrive(sim: Sim, message: Message): void {
    const line = message.line
    if (message.arrivesAt !== sim.now || line.stalled || line.head !== message) return
    if (line.path.cuts > 0 || !line.to.process.host.up || line.unacknowledged > WINDOW_BYTES) {
      if (message.type === RESET) this.pop(line)
      else this.stall(sim, line)
      return
    }
    this.pop(line)
    const connection = line.connection
    const own = line === connection.out ? connection.back : connection.out
    if (message.type === RESET) {
      if (own.closed) return
      own.closed = true
      forgetEnd(connection, line.to)
      const kind = line === connection.back ? connection.onClosed : connection.onPeerClosed
      if (kind !== null) sim.dispatch(line.to, line.toIncarnation, kind as EventKind<Unit, unknown>, connection)
    } else if (!line.isTargetAlive() || own.closed) {
      this.refuse(sim, own)
    } else if (message.type === DATA) {
      sim.dispatch(line.to, line.toIncarnation, message.kind as EventKind<Unit, unknown>, message.payload)
    } else if (message.type === SYN) {
      line.retransmitAfter = RETRANSMIT_FIRST
      line.to.connections.push(connection)
      this.put(sim, new Message(own, ACCEPT, null, null, 60))
    } else {
      connection.opened(sim)
      sim.dispatch(line.to, line.toIncarnation, connection.onOpen as EventKind<Unit, unknown>, connection)
    }
  }

  /** Retransmission time: all that waits goes out again if the path is open, else the back-off doubles. */
  retransmit(sim: Sim, line: Direction): void {
    if (line.head === null || !line.stalled) return
    const reverse = line === line.connection.out ? line.connection.back.path : line.connection.out.path
    if (reverse.cuts === 0) line.unacknowledged = 0
    if (line.path.cuts > 0 || !line.to.process.host.up || line.unacknowledged > WINDOW_BYTES) {
      line.retransmitAfter = Math.min(line.retransmitAfter * 2, RETRANSMIT_LONGEST)
      sim.after(line.retransmitAfter, sim.platform, networkRetransmit, line)
      return
    }
    line.stalled = false
    line.retransmitAfter = RETRANSMIT_FIRST
    const at = Math.ceil(sim.now + latency(line.path))
    for (let m = line.head as Message | null; m !== null; m = m.next) {
      m.arrivesAt = at
      sim.schedule(at, sim.platform, networkArrive, m)
    }
    line.lastArrival = Math.max(line.lastArrival, at)
  }

  private stall(sim: Sim, line: Direction): void {
    line.stalled = true
    sim.after(line.retransmitAfter, sim.platform, networkRetransmit, line)
  }

  private pop(line: Direction): void {
    const head = line.head as Message
    line.head = head.next
    if (head.next === null) line.tail = null
  }

  /** The host answers, once, for a process that is not there (any more). */
  private refuse(sim: Sim, own: Direction): void {
    if (own.closed) return
    own.closed = true
    this.put(sim, new Message(own, RESET, null, null, 40))
  }

  private table(distance: Distance): Float64Array {
    const key = `${distance.meanNanos}/${distance.sigma}`
    const known = this.tables[key]
    if (known !== undefined) return known
    const table = distance.sigma === 0
      ? new Float64Array(256).fill(distance.meanNanos)
      : lognormalTable(distance.meanNanos, distance.sigma, 256)
    this.tables[key] = table
    return table
  }
}

function latency(path: Path): number {
  return (path.table[path.stream.int32() & 255] as number) + path.extraNanos
}

/** One end no longer counts this connection among its own. */
function forgetEnd(connection: Connection, end: Unit): void {
  const index = end.connections.indexOf(connection)
  if (index >= 0) end.connections.splice(index, 1)
}

const networkArrive: EventKind<Unit, Message> = eventKind('kernel.network-arrive', (sim, _unit, message) => sim.network.arrive(sim, message))
const networkRetransmit: EventKind<Unit, Direction> = eventKind('kernel.network-retransmit', (sim, _unit, line) => sim.network.retransmit(sim, line))
