/** The panel: story, why, knobs, record, each a section that can be closed. */
import { html, type TemplateResult } from 'lit'
import { SimElement } from '../element.ts'
import { icon } from '../icons.ts'
import { texts } from '../texts.ts'
import { Watch } from '../watch.ts'
import './knobs.ts'
import './record.ts'
import './story.ts'
import { storyLines } from './story-lines.ts'
import './why.ts'

export class SimPanel extends SimElement {
  static override properties = { ...SimElement.properties, small: { type: Boolean }, opened: { state: true } }
  declare small: boolean
  declare opened: ReadonlySet<string>
  private stop: () => void = () => undefined

  constructor() {
    super()
    this.small = false
    this.opened = new Set(['story', 'why'])
    new Watch(this, ['open', 'select', 'record', 'spec', 'facts'])
    this.addEventListener('sim-open', (event) => this.reveal(String((event as CustomEvent).detail)))
  }

  override connectedCallback(): void {
    super.connectedCallback()
    if (this.small) this.opened = new Set()
    this.stop = this.store.on('select', () => {
      if (this.store.selection !== null) this.reveal('why')
    })
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.stop()
  }

  /** Opens a section and brings its head to the top. */
  private reveal(name: string): void {
    this.opened = new Set([...this.opened, name])
    void this.updateComplete.then(() => this.querySelector(`#section-${name}`)?.scrollIntoView({ block: 'start' }))
  }

  override render() {
    const { store } = this
    const { playhead } = store.play
    const facts = store.columns.reduce((n, c) => n + storyLines(c.facts, { time: playhead, severity: 'headlines', part: '', words: '' }).length, store.shownFaults.length)
    const changed = store.columns.reduce((n, c) => n + c.opened.knobs.filter((knob) => knob.changed).length, 0)
    const asked = store.selection === null ? '' : `${texts.numbers[store.selection.kind] ?? store.selection.kind} in ${store.columns[store.selection.column]?.letter ?? ''}`
    return html`
      ${this.section('story', texts.story, texts.facts(facts), html`<sim-story .store=${store}></sim-story>`)}
      ${this.section('why', texts.why, asked, html`<sim-why .store=${store}></sim-why>`)}
      ${this.section('knobs', texts.knobs, texts.changed(changed), html`<sim-knobs .store=${store}></sim-knobs>`)}
      ${this.section('record', texts.record, store.record, html`<sim-record .store=${store}></sim-record>`)}`
  }

  private section(name: string, title: string, note: string, body: TemplateResult): TemplateResult {
    const isOpen = this.opened.has(name)
    const toggle = (event: Event): void => {
      event.preventDefault()
      const next = new Set(this.opened)
      if (!next.delete(name)) next.add(name)
      this.opened = next
    }
    return html`<details id=${`section-${name}`} ?open=${isOpen}><summary @click=${toggle}><span class="twist">${icon('twist', 10)}</span>${title}
      <span class="r">${note}</span></summary>${isOpen ? body : ''}</details>`
  }
}

customElements.define('sim-panel', SimPanel)
