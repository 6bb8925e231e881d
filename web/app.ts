/** The page: header, two columns, charts, panel, transport; one column at a time where there is little room. */
import { html, type TemplateResult } from 'lit'
import { chartKinds, charts, type ChartKind } from './chart/kinds.ts'
import type { Column } from './column-data.ts'
import { SimElement } from './element.ts'
import { Guide } from './first/guide.ts'
import { icon } from './icons.ts'
import { listenKeys } from './keys.ts'
import { recall, remember } from './local.ts'
import { inUnit } from './format.ts'
import { texts } from './texts.ts'
import { shown, verdictOf } from './verdict.ts'
import { Watch } from './watch.ts'
import { fidelityWanted } from './fidelity.ts'
import './break.ts'
import './chart/chart.ts'
import './column.ts'
import './first/gallery.ts'
import './first/interview.ts'
import './first/present.ts'
import './first/slot.ts'
import './fault-list.ts'
import './keys-dialog.ts'
import './issues.ts'
import './menu.ts'
import './narration.ts'
import './panel/panel.ts'
import './share.ts'
import './stage/stage.ts'
import './transport.ts'
import './scrub.ts'

const themes = ['auto', 'light', 'dark'] as const

export class SimApp extends SimElement {
  static override properties = { ...SimElement.properties, small: { state: true }, chart: { state: true }, theme: { state: true } }
  declare small: boolean
  declare chart: ChartKind
  declare theme: (typeof themes)[number]
  private stops: (() => void)[] = []
  /** Leads the visitor; made before anything is opened. */
  private guide!: Guide

  constructor() {
    super()
    this.small = false
    this.chart = 'lag'
    this.theme = themes.find((theme) => theme === recall('theme')) ?? 'auto'
    new Watch(this, ['open', 'spec', 'guide'])
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.guide = new Guide(this.store)
    const narrow = matchMedia('(max-width: 899px)')
    const calm = matchMedia('(prefers-reduced-motion: reduce)')
    const dark = matchMedia('(prefers-color-scheme: dark)')
    const look = (): void => {
      this.small = narrow.matches
      this.store.reducedMotion = calm.matches
    }
    const repaint = (): void => this.store.emit('theme')
    look()
    this.wear()
    narrow.addEventListener('change', look)
    calm.addEventListener('change', look)
    dark.addEventListener('change', repaint)
    const sheet = (): void => this.store.showDialog('fidelity')
    this.addEventListener(fidelityWanted, sheet)
    this.stops = [
      listenKeys(this.store),
      () => narrow.removeEventListener('change', look), () => calm.removeEventListener('change', look),
      () => dark.removeEventListener('change', repaint), () => this.removeEventListener(fidelityWanted, sheet),
    ]
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    for (const stop of this.stops) stop()
  }

  override render() {
    const { store } = this
    if (store.columns.length === 0) return html`<sim-issues .store=${store}></sim-issues><p class="opening" role="status">${texts.opening}</p>`
    return html`<sim-issues .store=${store}></sim-issues>${this.small ? this.phone() : store.presents ? html`<sim-present .store=${store} .guide=${this.guide}></sim-present>` : this.wide()}<sim-menu .store=${store}></sim-menu>
      <sim-gallery .store=${store} .guide=${this.guide}></sim-gallery><sim-interview .store=${store} .guide=${this.guide}></sim-interview>
      <sim-faults .store=${store}></sim-faults><sim-keys .store=${store}></sim-keys><sim-fidelity .store=${store}></sim-fidelity><sim-sharing .store=${store}></sim-sharing>
      <div class="unseen" role="status" aria-live="polite"><sim-said .store=${store}></sim-said></div>
      <div class="unseen" role="log" aria-label=${texts.narration}><sim-narration .store=${store}></sim-narration></div>`
  }

  private wide(): TemplateResult {
    const { store } = this
    return html`<div class="lab"><header><h1>${texts.brand}</h1><p>${this.sentence()}</p>
        <span class="i2">${texts.seed} <b>${store.spec.seed}</b></span>${this.differs()}
        ${this.scenes()}<sim-share .store=${store}></sim-share>${this.themeButton()}</header>
      <main><div class="columns">${store.columns.map((column) => html`<sim-column .store=${store} .column=${column}></sim-column>`)}</div>
        <section class="charts" aria-label="charts">${chartKinds.map((kind, i) => html`<sim-chart .store=${store} .kind=${kind} ?axis=${i > 1}></sim-chart>`)}</section></main>
      <aside><sim-guide .store=${store} .guide=${this.guide}></sim-guide><sim-panel .store=${store}></sim-panel></aside>
      <footer><sim-transport .store=${store}></sim-transport><sim-break .store=${store}></sim-break></footer></div>`
  }

  private phone(): TemplateResult {
    const { store } = this
    const column = store.columns[store.shown] ?? store.columns[0]!
    return html`<div class="phone"><header class="top"><div class="bar"><h1>${texts.brand}</h1><p>${store.columns.map((c) => c.letter).join(' | ')}</p>${this.scenes()}<sim-share .store=${store}></sim-share></div>
        <div class="switch" role="tablist">${store.columns.map((one) => html`<sim-half .store=${store} .column=${one} ?on=${one === column}></sim-half>`)}</div></header>
      <main><sim-column .store=${store} .column=${column} small></sim-column>
      <div class="diff">${this.differs()}${this.themeButton()}</div>
      <sim-chart .store=${store} .kind=${this.chart} axis small></sim-chart>
      <div class="pick">${chartKinds.map((kind) => html`<button aria-pressed=${kind === this.chart ? 'true' : 'false'}
        @click=${() => { this.chart = kind }}>${kind}<span class="unseen">${charts[kind].title}</span></button>`)}</div>
      <details class="struck"><summary>${texts.faultList}</summary><sim-fault-list .store=${store}></sim-fault-list></details>
      <sim-panel .store=${store} small></sim-panel></main>
      <sim-guide .store=${store} .guide=${this.guide} small></sim-guide><footer><sim-transport .store=${store} small></sim-transport></footer></div>`
  }

  private sentence(): string {
    const card = this.guide.open?.card
    if (card !== undefined && card.demonstrates !== null) return card.asks
    return `${this.store.host.sceneTitle(this.store.spec)}${this.store.columns.length === 0 ? '' : ': '}${texts.tagline}`
  }

  private scenes(): TemplateResult {
    return html`<button aria-haspopup="dialog" @click=${() => this.store.showDialog('scenes')}>${texts.scenes}</button>`
  }

  private differs(): TemplateResult {
    const n = this.store.columns.reduce((sum, c) => sum + c.opened.knobs.filter((knob) => knob.changed).length, 0)
    return html`<button class="plain" title=${texts.differsHint} @click=${() => this.openKnobs()}>${texts.differs} <b>${n} ${n === 1 ? texts.setting : texts.settings}</b></button>`
  }

  private openKnobs(): void {
    const panel = this.querySelector('sim-panel')
    panel?.dispatchEvent(new CustomEvent('sim-open', { detail: 'knobs' }))
    requestAnimationFrame(() => panel?.querySelector('sim-differences details')?.setAttribute('open', ''))
  }

  private themeButton(): TemplateResult {
    return html`<button class="plain" aria-label=${texts.themeNow(this.theme)} @click=${() => this.nextTheme()}>${texts.theme}</button>`
  }

  private nextTheme(): void {
    this.theme = themes[(themes.indexOf(this.theme) + 1) % themes.length]!
    remember('theme', this.theme === 'auto' ? null : this.theme)
    this.wear()
  }

  private wear(): void {
    if (this.theme === 'auto') delete document.documentElement.dataset['theme']
    else document.documentElement.dataset['theme'] = this.theme
    this.store.emit('theme')
  }
}

/** The last sentence for the live region. */
export class SimSaid extends SimElement {
  constructor() {
    super()
    new Watch(this, ['player'])
  }

  override render() {
    return html`${this.store.notice}`
  }
}

/** One half of the switch on a phone: name, worst figure, four signs. */
export class SimHalf extends SimElement {
  static override properties = { ...SimElement.properties, column: { attribute: false }, on: { type: Boolean } }
  declare column: Column
  declare on: boolean

  constructor() {
    super()
    this.on = false
    new Watch(this, ['figures'])
  }

  override render() {
    const { column, store } = this
    const all = shown(column.opened.constraints).map(({ line, index }) => ({ line, verdict: verdictOf(column, line, index, store.figuresAt) }))
    const worst = all.find((item) => item.verdict.flipped) ?? all.find((item) => item.verdict.state === 'broken') ?? all[0]
    return html`<button role="tab" aria-selected=${this.on ? 'true' : 'false'} class=${`half ${column.look}`} @click=${() => this.choose()}>
      <span class="l"><span class=${`badge ${column.look}`}>${column.letter}</span>${column.opened.title}</span>
      <span class="k">${worst === undefined ? '' : html`<b class=${worst.verdict.state}>${worst.verdict.atLeast && worst.verdict.measures === 'latency' ? '≥ ' : ''}${inUnit(worst.verdict.observed, worst.line.unit)}</b> ${worst.verdict.word}`}
      <span class="signs">${all.map(({ line, verdict }) => html`<span class=${verdict.state} title=${line.text}>${icon(verdict.sign, 12)}<span class="unseen">${line.text} ${verdict.state}</span></span>`)}</span></span></button>`
  }

  private choose(): void {
    this.store.shown = this.column.number
    this.store.emit('open')
  }
}

customElements.define('sim-said', SimSaid)
customElements.define('sim-half', SimHalf)
customElements.define('sim-app', SimApp)
