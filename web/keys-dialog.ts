/** The map of keys: the table that the page listens by, and the keys of its parts. */
import { html } from 'lit'
import { SimDialog } from './dialog.ts'
import { comboText, keyRows } from './key-map.ts'
import { recall, remember } from './local.ts'
import { texts } from './texts.ts'

export class SimKeys extends SimDialog {
  protected readonly name = 'keys'

  protected heading(): string {
    return texts.keyMap
  }

  protected body() {
    const parts = [[texts.keysTrack, texts.keysTrackLine], [texts.keysChart, texts.keysChartLine], [texts.keysStage, texts.keysStageLine]]
    return html`<p>${texts.keyMapHelp}</p>
      <dl class="keys">${keyRows.map((row) => html`<div><dt>${row.combos.map((combo) => html`<kbd>${comboText(combo)}</kbd>`)}</dt><dd>${row.text}</dd></div>`)}</dl>
      <dl class="parts">${parts.map(([where, what]) => html`<div><dt>${where}</dt><dd>${what}</dd></div>`)}</dl>
      <label class="check"><input type="checkbox" .checked=${recall('letters') !== 'off'}
        @change=${(event: Event) => remember('letters', (event.target as HTMLInputElement).checked ? null : 'off')}>${texts.keyLetters}</label>`
  }
}

customElements.define('sim-keys', SimKeys)
