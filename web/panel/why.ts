/** Why: a number, what it is booked to, its records, its moment, and the settings that change it. */
import { html, nothing, type TemplateResult } from 'lit'
import type { Issue, Report } from '../../src/host/api.ts'
import type { Column } from '../column-data.ts'
import { SimElement } from '../element.ts'
import { timeText } from '../faults.ts'
import { clock, count, inUnit, seconds, unknown } from '../format.ts'
import { bindClick } from '../player.ts'
import type { Selection } from '../selection.ts'
import { texts } from '../texts.ts'
import '../what.ts'
import { Watch } from '../watch.ts'
import { answer, figureOf, type Answer, type Reason } from './answer.ts'
import { isLive, secondRun, withSettings, type Setting } from './apply.ts'

/** Settings shown for a reason before "more". */
const settingsShown = 2

export class SimWhy extends SimElement {
  static override properties = { ...SimElement.properties, report: { state: true }, problem: { state: true }, asked: { state: true } }
  declare report: Report['runs'][number] | null
  declare problem: readonly Issue[]
  declare asked: number
  private turn = 0
  /** What was asked last and of which scenario: asked again when the same scene is built anew. */
  private last: { readonly selection: Selection; readonly scenario: string } | null = null
  private stops: (() => void)[] = []

  constructor() {
    super()
    this.report = null
    this.problem = []
    this.asked = Number.NaN
    new Watch(this, ['open', 'select'])
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.stops = [
      this.store.on('select', () => void this.ask()), this.store.on('open', () => this.report = null),
      this.store.on('player', () => this.askAgain()),
    ]
    document.addEventListener('sim-ask', this.asks)
    void this.ask()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    for (const stop of this.stops) stop()
    document.removeEventListener('sim-ask', this.asks)
  }

  /** A figure's card asks why: in the column that was asked about last, or the one in view. */
  private readonly asks = (event: Event): void => {
    const { store } = this
    store.select({ column: store.selection?.column ?? store.shown, kind: String((event as CustomEvent).detail) })
  }

  private get column(): Column | null {
    const { selection, columns } = this.store
    return selection === null ? null : (columns[selection.column] ?? null)
  }

  /** The same question to a scene that was built anew with other settings, once it has come to where it was. */
  private askAgain(): void {
    const { store, last } = this
    if (last === null || store.selection !== null || store.goal !== null || store.spec.scenario !== last.scenario) return
    if (store.columns[last.selection.column] !== undefined) store.select(last.selection)
  }

  private async ask(): Promise<void> {
    const { column, store } = this
    const turn = ++this.turn
    this.report = null
    this.problem = []
    if (column === null || store.selection === null) return
    this.last = { selection: store.selection, scenario: store.spec.scenario }
    const reply = await column.report()
    if (turn !== this.turn) return
    if (reply.ok) {
      this.report = reply.value
      this.asked = column.reached
      // The section was revealed while it was still short.
      void this.updateComplete.then(() => this.closest('details')?.scrollIntoView({ block: 'start' }))
    } else this.problem = reply.issues
  }

  override render() {
    const { selection } = this.store
    const { column } = this
    if (selection === null || column === null) return html`${this.choice()}<p class="i3">${texts.whyEmpty}</p>`
    if (this.problem.length > 0) return html`${this.choice()}<ul>${this.problem.map((issue) => html`<li>${issue.message}</li>`)}</ul>`
    if (this.report === null) return html`${this.choice()}<p class="i3" role="status">${texts.asking}</p>`
    return html`${this.choice()}${this.show(answer(this.report, selection.kind, column.opened.causes), column, selection.kind)}`
  }

  /** Which number, and in which column: the same question to another one is one step away. */
  private choice(): TemplateResult {
    const { columns, selection } = this.store
    const ask = (number: number, kind: string): void => this.store.select({ column: number, kind })
    const kind = selection?.kind ?? ''
    return html`<div class="filter" role="group" aria-label=${texts.whyOf}>
      ${columns.map(({ number, letter }) => html`<button aria-pressed=${selection?.column === number ? 'true' : 'false'} @click=${() => ask(number, kind === '' ? 'latency' : kind)}>${letter}</button>`)}
      <select aria-label=${texts.whyNumber} @change=${(event: Event) => ask(selection?.column ?? 0, (event.target as HTMLSelectElement).value)}>
        ${kind === '' ? html`<option value="" selected>${texts.whyChoose}</option>` : nothing}
        ${Object.keys(figureOf).map((one) => html`<option value=${one} .selected=${one === kind}>${texts.numbers[one] ?? one}</option>`)}</select></div>`
  }

  private show(found: Answer, column: Column, kind: string): TemplateResult {
    const { number, reasons, unexplained, examples, moment, evidence } = found
    const value = number.unit === '' ? '' : number.value === null ? unknown : number.unit === 's' ? seconds(number.value) : inUnit(number.value, number.unit)
    return html`<p class="asked"><span class=${`big in-${column.look}`}>${number.atLeast ? '≥ ' : ''}${value}</span> ${number.word} in ${column.letter}
        <span class="i3">${number.view}</span> <sim-what figure=${figureOf[kind] ?? 'visible'}></sim-what></p>
      ${evidence === '' && moment === null ? nothing : html`<p class="i2">${evidence}${moment === null ? nothing : html`${evidence === '' ? '' : '; '}${texts.firstAt}
        <button class="link" @click=${() => void this.store.goTo(moment)}>${clock(moment)} s</button>`}</p>`}
      ${examples.length === 0 ? nothing : html`<p>${texts.forExample} ${this.records(examples)}</p>`}
      ${reasons.length === 0 ? html`<p class="i2">${unexplained === null ? '' : texts.noCause}</p>` : html`<ol class="reasons">${reasons.map((reason) => this.reason(reason, column))}</ol>`}
      <p class="i3">${unexplained === null ? '' : `${texts.unexplained} ${count(unexplained)}. `}${texts.askedAt(seconds(this.asked))} <button class="link" @click=${() => void this.ask()}>${texts.refresh}</button></p>`
  }

  private reason(reason: Reason, column: Column): TemplateResult {
    const { records, since, examples, settings, source } = reason
    const at = since === null ? nothing : html`${texts.since} <button class="link" @click=${() => void this.store.goTo(since)}>${clock(since)} s</button>`
    return html`<li><p class="cause">${records === null ? nothing : html`<b class="bad">${count(records)}</b> `}<b>${reason.words}</b> <span class="i3">${at}</span></p>
      ${examples.length === 0 ? nothing : html`<p>${texts.forExample} ${this.records(examples)}</p>`}
      ${reason.nothing === null ? html`<h2 class="sub">${texts.changesIt}</h2>${settings.slice(0, settingsShown).map((setting) => this.setting(setting, column))}
        ${settings.length <= settingsShown ? nothing : html`<details class="more"><summary>${texts.moreSettings(settings.length - settingsShown)}</summary>
          ${settings.slice(settingsShown).map((setting) => this.setting(setting, column))}</details>`}`
        : html`<p class="i2">${reason.nothing}</p>`}
      ${source === '' ? nothing : html`<p class="i3">${texts.source} ${source}</p>`}</li>`
  }

  private setting({ key, value, holds, why }: Reason['settings'][number], column: Column): TemplateResult {
    const now = column.opened.knobs.find((knob) => knob.key === key)?.value ?? ''
    const change = value === null ? null : [{ key, value }]
    const doing = change !== null && isLive(column, change) ? texts.setFrom(clock(this.store.play.playhead)) : texts.setHere
    return html`<div class="remedy"><p><button class="link key" @click=${() => this.openKnob(column, key)}>${key}</button>
        <span class="i2">${now}${value === null ? nothing : html` <span aria-hidden="true">→</span><span class="unseen">${texts.to}</span> <b>${value}</b>`}</span>
        ${holds ? html`<span class="i3">${value === null ? texts.holdsAlready : texts.holdsMore}</span>` : nothing}</p>
      <p class="i2">${why}</p>
      ${change === null ? nothing : html`<p class="do"><button @click=${() => void this.apply(column, change)} aria-label=${texts.setTo(doing, key, value!)}>${doing}</button>
        <button @click=${() => void this.compare(column, change)} aria-label=${texts.compareWith(key, value!)}>${texts.compare}</button>
        <span class="i3">${isLive(column, change) ? texts.liveKnob : texts.replayKnob}</span></p>`}</div>`
  }

  private apply(column: Column, settings: readonly Setting[]): Promise<boolean> {
    const { store } = this
    return store.edit(withSettings(store.spec, column, settings, timeText(bindClick(store.play.playhead))), texts.changing)
  }

  private compare(column: Column, settings: readonly Setting[]): Promise<boolean> {
    return this.store.edit(secondRun(this.store.spec, column, settings), texts.building)
  }

  private records(names: readonly string[]): TemplateResult {
    return html`${names.map((record, i) => html`${i > 0 ? ', ' : ''}<button class="link" @click=${() => this.openRecord(record)}>${record}</button>`)}`
  }

  private openRecord(record: string): void {
    this.store.follow(record)
    this.reveal('record')
  }

  private openKnob(column: Column, key: string): void {
    this.store.findKnob({ column: column.number, key })
    this.reveal('knobs')
  }

  private reveal(section: string): void {
    this.closest('sim-panel')?.dispatchEvent(new CustomEvent('sim-open', { detail: section }))
  }
}

customElements.define('sim-why', SimWhy)
