/** What matters, in short sentences for those who do not see the page: faults, verdicts that flip, recoveries. */
import type { Column } from './column-data.ts'
import { SimElement } from './element.ts'
import { inUnit } from './format.ts'
import type { Store } from './store.ts'
import { texts } from './texts.ts'
import { entriesOf } from './track.ts'
import { shown, verdictOf, type Verdict } from './verdict.ts'

/** Wall milliseconds between two announcements: time to speak a sentence or two. */
const restMs = 3000
/** Most sentences of one announcement; the last of each column count. */
const sentencesMax = 4

/** What is known of a column at one moment. */
export interface Heard {
  readonly states: readonly Verdict['state'][]
  readonly isOut: boolean
}

export function heard(column: Column, time: number): Heard {
  return {
    states: shown(column.opened.constraints).map(({ line, index }) => verdictOf(column, line, index, time).state),
    isOut: column.value('m.outage', time) === 1,
  }
}

/** Sentences for what changed in a column since it was last listened to. */
export function changesOf(column: Column, before: Heard, time: number): string[] {
  const now = heard(column, time)
  const said: string[] = []
  shown(column.opened.constraints).forEach(({ line, index }, i) => {
    if (now.states[i] === before.states[i] || line.declared) return
    const { state, observed, word } = verdictOf(column, line, index, time)
    if (state === 'broken') said.push(texts.saidBroken(column.letter, line.text, `${inUnit(observed, line.unit)} ${word}`.trim()))
    else if (state === 'holds' && before.states[i] === 'broken') said.push(texts.saidHolds(column.letter, line.text))
  })
  if (now.isOut && !before.isOut) said.push(texts.saidOut(column.letter))
  if (!now.isOut && before.isOut) said.push(texts.saidBack(column.letter))
  return said
}

/** Listens to the playhead and speaks at a humane rate; a jump is not told, only what happens while time goes on. */
export class SimNarration extends SimElement {
  static override properties = { ...SimElement.properties, told: { state: true } }
  declare told: string
  private heard: Heard[] = []
  private at = 0
  private waiting: string[] = []
  private spokenAt = -Infinity
  private stop: () => void = () => undefined

  constructor() {
    super()
    this.told = ''
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.stop = this.store.on('figures', () => this.listen())
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.stop()
  }

  private listen(): void {
    const { columns, figuresAt } = this.store
    const isJump = figuresAt < this.at || figuresAt > this.at + 5 || this.heard.length !== columns.length
    if (!isJump) this.wait([...struckBetween(this.store, this.at, figuresAt), ...columns.flatMap((column, i) => changesOf(column, this.heard[i]!, figuresAt))])
    this.heard = columns.map((column) => heard(column, figuresAt))
    this.at = figuresAt
    this.speak()
  }

  private wait(sentences: readonly string[]): void {
    this.waiting = [...this.waiting, ...sentences.filter((one) => !this.waiting.includes(one))].slice(-sentencesMax)
  }

  private speak(): void {
    const now = performance.now()
    if (this.waiting.length === 0 || now - this.spokenAt < restMs) return
    this.spokenAt = now
    this.told = this.waiting.splice(0).join(' ')
  }

  override render() {
    return this.told
  }
}

/** Faults and changes whose moment the playhead passed. */
function struckBetween(store: Store, from: number, to: number): string[] {
  return entriesOf(store).filter(({ at }) => at > from && at <= to).map(({ name }) => texts.saidStruck(name))
}

customElements.define('sim-narration', SimNarration)
