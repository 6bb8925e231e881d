/** A constraint at one moment, read from its channels: holds so far, unknown, broken. Nothing is judged here. */
import type { ConstraintLine } from '../src/host/api.ts'
import type { Column } from './column-data.ts'
import type { Sign } from './icons.ts'
import { texts } from './texts.ts'

export interface Verdict {
  readonly state: 'holds' | 'unknown' | 'broken'
  readonly sign: Sign
  /** NaN when not known. */
  readonly observed: number
  readonly atLeast: boolean
  /** Which number of the column it rests on. */
  readonly measures: 'latency' | 'throughput' | 'lost' | 'duplicated' | 'declared'
  /** What stands behind the figure: "lost", "duplicated" or nothing. */
  readonly word: string
  readonly relation: '<' | '≥' | ''
  /** First frame of the unbroken run of broken frames up to now, seconds. */
  readonly brokenAt: number | null
  /** It broke within the last six seconds. */
  readonly flipped: boolean
}

const flipSeconds = 6

/** The four constraints that have a cell: measured ones first, in scenario order. */
export function shown(lines: readonly ConstraintLine[]): { readonly line: ConstraintLine; readonly index: number }[] {
  const all = lines.map((line, index) => ({ line, index }))
  return [...all.filter((item) => !item.line.declared), ...all.filter((item) => item.line.declared)].slice(0, 4)
}

function measuresOf(line: ConstraintLine): Verdict['measures'] {
  if (line.declared) return 'declared'
  const about = `${line.id} ${line.text}`.toLowerCase()
  if (line.unit === 's' || /latency/.test(about)) return 'latency'
  if (/\/s/.test(line.unit) || /throughput|tps/.test(about)) return 'throughput'
  if (/semantic|once|duplic|order/.test(about)) return 'duplicated'
  return 'lost'
}

export function verdictOf(column: Column, line: ConstraintLine, index: number, time: number): Verdict {
  const state = column.value(`v.${index}.state`, time)
  const measures = measuresOf(line)
  const known = state === 1 ? 'holds' : state === -1 ? 'broken' : 'unknown'
  const brokenAt = known === 'broken' ? firstBroken(column, index, time) : null
  return {
    state: known,
    sign: known === 'holds' ? 'tick' : known === 'broken' ? 'cross' : 'dash',
    observed: column.value(`v.${index}.observed`, time),
    atLeast: column.value(`v.${index}.atLeast`, time) === 1,
    measures,
    word: measures === 'lost' ? texts.lost : measures === 'duplicated' ? texts.duplicated : '',
    relation: measures === 'latency' ? '<' : measures === 'throughput' ? '≥' : '',
    brokenAt,
    flipped: brokenAt !== null && brokenAt > 0 && time - brokenAt < flipSeconds,
  }
}

function firstBroken(column: Column, index: number, time: number): number {
  const slot = column.slot(`v.${index}.state`)
  const { ring } = column
  let i = ring.indexAt(time)
  const cache = brokenCache.get(column)?.get(index)
  if (cache !== undefined && ring.indexAt(cache) >= 0 && cache <= time && ring.row(ring.indexAt(cache))[slot] === -1) return cache
  while (i > 0 && ring.row(i - 1)[slot] === -1) i--
  const at = ring.timeOf(i)
  const known = brokenCache.get(column) ?? new Map<number, number>()
  brokenCache.set(column, known.set(index, at))
  return at
}

const brokenCache = new WeakMap<Column, Map<number, number>>()
