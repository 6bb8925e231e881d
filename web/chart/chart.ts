/** One chart over both columns: title with crosshair values, value axis, labels at line ends; lines on a canvas. */
import { html, nothing } from 'lit'
import { SimElement } from '../element.ts'
import { faultTimes } from '../faults.ts'
import { count } from '../format.ts'
import { readPalette, type Palette } from '../palette.ts'
import { write } from '../svg.ts'
import { texts } from '../texts.ts'
import { Drawing, axisHeight } from './drawing.ts'
import { pastSeconds, peaksAbove, ticksOf, timeScale, valueScale, type Burst, type Domain, type Frame } from './geometry.ts'
import { chartKinds, charts, type ChartKind } from './kinds.ts'
import { paintPlot, type FaultBand, type Plot } from './paint.ts'
import './sheet.ts'
import '../what.ts'

export class SimChart extends SimElement {
  static override properties = {
    ...SimElement.properties, kind: { type: String }, axis: { type: Boolean }, small: { type: Boolean }, big: { type: Boolean }, chosen: { state: true }, isOpen: { state: true },
  }
  declare kind: ChartKind
  declare axis: boolean
  declare small: boolean
  /** Drawn larger by the page; the lines keep their sharpness. */
  declare big: boolean
  /** What the reader chose to see here, null: what stands here at first. */
  declare chosen: ChartKind | null
  /** The sheet with values, other charts and files is open. */
  declare isOpen: boolean
  private paint2d: CanvasRenderingContext2D | null = null
  private colours: Palette | null = null
  private frame: Frame | null = null
  private domain: Domain | null = null
  private drawing: Drawing | null = null
  private faults: FaultBand[] = []
  private shown = Number.NaN
  private crossShown: number | null = null
  private titleEnd = 0
  private stops: (() => void)[] = []
  private watcher: ResizeObserver | null = null
  private turn = 0

  constructor() {
    super()
    this.axis = false
    this.small = false
    this.big = false
    this.chosen = null
    this.isOpen = false
  }

  /** The chart that is shown. */
  get now(): ChartKind {
    return this.chosen ?? this.kind
  }

  override render() {
    const { title, unit, figure } = charts[this.now]
    return html`<canvas aria-hidden="true"></canvas>
      <div class="drawing" tabindex="0" role="img" aria-label=${`${title}, ${texts.chartKeys}`}
        @pointermove=${(event: PointerEvent) => this.point(event)} @pointerleave=${() => this.cross(null)}
        @keydown=${(event: KeyboardEvent) => this.key(event)} @blur=${() => this.left()}></div>
      <div class="head"><b>${title}</b>${this.small ? nothing : html`<span class="i3 unit">${unit}</span>`}<sim-what figure=${figure}></sim-what>
        <span class="readings"><span class="i2"></span><b class="in-a"></b><b class="in-b"></b></span>
        <button class="plain menu" aria-label=${texts.chartMenu(title)} @click=${() => this.open(true)}>⋯</button></div>
      ${this.isOpen ? html`<sim-chart-sheet .store=${this.store} .chart=${this}></sim-chart-sheet>` : nothing}`
  }

  open(isOpen: boolean): void {
    this.isOpen = isOpen
    if (!isOpen) void this.updateComplete.then(() => this.querySelector<HTMLElement>('.menu')?.focus())
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
      const ratio = devicePixelRatio * (this.big ? 1.75 : 1)
      canvas.width = Math.round(size.width * ratio)
      canvas.height = Math.round(size.height * ratio)
      this.paint2d?.setTransform(ratio, 0, 0, ratio, 0, 0)
      this.frame = {
        width: size.width, left: 42, top: 31, bottom: size.height - (this.axis ? axisHeight : 3), nowShare: this.small ? 0.67 : size.width > 800 ? 0.84 : 0.75,
      }
      this.build()
    })
    this.watcher.observe(holder)
  }

  override updated(changed: Map<string, unknown>): void {
    if (changed.has('kind')) this.chosen = null
    if ((changed.has('kind') || changed.has('chosen')) && this.frame !== null) this.build()
  }

  private readFaults(): void {
    this.faults = this.store.shownFaults.flatMap((fault) => {
      const { at, lasts } = faultTimes(fault)
      return at === null ? [] : [{ from: at, to: lasts === null ? null : at + lasts }]
    })
    this.shown = Number.NaN
  }

  private build(): void {
    const holder = this.querySelector('.drawing')!
    const frame = this.frame!
    this.domain = null
    holder.replaceChildren()
    this.drawing = new Drawing(holder, frame, frame.bottom + (this.axis ? axisHeight : 3), this.axis)
    const title = [...this.querySelectorAll<HTMLElement>('.head > b, .head > .unit, .head > sim-what')]
    this.titleEnd = Math.max(...title.map((part) => part.offsetLeft + part.offsetWidth)) + 4
    this.figures()
  }

  private figures(): void {
    const { drawing, frame, store } = this
    this.shown = Number.NaN
    if (drawing === null || frame === null) return
    const definition = charts[this.now]
    const playhead = store.figuresAt
    this.domain = definition.domain(this.domain, this.most(false), this.most(true))
    const y = valueScale(this.domain, frame)
    const labels = definition.labels(store.columns, playhead, y)
    const limit = this.limit()
    if (limit !== null && limit <= this.domain.high) labels.push({ text: charts[this.now].limits === 's' ? `${texts.limit} ${limit} s` : texts.atLeastRate(count(limit)), y: y(limit) - (charts[this.now].limits === 's' ? 7 : -1), look: '' })
    drawing.figures(definition, this.domain, y, labels)
    drawing.markTimes(this.bursts(this.domain), this.warmup, playhead)
    this.read()
  }

  private get warmup(): number {
    return this.store.columns[0]?.opened.warmupSeconds ?? 0
  }

  private limit(): number | null {
    const { limits } = charts[this.now]
    if (limits === null) return null
    return this.store.columns[0]?.opened.constraints.find((c) => (limits === 's' ? c.unit === 's' : c.unit.endsWith('/s')) && c.limit !== null)?.limit ?? null
  }

  /** Calls `visit` with every frame of a column that is in view. */
  private eachFrame(column: Plot['columns'][number], visit: (frame: Float64Array) => void): void {
    const last = column.ring.indexAt(this.store.figuresAt)
    for (let i = Math.max(0, column.ring.indexAt(this.store.figuresAt - pastSeconds)); i <= last; i++) visit(column.ring.row(i))
  }

  /** The greatest value in view, of the series that are the same for all columns or of the others. */
  private most(shared: boolean): number {
    const { heat, bars, series } = charts[this.now]
    let most = 0
    const take = (value: number): void => {
      if (value > most) most = value
    }
    for (const one of series) {
      if (one.shared !== shared) continue
      for (const column of this.store.columns) {
        const slot = column.slot(one.channel)
        if (slot < 0) continue
        this.eachFrame(column, (frame) => take(frame[slot]!))
        if (one.weight !== 'line') continue
        for (const frame of column.ghostBetween(this.store.figuresAt - pastSeconds, this.store.figuresAt + pastSeconds / 3)) take(frame[slot]!)
      }
    }
    if (shared) return most
    if (heat !== null) {
      for (const column of this.store.columns) {
        this.eachFrame(column, (frame) => {
          for (let row = 0; row < heat.rows(column); row++) take(heat.value(column, frame, row))
        })
      }
    }
    const playhead = this.store.figuresAt
    if (bars !== null) for (const column of this.store.columns) for (const bar of bars(column, playhead - pastSeconds, playhead)) take(bar.phases.reduce((sum, phase) => sum + phase, 0))
    return most
  }

  private bursts(domain: Domain): Burst[] {
    const playhead = this.store.figuresAt
    const [thick] = charts[this.now].series.filter((series) => series.weight === 'line')
    if (thick === undefined || domain.log) return []
    return this.store.columns.flatMap((column) => {
      const { ring, letter, look } = column
      const first = Math.max(0, ring.indexAt(playhead - pastSeconds))
      const slot = column.slot(thick.channel)
      return peaksAbove(ring.indexAt(playhead) - first + 1, (i) => ring.timeOf(first + i), (i) => ring.row(first + i)[slot] ?? Number.NaN, domain.high)
        .map((peak) => ({ ...peak, letter, look }))
    })
  }

  private read(): void {
    const { crosshair, columns } = this.store
    const spans = this.querySelectorAll('.readings > *')
    this.crossShown = crosshair
    spans.forEach((span, i) => {
      const column = columns[i - 1]
      if (crosshair === null) write(span, '')
      else if (i === 0) write(span, `${texts.at} ${crosshair.toFixed(1)} s`)
      else write(span, column === undefined ? '' : `${column.letter} ${charts[this.now].reading(column, crosshair)}`)
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
    if (step === undefined && event.key !== 'Enter') return
    event.preventDefault()
    event.stopPropagation()
    if (step === undefined) return this.open(true)
    // Told as it moves, but only to those who move it by key.
    this.querySelector('.readings')?.setAttribute('aria-live', 'polite')
    const { playhead } = this.store.play
    this.cross(Math.min(playhead, Math.max(0, (this.store.crosshair ?? playhead) + step)))
  }

  private left(): void {
    this.querySelector('.readings')?.removeAttribute('aria-live')
    this.cross(null)
  }

  private cross(time: number | null): void {
    // All charts look at it when they next draw.
    this.store.crosshair = time
  }

  private draw(playhead: number): void {
    const isCrossed = this.crossShown !== this.store.crosshair
    if (isCrossed) {
      this.read()
      this.shown = Number.NaN
    }
    // Two of four charts on each animation frame: a line that moves 30 times a second looks the same.
    this.turn++
    if (this.store.play.playing && !isCrossed && !Number.isNaN(this.shown) && (this.turn + chartKinds.indexOf(this.kind)) % 2 === 0) return
    const { frame, paint2d } = this
    if (playhead === this.shown || frame === null || paint2d === null) return
    const plot = this.plot(playhead)
    if (plot === null || this.colours === null) return
    this.shown = playhead
    paint2d.clearRect(0, 0, frame.width, frame.bottom + axisHeight)
    paintPlot(paint2d, this.colours, plot)
    this.drawing?.move(playhead)
  }

  /** Everything that the picture at `playhead` is painted from; null before the first layout. */
  plot(playhead: number): Plot | null {
    const { frame, domain, store } = this
    if (frame === null || domain === null) return null
    const definition = charts[this.now]
    return {
      definition, frame, domain, y: valueScale(domain, frame), ticks: definition.heat === null ? ticksOf(domain) : [], limit: this.limit(),
      columns: store.columns, faults: this.faults, crosshair: store.crosshair, playhead, warmup: this.warmup, titleEnd: this.titleEnd,
    }
  }
}

customElements.define('sim-chart', SimChart)
