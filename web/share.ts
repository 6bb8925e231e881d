/** The share button and its field: the whole run as a link. */
import { html } from 'lit'
import { SimElement } from './element.ts'
import { texts } from './texts.ts'

export class SimShare extends SimElement {
  static override properties = { ...SimElement.properties, link: { state: true }, copied: { state: true } }
  declare link: string
  declare copied: boolean

  constructor() {
    super()
    this.link = ''
    this.copied = false
  }

  override render() {
    return html`<button @click=${() => void this.share()}>${texts.share}</button>
      <dialog aria-labelledby="share-title" @click=${(event: Event) => {
        if (event.target === event.currentTarget) this.querySelector('dialog')?.close()
      }}><div class="inside"><header><h2 id="share-title">${texts.shareTitle}</h2>
        <button class="plain" @click=${() => this.querySelector('dialog')?.close()}>${texts.close}</button></header>
        <p>${texts.shareHelp}</p><input readonly aria-label=${texts.shareTitle} .value=${this.link} @focus=${(event: Event) => (event.target as HTMLInputElement).select()}>
        <p class="i3">${texts.digests} ${this.store.columns.map((column) => html`<br>${column.letter} <code>${column.digest}</code> ${texts.at} ${column.reached.toFixed(3)} s${column.finished ? `, ${texts.ended}` : ''}`)}</p>
        <p role="status">${this.copied ? texts.copied : texts.notCopied}</p></div></dialog>`
  }

  private async share(): Promise<void> {
    const fragment = await this.store.host.encode(this.store.spec)
    history.replaceState(null, '', `#${fragment}`)
    this.link = location.href
    this.copied = await navigator.clipboard?.writeText(this.link).then(() => true, () => false) ?? false
    await this.updateComplete
    this.querySelector('dialog')?.showModal()
  }
}

customElements.define('sim-share', SimShare)
