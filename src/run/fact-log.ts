/** Facts kept for the story, triggers that wait for one, and the life of a followed record. */
import { formatDuration } from '../contract/quantity.ts'
import type { Fault } from '../contract/fault.ts'
import type { FactReport } from '../contract/spec.ts'
import { nanos, shared, type FactCode, type FactSink, type Sim, type Unit } from '../kernel/index.ts'

/** More facts than this are counted, not kept. */
export const FACTS_MAX = 50_000

/** A fact as it was said; immutable, so keyframes share it. */
export class Fact {
  readonly at: number
  readonly code: FactCode
  /** Name of the unit that it is about. */
  readonly subject: string
  readonly numbers: readonly number[]

  get [shared](): boolean {
    return true
  }

  constructor(at: number, code: FactCode, subject: string, numbers: readonly number[]) {
    this.at = at
    this.code = code
    this.subject = subject
    this.numbers = numbers
  }
}

/** A fault that waits for a fact. */
export class Trigger {
  readonly fault: Fault
  seen = 0
  /** The subject of the fact that set it off, once. */
  subject: Unit | null = null
  isSpent = false

  constructor(fault: Fault) {
    this.fault = fault
  }
}

/** Hears every fact of one column. */
export class FactLog implements FactSink {
  readonly facts: Fact[] = []
  readonly triggers: Trigger[] = []
  /** Triggers that went off during the current event. */
  readonly fired: Trigger[] = []
  /** Facts beyond the limit. */
  overflow = 0
  private readonly sim: Sim
  /** Codes kept although they are details of level 3. */
  private readonly watched: readonly string[]

  constructor(sim: Sim, faults: readonly Fault[], watched: readonly string[]) {
    this.sim = sim
    this.watched = watched
    this.await(faults)
  }

  /** Adds triggers for the faults that wait for a fact and are not yet among them. */
  await(faults: readonly Fault[]): void {
    const waiting = faults.filter((fault) => fault.on !== undefined)
    for (let i = this.triggers.length; i < waiting.length; i++) this.triggers.push(new Trigger(waiting[i] as Fault))
    this.sim.watchesDetail = this.watched.length > 0 || this.triggers.length > 0
  }

  fact(at: number, code: FactCode, subject: Unit, a: number, b: number, c: number, d: number): void {
    for (let i = 0; i < this.triggers.length; i++) {
      const trigger = this.triggers[i] as Trigger
      if (!trigger.isSpent && (trigger.fault.on as NonNullable<Fault['on']>).code === code.code) this.pull(trigger, at, code, subject, a, b, c, d)
    }
    if (code.level === 3 && !this.watched.includes(code.code)) return
    if (this.facts.length >= FACTS_MAX) {
      this.overflow++
      return
    }
    this.facts.push(new Fact(at, code, subject.name, [a, b, c, d].slice(0, code.numbers.length)))
  }

  private pull(trigger: Trigger, at: number, code: FactCode, subject: Unit, a: number, b: number, c: number, d: number): void {
    const on = trigger.fault.on as NonNullable<Fault['on']>
    if (at < on.after) return
    for (const condition of on.where ?? []) {
      const i = code.numbers.indexOf(condition.name)
      const value = i === 0 ? a : i === 1 ? b : i === 2 ? c : i === 3 ? d : NaN
      if (!holds(value, condition.op, condition.value)) return
    }
    trigger.seen++
    if (trigger.seen < on.nth) return
    trigger.isSpent = true
    trigger.subject = subject
    this.fired.push(trigger)
    this.sim.interrupted = true
  }
}

function holds(value: number, op: '=' | '>' | '<' | '>=' | '<=', wanted: number): boolean {
  switch (op) {
    case '=': return value === wanted
    case '>': return value > wanted
    case '<': return value < wanted
    case '>=': return value >= wanted
    case '<=': return value <= wanted
  }
}

/** The fact in words: {who} is its subject, {name} a number, {name:s} nanoseconds as a duration; [a part] without its number, 0, is left out. */
export function factText(code: Pick<FactCode, 'text' | 'numbers'>, subject: string, numbers: readonly number[]): string {
  const said = code.text.replace(/\[([^\]]*\{(\w+)(?::s)?\}[^\]]*)\]/g, (_all, part: string, name: string) => (numbers[code.numbers.indexOf(name)] === 0 ? '' : part))
  return said.replace(/\{(\w+)(:s)?\}/g, (_all, name: string, asTime: string | undefined) => {
    if (name === 'who') return subject
    const value = numbers[code.numbers.indexOf(name)]
    if (value === undefined) return '?'
    return asTime === undefined ? String(value) : formatDuration(nanos(Math.round(value / 1e6) * 1e6))
  })
}

/** A fact as reports and pages carry it. */
export function factReport(fact: Fact): FactReport {
  return {
    at: fact.at / 1e9,
    code: fact.code.code,
    subject: fact.subject,
    text: factText(fact.code, fact.subject, fact.numbers),
    numbers: fact.numbers,
  }
}
