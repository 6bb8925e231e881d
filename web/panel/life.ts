/** One record's life in one column: the steps as a list that is walked by keyboard, and the same as a diagram. */
import { html, nothing, svg, type TemplateResult } from 'lit'
import type { LifeLine } from '../../src/host/api.ts'
import type { Column } from '../column-data.ts'
import { SimElement } from '../element.ts'
import { clock, seconds } from '../format.ts'
import { texts } from '../texts.ts'
import '../what.ts'
import { diagramOf, isTold, legsOf, namesRows, seenAt, shortName, type Diagram, type DiagramArrow, type DiagramMark } from './space-time.ts'

const signs: Readonly<Record<DiagramMark['sign'], string>> = {
  born: 'M0 -5 5 0 0 5 -5 0Z', dot: 'M-3 0a3 3 0 1 0 6 0a3 3 0 1 0 -6 0', again: 'M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0',
  seen: 'M-4 -4H4V4H-4Z', gone: 'M-4 -4 4 4M4 -4 -4 4', died: 'M-5 -5 5 5M5 -5 -5 5', started: 'M-5 3 0 -4 5 3Z',
}

export class SimLife extends SimElement {
  static override properties = { ...SimElement.properties, column: { attribute: false }, lines: { attribute: false }, active: { state: true }, wide: { type: Boolean } }
  declare column: Column
  declare lines: readonly LifeLine[]
  declare active: number
  declare wide: boolean

  constructor() {
    super()
    this.lines = []
    this.active = 0
    this.wide = false
  }

  override render() {
    const { lines, column } = this
    if (lines.length === 0) return html`<p class="i3">${texts.recordNone}</p>`
    return html`<p class="sum">${this.summary()}</p>${this.legs()}<div class="told">
      ${this.drawing(diagramOf(lines, this.wide ? 420 : 300))}
      <ol class="steps" aria-label=${texts.stepsOf(column.letter)} @keydown=${(event: KeyboardEvent) => this.walk(event)}>${this.steps()}</ol></div>`
  }

  /** What happens to the record line by line; what befell others meanwhile is folded between. */
  private steps(): TemplateResult[] {
    const { lines } = this
    const steps: TemplateResult[] = []
    let folded: LifeLine[] = []
    const unload = (): void => {
      const others = folded
      folded = []
      if (others.length > 0) steps.push(html`<li class="others"><details class="more"><summary>${texts.meanwhile(others.length)}</summary>
        <ul>${others.map((line) => html`<li class="i3">${clock(line.at)} ${line.text}</li>`)}</ul></details></li>`)
    }
    for (const [i, line] of lines.entries()) {
      if (line.code === 'fault.inflicted') continue
      if (!isTold(line)) {
        folded.push(line)
        continue
      }
      unload()
      steps.push(this.step(line, i))
    }
    unload()
    return steps
  }

  private step(line: LifeLine, i: number): TemplateResult {
    const isHere = i === this.active
    return html`<li class=${`${line.kind} ${isHere ? 'active' : ''}`}><button class="link t" tabindex=${isHere ? 0 : -1} data-line=${i} @focus=${() => { this.active = i }}
        @click=${() => void this.store.goTo(line.at)} aria-label=${texts.goTo(line.at.toFixed(3), line.text)}>${line.at.toFixed(3)}</button>
      <span class="i3">${line.at === this.lines[0]!.at ? '' : `+${seconds(line.at - this.lines[0]!.at)}`}</span><span>${line.copy > 0 ? html`<span class="copy">${texts.copyName(line.copy)}</span> ` : nothing}${line.text}${
        line.kind === 'headline' || line.where === '' || line.text.includes(line.where) ? nothing : html` <span class="i3">${line.where}</span>`}</span></li>`
  }

  /** The reader that the scenario wants, as lives name it. */
  private get reader(): string {
    const { name, reader } = this.column.opened.stage.output
    return `${name}/${reader}`
  }

  private summary(): string {
    const { lines } = this
    const seen = lines[seenAt(lines, this.reader)]
    if (seen === undefined) return texts.notVisibleYet
    const copies = new Set(lines.filter((line) => line.kind === 'visible' && line.where === seen.where).map((line) => line.copy)).size
    return `${texts.seenAfter(seconds(seen.at - lines[0]!.at), shortName(seen.where))}${copies > 1 ? `, ${texts.readTimes(copies)}` : ''}.`
  }

  /** Where the time went, as lengths; the same stands behind each step of the list. */
  private legs(): TemplateResult {
    const legs = legsOf(this.lines, this.reader)
    const whole = legs.reduce((sum, leg) => sum + leg.seconds, 0)
    if (!(whole > 0)) return html`${nothing}`
    let x = 0
    const bars = legs.map((leg, i) => {
      const width = (leg.seconds / whole) * 100
      const from = x
      x += width
      return svg`<rect x=${`${from}%`} width=${`${Math.max(0.4, width)}%`} y="0" height="10" class=${`leg ${i % 2 === 0 ? 'even' : 'odd'} ${leg.line === this.active ? 'active' : ''}`}></rect>`
    })
    const longest = legs.reduce((most, leg) => (leg.seconds > most.seconds ? leg : most))
    return html`<svg class=${`legs in-${this.column.look}`} width="100%" height="10" aria-hidden="true">${bars}</svg>
      <p class="i3">${texts.longestLeg(seconds(longest.seconds), this.lines[longest.line]!.text)} <sim-what figure="waterfall"></sim-what></p>`
  }

  private drawing(diagram: Diagram): TemplateResult {
    const { width, height } = diagram
    const at = diagram.rows.find((row) => row.line === this.active)
    return html`<svg class=${`space-time in-${this.column.look}`} viewBox=${`0 0 ${width} ${height}`} width=${width} height=${height} aria-hidden="true">
      ${at === undefined ? nothing : svg`<rect class="here" x="0" width=${width} y=${at.y - 8} height="16"></rect>`}
      ${diagram.processes.map(({ name, x }, i) => svg`<line class="world" x1=${x} x2=${x} y1=${12 + (i % namesRows) * 11} y2=${height}></line>
        <text x=${x} y=${9 + (i % namesRows) * 11} text-anchor=${i === diagram.processes.length - 1 ? 'end' : 'middle'} dx=${i === diagram.processes.length - 1 ? 12 : 0}>${shortName(name)}</text>`)}
      ${diagram.dead.map(({ x, y1, y2 }) => svg`<line class="dead" x1=${x} x2=${x} y1=${y1} y2=${y2}></line>`)}
      ${diagram.rows.map((row) => svg`<text class="i3" x="48" y=${row.y + 4} text-anchor="end">${row.line === 0 ? texts.bornAt : row.text}</text>
        ${row.gap === null ? nothing : svg`<path class="gap" d=${`M52 ${row.y - 26}l4 3 -8 4 8 4 -4 3`}></path>`}`)}
      ${diagram.arrows.map((arrow) => this.arrow(arrow))}
      ${diagram.marks.map((mark) => svg`<path class=${`mark ${mark.sign} ${mark.copy > 0 ? 'copy' : ''}`} d=${signs[mark.sign]} transform=${`translate(${mark.x} ${mark.y})`}></path>`)}
      ${diagram.rows.map((row) => svg`<rect class="hit" x="0" width=${width} y=${row.y - 8} height="16" @pointerenter=${() => { this.active = row.line }} @click=${() => this.focusStep(row.line)}></rect>`)}
    </svg>`
  }

  private arrow({ x1, y1, x2, y2, since, copy, told, line }: DiagramArrow): TemplateResult {
    return svg`${since < y1 ? svg`<line class=${`stood ${copy > 0 ? 'copy' : ''}`} x1=${x1} x2=${x1} y1=${since} y2=${y1}></line>` : nothing}<line class=${`message ${copy > 0 ? 'copy' : ''} ${told ? '' : 'untold'} ${line === this.active ? 'active' : ''}`} x1=${x1} y1=${y1} x2=${x2} y2=${y2}></line>`
  }

  private walk(event: KeyboardEvent): void {
    const steps = [...this.querySelectorAll<HTMLElement>('.steps .t')]
    const now = steps.findIndex((step) => Number(step.dataset['line']) === this.active)
    const to = { ArrowDown: now + 1, ArrowUp: now - 1, Home: 0, End: steps.length - 1 }[event.key]
    if (to === undefined || steps[to] === undefined) return
    event.preventDefault()
    event.stopPropagation()
    steps[to].focus()
  }

  private focusStep(line: number): void {
    this.active = line
    void this.updateComplete.then(() => this.querySelector<HTMLElement>(`.steps [data-line="${line}"]`)?.focus())
  }
}

customElements.define('sim-life', SimLife)
