/** The place where a visitor is led: a welcome, what an open demonstration shows, the result when its story ends. */
import { html, nothing, type TemplateResult } from 'lit'
import { SimElement } from '../element.ts'
import { faultName, faultTimes } from '../faults.ts'
import { clock, inUnit } from '../format.ts'
import { icon } from '../icons.ts'
import { texts } from '../texts.ts'
import { Watch } from '../watch.ts'
import type { Guide, OpenCard, Result } from './guide.ts'
import { clause, sentence } from './outcome.ts'

export class SimGuide extends SimElement {
  static override properties = { ...SimElement.properties, guide: { attribute: false }, small: { type: Boolean }, unfolded: { state: true } }
  declare guide: Guide
  declare small: boolean
  declare unfolded: boolean
  private last: Result | null = null
  /** No panel beside the columns: what is said stands over the page, and folded. */
  private readonly over = matchMedia('(max-width: 1240px)')
  private readonly redraw = (): void => this.requestUpdate()

  constructor() {
    super()
    this.small = false
    this.unfolded = false
    new Watch(this, ['guide', 'open', 'spec'])
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.over.addEventListener('change', this.redraw)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.over.removeEventListener('change', this.redraw)
  }

  override willUpdate(): void {
    if (this.guide.result === this.last) return
    this.last = this.guide.result
    this.unfolded = false
    if (this.last === null) return
    this.store.say(sentence(this.last.outcomes, this.last.told))
    // What is told must be seen: the panel may have been scrolled.
    requestAnimationFrame(() => this.closest('aside')?.scrollTo({ top: 0 }))
  }

  override render() {
    const { guide } = this
    if (this.store.goal !== null) return html`${nothing}`
    if (guide.result !== null) return this.result(guide.result)
    if (this.store.hiddenFaults.length > 0 || guide.revealed.length > 0) return this.surprise()
    if (guide.open !== null && guide.open.card.demonstrates !== null) return this.lesson(guide.open)
    return guide.welcomed || this.store.spec.faults.length > 0 ? html`${nothing}` : this.welcome()
  }

  private welcome(): TemplateResult {
    if (this.small) {
      return html`<section class="guide" aria-label=${texts.welcomeTitle}><header><p>${texts.welcomeShort}</p>${this.dismissal()}</header>
        <button class="primary" @click=${() => void this.store.strike({ kind: 'crash', target: 'processor-1' })}>${texts.crashBoth}</button></section>`
    }
    return html`<section class="guide" aria-labelledby="guide-title"><header><h2 id="guide-title">${texts.welcomeTitle}</h2>${this.dismissal()}</header>
      <p>${texts.welcome}</p></section>`
  }

  private surprise(): TemplateResult {
    return html`<section class="guide" aria-labelledby="guide-title"><header><h2 id="guide-title">${texts.surprise}</h2></header>
      ${this.secret()}</section>`
  }

  /** What is hidden, or what it was. */
  private secret(): TemplateResult | typeof nothing {
    const { revealed } = this.guide
    if (this.store.hiddenFaults.length > 0) return html`<p>${texts.surprising}</p><button @click=${() => this.guide.reveal()}>${texts.surpriseAsk}</button>`
    return revealed.length === 0 ? nothing : html`<p>${texts.surpriseWas} ${revealed.map((fault, i) => html`${i > 0 ? ', ' : ''}<b>${faultName(fault)}</b> ${texts.at} ${clock(faultTimes(fault).at ?? Number.NaN)} s`)}.</p>`
  }

  private lesson({ card, prevented }: OpenCard): TemplateResult {
    const act = (next: boolean): void => void this.guide.openCard(card, next)
    return html`<section class="guide" aria-labelledby="guide-title"><header><h2 id="guide-title">${card.asks}</h2></header>
      ${prevented ? html`<p>${texts.isPrevented}${this.settings(card.prevented?.settings ?? [])}</p><p class="i2 ${this.small ? 'fold' : ''}">${card.prevented?.because}</p>`
        : html`<p>${card.demonstrates}</p>`}
      ${card.prevented === null ? nothing : html`<button @click=${() => act(!prevented)}>${prevented ? texts.runShown : texts.runPrevented}</button>`}</section>`
  }

  private settings(settings: readonly string[]): TemplateResult {
    return html`${settings.map((setting, i) => html`${i > 0 ? ', ' : ''}<code>${setting}</code>`)}`
  }

  private result({ told, outcomes, questions }: Result): TemplateResult {
    const missed = outcomes.flatMap((outcome) => outcome.missed.map((line) => texts.missedIn(line.text, outcome.letter, inUnit(line.observed, line.unit))))
    const undecided = outcomes.flatMap((outcome) => outcome.undecided.map((text) => texts.isIn(text, outcome.letter)))
    const folds = this.small || this.over.matches
    const folded = folds && !this.unfolded
    return html`<section class="guide result ${folded ? 'folded' : ''}" aria-labelledby="guide-title"><header><h2 id="guide-title">${texts.result}</h2>
        ${folds ? html`<button class="plain" aria-expanded=${folded ? 'false' : 'true'} @click=${() => { this.unfolded = folded }}>${folded ? texts.showResult : texts.hideResult}</button>` : nothing}
        ${this.dismissal()}</header>
      <p class="says">${outcomes.map((outcome, i) => html`<span><span class=${`badge ${i === 0 ? 'a' : 'b'}`}>${outcome.letter}</span> ${this.figures(clause(outcome, told))}${i < outcomes.length - 1 ? ';' : '.'}</span> `)}</p>
      ${folded ? nothing : html`<p class="i2">${missed.length > 0 ? `${texts.misses} ${missed.join(', ')}.` : undecided.length > 0 ? `${texts.undecided} ${undecided.join(', ')}.` : texts.holds}</p>${this.cure()}${this.secret()}
      <h3>${texts.next}</h3><ul>${questions.map(({ text, why, act }) => html`<li><button title=${why} @click=${() => void this.guide.act(act)}>${icon('next', 11)}<span>${text}</span></button></li>`)}</ul>`}</section>`
  }

  /** Why the remedy works, once its run is over. */
  private cure(): TemplateResult | typeof nothing {
    const { open } = this.guide
    return open?.prevented === true ? html`<p class="i2">${open.card.prevented?.because}</p>` : nothing
  }

  /** What was measured stands out; what is behind "because" is words. */
  private figures(text: string): TemplateResult {
    const [measured = '', ...reasons] = text.split(/(?=, because )/)
    return html`${measured.split(/(\d[\d\u2009.]*(?: m?s\b)?)/).map((part, i) => (i % 2 === 1 ? html`<b>${part.replace(' ', '\u00a0')}</b>` : part))}${reasons.join('')}`
  }

  private dismissal(): TemplateResult {
    return html`<button class="plain icon" aria-label=${texts.dismiss} @click=${() => this.guide.dismiss()}>${icon('cross', 11)}</button>`
  }
}

customElements.define('sim-guide', SimGuide)
