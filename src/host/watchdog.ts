/** A column behind a watchdog: asks twice a second, replaces what is silent for two and a half, and replays. */
import type { Chunk, ColumnEngine, Followed, Opened, Reply, RunSpec, ScenarioCard } from './api.ts'

/** One started worker. */
export interface Session {
  readonly engine: ColumnEngine
  /** Calls back when the worker reports that it cannot go on. */
  onBroken(broken: () => void): void
  end(): void
}

/** Between two questions of the watchdog, milliseconds. */
export const pingEvery = 500
/** A worker that has not answered a question for so long is replaced, milliseconds; with the question's own wait under 3 s. */
export const silenceMax = 2400
/** A worker that has never answered is still being loaded: a slow machine or line is not a hang, milliseconds. */
export const startMax = 20_000
/** Replacements without a single good answer in between before the column is given up. */
export const replacementsMax = 3
/** Events of one call while a replacement catches up. */
const eventsPerCall = 200_000

interface Watched {
  readonly session: Session
  readonly lost: Promise<'lost'>
  readonly lose: () => void
}

const lostIssue = {
  code: 'engine.silent', path: '', line: null,
  message: 'The simulation of this column did not answer. It was started again where that was possible; ask again, or reload the page.',
}

export class ColumnClient implements ColumnEngine {
  private readonly startSession: () => Session
  private readonly onReplaced: () => void
  private watched: Watched
  private spec: RunSpec | null = null
  private column = 0
  private reached = 0
  private asked: number | null = null
  /** The worker of now has answered at least once. */
  private hasAnswered = false
  private replacements = 0
  private closed = false
  private restoring: Promise<boolean> | null = null
  private readonly timer: ReturnType<typeof setInterval>

  constructor(startSession: () => Session, onReplaced: () => void) {
    this.startSession = startSession
    this.onReplaced = onReplaced
    this.watched = this.begin()
    this.timer = setInterval(() => this.watch(), pingEvery)
  }

  async open(spec: RunSpec, column: number): Promise<Reply<Opened>> {
    const reply = await this.call((engine) => engine.open(spec, column))
    if (reply.ok) {
      this.spec = spec
      this.column = column
      this.reached = 0
    }
    return reply
  }

  async advance(to: number, events: number): Promise<Reply<Chunk>> {
    return this.note(await this.call((engine) => engine.advance(to, events)))
  }

  async amend(spec: RunSpec, at: number): Promise<Reply<Chunk>> {
    const reply = this.note(await this.call((engine) => engine.amend(spec, at)))
    if (reply.ok) this.spec = spec
    return reply
  }

  report(): ReturnType<ColumnEngine['report']> {
    return this.call((engine) => engine.report())
  }

  ended(): ReturnType<ColumnEngine['ended']> {
    return this.call((engine) => engine.ended())
  }

  whole(columns: Parameters<ColumnEngine['whole']>[0]): ReturnType<ColumnEngine['whole']> {
    return this.call((engine) => engine.whole(columns))
  }

  follow(record: string, until: number, events: number): Promise<Reply<Followed>> {
    return this.call((engine) => engine.follow(record, until, events), 1)
  }

  cards(): Promise<Reply<readonly ScenarioCard[]>> {
    return this.call((engine) => engine.cards())
  }

  readCard(text: string): Promise<Reply<ScenarioCard>> {
    return this.call((engine) => engine.readCard(text), 1)
  }

  recordAfter(at: number): ReturnType<ColumnEngine['recordAfter']> {
    return this.call((engine) => engine.recordAfter(at))
  }

  fidelity(): ReturnType<ColumnEngine['fidelity']> {
    return this.call((engine) => engine.fidelity())
  }

  ping(): Promise<number> {
    return this.watched.session.engine.ping()
  }

  /** Ends the worker; calls under way answer that the column is gone. */
  close(): void {
    this.closed = true
    clearInterval(this.timer)
    this.watched.lose()
    this.watched.session.end()
  }

  private note(reply: Reply<Chunk>): Reply<Chunk> {
    if (reply.ok) this.reached = reply.value.reached
    return reply
  }

  private begin(): Watched {
    const session = this.startSession()
    let lose: () => void = () => undefined
    const lost = new Promise<'lost'>((resolve) => {
      lose = () => resolve('lost')
    })
    const watched = { session, lost, lose }
    session.onBroken(() => {
      if (this.watched === watched) this.replace()
    })
    this.asked = null
    this.hasAnswered = false
    return watched
  }

  private watch(): void {
    const now = Date.now()
    if (this.asked !== null) {
      if (now - this.asked >= (this.hasAnswered ? silenceMax : startMax)) this.replace()
      return
    }
    this.asked = now
    const { watched } = this
    watched.session.engine.ping().then(() => {
      if (this.watched !== watched) return
      this.asked = null
      this.hasAnswered = true
      if (this.restoring === null) this.replacements = 0
    }, () => {
      if (this.watched === watched) this.replace()
    })
  }

  private replace(): void {
    if (this.closed) return
    this.watched.session.end()
    const { lose } = this.watched
    this.replacements++
    if (this.replacements > replacementsMax) {
      this.closed = true
      clearInterval(this.timer)
      lose()
      return
    }
    this.watched = this.begin()
    const restoring = this.restore(this.watched)
    this.restoring = restoring
    void restoring.then(() => {
      if (this.restoring === restoring) this.restoring = null
    })
    lose()
    this.onReplaced()
  }

  /** Runs the column again up to where it was; false when the new worker was lost as well. */
  private async restore(watched: Watched): Promise<boolean> {
    if (this.spec === null) return true
    const opened = await this.ask(watched, (engine) => engine.open(this.spec!, this.column))
    if (opened === 'lost' || !opened.ok) return false
    const goal = this.reached
    for (let at = 0; at < goal;) {
      const chunk = await this.ask(watched, (engine) => engine.advance(goal, eventsPerCall))
      if (chunk === 'lost' || !chunk.ok) return false
      if (chunk.value.finished) return true
      at = chunk.value.reached
    }
    return true
  }

  private ask<T>(watched: Watched, act: (engine: ColumnEngine) => Promise<Reply<T>>): Promise<Reply<T> | 'lost'> {
    const answer = act(watched.session.engine).catch((error: unknown): Reply<T> => ({
      ok: false,
      issues: [{ code: 'engine.bug', path: '', line: null, message: `Our own bug: ${error instanceof Error ? error.message : String(error)}` }],
    }))
    void answer.then(() => {
      if (this.watched === watched) this.hasAnswered = true
    })
    return Promise.race([answer, watched.lost])
  }

  /**
   * Asks, and asks once more when the worker was lost over it. A question that loses two workers is answered
   * with an issue, so that one that cannot be answered does not cost the column; looking at a record is not
   * repeated at all.
   */
  private async call<T>(act: (engine: ColumnEngine) => Promise<Reply<T>>, attempts = 2): Promise<Reply<T>> {
    for (let lost = 0; lost < attempts && !this.closed; lost++) {
      for (let wait = 0; wait <= replacementsMax && this.restoring !== null; wait++) await this.restoring
      const reply = await this.ask(this.watched, act)
      if (reply !== 'lost') return reply
    }
    return { ok: false, issues: [lostIssue] }
  }
}
