/** The whole kafka-flink column at a teaching rate, without scenario files. */
import recipe from '../../../models/kafka-flink/index.ts'
import { checkFault, type Fault } from '../../../src/contract/fault.ts'
import type { Pipeline, Sizing, Workload } from '../../../src/contract/scenario.ts'
import type { nanos } from '../../../src/kernel/index.ts'
import { Column } from '../../../src/run/column.ts'
import type { ColumnPlan } from '../../../src/run/column-state.ts'
import { KnobSettings } from '../../../src/run/settings.ts'
import type { KafkaFlinkPlant } from '../../../models/kafka-flink/plant.ts'

type Nanos = ReturnType<typeof nanos>

export interface ColumnOptions {
  readonly seed?: string
  readonly rate?: number
  readonly duration?: number
  readonly settings?: Readonly<Record<string, string>>
  readonly faults?: readonly string[]
  readonly preset?: string
  readonly sizing?: Partial<Sizing>
  readonly workload?: Partial<Workload>
  readonly strict?: boolean
  readonly watch?: readonly string[]
}

export const pipeline: Pipeline = { keyBy: 'card', state: 'local', stateBytesPerKey: 100, work: 20e3 as Nanos, outputBytes: 200 }

export function planOf(options: ColumnOptions): ColumnPlan {
  const sizing: Sizing = {
    partitions: 12, shards: 24, replication: 3, parallelism: 12, taskManagers: 4, slotsPerTaskManager: 4,
    checkpointInterval: 1e9 as Nanos, guarantee: 'exactly-once', brokers: 3, zones: 3, ...options.sizing,
  }
  const workload: Workload = {
    ratePerSecond: options.rate ?? 1000, shape: { kind: 'poisson' }, recordBytes: 500, sources: 4, eventTimeDelay: 0 as Nanos,
    keys: { count: 50_000, distribution: 'zipf', exponent: 0.5 }, malformedPerMillion: 0, upstream: 'once', ...options.workload,
  }
  const settings = new KnobSettings(recipe.knobs)
  const preset = options.preset ?? 'tuned'
  const put = (key: string, value: string): void => {
    const issue = settings.set(key, value)
    if (issue !== null) throw new Error(issue.message)
  }
  if (preset !== 'as-shipped') for (const [key, value] of Object.entries(recipe.sized(sizing, pipeline))) put(key, value)
  for (const [key, { value }] of Object.entries(recipe.presets[preset] ?? {})) put(key, value)
  for (const [key, value] of Object.entries(options.settings ?? {})) put(key, value)
  const faults: Fault[] = (options.faults ?? []).map((text) => {
    const fault = checkFault(text, 'fault')
    if (!fault.ok) throw new Error(fault.issues[0]?.message)
    return fault.value
  })
  return {
    recipe, label: 'kafka-flink', settings, workload, sizing, seed: options.seed ?? 'column', duration: (options.duration ?? 20) * 1e9,
    warmup: 3e9, quiet: 180e9, faults, changes: [], watch: options.watch ?? [], strict: options.strict ?? true,
  }
}

/** Runs a column to its end, and checks that nothing is unexplained or in limbo. */
export function runToEnd(options: ColumnOptions): Column {
  const column = new Column(planOf(options))
  column.finish()
  return column
}

export function plantOf(column: Column): KafkaFlinkPlant {
  return column.state.plant as KafkaFlinkPlant
}
