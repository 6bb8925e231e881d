/** The simulator: time, queue, dispatch, random streams, digest. All its state is plain and under this root. */
import { Digest } from './digest.ts'
import { kindOf, type EventKind } from './event.ts'
import type { FactCode } from './fact.ts'
import { invariant } from './invariant.ts'
import { Network } from './network.ts'
import { EventQueue } from './queue.ts'
import { Stream, streamSeed } from './random.ts'
import { Host, Process, Unit } from './unit.ts'

/** Receives facts; observation never changes a run. */
export interface FactSink {
  fact(at: number, code: FactCode, subject: Unit, a: number, b: number, c: number, d: number): void
}

/** Why `run` came back. */
export type RunEnd = 'time' | 'budget' | 'interrupted'

/** The root of one column's plant. Times are whole nanoseconds. */
export class Sim {
  now = 0
  /** Events handled so far. */
  events = 0
  /** Events that found their unit dead or in another incarnation. */
  dropped = 0
  readonly units: Unit[] = []
  readonly hosts: Host[] = []
  readonly digest = new Digest()
  readonly network: Network
  /** Owner of what survives every process: the platform that restarts, the wires. */
  readonly platform: Process
  facts: FactSink | null = null
  /** True while somebody watches codes of level 3. */
  watchesDetail = false
  /** Set by an observer to end `run` after the current event. */
  interrupted = false

  private readonly seed: string
  private readonly queue = new EventQueue()
  private readonly streams: Stream[] = []
  private readonly streamNames: string[] = []
  private slotKind: Int32Array = new Int32Array(1024)
  private slotUnit: Int32Array = new Int32Array(1024)
  private slotIncarnation: Int32Array = new Int32Array(1024)
  private readonly slotPayload: unknown[] = []
  private readonly freeSlots: number[] = []
  private slotCount = 0

  constructor(seed: string) {
    this.seed = seed
    const nowhere = new Host(0, 'platform', '', 1e15)
    this.hosts.push(nowhere)
    this.platform = new Process(this, 'platform', nowhere)
    this.network = new Network(this)
  }

  /** A new machine; `bytesPerSecond` is the speed of its network interface. */
  host(name: string, zone: string, bytesPerSecond: number): Host {
    const host = new Host(this.hosts.length, name, zone, bytesPerSecond)
    this.hosts.push(host)
    return host
  }

  /** The stream of this name; the same object for the same name. Ask once, while building. */
  random(name: string): Stream {
    const known = this.streamNames.indexOf(name)
    if (known >= 0) return this.streams[known] as Stream
    const stream = new Stream(streamSeed(this.seed, name))
    this.streams.push(stream)
    this.streamNames.push(name)
    return stream
  }

  /** Schedules an event at a whole nanosecond not before now; for a dead unit it will be dropped. */
  schedule<U extends Unit, P>(at: number, unit: U, kind: EventKind<U, P>, payload: P): void {
    if (!(at >= this.now)) invariant(false, 'kernel.schedule-in-the-past', `${kind.name} at ${at}, now ${this.now}`)
    let slot = this.freeSlots.pop()
    if (slot === undefined) {
      slot = this.slotCount++
      if (slot === this.slotKind.length) this.growSlots()
    }
    this.slotKind[slot] = kind.id
    this.slotUnit[slot] = unit.id
    this.slotIncarnation[slot] = unit.alive ? unit.incarnation : -1
    this.slotPayload[slot] = payload
    this.queue.push(at, slot)
  }

  /** Schedules an event after a delay in whole nanoseconds. */
  after<U extends Unit, P>(delay: number, unit: U, kind: EventKind<U, P>, payload: P): void {
    this.schedule(this.now + delay, unit, kind, payload)
  }

  /**
   * Handles events up to `until` (inclusive, or strictly before it), at most `budget` of them. Leaves `now`
   * at the last event handled, or at `until` when all before it are done.
   */
  run(until: number, inclusive: boolean, budget: number): RunEnd {
    const queue = this.queue
    let left = budget
    this.interrupted = false
    for (;;) {
      const at = queue.nextTime()
      if (inclusive ? at > until : at >= until) {
        if (until > this.now) this.now = until
        return 'time'
      }
      if (left-- <= 0) return 'budget'
      const slot = queue.pop()
      this.now = at
      const unit = this.units[this.slotUnit[slot] as number] as Unit
      const kind = kindOf(this.slotKind[slot] as number)
      const incarnation = this.slotIncarnation[slot] as number
      const payload = this.slotPayload[slot]
      this.slotPayload[slot] = undefined
      this.freeSlots.push(slot)
      this.dispatch(unit, incarnation, kind, payload)
      if (this.interrupted) return 'interrupted'
    }
  }

  /** Time of the next event, Infinity when there is none. */
  nextTime(): number {
    return this.queue.nextTime()
  }

  /** Hands an event to its unit now, as the queue would: dropped when dead, held while paused. */
  dispatch<P>(unit: Unit, incarnation: number, kind: EventKind<Unit, P>, payload: P): void {
    if (unit.incarnation !== incarnation) {
      this.dropped++
      return
    }
    const process = unit.process
    if (process.paused) {
      process.heldUnits.push(unit)
      process.heldIncarnations.push(incarnation)
      process.heldKinds.push(kind as EventKind<Unit, unknown>)
      process.heldPayloads.push(payload)
      return
    }
    this.events++
    this.digest.mixTime(this.now)
    this.digest.mix(kind.hash ^ Math.imul(unit.id, 0x9e3779b1))
    kind.handler(this, unit, payload)
  }

  /** Says a fact about a unit with up to four numbers named by its code. */
  fact(code: FactCode, subject: Unit, a = 0, b = 0, c = 0, d = 0): void {
    if (this.facts === null || (code.level === 3 && !this.watchesDetail)) return
    this.facts.fact(this.now, code, subject, a, b, c, d)
  }

  /** Pending events, for audits and budgets. */
  pending(): number {
    return this.queue.size
  }

  private growSlots(): void {
    const size = this.slotKind.length * 2
    const kind = new Int32Array(size)
    kind.set(this.slotKind)
    this.slotKind = kind
    const unit = new Int32Array(size)
    unit.set(this.slotUnit)
    this.slotUnit = unit
    const incarnation = new Int32Array(size)
    incarnation.set(this.slotIncarnation)
    this.slotIncarnation = incarnation
  }
}
