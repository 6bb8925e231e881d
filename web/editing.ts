/** Every change of the RunSpec: strikes, edited faults, settings; each is one step that can be undone. */
import type { FactLine, Issue, RunSpec } from '../src/host/api.ts'
import type { Column } from './column-data.ts'
import { Driving } from './driving.ts'
import { faultName, faultText, faultTimes, lastingText, timeText, type Strike } from './faults.ts'
import { changeMoment, edited, editText, noHistory, parting, redone, undone, type History } from './history.ts'
import { bindClick } from './player.ts'
import { texts } from './texts.ts'

/** What was computed before an edit took it back: where it parts from what is now, and the spec that it came of. */
export interface Ghost {
  /** Seconds. */
  readonly at: number
  readonly spec: RunSpec
}

/** Less than this beyond an edit is the engines' usual run-ahead and no future worth keeping, seconds. */
const ghostLeast = 0.5

export abstract class Editing extends Driving {
  spec: RunSpec
  history: History = noHistory
  /** The old future that the columns keep, null when there is none. */
  ghost: Ghost | null = null
  /** Texts of faults that are not shown until somebody asks what it was. */
  private hidden: ReadonlySet<string> = new Set()

  constructor(spec: RunSpec, eventsMax: number) {
    super(eventsMax)
    this.spec = spec
  }

  /** Faults that may be shown, in the order of the spec. */
  get shownFaults(): readonly string[] {
    return this.hidden.size === 0 ? this.spec.faults : this.spec.faults.filter((fault) => !this.hidden.has(fault))
  }

  /** A fault that somebody has just struck is being put in force. */
  get isStriking(): boolean {
    return this.busy.startsWith(texts.striking(''))
  }

  isHidden(fault: string): boolean {
    return this.hidden.has(fault)
  }

  /** The facts that may be told: while faults are hidden, not the deaths and freezes that are the faults themselves. */
  factsOf(column: Column): readonly FactLine[] {
    return this.hiddenFaults.length === 0 ? column.facts : column.facts.filter(({ code }) => !code.startsWith('process.'))
  }

  get hiddenFaults(): readonly string[] {
    return this.spec.faults.filter((fault) => this.hidden.has(fault))
  }

  /** Hides these faults and shows all others. */
  hide(faults: readonly string[]): void {
    this.hidden = new Set(faults)
    this.emit('spec')
  }

  /** Builds the columns of a spec anew and drives them to `to`; what runs is kept if it is refused. */
  protected abstract rebuild(spec: RunSpec, to: number, play: boolean): Promise<readonly Issue[]>

  /**
   * Puts another spec in force as one step that can be undone; `what` is said meanwhile. Given as a function, it is made
   * of the spec in force by then, null when there is nothing to do.
   */
  edit(next: RunSpec | ((now: RunSpec) => RunSpec | null), what: string): Promise<boolean> {
    return this.change(what, async () => {
      const before = this.spec
      const spec = typeof next === 'function' ? next(before) : next
      if (spec === null) return null
      const issues = await this.apply(spec)
      if (this.spec === spec) this.remember(edited(this.history, before))
      return issues
    })
  }

  /** Takes the last edit back, and the run to the moment where it acted. */
  undo(): Promise<boolean> {
    return this.travel(undone, texts.undoing, texts.undone)
  }

  /** Puts the last edit taken back in force again. */
  redo(): Promise<boolean> {
    return this.travel(redone, texts.redoing, texts.redone)
  }

  protected remember(history: History): void {
    this.history = history
    this.emit('spec')
  }

  private travel(step: typeof undone, what: string, done: string): Promise<boolean> {
    return this.change(what, async () => {
      const before = this.spec
      const next = step(this.history, before)
      if (next === null) return null
      const issues = await this.apply(next.spec)
      if (this.spec !== next.spec) return issues
      this.remember(next.history)
      const named = (entry: string): string => (this.isHidden(entry) ? texts.hiddenFault : entry)
      const words = { out: (entry: string) => texts.takenOut(named(entry)), in: (entry: string) => texts.putIn(named(entry)), setting: texts.aSetting }
      const text = `${done}: ${editText(before, next.spec, words)}`
      this.tellMoment(text)
      this.say(text)
      return issues
    })
  }

  /** From the moment on where the specs part, or from 0 where more than faults and changes differ. */
  private async apply(spec: RunSpec): Promise<readonly Issue[]> {
    const old = { spec: this.spec, columns: this.columns }
    const at = parting(this.spec, spec)
    if (at === null) {
      const wrong = await this.rebuild(spec, this.play.playhead, this.play.playing)
      if (this.spec === spec) this.keepGhost(old.spec, old.columns)
      return wrong
    }
    const { playhead } = this.play
    const isForked = this.columns.some((column) => column.ring.newest > at + ghostLeast)
    const issues = await this.amendAll(spec, Math.min(at, this.bounds.reached))
    if (issues.length === 0 && isForked) this.haunt({ at, spec: old.spec })
    if (issues.length > 0 || at >= playhead) return issues
    this.play = { ...this.play, playhead: at }
    // From the very beginning on, as with a fault that waits for a fact: back to where the reader was.
    return at === 0 ? this.return(playhead) : issues
  }

  private async return(to: number): Promise<readonly Issue[]> {
    const issues = await this.runTo(to)
    this.play = { ...this.play, playhead: Math.min(to, this.bounds.reached) }
    return issues
  }

  /** A run begun anew keeps the whole of the run before it as its ghost, column by column of the same label. */
  private keepGhost(spec: RunSpec, old: readonly Column[]): void {
    for (const column of this.columns) {
      const same = old.find((one) => one.opened.label === column.opened.label && one.opened.architecture === column.opened.architecture)
      if (same !== undefined) column.haunt(same)
    }
    this.haunt({ at: 0, spec })
  }

  private haunt(ghost: Ghost | null): void {
    this.ghost = ghost
    for (const column of this.columns) column.ghostShown = true
    this.emit('spec')
  }

  /** Shows the old future, or hides it. */
  toggleGhost(): void {
    for (const column of this.columns) column.ghostShown = !column.ghostShown
    this.emit('spec')
    this.figures()
  }

  get ghostShown(): boolean {
    return this.ghost !== null && this.columns.some((column) => column.ghostShown)
  }

  dropGhost(): void {
    for (const column of this.columns) column.takenBack = []
    this.haunt(null)
    this.figures()
  }

  /** Goes to the moment at which the next fault acts or the next setting changes. */
  async nextFault(): Promise<void> {
    const from = this.play.playhead + 1e-6
    const moments = [
      ...this.shownFaults.map((fault) => ({ at: faultTimes(fault).at ?? Number.NaN, text: fault })),
      ...this.spec.changes.map((change) => ({ at: changeMoment(change), text: texts.changeName(change.label, change.key, change.value) })),
    ].filter(({ at }) => at > from).sort((a, b) => a.at - b.at)
    if (moments[0] !== undefined) await this.arrive(moments[0].at, moments[0].text)
  }

  /** Puts a live change to another moment, or takes it out (null). */
  setChange(index: number, at: number | null): Promise<boolean> {
    return this.edit((now) => ({
      ...now, changes: now.changes.flatMap((change, i) => (i !== index ? [change] : at === null ? [] : [{ ...change, at: timeText(Math.max(0, at)) }])),
    }), texts.changing)
  }

  /** Sends an amended spec to every column from `at` on; if one refuses, all go back to the old spec. */
  private async amendAll(spec: RunSpec, at: number): Promise<readonly Issue[]> {
    const old = this.spec
    const answers = await Promise.all(this.columns.map((column) => column.amend(spec, at)))
    const issues = answers.flat()
    if (issues.length > 0) {
      await Promise.all(this.columns.filter((_, i) => answers[i]!.length === 0).map((column) => column.amend(old, at)))
      return issues.filter((issue, i) => issues.findIndex((other) => other.path === issue.path && other.message === issue.message) === i)
    }
    this.spec = spec
    this.emit('spec')
    this.emit('facts')
    return []
  }

  /** A live click: binds to the playhead, discards what was computed beyond it, goes on in every column. */
  strike(what: Omit<Strike, 'at'>): Promise<boolean> {
    return this.append(what.kind, () => faultText({ ...what, at: bindClick(this.play.playhead) }))
  }

  /** A strike whose text is already there but for its time, in one column. */
  strikeText(fault: string, label: string): Promise<boolean> {
    return this.append(fault, () => `${fault} at ${timeText(bindClick(this.play.playhead))}${lastingText(fault)} only ${label}`)
  }

  /** Appends a fault in its written form; one that acts before the playhead takes the playhead back to it. */
  addFault(text: string): Promise<boolean> {
    return this.append(faultName(text), () => text)
  }

  private async append(name: string, make: () => string): Promise<boolean> {
    let text = ''
    const done = await this.edit((now) => {
      text = make()
      return { ...now, faults: [...now.faults, text] }
    }, texts.striking(name))
    if (done) this.say(text)
    return done
  }

  /** Appends faults in one step; nobody is told what and where. */
  surprise(plan: readonly string[]): Promise<boolean> {
    this.hidden = new Set([...this.hidden, ...plan])
    return this.edit((now) => ({ ...now, faults: [...now.faults, ...plan] }), texts.surprising)
  }

  /** Puts another text in the place of fault `index`, made of the one in force by then, or takes it out (null). */
  async setFault(index: number, change: (text: string) => string | null): Promise<boolean> {
    let said = ''
    const done = await this.edit((now) => {
      const old = now.faults[index]
      const text = old === undefined ? null : change(old)
      if (old === undefined || old === text) return null
      said = text ?? texts.faultGone(old)
      return { ...now, faults: now.faults.flatMap((fault, i) => (i !== index ? [fault] : text === null ? [] : [text])) }
    }, texts.changingFault)
    if (done) this.say(said)
    return done
  }

  /** Sets a knob of one column: from the playhead if the product can, else by a replay from 0. */
  setKnob(column: number, key: string, value: string): Promise<boolean> {
    return this.edit((now) => {
      const target = this.columns[column]
      const knob = target?.opened.knobs.find((k) => k.key === key)
      if (target === undefined || knob === undefined) return null
      if (knob.live) {
        const change = { at: timeText(bindClick(this.play.playhead)), label: target.opened.label, key, value }
        return { ...now, changes: [...now.changes, change] }
      }
      return { ...now, architectures: now.architectures.map((a, i) => (i === column ? { ...a, settings: { ...a.settings, [key]: value } } : a)) }
    }, texts.changing)
  }
}
