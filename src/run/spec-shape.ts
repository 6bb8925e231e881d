/** The shape of a RunSpec as data: which fields, of which type and length. What they mean is check.ts's. */
import { failAll, ok, quoted, type Issue, type Result } from '../contract/issue.ts'
import type { RunSpec } from '../contract/spec.ts'
import { columnsMax, faultsMax, fileLengthMax, settingsMax, shortTextMax } from '../scenario/limits.ts'

const textFields = ['model', 'seed', 'scenario', 'duration', 'warmup', 'quiet', 'detail'] as const
const fields = ['version', ...textFields, 'workload', 'architectures', 'faults', 'changes']
const columnFields = ['id', 'label', 'preset', 'settings']

type Data = Readonly<Record<string, unknown>>
type Wrong = (path: string, message: string) => void

/** The value as a RunSpec, or every issue of its shape. */
export function shapeOfSpec(value: unknown): Result<RunSpec> {
  const issues: Issue[] = []
  const wrong: Wrong = (path, message) => {
    issues.push({ code: 'spec.shape', path, line: null, message })
  }
  if (!isData(value)) {
    wrong('', 'expected a RunSpec: an object with version, model, scenario, seed and architectures')
    return failAll(issues)
  }
  for (const name of Object.keys(value)) {
    if (!fields.includes(name)) wrong(name, `expected one of ${fields.join(', ')}; found ${quoted(name)}`)
  }
  if (value['version'] !== 1) wrong('version', `expected version 1, found ${quoted(String(value['version']))}`)
  for (const name of textFields) {
    const isNeeded = name === 'model' || name === 'seed' || name === 'scenario'
    const most = name === 'scenario' ? fileLengthMax : shortTextMax
    if (value[name] !== undefined || isNeeded) checkText(value[name], name, most, wrong)
  }
  if (value['workload'] !== undefined) checkTexts(value['workload'], 'workload', wrong)
  checkColumns(value['architectures'], wrong)
  for (const name of ['faults', 'changes']) {
    const list = value[name]
    if (!Array.isArray(list)) wrong(name, 'expected a list')
    else if (list.length > faultsMax) wrong(name, `expected at most ${faultsMax} ${name}, found ${list.length}`)
  }
  // Every field was checked above but faults and changes, which their own parsers take as unknown data.
  return issues.length > 0 ? failAll(issues) : ok(value as unknown as RunSpec)
}

function checkColumns(value: unknown, wrong: Wrong): void {
  if (!Array.isArray(value) || value.length === 0 || value.length > columnsMax) {
    wrong('architectures', `expected a list of 1 to ${columnsMax} architectures`)
    return
  }
  for (const [i, column] of (value as readonly unknown[]).entries()) {
    const path = `architectures[${i}]`
    if (!isData(column)) {
      wrong(path, 'expected an object with id, and label, preset and settings if you like')
      continue
    }
    for (const name of Object.keys(column)) {
      if (!columnFields.includes(name)) wrong(`${path}.${name}`, `expected one of ${columnFields.join(', ')}; found ${quoted(name)}`)
    }
    checkText(column['id'], `${path}.id`, shortTextMax, wrong)
    for (const name of ['label', 'preset']) {
      if (column[name] !== undefined) checkText(column[name], `${path}.${name}`, shortTextMax, wrong)
    }
    if (column['settings'] !== undefined) checkTexts(column['settings'], `${path}.settings`, wrong)
  }
}

function checkText(value: unknown, path: string, most: number, wrong: Wrong): void {
  if (typeof value !== 'string') wrong(path, `expected a text, found ${value === undefined ? 'nothing' : typeof value}`)
  else if (value === '') wrong(path, 'expected a text, found an empty one')
  else if (value.length > most) wrong(path, `expected at most ${most} characters, found ${value.length}`)
}

function checkTexts(value: unknown, path: string, wrong: Wrong): void {
  if (!isData(value)) {
    wrong(path, 'expected an object whose values are texts')
    return
  }
  const names = Object.keys(value)
  if (names.length > settingsMax) wrong(path, `expected at most ${settingsMax} entries, found ${names.length}`)
  for (const name of names.slice(0, settingsMax)) checkText(value[name], `${path}.${name.slice(0, shortTextMax)}`, shortTextMax, wrong)
}

function isData(value: unknown): value is Data {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
