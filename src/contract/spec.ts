/** A run is a value: RunSpec in, Report out (design: contracts). */
export interface ArchitectureSpec {
  readonly id: string
  readonly label?: string
  readonly preset?: string
  readonly settings?: Readonly<Record<string, string>>
}

/** Version 1. `scenario` is a known id or the whole text of a scenario file. Durations are texts ("90s"). */
export interface RunSpec {
  readonly version: 1
  readonly model: string
  readonly scenario: string
  readonly seed: string
  readonly duration?: string
  readonly warmup?: string
  readonly quiet?: string
  /** Overrides of the scenario's workload, e.g. { rate: "1000/s" }. */
  readonly workload?: Readonly<Record<string, string>>
  readonly architectures: readonly ArchitectureSpec[]
  /** Each a fault in its text form, the same as in files and on the command line. */
  readonly faults: readonly string[]
  readonly changes: readonly { readonly at: string; readonly label: string; readonly key: string; readonly value: string }[]
  readonly detail?: 'record' | 'bulk' | 'auto'
}

/** Seconds; null when there were none; `atLeast` when the quantile lies among records never seen. */
export interface LatencySummary {
  readonly n: number
  readonly p50: number | null
  readonly p90: number | null
  readonly p99: number | null
  readonly p999: number | null
  readonly max: number | null
  /** Names of the quantiles that are lower bounds. */
  readonly atLeast: readonly string[]
}

export interface Totals {
  readonly offered: number
  readonly answered: { readonly ok: number; readonly failed: number; readonly unknown: number; readonly none: number }
  readonly delivered: number
  readonly retracted: number
  readonly deadLettered: number
  readonly late: number
  readonly filtered: number
  readonly refused: number
  readonly lost: number
  readonly pending: number
  readonly deliveredOnce: number
  readonly duplicated: number
  readonly duplicates: number
  readonly rewrites: number
  readonly repeatsRefused: number
  readonly outOfOrder: number
  readonly lostAcknowledged: number
}

export type CauseKind = 'lost' | 'retracted' | 'duplicate' | 'rewrite' | 'reorder' | 'late' | 'deadLettered' | 'refused'

export interface CauseLine {
  readonly code: string
  readonly kind: CauseKind
  readonly records: number
  /** The document that describes the mechanism. */
  readonly source: string
  /** When the first was booked, seconds; null where that is not noted. */
  readonly since: number | null
  /** Up to five records, each a name that can be followed. */
  readonly examples: readonly string[]
}

export interface ViewReport {
  readonly sink: string
  readonly reader: string
  readonly primary: boolean
  readonly totals: Totals
  readonly latency: LatencySummary
  readonly causes: readonly CauseLine[]
  readonly unexplained: number
}

export interface ConstraintReport {
  readonly id: string
  readonly value: string
  readonly met: boolean | null
  readonly observed: number | null
  readonly limit: number | null
  readonly unit: string
  readonly evidence: {
    readonly n: number
    readonly text: string
    readonly atLeast: boolean
    readonly firstViolation: number | null
    readonly longestViolation: number | null
    readonly examples: readonly string[]
    readonly cause: string | null
  }
}

export interface FactReport {
  readonly at: number
  readonly code: string
  readonly subject: string
  readonly text: string
  readonly numbers: readonly number[]
}

export interface ColumnReport {
  readonly architecture: string
  readonly label: string
  readonly digest: string
  readonly checkpoints: readonly { readonly at: number; readonly digest: string }[]
  readonly totals: Totals
  readonly views: readonly ViewReport[]
  readonly latency: {
    readonly processed: LatencySummary
    readonly visible: LatencySummary
    readonly visibleOutsideFaults: LatencySummary
  }
  readonly throughput: { readonly offered: number; readonly visible: number }
  readonly lag: { readonly maxRecords: number; readonly maxSeconds: number | null; readonly endRecords: number }
  readonly outages: readonly { readonly from: number; readonly to: number | null }[]
  readonly recovery: readonly { readonly fault: string; readonly detectedAfter: number | null; readonly recoveredAfter: number | null }[]
  readonly causes: readonly CauseLine[]
  readonly constraints: readonly ConstraintReport[]
  readonly facts: readonly FactReport[]
  readonly series: Readonly<Record<string, readonly (number | null)[]>>
  /** What this column could not do of the plan, e.g. a fault without meaning here. */
  readonly notes: readonly string[]
  readonly events: number
}

/** Version 1, seconds, rates per second, null = unknown. Wall time is never in it. */
export interface Report {
  readonly version: 1
  readonly spec: RunSpec
  readonly digest: string
  readonly offeredDigest: string
  readonly detail: 'record' | 'bulk'
  readonly engine: { readonly events: number; readonly simulatedSeconds: number }
  readonly runs: readonly ColumnReport[]
}
