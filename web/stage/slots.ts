/** Row 4 for slots and workers: chips in their zones, slot cells filled idle, busy, backpressured in proportion. */
import { count } from '../format.ts'
import { texts } from '../texts.ts'
import { make, nameObject, object, set, text, write } from '../svg.ts'
import type { StageNode } from '../../src/host/api.ts'
import { Chip } from './chip.ts'
import { at, strikeMenu, type StageContext, type StagePart } from './context.ts'
import { zoneX } from './geometry.ts'
import { drawZones } from './zones.ts'

interface Cell {
  readonly update: (frame: Float64Array, time: number) => boolean
}

export function drawSlots(parent: Element, c: StageContext, nodes: readonly StageNode[]): StagePart {
  const { g, rows, column } = c
  drawZones(parent, g, rows.processing, g.processing, false)
  const workers = nodes.filter((node) => node.slots > 0)
  const sizes = chipSizes(nodes, g.processing, g.slotHeight)
  const items = nodes.map((node) => {
    const beside = nodes.filter((other) => other.zone === node.zone)
    const tall = sizes.of(node)
    const width = g.zone - 8
    const x = zoneX(g, node.zone) + 5
    const y = rows.processing + sizes.gap + beside.slice(0, beside.indexOf(node)).reduce((sum, other) => sum + sizes.of(other) + sizes.gap, 0)
    const pitch = node.slots > 0 ? Math.min(g.slot + g.slotGap, (width - 8) / node.slots) : 0
    const inset = node.slots > 0 ? (width - node.slots * pitch + g.slotGap) / 2 : 6
    const name = properName(node.name)
    const wrapper = make(parent, 'g')
    const kind = node.slots > 0 ? 'worker' : 'coordinator'
    const chip = new Chip(wrapper, { full: name, short: g.name === 'phone' ? shorten(name) : name, tight: shorten(name) }, {
      x, y, width, height: tall, inset, baseline: tall < 40 ? 12 : 15,
    }, strikeMenu(c, name, [node.id, ...node.roles], kind), kind)
    const slotHeight = tall < 40 ? 14 : Math.min(g.slotHeight, tall - 25)
    const cells = Array.from({ length: node.slots }, (_, s) => drawCell(wrapper, c, {
      x: x + inset + s * pitch, y: y + tall - slotHeight - (tall < 40 ? 2.5 : 5), width: pitch - g.slotGap, height: slotHeight,
      prefix: `slot.${workers.indexOf(node)}.${s}`, name: `${name}`, targets: [node.id, ...node.roles], number: s + 1,
    }))
    const slot = (what: string): number => column.slot(`node.${node.id}.${what}`)
    return {
      node, wrapper, chip, cells, state: slot('state'), restartIn: slot('restartIn'), incarnation: slot('incarnation'),
      sessionIn: slot('sessionIn'), sessionFor: slot('sessionFor'),
    }
  })
  const attempt = column.slot('cp.restartAttempt')
  const tasks = column.slot('cp.tasks')
  const phone = g.name === 'phone'
  return {
    figures(frame, time) {
      const used = items.map((item) => item.cells.reduce((n, cell) => n + (cell.update(frame, time) ? 1 : 0), 0))
      const all = used.reduce((sum, n) => sum + n, 0)
      const asked = at(frame, tasks)
      items.forEach((item, i) => {
        const tries = at(frame, attempt)
        const restarting = item.node.slots === 0 && tries > 0
        set(item.wrapper, 'class', `state-${at(frame, item.state)}`)
        item.chip.update({
          state: at(frame, item.state), restartIn: at(frame, item.restartIn), incarnation: at(frame, item.incarnation), sessionIn: at(frame, item.sessionIn), sessionFor: at(frame, item.sessionFor),
          right: item.node.slots > 0 ? `${used[i]} / ${item.node.slots}` : restarting ? `${texts.attempt} ${count(tries)}` : asked > 0 ? `${all} / ${asked}` : '',
          detail: item.node.slots > 0 || sizes.of(item.node) < 28 ? '' : phone ? `${all} / ${count(asked)} ${texts.tasks}` : restarting ? `${texts.restarting}, ${texts.attempt} ${count(tries)}` : texts.coordinates,
        })
      })
    },
  }
}

/** Heights that fit the fullest zone, the same in every zone: boxes of one kind look alike. */
function chipSizes(nodes: readonly StageNode[], room: number, slot: number): { of(node: StageNode): number; readonly gap: number } {
  const zones = [...new Set(nodes.map((node) => node.zone))].map((zone) => nodes.filter((node) => node.zone === zone))
  const most = Math.max(2, ...zones.map((list) => list.length))
  const largest = slot + 28
  if (most <= 2) {
    const tall = Math.min(largest, (room - 8) / 2)
    return { of: () => tall, gap: (room - 2 * tall) / 3 }
  }
  const gap = 2.5
  const needs = (list: readonly StageNode[]): number => list.reduce((sum, node) => sum + (node.slots > 0 ? 1.9 : 1), 0)
  const unit = Math.min(...zones.map((list) => (room - (list.length + 1) * gap) / needs(list)))
  return { of: (node) => Math.min(largest, unit * (node.slots > 0 ? 1.9 : 1)), gap }
}

/** A process's name as its product writes it. */
function properName(name: string): string {
  return name.replace(/^task-?manager[- ]?(?=\d)/i, 'TaskManager ').replace(/^job-?manager$/i, 'JobManager')
}

function shorten(name: string): string {
  return name.replace(/task-?manager[- ]?/i, 'TM ').replace(/job-?manager/i, 'JM')
}

function drawCell(
  parent: Element,
  c: StageContext,
  place: { x: number; y: number; width: number; height: number; prefix: string; name: string; targets: readonly string[]; number: number },
): Cell {
  const { x, y, width, height, prefix } = place
  const inner = { y: y + 1, height: height - 2 }
  const group = object(parent, `${texts.slot} ${place.number}`, strikeMenu(c, place.name, place.targets, 'slot'), 'slot')
  const idle = make(group, 'rect', { x: x + 1, ...inner, width: 0, class: 'idle' })
  const busy = make(group, 'rect', { x: x + 1, ...inner, width: 0, class: 'busy' })
  const back = make(group, 'rect', { x: x + 1, ...inner, width: 0, class: 'back' })
  const outline = make(group, 'rect', { x: x + 0.5, y: y + 0.5, width: width - 1, height: height - 1, rx: 2, class: 'slot' })
  const strike = make(group, 'path', { d: `M${x + 3} ${y + height - 3}L${x + width - 3} ${y + 3}`, class: 'slot-strike' })
  const label = text(group, x + width / 2, y + height / 2 + 4, '', { anchor: 'middle' })
  const slot = (what: string): number => c.column.slot(`${prefix}.${what}`)
  const subtask = slot('subtask')
  const state = slot('state')
  const busyShare = slot('busy')
  const backShare = slot('back')
  const full = width - 2
  return {
    update(frame, time) {
      const is = at(frame, state)
      // A dead slot keeps the number of what died in it.
      const who = is === 3 ? lastKnown(c.column, subtask, time) : at(frame, subtask)
      const running = is === 1
      const b = running ? clamp(at(frame, busyShare)) : 0
      const k = running ? Math.min(clamp(at(frame, backShare)), 1 - b) : 0
      set(back, 'width', full * k)
      set(busy, 'x', x + 1 + full * k)
      set(busy, 'width', full * b)
      set(idle, 'x', x + 1 + full * (k + b))
      set(idle, 'width', running ? full * (1 - b - k) : 0)
      set(outline, 'class', `slot slot-${Number.isNaN(is) ? 'unknown' : is}`)
      set(strike, 'visibility', is === 3 && who >= 0 ? 'visible' : 'hidden')
      set(label, 'class', running ? (k > 0.5 ? 'on' : '') : is === 3 ? 'dead' : 'i2')
      write(label, who >= 0 ? String(who + 1) : '')
      nameObject(group, `${texts.slot} ${place.number} of ${place.name}, ${texts.slotNow(who, is, b, k)}`)
      return running
    },
  }
}

/** How far back a number is looked for, frames. */
const backMost = 300

/** The last value of a slot up to `time` that was not "none", -1 if that is long ago. */
function lastKnown(column: StageContext['column'], slot: number, time: number): number {
  const { ring } = column
  const newest = ring.indexAt(time)
  for (let i = newest; i >= Math.max(0, newest - backMost); i--) {
    const value = at(ring.row(i), slot)
    if (value >= 0) return value
  }
  return -1
}

function clamp(value: number): number {
  return value > 0 ? Math.min(value, 1) : 0
}
