/** Settings from a file: pasted as text, read, and shown before anything is set. */
import { html, nothing, type TemplateResult } from 'lit'
import type { Pasted } from '../../src/host/api.ts'
import type { Column } from '../column-data.ts'
import { SimElement } from '../element.ts'
import { timeText } from '../faults.ts'
import { bindClick } from '../player.ts'
import { texts } from '../texts.ts'
import { Watch } from '../watch.ts'
import { isLive, withSettings } from './apply.ts'

/** Lines of one list before it is cut. */
const linesMax = 40

export class SimPaste extends SimElement {
  static override properties = { ...SimElement.properties, column: { attribute: false }, text: { state: true }, done: { state: true } }
  declare column: Column
  declare text: string
  declare done: string

  constructor() {
    super()
    this.text = ''
    this.done = ''
    new Watch(this, ['open', 'spec'])
  }

  override render() {
    const pasted = this.text.trim() === '' ? null : this.store.host.paste(this.text, this.column.opened.knobs)
    const read = (event: Event): void => {
      this.text = (event.target as HTMLTextAreaElement).value
      this.done = ''
    }
    return html`<details class="more"><summary>${texts.pasteTitle}</summary>
      <p class="i3" id="paste-help">${texts.pasteHelp}</p>
      <textarea rows="6" aria-label=${texts.pasteTitle} aria-describedby="paste-help" spellcheck="false" autocomplete="off"
        placeholder=${texts.pasteExample} .value=${this.text} @input=${read}></textarea>
      <div role="status">${this.done === '' ? nothing : html`<p>${this.done}</p>`}${pasted === null ? nothing : this.found(pasted)}</div></details>`
  }

  private found(pasted: Pasted): TemplateResult {
    const { set, same, unknown, refused, problems, readAs } = pasted
    const live = isLive(this.column, set)
    const now = (key: string): string => this.column.opened.knobs.find((knob) => knob.key === key)?.value ?? ''
    return html`${readAs === '' ? nothing : html`<p class="i3">${texts.readAs(readAs)}</p>`}
      ${set.length === 0 ? html`<p>${texts.nothingToSet}</p>` : html`<ul class="pairs-list">${set.slice(0, linesMax).map(({ key, value, from }) => html`<li><b>${key}</b>
          <span class="i2">${now(key)} <span aria-hidden="true">→</span><span class="unseen">${texts.to}</span> <b>${value}</b>${from === '' ? nothing : html` <span class="i3">${texts.fromKey(from)}</span>`}</span></li>`)}</ul>
        <p class="do"><button @click=${() => void this.apply(pasted)}>${texts.setAll(set.length, this.column.letter)}</button> <span class="i3">${live ? texts.liveKnob : texts.replays}</span></p>`}
      ${this.lines(texts.refusedKeys, refused.map(({ key, value, line, message }) => `${key}=${value}: ${message}${line === 0 ? '' : texts.onLine(line)}`), 'bad')}
      ${this.lines(texts.unreadLines, problems, 'bad')}
      ${this.lines(texts.unknownKeys(this.column.opened.title), unknown.map(({ key, line }) => `${key}${line === 0 ? '' : texts.onLine(line)}`), 'i2')}
      ${this.lines(texts.sameKeys, same.map(({ key, value }) => `${key} ${value}`), 'i3')}`
  }

  private lines(title: string, lines: readonly string[], look: string): TemplateResult {
    if (lines.length === 0) return html`${nothing}`
    const more = lines.length - linesMax
    return html`<h2 class="sub">${title} <span class="i3">${lines.length}</span></h2>
      <ul class=${`pairs-list ${look}`}>${lines.slice(0, linesMax).map((line) => html`<li><bdi>${line}</bdi></li>`)}${more > 0 ? html`<li>${texts.moreLines(more)}</li>` : nothing}</ul>`
  }

  private async apply({ set }: Pasted): Promise<void> {
    const { store, column } = this
    const done = await store.edit(withSettings(store.spec, column, set, timeText(bindClick(store.play.playhead))), texts.changing)
    if (!done) return
    this.done = texts.wereSet(set.length, column.letter)
    store.say(this.done)
  }
}

customElements.define('sim-paste', SimPaste)
