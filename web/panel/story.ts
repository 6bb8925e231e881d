/** The story in words: facts of all columns up to the playhead, newest at the end; a line goes to its moment. */
import { html, nothing, type TemplateResult } from 'lit'
import type { Column } from '../column-data.ts'
import { SimElement } from '../element.ts'
import { faultName, faultTimes } from '../faults.ts'
import { clock } from '../format.ts'
import { icon } from '../icons.ts'
import { partNames, texts } from '../texts.ts'
import { Watch } from '../watch.ts'
import { partsOf, storyLines, type Severity, type StoryLine } from './story-lines.ts'

const linesMax = 60
/** Facts listed under an opened group. */
const insideMax = 30
const severities: readonly Severity[] = ['headlines', 'bad', 'details']

interface Line extends StoryLine {
  readonly key: string
  readonly column: Column | null
}

export class SimStory extends SimElement {
  static override properties = {
    ...SimElement.properties, only: { state: true }, severity: { state: true }, product: { state: true }, words: { state: true }, unfolded: { state: true },
  }
  declare only: number
  declare severity: Severity
  /** Product part that alone is told; empty for all. */
  declare product: string
  declare words: string
  /** Keys of the groups that are open. */
  declare unfolded: ReadonlySet<string>
  private lines: readonly Line[] = []
  private shownAs = ''

  constructor() {
    super()
    this.only = -1
    this.severity = 'headlines'
    this.product = ''
    this.words = ''
    this.unfolded = new Set()
    new Watch(this, ['facts', 'figures', 'open', 'spec'])
  }

  override shouldUpdate(): boolean {
    this.lines = this.collect()
    const shown = [this.only, this.severity, this.product, this.words, [...this.unfolded].join(), this.lines.map(({ key, text }) => key + text.length).join()].join('|')
    if (shown === this.shownAs && this.hasUpdated) return false
    this.shownAs = shown
    return true
  }

  private collect(): Line[] {
    const { store, severity, product: part, words } = this
    const time = store.figuresAt
    const lines: Line[] = []
    for (const column of store.columns) {
      if (this.only >= 0 && column.number !== this.only) continue
      for (const line of storyLines(store.factsOf(column), { time, severity, part, words }).slice(-linesMax)) {
        lines.push({ ...line, column, key: `${column.number} ${line.at} ${line.facts[0]!.code}` })
      }
    }
    const wanted = words.trim().toLowerCase()
    for (const [i, fault] of store.shownFaults.entries()) {
      const { at } = faultTimes(fault)
      if (at === null || at > time || part !== '' || !fault.toLowerCase().includes(wanted)) continue
      lines.push({ at, column: null, text: faultName(fault), bad: true, facts: [], key: `fault ${i}` })
    }
    return lines.sort((a, b) => a.at - b.at || Number(a.column !== null) - Number(b.column !== null)).slice(-linesMax)
  }

  override render() {
    const { columns } = this.store
    const parts = partsOf(columns.map((column) => column.facts))
    return html`<div class="filter" role="group" aria-label=${texts.storyOf}>
        ${[-1, ...columns.map((column) => column.number)].map((i) => html`<button aria-pressed=${this.only === i ? 'true' : 'false'}
          @click=${() => { this.only = i }}>${i < 0 ? texts.both : columns[i]!.letter}</button>`)}
        <select aria-label=${texts.severity} @change=${(event: Event) => { this.severity = (event.target as HTMLSelectElement).value as Severity }}>
          ${severities.map((severity) => html`<option value=${severity} .selected=${severity === this.severity}>${texts.severities[severity]}</option>`)}</select>
        <select aria-label=${texts.part} @change=${(event: Event) => { this.product = (event.target as HTMLSelectElement).value }}>
          <option value="" .selected=${this.product === ''}>${texts.everyPart}</option>
          ${parts.map((part) => html`<option value=${part} .selected=${part === this.product}>${partNames[part] ?? part}</option>`)}</select></div>
      <input type="search" class="find" aria-label=${texts.storySearch} placeholder=${texts.storySearch} .value=${this.words}
        @input=${(event: Event) => { this.words = (event.target as HTMLInputElement).value }}>
      ${this.lines.length === 0 ? html`<p class="i3">${this.isFiltered ? texts.noSuchFacts : texts.noFacts}</p>`
        : html`<ol class="facts">${this.lines.map((line, i) => this.line(line, i === this.lines.length - 1))}</ol>`}`
  }

  private get isFiltered(): boolean {
    return this.only >= 0 || this.severity === 'bad' || this.product !== '' || this.words.trim() !== ''
  }

  private line({ at, column, text, bad, facts, key }: Line, isLast: boolean): TemplateResult {
    const isGroup = facts.length > 1 && new Set(facts.map((fact) => fact.text)).size > 1
    const isOpen = isGroup && this.unfolded.has(key)
    return html`<li class=${`${column === null ? 'fault' : bad ? 'harm' : ''} ${isLast ? 'now' : ''}`}>
      <button class="link t" @click=${() => void this.store.goTo(at)} aria-label=${`go to ${clock(at)} s`}>${clock(at)}</button>
      ${column === null ? html`<span class="bad">${icon('cross')}</span>` : html`<span class=${`badge ${column.look}`}>${column.letter}</span>`}
      <span>${isGroup ? html`<button class="link" aria-expanded=${isOpen ? 'true' : 'false'} @click=${() => this.toggle(key)}>${text}</button>` : text}
        ${isOpen ? html`<ul class="inside">${facts.slice(0, insideMax).map((fact) => html`<li>${clock(fact.at)} ${fact.text}</li>`)}
          ${facts.length > insideMax ? html`<li>${texts.alike(facts.length - insideMax)}</li>` : nothing}</ul>` : nothing}</span></li>`
  }

  private toggle(key: string): void {
    const next = new Set(this.unfolded)
    if (!next.delete(key)) next.add(key)
    this.unfolded = next
  }

  override updated(changed: Map<PropertyKey, unknown>): void {
    const list = this.querySelector('.facts')
    if (list !== null && !changed.has('unfolded')) list.scrollTop = list.scrollHeight
  }
}

customElements.define('sim-story', SimStory)
