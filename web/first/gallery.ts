/** The gallery: demonstrations by the question that each answers, scenarios to work on, and the reader's own file. */
import { html, nothing, type TemplateResult } from 'lit'
import type { ScenarioCard } from '../../src/host/api.ts'
import { SimDialog } from '../dialog.ts'
import { texts } from '../texts.ts'
import { present } from './address.ts'
import type { Guide } from './guide.ts'

/** Largest file that is read, bytes. */
const fileBytesMax = 262_144

export class SimGallery extends SimDialog {
  static override properties = { ...SimDialog.properties, guide: { attribute: false } }
  declare guide: Guide
  protected readonly name = 'scenes'
  private stops: (() => void)[] = []

  constructor() {
    super(['guide', 'open'])
  }

  override connectedCallback(): void {
    super.connectedCallback()
    const over = (event: DragEvent): void => {
      if (event.dataTransfer?.types.includes('Files')) event.preventDefault()
    }
    const drop = (event: DragEvent): void => {
      const file = event.dataTransfer?.files[0]
      if (file === undefined) return
      event.preventDefault()
      void this.file(file)
    }
    document.addEventListener('dragover', over)
    document.addEventListener('drop', drop)
    this.stops = [() => document.removeEventListener('dragover', over), () => document.removeEventListener('drop', drop)]
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    for (const stop of this.stops) stop()
  }

  protected heading(): string {
    return texts.scenesTitle
  }

  protected override opens(): void {
    void this.guide.load()
  }

  protected body(): TemplateResult {
    const { cards } = this.guide
    const shown = cards.filter((card) => card.demonstrates !== null)
    const work = cards.filter((card) => card.demonstrates === null)
    return html`${cards.length === 0 ? html`<p role="status">${texts.loading}</p>` : nothing}
      <ul class="cards">${shown.map((card) => this.card(card))}</ul>
      ${work.length === 0 ? nothing : html`<h3>${texts.workOn}</h3><ul class="cards">${work.map((card) => this.card(card))}</ul>`}
      ${this.own()}
      <p class="line"><button @click=${() => {
        this.leave()
        present(this.store, !this.store.presents)
      }}>${this.store.presents ? texts.leavePresent : texts.present}<kbd>P</kbd></button></p>`
  }

  private card(card: ScenarioCard): TemplateResult {
    const open = this.guide.open
    const isHere = open?.card.shown.scenario === card.shown.scenario
    return html`<li class=${isHere ? 'here' : ''}><h3><button class="link" aria-current=${isHere ? 'true' : nothing} @click=${() => void this.open(card, false)}>${card.asks}</button></h3>
      <p>${card.demonstrates ?? firstSentence(card.prompt)}</p><p class="tags">${card.tags.filter((tag) => tag !== 'demonstration').join(' · ')}</p>
      ${card.questions.length === 0 ? nothing : html`<p class="cure"><button @click=${() => this.guide.ask(card)}>${texts.askFirst}</button></p>`}
      ${card.prevented === null ? nothing : html`<p class="cure"><button @click=${() => void this.open(card, true)}
        aria-label=${texts.preventTitle(card.asks)}>${texts.prevent}</button><span title=${card.prevented.because}><code>${breakable(card.prevented.settings[0] ?? '')}</code>${card.prevented.settings.length > 1 ? ` ${texts.andMore(card.prevented.settings.length - 1)}` : ''}</span></p>`}</li>`
  }

  private own(): TemplateResult {
    return html`<h3>${texts.ownFile}</h3><form class="own" @submit=${(event: Event) => {
        event.preventDefault()
        void this.text(this.querySelector('textarea')?.value ?? '')
      }}><label for="own-text">${texts.ownHelp}</label>
      <textarea id="own-text" rows="3" spellcheck="false" placeholder=${texts.ownPlaceholder}></textarea>
      <div class="line"><button>${texts.ownOpen}</button>
        <label class="file"><input type="file" accept=".md,.json,text/markdown,application/json" aria-label=${texts.ownChoose} @change=${(event: Event) => {
          const input = event.target as HTMLInputElement
          const file = input.files?.[0]
          if (file !== undefined) void this.file(file)
          input.value = ''
        }}></label></div></form>`
  }

  private async open(card: ScenarioCard, prevented: boolean): Promise<void> {
    this.leave()
    await this.guide.openCard(card, prevented)
  }

  private async file(file: File): Promise<void> {
    if (file.size <= fileBytesMax) return this.text(await file.text())
    this.store.issues = [{ code: 'file.long', path: file.name, line: null, message: texts.ownTooLong(fileBytesMax, file.size) }]
    this.store.emit('issues')
    this.leave()
  }

  /** Bad input shows every issue with its place; what runs, runs on. */
  private async text(text: string): Promise<void> {
    const [column] = this.store.columns
    if (column === undefined) return
    const reply = await column.engine.readCard(text)
    this.leave()
    if (reply.ok) {
      await this.guide.openCard(reply.value, false)
      return
    }
    this.store.issues = reply.issues
    this.store.emit('issues')
  }

  private leave(): void {
    this.store.showDialog('')
  }
}

/** A key that may be broken behind its dots. */
function breakable(setting: string): TemplateResult[] {
  return setting.split(/(?<=[.=])/).map((part) => html`${part}<wbr>`)
}

/** The first sentence of a prompt, at most 160 characters. */
function firstSentence(text: string): string {
  const first = /^[\s\S]{1,160}?[.?!](?=\s|$)/.exec(text.trim())?.[0] ?? text.trim().slice(0, 160)
  return first.replace(/\s+/g, ' ')
}

customElements.define('sim-gallery', SimGallery)
