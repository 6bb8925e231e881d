/** What a page is told of a column when it opens: its stage, knobs, faults on offer and constraints. */
import { faultKinds } from '../contract/fault.ts'
import type { Constraint } from '../contract/scenario.ts'
import type { Channels, FrameLayout } from '../contract/scene.ts'
import type { Recipe } from '../contract/architecture.ts'
import type { CheckedColumn, CheckedSpec } from '../run/check.ts'
import { asShipped } from '../run/check-columns.ts'
import type { Column } from '../run/column.ts'
import { adviceOf } from './advice.ts'
import type { ConstraintLine, FaultOffer, Opened, PresetLine } from './api.ts'

/** Names of the channels that are written behind the column's own: verdicts and the outage. */
export function verdictChannels(constraints: readonly Constraint[], channels: Pick<Channels, 'declare'>): void {
  channels.declare('m.outage')
  for (let i = 0; i < constraints.length; i++) {
    for (const name of ['state', 'observed', 'atLeast']) channels.declare(`v.${i}.${name}`)
  }
}

export function openedOf(checked: CheckedSpec, from: CheckedColumn, column: Column, layout: FrameLayout): Opened {
  const { recipe, preset, values } = from
  const own = Object.entries(checked.spec.architectures.find((_, i) => checked.columns[i] === from)?.settings ?? {})
  const presetValues = recipe.presets[preset] ?? {}
  return {
    stage: column.state.plant.stage, layout, label: from.label, architecture: recipe.id, title: recipe.title,
    subtitle: [`preset ${preset}`, ...own.slice(0, 3).map(([key, value]) => `${key}=${value}`)].join(', '),
    knobs: recipe.knobs.map((knob) => {
      const value = values[knob.key] ?? knob.default
      const stated = presetValues[knob.key]
      return { ...knob, value, changed: value !== knob.default, reason: stated?.value === value ? stated.reason : null }
    }),
    causes: adviceOf(recipe, from.settings), preset, presets: presetsOf(recipe),
    faults: offersOf(checked, from),
    constraints: checked.scenario.simulation.constraints.map(constraintLine),
    durationSeconds: checked.durationNanos / 1e9, warmupSeconds: checked.warmupNanos / 1e9, seed: checked.spec.seed,
  }
}

/** As the recipe lists them; what is shipped is a preset of every recipe, with or without values of its own. */
function presetsOf({ presets }: Recipe): PresetLine[] {
  return Object.entries<Recipe['presets'][string]>({ ...presets, [asShipped]: presets[asShipped] ?? {} }).map(([name, values]) => ({
    name, values: Object.entries(values).map(([key, { value, reason }]) => ({ key, value, reason })),
  }))
}

/** Every kind on every target that means something in any column, so that the columns can be set side by side. */
function offersOf(checked: CheckedSpec, { recipe }: CheckedColumn): FaultOffer[] {
  const own = recipe.targets(checked.sizing).map(({ target }) => target)
  const all = new Set([...own, ...checked.columns.flatMap((other) => other.recipe.targets(checked.sizing).map(({ target }) => target))])
  const isSourceThere = (target: string): boolean => !target.startsWith('source-') || Number(target.slice(7)) <= checked.workload.sources
  const offers: FaultOffer[] = []
  const offer = (kind: (typeof faultKinds)[number]['kind'], target: string | null, isKnown: boolean): void => {
    const refusal = recipe.refuses(kind, target) ?? (isKnown ? null : `nothing here is called ${target ?? ''}`)
    offers.push({
      target: target ?? 'source', kind, label: target === null ? kind : `${kind} ${target}`,
      meaning: refusal === null ? recipe.meaning(kind, target) : '', refused: refusal,
    })
  }
  for (const { kind, strikes } of faultKinds) {
    if (strikes === 'workload') offer(kind, null, true)
    else for (const target of all) if (isSourceThere(target)) offer(kind, target, own.includes(target))
  }
  return offers
}

function constraintLine({ id, value, meaning }: Constraint): ConstraintLine {
  const line = { id, text: value, declared: meaning.kind === 'declared' }
  switch (meaning.kind) {
    case 'latency': return { ...line, limit: meaning.limitNanos / 1e9, unit: 's' }
    // Visible must be 99 % of what was offered (design: verdicts).
    case 'throughput': return { ...line, limit: 0.99 * meaning.perSecond, unit: 'records/s' }
    case 'loss': return { ...line, limit: meaning.limit, unit: 'records' }
    case 'exactly-once': return { ...line, limit: 0, unit: 'records' }
    case 'declared':
    case 'unknown': return { ...line, limit: null, unit: '' }
  }
}
