/**
 * Outages: no record born after the fault began becomes visible for longer than two commit or poll intervals
 * while some are unsettled. What was in the pipe before the fault (a re-commit at restore) does not end one.
 */
import { invariant } from '../kernel/index.ts'

/** Intervals without news that make an outage. */
const INTERVALS = 2

/** Simulated nanoseconds; `to` null: it had not ended. */
export interface Outage {
  readonly from: number
  to: number | null
}

/** Plain state: keyframes copy it. */
export class Outages {
  private readonly found: Outage[] = []
  /** When the fault began that is watched; Infinity before the first one. */
  private faultAt = Infinity
  /** When a record born after it was last seen to become visible; the fault's begin until then. */
  private lastNews = 0
  private hasNews = false

  /** A fault begins now; one whose consequences are still open stays the one that is watched. */
  faultBegan(at: number): void {
    if (this.faultAt !== Infinity && (this.open() !== null || !this.hasNews)) return
    this.faultAt = at
    this.lastNews = at
    this.hasNews = false
  }

  /** A record born then became visible for the first time. */
  firstVisible(born: number, now: number): void {
    if (born < this.faultAt) return
    const open = this.open()
    if (open !== null) open.to = now
    this.lastNews = now
    this.hasNews = true
  }

  /** Looks at the clock; `oldestUnsettledBornAt` null: every record has its end state. */
  tick(now: number, oldestUnsettledBornAt: number | null, intervalNanos: number): void {
    invariant(intervalNanos > 0, 'outage.interval')
    if (this.faultAt === Infinity) return
    const open = this.open()
    if (oldestUnsettledBornAt === null) {
      // Nothing waits, so nothing is late.
      if (open !== null) open.to = now
      if (now > this.lastNews) this.lastNews = now
    } else if (open === null && now - this.lastNews > INTERVALS * intervalNanos) {
      this.found.push({ from: this.lastNews, to: null })
    }
  }

  /** True while one is going on. */
  isOpen(): boolean {
    return this.open() !== null
  }

  /** All so far, in order. */
  spans(): readonly Outage[] {
    return this.found
  }

  private open(): Outage | null {
    if (this.found.length === 0) return null
    const last = this.found[this.found.length - 1] as Outage
    return last.to === null ? last : null
  }
}
