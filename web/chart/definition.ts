/** What a chart is made of: lines over time, or rows of heat, and the words at their ends. */
import type { Column } from '../column-data.ts'
import type { ColourName } from '../palette.ts'
import type { FigureId } from '../texts/figures.ts'
import type { Domain, Label } from './geometry.ts'

export type ChartKind = 'latency' | 'throughput' | 'lag' | 'damage' | 'lag-records' | 'unsettled' | 'lanes' | 'operators' | 'checkpoints'

export interface Series {
  readonly channel: string
  /** What it is called in tables and files. */
  readonly name: string
  readonly weight: 'line' | 'thin'
  /** Drawn once, in ink, because it is the same in all columns. */
  readonly shared: boolean
}

/** Levels of a cell: -1 unknown, 0 nothing to 8 as much as the scale shows, 9 a third state with its own colour. */
export const heatMost = 8
export const heatOther = 9

/** One row a lane or operator, each coloured by its level at each frame. */
export interface Heat {
  rows(column: Column): number
  level(column: Column, frame: Float64Array, row: number, domain: Domain): number
  readonly ground: ColourName
  readonly other: ColourName
  colour(column: Column): ColourName
  /** What a file says of a cell: the value behind its level, NaN unknown. */
  value(column: Column, frame: Float64Array, row: number): number
}

/** A bar at a moment, cut into phases from the bottom. */
export interface Bar {
  readonly at: number
  readonly phases: readonly number[]
  readonly isBad: boolean
}

export interface ChartDefinition {
  readonly title: string
  readonly unit: string
  /** The entry that says what the figure is. */
  readonly figure: FigureId
  readonly series: readonly Series[]
  readonly heat: Heat | null
  /** Bars of a column between two moments, null for charts without. */
  readonly bars: ((column: Column, from: number, to: number) => Bar[]) | null
  /** Unit of the constraint that is drawn as a line, null for none. */
  readonly limits: 's' | '/s' | null
  /** `most` is the greatest value in view, `offered` the greatest of the shared series. */
  domain(now: Domain | null, most: number, offered: number): Domain
  tick(value: number): string
  /** What the crosshair says of a column at a time. */
  reading(column: Column, time: number): string
  /** Labels in the blank future, at their lines' ends. */
  labels(columns: readonly Column[], time: number, y: (value: number) => number): Label[]
}

/** A thick line of each column. */
export const line = (channel: string, name: string): Series => ({ channel, name, weight: 'line', shared: false })
/** A thin line of each column. */
export const thin = (channel: string, name: string): Series => ({ channel, name, weight: 'thin', shared: false })

export const strong = (column: Column): string => `st in-${column.look}`
export const plain = (column: Column): string => `in-${column.look}`
