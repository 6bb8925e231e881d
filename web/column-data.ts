/** One column's data: what its engine opened, its frames, its facts, and one call to the engine at a time. */
import type { Chunk, ColumnEngine, FactLine, Followed, Issue, Opened, Reply, Report, RunSpec } from '../src/host/api.ts'
import type { Bounds } from './player.ts'
import { Ring } from './ring.ts'

/** Ten minutes of frames at ten a second. */
const rowsMax = 6000
const factsMax = 4000
/** Everything starts up in the first simulated second: what is told then is a detail. */
const startSeconds = 1
/** Most lines that are told of one moment. */
const toldMax = 3
/** Fewer frames than this are not worth a ghost line: the usual run-ahead of the engines. */
const ghostLeast = 5

/** A duplicate or a finished checkpoint as the frames show it, for marks that a single frame cannot carry. */
export interface Mark {
  readonly at: number
  readonly kind: 'checkpoint' | 'aborted' | 'again' | 'commit'
  readonly amount: number
}

/** A fact that the stage draws: a batch handed over again, a checkpoint from its trigger to its end, an environment that died. */
export interface Moment {
  readonly at: number
  readonly kind: 'retried' | 'triggered' | 'completed' | 'aborted' | 'died'
  /** Shard of a batch, number of a checkpoint or of an environment. */
  readonly which: number
  readonly text: string
}

const momentKinds: Readonly<Record<string, Moment['kind']>> = {
  'lambda.batch-retried': 'retried', 'flink.checkpoint-triggered': 'triggered', 'flink.checkpoint-completed': 'completed',
  'flink.checkpoint-aborted': 'aborted', 'lambda.environment-died': 'died',
}

export class Column {
  readonly number: number
  readonly engine: ColumnEngine
  readonly opened: Opened
  readonly ring: Ring
  facts: FactLine[] = []
  marks: Mark[] = []
  moments: Moment[] = []
  /** Frames that were computed and taken back last: what would have happened. */
  takenBack: readonly Float64Array[] = []
  ghostShown = true
  reached = 0
  finished = false
  /** The engine could not go on; it is not asked again until the spec changes. */
  failed = false
  digest = ''
  private readonly slots = new Map<string, number>()
  private readonly empty: Float64Array
  private call: Promise<readonly Issue[]> | null = null
  private factsChanged = false

  constructor(number: number, engine: ColumnEngine, opened: Opened) {
    this.number = number
    this.engine = engine
    this.opened = opened
    opened.layout.names.forEach((name, slot) => this.slots.set(name, slot))
    const width = opened.layout.names.length
    this.empty = new Float64Array(width).fill(Number.NaN)
    this.ring = new Ring({ width, rowsMax, timeSlot: this.slots.get('time') ?? 0 })
  }

  /** "a" or "b": which of the two looks this column has. */
  get look(): 'a' | 'b' {
    return this.number === 0 ? 'a' : 'b'
  }

  get letter(): string {
    return String.fromCharCode(65 + this.number)
  }

  /** The frames of the old future while they are shown. */
  get ghost(): readonly Float64Array[] {
    return this.ghostShown ? this.takenBack : []
  }

  /** The old future's frames between two moments, while it is shown. */
  ghostBetween(from: number, to: number): readonly Float64Array[] {
    const rows = this.ghost
    const time = this.slot('time')
    const after = (moment: number): number => {
      let low = 0
      let high = rows.length
      while (low < high) {
        const mid = (low + high) >> 1
        if (rows[mid]![time]! <= moment) low = mid + 1
        else high = mid
      }
      return low
    }
    return rows.slice(after(from), after(to))
  }

  get pending(): boolean {
    return this.call !== null
  }

  /** Slot of a channel, -1 when this column has no such channel. */
  slot(name: string): number {
    return this.slots.get(name) ?? -1
  }

  /** The frame shown at `time`; all unknown when there is none. */
  frameAt(time: number): Float64Array {
    const i = this.ring.indexAt(time)
    return i < 0 ? this.empty : this.ring.row(i)
  }

  /** The frame after the one shown at `time`, or the same one at the end. */
  frameAfter(time: number): Float64Array {
    const i = this.ring.indexAt(time)
    if (i + 1 < this.ring.length) return this.ring.row(i + 1)
    return i < 0 ? this.empty : this.ring.row(i)
  }

  /** A channel's value at `time`, NaN when unknown. */
  value(name: string, time: number): number {
    const slot = this.slot(name)
    return slot < 0 ? Number.NaN : this.frameAt(time)[slot]!
  }

  /** Resolves once no call is under way. */
  async idle(): Promise<void> {
    while (this.call !== null) await this.call
  }

  advance(to: number, events: number): Promise<readonly Issue[]> {
    return this.run(() => this.engine.advance(to, events))
  }

  /** Discards what lies beyond `at` here too, then lets the engine go on with the amended spec. */
  amend(spec: RunSpec, at: number): Promise<readonly Issue[]> {
    return this.run(async () => {
      const reply = await this.engine.amend(spec, at)
      if (reply.ok) this.discard(at)
      return reply
    }, this.failed)
  }

  report(): Promise<Reply<Report['runs'][number]>> {
    return this.engine.report()
  }

  follow(record: string, until: number, events: number): Promise<Reply<Followed>> {
    return this.engine.follow(record, until, events)
  }

  /** True once after facts have arrived or gone. */
  takeNewFacts(): boolean {
    const changed = this.factsChanged
    this.factsChanged = false
    return changed
  }

  /** Seconds since the oldest record that is still owed at `time`: what a lane must be able to show. */
  oldestDebt(time: number): number {
    const frame = this.frameAt(time)
    let worst = 0
    for (let i = 0; i < this.opened.stage.lanes.names.length; i++) {
      for (const name of ['read', 'again', 'reached'] as const) {
        if (name === 'reached') continue
        const slot = this.slot(`lane.${i}.${name}`)
        const age = slot < 0 ? Number.NaN : time - frame[slot]!
        if (age > worst) worst = age
      }
    }
    return worst
  }

  /** Keeps what another run of this column showed, in this one's order of channels, as what would have happened. */
  haunt(old: Column): void {
    const { names } = this.opened.layout
    const from = names.map((name) => old.slot(name))
    const isSame = from.every((slot, i) => slot === i)
    this.takenBack = Array.from({ length: old.ring.length }, (_, r) => {
      const row = old.ring.row(r)
      return isSame ? row : Float64Array.from(from, (slot) => (slot < 0 ? Number.NaN : row[slot]!))
    })
  }

  /** One call at a time; `failed` is what a refusal makes of the column: a spec that is refused leaves it as it was. */
  private async run(act: () => Promise<Reply<Chunk>>, failed = true): Promise<readonly Issue[]> {
    await this.idle()
    const call = act().then((reply) => {
      this.failed = !reply.ok && failed
      if (!reply.ok) return reply.issues
      this.take(reply.value)
      return []
    })
    this.call = call.then((issues) => {
      this.call = null
      return issues
    })
    return this.call
  }

  private take(chunk: Chunk): void {
    const from = this.ring.newest
    this.ring.append(chunk.frames, chunk.rows)
    this.note(Number.isFinite(from) ? from : -1)
    if (chunk.facts.length > 0) {
      for (const fact of chunk.facts) {
        const kind = momentKinds[fact.code]
        if (kind !== undefined) this.moments.push({ at: fact.at, kind, which: kind === 'died' ? Number(/\d+$/.exec(fact.subject)?.[0] ?? -1) : fact.numbers[0] ?? -1, text: fact.text })
      }
      if (this.moments.length > factsMax) this.moments.splice(0, this.moments.length - factsMax)
      for (const fact of chunk.facts) this.facts.push(fact.at < startSeconds ? { ...fact, level: 2 } : fact)
      if (this.facts.length > factsMax) this.facts.splice(0, this.facts.length - factsMax)
      this.factsChanged = true
    }
    this.reached = Math.max(chunk.reached, 0)
    this.finished = chunk.finished
    this.digest = chunk.digest
  }

  private discard(at: number): void {
    const gone: Float64Array[] = []
    for (let i = this.ring.indexAt(at) + 1; i < this.ring.length; i++) gone.push(this.ring.row(i))
    if (gone.length > ghostLeast) this.takenBack = gone
    this.ring.discardFrom(at)
    this.facts = this.facts.filter((fact) => fact.at < at)
    this.marks = this.marks.filter((mark) => mark.at <= at)
    this.moments = this.moments.filter((moment) => moment.at < at)
    this.factsChanged = true
    this.reached = Math.min(this.reached, at)
    this.finished = false
  }

  /** Turns steps of counters between two frames into marks with a moment. */
  private note(after: number): void {
    const first = Math.max(1, this.ring.indexAt(after))
    for (let i = first; i < this.ring.length; i++) {
      const before = this.ring.row(i - 1)
      const now = this.ring.row(i)
      const at = this.ring.timeOf(i)
      if (at <= after) continue
      this.noteStep(before, now, { at, counter: 'cp.lastId', kind: 'checkpoint', amount: 'cp.lastDuration' })
      this.noteStep(before, now, { at, counter: 'cp.failed', kind: 'aborted', amount: '' })
      this.noteStep(before, now, { at, counter: 'm.duplicates', kind: 'again', amount: '' })
      if (this.opened.stage.output.kind === 'log') this.noteStep(before, now, { at, counter: 'out.commits', kind: 'commit', amount: '' })
    }
    if (this.marks.length > factsMax) this.marks.splice(0, this.marks.length - factsMax)
  }

  private noteStep(
    before: Float64Array,
    now: Float64Array,
    step: { at: number; counter: string; kind: Mark['kind']; amount: string },
  ): void {
    const slot = this.slot(step.counter)
    if (slot < 0) return
    const grown = now[slot]! - (Number.isNaN(before[slot]!) ? 0 : before[slot]!)
    if (!(grown > 0)) return
    const amount = step.amount === '' ? grown : now[this.slot(step.amount)] ?? Number.NaN
    this.marks.push({ at: step.at, kind: step.kind, amount })
  }
}

/** How far all columns have come, and the earliest frame that all of them still have. */
export function boundsOf(columns: readonly Column[]): Bounds {
  let reached = Infinity
  let oldest = 0
  let finished = columns.length > 0
  for (const column of columns) {
    reached = Math.min(reached, column.finished ? Infinity : column.reached)
    oldest = Math.max(oldest, column.ring.length > 0 ? column.ring.oldest : 0)
    finished &&= column.finished
  }
  if (reached === Infinity) reached = columns.reduce((most, c) => Math.max(most, c.reached), 0)
  return { reached, oldest, finished }
}

/** The first moment after `from` at which any column tells of something, and what all tell then; null if none is known. */
export function nextTold(columns: readonly Column[], from: number): { readonly at: number; readonly text: string } | null {
  let at = Infinity
  for (const column of columns) for (const fact of column.facts) if (fact.at > from && fact.at < at) at = fact.at
  if (at === Infinity) return null
  const lines = columns.flatMap((column) => column.facts.filter((fact) => fact.at === at).map((fact) => `${column.letter}: ${fact.text}`))
  return { at, text: `${lines.slice(0, toldMax).join('; ')}${lines.length > toldMax ? ` (+ ${lines.length - toldMax})` : ''}` }
}
