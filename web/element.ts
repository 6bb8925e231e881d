/** The base of all elements: drawn into the light tree, so that one set of style sheets serves all of them. */
import { LitElement } from 'lit'
import type { Store } from './store.ts'

export class SimElement extends LitElement {
  static override properties = { store: { attribute: false } }
  declare store: Store

  protected override createRenderRoot(): HTMLElement {
    return this
  }
}
