/** One view's tally: which copies of a record were readable in it, counted by the rules of its effect. */
import { causeOf, findCause, type CauseCode, type Copies } from '../contract/cause.ts'
import type { ViewDeclaration } from '../contract/outside.ts'
import type { CauseKind } from '../contract/spec.ts'
import { Histogram } from './histogram.ts'

/** A record with more to say than "readable once as its original". */
export class Exceptional {
  /** Copies that were readable at any instant, in the order in which they became so. */
  readonly copies: number[] = []
  /** Of those, how many are readable now. */
  readable = 0
  /** Cause id of the last retraction, -1 none. */
  retractedBy = -1
}

/** Books records to causes by kind; order of insertion never matters, reports sort by code. */
export class Bookings {
  private readonly counts = new Map<string, number>()

  add(kind: CauseKind, code: string, records: number): void {
    const key = `${kind} ${code}`
    this.counts.set(key, (this.counts.get(key) ?? 0) + records)
  }

  /** Lines sorted by kind, then by code. */
  lines(): { kind: CauseKind; code: string; records: number; source: string }[] {
    const keys = [...this.counts.keys()].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
    const lines: { kind: CauseKind; code: string; records: number; source: string }[] = []
    for (const key of keys) {
      const records = this.counts.get(key) as number
      const space = key.indexOf(' ')
      const code = key.slice(space + 1)
      if (records === 0) continue
      // The kind was one when it was booked.
      lines.push({ kind: key.slice(0, space) as CauseKind, code, records, source: findCause(code)?.source ?? 'ledger' })
    }
    return lines
  }

  count(kind: CauseKind): number {
    let sum = 0
    for (const [key, records] of this.counts) if (key.startsWith(`${kind} `)) sum += records
    return sum
  }
}

/** Counts of one view. All are records unless said. */
export class ViewTally {
  readonly declaration: ViewDeclaration
  readonly exceptional = new Map<number, Exceptional>()
  readonly bookings = new Bookings()
  readonly latency = new Histogram()
  /** Records readable now or at any time, by first effect. */
  delivered = 0
  /** Records with an end state, whatever it is. */
  settled = 0
  /** Records whose every readable copy is gone again. */
  retracted = 0
  duplicated = 0
  /** Effects beyond the first. */
  duplicates = 0
  rewrites = 0
  repeatsRefused = 0
  outOfOrder = 0
  lost = 0
  refused = 0
  lostAcknowledged = 0
  /** Repeats, losses and returns that no mechanism explained: our own bugs. */
  unexplained = 0
  /** Side views: what was sent to them. */
  offered = 0
  /** Highest index readable so far, by lane and key, plus one. */
  readonly newest: Int32Array[] = []

  constructor(declaration: ViewDeclaration) {
    this.declaration = declaration
  }

  /**
   * Another copy of a record became readable. Of k effects, k-1 are booked to all but the earliest created
   * copy; a later writer that had been replaced makes it the product's zombie.
   */
  addEffect(entry: Exceptional, copy: number, copies: Copies, writerReplaced: boolean): void {
    if (entry.copies.includes(copy)) {
      // The same copy again: back after a retraction, or readable twice, which no mechanism stated.
      if (entry.readable === 0) {
        entry.readable = 1
        this.retracted--
        this.delivered++
      } else this.unexplained++
      return
    }
    const kind = this.declaration.effect === 'upsert' ? 'rewrite' : 'duplicate'
    let earliest = entry.copies[0] as number
    for (const known of entry.copies) if (known < earliest) earliest = known
    const blamed = copies.partingCause(Math.max(copy, earliest), Math.min(copy, earliest))
    const code = writerReplaced ? zombieOf(blamed) : blamed?.code
    if (code === undefined) this.unexplained++
    else this.bookings.add(kind, code, 1)
    if (kind === 'rewrite') this.rewrites++
    else {
      this.duplicates++
      if (entry.copies.length === 1) this.duplicated++
    }
    entry.copies.push(copy)
    if (entry.readable === 0) {
      this.retracted--
      this.delivered++
    }
    entry.readable++
  }

  /** A record with more to say from now on; `copy` of it is readable. */
  addExceptional(name: number, copy: number): Exceptional {
    const entry = new Exceptional()
    entry.copies.push(copy)
    entry.readable = 1
    this.exceptional.set(name, entry)
    return entry
  }

  /** A copy came to a side view, whose offered records are those sent to it. */
  addSide(name: number, copy: number, copies: Copies, writerReplaced: boolean): void {
    const known = this.exceptional.get(name)
    if (known !== undefined) {
      this.addEffect(known, copy, copies, writerReplaced)
      return
    }
    this.addExceptional(name, copy)
    this.offered++
    this.delivered++
  }

  /** A readable copy is gone. */
  retract(entry: Exceptional, cause: CauseCode): void {
    if (entry.readable === 0) return
    entry.readable--
    entry.retractedBy = cause.id
    if (entry.readable > 0) return
    this.delivered--
    this.retracted++
  }

  /** Books retractions that were not healed, once, for a report. */
  retractedLines(): { kind: CauseKind; code: string; records: number; source: string }[] {
    const counts = new Map<number, number>()
    for (const entry of this.exceptional.values()) {
      if (entry.readable === 0 && entry.copies.length > 0) counts.set(entry.retractedBy, (counts.get(entry.retractedBy) ?? 0) + 1)
    }
    return [...counts.entries()].sort((a, b) => a[0] - b[0]).map(([id, records]) => {
      const cause = causeOf(id)
      return { kind: 'retracted' as const, code: cause.code, records, source: cause.source }
    })
  }
}

/** The zombie cause of the product that made this copy; undefined when it declared none. */
function zombieOf(blamed: CauseCode | undefined): string | undefined {
  if (blamed === undefined) return undefined
  return findCause(`${blamed.code.slice(0, blamed.code.indexOf('.'))}.zombie`)?.code
}
