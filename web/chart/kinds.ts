/** The four charts: which channels they draw, in which weight, and what their labels say. */
import type { Column } from '../column-data.ts'
import { count, seconds, short, unknown } from '../format.ts'
import { texts } from '../texts.ts'
import { nextTop, type Domain, type Label } from './geometry.ts'

export type ChartKind = 'latency' | 'throughput' | 'lag' | 'damage'
export const chartKinds: readonly ChartKind[] = ['latency', 'throughput', 'lag', 'damage']

export interface Series {
  readonly channel: string
  readonly weight: 'line' | 'thin'
  /** Drawn once, in ink, because it is the same in all columns. */
  readonly shared: boolean
}

export interface ChartDefinition {
  readonly title: string
  readonly unit: string
  readonly series: readonly Series[]
  domain(now: Domain | null, most: number): Domain
  tick(value: number): string
  /** What the crosshair says of a column at a time. */
  reading(column: Column, time: number): string
  /** Labels in the blank future, at their lines' ends. */
  labels(columns: readonly Column[], time: number, y: (value: number) => number): Label[]
}

const line = (channel: string): Series => ({ channel, weight: 'line', shared: false })
const thin = (channel: string): Series => ({ channel, weight: 'thin', shared: false })

function linear(least: number): ChartDefinition['domain'] {
  return (now, most) => ({ low: 0, high: nextTop(now?.high ?? 0, most, least), log: false })
}

const strong = (column: Column): string => `st in-${column.look}`
const plain = (column: Column): string => `in-${column.look}`

const latency: ChartDefinition = {
  title: texts.latency,
  unit: texts.latencyUnit,
  series: [line('m.visibleP99'), thin('m.visibleP50'), thin('m.processedP99')],
  domain: (_, most) => ({ low: 0.01, high: most > 12 ? (most > 120 ? 1200 : 120) : 12, log: true }),
  tick: (value) => `${value} s`,
  reading: (column, time) => {
    const value = column.value('m.visibleP99', time)
    return Number.isNaN(value) ? unknown : `p99 ${seconds(value)}`
  },
  labels: (columns, time, y) => columns.flatMap((column) => {
    const p99 = column.value('m.visibleP99', time)
    const p50 = column.value('m.visibleP50', time)
    const processed = column.value('m.processedP99', time)
    const labels: Label[] = []
    if (!Number.isNaN(p99)) labels.push({ text: `${column.letter} p99 ${seconds(p99)}`, y: y(p99), look: strong(column) })
    else labels.push({ text: `${column.letter}: ${texts.nothingVisible}`, y: y(12), look: strong(column) })
    if (!Number.isNaN(p50)) labels.push({ text: `p50 ${seconds(p50)}`, y: y(p50), look: plain(column) })
    if (!Number.isNaN(processed) && processed < p99 * 0.4) labels.push({ text: `${texts.processed} ${seconds(processed)}`, y: y(processed), look: plain(column) })
    return labels
  }),
}

const throughput: ChartDefinition = {
  title: texts.throughput,
  unit: texts.perSecond,
  series: [{ channel: 'm.offeredRate', weight: 'thin', shared: true }, line('m.visibleRate')],
  domain: linear(10),
  tick: short,
  reading: (column, time) => count(column.value('m.visibleRate', time)),
  labels: (columns, time, y) => columns.flatMap((column) => {
    const labels: Label[] = []
    if (Number.isNaN(column.value('m.offeredRate', time))) return labels
    const offered = column.value('m.offeredRate', time)
    if (column.number === 0) labels.push({ text: `${texts.offered} ${count(offered)}`, y: y(offered) - 8, look: 'i2' })
    const visible = column.value('m.visibleRate', time)
    labels.push({ text: `${column.letter} ${count(visible)}`, y: y(Number.isNaN(visible) ? 0 : visible) + 4, look: strong(column) })
    return labels
  }),
}

const lag: ChartDefinition = {
  title: texts.lagTitle,
  unit: texts.secondsUnit,
  series: [line('m.lagSeconds')],
  domain: linear(1),
  tick: (value) => (value === 0 ? '0' : `${short(value)} s`),
  reading: (column, time) => seconds(column.value('m.lagSeconds', time)),
  labels: (columns, time, y) => columns.flatMap((column) => {
    const now = column.value('m.lagSeconds', time)
    const before = column.value('m.lagSeconds', time - 1)
    const trend = now > before + 0.25 ? `, ${texts.rising}` : now < before - 0.25 ? `, ${texts.falling}` : ''
    if (Number.isNaN(now)) return []
    const labels: Label[] = [{ text: `${column.letter} ${seconds(now)}${trend}`, y: y(now), look: strong(column) }]
    const records = column.value('m.lagRecords', time)
    if (now > 1) labels.push({ text: `${count(records)} records`, y: y(now) + 1, look: plain(column) })
    const drain = column.value('m.drainSeconds', time)
    if (now > 1) labels.push({ text: `${texts.drain}: ${seconds(drain)}`, y: y(now) + 2, look: plain(column) })
    return labels
  }),
}

const damage: ChartDefinition = {
  title: texts.damage,
  unit: texts.records,
  series: [line('m.duplicates'), thin('m.lost')],
  domain: linear(10),
  tick: short,
  reading: (column, time) => {
    const lost = column.value('m.lost', time)
    return `${count(column.value('m.duplicates', time))}${lost > 0 ? `, ${texts.lost} ${count(lost)}` : ''}`
  },
  labels: (columns, time, y) => {
    if (columns.every((column) => Number.isNaN(column.value('m.duplicates', time)))) return []
    const labels: Label[] = columns.map((column) => {
      const again = column.value('m.duplicates', time)
      return { text: `${column.letter} ${count(again)} ${again === 1 ? texts.duplicate : texts.duplicates}`, y: y(again || 0) - (again > 0 ? 0 : 10), look: strong(column) }
    })
    const losing = columns.filter((column) => column.value('m.lost', time) > 0)
    for (const column of losing) {
      const lost = column.value('m.lost', time)
      labels.push({ text: `${column.letter} ${count(lost)} ${texts.lost}`, y: y(lost), look: strong(column) })
    }
    if (losing.length === 0) labels.push({ text: `${texts.lost}: ${columns.map((c) => `${c.letter} ${count(c.value('m.lost', time))}`).join(', ')}`, y: y(0), look: '' })
    return labels
  },
}

export const charts: Readonly<Record<ChartKind, ChartDefinition>> = { latency, throughput, lag, damage }
