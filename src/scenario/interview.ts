/** The interview of a scenario: questions, what they reveal, and the architectures to choose from. */
import type { ArchitectureOption, ClarifyingQuestion, Constraint } from '../contract/scenario.ts'
import { quoted } from '../contract/issue.ts'
import { Fields } from './fields.ts'
import { conditionsMax, optionsMax, questionsMax, shortTextMax } from './limits.ts'
import { meaningOf } from './meaning.ts'

const idText = /^[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*$/
const idMax = 60

export interface Interview {
  readonly questions: readonly ClarifyingQuestion[]
  readonly options: readonly ArchitectureOption[]
  /** What the questions reveal, in their order. */
  readonly constraints: readonly Constraint[]
}

/** Reads both lists; `needed` is false for a file whose simulation block says everything. */
export function readInterview(fields: Fields, needed: boolean): Interview {
  if (needed && !fields.has('clarifying_questions')) fields.missing('clarifying_questions', 'a list of questions')
  if (needed && !fields.has('architecture_options')) fields.missing('architecture_options', 'a list of architectures')
  const constraints: Constraint[] = []
  const questions = readQuestions(fields, constraints)
  return { questions, options: readOptions(fields, constraints), constraints }
}

function readQuestions(fields: Fields, constraints: Constraint[]): ClarifyingQuestion[] {
  const questions: ClarifyingQuestion[] = []
  const seen = new Map<string, number>()
  for (const placed of fields.list('clarifying_questions', questionsMax)) {
    const item = Fields.of(placed, fields.notes)
    if (item === null) continue
    const id = readId(item, 'id', seen)
    const text = item.text('text')
    if (!item.has('category')) item.missing('category', 'crucial, helpful or irrelevant')
    const category = item.choice('category', ['crucial', 'helpful', 'irrelevant'])
    const reveals = readReveals(item, constraints)
    item.end()
    if (category !== null) questions.push({ id, text, category, reveals })
  }
  return questions
}

function readReveals(item: Fields, constraints: Constraint[]): ClarifyingQuestion['reveals'] {
  const reveals = item.map('reveals')
  if (reveals === null) return null
  const constraint = readId(reveals, 'constraint', null)
  const value = reveals.text('value', shortTextMax)
  reveals.end()
  if (constraint === '' || value === '') return null
  const before = constraints.find(({ id }) => id === constraint)
  if (before !== undefined) {
    reveals.note('scenario.duplicate-id', 'constraint', `expected each constraint once, found ${quoted(constraint)} again (first on line ${before.line})`)
  } else {
    constraints.push({ id: constraint, value, meaning: meaningOf(constraint, value), line: reveals.lineOf('value') })
  }
  return { constraint, value }
}

function readOptions(fields: Fields, constraints: readonly Constraint[]): ArchitectureOption[] {
  const options: ArchitectureOption[] = []
  const seen = new Map<string, number>()
  for (const placed of fields.list('architecture_options', optionsMax)) {
    const item = Fields.of(placed, fields.notes)
    if (item === null) continue
    const id = readId(item, 'id', seen)
    const name = item.text('name', shortTextMax)
    const description = item.text('description')
    if (!item.has('valid_when')) item.missing('valid_when', 'a list of constraints, which may be empty')
    const validWhen = readConditions(item, constraints)
    const feedbackIfWrong = item.text('feedback_if_wrong')
    item.end()
    options.push({ id, name, description, validWhen, feedbackIfWrong })
  }
  return options
}

function readConditions(item: Fields, constraints: readonly Constraint[]): ArchitectureOption['validWhen'] {
  const conditions: { constraint: string; value: string }[] = []
  for (const placed of item.list('valid_when', conditionsMax)) {
    const condition = Fields.of(placed, item.notes)
    if (condition === null) continue
    const constraint = readId(condition, 'constraint', null)
    const value = condition.text('value', shortTextMax)
    condition.end()
    if (constraint === '' || value === '') continue
    const revealed = constraints.find(({ id }) => id === constraint)
    if (revealed === undefined) {
      condition.note('scenario.reference', 'constraint', `expected a constraint that a question reveals, found ${quoted(constraint)}`)
    } else if (revealed.value !== value) {
      condition.note('scenario.reference', 'value', `expected ${quoted(revealed.value)}, which a question reveals, found ${quoted(value)}`)
    }
    conditions.push({ constraint, value })
  }
  return conditions
}

/** An id in small letters, digits, - and _; with `seen`, each of them once. '' with a note otherwise. */
export function readId(fields: Fields, key: string, seen: Map<string, number> | null): string {
  const id = fields.text(key, idMax)
  if (id === '') return ''
  if (!idText.test(id)) {
    fields.note('scenario.id', key, `expected an id of small letters, digits, - and _, found ${quoted(id)}`)
    return ''
  }
  const before = seen?.get(id)
  if (before !== undefined) {
    fields.note('scenario.duplicate-id', key, `expected each id once, found ${quoted(id)} again (first on line ${before})`)
  }
  seen?.set(id, fields.lineOf(key))
  return id
}
