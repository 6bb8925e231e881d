/** Knobs: real keys with unit, range, default and source; a change is applied from the playhead or replays. */
import { html, nothing, type TemplateResult } from 'lit'
import { SimElement } from '../element.ts'
import { texts } from '../texts.ts'
import { Watch } from '../watch.ts'
import { findKnobs, rangeText, type OpenKnob } from './knob-list.ts'

export class SimKnobs extends SimElement {
  static override properties = { ...SimElement.properties, words: { state: true }, side: { state: true } }
  declare words: string
  declare side: number

  constructor() {
    super()
    this.words = ''
    this.side = 0
    new Watch(this, ['open', 'spec'])
  }

  override render() {
    const { columns } = this.store
    const column = columns[Math.min(this.side, columns.length - 1)]
    if (column === undefined) return html`${nothing}`
    const found = findKnobs(column.opened.knobs, this.words)
    const groups = [...new Set(found.map((knob) => knob.group))]
    return html`<div class="filter">${columns.map((one) => html`<button aria-pressed=${one === column ? 'true' : 'false'}
        @click=${() => { this.side = one.number }}>${one.letter}: ${one.opened.title}</button>`)}</div>
      <input type="search" class="find" aria-label=${texts.knobSearch} placeholder=${texts.knobSearch} .value=${this.words}
        @input=${(event: Event) => { this.words = (event.target as HTMLInputElement).value }}>
      ${found.length === 0 ? html`<p class="i3">${texts.noKnob}</p>` : groups.map((group) => html`<h3>${group}</h3>
        ${found.filter((knob) => knob.group === group).map((knob) => this.knob(knob, column.number))}`)}`
  }

  private knob(knob: OpenKnob, column: number): TemplateResult {
    const id = `knob-${column}-${knob.key.replace(/[^\w-]/g, '-')}`
    const set = (event: Event): void => {
      event.preventDefault()
      const field = this.querySelector<HTMLInputElement | HTMLSelectElement>(`#${CSS.escape(id)}`)
      if (field !== null && field.value !== knob.value) void this.store.setKnob(column, knob.key, field.value.trim())
    }
    return html`<form class=${`knob ${knob.changed ? 'changed' : ''}`} @submit=${set}>
      <label for=${id}>${knob.changed ? html`<span class="mark" title="changed">●</span>` : nothing}${knob.key}</label>
      <div class="line">${this.field(knob, id)}<span class="i3">${knob.unit}</span><button>${texts.apply}</button></div>
      <p class="i2">${knob.help}</p>
      <p class="i3">${rangeText(knob)}; default ${knob.default}; ${knob.live ? texts.liveKnob : texts.replayKnob}; ${knob.source}</p>
      ${knob.reason === null ? nothing : html`<p class="i2">${knob.reason}</p>`}</form>`
  }

  private field(knob: OpenKnob, id: string): TemplateResult {
    const options = knob.type.kind === 'choice' ? knob.type.options : knob.type.kind === 'boolean' ? ['true', 'false'] : null
    if (options === null) return html`<input id=${id} .value=${knob.value} maxlength="80" autocomplete="off" spellcheck="false">`
    return html`<select id=${id}>${options.map((option) => html`<option .selected=${option === knob.value}>${option}</option>`)}</select>`
  }
}

customElements.define('sim-knobs', SimKnobs)
