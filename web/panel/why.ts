/** Why: a number, the causes the ledger booked for it, records as examples, the moment, the settings nearby. */
import { html, nothing, type TemplateResult } from 'lit'
import type { Issue, Report } from '../../src/host/api.ts'
import type { Column } from '../column-data.ts'
import { SimElement } from '../element.ts'
import { count, inUnit, seconds, unknown } from '../format.ts'
import { texts } from '../texts.ts'
import '../what.ts'
import { Watch } from '../watch.ts'
import { answer, figureOf, type Answer } from './answer.ts'

export class SimWhy extends SimElement {
  static override properties = { ...SimElement.properties, report: { state: true }, problem: { state: true }, asked: { state: true } }
  declare report: Report['runs'][number] | null
  declare problem: readonly Issue[]
  declare asked: number
  private turn = 0

  constructor() {
    super()
    this.report = null
    this.problem = []
    this.asked = Number.NaN
    new Watch(this, ['open', 'select'])
  }

  private stop: () => void = () => undefined

  override connectedCallback(): void {
    super.connectedCallback()
    this.stop = this.store.on('select', () => void this.ask())
    void this.ask()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.stop()
  }

  private get column(): Column | null {
    const { selection, columns } = this.store
    return selection === null ? null : (columns[selection.column] ?? null)
  }

  private async ask(): Promise<void> {
    const { column } = this
    const turn = ++this.turn
    this.report = null
    this.problem = []
    if (column === null) return
    const reply = await column.report()
    if (turn !== this.turn) return
    if (reply.ok) {
      this.report = reply.value
      this.asked = column.reached
    } else this.problem = reply.issues
  }

  override render() {
    const { selection } = this.store
    const { column } = this
    if (selection === null || column === null) return html`<p class="i3">${texts.whyEmpty}</p>`
    if (this.problem.length > 0) return html`<ul>${this.problem.map((issue) => html`<li>${issue.message}</li>`)}</ul>`
    if (this.report === null) return html`<p class="i3" role="status">${texts.asking}</p>`
    return this.show(answer(this.report, selection.kind), column, selection.kind)
  }

  private show(found: Answer, column: Column, kind: string): TemplateResult {
    const { number, causes, unexplained, examples, moment, evidence } = found
    const value = number.value === null ? unknown : number.unit === 's' ? seconds(number.value) : inUnit(number.value, number.unit)
    return html`<dl class="pairs">
      <dt>${texts.number}</dt><dd><span class=${`big in-${column.look}`}>${number.atLeast ? '≥ ' : ''}${value}</span> ${number.word} in ${column.letter}, ${number.view} <sim-what figure=${figureOf[kind] ?? 'visible'}></sim-what></dd>
      <dt>${texts.cause}</dt><dd>${causes.length === 0 ? texts.noCause : html`<ul>${causes.map((cause) => html`<li>${cause.words} <b>${count(cause.records)}</b>
        <span class="i3">${cause.source}</span></li>`)}</ul>`}${unexplained === null ? nothing : html` <span class="i3">${texts.unexplained} ${count(unexplained)}</span>`}</dd>
      ${examples.length === 0 ? nothing : html`<dt>${texts.recordsWord}</dt><dd>${examples.map((record, i) => html`${i > 0 ? ', ' : ''}<button class="link"
        @click=${() => this.openRecord(record)}>${record}</button>`)}</dd>`}
      ${moment === null ? nothing : html`<dt>${texts.moment}</dt><dd><button class="link" @click=${() => void this.store.goTo(moment)}>${seconds(moment)}</button></dd>`}
      ${evidence === '' ? nothing : html`<dt>${texts.evidence}</dt><dd>${evidence}</dd>`}
    </dl><p class="i3">${texts.fixedNow}, ${seconds(this.asked)}. <button class="link" @click=${() => void this.ask()}>${texts.refresh}</button></p>`
  }

  private openRecord(record: string): void {
    this.store.record = record
    this.store.emit('record')
    this.closest('sim-panel')?.dispatchEvent(new CustomEvent('sim-open', { detail: 'record' }))
  }
}

customElements.define('sim-why', SimWhy)
