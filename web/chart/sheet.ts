/** What a chart can do beyond its plot: other charts in its place, its values as a table, copy and save, the waterfall. */
import { html, nothing, type TemplateResult } from 'lit'
import { SimElement } from '../element.ts'
import { readPalette } from '../palette.ts'
import { figures } from '../texts/figures.ts'
import { texts } from '../texts.ts'
import { Watch } from '../watch.ts'
import type { SimChart } from './chart.ts'
import { allKinds, charts } from './kinds.ts'
import { pngOf, svgText, wordsOf, type Picture } from './picture.ts'
import { csvOf, tableOf, valuesAt } from './table.ts'
import './waterfall-view.ts'

type FileKind = 'PNG' | 'SVG' | 'CSV' | 'JSON'
const fileKinds: readonly FileKind[] = ['PNG', 'SVG', 'CSV', 'JSON']
const types: Readonly<Record<FileKind, string>> = { PNG: 'image/png', SVG: 'image/svg+xml', CSV: 'text/csv', JSON: 'application/json' }
/** More rows than this are a file's business. */
const valuesMax = 60

export class SimChartSheet extends SimElement {
  static override properties = { ...SimElement.properties, chart: { attribute: false }, said: { state: true } }
  declare chart: SimChart
  declare said: string

  constructor() {
    super()
    this.said = ''
    new Watch(this, ['figures'])
  }

  override firstUpdated(): void {
    this.querySelector('dialog')?.showModal()
  }

  override render() {
    const { chart } = this
    const { title, unit } = charts[chart.now]
    return html`<dialog class="chart-sheet" aria-labelledby="chart-sheet-title" @close=${() => chart.open(false)} @click=${(event: Event) => {
      if (event.target === event.currentTarget) this.close()
    }}><div class="inside"><header><h2 id="chart-sheet-title">${title} <span class="i3">${unit}</span></h2>
        <button class="plain" @click=${() => this.close()}>${texts.close}</button></header>
      ${this.what()}
      <h3>${texts.chartShow}</h3><div class="choose" role="group" aria-label=${texts.chartShow}>${allKinds.map((kind) => html`<button aria-pressed=${kind === chart.now ? 'true' : 'false'}
        @click=${() => this.show(kind)}>${charts[kind].title}${kind === 'lag-records' ? `, ${charts[kind].unit}` : ''}</button>`)}</div>
      ${this.values()}
      <h3>${texts.chartSave}</h3><div class="files">${fileKinds.map((kind) => html`<div><b>${kind}</b>
        <button aria-label=${texts.copyAs(kind)} @click=${() => void this.copy(kind)}>${texts.copy}</button>
        <button aria-label=${texts.saveAs(kind)} @click=${() => void this.save(kind)}>${texts.save}</button></div>`)}</div>
      <p role="status" class="i2">${this.said}</p>
      ${chart.now === 'latency' ? html`<sim-waterfall .store=${this.store}></sim-waterfall>` : nothing}</div></dialog>`
  }

  /** The same words as the small "?" beside a figure, for those who have no room for it. */
  private what(): TemplateResult {
    const { definition, population, source, fidelity } = figures[charts[this.chart.now].figure]
    return html`<dl class="told"><dt>${texts.whatDefinition}</dt><dd>${definition}</dd><dt>${texts.whatPopulation}</dt><dd>${population}</dd>
      <dt>${texts.whatSource}</dt><dd>${source}</dd><dt>${texts.whatFidelity}</dt><dd>${fidelity}</dd></dl>`
  }

  private values(): TemplateResult | typeof nothing {
    const { store, chart } = this
    const time = store.crosshair ?? store.figuresAt
    const values = valuesAt(chart.now, store.columns, time)
    if (values.length === 0 || values.length > valuesMax) return nothing
    return html`<h3>${texts.chartValues(time.toFixed(1))}</h3><dl class="values">${values.map(({ name, value }) => html`<div><dt>${name}</dt>
      <dd>${Number.isNaN(value) ? texts.unknownCell : String(Number(value.toPrecision(4)))}</dd></div>`)}</dl>`
  }

  private show(kind: SimChart['now']): void {
    this.chart.chosen = kind === this.chart.kind ? null : kind
    this.requestUpdate()
  }

  private close(): void {
    this.querySelector('dialog')?.close()
  }

  private get name(): string {
    return `faultline-${this.chart.now}-${this.store.figuresAt.toFixed(1)}s`
  }

  private picture(): Picture | null {
    const plot = this.chart.plot(this.store.play.playhead)
    const drawing = this.chart.querySelector('.drawing')
    if (plot === null || drawing === null) return null
    const height = plot.frame.bottom + (this.chart.axis ? 16 : 3)
    const colours = readPalette()
    const { title, unit } = charts[this.chart.now]
    const head = { text: `${title}, ${unit}`, x: 0, y: 14, anchor: 'start', colour: colours.ink, size: 12, weight: '600' } as const
    const who = { text: this.store.columns.map((column) => `${column.letter} ${column.opened.title}`).join('   '), x: plot.frame.width - 4, y: 14, anchor: 'end', colour: colours['ink-2'], size: 11, weight: '450' } as const
    return { width: plot.frame.width, height, plot: { ...plot, titleEnd: 0 }, colours, words: [head, who, ...wordsOf(drawing, plot.frame.width, height)] }
  }

  private async file(kind: FileKind): Promise<Blob | null> {
    const { store, chart } = this
    if (kind === 'PNG' || kind === 'SVG') {
      const picture = this.picture()
      if (picture === null) return null
      return kind === 'PNG' ? pngOf(picture) : new Blob([svgText(picture)], { type: types.SVG })
    }
    const table = tableOf(chart.now, store.columns, store.figuresAt)
    if (kind === 'CSV') return new Blob([csvOf(table)], { type: types.CSV })
    const { title, unit, figure } = charts[chart.now]
    return new Blob([JSON.stringify({
      chart: chart.now, title, unit, what: figures[figure], seed: store.spec.seed, faults: store.spec.faults, changes: store.spec.changes,
      columns: store.columns.map((column) => ({ letter: column.letter, title: column.opened.title, label: column.opened.label })), ...table,
    }, null, 1)], { type: types.JSON })
  }

  private async save(kind: FileKind): Promise<void> {
    const blob = await this.file(kind)
    if (blob === null) return
    const link = document.createElement('a')
    link.href = URL.createObjectURL(blob)
    link.download = `${this.name}.${kind.toLowerCase()}`
    link.click()
    URL.revokeObjectURL(link.href)
    this.said = texts.saved(link.download)
  }

  private async copy(kind: FileKind): Promise<void> {
    const blob = await this.file(kind)
    if (blob === null) return
    const done = kind === 'PNG' ? navigator.clipboard?.write([new ClipboardItem({ [types.PNG]: blob })]) : navigator.clipboard?.writeText(await blob.text())
    this.said = await (done ?? Promise.reject(new Error('no clipboard'))).then(() => texts.copiedAs(kind), () => texts.copyRefused(kind))
  }
}

customElements.define('sim-chart-sheet', SimChartSheet)
