/** Leads a visitor: knows the scenario cards, which of them is open, and when a story has come to its end. */
import type { RunSpec, ScenarioCard } from '../../src/host/api.ts'
import { faultText, faultTimes } from '../faults.ts'
import type { Column } from '../column-data.ts'
import type { Store } from '../store.ts'
import { isOver, outcomeOf, type Outcome, type Seen, type Told } from './outcome.ts'
import { isSurprise, setQuery } from './address.ts'
import { questionsOf, type Act, type Question } from './questions.ts'

/** Simulated seconds after the last fault before the columns are asked whether they are themselves again. */
const askAfter = 5
/** Simulated seconds between two such questions. */
const askAgain = 2
/** A demonstration opens so long before its first fault, seconds; others so far into the run. */
const leadIn = 3
const usualStart = 10

export interface Result {
  readonly told: Told
  readonly outcomes: readonly Outcome[]
  readonly questions: readonly Question[]
}

export interface OpenCard {
  readonly card: ScenarioCard
  readonly prevented: boolean
}

export class Guide {
  readonly store: Store
  cards: readonly ScenarioCard[] = []
  result: Result | null = null
  /** The card whose questions are asked. */
  interview: ScenarioCard | null = null
  /** The welcome was dismissed, or something was struck. */
  welcomed = false
  /** Faults that were hidden and have been asked for. */
  revealed: readonly string[] = []
  /** What was opened, without what was struck since. */
  private home: RunSpec | null = null
  private loading: Promise<void> | null = null
  /** Faults that a result has told of. */
  private toldFaults = 0
  private wasToldEnd = false
  private nextAsk = 0
  private asking = false
  private wasHiding = false
  private begun: RunSpec | null = null

  constructor(store: Store) {
    this.store = store
    store.on('open', () => this.begin())
    store.on('spec', () => this.amended())
    store.on('figures', () => void this.look())
  }

  /** Reads the cards once, from a column's worker. */
  async load(): Promise<void> {
    const [column] = this.store.columns
    if (this.cards.length > 0 || column === undefined) return
    this.loading ??= column.engine.cards().then((reply) => {
      if (reply.ok) this.cards = reply.value
      this.loading = null
      this.store.emit('guide')
    })
    await this.loading
  }

  /** The card whose run is open: its scenario, with its settings or with what prevents it. */
  get open(): OpenCard | null {
    const { scenario, architectures } = this.store.spec
    const card = this.cards.find((one) => one.shown.scenario === scenario)
    if (card === undefined) return null
    const settings = (of: typeof architectures): string => JSON.stringify(of.map((one) => [one.id, one.settings ?? {}]))
    return { card, prevented: card.prevented !== null && settings(architectures) === settings(card.prevented.spec.architectures) }
  }

  /** Opens a card's run a little before its first fault; the run before stays behind the browser's back button. */
  async openCard(card: ScenarioCard, prevented: boolean): Promise<boolean> {
    const spec = prevented && card.prevented !== null ? card.prevented.spec : card.shown
    const before = await this.store.host.encode(this.store.spec)
    setQuery('surprise', false)
    const opened = await this.store.open(spec, startOf(spec), !this.store.reducedMotion)
    if (!opened) return false
    if (!this.cards.includes(card)) this.cards = [...this.cards.filter((one) => one.shown.scenario !== card.shown.scenario), card]
    history.replaceState(null, '', `#${before}`)
    history.pushState(null, '', `#${await this.store.host.encode(spec)}`)
    this.store.emit('guide')
    return true
  }

  /** Back to what was opened, before anything was struck or set. */
  async again(): Promise<void> {
    if (this.home === null) return
    const { home } = this
    await this.store.open(home, startOf(home), !this.store.reducedMotion)
    if (isSurprise()) this.store.hide(home.faults)
  }

  /** Says what was hidden. */
  reveal(): void {
    this.revealed = this.store.hiddenFaults
    setQuery('surprise', false)
    this.store.hide([])
    this.store.emit('guide')
  }

  /** Opens the interview of a card. */
  ask(card: ScenarioCard): void {
    this.interview = card
    this.store.showDialog('interview')
  }

  dismiss(): void {
    this.result = null
    this.welcomed = true
    this.store.emit('guide')
  }

  async act(act: Act): Promise<void> {
    this.dismiss()
    if (act.kind === 'open') await this.openCard(act.card, act.prevented)
    else if (act.kind === 'set') await this.store.setKnob(act.column, act.key, act.value)
    else await this.strike(act.fault, act.target)
  }

  /** Strikes now; where the births have ended, the run begins again with this blow in place of the first. */
  private async strike(kind: string, target: string): Promise<void> {
    const { store } = this
    const end = Math.min(...store.columns.map((column) => column.opened.durationSeconds))
    if (store.play.playhead < end - 1) {
      if (await store.strike({ kind, target }) && !store.play.playing && !store.reducedMotion) store.toggle()
      return
    }
    const at = Math.min(firstFault(store.spec) ?? usualStart, end / 2)
    const spec = { ...store.spec, faults: [faultText({ kind, target, at })] }
    await store.open(spec, startOf(spec), !store.reducedMotion)
  }

  private begin(): void {
    if (this.store.spec !== this.begun) {
      this.begun = this.store.spec
      this.toldFaults = 0
      this.wasToldEnd = false
      this.nextAsk = 0
      this.result = null
      this.revealed = []
      if (this.home === null || !isSameScene(this.home, this.begun)) this.home = this.begun
      this.store.hide(isSurprise() ? this.begun.faults : [])
    }
    this.store.emit('guide')
  }

  private amended(): void {
    this.toldFaults = Math.min(this.toldFaults, this.store.spec.faults.length)
    this.wasToldEnd = false
    this.nextAsk = 0
    if (this.store.spec.faults.length > 0) this.welcomed = true
    const isHiding = this.store.hiddenFaults.length > 0
    if (isHiding) this.revealed = []
    // Undone: what is struck from now on is no secret to whoever gets the link.
    else if (this.wasHiding) setQuery('surprise', false)
    this.wasHiding = isHiding
    this.result = null
    this.store.emit('guide')
  }

  /** What is to be told now, null while nothing is: faults not yet told of that have acted, or the end. */
  private story(): Told | null {
    const { store } = this
    const { faults } = store.spec
    const now = store.figuresAt
    const { finished, reached } = store.bounds
    const isEnd = finished && now >= reached - 1e-9
    if (isEnd && this.wasToldEnd) return null
    const acted = faults.filter((fault, i) => i >= this.toldFaults && (faultTimes(fault).at ?? Infinity) <= now)
    const times = acted.map((fault) => faultTimes(fault).at ?? 0)
    if (!isEnd && (acted.length === 0 || now < Math.max(...times) + askAfter || now < this.nextAsk)) return null
    return { from: times.length > 0 ? Math.min(...times) : 0, to: now, faults: acted, isEnd }
  }

  private async look(): Promise<void> {
    const { store } = this
    if (this.asking || store.goal !== null || store.columns.length === 0) return
    void this.load()
    const told = this.story()
    if (told === null || (!told.isEnd && store.columns.some((column) => column.value('m.outage', told.to) === 1))) return
    // A Report speaks of all that is computed: it is asked for only where that is what is seen.
    if (store.bounds.reached > told.to + 1) return
    this.asking = true
    this.nextAsk = told.to + askAgain
    const { spec } = store
    const replies = await Promise.all(store.columns.map((column) => column.report()))
    await this.load()
    this.asking = false
    if (store.spec !== spec || replies.some((reply) => !reply.ok)) return
    const outcomes = replies.flatMap((reply, i) => {
      const column = store.columns[i]
      if (!reply.ok || column === undefined) return []
      return [outcomeOf(column.letter, reply.value, column.facts, told, seenOf(column, told))]
    })
    if (!isOver(outcomes, told)) return
    this.toldFaults += told.faults.length
    this.wasToldEnd = told.isEnd
    const columns = store.columns.map(({ opened }) => opened)
    this.result = { told, outcomes, questions: questionsOf({ outcomes, told, columns, cards: this.cards, open: this.open }) }
    store.emit('guide')
  }
}

/** What the frames say, so that a result speaks of the verdicts that are on the screen. */
function seenOf(column: Column, told: Told): Seen {
  const at = (name: string, time: number): number => known(column.value(name, time))
  const judged = (state: number): { text: string; unit: string; i: number }[] => column.opened.constraints.flatMap(({ text, unit, declared }, i) =>
    (declared || column.value(`v.${i}.state`, told.to) !== state ? [] : [{ text, unit, i }]))
  return {
    lost: at('m.lost', told.from) + at('m.retracted', told.from), duplicates: at('m.duplicates', told.from),
    missed: judged(-1).map(({ text, unit, i }) => ({ text, unit, observed: column.value(`v.${i}.observed`, told.to) })),
    undecided: judged(0).map(({ text }) => text),
  }
}

function known(value: number): number {
  return Number.isFinite(value) ? value : 0
}

/** A little before the first fault, else where it is well under way, seconds. */
export function startOf(spec: RunSpec): number {
  return Math.max(0, Math.min(usualStart, (firstFault(spec) ?? Infinity) - leadIn))
}

function firstFault({ faults }: RunSpec): number | null {
  const times = faults.flatMap((fault) => faultTimes(fault).at ?? [])
  return times.length === 0 ? null : Math.min(...times)
}

/** The same scenario, seed and columns, whatever was struck or set since. */
function isSameScene(one: RunSpec, other: RunSpec): boolean {
  const key = ({ scenario, seed, architectures }: RunSpec): string => JSON.stringify([scenario, seed, architectures.map(({ id, label }) => [id, label])])
  return key(one) === key(other)
}
