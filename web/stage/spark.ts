/** Paints what was offered and refused over the last twenty seconds into the source row. */
import type { Column } from '../column-data.ts'
import type { Palette } from '../palette.ts'
import { sparkline } from './source.ts'

const pastSeconds = 20

export function paintSpark(paint: CanvasRenderingContext2D, colours: Palette, column: Column, playhead: number): void {
  const { x, y, width, height } = sparkline
  const { ring } = column
  paint.fillStyle = colours.edge
  paint.fillRect(x, y + height - 1, width, 1)
  const newest = ring.indexAt(playhead)
  const first = Math.max(0, newest - pastSeconds * 10)
  const offered = column.slot('m.offeredRate')
  if (newest < 1 || offered < 0) return
  let most = 1
  for (let i = first; i <= newest; i++) most = Math.max(most, ring.row(i)[offered]! || 0)
  for (const [name, colour] of [['m.offeredRate', colours['ink-2']], ['m.refusedRate', colours.bad]] as const) {
    const slot = column.slot(name)
    if (slot < 0) continue
    paint.strokeStyle = colour
    paint.lineWidth = 1.2
    paint.beginPath()
    let down = false
    for (let i = first; i <= newest; i++) {
      const value = ring.row(i)[slot]!
      const px = x + width * (1 - (playhead - ring.timeOf(i)) / pastSeconds)
      if (Number.isNaN(value) || px < x || (slot !== offered && value === 0)) { down = false; continue }
      const py = y + height - 2 - (value / (most * 1.2)) * (height - 2)
      if (down) paint.lineTo(px, py)
      else paint.moveTo(px, py)
      down = true
    }
    paint.stroke()
  }
}
