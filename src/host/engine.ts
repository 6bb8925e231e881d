/** The engine of one column as a page drives it: opens a RunSpec, runs on, goes back and on with another plan. */
import { Channels } from '../contract/scene.ts'
import { fail, failAll, ok, type Issue, type Result } from '../contract/issue.ts'
import type { Recipe } from '../contract/architecture.ts'
import { InvariantError } from '../kernel/index.ts'
import { liveVerdict } from '../measure/live.ts'
import { checkSpec, type CheckedColumn, type CheckedSpec } from '../run/check.ts'
import { Column } from '../run/column.ts'
import type { ColumnState } from '../run/column-state.ts'
import { factReport } from '../run/fact-log.ts'
import { isBefore, Keyframes } from '../run/keyframes.ts'
import { measuredOf } from '../run/measured.ts'
import { divergence } from '../run/divergence.ts'
import { recordAfter } from '../run/next-birth.ts'
import { columnReport, endedColumn, reportOfEnded, type EndedColumn } from '../run/report.ts'
import { columnPlan, EVENTS_MAX } from '../run/run.ts'
import { nobody, parseRecord } from '../run/trace.ts'
import type { Chunk, ColumnEngine, FactLine, Followed, Opened, Reply, Report, RunSpec, ScenarioCard } from './api.ts'
import { cardsOf, readCard } from './cards.ts'
import { Trail } from './trail.ts'
import { fidelity, type FidelityRow } from './fidelity.ts'
import { openedOf, verdictChannels } from './opened.ts'

const SECOND = 1e9
/** Events between two looks at the mailbox, so that the watchdog is answered. */
const EVENTS_APART = 25_000
/** A step of at most so many nanoseconds is play: someone looks on and may click. */
const PLAY_STEP = 1.5e9
/** Events between two states kept for a click while playing, about a simulated second. */
const CLICK_EVENTS = 30_000

/** Everything that belongs to the column that is open. */
interface Open {
  readonly index: number
  checked: CheckedSpec
  from: CheckedColumn
  readonly column: Column
  readonly names: readonly string[]
  readonly keyframes: Keyframes
  /** The two latest states of a column in play: a click goes back a second, not to the last keyframe. */
  recent: ColumnState[]
  /** Rows made since the last chunk. */
  rows: Float64Array[]
  /** Facts already told. */
  told: number
}

export class Engine implements ColumnEngine {
  private readonly recipes: readonly Recipe[]
  private readonly scenarios: Readonly<Record<string, string>>
  private readonly pause: () => Promise<void>
  private open_: Open | null = null
  /** Records followed in the column that is open. */
  private trail: Trail | null = null

  /** `pause` lets the thread answer others for a moment. */
  constructor(recipes: readonly Recipe[], scenarios: Readonly<Record<string, string>>, pause: () => Promise<void>) {
    this.recipes = recipes
    this.scenarios = scenarios
    this.pause = pause
  }

  async open(spec: RunSpec, index: number): Promise<Reply<Opened>> {
    return guarded(() => {
      const checked = checkSpec(spec, this.recipes, this.scenarios)
      if (!checked.ok) return checked
      const from = checked.value.columns[index]
      if (from === undefined) return fail('engine.column', `expected a column below ${checked.value.columns.length}, found ${index}`)
      this.open_ = this.begin(checked.value, from, index)
      return ok(openedOf(checked.value, from, this.open_.column, { names: this.open_.names }))
    })
  }

  async advance(to: number, events: number): Promise<Reply<Chunk>> {
    return guarded(async () => {
      const open = this.open_
      if (open === null) return nothingOpen
      await this.run(open, to * SECOND, events)
      return ok(chunkOf(open))
    })
  }

  async amend(spec: RunSpec, at: number): Promise<Reply<Chunk>> {
    return guarded(async () => {
      const open = this.open_
      if (open === null) return nothingOpen
      const checked = checkSpec(spec, this.recipes, this.scenarios)
      if (!checked.ok) return checked
      const from = checked.value.columns[open.index]
      if (from === undefined) return fail('engine.column', `expected a column ${open.index}, found none`)
      const goal = Math.round(at * SECOND)
      const plan = columnPlan(checked.value, from)
      const parts = divergence(open.column.plan, plan)
      const resumed = parts === null ? null : this.goBack(open, Math.min(parts, goal))
      const next = resumed ?? this.begin(checked.value, from, open.index)
      next.checked = checked.value
      next.from = from
      next.column.amend(plan)
      this.open_ = next
      await this.run(next, goal, EVENTS_MAX)
      // What the page keeps, it has; what lies at or behind the moment is told again.
      next.rows = next.rows.filter((row) => (row[timeSlot(next)] as number) >= at - 1e-9)
      next.told = next.column.state.log.facts.filter((fact) => fact.at < goal).length
      return ok(chunkOf(next))
    })
  }

  async report(): Promise<Reply<Report['runs'][number]>> {
    return guarded(() => {
      const open = this.open_
      return open === null ? nothingOpen : ok(columnReport(open.checked, open.from, open.column))
    })
  }

  async ended(): Promise<Reply<EndedColumn>> {
    return guarded(() => {
      const open = this.open_
      return open === null ? nothingOpen : ok(endedColumn(open.checked, open.from, open.column))
    })
  }

  async whole(columns: readonly EndedColumn[]): Promise<Reply<Report>> {
    return guarded(() => (this.open_ === null ? nothingOpen : ok(reportOfEnded(this.open_.checked, columns))))
  }

  async follow(record: string, until: number, events: number): Promise<Reply<Followed>> {
    return guarded(() => {
      const open = this.open_
      if (open === null) return nothingOpen
      const name = parseRecord(record, open.checked.workload.sources)
      if (!name.ok) return name
      if (this.trail?.from !== open.from) this.trail = new Trail(open.checked, open.from, open.keyframes)
      return ok(this.trail.follow(name.value, until * SECOND, events))
    })
  }

  async cards(): Promise<Reply<readonly ScenarioCard[]>> {
    return guarded(() => ok(cardsOf(this.scenarios, this.recipes)))
  }

  async readCard(text: string): Promise<Reply<ScenarioCard>> {
    return guarded(() => readCard(text, this.recipes))
  }

  async recordAfter(at: number): Promise<Reply<{ readonly at: number; readonly record: string } | null>> {
    return guarded(() => (this.open_ === null ? nothingOpen : ok(recordAfter(this.open_.column.plan, Math.round(at * SECOND)))))
  }

  async fidelity(): Promise<Reply<readonly FidelityRow[]>> {
    return ok(fidelity)
  }

  async ping(): Promise<number> {
    return (this.open_?.column.now ?? 0) / SECOND
  }

  private begin(checked: CheckedSpec, from: CheckedColumn, index: number): Open {
    const column = new Column(columnPlan(checked, from, { follow: nobody }))
    const channels = new Channels()
    for (const name of column.layout.names) channels.declare(name)
    verdictChannels(checked.scenario.simulation.constraints, channels)
    const open: Open = { index, checked, from, column, names: channels.names, keyframes: new Keyframes(), recent: [], rows: [], told: 0 }
    column.onFrame = (frame) => open.rows.push(rowOf(open, frame))
    return open
  }

  /** Back to a state in which nothing from `at` on is decided; null when there is none. */
  private goBack(open: Open, at: number): Open | null {
    const { column, keyframes } = open
    if (!column.state.isFinished && isBefore(column.state, at)) return open
    open.recent = open.recent.filter((state) => isBefore(state, at))
    const keyframe = latest(keyframes.before(at), open.recent.at(-1) ?? null)
    if (keyframe === null) return null
    column.restore(keyframe)
    open.rows = []
    return open
  }

  private async run(open: Open, to: number, events: number): Promise<void> {
    const { column, keyframes } = open
    if (keyframes.isDue(column.state)) keyframes.add(column.keyframe())
    else if (to - column.now <= PLAY_STEP) keepRecent(open)
    await this.drive(column, to, events, () => {
      if (keyframes.isDue(column.state)) keyframes.add(column.keyframe())
    })
  }

  private async drive(column: Column, to: number, events: number, between: () => void = () => undefined): Promise<void> {
    let left = events
    while (left > 0) {
      const before = column.state.sim.events
      const end = column.advance(to, Math.min(left, EVENTS_APART))
      left -= column.state.sim.events - before
      between()
      if (end !== 'budget') return
      if (column.state.sim.events >= EVENTS_MAX) column.stop(`event budget of ${EVENTS_MAX} spent`)
      await this.pause()
    }
  }
}

function keepRecent(open: Open): void {
  const { column, recent } = open
  const last = recent.at(-1)
  if (last !== undefined && column.state.sim.events - last.sim.events < CLICK_EVENTS) return
  open.recent = [...recent.slice(-1), column.keyframe()]
}

function latest(one: ColumnState | null, other: ColumnState | null): ColumnState | null {
  if (one === null || other === null) return one ?? other
  return other.sim.now > one.sim.now ? other : one
}

const nothingOpen: Result<never> = fail('engine.closed', 'no column is open')

/** A call across the boundary never throws: a bug of ours comes back as an issue that says so. */
async function guarded<T>(act: () => Result<T> | Promise<Result<T>>): Promise<Reply<T>> {
  try {
    return await act()
  } catch (error) {
    const what = error instanceof InvariantError ? `the rule ${error.message} does not hold` : error instanceof Error ? error.message : String(error)
    const issue: Issue = { code: 'engine.bug', path: '', line: null, message: `This is a bug of faultline: ${what}` }
    return failAll([issue])
  }
}

function timeSlot(open: Open): number {
  return open.names.indexOf('time')
}

/** The column's frame with the verdicts of the moment behind it. */
function rowOf(open: Open, frame: Float64Array): Float64Array {
  const row = new Float64Array(open.names.length).fill(NaN)
  row.set(frame)
  let slot = frame.length
  row[slot++] = open.column.state.listener.outages.isOpen() ? 1 : 0
  const measured = measuredOf(open.column, false)
  for (const constraint of open.checked.scenario.simulation.constraints) {
    const { state, observed, atLeast } = liveVerdict(constraint, measured)
    row[slot++] = state
    row[slot++] = observed
    row[slot++] = atLeast
  }
  return row
}

function chunkOf(open: Open): Chunk {
  const { column, rows } = open
  const { state } = column
  const width = open.names.length
  const frames = new Float64Array(rows.length * width)
  for (let r = 0; r < rows.length; r++) frames.set(rows[r] as Float64Array, r * width)
  open.rows = []
  const facts: FactLine[] = []
  for (; open.told < state.log.facts.length; open.told++) {
    const fact = state.log.facts[open.told]
    if (fact !== undefined && fact.code.level !== 3) facts.push({ ...factReport(fact), level: fact.code.level })
  }
  return { frames, rows: rows.length, facts, reached: column.now / SECOND, finished: state.isFinished, digest: state.sim.digest.text() }
}
