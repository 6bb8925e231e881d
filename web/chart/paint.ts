/** Paints a chart's plot: future, tint of an open outage, outage strips, fault lines, limit, lines, crosshair. */
import type { Column } from '../column-data.ts'
import type { Palette } from '../palette.ts'
import type { Brush } from './brush.ts'
import type { ChartDefinition } from './definition.ts'
import { decimate, openSpans, pastSeconds, timeScale, type Domain, type Frame } from './geometry.ts'
import { paintBars, paintCross, paintHeat } from './paint-rows.ts'

/** A fault as the charts show it; `to` is null for one that is an instant or ended by the platform. */
export interface FaultBand {
  readonly from: number
  readonly to: number | null
}

export interface Plot {
  readonly domain: Domain
  readonly definition: ChartDefinition
  readonly frame: Frame
  readonly y: (value: number) => number
  readonly ticks: readonly number[]
  readonly limit: number | null
  readonly columns: readonly Column[]
  readonly faults: readonly FaultBand[]
  /** End of the warm-up, seconds; what lies before it counts in no verdict. */
  readonly warmup: number
  /** Left of this the title stands above the plot: crosses go below it. */
  readonly titleEnd: number
  readonly crosshair: number | null
  readonly playhead: number
}

export function paintPlot(paint: Brush, colours: Palette, plot: Plot): void {
  const { frame, playhead } = plot
  const { perSecond, nowX } = timeScale(frame)
  const x = (time: number): number => nowX - (playhead - time) * perSecond
  paint.fillStyle = colours['bg-2']
  paint.fillRect(nowX, frame.top - 10, frame.width - nowX, frame.bottom - frame.top + 10)
  paintWarmup(paint, colours, plot, x)
  plot.columns.forEach((column, i) => paintOutages(paint, colours, { plot, column, x, nowX, y: frame.top - 9 + i * 5 }))
  paint.fillStyle = colours.hair
  for (const tick of plot.ticks) paint.fillRect(frame.left, Math.round(plot.y(tick)) - 0.5, frame.width - frame.left, 1)
  if (plot.definition.heat !== null) paintHeat(paint, colours, plot, plot.definition.heat, x)
  paintBars(paint, colours, plot, x)
  if (plot.limit !== null && plot.limit <= plot.domain.high) {
    paint.fillStyle = colours.ink
    paint.fillRect(frame.left, plot.y(plot.limit) - 0.5, frame.width - frame.left, 1)
  }
  paintGhosts(paint, colours, plot, x)
  paintLines(paint, colours, plot, x)
  for (const fault of plot.faults) paintFault(paint, colours, plot, x, fault)
  paint.fillStyle = colours['ink-3']
  paint.fillRect(nowX - 0.5, frame.top - 10, 1, frame.bottom - frame.top + 10)
  if (plot.crosshair !== null) paintCrosshair(paint, colours, frame, x(plot.crosshair))
}

/** First frame of a column that the plot can show, one earlier than its left edge. */
function firstShown(column: Column, playhead: number): number {
  return Math.max(0, column.ring.indexAt(playhead - pastSeconds))
}

function paintOutages(
  paint: Brush,
  colours: Palette,
  what: { plot: Plot; column: Column; x: (time: number) => number; nowX: number; y: number },
): void {
  const { plot, column, nowX, y } = what
  const slot = column.slot('m.outage')
  if (slot < 0) return
  const { ring } = column
  const first = firstShown(column, plot.playhead)
  const n = ring.indexAt(plot.playhead) - first + 1
  const spans = openSpans(n, (i) => ring.timeOf(first + i), (i) => ring.row(first + i)[slot]!)
  for (const span of spans) {
    const from = Math.max(plot.frame.left, what.x(span.from))
    const to = span.to === null ? nowX : what.x(span.to)
    if (span.to === null) {
      paint.globalAlpha = 0.38
      paint.fillStyle = colours[`${column.look}-soft`]
      paint.fillRect(from, plot.frame.top, to - from, plot.frame.bottom - plot.frame.top)
      paint.globalAlpha = 1
    }
    paint.fillStyle = colours[column.look]
    paint.fillRect(from, y, to - from, 4)
    if (span.to !== null) continue
    paint.beginPath()
    paint.moveTo(to, y - 1)
    paint.lineTo(to + 5, y + 2)
    paint.lineTo(to, y + 5)
    paint.fill()
  }
}

function paintLines(paint: Brush, colours: Palette, plot: Plot, x: (time: number) => number): void {
  for (const column of plot.columns) {
    const { ring } = column
    const first = firstShown(column, plot.playhead)
    const n = ring.indexAt(plot.playhead) - first + 1
    for (const series of plot.definition.series) {
      const slot = column.slot(series.channel)
      if (slot < 0 || (series.shared && column.number > 0)) continue
      const runs = decimate(n,
        (i) => Math.max(plot.frame.left, x(ring.timeOf(first + i))),
        (i) => plot.y(ring.row(first + i)[slot]!))
      paint.strokeStyle = series.shared ? colours['ink-2'] : colours[column.look]
      paint.lineWidth = series.weight === 'line' ? 2 : 1.1
      paint.setLineDash(column.number > 0 && !series.shared ? [5, 3] : [])
      // Dashes are anchored in time, so that they travel with the line.
      paint.lineDashOffset = (plot.playhead * ((plot.frame.width - plot.frame.left) * plot.frame.nowShare) / pastSeconds) % 8
      paint.lineJoin = 'round'
      paint.beginPath()
      for (const run of runs) {
        paint.moveTo(run[0]!, run[1]!)
        for (let k = 2; k < run.length; k += 2) paint.lineTo(run[k]!, run[k + 1]!)
        if (run.length === 2) paint.lineTo(run[0]! + 1, run[1]!)
      }
      paint.stroke()
    }
  }
  paint.setLineDash([])
}

/** What was computed before the last fault or change took it back: thin and dotted, into the blank future as well. */
function paintGhosts(paint: Brush, colours: Palette, plot: Plot, x: (time: number) => number): void {
  const { frame, playhead } = plot
  const { perSecond, nowX } = timeScale(frame)
  paint.globalAlpha = 0.75
  paint.lineWidth = 1.1
  paint.setLineDash([2, 3])
  for (const column of plot.columns) {
    const series = plot.definition.series.find((one) => one.weight === 'line')
    const slot = series === undefined ? -1 : column.slot(series.channel)
    if (slot < 0) continue
    const time = column.slot('time')
    const rows = column.ghostBetween(playhead - pastSeconds, playhead + (frame.width - nowX) / perSecond)
    paint.strokeStyle = colours[column.look]
    paint.beginPath()
    for (const run of decimate(rows.length, (i) => x(rows[i]![time]!), (i) => plot.y(rows[i]![slot]!))) {
      paint.moveTo(run[0]!, run[1]!)
      for (let k = 2; k < run.length; k += 2) paint.lineTo(run[k]!, run[k + 1]!)
    }
    paint.stroke()
  }
  paint.setLineDash([])
  paint.globalAlpha = 1
}

function paintWarmup(paint: Brush, colours: Palette, plot: Plot, x: (time: number) => number): void {
  const { frame } = plot
  const to = Math.min(x(plot.warmup), timeScale(frame).nowX)
  const from = Math.max(frame.left, x(0))
  if (to <= from) return
  paint.fillStyle = colours['bg-2']
  paint.fillRect(from, frame.top, to - from, frame.bottom - frame.top)
  paint.fillStyle = colours.hair
  paint.fillRect(to - 0.5, frame.top, 1, frame.bottom - frame.top)
}

/** A line where a fault begins, with its cross above; a bar along the top for as long as it lasts. */
function paintFault(paint: Brush, colours: Palette, plot: Plot, x: (time: number) => number, fault: FaultBand): void {
  const { frame, playhead } = plot
  const end = Math.min(fault.to ?? fault.from, playhead)
  if (fault.from > playhead || end < playhead - pastSeconds) return
  paint.fillStyle = colours.bad
  const at = x(fault.from)
  if (end > fault.from) {
    const from = Math.max(frame.left, at)
    paint.fillRect(from, frame.top - 11.5, x(end) - from, 1.5)
  }
  if (at < frame.left) return
  paint.fillRect(at - 0.75, frame.top - 10, 1.5, frame.bottom - frame.top + 10)
  if (at > plot.titleEnd) paintCross(paint, colours.bad, at, frame.top - 15.5)
  else paintCross(paint, colours.bad, at + 7, frame.top + 6)
}

function paintCrosshair(paint: Brush, colours: Palette, frame: Frame, x: number): void {
  if (x < frame.left) return
  paint.strokeStyle = colours.ink
  paint.lineWidth = 1
  paint.setLineDash([1, 2])
  paint.beginPath()
  paint.moveTo(Math.round(x) + 0.5, frame.top - 10)
  paint.lineTo(Math.round(x) + 0.5, frame.bottom)
  paint.stroke()
  paint.setLineDash([])
}
