/** Charts on demand: lag of every lane, work of every operator, checkpoints by phase. */
import type { Column } from '../column-data.ts'
import { seconds, share } from '../format.ts'
import { texts } from '../texts.ts'
import { heatMost, heatOther, strong, type Bar, type ChartDefinition, type Heat } from './definition.ts'
import { nextTop, type Label } from './geometry.ts'

const { chartTitles, chartUnits } = texts
const rowsMax = 48
/** Facts tell durations in nanoseconds. */
const nanos = 1e9

/** Slot numbers of channels by column and pattern, looked up once. */
const slots = new WeakMap<Column, Map<string, number[]>>()

function slotsOf(column: Column, name: string, rows: number, of: (row: number) => string): number[] {
  let known = slots.get(column)
  if (known === undefined) slots.set(column, (known = new Map()))
  let list = known.get(name)
  if (list === undefined) known.set(name, (list = Array.from({ length: rows }, (_, row) => column.slot(of(row)))))
  return list
}

const lanesOf = (column: Column): number => Math.min(rowsMax, column.opened.stage.lanes.names.length)

const laneHeat: Heat = {
  rows: lanesOf,
  value: (column, frame, row) => frame[slotsOf(column, 'lag', lanesOf(column), (i) => `lane.${i}.lagSeconds`)[row]!] ?? Number.NaN,
  level(column, frame, row, domain) {
    const value = laneHeat.value(column, frame, row)
    return Number.isNaN(value) ? -1 : value < 0.01 * domain.high ? 0 : Math.max(1, Math.min(heatMost, Math.round((value / domain.high) * heatMost)))
  },
  ground: 'done', other: 'bad', colour: (column) => `${column.look}-fill`,
}

function worstLane(column: Column, time: number): { readonly lane: number; readonly value: number } {
  const frame = column.frameAt(time)
  let lane = 0
  for (let row = 1; row < lanesOf(column); row++) if (laneHeat.value(column, frame, row) > laneHeat.value(column, frame, lane)) lane = row
  return { lane, value: laneHeat.value(column, frame, lane) }
}

/** Middle of a column's half of a heat plot, on a value axis from 0 to 1. */
const half = (column: Column, y: (value: number) => number, high: number): number => y(high * (column.number === 0 ? 0.75 : 0.25))

export const lanes: ChartDefinition = {
  title: chartTitles.lanes, unit: chartUnits.lanes, figure: 'lane', heat: laneHeat, bars: null, limits: null,
  series: [],
  domain: (now, most) => ({ low: 0, high: nextTop(now?.high ?? 0, most, 1), log: false }),
  tick: () => '',
  reading: (column, time) => {
    const { lane, value } = worstLane(column, time)
    return Number.isNaN(value) ? '' : `${column.opened.stage.lanes.names[lane] ?? lane}: ${seconds(value)}`
  },
  labels: (columns, time, y) => columns.flatMap((column): Label[] => {
    const { lane, value } = worstLane(column, time)
    if (Number.isNaN(value)) return []
    return [{ text: `${column.letter} ${texts.worstLane(column.opened.stage.lanes.names[lane] ?? String(lane), seconds(value))}`, y: half(column, y, 1), look: strong(column) }]
  }),
}

interface Operator {
  readonly state: number
  readonly busy: number
  readonly back: number
}

const operatorSlots = new WeakMap<Column, Operator[]>()

/** One entry a slot, or an environment; -1 where a column has no such channel. */
function operatorsOf(column: Column): Operator[] {
  let list = operatorSlots.get(column)
  if (list !== undefined) return list
  const { processing } = column.opened.stage
  const slot = (name: string): number => column.slot(name)
  if (processing.kind === 'functions') {
    list = Array.from({ length: processing.environments }, (_, i) => ({ state: slot(`env.${i}.state`), busy: -1, back: -1 }))
  } else {
    list = processing.nodes.filter((node) => node.slots > 0).flatMap((node, n) => Array.from({ length: node.slots }, (_, s) => ({
      state: slot(`slot.${n}.${s}.state`), busy: slot(`slot.${n}.${s}.busy`), back: slot(`slot.${n}.${s}.back`),
    })))
  }
  list = list.slice(0, rowsMax)
  operatorSlots.set(column, list)
  return list
}

const workHeat: Heat = {
  rows: (column) => operatorsOf(column).length,
  value(column, frame, row) {
    const one = operatorsOf(column)[row]!
    const state = frame[one.state] ?? Number.NaN
    // Environments: executing or not. Slots: the busy share of one that runs.
    if (one.busy < 0) return state === 2 ? 1 : state === 1 || state === 3 ? 0 : Number.NaN
    return state === 1 ? frame[one.busy]! : Number.NaN
  },
  level(column, frame, row) {
    const one = operatorsOf(column)[row]!
    const value = workHeat.value(column, frame, row)
    if (Number.isNaN(value)) return -1
    if (one.back >= 0 && frame[one.back]! > 0.5) return heatOther
    return Math.min(heatMost, Math.round(value * heatMost))
  },
  ground: 'idle', other: 'back', colour: (column) => (column.opened.stage.processing.kind === 'functions' ? 'ink-2' : 'busy'),
}

function meanOf(column: Column, time: number, which: 'busy' | 'back'): number {
  const frame = column.frameAt(time)
  let sum = 0
  let n = 0
  for (const one of operatorsOf(column)) {
    if (frame[one.state] !== 1) continue
    sum += frame[one[which]]!
    n++
  }
  return n > 0 ? sum / n : Number.NaN
}

function workWords(column: Column, time: number): string {
  if (column.opened.stage.processing.kind === 'functions') {
    const n = column.value('fn.executing', time)
    return Number.isNaN(n) ? '' : texts.executingNow(String(n))
  }
  const busy = meanOf(column, time, 'busy')
  return Number.isNaN(busy) ? '' : texts.busyMean(share(busy, 1), share(meanOf(column, time, 'back'), 1))
}

export const operators: ChartDefinition = {
  title: chartTitles.operators, unit: chartUnits.operators, figure: 'busy', heat: workHeat, bars: null, limits: null,
  series: [], domain: () => ({ low: 0, high: 1, log: false }), tick: () => '',
  reading: workWords,
  labels: (columns, time, y) => columns.flatMap((column): Label[] => {
    const words = workWords(column, time)
    return words === '' ? [] : words.split(', ').map((part, i) => ({ text: i === 0 ? `${column.letter} ${part}` : part, y: half(column, y, 1) + i, look: strong(column) }))
  }),
}

/** Finished ones by phase, aborted ones whole, as the facts of the column tell them. */
function checkpointBars(column: Column, from: number, to: number): Bar[] {
  const bars: Bar[] = []
  for (let i = column.facts.length - 1; i >= 0; i--) {
    const fact = column.facts[i]!
    if (fact.at < from) break
    if (fact.at > to) continue
    const duration = (fact.numbers[1] ?? Number.NaN) / nanos
    const alignment = (fact.numbers[2] ?? 0) / nanos
    if (fact.code === 'flink.checkpoint-completed') bars.push({ at: fact.at, phases: [alignment, duration - alignment], isBad: false })
    else if (fact.code === 'flink.checkpoint-aborted') bars.push({ at: fact.at, phases: [duration], isBad: true })
  }
  return bars
}

export const checkpoints: ChartDefinition = {
  title: chartTitles.checkpoints, unit: chartUnits.checkpoints, figure: 'checkpoint', heat: null, bars: checkpointBars, limits: null,
  series: [],
  domain: (now, most) => ({ low: 0, high: nextTop(now?.high ?? 0, most, 0.1), log: false }),
  tick: (value) => seconds(value),
  reading: (column, time) => {
    const last = checkpointBars(column, time - 60, time).at(0)
    return last === undefined ? '' : seconds(last.phases.reduce((sum, phase) => sum + phase, 0))
  },
  labels: (columns, time, y) => columns.flatMap((column): Label[] => {
    const last = checkpointBars(column, time - 60, time).at(0)
    if (column.opened.stage.coordination !== 'checkpoints') return [{ text: `${column.letter} ${texts.noCheckpoints}`, y: y(0) - 2, look: 'i2' }]
    if (last === undefined) return []
    const [alignment = 0, rest = 0] = last.phases
    return [
      { text: `${column.letter} ${seconds(alignment + rest)}`, y: y(alignment + rest), look: strong(column) },
      ...(last.isBad ? [] : texts.phases(seconds(alignment), seconds(rest)).split(', ').map((part, i) => ({ text: part, y: y(alignment + rest) + 1 + i, look: 'i2' }))),
    ]
  }),
}
