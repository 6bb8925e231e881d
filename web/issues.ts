/** Wrong input, every issue with its place; the scene behind runs on. */
import { html, nothing } from 'lit'
import { SimElement } from './element.ts'
import { texts } from './texts.ts'
import { Watch } from './watch.ts'

export class SimIssues extends SimElement {
  constructor() {
    super()
    new Watch(this, ['issues'])
  }

  override render() {
    const { issues } = this.store
    if (issues.length === 0) return html`${nothing}`
    return html`<div class="issues" role="alert"><div><b>${texts.issuesTitle}</b><ul>${issues.map((issue) => html`<li>
      ${issue.path === '' ? nothing : html`<code>${issue.path}</code> `}${issue.line === null ? nothing : html`${texts.line} ${issue.line}: `}${issue.message}</li>`)}</ul></div>
      <button @click=${() => this.close()}>${texts.close}</button></div>`
  }

  private close(): void {
    this.store.issues = []
    this.store.emit('issues')
  }
}

customElements.define('sim-issues', SimIssues)
