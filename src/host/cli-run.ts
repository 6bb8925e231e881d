/** `run` and `replay`: a RunSpec from words, a file or a link, through to its Report. */
import { existsSync } from 'node:fs'
import { failAll, ok, placed, quoted, type Result } from '../contract/issue.ts'
import type { Recipe } from '../contract/architecture.ts'
import type { RunSpec } from '../contract/spec.ts'
import { checkSpec, type CheckedSpec } from '../run/check.ts'
import { replayOf } from '../run/replay.ts'
import { shapeOfSpec } from '../run/spec-shape.ts'
import type { Arguments } from './cli-args.ts'
import { complain, deliver, exitCode, say } from './cli-out.ts'
import { findScenario, readText, specOf } from './cli-spec.ts'
import { driveReport } from './drive.ts'
import { decodeLink } from './link.ts'
import { scenarios } from './scenarios.ts'

/** The RunSpec under way, for the message that a bug of ours prints. */
export const underWay: { spec: RunSpec | null } = { spec: null }

/** The spec of a command with a scenario, checked. */
export function checkedFrom(args: Arguments, recipes: readonly Recipe[]): Result<CheckedSpec> {
  const [word] = args.words
  if (word === undefined) return failAll([{ code: 'cli.scenario', path: '', line: null, message: `expected a scenario after ${args.command}` }])
  const found = findScenario(word)
  if (!found.ok) return found
  const spec = specOf(args, found.value)
  if (!spec.ok) return spec
  underWay.spec = spec.value
  return checkSpec(spec.value, recipes, scenarios)
}

export async function runCommand(args: Arguments, recipes: readonly Recipe[]): Promise<number> {
  const checked = checkedFrom(args, recipes)
  if (!checked.ok) return complain(checked.issues)
  const report = await driveReport(checked.value)
  return deliver(args, report, checked.value.scenario.title)
}

/** A Report is compared with what it says it was; a RunSpec or a link is just run. */
export async function replayCommand(args: Arguments, recipes: readonly Recipe[]): Promise<number> {
  const given = await givenSpec(args.words[0])
  if (!given.ok) return complain(given.issues)
  const { spec, digest } = given.value
  underWay.spec = spec
  const checked = checkSpec(spec, recipes, scenarios)
  if (!checked.ok) return complain(checked.issues)
  const report = await driveReport(checked.value)
  const code = deliver(args, report, checked.value.scenario.title)
  if (digest === null || code !== exitCode.done) return code
  const isSame = report.digest === digest
  if (!args.flags.includes('--json')) say(isSame ? 'The same digest as in the file.\n' : `Another digest: the file says ${digest}.\n`)
  return isSame ? code : exitCode.no
}

async function givenSpec(word: string | undefined): Promise<Result<{ spec: RunSpec; digest: string | null }>> {
  if (word === undefined) return failAll([{ code: 'cli.replay', path: '', line: null, message: 'expected a file or a link after replay' }])
  if (existsSync(word)) {
    const text = readText(word)
    return text.ok ? placed(replayOf(text.value), word) : text
  }
  if (!/(^|#)run1\./.test(word)) {
    return failAll([{ code: 'cli.replay', path: '', line: null, message: `${quoted(word)} is neither a file nor a share link` }])
  }
  const spec = await decodeLink(word, shapeOfSpec)
  return spec.ok ? ok({ spec: spec.value, digest: null }) : spec
}
