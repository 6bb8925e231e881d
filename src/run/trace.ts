/** The life of one record: everything that the outside saw of it and that mechanisms stated about it. */
import type { Births } from '../contract/births.ts'
import { MALFORMED, HOT, LATE } from '../contract/births.ts'
import type { CauseCode, Copies } from '../contract/cause.ts'
import { fail, ok, quoted, type Result } from '../contract/issue.ts'
import type { Answer, Outside, ViewDeclaration } from '../contract/outside.ts'
import type { Sim } from '../kernel/index.ts'

/** A record by its name: `source-1:100` (or `1:100`) is the hundred and first of the first source. */
export interface RecordName {
  readonly lane: number
  readonly index: number
}

/** One line of a life; `at` in nanoseconds. */
export interface LifeLine {
  readonly at: number
  readonly code: string
  readonly text: string
}

/** Reads the name of a record among so many sources. */
export function parseRecord(text: string, sources: number): Result<RecordName> {
  const found = /^(?:source-)?(\d{1,4}):(\d{1,12})$/.exec(text)
  const lane = Number(found?.[1]) - 1
  if (found === null || !(lane >= 0 && lane < sources)) {
    return fail('trace.record', `expected a record such as source-1:100, of source-1 to source-${sources}; found ${quoted(text)}`)
  }
  return ok({ lane, index: Number(found[2]) })
}

/** Passes everything on to the ledger, and notes what concerns the one record. */
export class Follower implements Outside {
  readonly lines: LifeLine[] = []
  private readonly inner: Outside
  private readonly sim: Sim
  private readonly births: Births
  private readonly copies: Copies
  private readonly name: RecordName
  private readonly views: ViewDeclaration[] = []

  constructor(inner: Outside, sim: Sim, births: Births, copies: Copies, name: RecordName) {
    this.inner = inner
    this.sim = sim
    this.births = births
    this.copies = copies
    this.name = name
  }

  view(declaration: ViewDeclaration): number {
    this.views.push(declaration)
    return this.inner.view(declaration)
  }

  answered(lane: number, first: number, count: number, answer: Answer): void {
    this.inner.answered(lane, first, count, answer)
    if (this.isIt(lane, first, count)) this.note(`client.answered-${answer}`, answers[answer])
  }

  processed(lane: number, first: number, count: number): void {
    this.inner.processed(lane, first, count)
    if (this.isIt(lane, first, count)) this.note('sink.handed-over', 'Its result was handed to the sink')
  }

  visible(view: number, lane: number, first: number, count: number, copy: number, writerReplaced: boolean): void {
    this.inner.visible(view, lane, first, count, copy, writerReplaced)
    if (!this.isIt(lane, first, count)) return
    const zombie = writerReplaced ? '; its writer had been replaced' : ''
    this.note('reader.visible', `Readable in ${this.viewName(view)}${this.copyText(copy)}${zombie}`)
  }

  retracted(view: number, lane: number, first: number, count: number, copy: number, cause: CauseCode): void {
    this.inner.retracted(view, lane, first, count, copy, cause)
    if (this.isIt(lane, first, count)) this.note(cause.code, `No longer readable in ${this.viewName(view)}: ${cause.text}`)
  }

  repeatRefused(view: number, lane: number, first: number, count: number, copy: number): void {
    this.inner.repeatRefused(view, lane, first, count, copy)
    if (this.isIt(lane, first, count)) this.note('sink.repeat-refused', `The sink refused a repeat${this.copyText(copy)}`)
  }

  dropped(cause: CauseCode, lane: number, first: number, count: number): void {
    this.inner.dropped(cause, lane, first, count)
    if (this.isIt(lane, first, count)) this.note(cause.code, `A copy is gone: ${cause.text}`)
  }

  filtered(lane: number, first: number, count: number): void {
    this.inner.filtered(lane, first, count)
    if (this.isIt(lane, first, count)) this.note('pipeline.filtered', 'The pipeline keeps it from the sink')
  }

  deadLettered(cause: CauseCode, lane: number, first: number, count: number): void {
    this.inner.deadLettered(cause, lane, first, count)
    if (this.isIt(lane, first, count)) this.note(cause.code, `Put aside: ${cause.text}`)
  }

  late(lane: number, first: number, count: number): void {
    this.inner.late(lane, first, count)
    if (this.isIt(lane, first, count)) this.note('pipeline.late', 'Too late for its window')
  }

  /** Its birth, if it is known; asked at the end of the run or as far as it came. */
  birth(): LifeLine | null {
    return this.born
  }

  private born: LifeLine | null = null

  private isIt(lane: number, first: number, count: number): boolean {
    const { name } = this
    if (lane !== name.lane || name.index < first || name.index >= first + count) return false
    this.born ??= this.bornLine()
    return true
  }

  /** Read at the first sight of the record: births long past are forgotten. */
  private bornLine(): LifeLine {
    const { births, name } = this
    const flags = births.flagsOf(name.lane, name.index)
    const marks = [[MALFORMED, 'cannot be processed'], [HOT, 'of the hot key'], [LATE, 'late']] as const
    const words = marks.filter(([bit]) => (flags & bit) !== 0).map(([, word]) => `, ${word}`).join('')
    const text = `Born as source-${name.lane + 1}:${name.index}, key ${births.keyText(births.keyOf(name.lane, name.index))}${words}`
    return { at: births.timeOf(name.lane, name.index), code: 'record.born', text }
  }

  private viewName(view: number): string {
    const declaration = this.views[view]
    return `${declaration?.sink ?? '?'}/${declaration?.reader ?? '?'}`
  }

  private copyText(copy: number): string {
    const cause = this.copies.causeOf(copy)
    return cause === undefined ? '' : ` as a copy of ${(this.copies.madeAt(copy) / 1e9).toFixed(3)} s (${cause.text})`
  }

  private note(code: string, text: string): void {
    this.lines.push({ at: this.sim.now, code, text })
  }
}

const answers: Readonly<Record<Answer, string>> = {
  ok: 'The client was told that it is stored',
  failed: 'The client was told that it failed',
  unknown: 'The client gave up waiting: the outcome is unknown',
  none: 'Handed over without waiting for an answer',
}
