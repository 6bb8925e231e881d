/** A run is a value: a checked RunSpec in, its columns out, all on the same arrivals and the same faults. */
import { nanos } from '../kernel/index.ts'
import type { CheckedColumn, CheckedSpec } from './check.ts'
import { Column } from './column.ts'
import type { ColumnPlan } from './column-state.ts'
import type { RecordName } from './trace.ts'

/** What a host may ask beside the run itself; none of it changes the run. */
export interface RunOptions {
  /** Fact codes to keep although they are details. */
  readonly watch?: readonly string[]
  /** Judge every view each simulated second (tests). */
  readonly strict?: boolean
  /** A record whose life is noted. */
  readonly follow?: RecordName
  /** Most events per column; the run ends with a named stop when they are spent. */
  readonly maxEvents?: number
}

/** Events after which a column is stopped by name: an hour at 100 000 events a simulated second. */
export const EVENTS_MAX = 360_000_000

/** The plan of one column of a checked spec. */
export function columnPlan(spec: CheckedSpec, column: CheckedColumn, options: RunOptions = {}): ColumnPlan {
  return {
    recipe: column.recipe,
    label: column.label,
    settings: column.settings,
    workload: spec.workload,
    sizing: spec.sizing,
    seed: spec.spec.seed,
    duration: spec.durationNanos,
    warmup: spec.warmupNanos,
    quiet: spec.quietNanos,
    faults: column.faults,
    changes: spec.changes.filter((change) => change.label === column.label),
    watch: options.watch ?? [],
    strict: options.strict ?? false,
    follow: options.follow ?? null,
  }
}

/** Runs one column to its end, or to its event budget. */
export function runColumn(plan: ColumnPlan, options: RunOptions, onSecond: (seconds: number) => void): Column {
  const column = new Column(plan)
  const most = options.maxEvents ?? EVENTS_MAX
  for (let second = 1; ; second++) {
    const end = column.advance(nanos(second * 1e9), most - column.state.sim.events)
    if (end === 'finished') return column
    if (end === 'budget') {
      column.stop(`event budget of ${most} spent`)
      return column
    }
    onSecond(second)
  }
}

/** Runs all columns one after the other. */
export function runColumns(spec: CheckedSpec, options: RunOptions, onSecond: (label: string, seconds: number) => void): readonly Column[] {
  return spec.columns.map((column) => {
    const plan = columnPlan(spec, column, options)
    return runColumn(plan, options, (seconds) => onSecond(column.label, seconds))
  })
}
