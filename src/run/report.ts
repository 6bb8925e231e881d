/** Turns finished columns into a Report: plain data, seconds, null for what is unknown. */
import type { CauseLine, ColumnReport, Report, Totals, ViewReport } from '../contract/spec.ts'
import { Digest, hashText, invariant } from '../kernel/index.ts'
import { DEAD_LETTERED, IS_LATE, SIDE, UNSEEN } from '../measure/chunks.ts'
import { bornSoFar, calmLatency, pendingBornAfter, visibleLatency, type Measured } from '../measure/measured.ts'
import { summaryOf, withUnseen } from '../measure/summary.ts'
import { verdictsOf } from '../measure/verdict.ts'
import type { ViewTally } from '../measure/view.ts'
import type { CheckedColumn, CheckedSpec } from './check.ts'
import type { Column } from './column.ts'
import { factReport } from './fact-log.ts'
import { measuredOf, recoveries } from './measured.ts'
import { seriesOf } from './report-series.ts'

/** Words of facts by which a system says that it has noticed. */
const noticed = /[-.](?:detected|fenced|lost|retried|bisected|timed-out|timeout)$/

/** What a Report needs of a column that has ended; the column itself, with all its records, may go. */
export interface EndedColumn {
  readonly report: ColumnReport
  readonly offeredDigest: string
  readonly endedAt: number
  /** It ran to its own end, so that all its records were born. */
  readonly isWhole: boolean
}

/** Takes from a column what its Report needs. */
export function endedColumn(checked: CheckedSpec, from: CheckedColumn, column: Column): EndedColumn {
  const { state } = column
  return {
    report: columnReport(checked, from, column), offeredDigest: state.births.digestText(), endedAt: column.now,
    isWhole: state.isFinished && state.stopped === null,
  }
}

/** The whole run; its columns in the order of the spec. */
export function reportOf(checked: CheckedSpec, columns: readonly Column[]): Report {
  return reportOfEnded(checked, columns.map((column, i) => endedColumn(checked, checked.columns[i] as CheckedColumn, column)))
}

/** The same, from columns that are gone. */
export function reportOfEnded(checked: CheckedSpec, ended: readonly EndedColumn[]): Report {
  const offered = ended[0]?.offeredDigest ?? ''
  for (const { isWhole, offeredDigest } of ended) {
    invariant(!isWhole || ended[0]?.isWhole !== true || offeredDigest === offered, 'run.offered-digest', `${offered} ${offeredDigest}`)
  }
  const runs = ended.map(({ report }) => report)
  const digest = new Digest()
  for (const run of runs) digest.mix(hashText(run.digest))
  digest.mix(hashText(offered))
  return {
    version: 1, spec: checked.spec, digest: digest.text(), offeredDigest: offered, detail: checked.detail,
    engine: {
      events: runs.reduce((sum, { events }) => sum + events, 0),
      simulatedSeconds: Math.max(0, ...ended.map(({ endedAt }) => endedAt / 1e9)),
    },
    runs,
  }
}

/** One column, finished or as far as it came. */
export function columnReport(checked: CheckedSpec, from: CheckedColumn, column: Column): ColumnReport {
  const { state } = column
  const { ledger, listener } = state
  const measured = measuredOf(column, true)
  const { series } = listener
  const views = ledger.views.map((_tally, view) => viewReport(measured, view))
  const primary = views[ledger.primary] as ViewReport
  const { lagRecords } = series
  return {
    architecture: from.recipe.id, label: from.label, digest: state.sim.digest.text(), checkpoints: [...state.checkpoints],
    totals: primary.totals, views,
    latency: {
      processed: summaryOf(ledger.processedLatency),
      visible: primary.latency,
      visibleOutsideFaults: summaryOf(outsideFaults(measured)),
    },
    throughput: throughputOf(measured),
    lag: {
      maxRecords: Math.max(0, ...tail(lagRecords)), maxSeconds: Math.max(0, ...tail(series.lagNanos)) / 1e9,
      endRecords: lagRecords[lagRecords.length - 1] ?? 0,
    },
    outages: listener.outages.spans().map(({ from: start, to }) => ({ from: start / 1e9, to: to === null ? null : to / 1e9 })),
    recovery: recoveries(column).map(({ fault, at, after }, i, all) => ({
      fault, detectedAfter: detectedAfter(column, at, all[i + 1]?.at ?? Infinity), recoveredAfter: after === null ? null : after / 1e9,
    })),
    causes: primary.causes,
    constraints: verdictsOf(checked.scenario.simulation.constraints, measured),
    facts: state.log.facts.map(factReport),
    series: seriesOf(series),
    notes: [...from.notes, ...missed(column), ...(state.stopped === null ? [] : [`stopped: ${state.stopped}`])],
    events: state.sim.events,
  }
}

/** Spread arguments have a limit; the largest of many rows is found in pieces. */
function tail(rows: readonly number[]): number[] {
  const most: number[] = []
  for (let i = 0; i < rows.length; i += 1000) {
    let largest = 0
    for (let k = i; k < Math.min(rows.length, i + 1000); k++) largest = Math.max(largest, rows[k] as number)
    most.push(largest)
  }
  return most
}

function viewReport(measured: Measured, view: number): ViewReport {
  const { ledger } = measured
  const tally = ledger.views[view] as ViewTally
  const { sink, reader, primary, side } = tally.declaration
  const totals = side ? sideTotals(tally) : mainTotals(measured, view, tally)
  const unseen = side ? 0 : primary ? 0 : totals.lost + totals.refused + totals.pending
  const latency = primary ? visibleLatency(measured) : withUnseen(tally.latency, unseen)
  const causes: CauseLine[] = [...tally.bookings.lines(), ...tally.retractedLines()]
  return { sink, reader, primary, totals, latency: summaryOf(latency), causes, unexplained: tally.unexplained }
}

function mainTotals(measured: Measured, view: number, tally: ViewTally): Totals {
  const { ledger, births } = measured
  const offered = bornSoFar(births)
  const { ok, failed, unknown } = ledger.answers
  const aside = sideStates(measured, view)
  const { delivered, retracted, refused, lost } = tally
  const pending = offered - delivered - retracted - refused - lost - aside.deadLettered - aside.late - aside.filtered
  invariant(pending >= 0 && pending === ledger.unsettled(view), 'run.end-states', `${tally.declaration.reader}: ${pending} pending, ${ledger.unsettled(view)} unsettled`)
  return {
    offered, answered: { ok, failed, unknown, none: offered - ok - failed - unknown },
    delivered, retracted, ...aside, refused, lost, pending,
    deliveredOnce: Math.max(0, delivered - tally.duplicated), duplicated: tally.duplicated, duplicates: tally.duplicates,
    rewrites: tally.rewrites, repeatsRefused: tally.repeatsRefused, outOfOrder: tally.outOfOrder,
    lostAcknowledged: tally.lostAcknowledged,
  }
}

/** Records that were put aside and are not readable in this view, by what was done with them. */
function sideStates({ ledger, births }: Measured, view: number): { deadLettered: number; late: number; filtered: number } {
  const states = { deadLettered: 0, late: 0, filtered: 0 }
  if (ledger.deadLetteredCount + ledger.lateCount + ledger.filteredCount === 0) return states
  for (let lane = 0; lane < births.lanes; lane++) {
    for (let i = 0; i < births.born(lane); i++) {
      const answer = ledger.answerOf(lane, i)
      if ((answer & SIDE) === 0 || ledger.stateOf(view, lane, i) !== UNSEEN) continue
      if ((answer & DEAD_LETTERED) !== 0) states.deadLettered++
      else if ((answer & IS_LATE) !== 0) states.late++
      else states.filtered++
    }
  }
  return states
}

/** A side view has as offered what was sent to it. */
function sideTotals(tally: ViewTally): Totals {
  const { offered, delivered, retracted, duplicated, duplicates, rewrites, repeatsRefused, outOfOrder } = tally
  return {
    offered, answered: { ok: 0, failed: 0, unknown: 0, none: offered }, delivered, retracted,
    deadLettered: 0, late: 0, filtered: 0, refused: 0, lost: 0, pending: 0,
    deliveredOnce: Math.max(0, delivered - duplicated), duplicated, duplicates, rewrites, repeatsRefused, outOfOrder,
    lostAcknowledged: 0,
  }
}

function outsideFaults(measured: Measured) {
  const outside = calmLatency(measured)
  // What is still open at the end is not in the rows yet; it counts unless a fault is to blame for it.
  return measured.bands.length === 0 ? withUnseen(outside, pendingBornAfter(measured, measured.warmup)) : outside
}

/** Records a second over the time that counts. */
function throughputOf({ series, warmup, duration }: Measured): { offered: number; visible: number } {
  const step = series.stepNanos
  const from = Math.ceil(warmup / step) - 1
  const to = Math.min(series.length, Math.floor(duration / step)) - 1
  if (to <= from) return { offered: 0, visible: 0 }
  const seconds = ((to - from) * step) / 1e9
  const rate = (counts: readonly number[]): number => ((counts[to] as number) - (from < 0 ? 0 : (counts[from] as number))) / seconds
  return { offered: rate(series.offered), visible: rate(series.visible) }
}

/** The first notice after the fault and before the next one. */
function detectedAfter({ state }: Column, at: number, next: number): number | null {
  const fact = state.log.facts.find((candidate) => candidate.at >= at && candidate.at <= next && noticed.test(candidate.code.code))
  return fact === undefined ? null : (fact.at - at) / 1e9
}

/** Faults that found nothing to strike, or whose fact never came. */
function missed({ plan, state }: Column): string[] {
  const notes = state.inflicted.filter(({ struck }) => struck === '').map(({ text, at }) => `"${text}" hit nothing at ${at / 1e9}s`)
  for (const { fault, isSpent, seen } of state.log.triggers) {
    if (!isSpent) notes.push(`"${fault.kind} … on ${fault.on?.code ?? ''}" waited in vain: ${seen} such facts of ${fault.on?.nth ?? 1}`)
  }
  if (state.log.overflow > 0) notes.push(`${state.log.overflow} more facts of ${plan.label} were not kept`)
  return notes
}
