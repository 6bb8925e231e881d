/** The simulator: time, queue, dispatch, random streams, digest. All its state is plain and under this root. */
import { Copyable } from './copied.ts'
import { Digest } from './digest.ts'
import { declaredKinds, type AnyKind, type EventKind } from './event.ts'
import type { FactCode, HopCode } from './fact.ts'
import { growInts } from './growth.ts'
import { invariant } from './invariant.ts'
import { Network } from './network.ts'
import { EventQueue } from './queue.ts'
import { Stream, streamSeed } from './random.ts'
import { Host, Life, Process, Unit } from './unit.ts'

/** Receives facts; observation never changes a run. */
export interface FactSink {
  fact(at: number, code: FactCode, subject: Unit, a: number, b: number, c: number, d: number): void
}

/** Follows one thing that two numbers name; observation never changes a run. */
export interface Tracer {
  readonly line: number
  readonly index: number
  /** It is here, in this copy. */
  passed(code: HopCode, who: Unit, copy: number, a: number, b: number): void
}

/** Why `run` came back. */
export type RunEnd = 'time' | 'budget' | 'interrupted'

/** The root of one column's plant. Times are whole nanoseconds. */
export class Sim extends Copyable {
  now = 0
  /** Events handled so far. */
  events = 0
  /** Events that found their unit dead or in another incarnation. */
  dropped = 0
  readonly units: Unit[] = []
  /** By unit. */
  readonly lives: Life[] = []
  readonly hosts: Host[] = []
  readonly digest = new Digest()
  readonly network: Network
  /** Owner of what survives every process: the platform that restarts, the wires. */
  readonly platform: Process
  facts: FactSink | null = null
  /** Null unless something is followed: mechanisms look at it before they tell of a hop. */
  tracer: Tracer | null = null
  /** True while somebody watches codes of level 3. */
  watchesDetail = false
  /** Set by an observer to end `run` after the current event. */
  interrupted = false

  private readonly seed: string
  private readonly queue = new EventQueue()
  private readonly streams: Stream[] = []
  private readonly streamNames: string[] = []
  // Four numbers a pending event, at the slot that the queue knows it by: kind, unit, incarnation, and in a
  // free slot the next free one (0 ends that list, so slot 0 is never used). Payloads at a quarter of the slot.
  private slots: Int32Array = new Int32Array(4096)
  private readonly payloads: unknown[] = [undefined]
  private freeSlot = 0
  private slotsUsed = 4

  constructor(seed: string) {
    super()
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
    let slot = this.freeSlot
    if (slot === 0) slot = this.addSlot()
    const slots = this.slots
    this.freeSlot = slots[slot + 3]!
    slots[slot] = kind.id
    const life = unit.life
    slots[slot + 1] = life.id
    slots[slot + 2] = life.alive ? life.incarnation : -1
    this.payloads[slot >> 2] = payload
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
      if (at >= until && (at > until || !inclusive)) {
        if (until > this.now) this.now = until
        return 'time'
      }
      if (left-- <= 0) return 'budget'
      const slot = queue.take()
      this.now = at
      const slots = this.slots
      const kind = declaredKinds[slots[slot]!] as AnyKind
      const unit = slots[slot + 1]!
      const payload = this.payloads[slot >> 2]
      this.payloads[slot >> 2] = undefined
      slots[slot + 3] = this.freeSlot
      this.freeSlot = slot
      this.dispatch(this.lives[unit] as Life, slots[slot + 2]!, kind, payload)
      if (this.interrupted) return 'interrupted'
    }
  }

  /** Time of the next event, Infinity when there is none. */
  nextTime(): number {
    return this.queue.nextTime()
  }

  /** Hands an event to its unit now, as the queue would: dropped when dead, held while paused. */
  dispatch<P>(life: Life, incarnation: number, kind: EventKind<Unit, P>, payload: P): void {
    if (life.incarnation !== incarnation) {
      this.dropped++
      return
    }
    const unit = this.units[life.id] as Unit
    if (life.process.paused) {
      const process = unit.process
      process.heldUnits.push(unit)
      process.heldIncarnations.push(incarnation)
      process.heldKinds.push(kind as EventKind<Unit, unknown>)
      process.heldPayloads.push(payload)
      return
    }
    this.events++
    this.digest.mixEvent(this.now, kind.hash ^ Math.imul(life.id, 0x9e3779b1))
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

  private addSlot(): number {
    const slot = this.slotsUsed
    if (slot === this.slots.length) this.slots = growInts(this.slots, 2 * slot)
    this.slotsUsed = slot + 4
    this.payloads.push(undefined)
    return slot
  }
}
