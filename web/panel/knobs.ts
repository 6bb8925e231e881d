/** Knobs: real keys with unit, range, default and source; presets, differences, and settings from a file. */
import { html, nothing, type TemplateResult } from 'lit'
import type { Column } from '../column-data.ts'
import { SimElement } from '../element.ts'
import { clock } from '../format.ts'
import { texts } from '../texts.ts'
import { Watch } from '../watch.ts'
import { withPreset } from './apply.ts'
import { originOf } from './differ.ts'
import './differences.ts'
import { findKnobs, rangeText, type OpenKnob } from './knob-list.ts'
import './paste.ts'

/** Shown without opening a group: what has been changed, and what a search finds if it is not much. */
const foundMax = 12

export class SimKnobs extends SimElement {
  static override properties = { ...SimElement.properties, words: { state: true }, side: { state: true }, edited: { state: true }, preset: { state: true } }
  declare words: string
  declare side: number
  /** The knob whose field holds another value than the run. */
  declare edited: string
  /** The preset that is looked at, before it is applied. */
  declare preset: string | null
  private stop: () => void = () => undefined

  constructor() {
    super()
    this.words = ''
    this.side = 0
    this.edited = ''
    this.preset = null
    new Watch(this, ['open', 'spec', 'knob'])
  }

  override connectedCallback(): void {
    super.connectedCallback()
    const look = (): void => {
      const wanted = this.store.knob
      if (wanted === null) return
      this.side = wanted.column
      this.words = wanted.key
    }
    this.stop = this.store.on('knob', look)
    look()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.stop()
  }

  override render() {
    const { columns } = this.store
    const column = columns[Math.min(this.side, columns.length - 1)]
    if (column === undefined) return html`${nothing}`
    return html`<div class="filter" role="group" aria-label=${texts.columnWord}>${columns.map((one) => html`<button aria-pressed=${one === column ? 'true' : 'false'}
        @click=${() => { this.side = one.number }}>${one.letter}: ${one.opened.title}</button>`)}</div>
      ${this.presets(column)}
      <sim-differences .store=${this.store}></sim-differences>
      <sim-paste .store=${this.store} .column=${column}></sim-paste>
      <input type="search" class="find" aria-label=${texts.knobSearch} placeholder=${texts.knobSearchIn(column.opened.knobs.length)} .value=${this.words}
        @input=${(event: Event) => { this.words = (event.target as HTMLInputElement).value }}>
      ${this.list(column)}`
  }

  private presets(column: Column): TemplateResult {
    const { preset, presets } = column.opened
    const chosen = presets.find(({ name }) => name === (this.preset ?? preset)) ?? presets[0]
    const choose = (event: Event): void => { this.preset = (event.target as HTMLSelectElement).value }
    if (chosen === undefined) return html`${nothing}`
    return html`<div class="line"><label for="preset">${texts.preset}</label><select id="preset" @change=${choose}>${presets.map(({ name }) => html`
        <option value=${name} .selected=${name === chosen.name}>${texts.presetNames[name] ?? name}${name === preset ? ` ${texts.inForce}` : ''}</option>`)}</select>
        <button ?disabled=${chosen.name === preset} @click=${() => void this.choose(column, chosen.name)}>${texts.apply}</button></div>
      <p class="i3">${texts.presetMeaning[chosen.name] ?? ''} ${chosen.name === preset ? '' : texts.replays}</p>
      ${chosen.values.length === 0 ? nothing : html`<details class="more"><summary>${texts.presetValues(chosen.values.length)}</summary><dl class="values">${chosen.values.map(({ key, value, reason }) => html`
        <dt><b>${key}</b> ${value}</dt><dd class="i2">${reason}</dd>`)}</dl></details>`}`
  }

  private list(column: Column): TemplateResult {
    const { knobs } = column.opened
    const found = findKnobs(knobs, this.words)
    if (found.length === 0) return html`<p class="i3">${texts.noKnob}</p>`
    if (this.words.trim() !== '' && found.length <= foundMax) return html`${found.map((knob) => this.knob(knob, column))}`
    const groups = [...new Set(knobs.map((knob) => knob.group))].map((group) => ({ group, inside: found.filter((knob) => knob.group === group) }))
    return html`${groups.filter(({ inside }) => inside.length > 0).map(({ group, inside }) => {
      const changed = inside.filter((knob) => knob.changed).length
      return html`<details class="more group" ?open=${this.words.trim() !== ''}><summary>${group} <span class="i3">${texts.knobCount(inside.length, changed)}</span></summary>
        ${inside.map((knob) => this.knob(knob, column))}</details>`
    })}`
  }

  private knob(knob: OpenKnob, column: Column): TemplateResult {
    const id = `knob-${column.number}-${knob.key.replace(/[^\w-]/g, '-')}`
    const value = (): string => this.querySelector<HTMLInputElement | HTMLSelectElement>(`#${CSS.escape(id)}`)?.value.trim() ?? knob.value
    const edit = (): void => { this.edited = value() === knob.value ? '' : id }
    const set = (event: Event): void => {
      event.preventDefault()
      this.edited = ''
      if (value() !== knob.value) void this.store.setKnob(column.number, knob.key, value())
    }
    const origin = originOf(knob)
    return html`<form class=${`knob ${knob.changed ? 'changed' : ''}`} @submit=${set} @input=${edit}>
      <label for=${id}>${knob.key}</label>
      <p class="marks">${knob.changed ? html`<span class="mark">${texts.changedMark}</span>` : html`<span class="i3">${texts.defaultMark}</span>`}
        ${origin === 'documented' ? nothing : html`<span class="mark faint" title=${texts.originHint[origin]}>${texts.origin[origin]}</span>`}
        <span class="i3">${knob.live ? texts.liveKnob : texts.replayKnob}</span></p>
      <div class="line">${this.field(knob, id)}<span class="i3">${/^-?\d+$/.test(knob.value) ? knob.unit : ''}</span>
        <button ?disabled=${this.edited !== id}>${this.edited === id ? (knob.live ? texts.setFrom(clock(this.store.play.playhead)) : texts.replayFrom0) : texts.apply}</button></div>
      <p class="i2">${knob.help}</p>
      ${knob.reason === null ? nothing : html`<p class="i2">${texts.because} ${knob.reason}</p>`}
      <p class="i3">${rangeText(knob)}; ${texts.byDefault} ${knob.default}${knob.changed ? html` <button type="button" class="link" aria-label=${texts.backTo(knob.key, knob.default)}
        @click=${() => void this.store.setKnob(column.number, knob.key, knob.default)}>${texts.back}</button>` : nothing}. ${texts.source} ${knob.source}</p></form>`
  }

  private field(knob: OpenKnob, id: string): TemplateResult {
    const options = knob.type.kind === 'choice' ? knob.type.options : knob.type.kind === 'boolean' ? ['true', 'false'] : null
    if (options === null) return html`<input id=${id} .value=${knob.value} maxlength="80" autocomplete="off" spellcheck="false">`
    return html`<select id=${id}>${options.map((option) => html`<option .selected=${option === knob.value}>${option}</option>`)}</select>`
  }

  private choose(column: Column, preset: string): Promise<boolean> {
    this.preset = null
    return this.store.edit(withPreset(this.store.spec, column.number, preset), texts.building)
  }
}

customElements.define('sim-knobs', SimKnobs)
