/** A setting under the product's real key, with unit, range, default and source. */
export type KnobType =
  | { readonly kind: 'duration'; readonly minNanos: number; readonly maxNanos: number; /** Milliseconds when a bare number is the product's own form, e.g. `linger.ms`. */ readonly bare: 'ms' | 's' | null; /** A word that means "none" or "infinite", e.g. "-1" or "off". */ readonly off: string | null }
  | { readonly kind: 'integer'; readonly min: number; readonly max: number; readonly unit: string }
  | { readonly kind: 'size'; readonly minBytes: number; readonly maxBytes: number }
  | { readonly kind: 'choice'; readonly options: readonly string[] }
  | { readonly kind: 'boolean' }

/** `source` names the document, or says "assumed" or "ours" (no such key in the product). */
export interface Knob {
  readonly key: string
  readonly type: KnobType
  readonly default: string
  readonly unit: string
  readonly help: string
  readonly source: string
  /** Where it acts, e.g. "source producer", "broker", "Flink", for grouping in lists. */
  readonly group: string
  /** The product itself can change it while running; others belong to the whole run. */
  readonly live: boolean
}

/** One preset value with the reason an expert would give. */
export interface PresetValue {
  readonly value: string
  readonly reason: string
}

/** Parsed settings: durations in nanoseconds, sizes in bytes, `off` as Infinity, texts as they stand. */
export interface Settings {
  /** Number of a duration, integer or size knob; an invariant if the key is not a number knob. */
  number(key: string): number
  /** Text of a choice knob. */
  text(key: string): string
  /** Truth of a boolean knob. */
  flag(key: string): boolean
}
