/** The story in words: facts of all columns up to the playhead, newest at the end, filtered on demand. */
import { html } from 'lit'
import { isBad, told, type Told } from '../caption.ts'
import type { Column } from '../column-data.ts'
import { SimElement } from '../element.ts'
import { faultName, faultTimes } from '../faults.ts'
import { clock } from '../format.ts'
import { icon } from '../icons.ts'
import { texts } from '../texts.ts'
import { Watch } from '../watch.ts'

const linesMax = 60

interface Line {
  readonly at: number
  readonly column: Column | null
  readonly text: string
  readonly bad: boolean
}

export class SimStory extends SimElement {
  static override properties = { ...SimElement.properties, only: { state: true }, details: { state: true } }
  declare only: number
  declare details: boolean
  private lines: readonly Line[] = []
  private shownAt = -1

  constructor() {
    super()
    this.only = -1
    this.details = false
    new Watch(this, ['facts', 'figures', 'open', 'spec'])
  }

  override shouldUpdate(): boolean {
    const lines = this.collect()
    const last = lines.at(-1)
    const key = lines.length * 1e6 + (last?.at ?? 0) + this.only * 1e9 + (this.details ? 1e12 : 0) + lines.reduce((sum, line) => sum + line.text.length, 0) * 1e-6
    if (key === this.shownAt && this.hasUpdated) return false
    this.shownAt = key
    this.lines = lines
    return true
  }

  private collect(): Line[] {
    const { store } = this
    const playhead = store.figuresAt
    const lines: Line[] = []
    for (const column of store.columns) {
      if (this.only >= 0 && column.number !== this.only) continue
      for (const line of told(column.facts, playhead, this.details).slice(-linesMax)) lines.push(lineOf(line, column))
    }
    for (const fault of store.spec.faults) {
      const { at } = faultTimes(fault)
      if (at !== null && at <= playhead) lines.push({ at, column: null, text: faultName(fault), bad: true })
    }
    return lines.sort((a, b) => a.at - b.at || Number(a.column !== null) - Number(b.column !== null)).slice(-linesMax)
  }

  override render() {
    const { columns } = this.store
    return html`<div class="filter" role="group" aria-label=${texts.story}>
        ${[-1, ...columns.map((column) => column.number)].map((i) => html`<button aria-pressed=${this.only === i ? 'true' : 'false'}
          @click=${() => { this.only = i }}>${i < 0 ? texts.both : columns[i]!.letter}</button>`)}
        <button aria-pressed=${this.details ? 'true' : 'false'} @click=${() => { this.details = !this.details }}>${texts.details}</button></div>
      ${this.lines.length === 0 ? html`<p class="i3">${texts.noFacts}</p>` : html`<ol class="facts">${this.lines.map((line, i) => html`
        <li class=${`${line.column === null ? 'fault' : ''} ${i === this.lines.length - 1 ? 'now' : ''}`}>
          <button class="link t" @click=${() => this.store.seek(line.at)} aria-label=${`go to ${clock(line.at)} s`}>${clock(line.at)}</button>
          ${line.column === null ? html`<span class="bad">${icon('cross')}</span>` : html`<span class=${`badge ${line.column.look}`}>${line.column.letter}</span>`}
          <span>${line.text}</span></li>`)}</ol>`}`
  }

  override updated(): void {
    const list = this.querySelector('.facts')
    if (list !== null) list.scrollTop = list.scrollHeight
  }
}

function lineOf({ fact, alike }: Told, column: Column): Line {
  return { at: fact.at, column, text: alike === 0 ? fact.text : `${fact.text}, ${texts.alike(alike)}`, bad: isBad(fact) }
}

customElements.define('sim-story', SimStory)
