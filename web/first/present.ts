/** The page on a projector: two columns, one chart, the time; below them what is asked and what came of it. */
import { html, nothing, type TemplateResult } from 'lit'
import { chartKinds, type ChartKind } from '../chart/kinds.ts'
import { SimElement } from '../element.ts'
import { icon } from '../icons.ts'
import { endWords, texts } from '../texts.ts'
import { Watch } from '../watch.ts'
import type { Guide, Result } from './guide.ts'
import { clause } from './outcome.ts'
import { endOf, ends, Prediction } from './predict.ts'

export class SimPresent extends SimElement {
  static override properties = { ...SimElement.properties, guide: { attribute: false }, chart: { state: true } }
  declare guide: Guide
  declare chart: ChartKind
  private prediction: Prediction | null = null
  private stops: (() => void)[] = []

  constructor() {
    super()
    this.chart = 'lag'
    new Watch(this, ['open', 'guide', 'player'])
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.prediction = new Prediction(this.store)
    const key = (event: KeyboardEvent): void => this.key(event)
    document.addEventListener('keydown', key)
    this.stops = [
      this.prediction.watch(), () => document.removeEventListener('keydown', key),
      this.store.onPaint((playhead) => {
        const clock = this.querySelector('.clock output')
        const text = playhead.toFixed(1)
        if (clock !== null && clock.textContent !== text) clock.textContent = text
      }),
    ]
    document.documentElement.dataset['view'] = 'present'
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    for (const stop of this.stops) stop()
    delete document.documentElement.dataset['view']
  }

  override render() {
    const { store } = this
    return html`<div class="present"><header class="unseen"><h1>${texts.brand}</h1></header>
      <main class="columns">${store.columns.map((column) => html`<sim-column .store=${store} .column=${column}></sim-column>`)}</main>
      <section class="one" aria-label=${texts.below}>${this.below()}</section>
      <footer><span class="clock"><output aria-label=${texts.timeline}></output> s</span><sim-scrub .store=${store}></sim-scrub></footer></div>`
  }

  private below(): TemplateResult {
    const { prediction, guide } = this
    if (prediction !== null && prediction.fault !== '') return this.question(prediction)
    if (guide.result !== null && this.store.goal === null) return this.answer(guide.result)
    return html`<sim-chart .store=${this.store} .kind=${this.chart} axis big></sim-chart>`
  }

  private question(prediction: Prediction): TemplateResult {
    const { columns } = this.store
    return html`<div class="ask" role="group" aria-labelledby="ask-title"><header><h2 id="ask-title">${texts.willHappen}</h2><p><span class="broke">${icon('cross', 17)}</span> ${prediction.fault}</p>
        <button @click=${() => prediction.choices()} aria-expanded=${prediction.isOpen ? 'true' : 'false'}>${prediction.isOpen ? texts.hideChoices : texts.showChoices}<kbd>A</kbd></button>
        <button class="primary" @click=${() => this.store.toggle()}>${texts.goOn}<kbd>${texts.space}</kbd></button></header>
      ${prediction.isOpen ? html`<div class="sides">${columns.map((column, i) => html`<ul>${ends.map((end, k) => html`<li><button aria-pressed=${prediction.guesses[i] === end ? 'true' : 'false'}
        @click=${() => prediction.guess(i, end)}><kbd>${i * ends.length + k + 1}</kbd><span class=${`badge ${column.look}`}>${column.letter}</span> ${endWords[end]}</button></li>`)}</ul>`)}</div>` : nothing}</div>`
  }

  private answer({ outcomes, told }: Result): TemplateResult {
    const guesses = this.prediction?.guesses ?? []
    return html`<div class="came sides" role="status">${outcomes.map((outcome, i) => {
      const guess = guesses[i] ?? null
      const right = guess === endOf(outcome)
      return html`<p><span class=${`badge ${i === 0 ? 'a' : 'b'}`}>${outcome.letter}</span> ${clause(outcome, told)}.
        ${guess === null ? nothing : html`<span class=${`said ${right ? 'i2' : 'broke'}`}>${icon(right ? 'tick' : 'cross', 17)} ${texts.expected} ${endWords[guess].toLowerCase()}</span>`}</p>`
    })}</div>`
  }

  private key(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || this.store.menu !== null || this.store.dialog !== '') return
    const target = event.target as Element | null
    if (target !== null && target.closest('input, select, textarea, dialog') !== null) return
    const digit = Number(event.key)
    const key = event.key.toLowerCase()
    if (key === 'a' && this.prediction?.fault !== '') this.prediction?.choices()
    else if (digit >= 1 && digit <= 2 * ends.length) this.prediction?.guess(Math.floor((digit - 1) / ends.length), ends[(digit - 1) % ends.length]!)
    else if (key === 'r') void this.guide.again()
    else if (key === 'v') this.chart = chartKinds[(chartKinds.indexOf(this.chart) + 1) % chartKinds.length]!
    else if (event.key === 'Escape' && this.guide.result !== null) this.guide.dismiss()
    else return
    event.preventDefault()
  }
}

customElements.define('sim-present', SimPresent)
