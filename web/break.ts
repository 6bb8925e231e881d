/** One ink button that breaks both columns, and the faults next to it. */
import { html } from 'lit'
import { SimElement } from './element.ts'
import { surprise } from './first/surprise.ts'
import { texts } from './texts.ts'

export class SimBreak extends SimElement {
  override render() {
    const { store } = this
    const strike = (kind: string, event: Event): void => {
      // By pointer, the space bar belongs to play again afterwards; by keyboard, the focus stays.
      if ((event as PointerEvent).detail > 0) (event.currentTarget as HTMLElement).blur()
      void store.strike({ kind, target: 'processor-1' })
    }
    return html`<button class="primary" @click=${(event: Event) => strike('crash', event)}>${texts.crashBoth}<kbd>C</kbd></button>
      ${['pause', 'slow', 'cut'].map((kind) => html`<button @click=${(event: Event) => strike(kind, event)} title=${`${kind} processor-1`}>${kind}</button>`)}
      <button title=${texts.surpriseHint} @click=${() => void surprise(store)}>${texts.surprise}</button>
      <button @click=${() => store.openMenu({ title: texts.strikeTitle, targets: null, kinds: null })}>${texts.more}</button>`
  }
}

customElements.define('sim-break', SimBreak)
