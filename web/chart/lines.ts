/** Charts of lines: latency, throughput, lag in seconds and in records, damage, what is unsettled. */
import { count, seconds, short, unknown } from '../format.ts'
import { texts } from '../texts.ts'
import { line, plain, strong, thin, type ChartDefinition } from './definition.ts'
import { nextTop, type Label } from './geometry.ts'

const { chartTitles, chartUnits } = texts

function linear(least: number): ChartDefinition['domain'] {
  return (now, most) => ({ low: 0, high: nextTop(now?.high ?? 0, most, least), log: false })
}

export const latency: ChartDefinition = {
  title: chartTitles.latency, unit: chartUnits.latency, figure: 'visible-latency', heat: null, bars: null, limits: 's',
  series: [line('m.visibleP99', 'visible p99'), thin('m.visibleP50', 'visible p50'), thin('m.processedP99', 'processed p99')],
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

/** How far above what is offered the axis goes: what a catch-up bursts beyond is marked with its figure. */
const burstShown = 1.9

export const throughput: ChartDefinition = {
  title: chartTitles.throughput, unit: chartUnits.throughput, figure: 'throughput', heat: null, bars: null, limits: '/s',
  series: [
    { channel: 'm.offeredRate', name: 'offered', weight: 'thin', shared: true }, thin('m.answeredRate', 'answered'),
    line('m.visibleRate', 'visible'),
  ],
  domain: (now, most, offered) => ({ low: 0, high: nextTop(now?.high ?? 0, offered > 0 ? Math.min(most, (burstShown / 1.12) * offered) : most, 10), log: false }),
  tick: short,
  reading: (column, time) => count(column.value('m.visibleRate', time)),
  labels: (columns, time, y) => columns.flatMap((column) => {
    const labels: Label[] = []
    const offered = column.value('m.offeredRate', time)
    if (Number.isNaN(offered)) return labels
    if (column.number === 0) labels.push({ text: `${texts.offered} ${count(offered)}`, y: y(offered) - 8, look: 'i2' })
    const visible = column.value('m.visibleRate', time)
    labels.push({ text: `${column.letter} ${texts.visible} ${count(visible)}`, y: y(Number.isNaN(visible) ? 0 : visible) + 4, look: strong(column) })
    const answered = column.value('m.answeredRate', time)
    if (Math.abs(answered - offered) > 0.05 * offered) labels.push({ text: `${column.letter} ${texts.answeredWord} ${count(answered)}`, y: y(answered), look: plain(column) })
    return labels
  }),
}

export const lag: ChartDefinition = {
  title: chartTitles.lag, unit: chartUnits.lag, figure: 'lag', heat: null, bars: null, limits: null,
  series: [line('m.lagSeconds', 'lag seconds')],
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
    if (now > 1) labels.push({ text: `${count(records)} ${chartUnits['lag-records']}`, y: y(now) + 1, look: plain(column) })
    const drain = column.value('m.drainSeconds', time)
    if (now > 1) labels.push({ text: `${texts.drain}: ${seconds(drain)}`, y: y(now) + 2, look: plain(column) })
    return labels
  }),
}

export const lagRecords: ChartDefinition = {
  title: chartTitles['lag-records'], unit: chartUnits['lag-records'], figure: 'lag-records', heat: null, bars: null, limits: null,
  series: [line('m.lagRecords', 'lag records')],
  domain: linear(100),
  tick: short,
  reading: (column, time) => count(column.value('m.lagRecords', time)),
  labels: (columns, time, y) => columns.flatMap((column) => {
    const now = column.value('m.lagRecords', time)
    if (Number.isNaN(now)) return []
    const drain = column.value('m.drainSeconds', time)
    const labels: Label[] = [{ text: `${column.letter} ${count(now)}`, y: y(now), look: strong(column) }]
    if (!Number.isNaN(drain) && drain > 1) labels.push({ text: `${texts.drain}: ${seconds(drain)}`, y: y(now) + 1, look: plain(column) })
    return labels
  }),
}

export const unsettled: ChartDefinition = {
  title: chartTitles.unsettled, unit: chartUnits.unsettled, figure: 'unsettled', heat: null, bars: null, limits: null,
  series: [line('m.unsettled', 'unsettled')],
  domain: linear(100),
  tick: short,
  reading: (column, time) => count(column.value('m.unsettled', time)),
  labels: (columns, time, y) => columns.flatMap((column) => {
    const now = column.value('m.unsettled', time)
    return Number.isNaN(now) ? [] : [{ text: `${column.letter} ${count(now)}`, y: y(now), look: strong(column) }]
  }),
}

export const damage: ChartDefinition = {
  title: chartTitles.damage, unit: chartUnits.damage, figure: 'duplicates', heat: null, bars: null, limits: null,
  series: [line('m.duplicates', 'duplicates'), thin('m.lost', 'lost'), thin('m.lostAcknowledged', 'lost acknowledged')],
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
      labels.push({ text: `${column.letter} ${count(lost)} ${texts.lost}, ${count(column.value('m.lostAcknowledged', time))} ${texts.acknowledgedLost}`, y: y(lost), look: strong(column) })
    }
    if (losing.length === 0) labels.push({ text: `${texts.lost}: ${columns.map((c) => `${c.letter} ${count(c.value('m.lost', time))}`).join(', ')}`, y: y(0), look: '' })
    return labels
  },
}
