/** One record followed through every column: asked for step by step, so that it can be watched and stopped. */
import { html, nothing, type TemplateResult } from 'lit'
import type { Issue, LifeLine } from '../../src/host/api.ts'
import type { Column } from '../column-data.ts'
import { SimElement } from '../element.ts'
import { clock } from '../format.ts'
import { texts } from '../texts.ts'
import { Watch } from '../watch.ts'
import './life.ts'

/** Events of one question: about a tenth of a second of work. */
const eventsPerTurn = 50_000

interface Life {
  readonly column: Column
  readonly lines: readonly LifeLine[]
  readonly issues: readonly Issue[]
  /** Seconds searched, of so many. */
  readonly reached: number
  readonly until: number
}

export class SimRecord extends SimElement {
  static override properties = { ...SimElement.properties, lives: { state: true }, stopped: { state: true }, large: { state: true } }
  declare lives: readonly Life[]
  declare stopped: boolean
  declare large: boolean
  private turn = 0
  private last = ''
  private stops: (() => void)[] = []

  constructor() {
    super()
    this.lives = []
    this.stopped = false
    this.large = false
    new Watch(this, ['record', 'open'])
  }

  override connectedCallback(): void {
    super.connectedCallback()
    const follow = (): void => {
      if (this.store.record !== '' && this.store.record !== this.last) void this.follow(this.store.record)
    }
    const forget = (): void => {
      this.turn++
      this.last = ''
      this.lives = []
    }
    this.stops = [this.store.on('record', follow), this.store.on('open', forget)]
    follow()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.turn++
    for (const stop of this.stops) stop()
  }

  override render() {
    const busy = this.lives.some((life) => isOpen(life)) && !this.stopped
    return html`<form class="line" @submit=${(event: Event) => this.submit(event)}>
        <input aria-label=${texts.recordHelp} placeholder=${texts.recordPlaceholder} maxlength="80" autocomplete="off" .value=${this.store.record}>
        ${busy ? html`<button type="button" @click=${() => this.cancel()}>${texts.cancel}</button>` : html`<button>${texts.follow}</button>`}</form>
      <p class="i3">${texts.recordHelp}</p>
      ${this.lives.some((life) => life.lines.length > 0) ? html`<button class="larger" @click=${() => this.enlarge()}>${texts.larger}</button>` : nothing}
      ${this.lives.map((life) => this.life(life, false))}
      <dialog class="lives" aria-labelledby="lives-title" @close=${() => { this.large = false }}>${this.large ? html`<div class="inside"><header><h2 id="lives-title">${texts.largerTitle(this.last)}</h2>
        <button class="plain" @click=${() => this.querySelector('dialog')?.close()}>${texts.close}</button></header>
        <div class="both">${this.lives.map((life) => this.life(life, true))}</div></div>` : nothing}</dialog>`
  }

  private life(life: Life, wide: boolean): TemplateResult {
    const { column, lines, issues, reached, until } = life
    const { look, letter, opened } = column
    return html`<section aria-label=${texts.lifeIn(letter)}><h2 class="sub name"><span class=${`badge ${look}`}>${letter}</span> ${opened.title}</h2>
      ${issues.length > 0 ? html`<ul>${issues.map((issue) => html`<li class="bad">${issue.message}</li>`)}</ul>` : nothing}
      ${isOpen(life) ? html`<p class="i3"><progress max=${until} value=${reached} aria-label=${texts.searching}></progress> ${this.stopped ? texts.stoppedAt(clock(reached)) : texts.searchedTo(clock(reached), clock(until))}</p>` : nothing}
      ${issues.length > 0 || (isOpen(life) && lines.length === 0) ? nothing : html`<sim-life .store=${this.store} .column=${column} .lines=${lines} ?wide=${wide}></sim-life>`}</section>`
  }

  private enlarge(): void {
    this.large = true
    void this.updateComplete.then(() => this.querySelector('dialog')?.showModal())
  }

  private submit(event: Event): void {
    event.preventDefault()
    const value = this.querySelector('input')?.value.trim() ?? ''
    if (value === '') return
    this.last = ''
    this.store.follow(value)
  }

  private cancel(): void {
    this.turn++
    this.last = ''
    this.stopped = true
  }

  private async follow(record: string): Promise<void> {
    const turn = ++this.turn
    this.last = record
    this.stopped = false
    const { columns } = this.store
    this.lives = columns.map((column) => ({ column, lines: [], issues: [], reached: 0, until: column.reached }))
    await Promise.all(columns.map((column, i) => this.search(column, i, record, turn)))
  }

  private async search(column: Column, i: number, record: string, turn: number): Promise<void> {
    const until = column.reached
    for (let reached = 0; reached < until;) {
      const reply = await column.follow(record, until, eventsPerTurn)
      if (turn !== this.turn) return
      const found = reply.ok ? { lines: reply.value.lines, issues: [], reached: reply.value.reached } : { lines: [], issues: reply.issues, reached: until }
      ;({ reached } = found)
      this.lives = this.lives.map((life, k) => (k === i ? { ...life, ...found } : life))
    }
  }
}

function isOpen({ reached, until }: Life): boolean {
  return reached < until - 1e-9
}

customElements.define('sim-record', SimRecord)
