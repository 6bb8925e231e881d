/** Ask before you draw: a few questions, what each reveals, which architectures that makes valid, and the lab. */
import { html, nothing, type TemplateResult } from 'lit'
import type { ScenarioCard } from '../../src/host/api.ts'
import { SimDialog } from '../dialog.ts'
import { icon } from '../icons.ts'
import { categoryWords, texts } from '../texts.ts'
import { isValid, leftOut, questionsLeft, revealed } from './ask.ts'
import type { Guide } from './guide.ts'

export class SimInterview extends SimDialog {
  static override properties = { ...SimDialog.properties, guide: { attribute: false }, asked: { state: true }, chosen: { state: true } }
  declare guide: Guide
  declare asked: readonly string[]
  declare chosen: string
  protected readonly name = 'interview'

  constructor() {
    super(['guide'])
    this.asked = []
    this.chosen = ''
  }

  protected override opens(): void {
    this.asked = []
    this.chosen = ''
  }

  protected heading(): string {
    return this.guide.interview?.title ?? texts.askFirst
  }

  protected body(): TemplateResult {
    const card = this.guide.interview
    if (card === null) return html`${nothing}`
    const left = questionsLeft(card, this.asked)
    return html`${card.prompt.trim().split(/\n\s*\n/).map((paragraph) => html`<p class="prompt">${paragraph}</p>`)}
      <h3>${texts.askUpTo(card.maxQuestions ?? card.questions.length)} <span class="i3" role="status">${texts.questionsLeft(left)}</span></h3>
      <ul class="questions">${card.questions.map((question) => this.question(card, question.id, left))}</ul>
      <h3>${texts.thenDraw}</h3><ul class="options">${card.options.map((option) => this.option(card, option.id))}</ul>
      ${this.chosen === '' ? nothing : this.summary(card)}`
  }

  private question(card: ScenarioCard, id: string, left: number): TemplateResult {
    const question = card.questions.find((one) => one.id === id)!
    const isAsked = this.asked.includes(id)
    return html`<li><button ?disabled=${isAsked || left <= 0 || this.chosen !== ''} @click=${() => { this.asked = [...this.asked, id] }}>${question.text}</button>
      ${isAsked ? html`<p class=${question.reveals === null ? 'i3' : ''}>${icon(question.reveals === null ? 'dash' : 'next', 11)}
        ${question.reveals === null ? texts.revealsNothing : html`${question.reveals.constraint.replace(/_/g, ' ')}: <b>${question.reveals.value}</b>`} <span class="i3">(${categoryWords[question.category]})</span></p>` : nothing}</li>`
  }

  private option(card: ScenarioCard, id: string): TemplateResult {
    const option = card.options.find((one) => one.id === id)!
    const isChosen = this.chosen === id
    const valid = isValid(option, revealed(card, this.asked))
    return html`<li class=${isChosen ? 'here' : ''}><button aria-pressed=${isChosen ? 'true' : 'false'} @click=${() => { this.chosen = id }}>${option.name}</button>
      <p>${option.description}</p>
      ${this.chosen === '' ? nothing : html`<p class=${valid ? '' : 'i2'}>${icon(valid ? 'tick' : 'cross', 11)} ${valid ? texts.optionValid : option.feedbackIfWrong}
        ${option.isSimulated ? nothing : html`<span class="i3">${texts.notSimulated}</span>`}</p>`}</li>`
  }

  private summary(card: ScenarioCard): TemplateResult {
    const missed = leftOut(card, this.asked)
    return html`<p role="status">${missed.length === 0 ? texts.askedAll : html`${texts.notAsked} ${missed.map(({ text }) => html`<br>${icon('cross', 11)} ${text}`)}`}</p>
      <p class="line"><button class="primary" @click=${() => {
        this.store.showDialog('')
        void this.guide.openCard(card, false)
      }}>${texts.seeInLab}</button><button @click=${() => this.opens()}>${texts.askAgain}</button></p>`
  }
}

customElements.define('sim-interview', SimInterview)
