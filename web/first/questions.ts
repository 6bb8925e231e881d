/** Three questions that a result leads to, each with something that it does. Pure. */
import type { FaultOffer, ScenarioCard } from '../../src/host/api.ts'
import { questionTexts as texts } from '../texts.ts'
import type { Outcome, Told } from './outcome.ts'

export type Act =
  | { readonly kind: 'set'; readonly column: number; readonly key: string; readonly value: string }
  | { readonly kind: 'strike'; readonly fault: string; readonly target: string }
  | { readonly kind: 'open'; readonly card: ScenarioCard; readonly prevented: boolean }

export interface Question {
  readonly text: string
  readonly act: Act
}

/** What is looked at: plain parts of the columns, so that a test can write them down. */
export interface Ground {
  readonly outcomes: readonly Outcome[]
  readonly told: Told
  readonly columns: readonly { readonly knobs: readonly { readonly key: string; readonly value: string }[]; readonly faults: readonly FaultOffer[] }[]
  readonly cards: readonly ScenarioCard[]
  /** The card that is open, and whether as its prevented run. */
  readonly open: { readonly card: ScenarioCard; readonly prevented: boolean } | null
}

interface Remedy {
  readonly key: string
  readonly value: string
  readonly text: (letter: string) => string
}

const conditional: Remedy = { key: 'sink.write', value: 'conditional', text: texts.conditional }
const transactions: Remedy = { key: 'sink.delivery-guarantee', value: 'exactly-once', text: texts.transactions }
const allReplicas: Remedy = { key: 'acks', value: 'all', text: texts.allReplicas }

/** Settings that prevent a cause. */
const remedies: Readonly<Record<string, Remedy>> = {
  'lambda.batch-retry': conditional, 'lambda.batch-bisected': conditional, 'lambda.batch-from-failure': conditional, 'lambda.zombie': conditional,
  'flink.restore-replay': transactions, 'flink.zombie': transactions,
  'kafka.leader-changed-truncation': allReplicas, 'kafka.acks0-lost': allReplicas, 'kafka.acks0-crashed': allReplicas,
}
const shorterInterval: Remedy = { key: 'execution.checkpointing.interval', value: '500ms', text: texts.shorterInterval }

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
    found.push({ text: texts.prevent(open.card.prevented.settings[0] ?? ''), act: { kind: 'open', card: open.card, prevented: true } })
  }
  // Its remedy runs beside it already.
  if (open?.prevented === true) return found
  const offer = (remedy: Remedy | undefined, outcome: Outcome, column: number): void => {
    const knob = columns[column]?.knobs.find(({ key }) => key === remedy?.key)
    if (remedy === undefined || knob === undefined || knob.value === remedy.value) return
    found.push({ text: remedy.text(outcome.letter), act: { kind: 'set', column, key: remedy.key, value: remedy.value } })
  }
  // Damage first, then what only comes late.
  outcomes.forEach((outcome, column) => offer(remedies[outcome.cause], outcome, column))
  outcomes.forEach((outcome, column) => {
    if (outcome.missed.some((line) => line.unit === 's')) offer(shorterInterval, outcome, column)
  })
  return found
}

function strikeQuestions({ told, columns }: Ground): Question[] {
  return strikes.filter(({ fault, target }) => !told.faults.some((text) => text.startsWith(`${fault} ${target}`.trim()))
    && columns.some(({ faults }) => faults.some((offer) => offer.kind === fault && offer.refused === null && (target === '' || offer.target === target))))
    .map(({ fault, target, text }) => ({ text, act: { kind: 'strike', fault, target } }))
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
    .map(({ card }) => ({ text: card.asks, act: { kind: 'open', card, prevented: false } }))
}
