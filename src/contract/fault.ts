/**
 * Faults and changes: what the user inflicts on a run. One text form, the same in files, in links and on
 * the command line, and an object form for programs:
 *   KIND [TARGET] [-> PEER,… | <-> PEER,…] [xN] [N%] [DURATION] [COUNT] [key N]
 *     at TIME | on FACT [#N] [where NAME OP NUMBER [and …]] [after TIME]   [for DURATION] [only LABEL]
 */
import type { Nanos } from '../kernel/time.ts'
import { finishFault, type FaultDraft } from './fault-draft.ts'
import type { FaultKind } from './fault-kinds.ts'
import { fail, failAll, ok, placed, quoted, type Issue, type Result } from './issue.ts'
import { formatDuration, parseDuration } from './quantity.ts'

export { faultKinds, findFaultKind, type FaultKind, type FaultKindInfo } from './fault-kinds.ts'

/** A comparison with a number of the fact, by the name that the fact's code declares. */
export interface TriggerCondition {
  readonly name: string
  readonly op: '=' | '>' | '<' | '>=' | '<='
  readonly value: number
}

/** The `nth` fact of this code, counted from 1 among those after the moment that meet all conditions. */
export interface Trigger {
  readonly code: string
  readonly nth: number
  readonly after: Nanos
  readonly where?: readonly TriggerCondition[]
}

/** Exactly one of `at` and `on` is there; `target` null means the fact's subject, or everything. */
export interface Fault {
  readonly at?: Nanos
  readonly on?: Trigger
  readonly kind: FaultKind
  readonly target: string | null
  /** Peers of a link fault, struck from the target to each of them; none means all its links, both ways. */
  readonly to?: readonly string[]
  /** The links to the peers are struck in both directions. */
  readonly bothWays?: true
  /** null: the platform ends it, or nobody does. */
  readonly duration: Nanos | null
  /** Multiplier, at most three decimals. */
  readonly factor?: number
  /** Whole number from 0 to 100. */
  readonly percent?: number
  readonly amount?: Nanos
  /** Always there for a kind that counts. */
  readonly count?: number
  /** Index of a key of the workload, 0 is the busiest. */
  readonly key?: number
  /** The one column that is struck, by its label. */
  readonly only?: string
}

/** A knob set to another value at a moment of the run. */
export interface Change {
  readonly at: Nanos
  readonly label: string
  readonly key: string
  readonly value: string
}

/** A longer text is no fault. */
export const faultTextMax = 400

const clauseWords = ['at', 'on', 'after', 'for', 'only', 'key'] as const
type ClauseWord = (typeof clauseWords)[number]

/** Reads the text form; every issue of it is listed. */
export function parseFault(text: string): Result<Fault> {
  if (text.length > faultTextMax) {
    return fail('fault.long', `expected at most ${faultTextMax} characters, found ${text.length} in ${quoted(text)}`)
  }
  const words = text
    .replace(/\s*(<->|->|<=|>=|=|<|>)\s*/g, ' $1 ')
    .replace(/\s*,\s*/g, ',')
    .trim()
    .split(/\s+/)
  const draft: FaultDraft = { kind: words[0] ?? '', to: [], where: [] }
  const issues: Issue[] = []
  let next = 1
  while (next < words.length) next = readWord(words, next, draft, issues)
  const finished = finishFault(draft)
  if (issues.length === 0) return finished
  // An unknown kind explains every odd word behind it, so it stands alone.
  if (!finished.ok && finished.issues[0]?.code === 'fault.kind') return finished
  return failAll(finished.ok ? issues : [...issues, ...finished.issues])
}

/** Reads the word at `index` and what belongs to it; returns the index behind. */
function readWord(words: readonly string[], index: number, draft: FaultDraft, issues: Issue[]): number {
  const word = words[index] ?? ''
  const value = words[index + 1]
  const clause = clauseWords.find((known) => known === word)
  if (clause !== undefined) {
    if (value === undefined) issues.push(odd(word, `expected a value after "${word}"`))
    else if (draft[clause] === undefined) draft[clause] = value
    else issues.push(odd(word, `expected "${word}" once`))
    return index + 2
  }
  if (word === '->' || word === '<->') {
    draft.arrow = word
    draft.to.push(...(value ?? '').split(',').filter((peer) => peer !== ''))
    return index + 2
  }
  if (word === 'where') return readConditions(words, index + 1, draft, issues)
  // Small words that make a sentence of it: "throttle sink to 20%", "delay broker-1 by 200ms".
  if (word === 'to' || word === 'by') return index + 1
  readPiece(word, draft, issues)
  return index + 1
}

function readConditions(words: readonly string[], start: number, draft: FaultDraft, issues: Issue[]): number {
  let index = start
  do {
    const [name, op, value] = words.slice(index, index + 3)
    if (name === undefined || op === undefined || value === undefined) {
      issues.push(odd('where', 'expected a condition such as "position = 50" after "where" and "and"'))
      return words.length
    }
    draft.where.push({ name, op, value })
    index += 3
  } while (words[index++] === 'and')
  return index - 1
}

function readPiece(word: string, draft: FaultDraft, issues: Issue[]): void {
  const piece = pieceOf(word)
  if (piece === undefined || draft[piece] !== undefined) {
    issues.push(odd(word, `${quoted(word)} is not understood here: expected a word such as at, on, for or only`))
  } else {
    draft[piece] = piece === 'nth' || piece === 'factor' ? word.slice(1) : word
  }
}

function pieceOf(word: string): 'nth' | 'factor' | 'percent' | 'count' | 'amount' | 'target' | undefined {
  if (word.startsWith('#')) return 'nth'
  if (/^x[\d.]+$/.test(word)) return 'factor'
  if (/^-?[\d.]+%$/.test(word)) return 'percent'
  if (/^-?\d+$/.test(word)) return 'count'
  if (/^-?\d/.test(word)) return 'amount'
  return 'target'
}

function odd(word: string, message: string): Issue {
  return { code: 'fault.word', path: word, line: null, message }
}

/** The text that `parseFault` reads back as the same fault. */
export function formatFault(fault: Fault): string {
  const words: string[] = [fault.kind]
  if (fault.target !== null) words.push(fault.target)
  if (fault.to !== undefined) words.push(fault.bothWays === true ? '<->' : '->', fault.to.join(','))
  if (fault.factor !== undefined) words.push(`x${fault.factor}`)
  if (fault.percent !== undefined) words.push(`${fault.percent}%`)
  if (fault.amount !== undefined) words.push(formatDuration(fault.amount))
  if (fault.count !== undefined && fault.count !== 1) words.push(String(fault.count))
  if (fault.key !== undefined) words.push('key', String(fault.key))
  if (fault.at !== undefined) words.push('at', formatDuration(fault.at))
  if (fault.on !== undefined) words.push(...formatTrigger(fault.on))
  if (fault.duration !== null) words.push('for', formatDuration(fault.duration))
  if (fault.only !== undefined) words.push('only', fault.only)
  return words.join(' ')
}

function formatTrigger(trigger: Trigger): string[] {
  const words = ['on', trigger.code]
  if (trigger.nth !== 1) words.push(`#${trigger.nth}`)
  const conditions = (trigger.where ?? []).map(({ name, op, value }) => `${name} ${op} ${value}`)
  if (conditions.length > 0) words.push('where', conditions.join(' and '))
  if (trigger.after !== 0) words.push('after', formatDuration(trigger.after))
  return words
}

const textFields: readonly (ClauseWord | 'kind' | 'target' | 'amount')[] = ['kind', 'target', 'at', 'on', 'after', 'for', 'amount', 'only']
const numberFields = ['nth', 'factor', 'percent', 'count', 'key'] as const

/**
 * Checks a fault that came as data: its text form, or an object with the fields kind, target, to,
 * bothWays, at | on + nth + where + after, for, factor, percent, amount, count, key, only, where
 * times are texts with a unit. `path` is put in front of the issues' paths.
 */
export function checkFault(json: unknown, path: string): Result<Fault> {
  if (typeof json === 'string') return placed(parseFault(json), path)
  if (!isRecord(json)) return fail('fault.form', 'expected a fault as text or as an object', path)
  const draft: FaultDraft = { kind: '', to: [], where: [] }
  const issues: Issue[] = []
  const wrong = (field: string, expected: string) => {
    issues.push({ code: 'fault.form', path: field, line: null, message: `expected ${expected} for "${field}"` })
  }
  for (const [field, value] of Object.entries(json)) {
    const text = textFields.find((known) => known === field)
    const number = numberFields.find((known) => known === field)
    if (text !== undefined) {
      if (typeof value === 'string') draft[text] = value
      else wrong(field, 'a text')
    } else if (number !== undefined) {
      if (typeof value === 'number') draft[number] = number === 'percent' ? `${value}%` : String(value)
      else wrong(field, 'a number')
    } else if (field === 'to') {
      if (isTexts(value)) draft.to.push(...value)
      else wrong(field, 'a list of texts')
    } else if (field === 'bothWays') {
      if (typeof value === 'boolean') draft.arrow = value ? '<->' : '->'
      else wrong(field, 'true or false')
    } else if (field === 'where') {
      if (Array.isArray(value) && value.every(isCondition)) draft.where.push(...value.map((c) => ({ ...c, value: String(c.value) })))
      else wrong(field, 'a list of { name, op, value }')
    } else {
      issues.push({ code: 'fault.field', path: field, line: null, message: `${quoted(field)} is no field of a fault` })
    }
  }
  const finished = finishFault(draft)
  if (issues.length === 0) return placed(finished, path)
  return placed(failAll(finished.ok ? issues : [...issues, ...finished.issues]), path)
}

/** Checks a change that came as data: { at, label, key, value }, all texts. */
export function checkChange(json: unknown, path: string): Result<Change> {
  if (!isRecord(json)) return fail('change.form', 'expected a change as { at, label, key, value }', path)
  const issues: Issue[] = []
  const text = (field: string): string => {
    const value = json[field]
    if (typeof value === 'string' && value !== '' && value.length <= faultTextMax) return value
    issues.push({ code: 'change.form', path: `${path}.${field}`, line: null, message: `expected a text for "${field}"` })
    return ''
  }
  for (const field of Object.keys(json)) {
    if (['at', 'label', 'key', 'value'].includes(field)) continue
    issues.push({ code: 'change.field', path: `${path}.${field}`, line: null, message: `${quoted(field)} is no field of a change` })
  }
  const label = text('label')
  const key = text('key')
  const value = text('value')
  const at = placed(parseDuration(text('at')), `${path}.at`)
  if (!at.ok) return failAll([...issues, ...at.issues])
  return issues.length > 0 ? failAll(issues) : ok({ at: at.value, label, key, value })
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}

function isCondition(value: unknown): value is { name: string; op: string; value: number } {
  return isRecord(value) && typeof value['name'] === 'string' && typeof value['op'] === 'string' && typeof value['value'] === 'number'
}
