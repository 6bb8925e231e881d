/** The contract between the run and an architecture: a recipe builds a plant into a world. */
import type { Host, Process, Sim } from '../kernel/index.ts'
import type { Births } from './births.ts'
import type { Copies } from './cause.ts'
import type { Fault } from './fault.ts'
import type { Knob, PresetValue, Settings } from './knob.ts'
import type { Outside } from './outside.ts'
import type { Channels, Stage } from './scene.ts'
import type { Remedies } from './remedy.ts'
import type { Pipeline, Sizing, Workload } from './scenario.ts'

/** What a recipe builds into. Everything here is under the root that keyframes copy. */
export interface World {
  readonly sim: Sim
  readonly births: Births
  readonly copies: Copies
  readonly outside: Outside
  readonly settings: Settings
  readonly sizing: Sizing
  readonly workload: Workload
}

/** What a target text means in a plant at this moment. */
export type Target =
  | { readonly kind: 'process'; readonly process: Process }
  | { readonly kind: 'host'; readonly host: Host }
  /** It has a meaning here but strikes nothing now; shown and recorded. */
  | { readonly kind: 'nothing'; readonly why: string }

/** Tells which records a protocol will still try to deliver; may name a record more than once. */
export type HoldingVisitor = (lane: number, first: number, count: number) => void

/**
 * A built recipe. Only plain state: a keyframe copies it. Methods are called between events.
 */
export interface Plant {
  readonly stage: Stage
  /** What the text means now, or null when it means nothing in this architecture. */
  resolve(sim: Sim, target: string): Target | null
  /** Every host that a zone or a cut concerns, in build order. */
  hosts(): readonly Host[]
  /** Applies a fault that only this product knows (throttle, error-rate, disk-slow, checkpoint-fail, deploy…);
   *  false when it has no meaning here. `end` undoes it. */
  inflict(sim: Sim, fault: Fault): boolean
  end(sim: Sim, fault: Fault): void
  /** Sets a live knob (one declared `live`) from now on. */
  change(sim: Sim, key: string): void
  /** Copies that will still be delivered to `view`, judged as if every failure so far were noticed. */
  holdings(view: number, visit: HoldingVisitor): void
  /** Records that the processor has not yet read of those that a reader could read, and the age of the oldest. */
  lagRecords(): number
  /** Age in nanoseconds of the oldest record appended but not read by the processor; 0 when none. */
  lagNanos(sim: Sim): number
  /** The longest commit or poll interval, nanoseconds: the yardstick of "older than two intervals". */
  intervalNanos(): number
  /** Per lane the first index that no restart can read again; births and log below may be folded. */
  restorableFrom(lane: number): number
  /** Declares the channels of the stage once. */
  channels(channels: Channels): void
  /** Fills them; runs between events and changes nothing. */
  sample(sim: Sim, frame: Float64Array): void
  /** Checks every rule of the whole state; throws an invariant. */
  audit(sim: Sim): void
}

/** A target text that a recipe understands, with what it means there. */
export interface RoleMeaning {
  /** "processor-1", "broker-2", "leader:0", "zone-a"… */
  readonly target: string
  readonly meaning: string
}

export interface Recipe {
  readonly id: string
  readonly title: string
  readonly knobs: readonly Knob[]
  /** At least `defaults` (empty) and `tuned`; values by key, each with its reason. */
  readonly presets: Readonly<Record<string, Readonly<Record<string, PresetValue>>>>
  /** What can be set against every cause that may be booked here, and against the waits. */
  readonly remedies: Remedies
  /** Values that the scenario's sizing and pipeline set for every preset except `as-shipped`. */
  sized(sizing: Sizing, pipeline: Pipeline): Readonly<Record<string, string>>
  /** Judged as such where a constraint cannot be measured. */
  readonly declared: Readonly<Record<string, string>>
  /** Every target that means something at this size. */
  targets(sizing: Sizing): readonly RoleMeaning[]
  /** Why this kind of fault on this target cannot be in this product, naming the nearest real one; or null. */
  refuses(kind: Fault['kind'], target: string | null): string | null
  /** What this fault means in this product, in a sentence. */
  meaning(kind: Fault['kind'], target: string | null): string
  build(world: World): Plant
}
