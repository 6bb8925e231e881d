/** What the threads of the pool do: a spec in, what was asked of its run out, all of it plain data. */
import { recipes } from '../../models/index.ts'
import type { Result } from '../contract/issue.ts'
import type { RunSpec } from '../contract/spec.ts'
import { invariant } from '../kernel/index.ts'
import { judgedRun, sweptRun, type Judged } from '../search/judged.ts'
import type { Row, Task } from '../search/sweep.ts'
import { scenarios } from './scenarios.ts'

/** Runs the only column of a spec and judges its constraints; the spec was checked before it was given to a thread. */
export function judge(spec: RunSpec): Judged {
  return valueOf(judgedRun(spec, recipes, scenarios))
}

/** Runs one task of a sweep; its spec was checked before it was given to a thread. */
export function sweep(task: Task): Row {
  return valueOf(sweptRun(task, recipes, scenarios))
}

function valueOf<T>(result: Result<T>): T {
  invariant(result.ok, 'search.spec', () => (result.ok ? '' : result.issues.map(({ path, message }) => `${path}: ${message}`).join('; ')))
  return result.value
}
