/** Columns of a RunSpec: their recipe, label, preset and settings. */
import type { Recipe } from '../contract/architecture.ts'
import type { Fault } from '../contract/fault.ts'
import { quoted } from '../contract/issue.ts'
import type { Scenario } from '../contract/scenario.ts'
import type { ArchitectureSpec } from '../contract/spec.ts'
import type { Notes } from '../scenario/notes.ts'
import { KnobSettings } from './settings.ts'
import { nearestNames } from './nearest.ts'

/** What the products do untouched: no preset and none of the scenario's sizing. */
export const asShipped = 'as-shipped'
/** The preset of a column that names none. */
export const usualPreset = 'tuned'

/** One column, ready to be built. */
export interface CheckedColumn {
  readonly recipe: Recipe
  readonly label: string
  readonly preset: string
  /** The value of every knob as it was written. */
  readonly values: Readonly<Record<string, string>>
  readonly settings: KnobSettings
  /** The faults that mean something here, in the order of the RunSpec. */
  readonly faults: readonly Fault[]
  /** What this column cannot do of the plan, in sentences. */
  readonly notes: readonly string[]
}

/** A column before its faults are known. */
export type DraftColumn = Omit<CheckedColumn, 'faults' | 'notes'> & { readonly notes: string[] }

const labelText = /^[a-zA-Z0-9][a-zA-Z0-9_+-]*$/

/** Every column whose recipe is known; what is wrong goes to the notes. */
export function checkColumns(specs: readonly ArchitectureSpec[], recipes: readonly Recipe[], scenario: Scenario, notes: Notes): DraftColumn[] {
  const columns: DraftColumn[] = []
  const labels = labelsOf(specs, notes)
  for (const [i, spec] of specs.entries()) {
    const path = `architectures[${i}]`
    const recipe = recipes.find(({ id }) => id === spec.id)
    if (recipe === undefined) {
      const ids = recipes.map(({ id }) => id).join(', ')
      notes.add('spec.architecture', `${path}.id`, null, `${quoted(spec.id)} is no architecture: expected one of ${ids}`)
      continue
    }
    columns.push(checkColumn(recipe, spec, labels[i] as string, path, scenario, notes))
  }
  return columns
}

/** Given labels as they are, else the id, then id-2, id-3 … */
function labelsOf(specs: readonly ArchitectureSpec[], notes: Notes): string[] {
  const taken = new Set<string>()
  for (const [i, { label }] of specs.entries()) {
    if (label === undefined) continue
    const path = `architectures[${i}].label`
    if (!labelText.test(label)) notes.add('spec.label', path, null, `${quoted(label)} is no label: expected letters, digits, - and _`)
    if (taken.has(label)) notes.add('spec.label', path, null, `expected each label once, found ${quoted(label)} again`)
    taken.add(label)
  }
  return specs.map(({ id, label }) => {
    if (label !== undefined) return label
    let free = id
    for (let n = 2; taken.has(free); n++) free = `${id}-${n}`
    taken.add(free)
    return free
  })
}

/** Values from the least to the most particular: default, sizing, preset, scenario, this run. */
function checkColumn(
  recipe: Recipe, spec: ArchitectureSpec, label: string, path: string, scenario: Scenario, notes: Notes,
): DraftColumn {
  const preset = spec.preset ?? usualPreset
  const known = recipe.presets[preset]
  if (known === undefined && preset !== asShipped) {
    const names = [...new Set([...Object.keys(recipe.presets), asShipped])].join(', ')
    notes.add('spec.preset', `${path}.preset`, null, `${quoted(preset)} is no preset of ${recipe.id}: expected one of ${names}`)
  }
  const settings = new KnobSettings(recipe.knobs)
  const put = (key: string, value: string, place: string): void => {
    const issue = settings.set(key, value)
    if (issue !== null) notes.add(issue.code, place, null, issue.message)
  }
  const sized = preset === asShipped ? {} : recipe.sized(scenario.simulation.sizing, scenario.simulation.pipeline)
  for (const [key, value] of Object.entries(sized)) put(key, value, `${path}.sizing`)
  for (const [key, { value }] of Object.entries(known ?? {})) put(key, value, `${path}.preset`)
  const stated = scenario.simulation.settings[recipe.id] ?? {}
  for (const [key, value] of Object.entries(stated)) put(key, value, `simulation.settings.${recipe.id}`)
  for (const [key, value] of Object.entries(spec.settings ?? {})) put(key, value, `${path}.settings`)
  const values = Object.fromEntries(recipe.knobs.map(({ key }) => [key, settings.written(key)]))
  return { recipe, label, preset, values, settings, notes: [] }
}

/** A label that names no column, in words. */
export function unknownLabel(label: string, columns: readonly DraftColumn[]): string {
  const labels = columns.map((column) => column.label)
  return `${quoted(label)} is no column: expected one of ${nearestNames(label, labels, labels.length).join(', ')}`
}
