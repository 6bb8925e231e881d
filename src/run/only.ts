/** A spec of one column, checked, run to its end and reported: what searches, sweeps and validations ask for. */
import type { Recipe } from '../contract/architecture.ts'
import { ok, type Result } from '../contract/issue.ts'
import type { ColumnReport, RunSpec } from '../contract/spec.ts'
import { invariant } from '../kernel/index.ts'
import { checkSpec } from './check.ts'
import { endedColumn } from './report.ts'
import { columnPlan, runColumn } from './run.ts'

export interface OnlyRun {
  readonly report: ColumnReport
  /** Seconds. */
  readonly warmup: number
  readonly simulatedSeconds: number
  /** The named stop that ended the run early, or null. */
  readonly stopped: string | null
}

/** Runs the only column of a spec; `scenarios` holds the text of every known scenario file by its id. */
export function runOnly(spec: RunSpec, recipes: readonly Recipe[], scenarios: Readonly<Record<string, string>>): Result<OnlyRun> {
  const checked = checkSpec(spec, recipes, scenarios)
  if (!checked.ok) return checked
  const [from] = checked.value.columns
  invariant(from !== undefined && checked.value.columns.length === 1, 'run.one-column', spec.seed)
  const column = runColumn(columnPlan(checked.value, from), {}, () => undefined)
  const { report } = endedColumn(checked.value, from, column)
  return ok({ report, warmup: checked.value.warmupNanos / 1e9, simulatedSeconds: column.now / 1e9, stopped: column.state.stopped })
}
