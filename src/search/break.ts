/**
 * The search for a fault plan that breaks a constraint: random plans, small ones first, until one breaks it; then
 * the plan is shrunk until nothing can be left out, its faults are made simpler, and other seeds say how often it
 * breaks. Everything found is a RunSpec, and every claim about it was run.
 */
import type { ConstraintReport, RunSpec } from '../contract/spec.ts'
import { inGroups, numbersTo } from './groups.ts'
import type { Judge, Judged } from './judged.ts'
import { randomPlan, type PlanGround } from './plan.ts'
import { shrink } from './shrink.ts'
import { simplify } from './simplify.ts'

export interface BreakAim {
  /** One column, without faults of the search's own. */
  readonly spec: RunSpec
  /** The id of the constraint. */
  readonly constraint: string
  /** Most plans tried. */
  readonly plans: number
  /** Most faults in a plan. */
  readonly faults: number
  /** Runs spent on making the plan smaller. */
  readonly shrinkRuns: number
  /** Seeds on which the found plan is tried again. */
  readonly seeds: number
  /** Plans judged at once; changes the time it takes and never the answer. */
  readonly width: number
}

export interface BreakProgress {
  readonly stage: 'calm' | 'search' | 'shrink' | 'simplify' | 'seeds'
  readonly runs: number
  readonly simulatedHours: number
}

export interface Broken {
  readonly kind: 'broken'
  readonly spec: RunSpec
  /** How the constraint stands in that run. */
  readonly line: ConstraintReport
  /** Number of the plan that broke it first, and that plan. */
  readonly plan: number
  readonly first: readonly string[]
  /** Leaving out any one fault keeps the constraint; every one of these was run. */
  readonly isMinimal: boolean
  /** Seeds on which the plan breaks the constraint, of those tried. */
  readonly share: { readonly broken: number; readonly of: number }
}

export type BreakOutcome = (
  | Broken
  | { readonly kind: 'calm'; readonly line: ConstraintReport }
  | { readonly kind: 'kept'; readonly plans: number }
  | { readonly kind: 'unmeasured'; readonly constraints: readonly string[] }
) & { readonly runs: number; readonly simulatedHours: number }

/** `ground` is asked for once the calm run has told the product's moments; what `onProgress` throws ends the search. */
export async function searchBreak(
  aim: BreakAim, judge: Judge, ground: (moments: Judged['moments']) => PlanGround, onProgress: (progress: BreakProgress) => void,
): Promise<BreakOutcome> {
  const { spec } = aim
  let runs = 0
  let seconds = 0
  let stage: BreakProgress['stage'] = 'calm'
  const spent = (): { runs: number; simulatedHours: number } => ({ runs, simulatedHours: seconds / 3600 })
  const run = async (specs: readonly RunSpec[]): Promise<readonly Judged[]> => {
    const judged = await judge(specs)
    runs += specs.length
    for (const one of judged) seconds += one.simulatedSeconds
    onProgress({ stage, ...spent() })
    return judged
  }
  const withFaults = (faults: readonly string[]): RunSpec => ({ ...spec, faults: [...spec.faults, ...faults] })
  const fails = async (faults: readonly string[]): Promise<boolean> => isBroken((await run([withFaults(faults)]))[0] as Judged, aim.constraint)

  const calm = (await run([spec]))[0] as Judged
  const standing = lineOf(calm, aim.constraint)
  if (standing === undefined || standing.limit === null) {
    return { kind: 'unmeasured', constraints: calm.constraints.flatMap(({ id, limit }) => (limit === null ? [] : [id])), ...spent() }
  }
  if (standing.met === false) return { kind: 'calm', line: standing, ...spent() }

  stage = 'search'
  const from = ground(calm.moments)
  let found = 0
  for (const numbers of inGroups(numbersTo(aim.plans), aim.width)) {
    if (found !== 0) break
    const judged = await run(numbers.map((number) => withFaults(randomPlan(from, spec.seed, number, aim.faults))))
    const hit = judged.findIndex((one) => isBroken(one, aim.constraint))
    if (hit >= 0) found = numbers[hit] as number
  }
  if (found === 0) return { kind: 'kept', plans: aim.plans, ...spent() }

  const first = randomPlan(from, spec.seed, found, aim.faults)
  stage = 'shrink'
  const shrunk = await shrink(first, fails, aim.shrinkRuns)
  stage = 'simplify'
  const simple = await simplify(shrunk.part, fails, aim.shrinkRuns)
  // Simpler faults may have made another one needless.
  stage = 'shrink'
  const last = await shrink(simple.plan, fails, aim.shrinkRuns)
  const broken = withFaults(last.part)
  const line = lineOf((await run([broken]))[0] as Judged, aim.constraint) as ConstraintReport
  stage = 'seeds'
  let times = 0
  for (const numbers of inGroups(numbersTo(aim.seeds), aim.width)) {
    times += (await run(numbers.map((number) => ({ ...broken, seed: `${spec.seed}/${number}` })))).filter((one) => isBroken(one, aim.constraint)).length
  }
  return {
    kind: 'broken', spec: broken, line, plan: found, first, isMinimal: last.isMinimal,
    share: { broken: times, of: aim.seeds }, ...spent(),
  }
}

function lineOf(judged: Judged, constraint: string): ConstraintReport | undefined {
  return judged.constraints.find(({ id }) => id === constraint)
}

/** Broken is said, never guessed: what is open or was stopped counts as kept. */
function isBroken(judged: Judged, constraint: string): boolean {
  return judged.stopped === null && lineOf(judged, constraint)?.met === false
}
