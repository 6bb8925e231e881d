/** Row 3, drawn parts: names, replica pips, lag figures and the axis; bars and markers are on the canvas. */
import { count, seconds, short } from '../format.ts'
import { texts } from '../texts.ts'
import { make, nameObject, object, set, show, text, write } from '../svg.ts'
import { at, strikeMenu, type StageContext, type StagePart } from './context.ts'
import { lanesPerRow } from './lanes.ts'

interface LaneRow {
  readonly group: SVGElement
  readonly name: string
  readonly pips: readonly { readonly shape: SVGElement; readonly slot: number; readonly zone: string }[]
  readonly lagRecords: number
  readonly lagSeconds: number
  readonly blocked: number
  readonly records: SVGElement | null
  readonly age: SVGElement | null
}

/** Lanes under one label: one each up to 12, by four up to 24, else one drawn row each. */
function labelled(rows: number): number {
  return rows > 12 ? 4 : 1
}

const laneKinds = { partitions: 'partition', shards: 'shard', queue: 'queue' } as const

export function drawLog(parent: Element, c: StageContext): StagePart {
  const { column, g, rows: place } = c
  const { names, kind, replicas } = column.opened.stage.lanes
  const per = lanesPerRow(names.length)
  const drawn = Math.ceil(names.length / per)
  const height = g.log / Math.max(drawn, 1)
  const by = labelled(drawn)
  const list: LaneRow[] = []
  for (let i = 0; i < drawn; i++) {
    const y = place.log + i * height
    const middle = y + height / 2
    const lane = i * per
    const name = texts.lane(kind, names[lane] ?? String(lane))
    const group = object(parent, name, strikeMenu(c, name, g.name === 'phone' ? names.flatMap((_, n) => targetsOf(names, n)) : targetsOf(names, lane), laneKinds[kind]), laneKinds[kind])
    make(group, 'rect', { x: 0, y, width: g.width, height, class: 'hit' })
    if (by === 1) text(group, g.nameX, middle + 4, shortName(names[lane] ?? String(lane)), { class: 'i2', anchor: 'end' })
    const pips = by === 1 ? drawPips(group, c, lane, middle, replicas) : []
    const figures = by === 1
    list.push({
      group, name, pips, lagRecords: column.slot(`lane.${lane}.lagRecords`), lagSeconds: column.slot(`lane.${lane}.lagSeconds`),
      blocked: column.slot(`lane.${lane}.blocked`),
      records: figures && g.name === 'wide' ? text(group, g.width - 36, middle + 4, '', { anchor: 'end' }) : null,
      age: figures ? text(group, g.width, middle + 4, '', { class: `st in-${column.look}`, anchor: 'end' }) : null,
    })
  }
  const groups = by > 1 ? drawGroups(parent, c, { drawn, height, by, per }) : []
  const axis = drawAxis(parent, c)
  return {
    figures(frame, time) {
      for (const row of list) updateRow(row, frame)
      for (const group of groups) group(list, frame)
      axis.figures(frame, time)
    },
  }
}

/** Every target text that may mean this lane. */
function targetsOf(names: readonly string[], lane: number): string[] {
  return [names[lane] ?? '', `leader:${lane}`, `shard:${lane}`]
}

function shortName(name: string): string {
  return name.replace(/^.*[-_ ](?=\d+$)/, '')
}

function drawPips(group: Element, c: StageContext, lane: number, middle: number, replicas: number): LaneRow['pips'] {
  const { g, column } = c
  const zones = column.opened.stage.lanes.replicaZones[lane] ?? []
  // In zone order, so that a column of pips is one zone.
  const order = Array.from({ length: replicas }, (_, r) => r)
    .sort((one, other) => (zones[one] ?? '').localeCompare(zones[other] ?? '') || one - other).slice(0, 3)
  return order.map((r, place) => ({
    shape: make(group, 'circle', {
      cx: g.pipX + place * (g.pip + g.pipGap) + g.pip / 2, cy: middle, r: g.pip / 2 - 1, class: 'pip',
    }),
    slot: column.slot(`lane.${lane}.replica.${r}`),
    zone: zones[r] ?? '',
  }))
}

function updateRow(row: LaneRow, frame: Float64Array): void {
  let inSync = 0
  let leader = ''
  for (const pip of row.pips) {
    const state = at(frame, pip.slot)
    if (state >= 2) inSync++
    if (state === 3 && pip.zone !== '') leader = `, leader in zone-${pip.zone}`
    set(pip.shape, 'class', `pip pip-${Number.isNaN(state) ? 'unknown' : state}`)
  }
  const records = at(frame, row.lagRecords)
  const age = at(frame, row.lagSeconds)
  if (row.records !== null) write(row.records, Number.isNaN(records) ? '' : owed(records))
  if (row.age !== null) write(row.age, Number.isNaN(age) ? '' : oneDigit(age))
  const replicas = row.pips.length > 0 ? `, ${inSync} of ${row.pips.length} in sync` : ''
  const blocked = at(frame, row.blocked) === 1 ? `, ${texts.cannotAppend}` : ''
  nameObject(row.group, `${row.name}${leader}${replicas}, lag ${count(records)} records, ${seconds(age)}${blocked}`)
}

/** Records that a lane owes, in four letters at most: the whole number is in its name. */
function owed(records: number): string {
  return records < 9999.5 ? count(records) : short(Math.round(records / 1000) * 1000)
}

function oneDigit(value: number): string {
  return value < 99.95 ? `${value.toFixed(1)} s` : `${count(value)} s`
}

type GroupUpdate = (rows: readonly LaneRow[], frame: Float64Array) => void

function drawGroups(
  parent: Element,
  c: StageContext,
  size: { drawn: number; height: number; by: number; per: number },
): GroupUpdate[] {
  const { g, rows: place, column } = c
  const updates: GroupUpdate[] = []
  for (let first = 0; first < size.drawn; first += size.by) {
    const last = Math.min(size.drawn, first + size.by) - 1
    const y = place.log + first * size.height
    const tall = (last - first + 1) * size.height
    const middle = y + tall / 2 + 4
    text(parent, g.barX - 10, middle, `${first * size.per}–${(last + 1) * size.per - 1}`, { class: 'i2', anchor: 'end' })
    make(parent, 'path', { d: `M${g.barX - 3} ${y + 1.5}h-3v${tall - 3}h3`, class: 'bracket' })
    const records = g.name === 'wide' ? text(parent, g.width - 36, middle, '', { anchor: 'end' }) : null
    const age = text(parent, g.width, middle, '', { class: `st in-${column.look}`, anchor: 'end' })
    updates.push((rows, frame) => {
      let sum = 0
      let worst = Number.NaN
      for (let i = first; i <= last; i++) {
        const row = rows[i]!
        sum += at(frame, row.lagRecords)
        const own = at(frame, row.lagSeconds)
        if (!(own <= worst)) worst = Number.isNaN(own) ? worst : own
      }
      if (records !== null) write(records, Number.isNaN(sum) ? '' : owed(sum))
      write(age, Number.isNaN(worst) ? '' : oneDigit(worst))
    })
  }
  return updates
}

function drawAxis(parent: Element, c: StageContext): StagePart {
  const { g, rows, column, store } = c
  const { names, kind } = column.opened.stage.lanes
  const y = rows.axis + g.axis - 3
  for (let k = 0; k <= 10; k++) {
    const x = g.barX + (g.barWidth * k) / 10
    make(parent, 'line', { x1: x, x2: x, y1: rows.axis, y2: rows.axis + 2.5, class: 'edge' })
  }
  const all = text(parent, 0, y, texts.lanes(kind, names.length), { class: 'i3' })
  const far = text(parent, g.barX + 2, y, '', { class: 'i3' })
  const restart = text(parent, 0, y, '', { class: 'st', anchor: 'end' })
  const reached = text(parent, 0, y, '', { class: `in-${column.look}` })
  const again = text(parent, 0, y, '', { class: 'bad halo' })
  const now = text(parent, g.barX + g.barWidth, y, texts.now, { class: 'i3', anchor: 'end' })
  text(parent, g.width, y, names.length <= 12 ? texts.lag : g.name === 'phone' ? texts.worstShort : texts.worst, { class: 'i3', anchor: 'end' })
  const againSlot = column.slot('lane.0.again')
  const reachedSlot = column.slot('lane.0.reached')
  const readSlot = column.slot('lane.0.read')
  const checkpoint = column.slot('cp.lastId')
  return {
    figures(frame, time) {
      const x = (when: number): number => g.barX + g.barWidth * (1 - (time - when) / store.span)
      const xr = x(at(frame, againSlot))
      const behind = at(frame, readSlot) <= at(frame, reachedSlot)
      const id = at(frame, checkpoint)
      const seen = behind && xr > g.barX + 20 && xr < g.barX + g.barWidth * 0.85
      show(restart, seen)
      set(restart, 'x', xr - 2)
      write(restart, Number.isNaN(id) ? texts.startsAgain : `${texts.checkpoint} ${id}`)
      const xs = x(at(frame, reachedSlot))
      const told = seen && xs > xr && xs < g.barX + g.barWidth - (g.name === 'phone' ? 60 : 118)
      show(reached, told)
      show(now, !told || xs < g.barX + g.barWidth - 150)
      set(reached, 'x', xs + 2)
      write(reached, g.name === 'phone' ? texts.readBefore : texts.readUntil)
      show(far, !seen || xr > g.barX + 130)
      // On a phone there is room for one of the two.
      show(all, g.name === 'wide' && (!seen || xr > 170))
      write(far, `−${store.span} s`)
      if (kind !== 'shards') return
      show(now, true)
      const last = column.moments.findLast((moment) => moment.kind === 'retried' && moment.at <= time)
      const isHere = last !== undefined && last.at > time - store.span
      show(again, isHere)
      if (!isHere) return
      const xa = x(last.at)
      show(now, xa < g.barX + g.barWidth * 0.86)
      const right = xa < g.barX + g.barWidth * 0.55
      set(again, 'x', xa + (right ? 7 : -7))
      set(again, 'text-anchor', right ? 'start' : 'end')
      write(again, g.name === 'phone' ? texts.ranAgainShort : texts.ranAgain(last.which))
    },
  }
}
