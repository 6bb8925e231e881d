/** The drawn parts of a chart: value ticks, labels at line ends, time axis, marks that travel with the time. */
import { count } from '../format.ts'
import { make, set, show, text, write } from '../svg.ts'
import { texts } from '../texts.ts'
import type { ChartDefinition } from './definition.ts'
import { pastSeconds, spread, ticksOf, timeScale, type Burst, type Domain, type Frame, type Label } from './geometry.ts'

const labelsMax = 8
const marksMax = 4
/** Height of the time axis under the lower charts. */
export const axisHeight = 16

export class Drawing {
  readonly svg: SVGElement
  private readonly frame: Frame
  private readonly ticks: readonly SVGElement[]
  private readonly labels: readonly SVGElement[]
  private readonly times: SVGElement
  private readonly clip: SVGElement
  private readonly moving: SVGElement
  private readonly marks: readonly SVGElement[]
  private readonly warmup: SVGElement
  private readonly hasAxis: boolean
  private firstTick = Number.NaN
  /** The moment at the left edge when the marks were set; NaN while there are none to move. */
  private marksFrom = Number.NaN

  constructor(holder: Element, frame: Frame, height: number, hasAxis: boolean) {
    const { width, left, bottom, top } = frame
    this.frame = frame
    this.hasAxis = hasAxis
    const svg = make(holder, 'svg', { width, height, viewBox: `0 0 ${width} ${height}`, class: 'chart' })
    this.svg = svg
    const { nowX } = timeScale(frame)
    this.clip = make(svg, 'svg', { x: left, y: top - 4, width: nowX - left, height: bottom - top + 4, overflow: 'hidden', class: 'clip' })
    this.moving = make(this.clip, 'g')
    this.marks = Array.from({ length: marksMax }, () => text(this.moving, 0, 0, '', { class: 'halo' }))
    this.warmup = text(svg, left + 5, top + 10, texts.warmup, { class: 'i3 halo' })
    this.ticks = Array.from({ length: 4 }, () => text(svg, left - 4, 0, '', { class: 'i3', anchor: 'end' }))
    this.labels = Array.from({ length: labelsMax }, () => text(svg, nowX + 7, 0, ''))
    // A box of its own, which moves without being laid out or painted anew.
    const axis = document.createElement('div')
    axis.className = 'axis'
    if (hasAxis) holder.append(axis)
    this.times = make(axis, 'svg', { width: width + 120, height: axisHeight, class: 'chart' })
    if (hasAxis) make(svg, 'line', { x1: left, x2: width, y1: bottom, y2: bottom, class: 'edge' })
  }

  /** Ticks of the value axis and labels at the lines' ends. */
  figures(definition: ChartDefinition, domain: Domain, y: (value: number) => number, labels: readonly Label[]): void {
    const { frame } = this
    const ticks = definition.heat === null ? ticksOf(domain) : []
    this.ticks.forEach((tick, i) => {
      const value = ticks[i]
      show(tick, value !== undefined)
      if (value === undefined) return
      set(tick, 'y', Math.min(y(value) + 4, frame.bottom + 1))
      write(tick, definition.tick(value))
    })
    const placed = spread(labels.map((label) => ({ ...label, y: label.y + 4 })), frame.width > 800 ? 14 : 12, frame.top + 2, frame.bottom - 1)
    this.labels.forEach((label, i) => {
      const one = placed[i]
      show(label, one !== undefined)
      if (one === undefined) return
      set(label, 'y', one.y)
      // Only a limit's line runs on under the labels.
      set(label, 'class', definition.limits === null ? one.look : `${one.look} halo-2`)
      write(label, one.text)
    })
  }

  /** Words that travel with their moment: the height of what left the plot. The warm-up's word stays in its shade. */
  markTimes(bursts: readonly Burst[], warmup: number, playhead: number): void {
    const { frame } = this
    const { perSecond } = timeScale(frame)
    const from = playhead - pastSeconds
    const x = (time: number): number => (time - from) * perSecond
    show(this.warmup, from >= 0 && Math.min(x(warmup), x(playhead)) > 70)
    this.marksFrom = bursts.length > 0 ? from : Number.NaN
    set(this.clip, 'display', bursts.length > 0 ? 'inline' : 'none')
    const words = bursts.slice(0, marksMax).map((burst) => ({ x: x(burst.at) + 5, y: 13, text: `${burst.letter} ▲ ${count(burst.value)}`, look: `st in-${burst.look}` }))
    this.marks.forEach((mark, i) => {
      const word = words[i]
      show(mark, word !== undefined)
      if (word === undefined) return
      set(mark, 'x', word.x)
      set(mark, 'y', word.y)
      set(mark, 'class', `${word.look} halo`)
      write(mark, word.text)
    })
  }

  /** Moves what is bound to a time. Ticks every 2 s, words every 4 s, made anew every 2 s and only shifted in between. */
  move(playhead: number): void {
    const { times, frame } = this
    const { perSecond } = timeScale(frame)
    const start = playhead - pastSeconds
    if (!Number.isNaN(this.marksFrom)) set(this.moving, 'transform', `translate(${((this.marksFrom - start) * perSecond).toFixed(1)} 0)`)
    if (!this.hasAxis) return
    const first = Math.floor(start / 2) * 2
    if (first !== this.firstTick) {
      this.firstTick = first
      times.replaceChildren()
      const end = (frame.width - frame.left) / perSecond
      for (let t = first; t <= first + end + 2; t += 2) {
        if (t < 0) continue
        const x = (t - first) * perSecond
        make(times, 'line', { x1: x, x2: x, y1: 0, y2: 3, class: 'edge' })
        if (t % 4 === 0) text(times, x, 14, `${t} s`, { class: 'i3', anchor: 'middle' })
      }
    }
    times.style.transform = `translateX(${(frame.left + (first - start) * perSecond).toFixed(1)}px)`
  }
}
