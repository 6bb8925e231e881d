/** Row 5: the last 20 checkpoints as bars, or the concurrency of the last 20 seconds. */
import { count, figure, seconds } from '../format.ts'
import { drawSign } from '../icons.ts'
import type { ObjectKind } from '../texts/objects.ts'
import { texts } from '../texts.ts'
import { make, nameObject, object, set, show, text, write } from '../svg.ts'
import { at, type StageContext, type StagePart } from './context.ts'

const bars = 20

interface Bars {
  update(values: readonly { readonly height: number; readonly bad: boolean }[]): void
}

function drawBars(parent: Element, c: StageContext): Bars {
  const y = c.rows.coordination
  const base = y + c.g.coordination - 4
  const pitch = c.g.bar + 2
  const room = c.g.barHeight
  const list = Array.from({ length: bars }, (_, i) => ({
    bar: make(parent, 'rect', { x: i * pitch, y: base, width: c.g.bar, height: 0, class: 'bar' }),
    cross: make(parent, 'g', { class: 'bad' }),
  }))
  list.forEach((item, i) => drawSign(item.cross, i * pitch + c.g.bar / 2 - 4, base - room + 4, 8, 'sign')('cross'))
  make(parent, 'line', { x1: 0, x2: bars * pitch, y1: base + 0.5, y2: base + 0.5, class: 'edge' })
  return {
    update(values) {
      list.forEach((item, i) => {
        const value = values[values.length - bars + i]
        const height = value === undefined ? 0 : value.bad ? room - 1 : 3 + value.height * (room - 3)
        set(item.bar, 'height', height)
        set(item.bar, 'y', base - height)
        set(item.bar, 'class', value?.bad === true ? 'bar aborted' : 'bar')
        show(item.cross, value?.bad === true)
      })
    },
  }
}

interface Lines {
  readonly group: SVGElement
  readonly bars: Bars
  write(lines: readonly [string, string, string, string]): void
}

function drawFrame(parent: Element, c: StageContext, name: string, kind: ObjectKind): Lines {
  const y = c.rows.coordination
  const group = object(parent, name, null, kind)
  make(group, 'rect', { x: 0, y, width: c.g.width, height: c.g.coordination, class: 'hit' })
  const x = bars * (c.g.bar + 2) + (c.g.name === 'phone' ? 10 : 12)
  const first = y + c.g.coordination / 2 - 3
  const lines = [
    text(group, x, first, ''), text(group, x, first + 13, '', { class: 'i2' }),
    text(group, c.g.width, first, '', { class: 'st', anchor: 'end' }),
    text(group, c.g.width, first + 13, '', { class: 'i2', anchor: 'end' }),
  ]
  return {
    group,
    bars: drawBars(group, c),
    write(all) {
      lines.forEach((line, i) => write(line, all[i]!))
      nameObject(group, `${name}: ${all.filter((line) => line !== '').join(', ')}`)
    },
  }
}

export function drawCoordination(parent: Element, c: StageContext): StagePart {
  const kind = c.column.opened.stage.coordination
  if (kind === 'none') return { figures: () => undefined }
  return kind === 'checkpoints' ? checkpoints(parent, c) : functions(parent, c)
}

function checkpoints(parent: Element, c: StageContext): StagePart {
  const { column } = c
  const phone = c.g.name === 'phone'
  const lines = drawFrame(parent, c, texts.checkpoints, 'checkpoints')
  const acks = drawAcks(lines.group, c)
  const slot = (what: string): number => column.slot(`cp.${what}`)
  const s = {
    id: slot('id'), acks: slot('acks'), tasks: slot('tasks'), running: slot('running'), duration: slot('lastDuration'),
    last: slot('lastId'), open: slot('openTransactions'), oldest: slot('oldestOpen'),
  }
  return {
    figures(frame, time) {
      const past = column.marks.filter((m) => m.at <= time && (m.kind === 'checkpoint' || m.kind === 'aborted')).slice(-bars)
      const longest = past.reduce((most, m) => (m.kind === 'checkpoint' && m.amount > most ? m.amount : most), 0.001)
      lines.bars.update(past.map((m) => ({ height: m.kind === 'checkpoint' ? m.amount / longest : 1, bad: m.kind === 'aborted' })))
      const last = at(frame, s.last)
      const done = Number.isNaN(last) ? texts.noCheckpoint
        : phone ? `${last}: ${seconds(at(frame, s.duration))}` : `Checkpoint ${last}: done in ${seconds(at(frame, s.duration))}`
      const running = at(frame, s.running) === 1
      acks(running ? at(frame, s.acks) : Number.NaN, at(frame, s.tasks))
      const said = `${count(at(frame, s.acks))} / ${count(at(frame, s.tasks))}`
      const newest = past.at(-1)
      const next = running ? `${phone ? '' : 'Checkpoint '}${at(frame, s.id)}: ${said} acks`
        : newest?.kind === 'aborted' ? texts.lastAborted : ''
      const open = at(frame, s.open)
      const old = at(frame, s.oldest)
      lines.write([
        done, next,
        Number.isNaN(open) ? '' : `${count(open)} open ${phone ? '' : open === 1 ? 'transaction' : 'transactions'}`,
        open > 0 && !Number.isNaN(old) ? `${phone ? '' : 'oldest '}${seconds(old)}${phone ? '' : ' old'}` : '',
      ])
    },
  }
}

/** One cell a task, filled as its acknowledgement arrives; there only while a checkpoint is under way. */
function drawAcks(parent: Element, c: StageContext): (acks: number, tasks: number) => void {
  const cells: SVGElement[] = []
  const { g, rows } = c
  const group = make(parent, 'g', { 'aria-hidden': 'true' })
  return (acks, tasks) => {
    const wanted = g.name === 'phone' || Number.isNaN(acks) ? 0 : Math.min(24, tasks || 0)
    while (cells.length < wanted) {
      cells.push(make(group, 'rect', { x: g.width - 190 + cells.length * 5.5, y: rows.coordination + g.coordination / 2 - 9, width: 4, height: 6, class: 'ack' }))
    }
    cells.forEach((cell, i) => {
      show(cell, i < wanted)
      set(cell, 'class', i < acks ? 'ack in' : 'ack')
    })
  }
}

function functions(parent: Element, c: StageContext): StagePart {
  const { column } = c
  const phone = c.g.name === 'phone'
  const lines = drawFrame(parent, c, texts.concurrency, 'concurrency')
  const slot = (what: string): number => column.slot(`fn.${what}`)
  const s = { executing: slot('executing'), limit: slot('limit'), throttles: slot('throttles'), retries: slot('retries') }
  return {
    figures(frame, time) {
      const past: number[] = []
      for (let k = bars - 1; k >= 0; k--) if (time - k > 0) past.push(at(column.frameAt(time - k), s.executing) || 0)
      const most = Math.max(1, ...past)
      lines.bars.update(past.map((value) => ({ height: value / most, bad: false })))
      const retries = at(frame, s.retries)
      lines.write([
        `${phone ? 'concurrency' : 'Concurrency'} ${figure(at(frame, s.executing)) || '–'}${phone ? '' : ` of ${figure(at(frame, s.limit)) || '–'}`}`,
        `${figure(at(frame, s.throttles)) || '–'} throttled`,
        Number.isNaN(retries) ? '' : `${count(retries)} ${retries === 1 ? 'retry' : 'retries'}`, '',
      ])
    },
  }
}
