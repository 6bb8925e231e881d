/** Paints rows of heat and bars by phase into a plot. */
import type { Brush } from './brush.ts'
import type { Column } from '../column-data.ts'
import type { Palette } from '../palette.ts'
import { heatMost, heatOther, type Heat } from './definition.ts'
import { pastSeconds, timeScale } from './geometry.ts'
import type { Plot } from './paint.ts'

/** Each column has its half of the plot, A above; neighbours in time with the same level are one rectangle. */
export function paintHeat(paint: Brush, colours: Palette, plot: Plot, heat: Heat, x: (time: number) => number): void {
  const { frame, columns, playhead } = plot
  const room = (frame.bottom - frame.top - 2 * columns.length) / columns.length
  columns.forEach((column, c) => {
    const rows = heat.rows(column)
    const height = room / Math.max(1, rows)
    const top = frame.top + c * (room + 4)
    for (let row = 0; row < rows; row++) paintRow(paint, colours, { plot, heat, column, row, x, playhead, y: top + row * height, height: Math.max(0.5, height - (height > 4 ? 1 : 0)) })
  })
  paint.globalAlpha = 1
}

interface HeatRow {
  readonly plot: Plot
  readonly heat: Heat
  readonly column: Column
  readonly row: number
  readonly x: (time: number) => number
  readonly playhead: number
  readonly y: number
  readonly height: number
}

function paintRow(paint: Brush, colours: Palette, what: HeatRow): void {
  const { plot, heat, column, row, x, playhead, y, height } = what
  const { ring } = column
  const first = Math.max(0, ring.indexAt(playhead - pastSeconds))
  const last = ring.indexAt(playhead)
  let from = Number.NaN
  let level = -1
  const flush = (to: number): void => {
    if (level < 0) return
    const left = Math.max(plot.frame.left, from)
    if (to <= left) return
    paint.globalAlpha = 1
    paint.fillStyle = level === heatOther ? colours[heat.other] : colours[heat.ground]
    paint.fillRect(left, y, to - left, height)
    if (level === 0 || level === heatOther) return
    paint.globalAlpha = 0.15 + (0.85 * level) / heatMost
    paint.fillStyle = colours[heat.colour(column)]
    paint.fillRect(left, y, to - left, height)
  }
  for (let i = first; i <= last; i++) {
    const next = heat.level(column, ring.row(i), row, plot.domain)
    if (next === level) continue
    const at = x(ring.timeOf(i))
    flush(at)
    level = next
    from = at
  }
  if (last >= 0) flush(Math.min(x(playhead), x(ring.timeOf(last) + 0.1)))
}

/** Bars of each column at their moments, phases from the bottom: the first solid, what follows pale. */
export function paintBars(paint: Brush, colours: Palette, plot: Plot, x: (time: number) => number): void {
  const { definition, frame, playhead, columns } = plot
  if (definition.bars === null) return
  const width = Math.max(3, Math.min(10, timeScale(frame).perSecond * 0.28))
  for (const column of columns) {
    for (const bar of definition.bars(column, playhead - pastSeconds, playhead)) {
      let sum = 0
      bar.phases.forEach((phase, i) => {
        const base = plot.y(sum)
        sum += phase
        paint.fillStyle = bar.isBad ? colours['bad-soft'] : i === 0 ? colours[`${column.look}-fill`] : colours[`${column.look}-soft`]
        const left = x(bar.at) - width / 2
        if (left >= frame.left) paint.fillRect(left, plot.y(sum), width, base - plot.y(sum))
      })
      if (bar.isBad) paintCross(paint, colours.bad, x(bar.at), plot.y(sum) - 6)
    }
  }
}

/** A cross of a fault or of what was aborted. */
export function paintCross(paint: Brush, colour: string, x: number, y: number): void {
  paint.strokeStyle = colour
  paint.lineWidth = 1.7
  paint.beginPath()
  paint.moveTo(x - 3.2, y - 3.2)
  paint.lineTo(x + 3.2, y + 3.2)
  paint.moveTo(x + 3.2, y - 3.2)
  paint.lineTo(x - 3.2, y + 3.2)
  paint.stroke()
}
