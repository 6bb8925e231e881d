/** One run of a search or a sweep, reduced to what was asked of it. */
import type { Recipe } from '../contract/architecture.ts'
import { ok, type Result } from '../contract/issue.ts'
import type { ConstraintReport, RunSpec } from '../contract/spec.ts'
import { runOnly } from '../run/only.ts'
import type { Moment } from './plan.ts'
import { rowOf, type Row, type Task } from './sweep.ts'

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

/** The scenarios that a spec may name, by id. */
type Scenarios = Readonly<Record<string, string>>

/** Runs the only column of a spec and judges it. */
export function judgedRun(spec: RunSpec, recipes: readonly Recipe[], scenarios: Scenarios): Result<Judged> {
  const ran = runOnly(spec, recipes, scenarios)
  if (!ran.ok) return ran
  const { report, warmup, simulatedSeconds, stopped } = ran.value
  const times = new Map<string, number>()
  for (const { at, code } of report.facts) if (at >= warmup && isProtocol(code)) times.set(code, (times.get(code) ?? 0) + 1)
  const { constraints, digest } = report
  return ok({ constraints, digest, simulatedSeconds, stopped, moments: [...times].map(([code, n]) => ({ code, times: n })) })
}

/** Runs one task of a sweep to its row. */
export function sweptRun(task: Task, recipes: readonly Recipe[], scenarios: Scenarios): Result<Row> {
  const ran = runOnly(task.spec, recipes, scenarios)
  return ran.ok ? ok(rowOf(task, ran.value.report, ran.value.stopped)) : ran
}

/** What a product says of itself, not what was done to it. */
function isProtocol(code: string): boolean {
  return !/^(?:fault|run|process|source|change)\./.test(code)
}
