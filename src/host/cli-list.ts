/** `list` and `check`: what there is, and what is wrong with a file. */
import type { Recipe } from '../contract/architecture.ts'
import { faultKinds } from '../contract/fault.ts'
import { failAll, quoted } from '../contract/issue.ts'
import type { Sizing } from '../contract/scenario.ts'
import { checkSpec } from '../run/check.ts'
import { nearestNames } from '../run/nearest.ts'
import { replayOf } from '../run/replay.ts'
import { sizingFor } from '../scenario/sizing.ts'
import { defaultWorkload } from '../scenario/workload.ts'
import { loadScenario } from '../scenario/scenario.ts'
import type { Arguments } from './cli-args.ts'
import { complain, exitCode, say } from './cli-out.ts'
import { findScenario, readText } from './cli-spec.ts'
import { scenarios } from './scenarios.ts'

export function listCommand({ words }: Arguments, recipes: readonly Recipe[]): number {
  const [id] = words
  if (id === undefined) {
    say(`${[...listedScenarios(), '', ...listedRecipes(recipes)].join('\n')}\n`)
    return exitCode.done
  }
  const recipe = recipes.find((known) => known.id === id)
  if (recipe === undefined) {
    const nearest = nearestNames(id, recipes.map((known) => known.id), 3).join(', ')
    return complain([{ code: 'cli.list', path: '', line: null, message: `${quoted(id)} is no architecture: the nearest are ${nearest}` }])
  }
  say(`${described(recipe, sizingFor(defaultWorkload([]), [])).join('\n')}\n`)
  return exitCode.done
}

function listedScenarios(): string[] {
  return ['Scenarios', ...Object.entries(scenarios).map(([id, text]) => {
    const loaded = loadScenario(text, id)
    const about = loaded.ok ? loaded.value.simulation.demonstration?.demonstrates ?? loaded.value.title : 'has issues: see faultline check'
    return `  ${id.padEnd(32)} ${about}`
  })]
}

function listedRecipes(recipes: readonly Recipe[]): string[] {
  return ['Architectures', ...recipes.map(({ id, title, knobs, presets }) =>
    `  ${id.padEnd(32)} ${title}; ${knobs.length} settings; presets ${Object.keys(presets).join(', ')}`)]
}

/** Settings by group, targets and faults of one architecture. */
function described(recipe: Recipe, sizing: Sizing): string[] {
  const lines = [recipe.title, '']
  for (const group of [...new Set(recipe.knobs.map((knob) => knob.group))]) {
    lines.push(`Settings: ${group}`)
    for (const { key, default: usual, help, live } of recipe.knobs.filter((knob) => knob.group === group)) {
      lines.push(`  ${key} = ${usual}${live ? ' (can change while running)' : ''}`, `      ${help}`)
    }
  }
  lines.push('', 'Targets of faults', ...recipe.targets(sizing).map(({ target, meaning }) => `  ${target.padEnd(24)} ${meaning}`))
  lines.push('', 'Faults', ...faultKinds.map(({ kind, example }) => `  ${example.padEnd(48)} ${recipe.refuses(kind, null) ?? recipe.meaning(kind, null)}`))
  return lines
}

/** A scenario file with everything it would run, or a RunSpec or Report as JSON. */
export function checkCommand({ words }: Arguments, recipes: readonly Recipe[]): number {
  const [path] = words
  if (path === undefined) return complain([{ code: 'cli.check', path: '', line: null, message: 'expected a file after check' }])
  if (path.endsWith('.json')) {
    const text = readText(path)
    const spec = text.ok ? replayOf(text.value) : failAll(text.issues)
    const checked = spec.ok ? checkSpec(spec.value.spec, recipes, scenarios) : spec
    if (!checked.ok) return complain(checked.issues)
    for (const { label, notes } of checked.value.columns) for (const note of notes) say(`${label}: ${note}\n`)
    say(`${path}: a RunSpec of ${checked.value.columns.length} columns, without issues\n`)
    return exitCode.done
  }
  const found = findScenario(path)
  if (!found.ok) return complain(found.issues)
  const { title, questions, options, simulation } = found.value.scenario
  const stated = simulation.stated ? 'a simulation block' : 'a simulation derived from its constraints'
  say(`${path}: "${title}", ${questions.length} questions, ${options.length} architectures, ${stated}, without issues\n`)
  for (const { id, value, meaning } of simulation.constraints) {
    if (meaning.kind === 'unknown') say(`note: ${id} "${value}" is not understood and gets no verdict\n`)
  }
  return exitCode.done
}
