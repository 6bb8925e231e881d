/** Faults and changes of a RunSpec, held against what each column is. */
import { checkChange, checkFault, findFaultKind, formatFault, type Change, type Fault } from '../contract/fault.ts'
import { quoted } from '../contract/issue.ts'
import type { Sizing, Workload } from '../contract/scenario.ts'
import { allFactCodes, findFactCode } from '../kernel/index.ts'
import type { Notes } from '../scenario/notes.ts'
import { unknownLabel, type DraftColumn } from './check-columns.ts'
import { nearestNames } from './nearest.ts'

/** What faults are held against. */
export interface FaultGround {
  readonly columns: readonly DraftColumn[]
  readonly workload: Workload
  readonly sizing: Sizing
  readonly durationNanos: number
  readonly notes: Notes
}

/** All faults that could be read; what a column cannot do is noted there, and is left out of its list. */
export function checkFaults(given: readonly unknown[], ground: FaultGround): { faults: Fault[]; byColumn: Fault[][] } {
  const faults: Fault[] = []
  const byColumn: Fault[][] = ground.columns.map(() => [])
  for (const [i, text] of given.entries()) {
    const path = `faults[${i}]`
    const parsed = checkFault(text, path)
    if (!parsed.ok) {
      for (const issue of parsed.issues) {
        const said = typeof text === 'string' && !issue.message.includes(text) ? ` (in ${quoted(text)})` : ''
        ground.notes.add(issue.code, issue.path, null, issue.message + said)
      }
      continue
    }
    const fault = parsed.value
    faults.push(fault)
    checkMoment(fault, path, ground)
    if (findFaultKind(fault.kind)?.strikes === 'workload') {
      checkSource(fault, path, ground)
      for (const list of byColumn) list.push(fault)
    } else place(fault, path, ground, byColumn)
  }
  return { faults, byColumn }
}

function checkMoment(fault: Fault, path: string, ground: FaultGround): void {
  const { notes, columns, durationNanos } = ground
  if (fault.at !== undefined && fault.at >= durationNanos) {
    notes.add('spec.range', `${path}.at`, null, `expected a fault before the end at ${durationNanos / 1e9}s, found ${quoted(formatFault(fault))}`)
  }
  if (fault.only !== undefined && !columns.some(({ label }) => label === fault.only)) {
    notes.add('spec.label', `${path}.only`, null, unknownLabel(fault.only, columns))
  }
  if (fault.on === undefined) return
  const code = findFactCode(fault.on.code)
  if (code === undefined) {
    const nearest = nearestNames(fault.on.code, allFactCodes().map((known) => known.code), 3)
    notes.add('fault.on', `${path}.on`, null, `${quoted(fault.on.code)} is no fact: the nearest are ${nearest.join(', ')}`)
    return
  }
  for (const { name } of fault.on.where ?? []) {
    if (code.numbers.includes(name)) continue
    const numbers = code.numbers.length === 0 ? 'none' : code.numbers.join(', ')
    notes.add('fault.where', `${path}.where`, null, `${code.code} has no number ${quoted(name)}: it has ${numbers}`)
  }
}

/** Workload faults strike sources, which are the scenario's and equal in all columns. */
function checkSource(fault: Fault, path: string, ground: FaultGround): void {
  const { target } = fault
  if (target === null || target === 'source') return
  const lane = /^source-(\d{1,4})$/.exec(target)
  if (lane !== null && Number(lane[1]) >= 1 && Number(lane[1]) <= ground.workload.sources) return
  ground.notes.add('fault.target', `${path}.target`, null, `${quoted(target)} is no source: expected source-1 to source-${ground.workload.sources}`)
}

/** Gives the fault to each column where it means something; nowhere is an issue, elsewhere a note. */
function place(fault: Fault, path: string, ground: FaultGround, byColumn: Fault[][]): void {
  const concerned = ground.columns.flatMap((column, i) => (fault.only === undefined || fault.only === column.label ? [{ column, i }] : []))
  const reasons = concerned.map(({ column }) => reasonAgainst(fault, column, ground.sizing))
  const struck = reasons.filter((reason) => reason === null).length
  for (const [n, { column, i }] of concerned.entries()) {
    const reason = reasons[n] as string | null
    if (reason === null) byColumn[i]?.push(fault)
    else if (struck > 0) column.notes.push(`faults differ: "${formatFault(fault)}" does nothing here: ${reason}`)
  }
  if (struck > 0 || concerned.length === 0) return
  ground.notes.add('fault.target', path, null, `${quoted(formatFault(fault))} strikes nothing: ${[...new Set(reasons)].join('; ')}`)
}

/** Why a column cannot have this fault, or null. */
function reasonAgainst(fault: Fault, { recipe }: DraftColumn, sizing: Sizing): string | null {
  const targets = recipe.targets(sizing).map(({ target }) => target)
  for (const name of [fault.target, ...(fault.to ?? [])]) {
    if (name === null || targets.includes(name)) continue
    const refusal = recipe.refuses(fault.kind, name)
    return refusal ?? `${quoted(name)} means nothing in ${recipe.title}; the nearest are ${nearestNames(name, targets, 3).join(', ')}`
  }
  return recipe.refuses(fault.kind, fault.target)
}

/** All changes that could be read, each of a live knob and with a value that the knob takes. */
export function checkChanges(given: readonly unknown[], ground: FaultGround): Change[] {
  const changes: Change[] = []
  const { notes, columns, durationNanos } = ground
  for (const [i, json] of given.entries()) {
    const path = `changes[${i}]`
    const parsed = checkChange(json, path)
    if (!parsed.ok) {
      for (const issue of parsed.issues) notes.add(issue.code, issue.path, null, issue.message)
      continue
    }
    const change = parsed.value
    changes.push(change)
    if (change.at >= durationNanos) {
      notes.add('spec.range', `${path}.at`, null, `expected a change before the end at ${durationNanos / 1e9}s, found ${change.at / 1e9}s`)
    }
    const column = columns.find(({ label }) => label === change.label)
    if (column === undefined) {
      notes.add('spec.label', `${path}.label`, null, unknownLabel(change.label, columns))
      continue
    }
    const issue = column.settings.copy().set(change.key, change.value)
    if (issue !== null) notes.add(issue.code, path, null, issue.message)
    else if (!(column.recipe.knobs.find(({ key }) => key === change.key)?.live ?? false)) {
      const live = column.recipe.knobs.filter((knob) => knob.live).map(({ key }) => key)
      const nearest = live.length === 0 ? 'none' : nearestNames(change.key, live, 3).join(', ')
      notes.add('change.fixed', `${path}.key`, null, `${change.key} belongs to the whole run; settings that can change while running: ${nearest}`)
    }
  }
  return changes
}
