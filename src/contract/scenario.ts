/** A scenario as checked data: the interview, the constraints, the run that they ask for, the guidance. */
import type { Nanos } from '../kernel/time.ts'
import type { Fault } from './fault.ts'
import type { ArchitectureSpec } from './spec.ts'

/** What a constraint asks for in numbers; `declared` is judged from properties that a recipe states of itself. */
export type ConstraintMeaning =
  /** The quantile of the visible latency lies below the limit. */
  | { readonly kind: 'latency'; readonly quantile: number; readonly limitNanos: Nanos }
  | { readonly kind: 'throughput'; readonly perSecond: number }
  /** At most this many records lost or retracted. */
  | { readonly kind: 'loss'; readonly limit: number }
  | { readonly kind: 'exactly-once' }
  /** `property` is the constraint's id; `wanted` e.g. "AWS", "Kafka", "yes"; `level` how much of it there is. */
  | {
    readonly kind: 'declared'
    readonly property: 'cloud' | 'expertise' | 'historical_join'
    readonly wanted: string
    readonly level: 'none' | 'limited' | 'good' | null
  }
  | { readonly kind: 'unknown' }

/** A requirement in its own words, with the line that states it. */
export interface Constraint {
  /** E.g. latency, throughput, durability, semantics, expertise, historical_join, cloud. */
  readonly id: string
  readonly value: string
  readonly meaning: ConstraintMeaning
  readonly line: number | null
}

export interface ClarifyingQuestion {
  readonly id: string
  readonly text: string
  readonly category: 'crucial' | 'helpful' | 'irrelevant'
  readonly reveals: { readonly constraint: string; readonly value: string } | null
}

export interface ArchitectureOption {
  readonly id: string
  readonly name: string
  readonly description: string
  /** The constraints that justify this choice; an empty list: none of the interview does. */
  readonly validWhen: readonly { readonly constraint: string; readonly value: string }[]
  readonly feedbackIfWrong: string
}

/** All but `constant` (evenly spaced) are Poisson arrivals of a rate that changes as described. */
export type WorkloadShape =
  | { readonly kind: 'poisson' }
  | { readonly kind: 'constant' }
  | { readonly kind: 'step'; readonly atNanos: Nanos; readonly factor: number }
  | { readonly kind: 'spike'; readonly atNanos: Nanos; readonly forNanos: Nanos; readonly factor: number }
  /** `amplitude` is the share of the rate by which it rises and falls, 0 to 1. */
  | { readonly kind: 'diurnal'; readonly periodNanos: Nanos; readonly amplitude: number }
  | { readonly kind: 'on-off'; readonly onNanos: Nanos; readonly offNanos: Nanos }
  /** The rate of each second; the last one holds on. */
  | { readonly kind: 'trace'; readonly perSecond: readonly number[] }

export interface Workload {
  /** Of all sources together. */
  readonly ratePerSecond: number
  readonly shape: WorkloadShape
  readonly recordBytes: number
  readonly keys: {
    readonly count: number
    readonly distribution: 'uniform' | 'zipf'
    /** Of the Zipf law; 0 when the keys are uniform. */
    readonly exponent: number
    /** This share of the records carries key 0 all the time. */
    readonly hotKeyPercent?: number
  }
  readonly sources: number
  /** Mean of the exponential time from an event to the birth of its record; 0 for none. */
  readonly eventTimeDelay: Nanos
  readonly malformedPerMillion: number
  /** `once`: gone if not sent; `journal`: replayed after the last acknowledged record. */
  readonly upstream: 'once' | 'journal'
}

/** What is done with each record, whoever does it. */
export interface Pipeline {
  /** The word for a key, e.g. "card". */
  readonly keyBy: string
  readonly state: 'none' | 'local'
  readonly stateBytesPerKey: number
  /** Processor time of one record on one core. */
  readonly work: Nanos
  readonly outputBytes: number
}

/** Where results go; the primary one is what the constraints are judged at. */
export interface SinkSpec {
  readonly name: string
  readonly primary: boolean
}

/** The reader whose view counts; the recipe says which of its readers that is. */
export interface ViewSpec {
  readonly sink: string
  readonly isolation: 'committed' | 'uncommitted'
}

/** The scenario's, equal in all presets. */
export interface Sizing {
  readonly partitions: number
  readonly shards: number
  readonly replication: number
  readonly parallelism: number
  readonly taskManagers: number
  readonly slotsPerTaskManager: number
  readonly checkpointInterval: Nanos
  readonly guarantee: 'exactly-once' | 'at-least-once' | 'none'
  readonly brokers: number
  readonly zones: number
}

/** Settings by knob key, as texts. */
export type SettingsByKey = Readonly<Record<string, string>>

/** A value in a column of the Report. */
export interface MetricOf {
  readonly label: string
  /** Path in the column: "totals.duplicates", "views[decisions/read_uncommitted].totals.duplicates". */
  readonly metric: string
}

export type ComparisonOp = '=' | '!=' | '>' | '>=' | '<' | '<='

export interface Expectation extends MetricOf {
  readonly op: ComparisonOp
  /** A number, a truth, null (unknown), or another metric of the same run. */
  readonly value: number | boolean | null | MetricOf
  /** On how many of the seeds it must hold at least. */
  readonly onSeeds: number
  readonly line: number
}

/** An anomaly that a test can show, prevent, and check for what must not move. */
export interface Demonstration {
  /** The question that it answers, e.g. "What does acks=1 lose?"; null when the file asks none. */
  readonly asks: string | null
  /** One sentence: what can be seen. */
  readonly demonstrates: string
  readonly seeds: readonly string[]
  readonly architectures: readonly (ArchitectureSpec & { readonly label: string })[]
  readonly expect: readonly Expectation[]
  /** Metrics that have exactly the same value in the same run without its faults. */
  readonly unmoved: readonly MetricOf[]
  /** Settings by label that remove the anomaly, and what is then expected; null where nothing does. */
  readonly preventedBy: {
    readonly because: string
    readonly settings: Readonly<Record<string, SettingsByKey>>
    readonly expect: readonly Expectation[]
  } | null
}

export interface Simulation {
  readonly workload: Workload
  readonly pipeline: Pipeline
  readonly sinks: readonly SinkSpec[]
  readonly views: readonly ViewSpec[]
  readonly sizing: Sizing
  readonly faults: readonly Fault[]
  readonly duration: Nanos
  readonly warmup: Nanos
  readonly quiet: Nanos
  /** By architecture option id, on top of its preset. */
  readonly settings: Readonly<Record<string, SettingsByKey>>
  /** In the order in which they are shown; those of kind `unknown` get no verdict. */
  readonly constraints: readonly Constraint[]
  readonly demonstration: Demonstration | null
  /** False when it was derived from the constraints alone. */
  readonly stated: boolean
}

/** A piece of a line of text. */
export type Inline =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'bold'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }

export interface ListItem {
  readonly inlines: readonly Inline[]
  readonly items: readonly ListItem[]
}

/** A block of guidance; text is text, never markup for a page. */
export type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly inlines: readonly Inline[] }
  | { readonly kind: 'paragraph'; readonly inlines: readonly Inline[] }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly ListItem[] }
  | { readonly kind: 'code'; readonly language: string; readonly text: string }

export interface Scenario {
  /** The file's name without folder and ending. */
  readonly id: string
  readonly title: string
  readonly difficulty: string | null
  readonly tags: readonly string[]
  readonly prompt: string
  readonly questions: readonly ClarifyingQuestion[]
  readonly options: readonly ArchitectureOption[]
  readonly maxQuestions: number | null
  readonly guidance: readonly Block[]
  readonly simulation: Simulation
}
