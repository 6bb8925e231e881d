/** One record's life, hop by hop, as the column's engine retells it. */
import { html, nothing } from 'lit'
import type { Issue, LifeLine } from '../../src/host/api.ts'
import { SimElement } from '../element.ts'
import { clock } from '../format.ts'
import { texts } from '../texts.ts'
import { Watch } from '../watch.ts'

interface Life {
  readonly letter: string
  readonly look: 'a' | 'b'
  readonly hops: readonly LifeLine[]
  readonly issues: readonly Issue[]
}

export class SimRecord extends SimElement {
  static override properties = { ...SimElement.properties, lives: { state: true }, busy: { state: true } }
  declare lives: readonly Life[]
  declare busy: boolean
  private turn = 0
  private last = ''
  private stop: () => void = () => undefined

  constructor() {
    super()
    this.lives = []
    this.busy = false
    new Watch(this, ['record', 'open'])
  }

  override connectedCallback(): void {
    super.connectedCallback()
    const follow = (): void => {
      if (this.store.record !== '' && this.store.record !== this.last) void this.follow(this.store.record)
    }
    this.stop = this.store.on('record', follow)
    follow()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.stop()
  }

  override render() {
    return html`<form class="line" @submit=${(event: Event) => this.submit(event)}>
        <input aria-label=${texts.recordHelp} placeholder=${texts.recordPlaceholder} maxlength="80" autocomplete="off" .value=${this.store.record}>
        <button ?disabled=${this.busy}>${texts.follow}</button></form>
      <p class="i3">${this.busy ? texts.asking : texts.recordHelp}</p>
      ${this.lives.map((life) => html`<h3><span class=${`badge ${life.look}`}>${life.letter}</span></h3>
        ${life.issues.length > 0 ? html`<ul>${life.issues.map((issue) => html`<li class="bad">${issue.message}</li>`)}</ul>` : nothing}
        ${life.issues.length === 0 && life.hops.length === 0 ? html`<p class="i3">${texts.recordNone}</p>` : nothing}
        <ol class="facts">${life.hops.map((hop) => html`<li><button class="link t" @click=${() => this.store.seek(hop.at)}
          aria-label=${`go to ${clock(hop.at)} s`}>${hop.at.toFixed(3)}</button><span></span><span>${hop.text}</span></li>`)}</ol>`)}`
  }

  private submit(event: Event): void {
    event.preventDefault()
    const value = this.querySelector('input')?.value.trim() ?? ''
    if (value !== '') void this.follow(value)
  }

  private async follow(record: string): Promise<void> {
    const turn = ++this.turn
    this.last = record
    this.store.record = record
    this.busy = true
    const lives: Life[] = []
    for (const column of this.store.columns) {
      const reply = await column.follow(record, this.store.play.playhead, 50_000_000)
      lives.push({
        letter: column.letter, look: column.look, hops: reply.ok ? reply.value.lines : [], issues: reply.ok ? [] : reply.issues,
      })
    }
    if (turn !== this.turn) return
    this.lives = lives
    this.busy = false
  }
}

customElements.define('sim-record', SimRecord)
