/** A timer that can be moved and stopped cheaply: at most one useful event in the queue, checked when it fires. */
import { Copyable } from './copied.ts'
import { eventKind, type EventKind } from './event.ts'
import type { Sim } from './sim.ts'
import type { Life, Unit } from './unit.ts'

/** Fires `kind` with `payload` on `unit` at `dueAt`; dies with the unit's incarnation (set it again on start). */
export class Timer<U extends Unit, P> extends Copyable {
  readonly unit: U
  readonly kind: EventKind<U, P>
  readonly payload: P
  private readonly life: Life
  /** When it will fire; Infinity when stopped. */
  dueAt = Infinity
  /** When the queued event that counts will come; Infinity when none. */
  private queuedAt = Infinity
  private incarnation = 0

  constructor(unit: U, kind: EventKind<U, P>, payload: P) {
    super()
    this.unit = unit
    this.life = unit.life
    this.kind = kind
    this.payload = payload
  }

  /** Sets or moves the timer to a whole nanosecond not before now. */
  set(sim: Sim, at: number): void {
    this.dueAt = at
    if (this.incarnation !== this.life.incarnation) {
      this.incarnation = this.life.incarnation
      this.queuedAt = Infinity
    }
    if (at < this.queuedAt) {
      this.queuedAt = at
      // The one kind serves timers of all types; each calls its own typed handler.
      sim.schedule(at, this.unit, timerDue, this as unknown as Timer<Unit, unknown>)
    }
  }

  /** Sets the timer only if it is stopped or would fire later. */
  setEarlier(sim: Sim, at: number): void {
    if (!this.isSet() || at < this.dueAt) this.set(sim, at)
  }

  /** True while it is going to fire in the unit's present incarnation. */
  isSet(): boolean {
    return this.dueAt !== Infinity && this.incarnation === this.life.incarnation
  }

  stop(): void {
    this.dueAt = Infinity
  }

  /** The queued event came: fire, wait on, or be idle. */
  due(sim: Sim): void {
    // An event that was overtaken by an earlier one, or has been held by a pause and is already replaced.
    if (this.queuedAt > sim.now) return
    this.queuedAt = Infinity
    if (this.dueAt > sim.now) {
      if (this.dueAt !== Infinity) this.set(sim, this.dueAt)
      return
    }
    this.dueAt = Infinity
    this.kind.handler(sim, this.unit, this.payload)
  }
}

const timerDue: EventKind<Unit, Timer<Unit, unknown>> = eventKind('kernel.timer', (sim, _unit, timer) => timer.due(sim))
