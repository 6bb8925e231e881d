/** Undo and redo over whole RunSpecs, and where two of them part. Pure. */
import { parseDuration, type RunSpec } from '../src/host/api.ts'
import { readFault } from './faults.ts'

/** Most specs kept in either direction. */
const stepsMax = 100

/** A run is a value, so that a step back is just the spec of before. */
export interface History {
  readonly past: readonly RunSpec[]
  readonly future: readonly RunSpec[]
}

export const noHistory: History = { past: [], future: [] }

/** After an edit: the spec of before can be returned to, what was undone before cannot. */
export function edited(history: History, before: RunSpec): History {
  return { past: [...history.past, before].slice(-stepsMax), future: [] }
}

/** The spec of before and the history once it is in force; null at the beginning. */
export function undone(history: History, now: RunSpec): { readonly spec: RunSpec; readonly history: History } | null {
  const spec = history.past.at(-1)
  return spec === undefined ? null : { spec, history: { past: history.past.slice(0, -1), future: [...history.future, now] } }
}

/** The spec that was undone last and the history once it is in force; null when there is none. */
export function redone(history: History, now: RunSpec): { readonly spec: RunSpec; readonly history: History } | null {
  const spec = history.future.at(-1)
  return spec === undefined ? null : { spec, history: { past: [...history.past, now], future: history.future.slice(0, -1) } }
}

/**
 * Seconds up to which two specs give the same run, Infinity when they are equal; null when more than faults and
 * changes differ, so that it begins anew.
 */
export function parting(before: RunSpec, after: RunSpec): number | null {
  const frame = ({ faults: _faults, changes: _changes, ...rest }: RunSpec): string => JSON.stringify(rest)
  if (frame(before) !== frame(after)) return null
  const faults = apart(before.faults, after.faults, (fault) => fault, faultMoment)
  const changes = apart(before.changes, after.changes, (change) => JSON.stringify(change), changeMoment)
  return Math.min(Infinity, ...faults, ...changes)
}

/** What an edit took out and put in, in words; settings count as one. */
export function editText(before: RunSpec, after: RunSpec, words: { out(entry: string): string; in(entry: string): string; setting: string }): string {
  const entries = ({ faults, changes }: RunSpec): string[] => [...faults, ...changes.map(({ label, key, value }) => `${label}: ${key} = ${value}`)]
  const [old, now] = [entries(before), entries(after)]
  const said = [
    ...old.filter((entry) => !now.includes(entry)).map((entry) => words.out(entry)),
    ...now.filter((entry) => !old.includes(entry)).map((entry) => words.in(entry)),
  ]
  return (said.length > 0 ? said : [words.setting]).join(', ')
}

/** The moments of the entries that only one of the lists has, and of those whose order is another. */
function apart<T>(before: readonly T[], after: readonly T[], text: (entry: T) => string, moment: (entry: T) => number): number[] {
  let same = 0
  while (same < before.length && same < after.length && text(before[same]!) === text(after[same]!)) same++
  return [...before.slice(same), ...after.slice(same)].map(moment)
}

/** Earliest moment at which a written fault can act, seconds; 0 where nothing is said of it. */
function faultMoment(text: string): number {
  const fault = readFault(text)
  return (fault?.at ?? fault?.on?.after ?? 0) / 1e9
}

/** When a change acts, seconds; 0 where its time is none. */
export function changeMoment(change: RunSpec['changes'][number]): number {
  const at = parseDuration(change.at)
  return at.ok ? at.value / 1e9 : 0
}
