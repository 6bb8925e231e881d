/** Settings of one column: the values of a recipe's knobs, parsed once and read by key. */
import { fail, ok, quoted, type Issue, type Result } from '../contract/issue.ts'
import type { Knob, KnobType, Settings } from '../contract/knob.ts'
import { formatDuration, formatSize, parseDuration, parseSize } from '../contract/quantity.ts'
import { copyGraph, invariant, nanos, shared } from '../kernel/index.ts'
import { nearestNames } from './nearest.ts'

/** A parsed value: nanoseconds, bytes or a plain number; a text of a choice; a truth. */
export type KnobValue = number | string | boolean

/** A recipe's knobs by key; immutable, so keyframes share it. */
class KnobTable {
  readonly byKey = new Map<string, Knob>()

  get [shared](): boolean {
    return true
  }

  constructor(knobs: readonly Knob[]) {
    for (const knob of knobs) {
      invariant(!this.byKey.has(knob.key), 'run.knob-twice', knob.key)
      this.byKey.set(knob.key, knob)
    }
  }
}

/** Starts with every knob's default; `set` changes one. Plain state: keyframes copy it. */
export class KnobSettings implements Settings {
  private readonly table: KnobTable
  private readonly values = new Map<string, KnobValue>()
  private readonly texts = new Map<string, string>()

  constructor(knobs: readonly Knob[]) {
    this.table = new KnobTable(knobs)
    for (const knob of knobs) {
      const issue = this.set(knob.key, knob.default)
      invariant(issue === null, 'run.knob-default', issue === null ? '' : issue.message)
    }
  }

  /** Gives a knob another value, or says what is wrong and leaves it as it was. */
  set(key: string, text: string): Issue | null {
    const knob = this.table.byKey.get(key)
    if (knob === undefined) {
      const nearest = nearestNames(key, [...this.table.byKey.keys()], 3)
      const message = `${quoted(key)} is no setting here: the nearest are ${nearest.join(', ')}`
      return { code: 'knob.unknown', path: key, line: null, message }
    }
    const parsed = parseKnob(knob, text)
    if (!parsed.ok) return parsed.issues[0] as Issue
    this.values.set(key, parsed.value)
    this.texts.set(key, text)
    return null
  }

  /** The same values, to be changed apart from these. */
  copy(): KnobSettings {
    return copyGraph(this)
  }

  number(key: string): number {
    const value = this.values.get(key)
    if (typeof value !== 'number') invariant(false, 'run.knob-number', key)
    return value
  }

  text(key: string): string {
    const value = this.values.get(key)
    if (typeof value !== 'string') invariant(false, 'run.knob-text', key)
    return value
  }

  flag(key: string): boolean {
    const value = this.values.get(key)
    if (typeof value !== 'boolean') invariant(false, 'run.knob-flag', key)
    return value
  }

  /** The text that was set last, as it was written. */
  written(key: string): string {
    const text = this.texts.get(key)
    invariant(text !== undefined, 'run.knob-written', key)
    return text
  }
}

/** The value that a text means for a knob; a message names the key, what was expected and what was found. */
export function parseKnob(knob: Knob, text: string): Result<KnobValue> {
  const written = text.trim()
  const value = valueOf(knob.type, written)
  if (value !== null) return ok(value)
  return fail('knob.value', `${knob.key}: expected ${expectationOf(knob.type)}, found ${quoted(text)}`, knob.key)
}

function valueOf(type: KnobType, text: string): KnobValue | null {
  switch (type.kind) {
    case 'duration': {
      if (type.off !== null && text === type.off) return Infinity
      const given = type.bare !== null && /^\d{1,15}(\.\d{1,6})?$/.test(text) ? `${text}${type.bare}` : text
      const parsed = parseDuration(given)
      return parsed.ok ? inRange(parsed.value, type.minNanos, type.maxNanos) : null
    }
    case 'integer': {
      return /^-?\d{1,15}$/.test(text) ? inRange(Number(text), type.min, type.max) : null
    }
    case 'size': {
      // A bare number of bytes is the products' own form, e.g. batch.size=16384.
      const parsed = parseSize(/^\d{1,15}$/.test(text) ? `${text}B` : text)
      return parsed.ok ? inRange(parsed.value, type.minBytes, type.maxBytes) : null
    }
    case 'choice':
      return type.options.includes(text) ? text : null
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : null
  }
}

function inRange(value: number, min: number, max: number): number | null {
  return value >= min && value <= max ? value : null
}

/** What a knob takes, in words. */
export function expectationOf(type: KnobType): string {
  switch (type.kind) {
    case 'duration': {
      const range = `a duration from ${durationText(type.minNanos)} to ${durationText(type.maxNanos)}`
      const bare = type.bare === null ? '' : `, a bare number being ${type.bare === 'ms' ? 'milliseconds' : 'seconds'}`
      return `${range} with its unit${bare}${type.off === null ? '' : `, or ${type.off}`}`
    }
    case 'integer':
      return `a whole number from ${type.min} to ${type.max}${type.unit === '' ? '' : ` (${type.unit})`}`
    case 'size':
      return `a size from ${formatSize(type.minBytes)} to ${formatSize(type.maxBytes)}, such as 16KiB or bytes`
    case 'choice':
      return `one of ${type.options.join(', ')}`
    case 'boolean':
      return 'true or false'
  }
}

function durationText(value: number): string {
  return Number.isSafeInteger(value) ? formatDuration(nanos(value)) : '104 days'
}
