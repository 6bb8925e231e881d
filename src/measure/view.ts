/** One view's tally: which copies of a record were readable in it, counted by the rules of its effect. */
import { causeOf, findCause, type CauseCode, type Copies } from '../contract/cause.ts'
import type { ViewDeclaration } from '../contract/outside.ts'
import type { CauseKind, CauseLine } from '../contract/spec.ts'
import { LANE_STEP, recordName } from './record-name.ts'
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

/** Records named for each cause as examples. */
const EXAMPLES = 5

/** What is booked to one cause: how many, since when (nanoseconds), and the first few by name. */
class Booking {
  records = 0
  readonly since: number
  readonly names: number[] = []

  constructor(since: number) {
    this.since = since
  }
}

/** Books records to causes by kind; order of insertion never matters, reports sort by code. */
export class Bookings {
  private readonly booked = new Map<string, Booking>()

  /** One record by its name in the ledger's tables. */
  add(kind: CauseKind, code: string, name: number, at: number): void {
    const key = `${kind} ${code}`
    let booking = this.booked.get(key)
    if (booking === undefined) {
      booking = new Booking(at)
      this.booked.set(key, booking)
    }
    booking.records++
    if (booking.names.length < EXAMPLES && !booking.names.includes(name)) booking.names.push(name)
  }

  /** Takes a record back from where it was booked. */
  remove(kind: CauseKind, code: string, name: number): void {
    const booking = this.booked.get(`${kind} ${code}`)
    if (booking === undefined) return
    booking.records--
    const at = booking.names.indexOf(name)
    if (at >= 0) booking.names.splice(at, 1)
  }

  /** Lines sorted by kind, then by code. */
  lines(): CauseLine[] {
    const lines: CauseLine[] = []
    for (const [key, { records, since, names }] of [...this.booked].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))) {
      const space = key.indexOf(' ')
      const code = key.slice(space + 1)
      if (records === 0) continue
      // The kind was one when it was booked.
      const kind = key.slice(0, space) as CauseKind
      lines.push({ kind, code, records, source: findCause(code)?.source ?? 'ledger', since: since / 1e9, examples: names.map(nameText) })
    }
    return lines
  }

  count(kind: CauseKind): number {
    let sum = 0
    for (const [key, { records }] of this.booked) if (key.startsWith(`${kind} `)) sum += records
    return sum
  }
}

function nameText(name: number): string {
  return recordName(Math.floor(name / LANE_STEP), name % LANE_STEP)
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
  addEffect(entry: Exceptional, name: number, copy: number, copies: Copies, writerReplaced: boolean, at: number): void {
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
    else this.bookings.add(kind, code, name, at)
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
  addSide(name: number, copy: number, copies: Copies, writerReplaced: boolean, at: number): void {
    const known = this.exceptional.get(name)
    if (known !== undefined) {
      this.addEffect(known, name, copy, copies, writerReplaced, at)
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

  /** Retractions that were not healed, by cause. */
  retractedLines(): CauseLine[] {
    const names = new Map<number, number[]>()
    for (const [name, entry] of this.exceptional) {
      if (entry.readable > 0 || entry.copies.length === 0) continue
      const known = names.get(entry.retractedBy)
      if (known === undefined) names.set(entry.retractedBy, [name])
      else known.push(name)
    }
    return [...names].sort(([a], [b]) => a - b).map(([id, records]) => {
      const { code, source } = causeOf(id)
      return { kind: 'retracted', code, records: records.length, source, since: null, examples: records.slice(0, EXAMPLES).map(nameText) }
    })
  }
}

/** The zombie cause of the product that made this copy; undefined when it declared none. */
function zombieOf(blamed: CauseCode | undefined): string | undefined {
  if (blamed === undefined) return undefined
  return findCause(`${blamed.code.slice(0, blamed.code.indexOf('.'))}.zombie`)?.code
}
