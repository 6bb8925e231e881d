/**
 * A sweep: every column, with every combination of the varied settings, on every seed. Each run has one column; runs
 * of one seed see the same arrivals, whatever their column and settings, so that differences can be paired.
 */
import { formatFault } from '../contract/fault.ts'
import { invariant } from '../kernel/index.ts'
import type { ColumnReport, RunSpec } from '../contract/spec.ts'
import type { CheckedSpec } from '../run/check.ts'

/** A setting of one column and the values that it takes in turn. */
export interface Vary {
  readonly label: string
  readonly key: string
  readonly values: readonly string[]
}

/** One column with one value of each setting that is varied in it. */
export interface Variant {
  readonly label: string
  readonly set: Readonly<Record<string, string>>
  /** The label, then what is set, as a person reads it. */
  readonly name: string
  readonly spec: RunSpec
}

/** Plain data, one line of a file; null is unknown. */
export interface Row {
  /** Place in the sweep: seed by seed, variant by variant. */
  readonly n: number
  readonly variant: string
  readonly seed: string
  readonly digest: string
  /** Measured constraints by id. */
  readonly met: Readonly<Record<string, boolean | null>>
  /** Figures by name; seconds, records or records a second. */
  readonly figures: Readonly<Record<string, number | null>>
  /** Figures that are lower bounds: the quantile lies among records that were never seen. */
  readonly atLeast: readonly string[]
  readonly stopped: string | null
}

/** Every variant of a spec that was checked, in the order of its columns, the last setting turning fastest. */
export function variantsOf(checked: CheckedSpec, varied: readonly Vary[]): readonly Variant[] {
  return checked.columns.flatMap((column, i) => {
    const given = checked.spec.architectures[i]
    invariant(given !== undefined, 'search.column', column.label)
    const axes = varied.filter(({ label }) => label === column.label)
    return combinations(axes).map((set): Variant => ({
      label: column.label, set,
      name: [column.label, ...Object.entries(set).map(([key, value]) => `${key}=${value}`)].join(' '),
      spec: {
        ...checked.spec,
        architectures: [{ ...given, label: column.label, settings: { ...given.settings, ...set } }],
        // What means nothing in this column is not its fault.
        faults: column.faults.map((fault) => formatFault(fault)),
        changes: checked.spec.changes.filter(({ label }) => label === column.label),
      },
    }))
  })
}

function combinations(axes: readonly Vary[]): Readonly<Record<string, string>>[] {
  let all: Readonly<Record<string, string>>[] = [{}]
  for (const { key, values } of axes) all = all.flatMap((one) => values.map((value) => ({ ...one, [key]: value })))
  return all
}

/** One run of a sweep. */
export interface Task {
  readonly n: number
  readonly variant: string
  readonly spec: RunSpec
}

/** Seed by seed, so that a sweep that ends early has whole seeds. */
export function tasksOf(variants: readonly Variant[], seeds: readonly string[]): readonly Task[] {
  return seeds.flatMap((seed, s) => variants.map((variant, v) => ({ n: s * variants.length + v, variant: variant.name, spec: { ...variant.spec, seed } })))
}

/** The share of the tasks that part `index` of `count` does, 1 to `count`: whole seeds, dealt in turn. */
export function shardOf(tasks: readonly Task[], variants: number, index: number, count: number): readonly Task[] {
  return tasks.filter(({ n }) => Math.floor(n / variants) % count === index - 1)
}

/** A figure of a run: its unit, and where the Report has it. */
export interface Figure {
  readonly name: string
  readonly unit: 's' | 'records' | 'records/s'
  readonly of: (report: ColumnReport) => number | null
}

/** What a sweep keeps of each run, in the order of its tables. */
export const figures: readonly Figure[] = [
  { name: 'visible.p50', unit: 's', of: ({ latency }) => latency.visible.p50 },
  { name: 'visible.p99', unit: 's', of: ({ latency }) => latency.visible.p99 },
  { name: 'visible.max', unit: 's', of: ({ latency }) => latency.visible.max },
  { name: 'processed.p99', unit: 's', of: ({ latency }) => latency.processed.p99 },
  { name: 'outside-faults.p99', unit: 's', of: ({ latency }) => latency.visibleOutsideFaults.p99 },
  { name: 'throughput.visible', unit: 'records/s', of: ({ throughput }) => throughput.visible },
  { name: 'lost', unit: 'records', of: ({ totals }) => totals.lost + totals.retracted },
  { name: 'duplicated', unit: 'records', of: ({ totals }) => totals.duplicated },
  { name: 'rewrites', unit: 'records', of: ({ totals }) => totals.rewrites },
  { name: 'refused', unit: 'records', of: ({ totals }) => totals.refused },
  { name: 'pending', unit: 'records', of: ({ totals }) => totals.pending },
  { name: 'out-of-order', unit: 'records', of: ({ totals }) => totals.outOfOrder },
  { name: 'lag.max', unit: 's', of: ({ lag }) => lag.maxSeconds },
  { name: 'outage.longest', unit: 's', of: longestOutage },
]

/** null while one has not ended. */
function longestOutage({ outages }: ColumnReport): number | null {
  let longest = 0
  for (const { from, to } of outages) {
    if (to === null) return null
    longest = Math.max(longest, to - from)
  }
  return longest
}

/** What a sweep keeps of a run. */
export function rowOf(task: Task, report: ColumnReport, stopped: string | null): Row {
  return {
    n: task.n, variant: task.variant, seed: task.spec.seed, digest: report.digest,
    met: Object.fromEntries(report.constraints.flatMap(({ id, met, limit }) => (limit === null ? [] : [[id, met]]))),
    figures: Object.fromEntries(figures.map(({ name, of }) => [name, of(report)])),
    atLeast: report.latency.visible.atLeast.map((name) => `visible.${name}`),
    stopped,
  }
}
