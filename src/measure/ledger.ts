/**
 * The ledger stands outside: births, the client's answers, what each reader can read, and the causes that
 * mechanisms state. Every record ends in exactly one end state per view; what no cause explains is our bug.
 */
import type { Births } from '../contract/births.ts'
import { causeCode, causeOf, type CauseCode, type Copies } from '../contract/cause.ts'
import type { Answer, Outside, ViewDeclaration } from '../contract/outside.ts'
import { invariant, type Sim } from '../kernel/index.ts'
import {
  ANSWER_MASK, DEAD_LETTERED, EXCEPTIONAL, FAILED, FILTERED, IS_LATE, LaneStore, LOST, NONE, OK, ONCE, REFUSED, SIDE, UNKNOWN,
  UNSEEN,
} from './chunks.ts'
import { Frontier } from './frontier.ts'
import { Histogram } from './histogram.ts'
import { LANE_STEP } from './record-name.ts'
import { ViewTally, type Exceptional } from './view.ts'

const overtaken = causeCode('ledger.overtaken', 'A later record of the same key was readable first', 'design, Ledger')
const failedAnswer = causeCode('client.refused', 'The client library gave up and told the application so', 'Kafka 4.2 `BufferPool`')


/** Hears of each first visibility in the primary view; series and outages listen. */
export interface VisibleListener {
  firstVisible(born: number, latency: number, lane: number, index: number): void
  /** A record will not be visible (count 1), or that is taken back (-1). */
  unseen(born: number, count: number): void
  processed(latency: number): void
}

/** Record detail. Implements what a plant says to the outside; the run reads the rest. */
export class Ledger implements Outside {
  readonly views: ViewTally[] = []
  /** Main views by number of state column, side views -1. */
  private readonly columns: number[] = []
  primary = 0
  readonly processedLatency = new Histogram()
  readonly answers = { ok: 0, failed: 0, unknown: 0, none: 0 }
  filteredCount = 0
  deadLetteredCount = 0
  lateCount = 0
  /** Drops and failed answers since the last judgement. */
  hasNews = false
  private readonly births: Births
  private readonly copies: Copies
  private readonly sim: Sim
  private readonly listener: VisibleListener
  private lanes: LaneStore[] = []
  /** Last stated drop of a record that is not readable in every view: cause id by name. */
  private readonly drops = new Map<number, number>()
  private readonly frontier = new Frontier()
  /** Births from here on count for latency. */
  private readonly from: number

  constructor(sim: Sim, births: Births, copies: Copies, listener: VisibleListener, warmup: number) {
    this.sim = sim
    this.births = births
    this.copies = copies
    this.listener = listener
    this.from = warmup
  }

  view(declaration: ViewDeclaration): number {
    invariant(this.lanes.length === 0, 'ledger.view-after-start', declaration.sink)
    const tally = new ViewTally(declaration)
    this.views.push(tally)
    let column = -1
    if (!declaration.side) for (const known of this.columns) if (known > column) column = known
    this.columns.push(declaration.side ? -1 : column + 1)
    if (declaration.primary) this.primary = this.views.length - 1
    for (let lane = 0; lane < this.births.lanes; lane++) tally.newest.push(new Int32Array(this.births.keyCount))
    return this.views.length - 1
  }

  /** Called once when all views are declared. */
  start(): void {
    const main = this.columns.filter((column) => column >= 0).length
    invariant(this.views.filter((tally) => tally.declaration.primary).length === 1, 'ledger.one-primary-view')
    for (let lane = 0; lane < this.births.lanes; lane++) this.lanes.push(new LaneStore(main))
    this.frontier.start(main, this.lanes.length)
  }

  answered(lane: number, first: number, count: number, answer: Answer): void {
    const store = this.lanes[lane] as LaneStore
    const code = answer === 'ok' ? OK : answer === 'failed' ? FAILED : answer === 'unknown' ? UNKNOWN : NONE
    for (let i = first; i < first + count; i++) {
      if (!store.answerFirst(i, code)) {
        const before = store.answer(i) & ANSWER_MASK
        // A journal's replay is answered again: told ok once is told ok.
        if (before === OK || code !== OK) continue
        store.setAnswer(i, code)
        if (before === FAILED) this.answers.failed--
        else if (before === UNKNOWN) this.answers.unknown--
      }
      this.answers[answer]++
    }
    if (code === FAILED || code === UNKNOWN) this.hasNews = true
  }

  processed(lane: number, first: number, count: number): void {
    const store = this.lanes[lane] as LaneStore
    for (let i = first; i < first + count; i++) {
      if (!store.markProcessed(i)) continue
      const born = this.births.timeOf(lane, i)
      if (born >= this.from) this.processedLatency.add(this.sim.now - born)
      this.listener.processed(this.sim.now - born)
    }
  }

  visible(view: number, lane: number, first: number, count: number, copy: number, writerReplaced: boolean): void {
    const tally = this.views[view] as ViewTally
    const column = this.columns[view] as number
    const store = this.lanes[lane] as LaneStore
    if (first + count > this.births.born(lane)) invariant(false, 'ledger.visible-before-birth', `${lane}:${first}+${count}`)
    for (let i = first; column < 0 && i < first + count; i++) tally.addSide(lane * LANE_STEP + i, copy, this.copies, writerReplaced, this.sim.now)
    for (let i = first; column >= 0 && i < first + count; i++) {
      if (copy === 0 && store.showOnce(column, i)) {
        tally.settled++
        this.firstEffect(view, tally, store, lane, i, copy)
        continue
      }
      const state = store.state(column, i)
      if (state === UNSEEN || state === LOST || state === REFUSED) {
        if (state !== UNSEEN) this.takenBack(state === LOST ? 'lost' : 'refused', tally, lane, i)
        if (state === UNSEEN) tally.settled += (store.answer(i) & SIDE) === 0 ? 1 : 0
        else if (view === this.primary) this.listener.unseen(this.births.timeOf(lane, i), -1)
        if (copy !== 0) tally.addExceptional(lane * LANE_STEP + i, copy)
        store.setState(column, i, copy === 0 ? ONCE : EXCEPTIONAL)
        this.firstEffect(view, tally, store, lane, i, copy)
      } else tally.addEffect(this.exceptionalOf(tally, store, column, lane, i), lane * LANE_STEP + i, copy, this.copies, writerReplaced, this.sim.now)
    }
  }

  retracted(view: number, lane: number, first: number, count: number, _copy: number, cause: CauseCode): void {
    const tally = this.views[view] as ViewTally
    const column = this.columns[view] as number
    for (let i = first; i < first + count; i++) {
      const store = this.lanes[lane] as LaneStore
      const state = store.state(column, i)
      if (state !== ONCE && state !== EXCEPTIONAL) continue
      tally.retract(this.exceptionalOf(tally, store, column, lane, i), cause)
    }
  }

  repeatRefused(view: number, _lane: number, _first: number, count: number, _copy: number): void {
    (this.views[view] as ViewTally).repeatsRefused += count
  }

  dropped(cause: CauseCode, lane: number, first: number, count: number): void {
    const store = this.lanes[lane] as LaneStore
    for (let i = first; i < first + count; i++) {
      if (this.isReadableEverywhere(store, i)) continue
      this.drops.set(lane * LANE_STEP + i, cause.id)
      this.hasNews = true
    }
  }

  filtered(lane: number, first: number, count: number): void {
    this.markAll(lane, first, count, FILTERED)
  }

  deadLettered(cause: CauseCode, lane: number, first: number, count: number): void {
    for (let i = first; i < first + count; i++) {
      if (this.markAll(lane, i, 1, DEAD_LETTERED) === 0) continue
      for (const tally of this.views) {
        if (!tally.declaration.side) tally.bookings.add('deadLettered', cause.code, lane * LANE_STEP + i, this.sim.now)
      }
    }
  }

  late(lane: number, first: number, count: number): void {
    this.markAll(lane, first, count, IS_LATE)
  }

  /** Everything below is settled in this main view. */
  settledUpTo(view: number, lane: number): number {
    return this.frontier.upTo(this.columns[view] as number, lane, this.lanes[lane] as LaneStore, this.births.born(lane))
  }

  /** Everything below is settled in every main view. */
  settledEverywhere(lane: number): number {
    let least = Infinity
    for (let view = 0; view < this.views.length; view++) {
      if ((this.columns[view] as number) >= 0) least = Math.min(least, this.settledUpTo(view, lane))
    }
    return least
  }

  /** Records born and not settled in this main view. */
  unsettled(view: number): number {
    let born = 0
    for (let lane = 0; lane < this.lanes.length; lane++) born += this.births.born(lane)
    return born - (this.views[view] as ViewTally).settled
  }

  /** State and answer of a record, for judges and reports. */
  stateOf(view: number, lane: number, index: number): number {
    return (this.lanes[lane] as LaneStore).state(this.columns[view] as number, index)
  }

  answerOf(lane: number, index: number): number {
    return (this.lanes[lane] as LaneStore).answer(index)
  }

  /** The last drop stated for a record, or undefined. */
  dropOf(lane: number, index: number): CauseCode | undefined {
    const id = this.drops.get(lane * LANE_STEP + index)
    return id === undefined ? undefined : causeOf(id)
  }

  /** Says that a record is lost in a view: no holding contains it. Never taken back. */
  sayLost(view: number, lane: number, index: number): void {
    const tally = this.views[view] as ViewTally
    const store = this.lanes[lane] as LaneStore
    const cause = this.dropOf(lane, index)
    store.setState(this.columns[view] as number, index, LOST)
    tally.lost++
    tally.settled++
    const answer = store.answer(index) & ANSWER_MASK
    if (answer === OK || answer === NONE) tally.lostAcknowledged++
    if (cause === undefined) tally.unexplained++
    if (view === this.primary) this.listener.unseen(this.births.timeOf(lane, index), 1)
    tally.bookings.add('lost', cause?.code ?? 'unexplained', lane * LANE_STEP + index, this.sim.now)
  }

  /** Says that a record was refused: the client told the application, and no holding contains it. */
  sayRefused(view: number, lane: number, index: number): void {
    const tally = this.views[view] as ViewTally
    ;(this.lanes[lane] as LaneStore).setState(this.columns[view] as number, index, REFUSED)
    tally.refused++
    tally.settled++
    if (view === this.primary) this.listener.unseen(this.births.timeOf(lane, index), 1)
    tally.bookings.add('refused', this.dropOf(lane, index)?.code ?? failedAnswer.code, lane * LANE_STEP + index, this.sim.now)
  }

  /** Counts a first effect whose state is written. */
  private firstEffect(view: number, tally: ViewTally, store: LaneStore, lane: number, index: number, copy: number): void {
    const born = this.births.timeOf(lane, index)
    const latency = this.sim.now - born
    tally.delivered++
    if (born >= this.from) tally.latency.add(latency)
    const key = this.births.keyOf(lane, index)
    const newest = tally.newest[lane] as Int32Array
    if (index < (newest[key] as number)) {
      tally.outOfOrder++
      const cause = this.copies.causeOf(copy) ?? this.copies.unorderedBy(lane, index) ?? overtaken
      tally.bookings.add('reorder', cause.code, lane * LANE_STEP + index, this.sim.now)
    } else newest[key] = index + 1
    if (view === this.primary) this.listener.firstVisible(born, latency, lane, index)
    if (this.drops.size > 0 && this.isReadableEverywhere(store, index)) this.drops.delete(lane * LANE_STEP + index)
  }

  private exceptionalOf(tally: ViewTally, store: LaneStore, column: number, lane: number, index: number): Exceptional {
    const name = lane * LANE_STEP + index
    const known = tally.exceptional.get(name)
    if (known !== undefined) return known
    store.setState(column, index, EXCEPTIONAL)
    return tally.addExceptional(name, 0)
  }

  /** A record said lost became readable (our bug, counted where every test looks), or one that the client said had failed. */
  private takenBack(kind: 'lost' | 'refused', tally: ViewTally, lane: number, index: number): void {
    tally[kind]--
    if (kind === 'lost') tally.unexplained++
    const otherwise = kind === 'lost' ? 'unexplained' : failedAnswer.code
    tally.bookings.remove(kind, this.dropOf(lane, index)?.code ?? otherwise, lane * LANE_STEP + index)
  }

  private isReadableEverywhere(store: LaneStore, index: number): boolean {
    for (let view = 0; view < this.columns.length; view++) {
      const column = this.columns[view] as number
      if (column < 0) continue
      const state = store.state(column, index)
      if (state === ONCE) continue
      if (state !== EXCEPTIONAL) return false
    }
    return true
  }

  private markAll(lane: number, first: number, count: number, bits: number): number {
    const store = this.lanes[lane] as LaneStore
    let fresh = 0
    for (let i = first; i < first + count; i++) {
      if ((store.answer(i) & bits) !== 0) continue
      if ((store.answer(i) & SIDE) === 0) {
        for (let view = 0; view < this.views.length; view++) {
          const column = this.columns[view] as number
          if (column >= 0 && store.state(column, i) === UNSEEN) (this.views[view] as ViewTally).settled++
        }
      }
      store.mark(i, bits)
      fresh++
    }
    if (bits === FILTERED) this.filteredCount += fresh
    else if (bits === DEAD_LETTERED) this.deadLetteredCount += fresh
    else this.lateCount += fresh
    return fresh
  }
}
