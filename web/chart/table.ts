/** A chart as a table: what the frames of the run hold, for files and for readers who cannot see the lines. Pure. */
import type { Column } from '../column-data.ts'
import { charts, type ChartKind } from './kinds.ts'

export type Cell = number | string | null

export interface Table {
  readonly names: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
}

/** Frames of two columns are of one moment when they are this close, seconds. */
const sameMoment = 0.01

interface Source {
  readonly name: string
  read(frame: Float64Array): number
}

function sourcesOf(kind: ChartKind, column: Column): Source[] {
  const { heat, series } = charts[kind]
  if (heat !== null) {
    return Array.from({ length: heat.rows(column) }, (_, row) => ({
      name: `${column.letter} ${row}`, read: (frame) => heat.value(column, frame, row),
    }))
  }
  return series.filter((one) => !one.shared || column.number === 0).map((one) => {
    const slot = column.slot(one.channel)
    return { name: one.shared ? one.name : `${column.letter} ${one.name}`, read: (frame) => frame[slot] ?? Number.NaN }
  })
}

const known = (value: number): Cell => (Number.isFinite(value) ? Number(value.toPrecision(9)) : null)

/** Every frame that is kept, from the first to `to` seconds; unknown cells are null, never 0. */
export function tableOf(kind: ChartKind, columns: readonly Column[], to: number): Table {
  const { bars } = charts[kind]
  if (bars !== null) {
    const rows = columns.flatMap((column) => bars(column, 0, to).reverse().map((bar) => [
      column.letter, known(bar.at), ...(bar.isBad ? [null, known(bar.phases[0] ?? Number.NaN), 'aborted'] : [...bar.phases.map(known), 'completed']),
    ]))
    return { names: ['column', 'at_s', 'alignment_s', 'rest_s', 'end'], rows }
  }
  const first = columns[0]
  if (first === undefined) return { names: [], rows: [] }
  const sources = columns.map((column) => sourcesOf(kind, column))
  const rows: Cell[][] = []
  for (let i = 0; i < first.ring.length && first.ring.timeOf(i) <= to + 1e-9; i++) {
    const time = first.ring.timeOf(i)
    rows.push([known(time), ...columns.flatMap((column, c) => {
      const at = column.ring.indexAt(time + sameMoment / 2)
      const isSame = at >= 0 && Math.abs(column.ring.timeOf(at) - time) < sameMoment
      return sources[c]!.map((source) => (isSame ? known(source.read(column.ring.row(at))) : null))
    })])
  }
  return { names: ['time_s', ...sources.flat().map((source) => source.name)], rows }
}

/** What the lines are at one moment: a name and a value, NaN unknown. */
export function valuesAt(kind: ChartKind, columns: readonly Column[], time: number): { readonly name: string; readonly value: number }[] {
  return columns.flatMap((column) => sourcesOf(kind, column).map((source) => ({ name: source.name, value: source.read(column.frameAt(time)) })))
}

/** Comma-separated, a header line first; an unknown cell is empty. */
export function csvOf(table: Table): string {
  const cell = (value: Cell): string => value === null ? '' : typeof value === 'number' ? String(value) : /[",\n]/.test(value) ? `"${value.replace(/"/g, '""')}"` : value
  return `${[table.names, ...table.rows].map((row) => row.map(cell).join(',')).join('\n')}\n`
}
