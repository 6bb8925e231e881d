/** Reads the fields of a map one by one; what is wrong becomes a note, and a key that nobody asked for too. */
import { quoted, type Result } from '../contract/issue.ts'
import { parseDuration } from '../contract/quantity.ts'
import type { Nanos } from '../kernel/time.ts'
import { longTextMax } from './limits.ts'
import type { Notes } from './notes.ts'
import type { MapTree, ScalarTree, Tree } from './yaml-tree.ts'

/** A value with its place. */
export interface Placed {
  readonly tree: Tree
  readonly path: string
}

export class Fields {
  readonly tree: MapTree
  readonly path: string
  readonly notes: Notes
  private readonly asked = new Set<string>()

  constructor(tree: MapTree, path: string, notes: Notes) {
    this.tree = tree
    this.path = path
    this.notes = notes
  }

  /** The fields of a value that must be a map; null, with a note, when it is something else. */
  static of({ tree, path }: Placed, notes: Notes): Fields | null {
    if (tree.kind === 'map') return new Fields(tree, path, notes)
    wrongKind({ tree, path }, 'a map of keys and values', notes)
    return null
  }

  get line(): number {
    return this.tree.line
  }

  /** Where the key stands, or the map itself when it is missing. */
  lineOf(key: string): number {
    return this.tree.entries.get(key)?.line ?? this.tree.line
  }

  pathOf(key: string): string {
    return this.path === '' ? key : `${this.path}.${key}`
  }

  has(key: string): boolean {
    this.asked.add(key)
    return this.tree.entries.has(key)
  }

  keys(): string[] {
    for (const key of this.tree.entries.keys()) this.asked.add(key)
    return [...this.tree.entries.keys()]
  }

  get(key: string): Placed | null {
    this.asked.add(key)
    const entry = this.tree.entries.get(key)
    return entry === undefined ? null : { tree: entry.value, path: this.pathOf(key) }
  }

  missing(key: string, expected: string): void {
    this.notes.add('scenario.missing', this.pathOf(key), this.line, `expected ${quoted(key)} with ${expected}, found nothing`)
  }

  note(code: string, key: string, message: string): void {
    this.notes.add(code, this.pathOf(key), this.get(key)?.tree.line ?? this.line, message)
  }

  /** A text that must be there and not be empty; '' with a note otherwise. */
  text(key: string, max = longTextMax): string {
    if (!this.has(key)) this.missing(key, 'a text')
    return this.optionalText(key, max) ?? ''
  }

  optionalText(key: string, max = longTextMax): string | null {
    const placed = this.get(key)
    return placed === null ? null : textOf(placed, max, this.notes)
  }

  choice<T extends string>(key: string, options: readonly T[]): T | null {
    const text = this.optionalText(key)
    if (text === null) return null
    const found = options.find((option) => option === text)
    if (found === undefined) this.note('scenario.choice', key, `expected one of ${options.join(', ')}, found ${quoted(text)}`)
    return found ?? null
  }

  /** A whole number inside the range; null with or without a note. */
  whole(key: string, min: number, max: number): number | null {
    const value = this.number(key, min, max, 'a whole number')
    if (value === null || Number.isInteger(value)) return value
    this.note('scenario.number', key, `expected a whole number, found ${value}`)
    return null
  }

  number(key: string, min: number, max: number, expected = 'a number'): number | null {
    const scalar = this.scalar(key, expected)
    if (scalar === null) return null
    if (typeof scalar.value !== 'number') {
      wrongKind({ tree: scalar, path: this.pathOf(key) }, expected, this.notes)
      return null
    }
    if (scalar.value >= min && scalar.value <= max) return scalar.value
    this.note('scenario.range', key, `expected ${expected} from ${min} to ${max}, found ${scalar.text}`)
    return null
  }

  flag(key: string): boolean | null {
    const scalar = this.scalar(key, 'true or false')
    if (scalar === null || typeof scalar.value === 'boolean') return scalar === null ? null : scalar.value === true
    wrongKind({ tree: scalar, path: this.pathOf(key) }, 'true or false', this.notes)
    return null
  }

  /** A quantity in text form, read by its parser of the contract. */
  quantity<T>(key: string, parse: (text: string) => Result<T>): T | null {
    const scalar = this.scalar(key, 'a quantity with its unit')
    if (scalar === null) return null
    const parsed = parse(scalar.text)
    if (parsed.ok) return parsed.value
    this.notes.take(parsed.issues, this.pathOf(key), scalar.line)
    return null
  }

  duration(key: string, min: number, max: number): Nanos | null {
    const value = this.quantity(key, parseDuration)
    if (value === null || (value >= min && value <= max)) return value
    this.note('scenario.range', key, `expected a duration from ${min / 1e9}s to ${max / 1e9}s, found ${value / 1e9}s`)
    return null
  }

  /** The items of a list of at most `max`; an absent list is empty. */
  list(key: string, max: number): Placed[] {
    const placed = this.get(key)
    if (placed === null) return []
    if (placed.tree.kind !== 'list') {
      wrongKind(placed, 'a list', this.notes)
      return []
    }
    const { items } = placed.tree
    if (items.length > max) this.note('scenario.many', key, `expected at most ${max} items, found ${items.length}`)
    return items.slice(0, max).map((tree, i) => ({ tree, path: `${placed.path}[${i}]` }))
  }

  map(key: string): Fields | null {
    const placed = this.get(key)
    return placed === null ? null : Fields.of(placed, this.notes)
  }

  /** Notes every key that was not asked for; called last. */
  end(): void {
    for (const [key, { line }] of this.tree.entries) {
      if (this.asked.has(key)) continue
      const known = [...this.asked].join(', ')
      this.notes.add('scenario.unknown-key', this.pathOf(key), line, `expected one of ${known}; found ${quoted(key)}`)
    }
  }

  private scalar(key: string, expected: string): ScalarTree | null {
    const placed = this.get(key)
    if (placed === null) return null
    if (placed.tree.kind === 'scalar' && placed.tree.value !== null) return placed.tree
    wrongKind(placed, expected, this.notes)
    return null
  }
}

/** The text of a value that must be one, not empty and not too long; null with a note otherwise. */
export function textOf(placed: Placed, max: number, notes: Notes): string | null {
  const { tree, path } = placed
  if (tree.kind !== 'scalar' || typeof tree.value !== 'string') {
    wrongKind(placed, 'a text', notes)
    return null
  }
  const text = tree.value.trim()
  if (text === '') notes.add('scenario.empty', path, tree.line, 'expected a text, found an empty one')
  else if (text.length > max) notes.add('scenario.long', path, tree.line, `expected at most ${max} characters, found ${text.length}`)
  else return text
  return null
}

export function wrongKind({ tree, path }: Placed, expected: string, notes: Notes): void {
  notes.add('scenario.kind', path, tree.line, `expected ${expected}, found ${describe(tree)}`)
}

function describe(tree: Tree): string {
  if (tree.kind !== 'scalar') return tree.kind === 'map' ? 'a map' : 'a list'
  if (tree.value === null) return 'nothing'
  return typeof tree.value === 'string' ? `the text ${quoted(tree.text)}` : `${quoted(tree.text)} (for a text put it in quotes)`
}
