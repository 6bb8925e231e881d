/** One column: title with its line sample, caption, verdict strip, stage. */
import { html } from 'lit'
import type { Column } from './column-data.ts'
import { SimElement } from './element.ts'
import { figure } from './format.ts'
import { icon } from './icons.ts'
import { captionAt, type Caption } from './caption.ts'
import { strip } from './strip.ts'
import { subtitle } from './subtitle.ts'
import { texts } from './texts.ts'
import { Watch } from './watch.ts'

export class SimColumn extends SimElement {
  static override properties = { ...SimElement.properties, column: { attribute: false }, small: { type: Boolean } }
  declare column: Column
  declare small: boolean

  constructor() {
    super()
    this.small = false
    new Watch(this, ['figures', 'player'])
  }

  /** What is under way comes first: a press is answered before its effect is simulated. */
  private caption(playhead: number): Caption | null {
    const { column, store } = this
    if (store.goal !== null) return { text: texts.simulatingHere(Math.min(column.reached, store.goal), store.goal), bad: false }
    return store.isStriking ? { text: store.busy, bad: false } : captionAt(store.factsOf(column), playhead)
  }

  override render() {
    const { column, store } = this
    const playhead = store.figuresAt
    const { look, letter, opened } = column
    const caption = this.caption(playhead)
    const choose = (kind: string): void => store.select({ column: column.number, kind })
    return html`
      ${this.small ? '' : html`<div class="title"><h2 class="l1"><span class=${`badge ${look}`}>${letter}</span>
        <span class=${`sample ${look}`} aria-hidden="true"></span><b>${opened.title}</b>
        <span class="note">${subtitle(opened, store.columns.map((one) => one.opened))}</span>
        <span class="n">${figure(column.value('m.offered', playhead)) || '–'} ${texts.soFar}</span></h2></div>`}
      <p class="caption">${caption === null ? '' : html`<span class=${caption.bad ? 'broke' : 'told'}>${icon(caption.bad ? 'cross' : 'next', 11)}<span>${caption.text}</span></span>`}</p>
      ${this.small ? '' : strip(column, playhead, choose)}
      <sim-stage .store=${store} .column=${column} ?small=${this.small}></sim-stage>
      ${this.small ? strip(column, playhead, choose) : ''}`
  }
}

customElements.define('sim-column', SimColumn)
