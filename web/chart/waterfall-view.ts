/** The waterfall of one record in every column: bars of its stages on one axis, and the same in words. */
import { html, nothing, type TemplateResult } from 'lit'
import type { Issue } from '../../src/host/api.ts'
import { SimElement } from '../element.ts'
import { seconds } from '../format.ts'
import { make, text } from '../svg.ts'
import { texts } from '../texts.ts'
import { stagesOf, type Stage } from './waterfall.ts'
import '../what.ts'

interface Life {
  readonly letter: string
  readonly look: 'a' | 'b'
  readonly stages: readonly Stage[]
  readonly issues: readonly Issue[]
}

/** Most calls to an engine for one life. */
const turnsMax = 10_000
const width = 560
const rowHeight = 22

export class SimWaterfall extends SimElement {
  static override properties = { ...SimElement.properties, lives: { state: true }, busy: { state: true } }
  declare lives: readonly Life[]
  declare busy: boolean

  constructor() {
    super()
    this.lives = []
    this.busy = false
  }

  override render() {
    return html`<h3>${texts.waterfall} <sim-what figure="waterfall"></sim-what></h3>
      <form class="line" @submit=${(event: Event) => this.submit(event)}><input aria-label=${texts.recordHelp} maxlength="80" autocomplete="off" .value=${this.usual()}>
        <button ?disabled=${this.busy}>${texts.follow}</button></form>
      <p class="i3" role="status">${this.busy ? texts.asking : texts.waterfallHelp}</p>
      <div class="waterfall" role="img" aria-label=${texts.waterfall}></div>
      ${this.lives.map((life) => this.words(life))}`
  }

  override updated(): void {
    const holder = this.querySelector('.waterfall')
    if (holder === null) return
    holder.replaceChildren()
    const most = Math.max(0, ...this.lives.map((life) => life.stages.at(-1)?.to ?? 0))
    if (most === 0) return
    const svg = make(holder, 'svg', { viewBox: `0 0 ${width} ${this.lives.length * rowHeight + 18}`, class: 'chart' })
    const x = (time: number): number => 24 + (time / most) * (width - 70)
    this.lives.forEach((life, i) => {
      const y = i * rowHeight + 2
      text(svg, 0, y + 13, life.letter, { class: `st in-${life.look}` })
      life.stages.forEach((stage, k) => {
        const look = k === life.stages.length - 1 ? `fill-${life.look}` : k % 2 === 0 ? `soft-${life.look}` : 'fill-done'
        make(svg, 'rect', { x: x(stage.from), y, width: Math.max(1, x(stage.to) - x(stage.from) - 1), height: 16, class: look })
        if (x(stage.to) - x(stage.from) > 14) text(svg, (x(stage.from) + x(stage.to)) / 2, y + 12, String(k + 1), { class: k === life.stages.length - 1 ? 'on' : '', anchor: 'middle' })
      })
      text(svg, x(life.stages.at(-1)?.to ?? 0) + 4, y + 13, seconds(life.stages.at(-1)?.to ?? Number.NaN), { class: 'st' })
    })
    make(svg, 'line', { x1: x(0), x2: x(most), y1: this.lives.length * rowHeight + 1, y2: this.lives.length * rowHeight + 1, class: 'edge' })
    text(svg, x(0), this.lives.length * rowHeight + 13, texts.birth, { class: 'i3' })
  }

  private words(life: Life): TemplateResult {
    return html`<h3><span class=${`badge ${life.look}`}>${life.letter}</span></h3>
      ${life.issues.length > 0 ? html`<ul>${life.issues.map((issue) => html`<li class="bad">${issue.message}</li>`)}</ul>` : nothing}
      ${life.issues.length === 0 && life.stages.length === 0 ? html`<p class="i3">${texts.notVisibleYet}</p>` : nothing}
      <ol class="stages">${life.stages.map((stage) => html`<li><b>${took(stage.to - stage.from)}</b> ${texts.untilHop} ${lower(stage.text)}</li>`)}</ol>`
  }

  /** The record that the reader follows, or one of those born four seconds ago. */
  private usual(): string {
    const { store } = this
    if (store.record !== '') return store.record
    const [column] = store.columns
    const born = column?.value('m.offered', Math.max(0, store.figuresAt - 4)) ?? Number.NaN
    const sources = column?.opened.stage.sources.length ?? 1
    return Number.isNaN(born) ? '' : `source-1:${Math.max(0, Math.floor(born / sources) - 1)}`
  }

  private submit(event: Event): void {
    event.preventDefault()
    const record = this.querySelector('input')?.value.trim() ?? ''
    if (record !== '') void this.follow(record)
  }

  private async follow(record: string): Promise<void> {
    this.busy = true
    const { store } = this
    this.lives = await Promise.all(store.columns.map(async (column): Promise<Life> => {
      const who = { letter: column.letter, look: column.look }
      const until = Math.min(store.play.playhead, column.reached)
      for (let turn = 0; turn < turnsMax; turn++) {
        const reply = await column.follow(record, until, store.host.eventsMax)
        if (!reply.ok) return { ...who, stages: [], issues: reply.issues }
        if (reply.value.reached >= until - 1e-6) return { ...who, stages: stagesOf(reply.value.lines), issues: [] }
      }
      return { ...who, stages: [], issues: [] }
    }))
    this.busy = false
  }
}

/** A time that is there but shorter than a figure can say is not nothing. */
function took(time: number): string {
  return time > 0 && time < 0.0005 ? texts.underMilli : seconds(time)
}

function lower(words: string): string {
  return words.charAt(0).toLowerCase() + words.slice(1)
}

customElements.define('sim-waterfall', SimWaterfall)
