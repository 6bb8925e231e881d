/** A Report for people: verdicts with their reason, one small table with a line of figures per column, causes in words. */
import type { CauseLine, ColumnReport, ConstraintReport, LatencySummary, Report } from '../contract/spec.ts'
import { findCause } from '../contract/cause.ts'
import { countText, durationText as seconds } from '../measure/measured.ts'
import { differences } from './differences.ts'

const widthMin = 22
const nameMin = 26
const nameMost = 44

/** Lines without colour, so that they mean the same in a file. */
export function textReport(report: Report, title: string): string {
  const { runs } = report
  const offered = runs[0]?.totals.offered ?? 0
  const lines = [
    title,
    `seed ${report.spec.seed}, ${countText(offered)} records offered in each column, ${report.engine.simulatedSeconds.toFixed(0)} s simulated`,
  ]
  for (const fault of report.spec.faults) lines.push(`fault: ${fault}`)
  for (const { at, label, key, value } of report.spec.changes) lines.push(`change: ${label}.${key}=${value} at ${at}`)
  lines.push('', ...table(runs, verdictRows(runs), ''), '')
  lines.push(...table(runs, figureRows(runs), 'after the warm-up: latency of visible records; all records: the counts'), '')
  for (const run of runs) lines.push(...story(run))
  const differ = runs.length > 1 ? differences(report) : []
  if (differ.length > 0) lines.push('What differs', ...differ.map((line) => `  ${line}`), '')
  lines.push(`digest ${report.digest}, arrivals ${report.offeredDigest}`)
  return `${lines.join('\n')}\n`
}

type Row = { readonly name: string; readonly cells: readonly string[] }

function table(runs: readonly ColumnReport[], rows: readonly Row[], note: string): string[] {
  const widths = runs.map(({ label }, i) => Math.max(widthMin, label.length, ...rows.map(({ cells }) => (cells[i] ?? '').length)) + 2)
  const nameWidth = Math.max(nameMin, ...rows.map(({ name }) => name.length + 2))
  const line = (name: string, cells: readonly string[]): string =>
    (name.padEnd(nameWidth) + cells.map((cell, i) => cell.padEnd(widths[i] as number)).join('')).trimEnd()
  const head = line('', runs.map(({ label }) => label))
  return [head, ...rows.map(({ name, cells }) => line(name, cells)), ...(note === '' ? [] : [`(${note})`])]
}

function verdictRows(runs: readonly ColumnReport[]): Row[] {
  const first = runs[0]?.constraints ?? []
  return first.map(({ id, value }, i) => ({
    name: cut(`${id}: ${value}`, nameMost),
    cells: runs.map((run) => verdictText(run.constraints[i] as ConstraintReport)),
  }))
}

function verdictText({ met, observed, unit, evidence }: ConstraintReport): string {
  const word = met === true ? 'met' : met === false ? 'NOT MET' : 'unknown'
  if (observed === null) return `${word}  ${evidence.text}`
  const figure = unit === 's' ? `${evidence.atLeast ? '>= ' : ''}${seconds(observed)}` : `${countText(Math.round(observed))} ${unit}`
  return `${word}  ${figure}`
}

function figureRows(runs: readonly ColumnReport[]): Row[] {
  const row = (name: string, cell: (run: ColumnReport) => string): Row => ({ name, cells: runs.map(cell) })
  const rows = [
    row('visible p50 / p99 / max', ({ latency }) => latencyText(latency.visible)),
    row('processed p50 / p99 / max', ({ latency }) => latencyText(latency.processed)),
    row('outside faults p99', ({ latency }) => quantileText(latency.visibleOutsideFaults, 'p99')),
    row('visible per second', ({ throughput }) => countText(Math.round(throughput.visible))),
    row('largest lag', ({ lag }) => `${countText(lag.maxRecords)} records, ${lag.maxSeconds === null ? '?' : seconds(lag.maxSeconds)}`),
  ]
  const counts: readonly [string, (run: ColumnReport) => number][] = [
    ['delivered', ({ totals }) => totals.delivered], ['more than once', ({ totals }) => totals.duplicated],
    ['repeats', ({ totals }) => totals.duplicates], ['rewritten', ({ totals }) => totals.rewrites],
    ['repeats refused', ({ totals }) => totals.repeatsRefused], ['out of order', ({ totals }) => totals.outOfOrder],
    ['lost', ({ totals }) => totals.lost], ['  of them acknowledged', ({ totals }) => totals.lostAcknowledged],
    ['retracted', ({ totals }) => totals.retracted], ['refused', ({ totals }) => totals.refused],
    ['put aside', ({ totals }) => totals.deadLettered], ['pending', ({ totals }) => totals.pending],
  ]
  for (const [name, count] of counts) {
    // Zeros that are zero everywhere are left out, but for the two that everybody looks for.
    if (runs.every((run) => count(run) === 0) && !['more than once', 'lost'].includes(name)) continue
    rows.push(row(name, (run) => countText(count(run))))
  }
  return rows
}

/** What happened in one column: why verdicts failed, what recovered when, what caused what. */
function story(run: ColumnReport): string[] {
  const lines: string[] = []
  for (const { id, met, evidence } of run.constraints) {
    // What nothing measured has been said in the table.
    if (met === true || evidence.n === 0) continue
    const since = evidence.firstViolation === null ? '' : `, first at ${seconds(evidence.firstViolation)}`
    const long = evidence.longestViolation === null ? '' : `, for ${seconds(evidence.longestViolation)} at a stretch`
    const why = evidence.cause === null ? '' : `; because of: ${evidence.cause}`
    const names = evidence.examples.length === 0 ? '' : `; for example ${evidence.examples.slice(0, 3).join(', ')}`
    lines.push(`  ${id} ${met === null ? 'unknown' : 'not met'}: ${evidence.text}${since}${long}${why}${names}`)
  }
  for (const { fault, detectedAfter, recoveredAfter } of run.recovery) {
    const noticed = detectedAfter === null ? '' : `noticed after ${seconds(detectedAfter)}, `
    lines.push(`  ${fault}: ${noticed}${recoveredAfter === null ? 'not recovered' : `back to normal after ${seconds(recoveredAfter)}`}`)
  }
  for (const { from, to } of run.outages) lines.push(`  outage: nothing new visible from ${seconds(from)} to ${to === null ? 'the end' : seconds(to)}`)
  for (const view of run.views) {
    for (const cause of view.causes) lines.push(`  ${view.sink}/${view.reader}: ${causeText(cause)}`)
    if (view.unexplained > 0) lines.push(`  ${view.sink}/${view.reader}: ${view.unexplained} unexplained, which is a bug of ours`)
  }
  for (const note of run.notes) lines.push(`  note: ${note}`)
  return lines.length === 0 ? [] : [run.label, ...lines, '']
}

const kindWords: Readonly<Record<CauseLine['kind'], string>> = {
  lost: 'lost', retracted: 'taken back', duplicate: 'repeated', rewrite: 'rewritten', reorder: 'out of order',
  late: 'late', deadLettered: 'put aside', refused: 'refused',
}

function causeText({ code, kind, records }: CauseLine): string {
  return `${countText(records)} ${kindWords[kind]}: ${findCause(code)?.text ?? 'no mechanism stated why'} (${code})`
}

function latencyText(latency: LatencySummary): string {
  return `${quantileText(latency, 'p50')} / ${quantileText(latency, 'p99')} / ${quantileText(latency, 'max')}`
}

function quantileText(latency: LatencySummary, name: 'p50' | 'p99' | 'max'): string {
  const value = latency[name]
  return value === null ? '-' : `${latency.atLeast.includes(name) ? '>= ' : ''}${seconds(value)}`
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`
}
