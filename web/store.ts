/** All that the page knows: columns with their frames and facts, the RunSpec, the playhead, what is selected. */
import type { Issue, RunSpec } from '../src/host/api.ts'
import { Changes } from './changes.ts'
import { boundsOf, Column, nextHeadline } from './column-data.ts'
import { faultName, faultText, faultTimes, lastingText, timeText, type Strike } from './faults.ts'
import type { Host } from './host.ts'
import { bindClick, frameSeconds, seek, tick, wanted, type Bounds, type Playback } from './player.ts'
import type { MenuOpen, Selection } from './selection.ts'
import { nextSpan } from './stage/lanes.ts'
import { texts } from './texts.ts'

/** Wall seconds between two rounds of figures, and how many elements take part in one animation frame. */
const figuresSeconds = 0.22
const figuresPerFrame = 2
/** Most calls to an engine on the way to one moment. */
const turnsMax = 10_000
/** While a scene is being opened its picture is redrawn each time it has come so much further, seconds. */
const followSeconds = 0.4

export class Store extends Changes {
  readonly host: Host
  spec: RunSpec
  columns: Column[] = []
  play: Playback = { playhead: 0, playing: false, speed: 1 }
  selection: Selection | null = null
  record = ''
  menu: MenuOpen | null = null
  /** Column in view where only one fits. */
  shown = 0
  /** Seconds across a lane, the same in all columns. */
  span = 2
  reducedMotion = false
  /** The moment that a scene being opened is simulated up to; null once it is there. */
  goal: number | null = null
  crosshair: number | null = null
  /** The moment that all figures show, seconds. */
  figuresAt = 0
  private roundDone = true
  private sinceFigures = 0

  constructor(host: Host) {
    super()
    this.host = host
    this.spec = host.firstSpec
  }

  get bounds(): Bounds {
    return boundsOf(this.columns)
  }

  get end(): number {
    return this.columns.reduce((most, c) => Math.max(most, c.opened.durationSeconds, c.reached), 1)
  }

  /** Opens a spec in fresh columns; what runs now is kept unless every column accepts. */
  async open(spec: RunSpec, startAt: number, play: boolean): Promise<boolean> {
    await this.ready()
    return this.change(texts.building, async () => {
      const engines = spec.architectures.map(() => this.host.open())
      const replies = await Promise.all(engines.map((engine, i) => engine.open(spec, i)))
      const issues = replies.flatMap((reply) => (reply.ok ? [] : reply.issues))
      if (issues.length > 0) {
        for (const engine of engines) this.host.close(engine)
        return issues
      }
      const opened = replies.flatMap((reply, i) => (reply.ok ? [new Column(i, engines[i]!, reply.value)] : []))
      for (const column of this.columns) this.host.close(column.engine)
      this.columns = opened
      this.spec = spec
      this.selection = null
      this.shown = Math.min(this.shown, opened.length - 1)
      this.play = { ...this.play, playhead: 0, playing: false }
      this.emit('spec')
      this.emit('open')
      this.goal = startAt
      this.figures()
      const late = await this.runTo(startAt, true)
      this.goal = null
      this.play = { ...this.play, playhead: Math.min(startAt, this.bounds.reached), playing: play }
      this.emit('player')
      return late
    })
  }

  /** One animation frame: moves the playhead, asks the engines for more, paints. */
  frame(wallSeconds: number): void {
    const before = this.play
    this.play = tick(this.play, wallSeconds, this.bounds)
    if (before.playing !== this.play.playing) this.emit('player')
    this.pump()
    this.sinceFigures += wallSeconds
    if (before.playing !== this.play.playing) this.figures()
    else if (this.play.playing) this.someFigures()
    this.paint(this.play.playhead, this.play.playing ? wallSeconds : 0)
  }

  override figures(): void {
    this.begin()
    this.emit('figures')
  }

  /** While playing, figures change four times a second, a few a frame, all from the same moment. */
  private someFigures(): void {
    const begins = this.roundDone && this.sinceFigures >= figuresSeconds
    if (begins) this.begin()
    this.roundDone = this.round('figures', figuresPerFrame, begins)
  }

  private begin(): void {
    this.sinceFigures = 0
    this.figuresAt = this.play.playhead
    let worst = 0
    for (const column of this.columns) worst = Math.max(worst, column.oldestDebt(this.figuresAt))
    this.span = nextSpan(this.span, worst)
  }

  protected override async idle(): Promise<void> {
    for (const column of this.columns) await column.idle()
  }

  private pump(): void {
    if (this.changing) return
    const to = wanted(this.play)
    for (const column of this.columns) {
      if (column.pending || column.finished || column.failed || column.reached >= to - 1e-9) continue
      void column.advance(to, this.host.eventsMax).then((issues) => {
        this.report(issues)
        if (column.takeNewFacts()) this.emit('facts')
        this.pump()
      })
    }
  }

  /** Drives every column to `to`; the picture may follow on the way, so that a long start is seen to move. */
  private async runTo(to: number, follow = false): Promise<readonly Issue[]> {
    let drawn = 0
    const issues = await Promise.all(this.columns.map(async (column) => {
      for (let turn = 0; turn < turnsMax && !column.finished && column.reached < to - 1e-9; turn++) {
        const wrong = await column.advance(to, this.host.eventsMax)
        if (wrong.length > 0) return wrong
        this.tell(texts.simulating(to, this.columns.map((one) => `${one.letter} ${Math.min(one.reached, to).toFixed(1)}`)))
        const { reached } = this.bounds
        if (!follow || reached < drawn + followSeconds) continue
        drawn = reached
        this.play = { ...this.play, playhead: Math.min(reached, to) }
        this.figures()
      }
      return []
    }))
    this.emit('facts')
    return issues.flat()
  }

  private report(issues: readonly Issue[]): void {
    if (issues.length === 0) return
    this.issues = issues
    this.play = { ...this.play, playing: false }
    this.emit('issues')
    this.emit('player')
  }

  /** Sends an amended spec to every column from `at` on; if one refuses, all go back to the old spec. */
  private async amendAll(spec: RunSpec, at: number): Promise<readonly Issue[]> {
    const old = this.spec
    const issues = (await Promise.all(this.columns.map((column) => column.amend(spec, at)))).flat()
    if (issues.length > 0) {
      await Promise.all(this.columns.map((column) => column.amend(old, at)))
      return issues.filter((issue, i) => issues.findIndex((other) => other.path === issue.path && other.message === issue.message) === i)
    }
    this.spec = spec
    this.emit('spec')
    this.emit('facts')
    return []
  }

  /** A live click: binds to the playhead, discards what was computed beyond it, goes on in every column. */
  async strike(what: Omit<Strike, 'at'>): Promise<boolean> {
    await this.ready()
    const at = bindClick(this.play.playhead)
    return this.addFault(faultText({ ...what, at }), at)
  }

  /** A strike whose text is already there but for its time, in one column. */
  async strikeText(fault: string, label: string): Promise<boolean> {
    await this.ready()
    const at = bindClick(this.play.playhead)
    return this.addFault(`${fault} at ${timeText(at)}${lastingText(fault)} only ${label}`, at)
  }

  /** Appends a fault in its written form; one that acts before the playhead takes the playhead back to it. */
  async addFault(text: string, given?: number): Promise<boolean> {
    await this.ready()
    const at = given ?? faultTimes(text).at ?? bindClick(this.play.playhead)
    const done = await this.change(texts.striking(faultName(text)), async () => {
      const issues = await this.amendAll({ ...this.spec, faults: [...this.spec.faults, text] }, Math.min(at, this.bounds.reached))
      if (issues.length === 0 && at < this.play.playhead) this.play = { ...this.play, playhead: at }
      return issues
    })
    if (done) this.say(text)
    return done
  }

  /** Takes the last fault back and returns to its moment. */
  async undo(): Promise<boolean> {
    await this.ready()
    const last = this.spec.faults.at(-1)
    if (last === undefined) return false
    const at = Math.min(faultTimes(last).at ?? 0, this.bounds.reached)
    return this.change(texts.undoing, async () => {
      const issues = await this.amendAll({ ...this.spec, faults: this.spec.faults.slice(0, -1) }, at)
      if (issues.length === 0) this.play = { ...this.play, playhead: Math.min(this.play.playhead, at) }
      return issues
    })
  }

  /** Sets a knob of one column: from the playhead if the product can, else by a replay from 0. */
  async setKnob(column: number, key: string, value: string): Promise<boolean> {
    await this.ready()
    const target = this.columns[column]
    const knob = target?.opened.knobs.find((k) => k.key === key)
    if (target === undefined || knob === undefined) return false
    if (knob.live) {
      const at = bindClick(this.play.playhead)
      const change = { at: `${Math.round(at * 1000)}ms`, label: target.opened.label, key, value }
      return this.change(texts.changing, () => this.amendAll({ ...this.spec, changes: [...this.spec.changes, change] }, at))
    }
    const architectures = this.spec.architectures.map((a, i) =>
      i === column ? { ...a, settings: { ...a.settings, [key]: value } } : a)
    return this.open({ ...this.spec, architectures }, this.play.playhead, this.play.playing)
  }

  toggle(): void {
    const atEnd = this.bounds.finished && this.play.playhead >= this.bounds.reached - 1e-9
    if (atEnd && !this.play.playing) this.play = seek(this.play, this.bounds.oldest, this.bounds)
    this.play = { ...this.play, playing: !this.play.playing }
    this.emit('player')
  }

  pause(): void {
    if (this.play.playing) this.toggle()
  }

  setSpeed(speed: number): void {
    this.play = { ...this.play, speed }
    this.emit('player')
  }

  seek(to: number): void {
    this.play = seek(this.play, to, this.bounds)
    this.figures()
    this.emit('player')
  }

  /** Goes on by one frame, computing it if needed, or back by one. */
  async step(frames: number): Promise<void> {
    this.pause()
    const to = (Math.round(this.play.playhead / frameSeconds) + frames) * frameSeconds
    await this.goTo(to)
  }

  /** Pauses at `to`, computing what is missing. */
  async goTo(to: number): Promise<void> {
    this.pause()
    if (to > this.bounds.reached) await this.change(texts.computing, () => this.runTo(to))
    this.seek(to)
  }

  /** Goes to the next headline after the playhead, looking at most 30 s ahead. */
  async nextFact(): Promise<void> {
    this.pause()
    const limit = this.play.playhead + 30
    const from = this.play.playhead + 1e-6
    for (let to = from; to < limit; to += 1) {
      if (to > this.bounds.reached) await this.change(texts.computing, () => this.runTo(Math.min(to, limit)))
      const next = nextHeadline(this.columns, from)
      if (next <= this.bounds.reached) return this.seek(next)
      if (this.bounds.finished) break
    }
    this.seek(this.bounds.reached)
  }

  select(selection: Selection): void {
    this.selection = selection
    this.emit('select')
  }

  openMenu(menu: MenuOpen | null): void {
    this.menu = menu
    this.emit('menu')
  }
}
