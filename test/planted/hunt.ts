/**
 * A planted bug is one that a person could write: one module or method of the real parts is replaced, in a test only.
 * Random fault plans hunt it by what the outside sees. Audits are off, and a plan that an invariant ends does not
 * count: an invariant beside the bug would find it sooner, and prove nothing about the ledger.
 */
import type { Recipe } from '../../src/contract/architecture.ts'
import { runSwarm, swarmPlan } from '../run/swarm.ts'

/** The bug's switch: the mocked module of the same test file looks at it. */
export interface Bug {
  planted: boolean
}

export interface Find {
  readonly seed: number
  /** Kinds of promises that broke: guarantee, conservation, unexplained, limbo, liveness. */
  readonly by: readonly string[]
  readonly problems: readonly string[]
}

/** At most so many plans may pass before a bug is found. */
const plansMax = 200

/** Runs one plan with the bug; null when nothing outside noticed it. */
function tryPlan(recipe: Recipe, bug: Bug, seed: number): Find | null {
  const problems = run(recipe, bug, seed, true)
  if (problems.some((problem) => problem.startsWith('thrown') || problem.startsWith('events'))) return null
  return problems.length === 0 ? null : { seed, by: [...new Set(problems.map((problem) => problem.slice(0, problem.indexOf(':'))))], problems }
}

/**
 * The first plan that finds the bug, from the one that is known to find it; the same plan must pass without it. When
 * the models have changed and the known one finds it no more, all the others are tried, which takes minutes.
 */
export function hunt(recipe: Recipe, bug: Bug, known: number): Find {
  for (let i = 0; i <= plansMax; i++) {
    const seed = i === 0 ? known : i
    const find = tryPlan(recipe, bug, seed)
    // A plan that fails anyway finds nothing.
    if (find === null || run(recipe, bug, seed, false).length > 0) continue
    console.log(`plan ${seed}${i === 0 ? '' : ` (no longer ${known})`} found it by ${find.by.join(', ')}: ${find.problems[0]}`)
    return find
  }
  throw new Error(`${plansMax} plans did not find it`)
}

function run(recipe: Recipe, bug: Bug, seed: number, planted: boolean): readonly string[] {
  bug.planted = planted
  try {
    return runSwarm(recipe, swarmPlan(recipe, seed), { audits: false }).problems
  } finally {
    bug.planted = false
  }
}
