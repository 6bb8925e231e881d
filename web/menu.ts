/** The fault menu: by role for both columns, or what can befall one object; refused ones say why. */
import { html, type TemplateResult } from 'lit'
import { SimElement } from './element.ts'
import { offersFor, type OfferRow } from './offers.ts'
import { faultWords, texts } from './texts.ts'
import { Watch } from './watch.ts'

const lengths: readonly (number | null | undefined)[] = [undefined, 1, 2, 5, 10, 20, 60, null]

export class SimMenu extends SimElement {
  static override properties = { ...SimElement.properties, lasts: { state: true }, only: { state: true }, target: { state: true } }
  declare lasts: number | null | undefined
  declare only: number
  declare target: string

  constructor() {
    super()
    this.lasts = undefined
    this.only = -1
    this.target = 'processor-1'
    new Watch(this, ['menu', 'open'])
  }

  override updated(): void {
    const dialog = this.querySelector('dialog')
    if (dialog === null) return
    if (this.store.menu !== null && !dialog.open) dialog.showModal()
    if (this.store.menu === null && dialog.open) dialog.close()
  }

  override render() {
    const { menu, columns } = this.store
    const rows = menu === null ? [] : offersFor(columns.map((column) => column.opened.faults), menu)
    const targets = [...new Set(rows.map((row) => row.target))]
    const target = targets.includes(this.target) ? this.target : (targets[0] ?? '')
    return html`<dialog class="menu" aria-labelledby="menu-title" @close=${() => this.store.openMenu(null)} @click=${(event: Event) => this.outside(event)}>
      <div class="inside"><header><h2 id="menu-title">${menu?.title ?? ''}</h2>
      <button class="plain" @click=${() => this.store.openMenu(null)}>${texts.close}</button></header>
      <div class="choose">${this.what(targets, target)}${this.length()}${this.where()}</div>
      ${targets.length === 0 ? html`<p>${texts.noOffer}</p>` : html`<ul>${rows.filter((row) => row.target === target).map((row) => this.row(row))}</ul>`}
      ${this.written()}</div></dialog>`
  }

  private row(row: OfferRow): TemplateResult {
    const possible = row.columns.some((offer, i) => offer?.refused === null && (this.only < 0 || this.only === i))
    return html`<li><button ?disabled=${!possible} @click=${() => this.strike(row)}>${faultWords[row.kind] ?? row.kind}</button>
      <dl>${row.columns.map((offer, i) => html`<div><dt><span class=${`badge ${i === 0 ? 'a' : 'b'}`}>${String.fromCharCode(65 + i)}</span></dt>
        <dd class=${offer?.refused === null ? '' : 'i3'}>${offer === null ? texts.refusedHere : offer.refused === null ? offer.meaning : `${texts.refusedHere}: ${offer.refused}`}</dd></div>`)}</dl></li>`
  }

  private what(targets: readonly string[], chosen: string): TemplateResult {
    return html`<label>${texts.target} <select @change=${(event: Event) => {
      this.target = targets[(event.target as HTMLSelectElement).selectedIndex] ?? ''
    }}>${targets.map((target) => html`<option .selected=${target === chosen}>${target === '' ? texts.everything : target}</option>`)}</select></label>`
  }

  private length(): TemplateResult {
    const name = (seconds: number | null | undefined): string =>
      seconds === undefined ? texts.usual : seconds === null ? texts.byPlatform : `${seconds} s`
    return html`<label>${texts.lasts} <select @change=${(event: Event) => {
      this.lasts = lengths[(event.target as HTMLSelectElement).selectedIndex]
    }}>${lengths.map((length) => html`<option .selected=${length === this.lasts}>${name(length)}</option>`)}</select></label>`
  }

  private where(): TemplateResult {
    return html`<label>in <select @change=${(event: Event) => {
      this.only = (event.target as HTMLSelectElement).selectedIndex - 1
    }}><option>${texts.both}</option>${this.store.columns.map((column) => html`<option>${column.letter}: ${column.opened.title}</option>`)}</select></label>`
  }

  private written(): TemplateResult {
    return html`<form class="written" @submit=${(event: Event) => {
      event.preventDefault()
      const field = this.querySelector<HTMLInputElement>('.written input')
      if (field === null || field.value.trim() === '') return
      const text = field.value.trim()
      this.store.openMenu(null)
      void this.store.addFault(text)
    }}><label for="written-fault">${texts.written}</label>
      <div class="line"><input id="written-fault" maxlength="400" autocomplete="off" spellcheck="false" placeholder=${texts.writtenPlaceholder}><button>${texts.writtenApply}</button></div></form>`
  }

  private strike(row: OfferRow): void {
    const only = this.store.columns[this.only]?.opened.label
    this.store.openMenu(null)
    void this.store.strike({
      kind: row.kind, target: row.target, ...(this.lasts === undefined ? {} : { lasts: this.lasts }), ...(only === undefined ? {} : { only }),
    })
  }

  private outside(event: Event): void {
    if (event.target === event.currentTarget) this.store.openMenu(null)
  }
}

customElements.define('sim-menu', SimMenu)
