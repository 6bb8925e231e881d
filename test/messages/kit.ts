/**
 * Removing the handler of any one message must break a promise. A play is a short run with faults that exercise some
 * messages, and what it promises: guarantees, liveness within a bound, latency, and the facts that must be told. Each
 * event kind of an architecture is silenced in turn, and the plays are run until one of them breaks.
 */
import type { Recipe } from '../../src/contract/architecture.ts'
import type { RunSpec } from '../../src/contract/spec.ts'
import { declaredKinds } from '../../src/kernel/event.ts'
import { checkSpec } from '../../src/run/check.ts'
import { Column } from '../../src/run/column.ts'
import { columnPlan } from '../../src/run/run.ts'
import { smallScenario } from '../run/swarm-scenario.ts'

/** Which handler is silenced; the mocked `eventKind` of the same test file looks at it. */
export interface Silence {
  name: string
  /** Kinds whose handler does nothing anyway: the network needs one to name. */
  readonly empty: string[]
}

export interface Play {
  readonly name: string
  readonly settings?: Readonly<Record<string, string>>
  readonly faults?: readonly string[]
  readonly workload?: Readonly<Record<string, string>>
  readonly duration?: string
  readonly changes?: readonly { readonly at: string; readonly key: string; readonly value: string }[]
  /** Seconds after which every record has its end state; the end of a run that `stays` unsettled. */
  readonly within: number
  readonly stays?: true
  /** Seconds of the primary view's latency. */
  readonly p99?: number
  readonly p50?: number
  /** Causes that may lose or repeat records in the primary view; none unless said. */
  readonly may?: readonly string[]
  /** Facts that must be told, each at least so many times. */
  readonly tells?: Readonly<Record<string, number>>
  /** The only facts of level 1 and 2 that may be told. */
  readonly tellsOnly?: readonly string[]
  /** Facts that may be told at most so many times. */
  readonly tellsAtMost?: Readonly<Record<string, number>>
  /** Records that must have become visible. */
  readonly delivers?: number
  /** What must hold of the plant at the end; null when it does. */
  readonly ends?: (column: Column) => string | null
}

/** A kind whose absence no play can show, and the test that goes red without it. */
export interface Elsewhere {
  readonly why: string
  readonly file: string
  readonly test: string
}

/** What a play came to, for choosing its bounds. */
export interface Outcome {
  readonly broken: string | null
  readonly seconds: number
  readonly p50: number
  readonly p99: number
  readonly delivered: number
  readonly told: ReadonlyMap<string, number>
  readonly events: number
}

const eventsMax = 400_000

export function perform(recipe: Recipe, play: Play): Outcome {
  const spec: RunSpec = {
    version: 1, model: '1', scenario: smallScenario, seed: `play-${play.name}`, duration: play.duration ?? '6s', quiet: '300s',
    workload: { rate: '100/s', ...play.workload },
    architectures: [{ id: recipe.id, settings: play.settings ?? {} }], faults: play.faults ?? [],
    changes: (play.changes ?? []).map((change) => ({ ...change, label: recipe.id })),
  }
  const checked = checkSpec(spec, [recipe], {})
  if (!checked.ok) throw new Error(checked.issues.map((issue) => issue.message).join('; '))
  const watch = Object.keys({ ...play.tells, ...play.tellsAtMost })
  const column = new Column(columnPlan(checked.value, checked.value.columns[0] as never, { strict: true, watch }))
  let broken: string | null = null
  try {
    broken = drive(column, play)
  } catch (error) {
    broken = `thrown: ${error instanceof Error ? error.message : String(error)}`
  }
  const told = toldBy(column)
  const tally = column.state.ledger.views[column.state.ledger.primary] as (typeof column.state.ledger.views)[number]
  const seconds = column.now / 1e9
  const quantile = (q: number): number => (tally.latency.count === 0 ? Infinity : tally.latency.quantile(q).value / 1e9)
  return {
    broken: broken ?? promisesBroken(column, play, told, quantile), seconds, told,
    p50: quantile(0.5), p99: quantile(0.99), delivered: tally.delivered, events: column.state.sim.events,
  }
}

/** To the end, or to the bound of liveness. */
function drive(column: Column, play: Play): string | null {
  for (let second = 1; second <= Math.ceil(play.within); second++) {
    const end = column.advance(second * 1e9, eventsMax)
    column.state.plant.audit(column.state.sim)
    if (column.state.limbo > 0) return `limbo: ${column.state.limbo}`
    if (end === 'budget') return `throughput: more than ${eventsMax} events in a second`
    if (end === 'finished') return null
  }
  if (play.stays === true) return null
  const { ledger } = column.state
  const unsettled = ledger.views.map((tally, view) => (tally.declaration.side ? 0 : ledger.unsettled(view)))
  return `liveness: ${unsettled.join(' and ')} unsettled after ${play.within} s`
}

function toldBy(column: Column): Map<string, number> {
  const told = new Map<string, number>()
  for (const fact of column.state.log.facts) told.set(fact.code.code, (told.get(fact.code.code) ?? 0) + 1)
  return told
}

function promisesBroken(column: Column, play: Play, told: ReadonlyMap<string, number>, quantile: (q: number) => number): string | null {
  const { ledger } = column.state
  for (const tally of ledger.views) {
    if (tally.declaration.side) continue
    if (tally.unexplained > 0) return `unexplained: ${tally.unexplained}`
    if (!tally.declaration.primary) continue
    for (const line of [...tally.bookings.lines(), ...tally.retractedLines()]) {
      if (['lost', 'duplicate', 'retracted', 'refused', 'deadLettered'].includes(line.kind) && !(play.may ?? []).includes(line.code)) {
        return `guarantee: ${line.records} ${line.kind} by ${line.code}`
      }
    }
    if (play.delivers !== undefined && tally.delivered < play.delivers) return `throughput: ${tally.delivered} of ${play.delivers} delivered`
  }
  if (play.p99 !== undefined && !(quantile(0.99) <= play.p99)) return `latency: p99 ${quantile(0.99).toFixed(3)} s above ${play.p99} s`
  if (play.p50 !== undefined && !(quantile(0.5) <= play.p50)) return `latency: p50 ${quantile(0.5).toFixed(3)} s above ${play.p50} s`
  for (const [code, least] of Object.entries(play.tells ?? {})) {
    if ((told.get(code) ?? 0) < least) return `facts: ${code} ${told.get(code) ?? 0} times, expected ${least}`
  }
  for (const [code, most] of Object.entries(play.tellsAtMost ?? {})) {
    if ((told.get(code) ?? 0) > most) return `facts: ${code} ${told.get(code) ?? 0} times, expected at most ${most}`
  }
  if (play.tellsOnly !== undefined) {
    for (const code of told.keys()) if (!play.tellsOnly.includes(code)) return `facts: ${code} in a run without it`
  }
  return play.ends?.(column) ?? null
}

/** What breaks first without this kind, or null; the play named `first` is tried first. */
export function noticed(recipe: Recipe, plays: readonly Play[], silence: Silence, name: string, first: string): string | null {
  const known = plays.filter((play) => play.name === first)
  silence.name = name
  try {
    for (const play of [...known, ...plays.filter((other) => other.name !== first)]) {
      const { broken } = perform(recipe, play)
      if (broken !== null) return `${play.name}: ${broken}`
    }
    return null
  } finally {
    silence.name = ''
  }
}

/** The kinds that an architecture's parts declare, in order of declaration: the kernel's own are not messages. */
export function kindsOf(silence: Silence): string[] {
  return declaredKinds.map((kind) => kind.name).filter((name) => !name.startsWith('kernel.') && !silence.empty.includes(name))
}
