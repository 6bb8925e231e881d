/** What moves on a stage, painted behind its drawing: lane fills, the output lane, the sparkline, traffic dots. */
import { stripes, type Palette } from '../palette.ts'
import { at, type StageContext } from './context.ts'
import { crossSeconds, Dots, recordsPerDot, type DotKind } from './dots.ts'
import { between, lanesPerRow, laneParts } from './lanes.ts'
import { crossingAt, paintBarriers, paintRetries } from './moments.ts'
import { outputTop } from './sink.ts'
import { paintSpark } from './spark.ts'
import { Guide, targetXs } from './targets.ts'

interface LaneSlots {
  readonly end: number
  readonly visible: number
  readonly read: number
  readonly again: number
  readonly reached: number
}

const flowKinds: readonly { readonly kind: DotKind; readonly name: string }[] = [
  { kind: 'record', name: 'rate' }, { kind: 'retry', name: 'retries' }, { kind: 'error', name: 'errors' },
]

export class StageCanvas {
  readonly dots = new Dots()
  private readonly c: StageContext
  private readonly paint: CanvasRenderingContext2D
  private colours: Palette
  private open: CanvasPattern | string = ''
  private readonly lanes: readonly LaneSlots[]
  private readonly flows: readonly { gutter: number; target: number; kind: DotKind; slot: number; share: number }[]
  private readonly xs: number[][] = []
  private readonly guide: Guide
  private wayfinding = ''
  private readonly tops: readonly number[]
  private readonly offered: number
  private readonly out: { readonly end: number; readonly stable: number; readonly duplicated: number }
  private dotAt = 0

  constructor(c: StageContext, paint: CanvasRenderingContext2D, colours: Palette) {
    this.c = c
    this.paint = paint
    this.colours = colours
    const slot = (name: string): number => c.column.slot(name)
    this.lanes = c.column.opened.stage.lanes.names.map((_, i) => ({
      end: slot(`lane.${i}.end`), visible: slot(`lane.${i}.visible`), read: slot(`lane.${i}.read`),
      again: slot(`lane.${i}.again`), reached: slot(`lane.${i}.reached`),
    }))
    this.out = { end: slot('out.end'), stable: slot('out.stable'), duplicated: slot('out.duplicated') }
    this.tops = [c.rows.gutter0, c.rows.gutter1, c.rows.gutter2]
    this.flows = this.findFlows()
    this.guide = new Guide(c.column)
    this.offered = slot('m.offeredRate')
    this.theme(colours)
  }

  theme(colours: Palette): void {
    this.colours = colours
    this.open = stripes(this.paint, colours.bg, colours[this.c.column.look])
  }

  private findFlows(): StageCanvas['flows'] {
    const { column, g } = this.c
    const flows: { gutter: number; target: number; kind: DotKind; slot: number; share: number }[] = []
    this.tops.forEach((_, gutter) => {
      let targets = 0
      while (column.slot(`flow.${gutter}.${targets}.rate`) >= 0) targets++
      // One number for the whole gutter is drawn over its whole width.
      const places = targets === 1 ? column.opened.stage.lanes.names.length : targets
      this.xs[gutter] = targetXs(column.opened.stage, g, gutter, places)
      for (let target = 0; target < places; target++) {
        for (const { kind, name } of flowKinds) {
          const slot = column.slot(`flow.${gutter}.${targets === 1 ? 0 : target}.${name}`)
          if (slot >= 0) flows.push({ gutter, target, kind, slot, share: targets / places })
        }
      }
    })
    return flows
  }

  /** Records a dot stands for now, from what flows at this speed of play; it changes in 1-2-5 steps. */
  figures(frame: Float64Array, speed: number): void {
    this.follow(frame)
    const pace = Math.min(speed, 10)
    let busiest = 0
    for (const flow of this.flows) if (flow.kind === 'record') busiest = Math.max(busiest, (frame[flow.slot]! || 0) * flow.share)
    const next = recordsPerDot((at(frame, this.offered) || 0) * this.tops.length * pace, busiest * pace)
    if (next !== this.dots.perDot && (next > this.dots.perDot || next * 4 <= this.dots.perDot || next === 1)) this.dots.perDot = next
    // By what is offered, not by what happens to flow now, so that files do not flicker.
    const places = Math.max(1, this.xs[0]?.length ?? 1)
    this.dots.twin = ((at(frame, this.offered) || 0) * pace * crossSeconds) / places / this.dots.perDot > 3
  }

  /** Lets traffic land where leaders and readers are now. */
  private follow(frame: Float64Array): void {
    const now = this.guide.read(frame)
    const key = `${now.leaders.join('')} ${now.readers.join('')}`
    if (key === this.wayfinding) return
    this.wayfinding = key
    for (const gutter of [0, 1]) this.xs[gutter] = targetXs(this.c.column.opened.stage, this.c.g, gutter, this.xs[gutter]!.length, now)
  }

  draw(playhead: number, wallSeconds: number): void {
    const { g, rows, column, store } = this.c
    this.paint.clearRect(0, 0, g.width, rows.height)
    const frame = column.frameAt(playhead)
    const after = column.frameAfter(playhead)
    const t0 = at(frame, column.slot('time'))
    const t1 = at(after, column.slot('time'))
    const part = t1 > t0 ? Math.min(1, Math.max(0, (playhead - t0) / (t1 - t0))) : 0
    if (g.name !== 'phone') paintSpark(this.paint, this.colours, column, playhead)
    // Beyond the last frame nothing is known: what it shows is as of its own moment.
    const now = t1 > t0 || Number.isNaN(t0) ? playhead : t0
    this.drawLanes(frame, after, { part, playhead: now, span: store.span })
    this.drawOutput(frame, after, { part, playhead: now, span: store.span })
    this.drawDots(frame, playhead, wallSeconds)
    if (store.reducedMotion || column.opened.stage.coordination !== 'checkpoints') return
    const crossing = crossingAt(column.moments, playhead, store.play.speed)
    if (crossing !== null) paintBarriers(this.paint, this.colours, this.c, this.xs, crossing)
  }

  private drawLanes(
    frame: Float64Array,
    after: Float64Array,
    when: { readonly part: number; readonly playhead: number; readonly span: number },
  ): void {
    const { g, rows } = this.c
    const per = lanesPerRow(this.lanes.length)
    const drawn = Math.ceil(this.lanes.length / per)
    const height = g.log / Math.max(1, drawn)
    for (let r = 0; r < drawn; r++) {
      const lane = this.worstOf(frame, r * per, per)
      const read = (slot: number): number => slot < 0 ? Number.NaN : between(frame[slot]!, after[slot]!, when.part)
      const parts = laneParts({
        end: read(lane.end), visible: read(lane.visible), read: read(lane.read), again: read(lane.again), reached: read(lane.reached),
      }, when.playhead, when.span, g.barWidth)
      if (!Number.isNaN(parts.done)) this.drawLane(parts, rows.log + r * height, height)
    }
    paintRetries(this.paint, this.colours, this.c, { playhead: when.playhead, per, height })
  }

  /** The lane that stands furthest back among those that share a row. */
  private worstOf(frame: Float64Array, first: number, per: number): LaneSlots {
    let worst = this.lanes[first]!
    for (let i = first + 1; i < Math.min(first + per, this.lanes.length); i++) {
      if (at(frame, this.lanes[i]!.read) < at(frame, worst.read)) worst = this.lanes[i]!
    }
    return worst
  }

  private drawLane(parts: ReturnType<typeof laneParts>, y: number, height: number): void {
    const { paint, colours } = this
    const { g, column } = this.c
    const x = g.barX
    const pad = height > 10 ? Math.max(2, height * 0.13) : 1
    const tall = height - 2 * pad
    const fill = (from: number, to: number, colour: string | CanvasPattern): void => {
      if (to - from < 0.05) return
      paint.fillStyle = colour
      paint.fillRect(x + from, y + pad, to - from, tall)
    }
    fill(0, parts.done, colours.done)
    fill(parts.done, parts.again, colours[`${column.look}-soft`])
    fill(parts.again, parts.unread, colours[`${column.look}-fill`])
    fill(parts.unread, parts.hidden, this.open)
    if (parts.again - parts.done > 1) this.line(x + parts.again, y, height, colours[column.look], 1.2)
    if (parts.done - parts.restart > 1) this.line(x + parts.restart, y + pad, tall, colours['ink-3'], 1)
    this.line(x + parts.unread, y + 0.5, height - 1, colours.ink, 1.4)
    this.line(x + parts.done, y, height, colours.ink, 1.4)
    // In a row of many thin lanes the tick alone marks the reader.
    if (this.lanes.length <= 12) {
      paint.fillStyle = colours.ink
      paint.beginPath()
      const half = Math.min(6, height / 4)
      paint.moveTo(x + parts.done - half * 1.7, y + height / 2 - half)
      paint.lineTo(x + parts.done, y + height / 2)
      paint.lineTo(x + parts.done - half * 1.7, y + height / 2 + half)
      paint.fill()
    }
  }

  private line(x: number, y: number, height: number, colour: string, width: number): void {
    this.paint.fillStyle = colour
    this.paint.fillRect(x - width / 2, y, width, height)
  }

  private drawOutput(
    frame: Float64Array,
    after: Float64Array,
    when: { readonly part: number; readonly playhead: number; readonly span: number },
  ): void {
    const { paint, colours } = this
    const { g, rows, column } = this.c
    const y = rows.sink + outputTop
    const x = (time: number): number => g.barX + g.barWidth * Math.min(1, Math.max(0, 1 - (when.playhead - time) / when.span))
    const end = this.out.end < 0 ? Number.NaN : between(frame[this.out.end]!, after[this.out.end]!, when.part)
    const isLog = column.opened.stage.output.kind === 'log'
    // A table is readable at once, so its edge moves; a log's stable offset jumps, and is drawn where it is.
    const stable = isLog || this.out.stable < 0 ? at(frame, this.out.stable)
      : between(frame[this.out.stable]!, after[this.out.stable]!, when.part)
    paint.fillStyle = colours.edge
    paint.fillRect(g.barX, y + g.outputLane - 0.5, g.barWidth, 0.5)
    if (Number.isNaN(stable)) return
    paint.fillStyle = colours.done
    paint.fillRect(g.barX, y, x(stable) - g.barX, g.outputLane)
    if (end > stable && isLog) {
      paint.fillStyle = this.open
      paint.fillRect(x(stable), y, x(end) - x(stable), g.outputLane)
      this.line(x(end), y - 1, g.outputLane + 2, colours.ink, 1.6)
    }
    for (let i = column.marks.length - 1; i >= 0; i--) {
      const mark = column.marks[i]!
      if (mark.at > when.playhead) continue
      if (mark.at < when.playhead - when.span) break
      if (mark.kind === 'commit' && isLog) this.line(x(mark.at), y, g.outputLane, colours.ink, 2)
      if (mark.kind === 'again') this.line(x(mark.at), y - 2, g.outputLane + 3, colours.bad, 6)
    }
    if (isLog) this.flag(x(stable), y)
  }

  private flag(x: number, y: number): void {
    const { paint, colours } = this
    const { g } = this.c
    const look = colours[this.c.column.look]
    this.line(x, y - 4, g.outputLane + 5, look, 1.2)
    paint.fillStyle = look
    paint.beginPath()
    paint.moveTo(x, y - 4)
    paint.lineTo(x - 7, y - 1.4)
    paint.lineTo(x, y + 1.2)
    paint.fill()
  }

  private drawDots(frame: Float64Array, playhead: number, wallSeconds: number): void {
    const { colours, dots } = this
    const { g, store } = this.c
    if (store.reducedMotion) return
    const simulated = playhead - this.dotAt
    this.dotAt = playhead
    if (simulated < 0 || simulated > 1) {
      dots.clear()
      const speed = Math.min(store.play.speed, 10)
      for (const flow of this.flows) if (flow.kind === 'record') dots.fill(flow.gutter, flow.target, (frame[flow.slot]! || 0) * flow.share * speed)
    }
    else if (wallSeconds > 0) {
      dots.move(wallSeconds)
      for (const flow of this.flows) dots.send(flow.gutter, flow.target, flow.kind, (frame[flow.slot]! || 0) * flow.share * simulated)
    }
    for (const dot of dots.alive) {
      const x = this.xs[dot.gutter]?.[dot.target]
      if (x === undefined) continue
      this.dot(dots.twin ? x + dot.side * 2.6 : x, this.tops[dot.gutter]! + 2.5 + (dot.age / crossSeconds) * (g.gutter - 5), dot.kind, colours)
    }
  }

  private dot(x: number, y: number, kind: DotKind, colours: Palette): void {
    const { paint } = this
    paint.beginPath()
    if (kind === 'error') {
      paint.strokeStyle = colours.bad
      paint.lineWidth = 1.5
      paint.moveTo(x - 2.5, y - 2.5)
      paint.lineTo(x + 2.5, y + 2.5)
      paint.moveTo(x + 2.5, y - 2.5)
      paint.lineTo(x - 2.5, y + 2.5)
      paint.stroke()
      return
    }
    paint.arc(x, y, kind === 'retry' ? 2 : 1.6, 0, 7)
    if (kind === 'retry') {
      paint.strokeStyle = colours['ink-2']
      paint.lineWidth = 1.1
      paint.stroke()
      return
    }
    paint.fillStyle = colours['ink-2']
    paint.fill()
  }
}
