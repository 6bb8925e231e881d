/**
 * Every run of the tests goes through `checkedRun`: it runs twice, the second time in random steps, and compares
 * the digests; counts every record again at each simulated second; and asks for what is unexplained or in limbo.
 */
import { expect } from 'vitest'
import type { Recipe } from '../../src/contract/architecture.ts'
import type { RunSpec, Report } from '../../src/contract/spec.ts'
import { Stream, streamSeed } from '../../src/kernel/index.ts'
import { EXCEPTIONAL, LOST, ONCE, REFUSED, SIDE, UNSEEN } from '../../src/measure/chunks.ts'
import type { ViewTally } from '../../src/measure/view.ts'
import { checkSpec, type CheckedSpec } from '../../src/run/check.ts'
import { Column } from '../../src/run/column.ts'
import { columnPlan } from '../../src/run/run.ts'
import { reportOf } from '../../src/run/report.ts'

const LANE_STEP = 4294967296

export interface CheckedRun {
  readonly checked: CheckedSpec
  readonly columns: readonly Column[]
  readonly report: Report
}

/** A spec of one column and few words; anything can be overridden. */
export function specFor(id: string, scenario: string, more: Partial<RunSpec> = {}): RunSpec {
  return { version: 1, model: '1', scenario, seed: '1', architectures: [{ id }], faults: [], changes: [], ...more }
}

/** The spec checked, or a failed test that lists the issues. */
export function checkedSpec(spec: RunSpec, recipes: readonly Recipe[], scenarios: Readonly<Record<string, string>> = {}): CheckedSpec {
  const checked = checkSpec(spec, recipes, scenarios)
  expect(checked.ok ? [] : checked.issues).toEqual([])
  if (!checked.ok) throw new Error('issues')
  return checked.value
}

/** Runs every column twice and holds each to all that every run must satisfy. */
export function checkedRun(
  spec: RunSpec, recipes: readonly Recipe[], scenarios: Readonly<Record<string, string>> = {}, auditEvery = 0,
): CheckedRun {
  const checked = checkedSpec(spec, recipes, scenarios)
  const columns = checked.columns.map((from) => {
    const plan = columnPlan(checked, from, { strict: true })
    const column = new Column(plan)
    for (let second = 1; ; second++) {
      const end = auditEvery > 0 ? auditedAdvance(column, second * 1e9, auditEvery) : column.advance(second * 1e9, 50_000_000)
      expect(end).not.toBe('budget')
      recount(column)
      if (end === 'finished') break
    }
    const again = new Column(plan)
    inRandomSteps(again, spec.seed)
    expect(again.state.sim.digest.text()).toBe(column.state.sim.digest.text())
    expect(again.state.checkpoints).toEqual(column.state.checkpoints)
    expect({ limbo: column.state.limbo, examples: column.state.limboExamples }).toEqual({ limbo: 0, examples: [] })
    for (const tally of column.state.ledger.views) expect({ reader: tally.declaration.reader, unexplained: tally.unexplained }).toEqual({ reader: tally.declaration.reader, unexplained: 0 })
    return column
  })
  const report = reportOf(checked, columns)
  for (const run of report.runs) for (const view of run.views) conserved(view)
  return { checked, columns, report }
}

/** Steps of 1 to 1000 events or of 1 us to 1 s, drawn by a seed. */
export function inRandomSteps(column: Column, seed: string): void {
  const stream = new Stream(streamSeed(seed, 'random-steps'))
  for (;;) {
    const until = column.now + Math.ceil(1e3 * (1 + stream.uniform() * (stream.uniform() < 0.2 ? 1e6 : 1e4)))
    const budget = stream.uniform() < 0.3 ? 1 + stream.below(1000) : 1_000_000
    if (column.advance(until, budget) === 'finished') return
  }
}

/** One audit of the whole plant after so many events. */
function auditedAdvance(column: Column, until: number, every: number): ReturnType<Column['advance']> {
  for (;;) {
    const end = column.advance(until, every)
    column.state.plant.audit(column.state.sim)
    if (end !== 'budget') return end
  }
}

/** Counts every record of every main view by its state, and compares with the running totals. */
export function recount(column: Column): void {
  const { ledger, births } = column.state
  for (const [view, tally] of ledger.views.entries()) {
    if (tally.declaration.side) continue
    const counts = countStates(column, view, tally)
    const { delivered, retracted, lost, refused } = tally
    expect({ ...counts }).toEqual({ delivered, retracted, lost, refused, aside: counts.aside, unsettled: ledger.unsettled(view) })
    let born = 0
    for (let lane = 0; lane < births.lanes; lane++) born += births.born(lane)
    expect(counts.delivered + counts.retracted + counts.lost + counts.refused + counts.aside + counts.unsettled).toBe(born)
  }
}

function countStates({ state: { ledger, births } }: Column, view: number, tally: ViewTally) {
  const counts = { delivered: 0, retracted: 0, lost: 0, refused: 0, aside: 0, unsettled: 0 }
  for (let lane = 0; lane < births.lanes; lane++) {
    for (let i = 0; i < births.born(lane); i++) {
      const state = ledger.stateOf(view, lane, i)
      if (state === ONCE) counts.delivered++
      else if (state === EXCEPTIONAL) counts[(tally.exceptional.get(lane * LANE_STEP + i)?.readable ?? 0) > 0 ? 'delivered' : 'retracted']++
      else if (state === LOST) counts.lost++
      else if (state === REFUSED) counts.refused++
      else if (state === UNSEEN && (ledger.answerOf(lane, i) & SIDE) !== 0) counts.aside++
      else counts.unsettled++
    }
  }
  return counts
}

/** End states sum to what was offered, and causes to what they explain. */
function conserved({ totals, causes }: Report['runs'][number]['views'][number]): void {
  const booked = (kind: string): number => causes.filter((cause) => cause.kind === kind).reduce((sum, { records }) => sum + records, 0)
  const { delivered, retracted, deadLettered, late, filtered, refused, lost, pending, offered } = totals
  expect(delivered + retracted + deadLettered + late + filtered + refused + lost + pending).toBe(offered)
  expect({ duplicate: booked('duplicate'), lost: booked('lost'), retracted: booked('retracted'), rewrite: booked('rewrite'), refused: booked('refused') })
    .toEqual({ duplicate: totals.duplicates, lost, retracted, rewrite: totals.rewrites, refused })
}
