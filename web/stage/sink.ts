/** Row 6: what readers can see, what waits, what was repeated or lost; each number leads to Why. */
import type { Column } from '../column-data.ts'
import { count, figure, seconds } from '../format.ts'
import { texts } from '../texts.ts'
import { make, nameObject, object, set, show, text, write } from '../svg.ts'
import { at, strikeMenu, type StageContext, type StagePart } from './context.ts'

/** Top of the output lane below the figures, from the top of the row. */
export const outputTop = 22

export function drawSink(parent: Element, c: StageContext): StagePart {
  const { g, rows, column, store } = c
  const { kind, name, reader } = column.opened.stage.output
  const phone = g.name === 'phone'
  const y = rows.sink
  const base = y + 14
  make(parent, 'line', { x1: 0, x2: g.width, y1: y + 0.5, y2: y + 0.5, class: 'hair' })
  const group = object(parent, name, strikeMenu(c, name, ['sink', name], 'output'), 'output')
  make(group, 'rect', { x: 0, y: phone ? y + 20 : y, width: g.barX - 4, height: phone ? 14 : g.sink, class: 'hit' })
  if (!phone) text(group, 0, base, name, { class: 'm st' })
  const lane = y + outputTop + g.outputLane / 2 + 3
  text(group, 0, lane, phone ? texts.visible : kind === 'log' ? texts.committed : texts.table, { class: 'i3' })
  const columns = phone ? [0, 110, 214, 304] : [0, 122, 266, 374].map((x) => g.barX + (x * g.barWidth) / 384)
  const parts = [
    { kind: 'visible', word: texts.visible, slot: known(column, 'out.visible', 'm.delivered') },
    { kind: 'waiting', word: phone || kind === 'table' ? texts.waiting : texts.waitingCommit, slot: column.slot('out.waiting') },
    { kind: 'duplicated', word: texts.duplicated, slot: known(column, 'm.duplicated', 'out.duplicated') },
    { kind: 'lost', word: texts.lost, slot: known(column, 'm.lost', 'out.lost') },
  ].map((item, i) => {
    const link = object(parent, item.word, () => store.select({ column: column.number, kind: item.kind }), 'number')
    link.classList.add('link')
    const line = make(link, 'text', { x: columns[i]!, y: base, 'aria-hidden': 'true' })
    const number = make(line, 'tspan', { class: `${phone ? 'm' : 'n'} st number` })
    const word = make(line, 'tspan', { class: 'i2', dx: 4 })
    write(word, item.word)
    return { ...item, link, number, line }
  })
  const ago = text(parent, g.width, lane, '', { anchor: 'end', class: 'st' })
  const held = text(parent, g.barX + 8, lane, '', { class: `in-${column.look} halo` })
  const again = text(parent, 0, lane, '', { class: 'bad halo' })
  const endSlot = column.slot('out.end')
  const stableSlot = column.slot('out.stable')
  const openSlot = column.slot('cp.openTransactions')
  return {
    figures(frame, time) {
      for (const part of parts) {
        const value = at(frame, part.slot)
        write(part.number, figure(value) || '–')
        set(part.line, 'class', value > 0 && (part.kind === 'duplicated' || part.kind === 'lost') ? 'bad' : '')
        nameObject(part.link, `${count(value)} ${part.word}, why`)
      }
      const stable = at(frame, stableSlot)
      const end = at(frame, endSlot)
      const since = time - stable
      write(ago, Number.isNaN(stable) ? '' : g.name === 'phone' ? seconds(since) : `${since.toFixed(1)} s ago`)
      const room = (Math.max(since, time - end) / store.span) * g.barWidth
      const holds = since > 2.5 && room > (phone ? 60 : 250) && at(frame, openSlot) > 0
      show(held, holds)
      const from = time - end > store.span * 0.45 ? end : stable
      set(held, 'x', g.barX + g.barWidth * Math.max(0, 1 - (time - from) / store.span) + 6)
      write(held, phone ? texts.heldShort : texts.held)
      writeAgain(again, c, time)
      nameObject(group, `${name}, read as ${reader}, newest visible ${Number.isNaN(stable) ? 'unknown' : `${seconds(since)} ago`}`)
    },
  }
}

/** The first of two channels that this column has. */
function known(column: Column, first: string, second: string): number {
  const slot = column.slot(first)
  return slot >= 0 ? slot : column.slot(second)
}

/** Says beside its last mark how much was written again within the lane. */
function writeAgain(label: SVGElement, c: StageContext, time: number): void {
  const { g, column, store } = c
  let sum = 0
  let last = Number.NaN
  for (let i = column.marks.length - 1; i >= 0; i--) {
    const mark = column.marks[i]!
    if (mark.at > time || mark.kind !== 'again') continue
    if (mark.at < time - store.span) break
    if (Number.isNaN(last)) last = mark.at
    sum += mark.amount
  }
  const x = g.barWidth * (1 - (time - last) / store.span)
  const right = x < g.barWidth - 120
  show(label, sum > 0)
  if (sum === 0) return
  set(label, 'x', g.barX + x + (right ? 8 : -8))
  set(label, 'text-anchor', right ? 'start' : 'end')
  write(label, `${count(sum)} ${texts.writtenAgain}`)
}
