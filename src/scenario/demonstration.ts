/** The part of a simulation block that makes a file a test: what it shows, what prevents it, what stays. */
import type { Demonstration, Expectation, MetricOf } from '../contract/scenario.ts'
import { quoted } from '../contract/issue.ts'
import { Fields, textOf, wrongKind, type Placed } from './fields.ts'
import { readId } from './interview.ts'
import { columnsMax, expectationsMax, seedsMax, shortTextMax } from './limits.ts'
import { metricProblem } from './metric.ts'
import { readSettings, readSettingsOf } from './settings.ts'

const operators = ['=', '!=', '>', '>=', '<', '<='] as const
const labelText = /^[a-zA-Z0-9][a-zA-Z0-9_+-]*$/
const keys = ['asks', 'architectures', 'seeds', 'expect', 'unmoved', 'prevented_by']

/** The demonstration, or null when the block has none of its keys. */
export function readDemonstration(block: Fields): Demonstration | null {
  if (!block.has('demonstrates')) {
    for (const key of keys) {
      if (block.has(key)) block.note('scenario.conflict', key, `expected "demonstrates" beside ${quoted(key)}, found none`)
    }
    return null
  }
  const asks = block.optionalText('asks', shortTextMax)
  const demonstrates = block.text('demonstrates')
  const seeds = readSeeds(block)
  const architectures = readArchitectures(block)
  const labels = architectures.map(({ label }) => label)
  if (!block.has('expect')) block.missing('expect', 'a list of what must be seen')
  const expect = readExpectations(block, labels, seeds.length)
  const unmoved = block.list('unmoved', expectationsMax).flatMap((placed) => {
    const item = Fields.of(placed, block.notes)
    if (item === null) return []
    const metric = readMetricOf(item, labels)
    item.end()
    return [metric]
  })
  return { asks, demonstrates, seeds, architectures, expect, unmoved, preventedBy: readPrevention(block, labels, seeds.length) }
}

function readSeeds(block: Fields): string[] {
  const seeds: string[] = []
  for (const { tree, path } of block.list('seeds', seedsMax)) {
    if (tree.kind === 'scalar' && tree.text !== '' && tree.text.length <= shortTextMax) seeds.push(tree.text)
    else wrongKind({ tree, path }, 'a seed', block.notes)
  }
  if (new Set(seeds).size < seeds.length) block.note('scenario.duplicate-id', 'seeds', 'expected each seed once')
  if (block.has('seeds') && seeds.length === 0) block.note('scenario.empty', 'seeds', 'expected at least one seed, found none')
  return seeds.length > 0 ? seeds : ['1']
}

function readArchitectures(block: Fields): Demonstration['architectures'] {
  if (!block.has('architectures')) block.missing('architectures', 'a list of { id, label, settings }')
  const columns: Demonstration['architectures'][number][] = []
  const seen = new Map<string, number>()
  for (const placed of block.list('architectures', columnsMax)) {
    const item = Fields.of(placed, block.notes)
    if (item === null) continue
    const id = readId(item, 'id', null)
    const label = item.optionalText('label', shortTextMax) ?? id
    const before = seen.get(label)
    if (label !== '' && !labelText.test(label)) item.note('scenario.id', 'label', `expected a label of letters, digits, - and _, found ${quoted(label)}`)
    if (before !== undefined) item.note('scenario.duplicate-id', 'label', `expected each label once, found ${quoted(label)} again (first on line ${before})`)
    seen.set(label, item.line)
    const preset = item.optionalText('preset', shortTextMax)
    const settings = item.map('settings')
    columns.push({
      id, label,
      ...(preset === null ? {} : { preset }),
      ...(settings === null ? {} : { settings: readSettings(settings) }),
    })
    item.end()
  }
  if (columns.length === 0 && block.has('architectures')) block.note('scenario.empty', 'architectures', 'expected at least one column, found none')
  return columns
}

function readPrevention(block: Fields, labels: readonly string[], seeds: number): Demonstration['preventedBy'] {
  const prevention = block.map('prevented_by')
  if (prevention === null) return null
  const because = prevention.text('because')
  if (!prevention.has('settings')) prevention.missing('settings', 'settings by label')
  const settings = readSettingsOf(prevention, 'settings', labels)
  if (!prevention.has('expect')) prevention.missing('expect', 'a list of what is then seen')
  const expect = readExpectations(prevention, labels, seeds)
  prevention.end()
  return { because, settings, expect }
}

function readExpectations(block: Fields, labels: readonly string[], seeds: number): Expectation[] {
  const list = block.list('expect', expectationsMax)
  if (list.length === 0 && block.get('expect')?.tree.kind === 'list') block.note('scenario.empty', 'expect', 'expected at least one expectation, found none')
  return list.flatMap((placed) => {
    const item = Fields.of(placed, block.notes)
    if (item === null) return []
    const metric = readMetricOf(item, labels)
    if (!item.has('op')) item.missing('op', `one of ${operators.join(' ')}`)
    const op = item.choice('op', operators) ?? '='
    const value = readValue(item, labels, op)
    const onSeeds = item.whole('on_seeds', 1, seeds) ?? seeds
    item.end()
    return [{ ...metric, op, value, onSeeds, line: item.line }]
  })
}

function readValue(item: Fields, labels: readonly string[], op: Expectation['op']): Expectation['value'] {
  const placed = item.get('value')
  if (placed === null) {
    item.missing('value', 'a number, true, false, null or { label, metric }')
    return null
  }
  const value = placed.tree.kind === 'map' ? readOther(placed, item, labels) : placed.tree.kind === 'scalar' ? placed.tree.value : undefined
  if (value === undefined || typeof value === 'string') {
    wrongKind(placed, 'a number, true, false, null or { label, metric }', item.notes)
    return null
  }
  if ((value === null || typeof value === 'boolean') && op !== '=' && op !== '!=') {
    item.note('scenario.conflict', 'op', `expected = or != beside ${value}, found ${quoted(op)}`)
  }
  return value
}

function readOther(placed: Placed, item: Fields, labels: readonly string[]): MetricOf | null {
  const other = Fields.of(placed, item.notes)
  if (other === null) return null
  const metric = readMetricOf(other, labels)
  other.end()
  return metric
}

function readMetricOf(item: Fields, labels: readonly string[]): MetricOf {
  const label = item.text('label', shortTextMax)
  if (label !== '' && labels.length > 0 && !labels.includes(label)) {
    item.note('scenario.reference', 'label', `expected one of ${labels.join(', ')}, found ${quoted(label)}`)
  }
  const placed = item.get('metric')
  if (placed === null) item.missing('metric', 'a path in the report such as totals.duplicates')
  const metric = placed === null ? '' : textOf(placed, shortTextMax, item.notes) ?? ''
  const problem = metric === '' ? null : metricProblem(metric)
  if (problem !== null) item.note('scenario.metric', 'metric', problem)
  return { label, metric }
}
