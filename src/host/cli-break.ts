/** `break`: the smallest fault plan that breaks a constraint, as a sentence, a RunSpec and a link. */
import { writeFileSync } from 'node:fs'
import type { Recipe } from '../contract/architecture.ts'
import { findFaultKind, faultKinds, type FaultKind } from '../contract/fault.ts'
import { quoted, type Issue } from '../contract/issue.ts'
import type { CheckedSpec } from '../run/check.ts'
import { nearestNames } from '../run/nearest.ts'
import { searchBreak, type BreakOutcome } from '../search/break.ts'
import type { Judged } from '../search/judged.ts'
import { groundOf } from '../search/plan.ts'
import { valueOf, wholeOf, type Arguments } from './cli-args.ts'
import { complain, exitCode, progress, say, writing } from './cli-out.ts'
import { checkedFrom } from './cli-run.ts'
import { encodeLink } from './link.ts'
import { Pool, threadsUsual } from './pool.ts'

const shrinkRuns = 250

/** Ends with 1 when the constraint is broken, be it by a plan or by none. */
export async function breakCommand(args: Arguments, recipes: readonly Recipe[]): Promise<number> {
  const checked = checkedFrom(args, recipes)
  if (!checked.ok) return complain(checked.issues)
  const issues: Issue[] = []
  const whole = (name: '--plans' | '--faults' | '--seeds' | '--jobs', usual: number, min: number, max: number): number => wholeOf(args, name, usual, min, max, issues)
  const plans = whole('--plans', 200, 1, 1_000_000)
  const faults = whole('--faults', 3, 1, 50)
  const seeds = whole('--seeds', 20, 0, 10_000)
  const threads = whole('--jobs', threadsUsual, 1, 64)
  const kinds = kindsOf(valueOf(args, '--kinds'), issues)
  const constraint = constraintOf(valueOf(args, '--constraint'), checked.value, issues)
  if (checked.value.columns.length !== 1) {
    issues.push({ code: 'cli.break', path: '-a', line: null, message: `expected one architecture to break, found ${checked.value.columns.length}: name it with -a` })
  }
  if (issues.length > 0) return complain(issues)
  const pool = new Pool(threads)
  try {
    const aim = { spec: checked.value.spec, constraint, plans, faults, seeds, shrinkRuns, width: threads }
    const outcome = await searchBreak(
      aim, (specs) => pool.ask<unknown, Judged>('judge', specs),
      (moments) => groundOf(checked.value, kinds, moments),
      ({ stage, runs, simulatedHours }) => progress(`${stageText[stage]}: ${runs} runs, ${simulatedHours.toFixed(2)} simulated hours`),
    )
    progress('')
    return await tell(args, checked.value, constraint, outcome)
  } finally {
    await pool.close()
  }
}

const stageText = {
  calm: 'without faults', search: 'searching', shrink: 'leaving faults out', simplify: 'making faults simpler', seeds: 'on other seeds',
} as const

function kindsOf(text: string | undefined, issues: Issue[]): readonly FaultKind[] {
  const names = text === undefined ? [] : text.split(',')
  return names.flatMap((name) => {
    const info = findFaultKind(name)
    if (info !== undefined) return [info.kind]
    const nearest = nearestNames(name, faultKinds.map(({ kind }) => kind), 3).join(', ')
    issues.push({ code: 'cli.kinds', path: '--kinds', line: null, message: `${quoted(name)} is no kind of fault: the nearest are ${nearest}` })
    return []
  })
}

function constraintOf(text: string | undefined, checked: CheckedSpec, issues: Issue[]): string {
  const known = checked.scenario.simulation.constraints.map(({ id }) => id)
  if (text !== undefined && known.includes(text)) return text
  const found = text === undefined ? 'none' : quoted(text)
  issues.push({ code: 'cli.constraint', path: '--constraint', line: null, message: `expected a constraint of the scenario (${known.join(', ')}), found ${found}` })
  return ''
}

async function tell(args: Arguments, checked: CheckedSpec, constraint: string, outcome: BreakOutcome): Promise<number> {
  const link = outcome.kind === 'broken' ? `#${await encodeLink(outcome.spec)}` : null
  const out = valueOf(args, '--out')
  if (out !== undefined && outcome.kind === 'broken') {
    const unwritten = writing('--out', () => writeFileSync(out, `${JSON.stringify(outcome.spec)}\n`))
    if (unwritten.length > 0) return complain(unwritten)
  }
  if (args.flags.includes('--json')) say(`${JSON.stringify({ ...outcome, link })}\n`)
  else say(sentences(checked, constraint, outcome, link))
  if (outcome.kind === 'unmeasured') return exitCode.input
  return outcome.kind === 'kept' ? exitCode.done : exitCode.no
}

function sentences(checked: CheckedSpec, constraint: string, outcome: BreakOutcome, link: string | null): string {
  const column = checked.columns[0]?.label ?? ''
  const spent = `(${outcome.runs} runs, ${outcome.simulatedHours.toFixed(2)} simulated hours)\n`
  switch (outcome.kind) {
    case 'kept': return `Not found: ${constraint} of ${column} holds in all ${outcome.plans} plans ${spent}`
    case 'calm': return `${constraint} of ${column} is broken without any fault: ${outcome.line.evidence.text} ${spent}`
    case 'unmeasured': return `${constraint} of ${column} is not measured: expected one of ${outcome.constraints.join(', ')} ${spent}`
    case 'broken': {
      const plan = outcome.spec.faults.slice(checked.spec.faults.length)
      const { evidence } = outcome.line
      const cause = evidence.cause === null ? '' : `\n  because: ${evidence.cause}`
      const minimal = outcome.isMinimal ? (plan.length === 1 ? 'One fault is enough.' : 'Without any one of them it holds.') : 'The search for a smaller plan was cut short.'
      const { broken, of } = outcome.share
      return [
        `${constraint} of ${column} breaks by:`, ...plan.map((fault) => `  ${fault}`), `  ${evidence.text}${cause}`,
        `${minimal} On ${broken} of ${of} other seeds it breaks as well.`,
        `First broken by plan ${outcome.plan}: ${outcome.first.join(' / ')}`, spent.trimEnd(), `Open it: ${link ?? ''}`, '',
      ].join('\n')
    }
  }
}
