/** The constraints of a simulation block: words that must be understood, or numbers stated beside them. */
import type { Constraint, ConstraintMeaning } from '../contract/scenario.ts'
import { quoted } from '../contract/issue.ts'
import { parseRate } from '../contract/quantity.ts'
import { nanos } from '../kernel/time.ts'
import { Fields } from './fields.ts'
import { readId } from './interview.ts'
import { constraintsMax, runMaxNanos, shortTextMax } from './limits.ts'
import { meaningOf, quantileOf, understoodWords } from './meaning.ts'

/** Ids that a run measures; a block without its own list relies on those that the interview reveals. */
const measured = ['latency', 'throughput', 'durability', 'semantics']

/** The constraints that a run is judged by, in the order of their list. */
export function readConstraints(block: Fields, revealed: readonly Constraint[]): readonly Constraint[] {
  if (!block.has('constraints')) {
    for (const constraint of revealed) {
      if (measured.includes(constraint.id)) mustBeUnderstood(constraint, block)
    }
    return revealed
  }
  const constraints: Constraint[] = []
  const seen = new Map<string, number>()
  for (const placed of block.list('constraints', constraintsMax)) {
    const item = Fields.of(placed, block.notes)
    if (item === null) continue
    const id = readId(item, 'id', seen)
    const before = revealed.find((constraint) => constraint.id === id)
    const value = item.optionalText('value', shortTextMax) ?? before?.value ?? ''
    const stated = readNumbers(item)
    item.end()
    if (id === '') continue
    if (value === '') item.missing('value', 'the words of a constraint that no question reveals')
    const constraint = { id, value, meaning: stated ?? meaningOf(id, value), line: item.line }
    if (value !== '') mustBeUnderstood(constraint, block)
    constraints.push(constraint)
  }
  return constraints
}

function mustBeUnderstood({ id, value, meaning, line }: Constraint, block: Fields): void {
  if (meaning.kind !== 'unknown') return
  const words = Object.hasOwn(understoodWords, id) ? understoodWords[id] : 'numbers: below, rate, lost or exactly_once'
  block.notes.add('constraint.unknown', block.pathOf('constraints'), line, `expected for ${id} ${words}, found ${quoted(value)}`)
}

/** The meaning stated in numbers; null when the words have to say it. */
function readNumbers(item: Fields): ConstraintMeaning | null {
  const below = item.duration('below', 1, runMaxNanos)
  const name = item.optionalText('quantile')
  const quantile = name === null ? 0.99 : quantileOf(name)
  if (quantile === undefined) item.note('scenario.choice', 'quantile', `expected p50, p90, p95, p99 or p99.9, found ${quoted(name ?? '')}`)
  const rate = item.quantity('rate', parseRate)
  const lost = item.whole('lost', 0, 1_000_000_000)
  const once = item.flag('exactly_once')
  const meanings: ConstraintMeaning[] = []
  if (below !== null) meanings.push({ kind: 'latency', quantile: quantile ?? 0.99, limitNanos: nanos(below) })
  if (rate !== null) meanings.push({ kind: 'throughput', perSecond: rate })
  if (lost !== null) meanings.push({ kind: 'loss', limit: lost })
  if (once === true) meanings.push({ kind: 'exactly-once' })
  if (name !== null && below === null) item.missing('below', 'the limit of the quantile')
  if (meanings.length > 1) {
    item.note('scenario.conflict', 'id', 'expected one of below, rate, lost and exactly_once, found several')
  }
  return meanings[0] ?? null
}
