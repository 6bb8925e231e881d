/** A dialog of the page that the store opens by its name; it closes on Escape, by its button and by a click beside it. */
import { html, nothing, type TemplateResult } from 'lit'
import { SimElement } from './element.ts'
import { texts } from './texts.ts'
import { Watch } from './watch.ts'
import type { Topic } from './topics.ts'

export abstract class SimDialog extends SimElement {
  /** What the store calls it. */
  protected abstract readonly name: string

  constructor(topics: readonly Topic[] = []) {
    super()
    new Watch(this, ['menu', ...topics])
  }

  protected abstract heading(): string
  protected abstract body(): TemplateResult

  /** Called each time it opens, before it is shown. */
  protected opens(): void {}

  override updated(): void {
    const dialog = this.querySelector('dialog')
    const isWanted = this.store.dialog === this.name
    if (dialog === null || dialog.open === isWanted) return
    if (isWanted) {
      this.opens()
      dialog.showModal()
    } else dialog.close()
  }

  override render() {
    const isWanted = this.store.dialog === this.name
    const id = `dialog-${this.name}`
    return html`<dialog class=${this.name} aria-labelledby=${id} @close=${() => this.close()} @click=${(event: Event) => {
      if (event.target === event.currentTarget) this.close()
    }}>${isWanted ? html`<div class="inside"><div class="head"><h2 id=${id}>${this.heading()}</h2>
      <button class="plain" @click=${() => this.close()}>${texts.close}</button></div>${this.body()}</div>` : nothing}</dialog>`
  }

  private close(): void {
    if (this.store.dialog === this.name) this.store.showDialog('')
  }
}
