/** The fidelity sheet as a dialog: what of each product is modelled, simplified or absent, searchable. */
import { html, nothing, type TemplateResult } from 'lit'
import type { FidelityRow } from '../src/host/api.ts'
import { SimDialog } from './dialog.ts'
import { icon } from './icons.ts'
import { texts } from './texts.ts'

/** What opens the sheet from anywhere on the page. */
export const fidelityWanted = 'sim-fidelity'

const signs = { modelled: 'tick', simplified: 'dash', absent: 'cross' } as const

export class SimFidelity extends SimDialog {
  protected readonly name = 'fidelity'
  private rows: readonly FidelityRow[] = []
  private product = ''
  private words = ''

  protected heading(): string {
    return texts.fidelity
  }

  protected override opens(): void {
    if (this.rows.length > 0) return
    void this.store.columns[0]?.engine.fidelity().then((reply) => {
      if (reply.ok) this.rows = reply.value
      this.requestUpdate()
    })
  }

  protected body(): TemplateResult {
    const products = [...new Set(this.rows.map(({ product }) => product))]
    const wanted = this.words.trim().toLowerCase()
    const shown = this.rows.filter((row) => (this.product === '' || row.product === this.product)
      && (wanted === '' || `${row.mechanism} ${row.means} ${row.source}`.toLowerCase().includes(wanted)))
    return html`<p>${texts.fidelityIntro}</p>
      <div class="find"><label><span class="unseen">${texts.fidelityFilter}</span><input type="search" placeholder=${texts.fidelityFilter} .value=${this.words}
        @input=${(event: Event) => this.filter((event.target as HTMLInputElement).value, this.product)}></label>
      <label><span class="unseen">${texts.fidelityAll}</span><select @change=${(event: Event) => this.filter(this.words, (event.target as HTMLSelectElement).value)}>
        <option value="">${texts.fidelityAll}</option>${products.map((product) => html`<option ?selected=${product === this.product}>${product}</option>`)}</select></label>
      <span class="i2" role="status">${texts.fidelityCount(shown.length, this.rows.length)}</span></div>
      ${products.map((product) => this.productPart(product, shown.filter((row) => row.product === product)))}`
  }

  private filter(words: string, product: string): void {
    this.words = words
    this.product = product
    this.requestUpdate()
  }

  private productPart(product: string, rows: readonly FidelityRow[]): TemplateResult {
    if (rows.length === 0) return html`${nothing}`
    return html`<h3>${product}</h3><ul class="sheet">${rows.map(({ state, mechanism, means, source, tests }) => html`<li class=${state}>
      <b>${icon(signs[state], 12)} ${texts.fidelityStates[state]}</b><div><p>${mechanism.charAt(0).toUpperCase()}${mechanism.slice(1)}</p>
      ${means === '' ? nothing : html`<p class="i2">${state === 'absent' ? texts.fidelityMeans : texts.fidelityLeavesOut} ${means}</p>`}
      <p class="i3">${texts.fidelitySource} ${source}${tests === undefined ? nothing : html` ${texts.fidelityTests} ${tests.join(', ')}`}</p></div></li>`)}</ul>`
  }
}

customElements.define('sim-fidelity', SimFidelity)
