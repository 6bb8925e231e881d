/** Scenario files as cards of a gallery: what each asks, what will be seen, and the runs that it stands for. */
import { formatFault } from '../contract/fault.ts'
import { fail, ok, type Result } from '../contract/issue.ts'
import type { Recipe } from '../contract/architecture.ts'
import type { Scenario } from '../contract/scenario.ts'
import type { ArchitectureSpec, RunSpec } from '../contract/spec.ts'
import { modelVersion } from '../run/check.ts'
import { demonstrationSpec } from '../scenario/demonstration-spec.ts'
import { loadScenario } from '../scenario/scenario.ts'
import type { ScenarioCard } from './api.ts'
import { linkCharactersMax, specOfText } from './link.ts'
import { usualColumns } from './usual.ts'

/** The page has two columns. */
const columnsShown = 2
const seed = '7'

/** Cards of all known scenarios: demonstrations behind the scenarios to work on, each in the order of their names. */
export function cardsOf(scenarios: Readonly<Record<string, string>>, recipes: readonly Recipe[]): ScenarioCard[] {
  const cards = Object.keys(scenarios).flatMap((id) => {
    const loaded = loadScenario(scenarios[id] ?? '', id)
    return loaded.ok ? [cardOf(loaded.value, id, recipes)] : []
  })
  return [...cards.filter((card) => card.demonstrates === null), ...cards.filter((card) => card.demonstrates !== null)]
}

/** The card of a text that somebody brought: a RunSpec as JSON, else a scenario file. */
export function readCard(text: string, recipes: readonly Recipe[]): Result<ScenarioCard> {
  if (text.length > linkCharactersMax) return fail('file.long', `expected at most ${linkCharactersMax} characters, found ${text.length}`)
  if (text.trim() === '') return fail('file.empty', 'expected a scenario file or a RunSpec as JSON, found nothing')
  if (!text.trimStart().startsWith('{')) {
    const loaded = loadScenario(text, 'scenario')
    return loaded.ok ? ok(cardOf(loaded.value, text, recipes)) : loaded
  }
  const spec = specOfText(text)
  if (!spec.ok) return spec
  return ok({
    title: spec.value.scenario.includes('\n') ? 'RunSpec' : spec.value.scenario, asks: 'RunSpec', demonstrates: null, prompt: '',
    difficulty: null, tags: [], questions: [], options: [], maxQuestions: null, shown: spec.value, prevented: null,
  })
}

function cardOf(scenario: Scenario, source: string, recipes: readonly Recipe[]): ScenarioCard {
  const { demonstration } = scenario.simulation
  const isSimulated = (id: string): boolean => recipes.some((recipe) => recipe.id === id)
  const card = {
    title: scenario.title, asks: demonstration?.asks ?? scenario.title, demonstrates: demonstration?.demonstrates ?? null,
    prompt: scenario.prompt, difficulty: scenario.difficulty, tags: scenario.tags, questions: scenario.questions,
    options: scenario.options.map((option) => ({ ...option, isSimulated: isSimulated(option.id) })), maxQuestions: scenario.maxQuestions,
  }
  if (demonstration === null) {
    const known = scenario.options.filter(({ id }) => isSimulated(id)).map(({ id }) => id).slice(0, columnsShown)
    const architectures = (known.length > 0 ? known : usualColumns).map((id): ArchitectureSpec => ({ id, preset: 'tuned' }))
    const faults = scenario.simulation.faults.map(formatFault)
    return { ...card, shown: { version: 1, model: modelVersion, scenario: source, seed, architectures, faults, changes: [] }, prevented: null }
  }
  const options = { source, model: modelVersion, seed: demonstration.seeds[0] ?? seed }
  const shown = demonstrationSpec(scenario, demonstration, { ...options, variant: 'shown' })
  const { preventedBy } = demonstration
  if (preventedBy === null) return { ...card, shown, prevented: null }
  const prevented = demonstrationSpec(scenario, demonstration, { ...options, variant: 'prevented' })
  const settings = Object.values(preventedBy.settings).flatMap((own) => Object.entries(own).map(([key, value]) => `${key}=${value}`))
  return {
    ...card, shown,
    prevented: { because: preventedBy.because, spec: beside(shown, prevented), settings: [...new Set(settings)] },
  }
}

/** A demonstration of one column is prevented in a second column beside it, one of two columns in their places. */
function beside(shown: RunSpec, prevented: RunSpec): RunSpec {
  const [only, ...others] = shown.architectures
  const [cured] = prevented.architectures
  if (only === undefined || cured === undefined || others.length > 0) return prevented
  return { ...prevented, architectures: [only, { ...cured, label: `${cured.label ?? cured.id}-prevented` }] }
}
