/** Faults and changes as a list with fields: the form of the track for keyboards, screen readers and phones. */
import { html, nothing, type TemplateResult } from 'lit'
import { findFaultKind, type Fault } from '../src/host/api.ts'
import { SimDialog } from './dialog.ts'
import { SimElement } from './element.ts'
import { partsOf, readFault, retimed, timeText, usualOf, withParts, type FaultParts } from './faults.ts'
import { changeMoment } from './history.ts'
import { icon } from './icons.ts'
import { texts } from './texts.ts'
import { Watch } from './watch.ts'

/** Before the moment, so that it is seen coming, seconds. */
const lead = 0.5

export class SimFaultList extends SimElement {
  constructor() {
    super()
    new Watch(this, ['spec', 'open', 'issues'])
  }

  override render() {
    const { faults, changes } = this.store.spec
    if (faults.length + changes.length === 0) return html`<p>${texts.faultListEmpty}</p>${this.time()}`
    return html`<p class="i3">${texts.faultListHelp}</p>${this.time()}
      <ol class="entries">${faults.map((text, i) => this.fault(text, i))}${changes.map((_, i) => this.changed(i))}</ol>`
  }

  /** Undo, redo and the ghost, which a phone has nowhere else. */
  private time(): TemplateResult {
    const { store } = this
    return html`<div class="acts"><button ?disabled=${store.history.past.length === 0} @click=${() => void store.undo()}>${texts.undo}</button>
      <button ?disabled=${store.history.future.length === 0} @click=${() => void store.redo()}>${texts.redo}</button>
      ${store.ghost === null ? nothing : html`<button aria-pressed=${store.ghostShown ? 'true' : 'false'} @click=${() => store.toggleGhost()}>${texts.ghost}</button>
        <button @click=${() => store.dropGhost()}>${texts.ghostDrop}</button>`}</div>`
  }

  private fault(text: string, index: number): TemplateResult {
    if (this.store.isHidden(text)) return html`<li>${texts.hiddenFault}</li>`
    const fault = readFault(text)
    if (fault === null) return html`<li>${text}</li>`
    const parts = partsOf(fault)
    // An edit may still be under way when the next field is left: each starts from what is in force by then.
    const put = (change: (now: string) => string): void => void this.store.setFault(index, change)
    const piece = (other: Partial<FaultParts>): void => put((now) => {
      const known = readFault(now)
      return known === null ? now : withParts(partsOf(known), other)
    })
    const at = fault.at === undefined ? null : fault.at / 1e9
    return html`<li><p class="name"><span class="bad">${icon('cross', 10)}</span> ${parts.kind} ${parts.target} ${parts.link} ${parts.amount}</p>
      <div class="fields">${at === null ? html`<span class="when">${parts.moment}</span>`
        : number(texts.atSeconds, at, (value) => put((now) => retimed(now, { at: value ?? at })))}
      ${usualOf(fault.kind).mayLast ? number(texts.lastsSeconds, fault.duration === null ? null : fault.duration / 1e9, (value) => put((now) => retimed(now, { lasts: value }))) : nothing}
      ${this.intensity(fault, parts, piece)}${this.target(fault, parts, piece)}${this.column(fault, piece)}</div>
      <div class="acts">${at === null ? nothing : html`<button @click=${() => this.go(at)}>${texts.goThere}<span class="unseen"> ${text}</span></button>`}
        <button @click=${() => void this.store.setFault(index, () => null)}>${texts.takeOut}<span class="unseen"> ${text}</span></button></div></li>`
  }

  private intensity(fault: Fault, parts: FaultParts, piece: (other: Partial<FaultParts>) => void): TemplateResult | typeof nothing {
    const info = findFaultKind(fault.kind)
    const means = info?.factor ?? info?.percent ?? info?.amount ?? info?.count ?? null
    return html`${means === null ? nothing : html`<label>${texts.intensity}<input size="8" maxlength="40" title=${means.means} .value=${parts.amount}
        @change=${(event: Event) => piece({ amount: (event.target as HTMLInputElement).value.trim() })}></label>`}
      ${info?.link === true ? html`<label>${texts.peers}<input size="14" maxlength="200" placeholder=${texts.everybody} .value=${parts.link}
        @change=${(event: Event) => piece({ link: (event.target as HTMLInputElement).value.trim() })}></label>` : nothing}`
  }

  private target(fault: Fault, parts: FaultParts, piece: (other: Partial<FaultParts>) => void): TemplateResult | typeof nothing {
    if (usualOf(fault.kind).noTarget || usualOf(fault.kind).everywhere) return nothing
    const known = this.store.columns.flatMap((column) => column.opened.faults.filter((offer) => offer.kind === fault.kind && offer.refused === null).map((offer) => offer.target))
    const targets = [...new Set([parts.target, ...known])]
    return html`<label>${texts.target}<select @change=${(event: Event) => piece({ target: targets[(event.target as HTMLSelectElement).selectedIndex] ?? parts.target })}>
      ${targets.map((target) => html`<option .selected=${target === parts.target}>${target === '' ? texts.everything : target}</option>`)}</select></label>`
  }

  private column(fault: Fault, piece: (other: Partial<FaultParts>) => void): TemplateResult | typeof nothing {
    if (usualOf(fault.kind).everywhere) return nothing
    const labels = ['', ...this.store.columns.map((column) => column.opened.label)]
    return html`<label>${texts.inColumn}<select @change=${(event: Event) => {
      const label = labels[(event.target as HTMLSelectElement).selectedIndex] ?? ''
      piece({ only: label === '' ? '' : `only ${label}` })
    }}>${labels.map((label, i) => html`<option .selected=${label === (fault.only ?? '')}>${label === '' ? texts.both : `${this.store.columns[i - 1]?.letter ?? ''}: ${label}`}</option>`)}</select></label>`
  }

  private changed(index: number): TemplateResult {
    const change = this.store.spec.changes[index]!
    const at = changeMoment(change)
    const name = texts.changeName(change.label, change.key, change.value)
    return html`<li><p class="name">${icon('next', 10)} ${name}</p>
      <div class="fields">${number(texts.atSeconds, at, (value) => {
        if (value !== null && timeText(value) !== change.at) void this.store.setChange(index, value)
      })}</div>
      <div class="acts"><button @click=${() => this.go(at)}>${texts.goThere}<span class="unseen"> ${name}</span></button>
        <button @click=${() => void this.store.setChange(index, null)}>${texts.takeOut}<span class="unseen"> ${name}</span></button></div></li>`
  }

  private go(at: number): void {
    this.store.showDialog('')
    void this.store.goTo(Math.max(0, at - lead))
  }
}

/** A field of seconds; emptied, it leaves the moment or the end to others. */
function number(label: string, value: number | null, put: (value: number | null) => void): TemplateResult {
  return html`<label>${label}<input type="number" min="0" step="0.1" placeholder=${texts.untilPlatform} .value=${value === null ? '' : String(value)}
    @change=${(event: Event) => {
      const { value: text } = event.target as HTMLInputElement
      put(text === '' ? null : Number(text))
    }}></label>`
}

/** The list as a dialog of the wide page. */
export class SimFaults extends SimDialog {
  protected readonly name = 'faults'

  constructor() {
    super(['issues'])
  }

  protected heading(): string {
    return texts.faultList
  }

  protected body(): TemplateResult {
    const { issues } = this.store
    return html`${issues.length === 0 ? nothing : html`<p class="bad" role="alert">${issues.map((issue) => issue.message).join(' ')}</p>`}
      <sim-fault-list .store=${this.store}></sim-fault-list>
      <p><button @click=${() => {
        this.store.showDialog('')
        this.store.openMenu({ title: texts.strikeTitle, targets: null, kinds: null })
      }}>${texts.addFault}</button></p>`
  }
}

customElements.define('sim-fault-list', SimFaultList)
customElements.define('sim-faults', SimFaults)
