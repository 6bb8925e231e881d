/** Runs of one column that note, beside the ledger, when each record was answered and first readable. */
import type { Recipe, World } from '../../src/contract/architecture.ts'
import type { CauseCode } from '../../src/contract/cause.ts'
import type { Answer, Outside, ViewDeclaration } from '../../src/contract/outside.ts'
import type { RunSpec } from '../../src/contract/spec.ts'
import { checkSpec } from '../../src/run/check.ts'
import type { Fact } from '../../src/run/fact-log.ts'
import type { Column } from '../../src/run/column.ts'
import { runColumns } from '../../src/run/run.ts'

/** One noted moment of a record, seconds. */
export interface Moment {
  readonly at: number
  readonly born: number
  /** Key number: producers that name the partition take it modulo their number. */
  readonly key: number
  readonly name: string
  readonly answer: Answer
}

/** Stands between plant and ledger and only remembers. */
class Tap implements Outside {
  readonly answers: Moment[] = []
  /** First sights by view. */
  readonly sights: Moment[][] = []
  private readonly seen: Set<string>[] = []
  private readonly inner: Outside
  private readonly world: World

  constructor(world: World) {
    this.world = world
    this.inner = world.outside
  }

  private note(list: Moment[], lane: number, index: number, answer: Answer): void {
    const { sim, births } = this.world
    const name = `${lane}:${index}`
    list.push({ at: sim.now / 1e9, born: births.timeOf(lane, index) / 1e9, key: births.keyOf(lane, index), name, answer })
  }

  view(declaration: ViewDeclaration): number {
    this.sights.push([])
    this.seen.push(new Set())
    return this.inner.view(declaration)
  }

  answered(lane: number, first: number, count: number, answer: Answer): void {
    for (let i = first; i < first + count; i++) this.note(this.answers, lane, i, answer)
    this.inner.answered(lane, first, count, answer)
  }

  visible(view: number, lane: number, first: number, count: number, copy: number, writerReplaced: boolean): void {
    const seen = this.seen[view] as Set<string>
    for (let i = first; i < first + count; i++) {
      const name = `${lane}:${i}`
      if (seen.has(name)) continue
      seen.add(name)
      this.note(this.sights[view] as Moment[], lane, i, 'ok')
    }
    this.inner.visible(view, lane, first, count, copy, writerReplaced)
  }

  processed(lane: number, first: number, count: number): void { this.inner.processed(lane, first, count) }
  retracted(view: number, lane: number, first: number, count: number, copy: number, cause: CauseCode): void {
    this.inner.retracted(view, lane, first, count, copy, cause)
  }
  repeatRefused(view: number, lane: number, first: number, count: number, copy: number): void {
    this.inner.repeatRefused(view, lane, first, count, copy)
  }
  dropped(cause: CauseCode, lane: number, first: number, count: number): void { this.inner.dropped(cause, lane, first, count) }
  filtered(lane: number, first: number, count: number): void { this.inner.filtered(lane, first, count) }
  deadLettered(cause: CauseCode, lane: number, first: number, count: number): void {
    this.inner.deadLettered(cause, lane, first, count)
  }
  late(lane: number, first: number, count: number): void { this.inner.late(lane, first, count) }
}

/** A finished column with what was noted. */
export interface Run {
  readonly column: Column
  readonly answers: readonly Moment[]
  /** By view in the order of declaration. */
  readonly sights: readonly (readonly Moment[])[]
}

/** A scenario of the size of the real runs; `lines` are further keys of the block. */
export function scenarioOf(options: { rate: number; duration: number; quiet?: number; lines?: readonly string[] }): string {
  const { rate, duration, quiet = 120, lines = [] } = options
  return [
    '---', 'title: "A run of the real product, repeated"', 'simulation:',
    `  duration: ${duration}s`, '  warmup: 5s', `  quiet: ${quiet}s`,
    `  workload: { rate: ${rate}/s, shape: constant, record_size: 200B, sources: 1, upstream: once, keys: { count: 12, distribution: uniform } }`,
    ...lines.map((line) => `  ${line}`), '---', '', 'See the tests.', '',
  ].join('\n')
}

/** Runs a RunSpec of one column. */
export function runOne(recipe: Recipe, spec: Omit<RunSpec, 'version' | 'model' | 'changes'>, watch: readonly string[] = []): Run {
  let tap: Tap | null = null
  const tapped: Recipe = {
    ...recipe,
    build: (world) => {
      tap = new Tap(world)
      return recipe.build({ ...world, outside: tap })
    },
  }
  const checked = checkSpec({ version: 1, model: '1', changes: [], ...spec }, [tapped], {})
  if (!checked.ok) throw new Error(checked.issues.map((issue) => issue.message).join('\n'))
  const [column] = runColumns(checked.value, { watch }, () => {})
  const { answers, sights } = tap as unknown as Tap
  return { column: column as Column, answers, sights }
}

/** The longest time without any of these moments between two instants, seconds; the end counts as a moment. */
export function longestSilence(moments: readonly Moment[], from: number, to: number): number {
  let longest = 0
  let last = from
  for (const { at } of moments) {
    if (at < from || at > to) continue
    longest = Math.max(longest, at - last)
    last = at
  }
  return Math.max(longest, to - last)
}

/** Facts of a code after a moment (seconds). */
export function factsAfter(run: Run, code: string, after: number): readonly Fact[] {
  return run.column.state.log.facts.filter((fact) => fact.code.code === code && fact.at >= after * 1e9)
}

/** Seconds from a moment to the first fact of a code after it; NaN without one. */
export function firstAfter(run: Run, code: string, after: number): number {
  return ((factsAfter(run, code, after)[0]?.at ?? NaN) - after * 1e9) / 1e9
}

/** Nearest rank of sorted copies; NaN of nothing. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(q * sorted.length) - 1))] ?? NaN
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}
