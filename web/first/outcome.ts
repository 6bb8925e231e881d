/** What became of one column in a story: figures of its Report, and the cause in plain words. Pure. */
import type { FactLine, Report } from '../../src/host/api.ts'
import { faultName, faultTimes } from '../faults.ts'
import { count, seconds } from '../format.ts'
import { words } from '../panel/answer.ts'
import { causeWords, factWords, texts } from '../texts.ts'

type Run = Report['runs'][number]

/** The part of a run that is told: from its first fault, or from the start, up to now. */
export interface Told {
  readonly from: number
  readonly to: number
  /** Texts of the faults of this part. */
  readonly faults: readonly string[]
  /** The run is over: what has not happened will not. */
  readonly isEnd: boolean
}

/** What the frames of a column say: counts before the story began, and the verdicts at its end. */
export interface Seen {
  readonly lost: number
  readonly duplicates: number
  readonly missed: readonly Missed[]
  /** Constraints of which nobody knows yet. */
  readonly undecided: readonly string[]
}

/** A constraint that is broken: its words, what was measured, and in which unit. */
export interface Missed {
  readonly text: string
  readonly observed: number
  readonly unit: string
}

/** A column is itself again when it has stayed so for this long, simulated seconds. */
const holdSeconds = 5

export interface Outcome {
  readonly letter: string
  readonly lost: number
  readonly repeated: number
  /** Longest time in which nothing new could be seen, seconds. */
  readonly silent: number
  /** Seconds to the column's old self; null when it is not there (yet), 0 when there was no fault. */
  readonly recovered: number | null
  readonly owed: number
  readonly medianSeconds: number | null
  readonly slowSeconds: number | null
  /** The code of the cause that most of the damage is booked to, '' without damage. */
  readonly cause: string
  readonly because: string
  readonly missed: readonly Missed[]
  readonly undecided: readonly string[]
}

/** Reads one column's outcome from its Report; `facts` are the column's own, in order. */
export function outcomeOf(letter: string, run: Run, facts: readonly FactLine[], told: Told, seen: Seen): Outcome {
  const { totals } = run
  const lost = Math.max(0, totals.lost + totals.retracted - seen.lost)
  const repeated = Math.max(0, totals.duplicates - seen.duplicates)
  const silent = run.outages.reduce((most, { from, to }) => ((to ?? told.to) < told.from ? most : Math.max(most, (to ?? told.to) - from)), 0)
  const cause = mainCause(run, lost > 0 ? ['lost', 'retracted'] : repeated > 0 ? ['duplicate'] : [])
  // What kept a column silent to the very end may have begun before the fault.
  const own = facts.filter((fact) => (fact.at >= told.from || told.isEnd) && fact.at <= told.to)
  return {
    letter, lost, repeated, silent, recovered: recoveredOf(run, told), owed: told.isEnd ? totals.pending : 0, cause,
    medianSeconds: run.latency.visible.p50, slowSeconds: run.latency.visible.p99,
    because: cause !== '' ? causeWords[cause] ?? words(cause) : silent > 0 ? silenceOf(own) : '',
    missed: seen.missed, undecided: seen.undecided,
  }
}

/** The slowest of the story's faults; a fault that the column does not know needs no recovery. */
function recoveredOf(run: Run, told: Told): number | null {
  let slowest = 0
  for (const { fault, recoveredAfter } of run.recovery) {
    if (!told.faults.some((one) => isSame(one, fault))) continue
    const at = faultTimes(fault).at ?? told.from
    if (recoveredAfter === null || (!told.isEnd && told.to < at + recoveredAfter + holdSeconds)) return null
    slowest = Math.max(slowest, recoveredAfter)
  }
  return slowest
}

/** A Report writes a fault in the one usual form, e.g. 10.9s for 10900ms. */
function isSame(one: string, other: string): boolean {
  const [a, b] = [faultTimes(one).at, faultTimes(other).at]
  return faultName(one) === faultName(other) && (a === b || (a !== null && b !== null && Math.abs(a - b) < 1e-6))
}

/** True when every column is its old self again, or nothing more can come. */
export function isOver(outcomes: readonly Outcome[], told: Told): boolean {
  return told.isEnd || (told.faults.length > 0 && outcomes.every((outcome) => outcome.recovered !== null))
}

function mainCause(run: Run, kinds: readonly string[]): string {
  let main = { code: '', records: 0 }
  for (const cause of run.causes) if (kinds.includes(cause.kind) && cause.records > main.records) main = cause
  return main.code
}

/** Facts that explain a silence, the most telling first. */
const telling = [
  'flink.job-failed', 'flink.producer-refused', 'flink.restored', 'flink.failure-detected', 'kafka.partition-offline', 'kafka.broker-fenced',
  'lambda.batch-retried', 'lambda.timeout', 'process.paused', 'process.died',
]

function silenceOf(facts: readonly FactLine[]): string {
  for (const code of telling) {
    const found = facts.findLast((fact) => fact.code === code)
    if (found === undefined) continue
    const words = factWords[code]
    if (words !== undefined) return words
    if (code !== 'flink.restored') return found.text.charAt(0).toLowerCase() + found.text.slice(1)
    return texts.wentBack(facts.filter((fact) => fact.code === 'flink.restart-attempt').length, found.numbers[1] ?? Number.NaN)
  }
  const first = facts.find((fact) => fact.level === 1 && fact.code !== 'fault.inflicted')
  return first === undefined ? '' : first.text.charAt(0).toLowerCase() + first.text.slice(1)
}

/** One column's half of the sentence, without its letter: "lost 0, repeated 0 and showed nothing new for 6.4 s, because ...". */
export function clause(outcome: Outcome, told: Told): string {
  const { lost, repeated, silent, recovered, owed, because } = outcome
  const parts: string[] = [texts.lostCount(count(lost)), texts.repeated(count(repeated))]
  if (silent > 0) parts.push(texts.silent(seconds(silent)))
  if (owed > 0) parts.push(texts.waits(count(owed)))
  if (told.faults.length === 0) {
    const { medianSeconds, slowSeconds } = outcome
    if (medianSeconds !== null && slowSeconds !== null) parts.push(texts.visibleAfter(seconds(medianSeconds), seconds(slowSeconds)))
  } else if (recovered === null) parts.push(texts.notNormal)
  else if (recovered > 0) parts.push(texts.normal(seconds(recovered)))
  return `${parts.slice(0, -1).join(', ')} ${texts.and} ${parts.at(-1) ?? ''}${because === '' ? '' : `, ${texts.reason} ${because}`}`
}

/** The result in one sentence, all columns. */
export function sentence(outcomes: readonly Outcome[], told: Told): string {
  return `${outcomes.map((outcome) => `${outcome.letter} ${clause(outcome, told)}`).join('; ')}.`
}
