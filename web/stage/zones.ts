/** Three zone frames with a letter and a patterned edge: solid, barred, dotted. */
import { box, make, text } from '../svg.ts'
import { zoneX, type Geometry } from './geometry.ts'

const dashes: Readonly<Record<'a' | 'b' | 'c', string>> = { a: 'none', b: '2 2', c: '0.1 5' }

/** Draws the frames at `y`; the letter where the chips leave room for it. */
export function drawZones(parent: Element, g: Geometry, y: number, height: number, letters: boolean): void {
  for (const zone of ['a', 'b', 'c'] as const) {
    const x = zoneX(g, zone)
    box(parent, x, y, g.zone, height, 'zone')
    make(parent, 'line', {
      x1: x + 2, x2: x + 2, y1: y + 2, y2: y + height - 2, class: `zone-edge zone-${zone}`,
      'stroke-dasharray': dashes[zone],
    })
    if (letters) text(parent, x + (g.name === 'phone' ? 9.5 : 11), y + height / 2 + 4, zone, { class: 'st i2', anchor: 'middle' })
  }
}
