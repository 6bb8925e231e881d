/** What differs between the columns, and in each from what its products ship with, as lists. */
import { html, nothing, type TemplateResult } from 'lit'
import { SimElement } from '../element.ts'
import { texts } from '../texts.ts'
import { Watch } from '../watch.ts'
import { betweenColumns } from './differ.ts'

export class SimDifferences extends SimElement {
  constructor() {
    super()
    new Watch(this, ['open', 'spec'])
  }

  override render() {
    const { columns } = this.store
    const between = betweenColumns(columns.map((column) => column.opened.knobs))
    const changed = columns.map((column) => column.opened.knobs.filter((knob) => knob.changed))
    const all = changed.reduce((n, knobs) => n + knobs.length, 0)
    return html`<details class="more"><summary>${texts.whatDiffers} <span class="i3">${texts.differCount(between.length, all)}</span></summary>
      <h2 class="sub">${texts.betweenColumns}</h2>
      ${between.length === 0 ? html`<p class="i3">${texts.nothingBetween}</p>` : html`<ul class="pairs-list">${between.map(({ key, values }) => html`<li><b>${key}</b>
        ${values.map((value, i) => html`<span class=${`badge ${columns[i]?.look ?? 'a'}`}>${columns[i]?.letter ?? ''}</span> ${value === '' ? texts.noSuchKey : value} `)}</li>`)}</ul>`}
      ${columns.map((column, i) => html`<h2 class="sub"><span class=${`badge ${column.look}`}>${column.letter}</span> ${texts.offDefaults}</h2>
        ${changed[i]!.length === 0 ? html`<p class="i3">${texts.nothingChanged}</p>` : html`<ul class="pairs-list">${changed[i]!.map((knob) => this.line(knob, column.number))}</ul>`}`)}
      </details>`
  }

  private line(knob: { key: string; default: string; value: string; reason: string | null }, column: number): TemplateResult {
    return html`<li><button class="link key" @click=${() => this.store.findKnob({ column, key: knob.key })}>${knob.key}</button>
      <span class="i2">${knob.default} <span aria-hidden="true">→</span><span class="unseen">${texts.to}</span> <b>${knob.value}</b></span>
      ${knob.reason === null ? nothing : html`<span class="i3">${knob.reason}</span>`}</li>`
  }
}

customElements.define('sim-differences', SimDifferences)
