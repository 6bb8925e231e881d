/** One chart over both columns: title with crosshair values, value axis, labels at line ends; lines on a canvas. */
import { html } from 'lit'
import { SimElement } from '../element.ts'
import { faultTimes } from '../faults.ts'
import { readPalette, type Palette } from '../palette.ts'
import { make, set, show, text, write } from '../svg.ts'
import { texts } from '../texts.ts'
import { spread, ticksOf, timeScale, valueScale, type Domain, type Frame } from './geometry.ts'
import { chartKinds, charts, type ChartKind } from './kinds.ts'
import { paintPlot } from './paint.ts'

const labelsMax = 8
const axisHeight = 16

export class SimChart extends SimElement {
  static override properties = { ...SimElement.properties, kind: { type: String }, axis: { type: Boolean }, small: { type: Boolean } }
  declare kind: ChartKind
  declare axis: boolean
  declare small: boolean
  private paint2d: CanvasRenderingContext2D | null = null
  private colours: Palette | null = null
  private frame: Frame | null = null
  private domain: Domain | null = null
  private faults: number[] = []
  private shown = Number.NaN
  private stops: (() => void)[] = []
  private watcher: ResizeObserver | null = null
  private drawing: {
    readonly readings: readonly SVGElement[]
    readonly ticks: readonly SVGElement[]
    readonly labels: readonly SVGElement[]
    readonly times: SVGElement
    readonly svg: SVGElement
  } | null = null
  private firstTick = Number.NaN
  private turn = 0

  constructor() {
    super()
    this.axis = false
    this.small = false
  }

  override render() {
    const name = charts[this.kind].title
    return html`<canvas aria-hidden="true"></canvas>
      <div class="drawing" tabindex="0" role="img" aria-label=${`${name}, ${texts.chartKeys}`}
        @pointermove=${(event: PointerEvent) => this.point(event)} @pointerleave=${() => this.cross(null)}
        @keydown=${(event: KeyboardEvent) => this.key(event)} @blur=${() => this.cross(null)}></div>`
  }

  override connectedCallback(): void {
    super.connectedCallback()
    const dirty = (): void => {
      this.shown = Number.NaN
    }
    this.stops = [
      this.store.onPaint((playhead) => this.draw(playhead)),
      this.store.on('figures', () => this.figures()),
      this.store.on('spec', () => this.readFaults()),
      this.store.on('theme', () => {
        this.colours = readPalette()
        dirty()
      }),
      this.store.on('open', () => {
        this.domain = null
        dirty()
      }),
    ]
    this.readFaults()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    for (const stop of this.stops) stop()
    this.watcher?.disconnect()
  }

  override firstUpdated(): void {
    const holder = this.querySelector('.drawing')!
    const canvas = this.querySelector('canvas')!
    this.paint2d = canvas.getContext('2d')
    this.colours = readPalette()
    this.watcher = new ResizeObserver((entries) => {
      const size = entries[0]?.contentRect
      if (size === undefined || size.width === 0) return
      canvas.width = Math.round(size.width * devicePixelRatio)
      canvas.height = Math.round(size.height * devicePixelRatio)
      this.paint2d?.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0)
      this.frame = {
        width: size.width, left: 38, top: 31, bottom: size.height - (this.axis ? axisHeight : 3), nowShare: this.small ? 0.67 : 0.78,
      }
      this.build(holder, size.width, size.height)
    })
    this.watcher.observe(holder)
  }

  override updated(changed: Map<string, unknown>): void {
    if (changed.has('kind') && this.frame !== null) {
      this.domain = null
      this.build(this.querySelector('.drawing')!, this.frame.width, this.frame.bottom + (this.axis ? axisHeight : 3))
    }
  }

  private readFaults(): void {
    this.faults = this.store.spec.faults.map((fault) => faultTimes(fault).at ?? Number.NaN)
    this.shown = Number.NaN
  }

  private build(holder: Element, width: number, height: number): void {
    const frame = this.frame!
    holder.replaceChildren()
    const svg = make(holder, 'svg', { width, height, viewBox: `0 0 ${width} ${height}`, class: 'chart' })
    const { title, unit } = charts[this.kind]
    const head = make(svg, 'text', { x: 0, y: 15 })
    write(make(head, 'tspan', { class: 'm st' }), title)
    if (!this.small) write(make(head, 'tspan', { class: 'i3', dx: 7 }), unit)
    const reading = make(svg, 'text', { x: width, y: 15, 'text-anchor': 'end' })
    const readings = ['i2', 'st in-a', 'st in-b'].map((look, i) => make(reading, 'tspan', { class: look, dx: i === 0 ? 0 : 8 }))
    const ticks = Array.from({ length: 4 }, () => text(svg, frame.left - 4, 0, '', { class: 'i3', anchor: 'end' }))
    const labels = Array.from({ length: labelsMax }, () => text(svg, timeScale(frame).nowX + 7, 0, ''))
    const times = make(make(svg, 'svg', { x: frame.left, y: frame.bottom, width: width - frame.left + (this.small ? 0 : 12), height: axisHeight, overflow: 'hidden', class: 'clip' }), 'g')
    if (this.axis) make(svg, 'line', { x1: frame.left, x2: width, y1: frame.bottom, y2: frame.bottom, class: 'edge' })
    this.drawing = { svg, readings, ticks, labels, times }
    this.firstTick = Number.NaN
    this.figures()
  }

  private figures(): void {
    const { drawing, frame, store } = this
    this.shown = Number.NaN
    if (drawing === null || frame === null) return
    const definition = charts[this.kind]
    this.domain = definition.domain(this.domain, this.most())
    const y = valueScale(this.domain, frame)
    const ticks = ticksOf(this.domain)
    drawing.ticks.forEach((tick, i) => {
      const value = ticks[i]
      show(tick, value !== undefined)
      if (value === undefined) return
      set(tick, 'y', Math.min(y(value) + 4, frame.bottom + 1))
      write(tick, definition.tick(value))
    })
    const playhead = store.figuresAt
    const all = definition.labels(store.columns, playhead, y)
    const limit = this.limit()
    if (limit !== null) all.push({ text: `${texts.limit} ${limit} s`, y: y(limit) - 3, look: '' })
    const placed = spread(all.map((label) => ({ ...label, y: label.y + 4 })), 12, frame.top + 2, frame.bottom - 1)
    drawing.labels.forEach((label, i) => {
      const one = placed[i]
      show(label, one !== undefined)
      if (one === undefined) return
      set(label, 'y', one.y)
      set(label, 'class', one.look)
      write(label, one.text)
    })
    this.read()
  }

  private limit(): number | null {
    if (this.kind !== 'latency') return null
    return this.store.columns[0]?.opened.constraints.find((c) => c.unit === 's' && c.limit !== null)?.limit ?? null
  }

  private most(): number {
    let most = 0
    const playhead = this.store.figuresAt
    for (const column of this.store.columns) {
      const last = column.ring.indexAt(playhead)
      for (const series of charts[this.kind].series) {
        const slot = column.slot(series.channel)
        if (slot < 0) continue
        for (let i = Math.max(0, column.ring.indexAt(playhead - 16)); i <= last; i++) {
          const value = column.ring.row(i)[slot]!
          if (value > most) most = value
        }
      }
    }
    return most
  }

  private read(): void {
    if (this.drawing === null) return
    const { crosshair, columns } = this.store
    const [when, ...values] = this.drawing.readings
    write(when!, crosshair === null ? '' : `${texts.at} ${crosshair.toFixed(1)} s`)
    values.forEach((value, i) => {
      const column = columns[i]
      write(value, crosshair === null || column === undefined ? '' : `${column.letter} ${charts[this.kind].reading(column, crosshair)}`)
    })
  }

  private point(event: PointerEvent): void {
    if (this.frame === null) return
    const { perSecond, nowX } = timeScale(this.frame)
    const time = this.store.play.playhead - (nowX - event.offsetX) / perSecond
    this.cross(event.offsetX < this.frame.left || time > this.store.play.playhead ? null : time)
  }

  private key(event: KeyboardEvent): void {
    const steps: Record<string, number> = { ArrowLeft: -0.1, ArrowRight: 0.1, PageUp: 1, PageDown: -1 }
    const step = steps[event.key]
    if (step === undefined) return
    event.preventDefault()
    event.stopPropagation()
    const { playhead } = this.store.play
    this.cross(Math.min(playhead, Math.max(0, (this.store.crosshair ?? playhead) + step)))
  }

  private cross(time: number | null): void {
    if (this.store.crosshair === time) return
    this.store.crosshair = time
    this.store.emit('figures')
  }

  private draw(playhead: number): void {
    // Two of four charts on each animation frame: a line that moves 30 times a second looks the same.
    this.turn++
    if (this.store.play.playing && !Number.isNaN(this.shown) && (this.turn + chartKinds.indexOf(this.kind)) % 2 === 0) return
    const { frame, colours, paint2d, domain } = this
    if (playhead === this.shown || frame === null || colours === null || paint2d === null || domain === null) return
    this.shown = playhead
    paint2d.clearRect(0, 0, frame.width, frame.bottom + axisHeight)
    paintPlot(paint2d, colours, {
      definition: charts[this.kind], frame, y: valueScale(domain, frame), ticks: ticksOf(domain), limit: this.limit(),
      columns: this.store.columns, faults: this.faults, crosshair: this.store.crosshair, playhead,
    })
    if (this.axis) this.moveTimes(frame, playhead)
  }

  /** Ticks every 2 s, words every 4 s, made anew every 2 s and only shifted in between. */
  private moveTimes(frame: Frame, playhead: number): void {
    const { times } = this.drawing!
    const { perSecond, nowX } = timeScale(frame)
    const start = playhead - (nowX - frame.left) / perSecond
    const first = Math.floor(start / 2) * 2
    if (first !== this.firstTick) {
      this.firstTick = first
      times.replaceChildren()
      for (let t = first; t <= first + 26; t += 2) {
        if (t < 0) continue
        const x = (t - first) * perSecond
        make(times, 'line', { x1: x, x2: x, y1: 0, y2: 3, class: 'edge' })
        if (t % 4 === 0) text(times, x, 14, `${t} s`, { class: 'i3', anchor: t === 0 ? 'start' : 'middle' })
      }
    }
    set(times, 'transform', `translate(${((first - start) * perSecond).toFixed(1)} 0)`)
  }
}

customElements.define('sim-chart', SimChart)
