/** The scrub bar over all frames kept, and below it the track of faults and changes. */
import { SimElement } from './element.ts'
import { drawSign } from './icons.ts'
import { make, set, text } from './svg.ts'
import { texts } from './texts.ts'
import { entriesOf, Track } from './track.ts'

export class SimScrub extends SimElement {
  static override properties = { ...SimElement.properties, small: { type: Boolean } }
  declare small: boolean
  private stops: (() => void)[] = []
  private watcher: ResizeObserver | null = null
  private width = 0
  private end = 1
  private knob: { bar: SVGElement; head: SVGElement; thumb: SVGElement; group: SVGElement } | null = null
  private said = Number.NaN
  private track: Track | null = null

  constructor() {
    super()
    this.small = false
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.track = new Track(this.store)
    const rebuild = (): void => this.build()
    this.stops = [
      this.store.onPaint((playhead) => this.move(playhead)),
      this.store.on('open', rebuild),
      this.store.on('spec', rebuild),
      this.store.on('figures', () => {
        if (this.store.end !== this.end) this.build()
      }),
    ]
    this.watcher = new ResizeObserver((entries) => {
      const width = entries[0]?.contentRect.width ?? 0
      if (width === 0 || width === this.width) return
      this.width = width
      this.build()
    })
    this.watcher.observe(this)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    for (const stop of this.stops) stop()
    this.watcher?.disconnect()
  }

  private x(time: number): number {
    return (time / this.end) * this.width
  }

  private build(): void {
    if (this.width === 0 || this.track?.isHeld === true) return
    const focused = this.querySelector(':focus')?.getAttribute('data-key') ?? null
    this.end = this.store.end
    this.replaceChildren()
    const height = this.small ? 30 : 37
    const svg = make(this, 'svg', { width: this.width, height, class: 'scrub', role: 'group', 'aria-label': texts.track })
    const warm = this.store.columns[0]?.opened.warmupSeconds ?? 0
    make(svg, 'rect', { x: 0, y: 3, width: this.width, height: 6, rx: 3, class: 'rail' })
    const bar = make(svg, 'rect', { x: 0, y: 3, width: 0, height: 6, rx: 3, class: 'played' })
    make(svg, 'rect', { x: 0, y: 5, width: this.x(warm), height: 2, class: 'warm' })
    const hit = make(svg, 'rect', { x: 0, y: 0, width: this.width, height: 14, class: 'hit' })
    if (this.small) this.crosses(svg)
    else this.scale(svg, warm)
    const group = make(svg, 'g', {
      role: 'slider', tabindex: 0, 'aria-label': texts.timeline, 'aria-valuemin': 0, 'aria-valuemax': Math.round(this.end), class: 'thumb', 'data-key': 'thumb',
    })
    const head = make(group, 'line', { x1: 0, x2: 0, y1: 0, y2: height, class: 'head' })
    const thumb = make(group, 'circle', { cx: 0, cy: 6, r: 6, class: 'grip' })
    this.knob = { bar, head, thumb, group }
    this.said = Number.NaN
    for (const target of [hit, thumb]) target.addEventListener('pointerdown', (event) => this.grab(event, svg))
    group.addEventListener('keydown', (event) => this.key(event))
    this.move(this.store.play.playhead)
    if (focused !== null) this.querySelector<SVGElement>(`[data-key="${focused}"]`)?.focus()
  }

  /** The frame of the track with its ticks, and the entries on it. */
  private scale(svg: SVGElement, warm: number): void {
    const top = 14
    make(svg, 'rect', { x: 0.5, y: top + 0.5, width: this.width - 1, height: 22, rx: 3, class: 'track' })
    const help = make(svg, 'desc', { id: 'track-keys' })
    help.textContent = texts.faultKeys
    const step = this.end > 400 ? 60 : this.end > 150 ? 20 : 10
    const taken = entriesOf(this.store).map((entry) => this.x(entry.at))
    for (let t = 0; t <= this.end; t += step) {
      const x = this.x(t)
      make(svg, 'line', { x1: x, x2: x, y1: top, y2: top + 3, class: 'edge' })
      const free = taken.every((at) => x < at - 50 || x > at + 150)
      if (free && (t / step) % 2 === 0 && Math.abs(x - this.x(warm)) > 60) {
        text(svg, t + step > this.end ? x - 4 : x + 4, top + 15, `${t} s`, { class: 'i3', anchor: t + step > this.end ? 'end' : 'start' })
      }
    }
    if (warm > 0 && taken.every((at) => at < this.x(warm) - 12 || at > this.x(warm) + 100)) text(svg, this.x(warm) + 4, top + 15, texts.warmupEnds, { class: 'i3' })
    this.track?.build(svg, { x: (seconds) => this.x(seconds), top, width: this.width })
  }

  private crosses(svg: Element): void {
    for (const { at } of entriesOf(this.store)) drawSign(svg, this.x(at) - 4, 15, 9, 'bad sign')('cross')
  }

  private move(playhead: number): void {
    if (this.knob === null) return
    const x = this.x(playhead)
    set(this.knob.group, 'transform', `translate(${x.toFixed(1)} 0)`)
    set(this.knob.bar, 'width', x)
    const whole = Math.round(playhead * 10) / 10
    if (Math.abs(whole - this.said) < 1) return
    this.said = whole
    set(this.knob.group, 'aria-valuenow', whole)
    set(this.knob.group, 'aria-valuetext', `${whole.toFixed(1)} s`)
  }

  private grab(event: Event, svg: SVGElement): void {
    const down = event as PointerEvent
    const left = svg.getBoundingClientRect().left
    const go = (at: PointerEvent): void => this.store.seek(((at.clientX - left) / this.width) * this.end)
    const drag = (at: Event): void => go(at as PointerEvent)
    const stop = (): void => {
      svg.removeEventListener('pointermove', drag)
      svg.removeEventListener('pointerup', stop)
      svg.removeEventListener('pointercancel', stop)
    }
    svg.setPointerCapture(down.pointerId)
    svg.addEventListener('pointermove', drag)
    svg.addEventListener('pointerup', stop)
    svg.addEventListener('pointercancel', stop)
    go(down)
  }

  private key(event: KeyboardEvent): void {
    const { playhead } = this.store.play
    const steps: Record<string, number> = {
      ArrowLeft: playhead - 0.1, ArrowRight: playhead + 0.1, PageDown: playhead - 5, PageUp: playhead + 5, Home: 0, End: this.store.bounds.reached,
    }
    const to = steps[event.key]
    if (to === undefined) return
    event.preventDefault()
    event.stopPropagation()
    this.store.seek(to)
  }
}

customElements.define('sim-scrub', SimScrub)
