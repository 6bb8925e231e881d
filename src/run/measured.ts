/** A column as verdicts see it. */
import { recoveredAfter } from '../measure/recovery.ts'
import type { Measured } from '../measure/measured.ts'
import type { Column } from './column.ts'

/** The column as far as it has come; `bands` are worked out on demand, for reports. */
export function measuredOf(column: Column, withBands: boolean): Measured {
  const { plan, state } = column
  const { listener } = state
  return {
    ledger: state.ledger, births: state.births, series: listener.series, byBirth: listener.byBirth, slowest: listener.slowest,
    warmup: plan.warmup, duration: plan.duration, now: state.sim.now, intervalNanos: state.plant.intervalNanos(),
    declared: plan.recipe.declared,
    bands: withBands ? recoveries(column).map(({ fault, at, after }) => ({ fault, from: at, to: after === null ? null : at + after })) : [],
  }
}

/** One fault that struck, and how long it took until all was as before; nanoseconds. */
export interface Recovery {
  readonly fault: string
  readonly at: number
  /** null: not recovered. */
  readonly after: number | null
}

/** All faults that struck, in order. */
export function recoveries(column: Column): Recovery[] {
  const { plan, state } = column
  const struck = state.inflicted.filter((done) => done.struck !== '')
  const firstFaultAt = Math.min(...struck.map((done) => done.at))
  return struck.map((done) => ({
    fault: done.text, at: done.at,
    after: recoveredAfter(state.listener.series, {
      faultAt: done.at, firstFaultAt, warmup: plan.warmup, intervalNanos: state.plant.intervalNanos(),
    }),
  }))
}
