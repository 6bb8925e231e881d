/** Row 1: what arrives, what is refused, and how many records a dot stands for. */
import { count, figure } from '../format.ts'
import { texts } from '../texts.ts'
import { box, nameObject, object, text, write } from '../svg.ts'
import { isTight } from './geometry.ts'
import { at, strikeMenu, type StageContext, type StagePart } from './context.ts'

/** Where the sparkline lies in the source row, stage units. */
export const sparkline = { x: 200, y: 9, width: 92, height: 14 }

export function drawSource(parent: Element, c: StageContext, perDot: () => number): StagePart {
  const { column, g } = c
  const phone = g.name === 'phone'
  const n = column.opened.stage.sources.length
  const name = `${n} ${n === 1 ? 'source' : 'sources'}`
  const group = object(parent, name, strikeMenu(c, name, ['source', ...column.opened.stage.sources], 'sources'), 'sources')
  box(group, 0, 2, g.width, g.source - 4, 'plain')
  const y = g.source / 2 + 4
  text(group, 8, y, name, { class: 'm st' })
  const offered = text(group, phone ? 80 : 84, y, '', { class: phone ? '' : 'm' })
  const refused = text(group, phone ? 184 : 304, y, '', { class: phone ? '' : 'm' })
  const mapping = text(group, g.width - 8, y, '', { class: 'i3', anchor: 'end' })
  const rate = column.slot('m.offeredRate')
  const refusedRate = column.slot('m.refusedRate')
  const refusedCount = column.slot('m.refused')
  return {
    figures(frame) {
      const offeredText = `${figure(at(frame, rate)) || '–'}/s offered`
      const refusedNow = at(frame, refusedRate)
      const refusedText = Number.isNaN(refusedNow) ? `${figure(at(frame, refusedCount)) || '–'} refused` : `${count(refusedNow)}/s refused`
      write(offered, offeredText)
      write(refused, refusedText)
      refused.classList.toggle('bad', refusedNow > 0)
      write(mapping, `● ${isTight(g) || refusedNow >= 1000 ? texts.dotShort(perDot()) : texts.dot(perDot())}`)
      nameObject(group, `${name}, ${offeredText}, ${refusedText}`)
    },
  }
}
