/** What the page and the worker say to each other: plain data, one worker a column, every answer a Reply. */
import type { Issue } from '../contract/issue.ts'
import type { FidelityRow } from './fidelity.ts'
import type { Knob } from '../contract/knob.ts'
import type { ArchitectureOption, ClarifyingQuestion } from '../contract/scenario.ts'
import type { FrameLayout, Stage } from '../contract/scene.ts'
import type { RunSpec, Report } from '../contract/spec.ts'
import type { EndedColumn } from '../run/report.ts'
import type { LifeKind, LifeLine } from '../run/trace.ts'

/** A value, or what was wrong; a call across the worker boundary never throws. */
export type Reply<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly issues: readonly Issue[] }

/** One line of the story: when (seconds), which code, in words, about whom. */
export interface FactLine {
  readonly at: number
  readonly code: string
  readonly subject: string
  readonly text: string
  readonly numbers: readonly number[]
  /** 1 a headline, 2 a detail that the filter shows on demand. */
  readonly level: 1 | 2
}

/** What a constraint cell needs: its words; its state and figure come with each frame. */
export interface ConstraintLine {
  readonly id: string
  readonly text: string
  readonly limit: number | null
  readonly unit: string
  /** Judged by declared properties of the recipe, not measured. */
  readonly declared: boolean
}

/** One way to break a column: what it would do there, or why it cannot be. */
export interface FaultOffer {
  readonly target: string
  readonly kind: string
  readonly label: string
  /** What this fault means in this product, in a sentence. */
  readonly meaning: string
  /** null when it applies; else why this product cannot have it. */
  readonly refused: string | null
}

/** One setting that helps against a cause, judged against what is set now. */
export interface SettingAdvice {
  readonly key: string
  /** What to try next in the knob's own form; null when it is set so and no more of it helps. */
  readonly value: string | null
  /** True when it is set as advised already. */
  readonly holds: boolean
  readonly why: string
}

/** A cause that this column may book, or a wait, and what can be set against it. */
export interface CauseAdvice {
  readonly code: string
  /** What happened, in a sentence. */
  readonly text: string
  /** The document that describes the mechanism; empty for a wait. */
  readonly source: string
  readonly settings: readonly SettingAdvice[]
  /** Why nothing can be set; null where something can. */
  readonly nothing: string | null
}

/** A named set of values, each with the reason an expert would give. */
export interface PresetLine {
  readonly name: string
  readonly values: readonly { readonly key: string; readonly value: string; readonly reason: string }[]
}

export interface Opened {
  readonly stage: Stage
  readonly layout: FrameLayout
  readonly label: string
  readonly architecture: string
  readonly title: string
  readonly subtitle: string
  readonly knobs: readonly (Knob & { readonly value: string; readonly changed: boolean; readonly reason: string | null })[]
  readonly causes: readonly CauseAdvice[]
  readonly preset: string
  readonly presets: readonly PresetLine[]
  readonly faults: readonly FaultOffer[]
  readonly constraints: readonly ConstraintLine[]
  readonly durationSeconds: number
  readonly warmupSeconds: number
  readonly seed: string
}

/** Frames `from` to `to` (simulated seconds) as one transferable array of rows, facts of the same span. */
export interface Chunk {
  readonly frames: Float64Array
  readonly rows: number
  readonly facts: readonly FactLine[]
  /** Simulated time reached, seconds. */
  readonly reached: number
  readonly finished: boolean
  readonly digest: string
}

/** A scenario file as a gallery shows it, or a RunSpec of the reader's own: words, and the runs that it stands for. */
export interface ScenarioCard {
  readonly title: string
  /** The question that it answers; the title where its file asks none. */
  readonly asks: string
  /** What will be seen, in a sentence; null for a scenario that demonstrates nothing. */
  readonly demonstrates: string | null
  readonly prompt: string
  readonly difficulty: string | null
  readonly tags: readonly string[]
  readonly questions: readonly ClarifyingQuestion[]
  readonly options: readonly (ArchitectureOption & { readonly isSimulated: boolean })[]
  readonly maxQuestions: number | null
  readonly shown: RunSpec
  /** The same run with the settings that prevent what is shown; null where nothing does. */
  readonly prevented: { readonly because: string; readonly spec: RunSpec; readonly settings: readonly string[] } | null
}

/** What is known of a record's life so far; times in seconds. */
export interface Followed {
  /** How far the search has come; the life is whole once this is where it was to end. */
  readonly reached: number
  readonly lines: readonly LifeLine[]
}

/** The column's engine in its worker. Times are simulated seconds. */
export interface ColumnEngine {
  /** Builds the column of the RunSpec; replaces what ran before only if the answer is ok. */
  open(spec: RunSpec, column: number): Promise<Reply<Opened>>
  /** Runs on to `to`, at most `events` events; the chunk says how far it came. */
  advance(to: number, events: number): Promise<Reply<Chunk>>
  /** Discards what was computed beyond `at`, then goes on with this spec (a fault or a change appended). */
  amend(spec: RunSpec, at: number): Promise<Reply<Chunk>>
  /** The Report of this column once finished, or as far as it came. */
  report(): Promise<Reply<Report['runs'][number]>>
  /** What a whole Report needs of this column, finished or as far as it came. */
  ended(): Promise<Reply<EndedColumn>>
  /** The Report of all columns, from what each of them gave, in the order of the spec. */
  whole(columns: readonly EndedColumn[]): Promise<Reply<Report>>
  /** The life of one record up to `until`, of which at most `events` events are run by this call: ask again to go on. */
  follow(record: string, until: number, events: number): Promise<Reply<Followed>>
  /** The scenario files that come with the project. */
  cards(): Promise<Reply<readonly ScenarioCard[]>>
  /** A scenario file or a RunSpec as JSON that somebody brought, or every issue of it. */
  readCard(text: string): Promise<Reply<ScenarioCard>>
  /** The first record born after `at` seconds; null when there is none. */
  recordAfter(at: number): Promise<Reply<{ readonly at: number; readonly record: string } | null>>
  /** What of each product is modelled, simplified or absent. */
  fidelity(): Promise<Reply<readonly FidelityRow[]>>
  /** Answers at once: the watchdog's question. */
  ping(): Promise<number>
}

export type { ArchitectureOption, ClarifyingQuestion, EndedColumn, FrameLayout, Issue, Knob, LifeKind, LifeLine, Report, RunSpec, Stage }
export type { FidelityRow }
export type { Pasted, PastedValue } from './paste.ts'
export type { StageNode, ZoneId } from '../contract/scene.ts'
export { faultKinds, findFaultKind, formatFault, parseFault, type Fault, type FaultKindInfo } from '../contract/fault.ts'
export { parseDuration } from '../contract/quantity.ts'
