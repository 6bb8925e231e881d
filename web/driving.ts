/** The playhead and the engines behind it: plays, seeks, steps, and drives every column as far as it is needed. */
import type { Issue } from '../src/host/api.ts'
import { Changes } from './changes.ts'
import { boundsOf, nextTold, type Column } from './column-data.ts'
import { frameSeconds, seek, tick, wanted, type Bounds, type Playback } from './player.ts'
import { nextSpan } from './stage/lanes.ts'
import { texts } from './texts.ts'

/** Wall seconds between two rounds of figures, and how many elements take part in one animation frame. */
const figuresSeconds = 0.22
const figuresPerFrame = 2
/** Wall seconds that what was told of a moment stands while time goes on. */
const momentSeconds = 5
/** Wall seconds between two pictures for readers who want no motion. */
const pictureSeconds = 1
/** Most calls to an engine on the way to one moment. */
const turnsMax = 10_000
/** While a scene is being opened its picture is redrawn each time it has come so much further, seconds. */
const followSeconds = 0.4
/** How far ahead the next protocol moment is looked for, simulated seconds. */
const aheadMax = 30

export abstract class Driving extends Changes {
  columns: Column[] = []
  play: Playback = { playhead: 0, playing: false, speed: 1 }
  /** Seconds across a lane, the same in all columns. */
  span = 2
  /** The moment that a scene being opened is simulated up to; null once it is there. */
  goal: number | null = null
  /** What happens at the moment that was stepped to, in words; empty once the playhead has moved on. */
  moment = ''
  reducedMotion = false
  /** The moment that all figures show, seconds. */
  figuresAt = 0
  /** Most events of one call to an engine. */
  private readonly eventsMax: number
  private roundDone = true
  /** The moment of the last change: what it did is shown as soon as a frame beyond it is. */
  private changedAt = Number.NaN
  private sinceFigures = 0
  private sincePicture = 0
  private sinceMoment = 0

  constructor(eventsMax: number) {
    super()
    this.eventsMax = eventsMax
  }

  get bounds(): Bounds {
    return boundsOf(this.columns)
  }

  get end(): number {
    return this.columns.reduce((most, c) => Math.max(most, c.opened.durationSeconds, c.reached), 1)
  }

  /** One animation frame: moves the playhead, asks the engines for more, paints. */
  frame(wallSeconds: number): void {
    const before = this.play
    this.play = tick(this.play, wallSeconds, this.bounds)
    if (before.playing !== this.play.playing) this.emit('player')
    this.pump()
    if (this.play.playing && this.moment !== '' && (this.sinceMoment += wallSeconds) > momentSeconds) this.tellMoment('')
    this.sinceFigures += wallSeconds
    if (this.reducedMotion && before.playing && this.play.playing) return this.stepwise(wallSeconds)
    if (before.playing !== this.play.playing) this.figures()
    else if (this.play.playing && this.play.playhead >= this.changedAt + frameSeconds) this.shownChange()
    else if (this.play.playing) this.someFigures()
    this.paint(this.play.playhead, this.play.playing ? wallSeconds : 0)
  }

  /** Without motion, time goes on in pictures a second apart; the events are the same. */
  private stepwise(wallSeconds: number): void {
    this.sincePicture += wallSeconds
    if (this.sincePicture < pictureSeconds) return
    this.sincePicture = 0
    this.figures()
    this.paint(this.play.playhead, 0)
  }

  override figures(): void {
    this.begin()
    this.emit('figures')
  }

  protected override changeDone(): void {
    this.changedAt = this.play.playhead
    this.figures()
  }

  private shownChange(): void {
    this.changedAt = Number.NaN
    this.figures()
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
      void column.advance(to, this.eventsMax).then((issues) => {
        this.report(issues)
        if (column.takeNewFacts()) this.emit('facts')
        this.pump()
      })
    }
  }

  /** Drives every column to `to`; the picture may follow on the way, so that a long start is seen to move. */
  protected async runTo(to: number, follow = false): Promise<readonly Issue[]> {
    let drawn = 0
    const issues = await Promise.all(this.columns.map(async (column) => {
      for (let turn = 0; turn < turnsMax && !column.finished && column.reached < to - 1e-9; turn++) {
        const wrong = await column.advance(to, this.eventsMax)
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

  toggle(): void {
    const atEnd = this.bounds.finished && this.play.playhead >= this.bounds.reached - 1e-9
    if (atEnd && !this.play.playing) this.play = seek(this.play, this.bounds.oldest, this.bounds)
    this.play = { ...this.play, playing: !this.play.playing }
    this.moment = ''
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
    this.moment = ''
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

  /** Goes to the next protocol moment of any column, looking a bounded time ahead, and says what it is. */
  async nextFact(): Promise<void> {
    this.pause()
    const from = this.play.playhead + 1e-6
    const limit = from + aheadMax
    for (let to = from; to < limit; to += 1) {
      if (to > this.bounds.reached) await this.change(texts.computing, () => this.runTo(Math.min(to, limit)))
      const next = nextTold(this.columns, from)
      if (next !== null && next.at <= this.bounds.reached) return this.arrive(next.at, next.text)
      if (this.bounds.finished) break
    }
    this.seek(this.bounds.reached)
  }

  /** Pauses at `to` and says what happens there. */
  protected async arrive(to: number, what: string): Promise<void> {
    await this.goTo(to)
    this.tellMoment(what)
    this.say(what)
  }

  /** Shows what happens at this moment, or what an edit under way would make of it. */
  tellMoment(what: string): void {
    this.moment = what
    this.sinceMoment = 0
    this.emit('player')
  }
}
