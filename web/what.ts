/** A small "?" beside a figure that says what it is: definition, who is counted, who observed it, how far to trust it. */
import { html, LitElement, nothing } from 'lit'
import { kindOf } from './panel/answer.ts'
import { figures, type FigureId, type FigureText } from './texts/figures.ts'
import { fidelityWanted } from './fidelity.ts'
import { texts } from './texts.ts'

/** Space between the button and its card, and between the card and the edge of the window. */
const apart = 4
let made = 0

/** Needs no store: `figure` names an entry of the table of figures. */
export class SimWhat extends LitElement {
  static override properties = { figure: { type: String }, shown: { state: true } }
  declare figure: FigureId
  declare shown: boolean
  private readonly card = `what-${++made}`

  constructor() {
    super()
    this.figure = 'visible-latency'
    this.shown = false
  }

  protected override createRenderRoot(): HTMLElement {
    return this
  }

  override render() {
    const text: FigureText = figures[this.figure]
    const kind = kindOf[this.figure]
    return html`<button class="what" popovertarget=${this.card} aria-label=${texts.whatIs(text.name)}>?</button>
      <div class="what-card" id=${this.card} popover @toggle=${(event: ToggleEvent) => this.toggled(event)}>
        ${this.shown ? html`<b>${text.name}</b><dl><dt>${texts.whatDefinition}</dt><dd>${text.definition}</dd><dt>${texts.whatPopulation}</dt><dd>${text.population}</dd>
          <dt>${texts.whatSource}</dt><dd>${text.source}</dd><dt>${texts.whatFidelity}</dt><dd>${text.fidelity}</dd></dl>
          ${kind === undefined ? nothing : html`<button @click=${() => this.ask(kind)}>${texts.whatWhy}</button>`}
          <button class="plain" @click=${() => this.dispatchEvent(new CustomEvent(fidelityWanted, { bubbles: true }))}>${texts.fidelity}</button>` : nothing}</div>`
  }

  /** Hands the question to whoever answers it; the card has no store. */
  private ask(kind: string): void {
    this.querySelector<HTMLElement>('.what-card')?.hidePopover()
    document.dispatchEvent(new CustomEvent('sim-ask', { detail: kind }))
  }

  private toggled(event: ToggleEvent): void {
    this.shown = event.newState === 'open'
    if (this.shown) void this.updateComplete.then(() => this.place())
  }

  /** Below the button, or above it where there is no room; always inside the window. */
  private place(): void {
    const card = this.querySelector<HTMLElement>('.what-card')
    const button = this.querySelector('.what')?.getBoundingClientRect()
    if (card === null || button === undefined) return
    const { width, height } = card.getBoundingClientRect()
    const below = button.bottom + apart
    const y = below + height <= innerHeight - apart ? below : Math.max(apart, button.top - apart - height)
    card.style.left = `${Math.max(apart, Math.min(button.left - 8, innerWidth - width - apart))}px`
    card.style.top = `${y}px`
  }
}

customElements.define('sim-what', SimWhat)
