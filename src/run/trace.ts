/** The life of one record: everything that the outside saw of it and that mechanisms stated about it. */
import type { Births } from '../contract/births.ts'
import { MALFORMED, HOT, LATE } from '../contract/births.ts'
import type { CauseCode, Copies } from '../contract/cause.ts'
import { fail, ok, quoted, type Result } from '../contract/issue.ts'
import type { Answer, Outside, ViewDeclaration } from '../contract/outside.ts'
import type { HopCode, Process, Sim, Tracer, Unit } from '../kernel/index.ts'
import { factText } from './fact-log.ts'

/** A record by its name: `source-1:100` (or `1:100`) is the hundred and first of the first source. */
export interface RecordName {
  readonly lane: number
  readonly index: number
}

/** No record: a run that follows nobody yet can be turned to any record from each state that was kept of it. */
export const nobody: RecordName = { lane: -1, index: -1 }

/** What a line of a life is about; a headline is what befell others meanwhile. */
export type LifeKind = 'born' | 'answer' | 'hop' | 'again' | 'visible' | 'gone' | 'headline'

/** One line of a life; times in nanoseconds. */
export interface LifeLine {
  readonly at: number
  readonly code: string
  readonly text: string
  readonly kind: LifeKind
  /** The process, or the view of a sink, where it is; empty where that is not known. */
  readonly where: string
  /** For a message that arrives: who sent it, and when. */
  readonly from: { readonly where: string; readonly at: number } | null
  /** 0 for the original, else the copy's id. */
  readonly copy: number
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
export class Follower implements Outside, Tracer {
  readonly lines: LifeLine[] = []
  private readonly inner: Outside
  private readonly sim: Sim
  private readonly births: Births
  private readonly copies: Copies
  private name: RecordName
  private readonly views: ViewDeclaration[] = []
  /** Hops told so far, with the first number of each. */
  private readonly hops: { readonly code: string; readonly where: string; readonly at: number; readonly first: number }[] = []
  /** Copies whose making stands among the lines. */
  private readonly told: number[] = []

  constructor(inner: Outside, sim: Sim, births: Births, copies: Copies, name: RecordName) {
    this.inner = inner
    this.sim = sim
    this.births = births
    this.copies = copies
    this.name = name
    this.look()
  }

  /** Follows another record from here on, one that is not born yet. */
  turnTo(name: RecordName): void {
    this.name = name
    this.born = null
    this.lines.length = 0
    this.told.length = 0
    this.hops.length = 0
    this.look()
  }

  get line(): number { return this.name.lane }

  get index(): number { return this.name.index }

  passed(code: HopCode, who: Unit, copy: number, a: number, b: number): void {
    this.born ??= this.bornLine()
    this.tellOf(copy)
    const where = who.process.name
    const { from } = code
    // The message left where the hop before it was told last; of several logs, where it was told of the same one.
    const isNamed = from !== null && from.numbers[0] !== undefined && from.numbers[0] === code.numbers[0]
    const sent = from === null ? undefined : this.hops.findLast((hop) => hop.code === from.code && hop.where !== where && (!isNamed || hop.first === a))
    this.hops.push({ code: code.code, where, at: this.sim.now, first: a })
    this.lines.push({
      at: this.sim.now, code: code.code, text: factText(code, who.name, [a, b]), kind: 'hop', where,
      from: sent === undefined ? null : { where: sent.where, at: sent.at }, copy,
    })
  }

  /** Mechanisms tell of hops only while somebody listens. */
  private look(): void {
    this.sim.tracer = this.name.lane < 0 ? null : this
  }

  view(declaration: ViewDeclaration): number {
    this.views.push(declaration)
    return this.inner.view(declaration)
  }

  answered(lane: number, first: number, count: number, answer: Answer): void {
    this.inner.answered(lane, first, count, answer)
    if (this.isIt(lane, first, count)) this.note('answer', `client.answered-${answer}`, answers[answer], this.source())
  }

  processed(lane: number, first: number, count: number): void {
    this.inner.processed(lane, first, count)
    if (!this.isIt(lane, first, count)) return
    // A mechanism that tells of hops has just said it, with its name.
    const last = this.lines.at(-1)
    if (last?.kind === 'hop' && last.at === this.sim.now) return
    this.note('hop', 'sink.handed-over', 'Its result was handed to the sink')
  }

  visible(view: number, lane: number, first: number, count: number, copy: number, writerReplaced: boolean): void {
    this.inner.visible(view, lane, first, count, copy, writerReplaced)
    if (!this.isIt(lane, first, count)) return
    this.tellOf(copy)
    const zombie = writerReplaced ? '; its writer had been replaced' : ''
    this.note('visible', 'reader.visible', `Readable in ${this.viewName(view)}${this.copyText(copy)}${zombie}`, this.viewName(view), copy)
  }

  retracted(view: number, lane: number, first: number, count: number, copy: number, cause: CauseCode): void {
    this.inner.retracted(view, lane, first, count, copy, cause)
    if (this.isIt(lane, first, count)) this.note('gone', cause.code, `No longer readable in ${this.viewName(view)}: ${cause.text}`, this.viewName(view), copy)
  }

  repeatRefused(view: number, lane: number, first: number, count: number, copy: number): void {
    this.inner.repeatRefused(view, lane, first, count, copy)
    if (!this.isIt(lane, first, count)) return
    this.tellOf(copy)
    this.note('gone', 'sink.repeat-refused', `The sink refused a repeat${this.copyText(copy)}`, this.viewName(view), copy)
  }

  dropped(cause: CauseCode, lane: number, first: number, count: number): void {
    this.inner.dropped(cause, lane, first, count)
    if (this.isIt(lane, first, count)) this.note('gone', cause.code, `A copy is gone: ${cause.text}`)
  }

  filtered(lane: number, first: number, count: number): void {
    this.inner.filtered(lane, first, count)
    if (this.isIt(lane, first, count)) this.note('hop', 'pipeline.filtered', 'The pipeline keeps it from the sink')
  }

  deadLettered(cause: CauseCode, lane: number, first: number, count: number): void {
    this.inner.deadLettered(cause, lane, first, count)
    if (this.isIt(lane, first, count)) this.note('gone', cause.code, `Put aside: ${cause.text}`)
  }

  late(lane: number, first: number, count: number): void {
    this.inner.late(lane, first, count)
    if (this.isIt(lane, first, count)) this.note('hop', 'pipeline.late', 'Too late for its window')
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
    return { at: births.timeOf(name.lane, name.index), code: 'record.born', text, kind: 'born', where: this.source(), from: null, copy: 0 }
  }

  private viewName(view: number): string {
    const declaration = this.views[view]
    return `${declaration?.sink ?? '?'}/${declaration?.reader ?? '?'}`
  }

  private copyText(copy: number): string {
    const cause = this.copies.causeOf(copy)
    return cause === undefined ? '' : ` as a copy of ${(this.copies.madeAt(copy) / 1e9).toFixed(3)} s (${cause.text})`
  }

  private source(): string {
    return `source-${this.name.lane + 1}`
  }

  /** Who made a copy, and when, and of those that it was made from: told once, when the first of them is seen. */
  private tellOf(copy: number): void {
    const { copies, told } = this
    for (let at = copy; at > 0 && !told.includes(at); at = copies.parentOf(at)) {
      told.push(at)
      const cause = copies.causeOf(at) as CauseCode
      const where = (this.sim.units[copies.writerOf(at)] as Process).name
      this.lines.push({ at: copies.madeAt(at), code: cause.code, text: `${cause.text} (${where})`, kind: 'again', where, from: null, copy: at })
    }
  }

  private note(kind: LifeKind, code: string, text: string, where = '', copy = 0): void {
    this.lines.push({ at: this.sim.now, code, text, kind, where, from: null, copy })
  }
}

const answers: Readonly<Record<Answer, string>> = {
  ok: 'The client was told that it is stored',
  failed: 'The client was told that it failed',
  unknown: 'The client gave up waiting: the outcome is unknown',
  none: 'Handed over without waiting for an answer',
}
