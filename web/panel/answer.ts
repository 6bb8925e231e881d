/** What the Report of a column says about one number, and what can be set against it; nothing is computed beyond picking. Pure. */
import type { CauseAdvice, Report } from '../../src/host/api.ts'
import type { FigureId } from '../texts/figures.ts'

type Run = Report['runs'][number]

/** A cause with what is booked to it, or a wait, to which nothing is booked. */
export interface Reason {
  readonly code: string
  /** What happened, in a sentence. */
  readonly words: string
  /** null for a wait. */
  readonly records: number | null
  readonly source: string
  /** When the first was booked, seconds. */
  readonly since: number | null
  readonly examples: readonly string[]
  readonly settings: CauseAdvice['settings']
  readonly nothing: string | null
}

export interface Answer {
  readonly number: { readonly value: number | null; readonly atLeast: boolean; readonly word: string; readonly unit: string; readonly view: string }
  readonly reasons: readonly Reason[]
  /** null where causes do not apply to this number. */
  readonly unexplained: number | null
  /** Records that show the number, where no cause names its own. */
  readonly examples: readonly string[]
  readonly moment: number | null
  readonly evidence: string
}

/** Which causes belong to a number; latency and throughput are explained by what is late or refused. */
const kindsOf: Readonly<Record<string, readonly string[]>> = {
  duplicated: ['duplicate', 'rewrite'],
  lost: ['lost', 'retracted'],
  latency: ['late'],
  throughput: ['refused', 'late', 'lost'],
  refused: ['refused'],
  reordered: ['reorder'],
  aside: ['deadLettered'],
}

/** Numbers that waiting makes, not a cause of the ledger. */
const waitsFor: ReadonlySet<string> = new Set(['latency', 'throughput', 'lag', 'waiting'])

/** The entry that says what a number of this kind is. */
export const figureOf: Readonly<Record<string, FigureId>> = {
  latency: 'verdict-latency', throughput: 'verdict-throughput', lag: 'lag-records', waiting: 'waiting', duplicated: 'duplicated', lost: 'lost',
  refused: 'refused', reordered: 'out-of-order', aside: 'dead-lettered', visible: 'visible', declared: 'declared',
}

/** The kind of number that a figure shows, where there is something to ask about it. */
export const kindOf: Partial<Readonly<Record<FigureId, string>>> = {
  'visible-latency': 'latency', 'verdict-latency': 'latency', throughput: 'throughput', 'verdict-throughput': 'throughput', lag: 'lag', 'lag-records': 'lag',
  drain: 'lag', duplicates: 'duplicated', duplicated: 'duplicated', 'verdict-duplicated': 'duplicated', lost: 'lost', 'verdict-lost': 'lost',
  'lost-acknowledged': 'lost', unsettled: 'waiting', waiting: 'waiting', visible: 'visible', refused: 'refused', outage: 'latency', 'out-of-order': 'reordered', 'dead-lettered': 'aside',
}

/** Picks number, reasons, examples, moment and evidence for a kind of number. */
export function answer(run: Run, kind: string, advice: readonly CauseAdvice[]): Answer {
  const primary = run.views.find((view) => view.primary) ?? run.views[0]
  const view = primary === undefined ? '' : `${primary.sink}/${primary.reader}`
  const wanted = kindsOf[kind] ?? []
  const booked = run.causes.filter((cause) => wanted.includes(cause.kind)).sort((a, b) => b.records - a.records)
    .map((cause) => bookedReason(cause, advice))
  const about = run.constraints.find((constraint) => matches(constraint.id, constraint.unit, kind))
  const countable = wanted.length > 0 && !waitsFor.has(kind)
  const reasons = [...booked, ...(waitsFor.has(kind) ? waitReasons(run, advice, kind === 'latency' ? (about?.limit ?? null) : null) : [])]
  return {
    number: numberOf(run, kind, view),
    reasons,
    unexplained: countable ? (primary?.unexplained ?? null) : null,
    examples: booked.some((reason) => reason.examples.length > 0) ? [] : (about?.evidence.examples.slice(0, 5) ?? []),
    moment: about?.evidence.firstViolation ?? null,
    evidence: kind === 'declared' ? declaredText(run) : (about?.evidence.text ?? ''),
  }
}

function bookedReason({ code, records, source, since, examples }: Run['causes'][number], advice: readonly CauseAdvice[]): Reason {
  const known = advice.find((one) => one.code === code)
  return {
    code, words: known?.text ?? words(code), records, source: publicSource(source), since, examples,
    settings: known?.settings ?? [], nothing: known?.nothing ?? null,
  }
}

/** First what alone would break the limit: the way as it is, else the outage, else a backlog that grows. */
function waitReasons(run: Run, advice: readonly CauseAdvice[], limit: number | null): Reason[] {
  const outage = run.outages.at(-1)
  const isBehind = outage === undefined && (run.lag.maxSeconds ?? 0) > 1
  const isSlowAnyway = limit !== null && (run.latency.visibleOutsideFaults.p99 ?? 0) >= limit
  const others = [...(outage === undefined ? [] : ['late.outage']), ...(isBehind ? ['late.behind'] : [])]
  const codes = isSlowAnyway ? ['late.calm', ...others] : [...others, 'late.calm']
  return codes.flatMap((code) => {
    const found = advice.find((one) => one.code === code)
    if (found === undefined) return []
    const since = code === 'late.outage' ? (outage?.from ?? null) : null
    return [{ code, words: found.text, records: null, source: found.source, since, examples: [], settings: found.settings, nothing: found.nothing }]
  })
}

/** What the architecture says of itself where nothing can be measured. */
function declaredText(run: Run): string {
  const declared = run.constraints.filter((constraint) => constraint.unit === '' && constraint.observed === null)
  return declared.map(({ id, value, evidence }) => `${id} ${value}: ${evidence.text}`).join('; ')
}

function numberOf(run: Run, kind: string, view: string): Answer['number'] {
  const records = (value: number, word: string): Answer['number'] => ({ value, atLeast: false, word, unit: 'records', view })
  if (kind === 'duplicated') return records(run.totals.duplicated, `duplicated, ${run.totals.duplicates} duplicates`)
  if (kind === 'lost') return records(run.totals.lost, run.totals.lostAcknowledged > 0 ? `lost, ${run.totals.lostAcknowledged} of them acknowledged` : 'lost')
  if (kind === 'declared') return { value: null, atLeast: false, word: 'declared, not measured', unit: '', view: '' }
  if (kind === 'reordered') return records(run.totals.outOfOrder, 'out of order')
  if (kind === 'aside') return records(run.totals.deadLettered, 'put aside')
  if (kind === 'refused') return records(run.totals.refused, 'refused')
  if (kind === 'lag') return records(run.lag.endRecords, `not read yet; the oldest waited ${(run.lag.maxSeconds ?? 0).toFixed(1)} s at most`)
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
