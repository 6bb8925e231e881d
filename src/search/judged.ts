/** One run of a search, reduced to what the search asks: was the constraint kept, and if not, why not. */
import type { Recipe } from '../contract/architecture.ts'
import type { Issue, Result } from '../contract/issue.ts'
import { ok } from '../contract/issue.ts'
import type { ConstraintReport, RunSpec } from '../contract/spec.ts'
import { checkSpec } from '../run/check.ts'
import { endedColumn } from '../run/report.ts'
import { columnPlan, runColumn } from '../run/run.ts'
import type { Moment } from './plan.ts'

/** Plain data: it crosses to and from other threads. */
export interface Judged {
  /** One line for each constraint of the scenario. */
  readonly constraints: readonly ConstraintReport[]
  readonly digest: string
  readonly simulatedSeconds: number
  /** The named stop that ended the run early, or null. */
  readonly stopped: string | null
  /** Protocol moments that the run told, in order of first appearance. */
  readonly moments: readonly Moment[]
}

/** Judges specs of one column each; answers in the order given, and may work on several at once. */
export type Judge = (specs: readonly RunSpec[]) => Promise<readonly Judged[]>

/** Runs the only column of a spec to its end. */
export function judgedRun(spec: RunSpec, recipes: readonly Recipe[], scenarios: Readonly<Record<string, string>>): Result<Judged> {
  const checked = checkSpec(spec, recipes, scenarios)
  if (!checked.ok) return checked
  const from = checked.value.columns[0] as (typeof checked.value.columns)[number]
  const column = runColumn(columnPlan(checked.value, from), {}, () => undefined)
  const { report } = endedColumn(checked.value, from, column)
  const times = new Map<string, number>()
  for (const { at, code } of report.facts) {
    if (at * 1e9 >= checked.value.warmupNanos && isProtocol(code)) times.set(code, (times.get(code) ?? 0) + 1)
  }
  return ok({
    constraints: report.constraints, digest: report.digest, simulatedSeconds: column.now / 1e9, stopped: column.state.stopped,
    moments: [...times].map(([code, n]) => ({ code, times: n })),
  })
}

/** What a product says of itself, not what was done to it. */
function isProtocol(code: string): boolean {
  return !/^(?:fault|run|process|source|change)\./.test(code)
}

/** Found no run: every issue of the spec. */
export class SearchInput extends Error {
  readonly issues: readonly Issue[]

  constructor(issues: readonly Issue[]) {
    super(issues.map(({ path, message }) => `${path}: ${message}`).join('\n'))
    this.issues = issues
  }
}
