/** What the threads of the pool do: a spec in, what was asked of its run out, all of it plain data. */
import { recipes } from '../../models/index.ts'
import type { Result } from '../contract/issue.ts'
import type { RunSpec } from '../contract/spec.ts'
import { judgedRun, SearchInput, sweptRun, type Judged } from '../search/judged.ts'
import type { Row, Task } from '../search/sweep.ts'
import { scenarios } from './scenarios.ts'

/** Runs the only column of a spec and judges its constraints; throws SearchInput for a spec that cannot be run. */
export function judge(spec: RunSpec): Judged {
  return valueOf(judgedRun(spec, recipes, scenarios))
}

/** Runs one task of a sweep; throws SearchInput for one that cannot be run. */
export function sweep(task: Task): Row {
  return valueOf(sweptRun(task, recipes, scenarios))
}

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new SearchInput(result.issues)
  return result.value
}
