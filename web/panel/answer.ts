/** What the Report of a column says about one number; nothing is computed beyond picking the lines. Pure. */
import type { Report } from '../../src/host/api.ts'
import type { FigureId } from '../texts/figures.ts'

type Run = Report['runs'][number]

export interface Answer {
  readonly number: { readonly value: number | null; readonly atLeast: boolean; readonly word: string; readonly unit: string; readonly view: string }
  readonly causes: readonly { readonly words: string; readonly records: number; readonly source: string }[]
  /** null where causes do not apply to this number. */
  readonly unexplained: number | null
  readonly examples: readonly string[]
  readonly moment: number | null
  readonly evidence: string
}

/** Which causes belong to a number; latency and throughput are explained by what is late or refused. */
const kindsOf: Readonly<Record<string, readonly string[]>> = {
  duplicated: ['duplicate', 'rewrite'],
  lost: ['lost', 'retracted'],
  latency: ['late'],
  throughput: ['refused', 'late'],
  visible: [],
  waiting: [],
}

/** The entry that says what a number of this kind is. */
export const figureOf: Readonly<Record<string, FigureId>> = {
  duplicated: 'duplicated', lost: 'lost', latency: 'verdict-latency', throughput: 'verdict-throughput', visible: 'visible',
  waiting: 'waiting', declared: 'declared',
}

/** Picks number, causes, examples, moment and evidence for a kind of number. */
export function answer(run: Run, kind: string): Answer {
  const primary = run.views.find((view) => view.primary) ?? run.views[0]
  const view = primary === undefined ? '' : `${primary.sink}/${primary.reader}`
  const wanted = kindsOf[kind] ?? []
  const causes = run.causes.filter((cause) => wanted.includes(cause.kind))
    .map((cause) => ({ words: words(cause.code), records: cause.records, source: publicSource(cause.source) }))
  const about = run.constraints.find((constraint) => matches(constraint.id, constraint.unit, kind))
  const countable = kind === 'duplicated' || kind === 'lost'
  return {
    number: numberOf(run, kind, view),
    causes,
    unexplained: countable ? (primary?.unexplained ?? null) : null,
    examples: about?.evidence.examples.slice(0, 5) ?? [],
    moment: about?.evidence.firstViolation ?? null,
    evidence: [about?.evidence.text ?? '', about?.evidence.cause ?? ''].filter((text) => text !== '').join('. '),
  }
}

function numberOf(run: Run, kind: string, view: string): Answer['number'] {
  const records = (value: number, word: string): Answer['number'] => ({ value, atLeast: false, word, unit: 'records', view })
  if (kind === 'duplicated') return records(run.totals.duplicated, `duplicated, ${run.totals.duplicates} duplicates`)
  if (kind === 'lost') return records(run.totals.lost, 'lost')
  if (kind === 'waiting') return records(run.totals.pending, 'pending')
  if (kind === 'throughput') return { value: run.throughput.visible, atLeast: false, word: 'visible a second', unit: 'records', view }
  if (kind === 'latency') {
    const { visible } = run.latency
    return { value: visible.p99, atLeast: visible.atLeast.includes('p99'), word: 'p99 until visible', unit: 's', view }
  }
  return records(run.totals.delivered, 'delivered')
}

function matches(id: string, unit: string, kind: string): boolean {
  const about = id.toLowerCase()
  if (kind === 'latency') return unit === 's' || about.includes('latency')
  if (kind === 'throughput') return about.includes('throughput') || unit.includes('/s')
  if (kind === 'duplicated') return about.includes('semantic') || about.includes('once')
  return kind === 'lost' && (about.includes('durab') || about.includes('loss'))
}

/** Sources that a reader can look up: not the name of a file of notes. */
function publicSource(source: string): string {
  return source.split(';').map((part) => part.trim()).filter((part) => !/^[\w-]+\.md\b/.test(part)).join('; ')
}

/** A cause code as words: "lambda.batch-retried" is "batch retried (lambda)". */
export function words(code: string): string {
  const dot = code.indexOf('.')
  if (dot < 0) return code.replace(/-/g, ' ')
  return `${code.slice(dot + 1).replace(/-/g, ' ')} (${code.slice(0, dot)})`
}
