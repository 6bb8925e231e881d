/**
 * Models: connections between incarnations with TCP's manners: in order, loss and cuts are retransmission with
 *   doubling back-off, a reset after a crash follows the bytes already sent and does not cross a cut, a
 *   connect or send to a dead process is refused after one round trip, a dead host is silent.
 * Source: RFC 9293 and RFC 6298; Linux tcp(7) (first retransmission 200 ms, SYN 1 s).
 * Leaves out: congestion control, receive-side bandwidth, the connection's own time-out of about 15 minutes.
 */
import {
  ACCEPT, Connection, DATA, forgetEnd, Message, Path, RESET, RETRANSMIT_FIRST, SYN, type Direction, type Distance,
} from './connection.ts'
import { Copyable } from './copied.ts'
import { lognormalTable } from './distribution.ts'
import { eventKind, type EventKind } from './event.ts'
import type { Sim } from './sim.ts'
import type { Death, Host, Unit } from './unit.ts'

const RETRANSMIT_LONGEST = 120e9
const SYN_RETRANSMIT_FIRST = 1e9
/** Unacknowledged bytes that a sender may have out while acknowledgements cannot come back. Assumed. */
const WINDOW_BYTES = 1 << 20

/** All paths and the manners of TCP. */
export class Network extends Copyable {
  private readonly sim: Sim
  private readonly paths: (Path | undefined)[][] = []
  private readonly tables: Record<string, Float64Array> = {}
  private nextId = 0
  /** Latency inside a host, inside a zone, and between zones, one way. */
  local: Distance = { meanNanos: 20e3, sigma: 0 }
  zone: Distance = { meanNanos: 125e3, sigma: 0.2 }
  between: Distance = { meanNanos: 450e3, sigma: 0.2 }

  constructor(sim: Sim) {
    super()
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
      this.nextId++, from, to, this.path(from.process.host, to.process.host), this.path(to.process.host, from.process.host),
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
    if (line.tail === null) line.head = message
    else line.tail.next = message
    line.tail = message
    const host = line.fromHost
    const now = sim.now
    const free = host.egressFreeAt
    const sent = (free > now ? free : now) + message.bytes * host.nanosPerByte
    host.egressFreeAt = sent
    const path = line.path
    let at = Math.ceil(sent + latency(path))
    if (isLost(path)) {
      message.isAgain = true
      at += line.retransmitAfter
    }
    if (at < line.lastArrival) at = line.lastArrival
    line.lastArrival = at
    message.arrivesAt = at
    if (line.pathBack.cuts > 0) line.unacknowledged += message.bytes
    sim.schedule(at, sim.platform, networkArrive, line)
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

  /** The head of a direction has come to the other host; what was put off since comes with an event of its own. */
  arrive(sim: Sim, line: Direction): void {
    const message = line.head
    if (message === null || message.arrivesAt !== sim.now || line.stalled) return
    if (line.path.cuts > 0 || !line.toHost.up || line.unacknowledged > WINDOW_BYTES) {
      if (message.type === RESET) this.pop(line)
      else this.stall(sim, line)
      return
    }
    // What is sent again may be lost again, by what is in force then.
    if (message.isAgain && isLost(line.path)) {
      line.retransmitAfter = Math.min(line.retransmitAfter * 2, RETRANSMIT_LONGEST)
      this.stall(sim, line)
      return
    }
    this.pop(line)
    const connection = line.connection
    const own = line === connection.out ? connection.back : connection.out
    if (message.type === DATA && line.isTargetAlive() && !own.closed) {
      sim.dispatch(line.toLife, line.toIncarnation, message.kind as EventKind<Unit, unknown>, message.payload)
    } else if (message.type === RESET) {
      if (own.closed) return
      own.closed = true
      forgetEnd(connection, line.to)
      const kind = line === connection.back ? connection.onClosed : connection.onPeerClosed
      if (kind !== null) sim.dispatch(line.toLife, line.toIncarnation, kind as EventKind<Unit, unknown>, connection)
    } else if (!line.isTargetAlive() || own.closed) {
      this.refuse(sim, own)
    } else if (message.type === SYN) {
      line.retransmitAfter = RETRANSMIT_FIRST
      line.to.connections.push(connection)
      this.put(sim, new Message(own, ACCEPT, null, null, 60))
    } else {
      connection.opened(sim)
      sim.dispatch(line.toLife, line.toIncarnation, connection.onOpen as EventKind<Unit, unknown>, connection)
    }
  }

  /** Retransmission time: all that waits goes out again if the path is open, else the back-off doubles. */
  retransmit(sim: Sim, line: Direction): void {
    if (line.head === null || !line.stalled) return
    if (line.pathBack.cuts === 0) line.unacknowledged = 0
    if (line.path.cuts > 0 || !line.toHost.up || line.unacknowledged > WINDOW_BYTES || isLost(line.path)) {
      line.retransmitAfter = Math.min(line.retransmitAfter * 2, RETRANSMIT_LONGEST)
      sim.after(line.retransmitAfter, sim.platform, networkRetransmit, line)
      return
    }
    line.stalled = false
    line.retransmitAfter = RETRANSMIT_FIRST
    const at = Math.ceil(sim.now + latency(line.path))
    for (let m = line.head as Message | null; m !== null; m = m.next) {
      m.arrivesAt = at
      m.isAgain = false
      sim.schedule(at, sim.platform, networkArrive, line)
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

  /** The host answers for a process that is not there (any more), unless such an answer is on its way. */
  private refuse(sim: Sim, own: Direction): void {
    if (own.tail !== null && own.tail.type === RESET) return
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

function isLost(path: Path): boolean {
  return path.lossPerMille > 0 && path.stream.perMille(path.lossPerMille)
}

function latency(path: Path): number {
  return (path.table[path.stream.int32() & 255] as number) + path.extraNanos
}

const networkArrive: EventKind<Unit, Direction> = eventKind('kernel.network-arrive', (sim, _unit, line) => sim.network.arrive(sim, line))
const networkRetransmit: EventKind<Unit, Direction> = eventKind('kernel.network-retransmit', (sim, _unit, line) => sim.network.retransmit(sim, line))
