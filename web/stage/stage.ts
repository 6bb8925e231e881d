/** One column's stage: a drawing built once per scene, a canvas behind it, both filled from frames. */
import { html } from 'lit'
import type { Column } from '../column-data.ts'
import { SimElement } from '../element.ts'
import { readPalette } from '../palette.ts'
import { make } from '../svg.ts'
import { AboutCard } from './about.ts'
import { drawBrokers } from './brokers.ts'
import { StageCanvas } from './canvas.ts'
import type { StageContext, StagePart } from './context.ts'
import { drawCoordination } from './coordination.ts'
import { drawFunctions } from './functions.ts'
import { phone, presentFor, rowsOf, wideFor, type Geometry } from './geometry.ts'
import { drawLog } from './log.ts'
import { Roving } from './roving.ts'
import { drawSink } from './sink.ts'
import { drawSlots } from './slots.ts'
import { drawSource } from './source.ts'

export class SimStage extends SimElement {
  static override properties = { ...SimElement.properties, column: { attribute: false }, small: { type: Boolean } }
  declare column: Column
  declare small: boolean
  private parts: StagePart[] = []
  private painter: StageCanvas | null = null
  private stops: (() => void)[] = []
  private watcher: ResizeObserver | null = null
  private painted = Number.NaN
  private wall = 0
  private turn = 0
  private size = ''
  private roving: Roving | null = null
  private card: AboutCard | null = null

  constructor() {
    super()
    this.small = false
  }

  override render() {
    return html`<canvas aria-hidden="true"></canvas><div class="drawing" @keydown=${(event: KeyboardEvent) => this.key(event)}></div>
      <div class="about" role="tooltip" id=${`about-${this.column.letter}`} popover="manual"></div>`
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.watcher = new ResizeObserver(() => this.fit())
    this.watcher.observe(this)
    this.stops = [
      this.store.onPaint((playhead, wall) => this.paint(playhead, wall)),
      this.store.on('figures', () => this.rate()),
      ...Array.from({ length: 6 }, (_, i) => this.store.on('figures', () => this.figuresOf(i))),
      this.store.on('theme', () => {
        this.painter?.theme(readPalette())
        this.painted = Number.NaN
      }),
    ]
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    for (const stop of this.stops) stop()
    this.watcher?.disconnect()
    this.watcher = null
  }

  override updated(changed: Map<string, unknown>): void {
    if (changed.has('column') || changed.has('small')) this.size = ''
    this.fit()
  }

  /** Builds the drawing for the room there is; the same room keeps it. */
  private fit(): void {
    const { clientWidth: width, clientHeight: height, small } = this
    const size = `${small} ${this.store.presents} ${width} ${small ? 0 : height} ${devicePixelRatio}`
    if (width === 0 || !this.hasUpdated || size === this.size) return
    this.size = size
    this.build(small ? phone : this.store.presents ? presentFor(width, height) : wideFor(width, height))
  }

  private build(g: Geometry): void {
    const rows = rowsOf(g)
    const holder = this.querySelector('.drawing')!
    const canvas = this.querySelector('canvas')!
    const paint = canvas.getContext('2d')
    holder.replaceChildren()
    if (paint === null) return
    const c: StageContext = { store: this.store, column: this.column, g, rows }
    const svg = make(holder, 'svg', {
      viewBox: `0 0 ${g.width} ${rows.height}`, role: 'group', class: `stage look-${this.column.look}`,
      'aria-label': `${this.column.letter}: ${this.column.opened.stage.title}`,
    })
    const painter = new StageCanvas(c, paint, readPalette())
    this.painter = painter
    const { processing } = this.column.opened.stage
    const drawn: readonly ((parent: Element) => StagePart)[] = [
      (parent) => drawSource(parent, c, () => painter.dots.perDot), (parent) => drawBrokers(parent, c), (parent) => drawLog(parent, c),
      (parent) => (processing.kind === 'functions' ? drawFunctions(parent, c, processing) : drawSlots(parent, c, processing.nodes)),
      ...(g.coordination > 0 ? [(parent: Element) => drawCoordination(parent, c)] : []), (parent) => drawSink(parent, c),
    ]
    const groups = drawn.map(() => make(svg, 'g'))
    this.parts = drawn.map((draw, i) => draw(groups[i]!))
    this.roving = new Roving(groups)
    this.card = new AboutCard(this.querySelector('.about')!, svg, this.column)
    // Measured on the drawing itself: it may be narrower than its element while the page is being laid out.
    const scale = (holder.clientWidth / g.width) * devicePixelRatio
    canvas.width = Math.round(g.width * scale)
    canvas.height = Math.round(rows.height * scale)
    paint.setTransform(scale, 0, 0, scale, 0, 0)
    this.painted = Number.NaN
    this.rate()
    for (let part = 0; part < this.parts.length; part++) this.figuresOf(part)
  }

  private key(event: KeyboardEvent): void {
    const from = (event.target as Element).closest('.object')
    const isDone = event.key === 'Escape' ? this.card?.dismiss() === true : from !== null && this.roving?.move(from, event.key) === true
    if (!isDone) return
    event.preventDefault()
    event.stopPropagation()
  }

  private rate(): void {
    this.card?.update()
    this.painter?.figures(this.column.frameAt(this.store.figuresAt), this.store.play.speed)
    this.painted = Number.NaN
  }

  /** One part at a time, so that the store can spread them over animation frames. */
  private figuresOf(part: number): void {
    const frame = this.column.frameAt(this.store.figuresAt)
    const sampled = frame[this.column.slot('time')] ?? Number.NaN
    // Ages are told as of the frame, not as of the playhead between two frames.
    this.parts[part]?.figures(frame, Number.isNaN(sampled) ? this.store.figuresAt : sampled)
  }

  private paint(playhead: number, wallSeconds: number): void {
    this.wall += wallSeconds
    // Columns take turns: thirty pictures a second each, half the work in every animation frame.
    if (wallSeconds > 0 && (this.turn++ + this.column.number) % 2 === 0) return
    if (playhead === this.painted && this.wall === 0) return
    this.painter?.draw(playhead, this.wall)
    this.painted = playhead
    this.wall = 0
  }
}

customElements.define('sim-stage', SimStage)
