/** What the threads of the pool do: a spec in, what was asked of its run out, all of it plain data. */
import { recipes } from '../../models/index.ts'
import type { RunSpec } from '../contract/spec.ts'
import { judgedRun, SearchInput, type Judged } from '../search/judged.ts'
import { scenarios } from './scenarios.ts'

/** Runs the only column of a spec and judges its constraints; throws SearchInput for a spec that cannot be run. */
export function judge(spec: RunSpec): Judged {
  const judged = judgedRun(spec, recipes, scenarios)
  if (!judged.ok) throw new SearchInput(judged.issues)
  return judged.value
}
