/** Three questions that a result leads to, each with something that it does. Pure. */
import type { CauseAdvice, FaultOffer, ScenarioCard } from '../../src/host/api.ts'
import { questionTexts as texts } from '../texts.ts'
import type { Outcome, Told } from './outcome.ts'

export type Act =
  | { readonly kind: 'set'; readonly column: number; readonly key: string; readonly value: string }
  | { readonly kind: 'strike'; readonly fault: string; readonly target: string }
  | { readonly kind: 'open'; readonly card: ScenarioCard; readonly prevented: boolean }

export interface Question {
  readonly text: string
  /** What it buys and costs, in a sentence; '' where the text says all. */
  readonly why: string
  readonly act: Act
}

/** What is looked at: plain parts of the columns, so that a test can write them down. */
export interface Ground {
  readonly outcomes: readonly Outcome[]
  readonly told: Told
  readonly columns: readonly { readonly causes: readonly CauseAdvice[]; readonly faults: readonly FaultOffer[] }[]
  readonly cards: readonly ScenarioCard[]
  /** The card that is open, and whether as its prevented run. */
  readonly open: { readonly card: ScenarioCard; readonly prevented: boolean } | null
}

/** Other blows, the farthest from what was struck first. */
const strikes: readonly { readonly fault: string; readonly target: string; readonly text: string }[] = [
  { fault: 'zone-outage', target: 'zone-a', text: texts.zone },
  { fault: 'pause', target: 'processor-1', text: texts.freeze },
  { fault: 'crash', target: 'broker-1', text: texts.broker },
  { fault: 'poison', target: '', text: texts.poison },
  { fault: 'crash', target: 'processor-1', text: texts.worker },
]

/** At most three, of three different kinds where there are as many. */
export function questionsOf(ground: Ground): Question[] {
  const settings = settingQuestions(ground)
  const blows = strikeQuestions(ground)
  const demos = openQuestions(ground)
  const first = [settings[0], blows[0], demos[0]].filter((question) => question !== undefined)
  const rest = [...settings.slice(1), ...demos.slice(1), ...blows.slice(1)]
  return [...first, ...rest].slice(0, 3)
}

function settingQuestions({ outcomes, columns, open }: Ground): Question[] {
  const found: Question[] = []
  if (open !== null && !open.prevented && open.card.prevented !== null) {
    found.push({ text: texts.prevent(open.card.prevented.settings[0] ?? ''), why: open.card.prevented.because, act: { kind: 'open', card: open.card, prevented: true } })
  }
  // Its remedy runs beside it already.
  if (open?.prevented === true) return found
  const offer = (code: string, outcome: Outcome, column: number, text: (setting: string, letter: string) => string): void => {
    const advice = columns[column]?.causes.find((cause) => cause.code === code)
    const next = advice?.settings.find(({ holds, value }) => !holds && value !== null)
    if (next === undefined || next.value === null) return
    found.push({ text: text(`${next.key}=${next.value}`, outcome.letter), why: next.why, act: { kind: 'set', column, key: next.key, value: next.value } })
  }
  // Damage first, then what only comes late.
  outcomes.forEach((outcome, column) => offer(outcome.cause, outcome, column, outcome.lost > 0 ? texts.wouldSave : texts.wouldDoOnce))
  outcomes.forEach((outcome, column) => {
    if (outcome.missed.some((line) => line.unit === 's')) offer(outcome.silent > 0 ? 'late.outage' : 'late.calm', outcome, column, texts.wouldHurry)
  })
  return found
}

function strikeQuestions({ told, columns }: Ground): Question[] {
  return strikes.filter(({ fault, target }) => !told.faults.some((text) => text.startsWith(`${fault} ${target}`.trim()))
    && columns.some(({ faults }) => faults.some((offer) => offer.kind === fault && offer.refused === null && (target === '' || offer.target === target))))
    .map(({ fault, target, text }) => ({ text, why: '', act: { kind: 'strike', fault, target } }))
}

function openQuestions({ outcomes, cards, open }: Ground): Question[] {
  const topics = [
    ...outcomes.flatMap(({ repeated }) => (repeated > 0 ? ['duplicates'] : [])),
    ...outcomes.flatMap(({ lost }) => (lost > 0 ? ['loss'] : [])),
    ...outcomes.flatMap(({ missed }) => (missed.some((line) => line.unit === 's') ? ['latency'] : [])), 'loss',
  ]
  const rank = (card: ScenarioCard): number => {
    const at = topics.findIndex((topic) => card.tags.includes(topic))
    return at < 0 ? topics.length : at
  }
  return cards.filter((card) => card.demonstrates !== null && card.shown.scenario !== open?.card.shown.scenario)
    .map((card, i) => ({ card, order: rank(card) * 1000 + i })).sort((a, b) => a.order - b.order)
    .map(({ card }) => ({ text: card.asks, why: card.demonstrates ?? '', act: { kind: 'open', card, prevented: false } }))
}
