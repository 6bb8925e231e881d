/**
 * The shape of a RunSpec that came from outside: types, lengths and names only. What the values mean is
 * checked where the run is built; this gate keeps strange data away from it and lists every issue.
 */
import type { Issue, Result } from '../contract/issue.ts'
import type { RunSpec } from '../contract/spec.ts'

const limits = { text: 200, scenario: 200_000, value: 4000, architectures: 2, settings: 200, faults: 200, changes: 200 }
const fields = ['version', 'model', 'scenario', 'seed', 'duration', 'warmup', 'quiet', 'workload', 'architectures', 'faults', 'changes', 'detail']

const details: readonly unknown[] = ['record', 'bulk', 'auto']

type Fields = Readonly<Record<string, unknown>>

/** A value as a RunSpec if it has the shape of one. */
export function specShape(value: unknown): Result<RunSpec> {
  const issues: Issue[] = []
  const wrong = (path: string, message: string): void => {
    issues.push({ code: 'spec.shape', path, line: null, message })
  }
  if (!isFields(value)) {
    wrong('', 'expected a RunSpec: an object with version, scenario, seed and architectures')
    return { ok: false, issues }
  }
  for (const name of Object.keys(value)) if (!fields.includes(name)) wrong(name, `expected fields of a RunSpec, found "${name.slice(0, 60)}"`)
  if (value['version'] !== 1) wrong('version', 'expected version 1')
  for (const name of ['model', 'seed']) text(value[name], name, limits.text, wrong)
  text(value['scenario'], 'scenario', limits.scenario, wrong)
  for (const name of ['duration', 'warmup', 'quiet']) if (value[name] !== undefined) text(value[name], name, limits.text, wrong)
  if (value['detail'] !== undefined && !details.includes(value['detail'])) wrong('detail', 'expected record, bulk or auto')
  if (value['workload'] !== undefined) texts(value['workload'], 'workload', wrong)
  list(value['architectures'], 'architectures', limits.architectures, wrong).forEach((one, i) => architecture(one, `architectures[${i}]`, wrong))
  if (Array.isArray(value['architectures']) && value['architectures'].length === 0) wrong('architectures', 'expected at least one architecture')
  list(value['faults'], 'faults', limits.faults, wrong).forEach((one, i) => text(one, `faults[${i}]`, 400, wrong))
  list(value['changes'], 'changes', limits.changes, wrong).forEach((one, i) => {
    if (!isFields(one)) wrong(`changes[${i}]`, 'expected an object with at, label, key and value')
    else for (const name of ['at', 'label', 'key', 'value']) text(one[name], `changes[${i}].${name}`, limits.value, wrong)
  })
  // Every field was checked above, so the value has the type.
  return issues.length > 0 ? { ok: false, issues } : { ok: true, value: value as unknown as RunSpec }
}

type Wrong = (path: string, message: string) => void

function architecture(value: unknown, path: string, wrong: Wrong): void {
  if (!isFields(value)) return wrong(path, 'expected an object with id')
  text(value['id'], `${path}.id`, limits.text, wrong)
  for (const name of ['label', 'preset']) if (value[name] !== undefined) text(value[name], `${path}.${name}`, limits.text, wrong)
  if (value['settings'] !== undefined) texts(value['settings'], `${path}.settings`, wrong)
}

function text(value: unknown, path: string, most: number, wrong: Wrong): void {
  if (typeof value !== 'string') wrong(path, `expected a text, found ${value === undefined ? 'nothing' : typeof value}`)
  else if (value.length > most) wrong(path, `expected at most ${most} characters, found ${value.length}`)
}

function texts(value: unknown, path: string, wrong: Wrong): void {
  if (!isFields(value)) return wrong(path, 'expected an object of texts')
  const names = Object.keys(value)
  if (names.length > limits.settings) return wrong(path, `expected at most ${limits.settings} entries, found ${names.length}`)
  for (const name of names) text(value[name], `${path}.${name.slice(0, 80)}`, limits.value, wrong)
}

function list(value: unknown, path: string, most: number, wrong: Wrong): readonly unknown[] {
  if (!Array.isArray(value)) {
    wrong(path, 'expected a list')
    return []
  }
  if (value.length > most) {
    wrong(path, `expected at most ${most} entries, found ${value.length}`)
    return []
  }
  return value
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
