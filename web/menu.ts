/** The fault menu: by role for both columns, or what can befall one object; says what a fault means before it is struck. */
import { html, nothing, type TemplateResult } from 'lit'
import { findFaultKind } from '../src/host/api.ts'
import { SimElement } from './element.ts'
import { surprise } from './first/surprise.ts'
import { usualOf } from './faults.ts'
import { icon } from './icons.ts'
import { aboutOf } from './stage/about.ts'
import { groupsOf, offersFor, type OfferRow } from './offers.ts'
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
    const here = rows.filter((row) => row.target === target)
    const possible = here.filter((row) => this.isPossible(row))
    const refused = here.filter((row) => !this.isPossible(row))
    return html`<dialog class="menu" aria-labelledby="menu-title" @close=${() => this.store.openMenu(null)} @click=${(event: Event) => this.outside(event)}>
      <div class="inside"><header><h2 id="menu-title">${menu?.title ?? ''}</h2>
      <button class="plain" @click=${() => this.store.openMenu(null)}>${texts.close}</button></header>
      ${menu?.targets === null && menu.kinds === null ? this.quick() : nothing}
      ${this.about()}<div class="choose">${this.what(rows, target)}${this.length()}${this.where()}</div>
      ${targets.length === 0 ? html`<p>${texts.noOffer}</p>` : html`<ul>${possible.map((row) => this.row(row))}</ul>
        ${refused.length === 0 ? nothing : html`<details class="refused"><summary><span class="twist">${icon('twist', 10)}</span>${texts.impossible(refused.length)}</summary><ul>${refused.map((row) => this.row(row))}</ul></details>`}`}
      ${this.written()}</div></dialog>`
  }

  /** What the object is and its real keys, for those who came by touch and saw no card. */
  private about(): TemplateResult | typeof nothing {
    const object = this.store.menu?.object
    const column = object === undefined ? undefined : this.store.columns[object.column]
    if (object === undefined || column === undefined) return nothing
    const { what, keys } = aboutOf(object.kind, column.opened.knobs)
    return html`<p class="i2">${what}</p>${keys.length === 0 ? nothing : html`<dl class="real">${keys.map(({ key, value }) => html`<div><dt>${key}</dt><dd>${value}</dd></div>`)}</dl>`}`
  }

  /** What needs no choice: the one button of the first visit, and what is not even told. */
  private quick(): TemplateResult {
    const act = (strike: () => Promise<unknown>): void => {
      this.store.openMenu(null)
      void strike()
    }
    return html`<p class="line"><button class="primary" @click=${() => act(() => this.store.strike({ kind: 'crash', target: 'processor-1' }))}>${texts.crashWorker}</button>
      <button title=${texts.surpriseHint} @click=${() => act(() => surprise(this.store))}>${texts.surprise}</button></p>`
  }

  private isPossible(row: OfferRow): boolean {
    return row.columns.some((offer, i) => offer?.refused === null && (this.only < 0 || this.only === i))
  }

  private row(row: OfferRow): TemplateResult {
    return html`<li><div class="act"><button ?disabled=${!this.isPossible(row)} @click=${(event: Event) => this.strike(row, event)}>${faultWords[row.kind] ?? row.kind}</button>${this.amount(row)}</div>
      <dl>${row.columns.map((offer, i) => html`<div><dt><span class=${`badge ${i === 0 ? 'a' : 'b'}`}>${String.fromCharCode(65 + i)}</span></dt>
        <dd class=${offer?.refused === null ? '' : 'i3'}>${offer === null ? texts.refusedHere : offer.refused === null ? offer.meaning : `${texts.refusedHere}: ${offer.refused}`}</dd></div>`)}</dl></li>`
  }

  /** How strong, and for links towards whom; what it counts is in its name. */
  private amount({ kind }: OfferRow): TemplateResult | typeof nothing {
    const info = findFaultKind(kind)
    const means = info?.factor ?? info?.percent ?? info?.amount ?? info?.count ?? null
    return html`${means === null ? nothing : html`<input class="amount" maxlength="40" autocomplete="off" spellcheck="false" aria-label=${`${faultWords[kind] ?? kind}: ${means.means}`}
        title=${means.means} .value=${usualOf(kind).amount || '1'}>`}
      ${info?.link === true ? html`<input class="link" maxlength="200" autocomplete="off" spellcheck="false" aria-label=${`${faultWords[kind] ?? kind}, ${texts.peers}`}
        title=${texts.peersHelp} placeholder=${texts.everybody}>` : nothing}`
  }

  private what(rows: readonly OfferRow[], chosen: string): TemplateResult {
    const groups = groupsOf(rows, this.store.columns.map((column) => column.letter))
    return html`<label>${texts.target} <select autofocus @change=${(event: Event) => {
      this.target = (event.target as HTMLSelectElement).value
    }}>${groups.map(({ letters, targets }) => html`<optgroup label=${texts.struckIn(letters)}>${targets.map((target) => html`<option value=${target} .selected=${target === chosen}>
      ${target === 'source' ? texts.births : target}</option>`)}</optgroup>`)}</select></label>`
  }

  private length(): TemplateResult {
    const name = (seconds: number | null | undefined): string =>
      seconds === undefined ? texts.usual : seconds === null ? texts.byPlatform : `${seconds} s`
    return html`<label>${texts.lasts} <select @change=${(event: Event) => {
      this.lasts = lengths[(event.target as HTMLSelectElement).selectedIndex]
    }}>${lengths.map((length) => html`<option .selected=${length === this.lasts}>${name(length)}</option>`)}</select></label>`
  }

  private where(): TemplateResult {
    return html`<label>${texts.inColumn} <select @change=${(event: Event) => {
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

  private strike(row: OfferRow, event: Event): void {
    const only = this.store.columns[this.only]?.opened.label
    const around = (event.currentTarget as Element).parentElement
    const amount = around?.querySelector<HTMLInputElement>('.amount')?.value.trim()
    const link = around?.querySelector<HTMLInputElement>('.link')?.value.trim()
    this.store.openMenu(null)
    void this.store.strike({
      kind: row.kind, target: row.target, ...(this.lasts === undefined ? {} : { lasts: this.lasts }), ...(only === undefined ? {} : { only }),
      ...(amount === undefined ? {} : { amount }), ...(link === undefined || link === '' ? {} : { link }),
    })
  }

  private outside(event: Event): void {
    if (event.target === event.currentTarget) this.store.openMenu(null)
  }
}

customElements.define('sim-menu', SimMenu)
