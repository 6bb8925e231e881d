/** The library `faultline`: a RunSpec in, a Report out, and what is needed to write one. */
import { recipes } from '../../models/index.ts'
import type { Issue } from '../contract/issue.ts'
import type { Report, RunSpec } from '../contract/spec.ts'
import { checkSpec } from '../run/check.ts'
import { reportOf } from '../run/report.ts'
import { runColumns, type RunOptions } from '../run/run.ts'
import { scenarios } from './scenarios.ts'

export type { Issue } from '../contract/issue.ts'
export type { ColumnReport, Report, RunSpec } from '../contract/spec.ts'
export { modelVersion } from '../run/check.ts'
export { scenarios } from './scenarios.ts'

/** Wrong input; `issues` lists everything that is wrong. */
export class InputError extends Error {
  readonly issues: readonly Issue[]

  constructor(issues: readonly Issue[]) {
    super(issues.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('\n'))
    this.name = 'InputError'
    this.issues = issues
  }
}

/** Every issue of a RunSpec; none means that it can be run. */
export function check(spec: unknown): readonly Issue[] {
  const checked = checkSpec(spec, recipes, scenarios)
  return checked.ok ? [] : checked.issues
}

/** Runs all columns to their end; throws an InputError when the spec is wrong. */
export function run(spec: RunSpec, options: RunOptions = {}): Report {
  const checked = checkSpec(spec, recipes, scenarios)
  if (!checked.ok) throw new InputError(checked.issues)
  return reportOf(checked.value, runColumns(checked.value, options, () => undefined))
}
