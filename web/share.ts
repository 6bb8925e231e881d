/** The share button and its dialog: the whole run as a link, files out, and the runs kept on this machine. */
import { html, type TemplateResult } from 'lit'
import { SimDialog } from './dialog.ts'
import { SimElement } from './element.ts'
import { startOf } from './first/guide.ts'
import { clearRecent, recentRuns, type Recent } from './recent.ts'
import { save } from './save.ts'
import { texts } from './texts.ts'

export class SimShare extends SimElement {
  override render() {
    return html`<button aria-haspopup="dialog" @click=${() => this.store.showDialog('share')}>${texts.share}</button>`
  }
}

export class SimSharing extends SimDialog {
  static override properties = { ...SimDialog.properties, link: { state: true }, said: { state: true } }
  declare link: string
  declare said: string
  protected readonly name = 'share'

  constructor() {
    super(['spec'])
    this.link = ''
    this.said = ''
  }

  protected heading(): string {
    return texts.shareTitle
  }

  protected override opens(): void {
    void this.makeLink()
  }

  protected body(): TemplateResult {
    const recent = recentRuns()
    return html`<h3>${texts.linkTitle}</h3><p>${texts.shareHelp}</p>
      <div class="line"><input readonly aria-label=${texts.linkTitle} .value=${this.link} @focus=${(event: Event) => (event.target as HTMLInputElement).select()}>
        <button @click=${() => void this.copy()}>${texts.copy}</button></div>
      <p role="status">${this.said}</p>
      <p class="i3">${texts.digests} ${this.store.columns.map((column) => html`<br>${column.letter} <code>${column.digest}</code> ${texts.at} ${column.reached.toFixed(3)} s${column.finished ? `, ${texts.ended}` : ''}`)}</p>
      <h3>${texts.filesTitle}</h3><div class="files"><button @click=${() => this.saveRun()}>${texts.fileRun}</button>
        <button @click=${() => void this.saveReport()}>${texts.fileReport}</button><button @click=${() => void this.saveTable('totals.csv')}>${texts.fileTotals}</button>
        ${this.store.columns.map(({ letter, opened }) => html`<button @click=${() => void this.saveTable(`series-${opened.label}.csv`)}>${texts.fileSeries(letter)}</button>`)}</div>
      <p class="i3">${texts.fileHelp}</p>
      <h3>${texts.recentTitle}</h3>${recent.length === 0 ? html`<p class="i3">${texts.recentNone}</p>` : html`<ol class="recent">${recent.map((run) => this.recent(run))}</ol>
        <p><button @click=${() => {
          clearRecent()
          this.requestUpdate()
        }}>${texts.recentClear}</button></p>`}`
  }

  private recent(run: Recent): TemplateResult {
    const when = new Date(run.at)
    return html`<li><button class="link" @click=${() => void this.open(run)}>${run.title}</button>
      <span>${texts.seed} ${run.seed}, ${texts.recentFaults(run.names, run.faults)}</span>
      <time datetime=${when.toISOString()}>${when.toLocaleString('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' })}</time></li>`
  }

  private async open(run: Recent): Promise<void> {
    this.store.showDialog('')
    const linked = await this.store.host.decode(run.link)
    if (linked.ok) {
      await this.store.open(linked.value, startOf(linked.value), !this.store.reducedMotion)
      return
    }
    this.store.refuse(linked.issues)
  }

  private async makeLink(): Promise<void> {
    const fragment = await this.store.host.encode(this.store.spec)
    history.replaceState(null, '', `#${fragment}`)
    this.link = location.href
    await this.copy()
  }

  private async copy(): Promise<void> {
    const isCopied = await navigator.clipboard?.writeText(this.link).then(() => true, () => false) ?? false
    this.said = isCopied ? texts.copied : texts.notCopied
  }

  private saveRun(): void {
    this.said = texts.saved(save(`${this.stem()}.json`, 'application/json', `${JSON.stringify(this.store.spec, null, 2)}\n`))
  }

  private async saveReport(): Promise<void> {
    const report = await this.store.wholeReport()
    if (report !== null) this.said = texts.saved(save(`${this.stem()}-report.json`, 'application/json', `${JSON.stringify(report, null, 2)}\n`))
  }

  private async saveTable(name: string): Promise<void> {
    const report = await this.store.wholeReport()
    const table = report === null ? undefined : this.store.host.csv(report).find((one) => one.name === name)
    if (table !== undefined) this.said = texts.saved(save(`${this.stem()}-${name}`, 'text/csv', table.text))
  }

  /** What files of this run are called: its scenario where it has a name, and its seed. */
  private stem(): string {
    const { scenario, seed } = this.store.spec
    return `${/^[\w-]{1,60}$/.test(scenario) ? scenario : 'scenario'}-seed-${seed.replace(/[^\w-]/g, '_').slice(0, 40)}`
  }
}

customElements.define('sim-share', SimShare)
customElements.define('sim-sharing', SimSharing)
