/** Fact codes: what a mechanism says of itself for the trace; never read back by a model. */
import { invariant } from './invariant.ts'

/** 1 a headline of the story, 2 a detail, 3 said only while somebody watches this code. */
export type FactLevel = 1 | 2 | 3

/** `text` is a sentence with {name} for the numbers, {name:s} for nanoseconds shown as seconds, {who} for the subject, [a part that is left out while its number is 0]. */
export interface FactCode {
  readonly code: string
  readonly level: FactLevel
  readonly text: string
  readonly numbers: readonly string[]
}

/** A place where something that is followed is handed on; `from` is the hop of the message that brought it there. */
export interface HopCode {
  readonly code: string
  /** As of a fact, with at most two numbers. */
  readonly text: string
  readonly numbers: readonly string[]
  readonly from: HopCode | null
}

/** Declares a hop. */
export function hopCode(code: string, text: string, numbers: readonly string[] = [], from: HopCode | null = null): HopCode {
  invariant(numbers.length <= 2, 'kernel.hop-numbers', code)
  return Object.freeze({ code, text, numbers: Object.freeze([...numbers]), from })
}

const codes = new Map<string, FactCode>()

/** Declares a code ("kafka.leader-elected"); unique in the program, at most four numbers. */
export function factCode(code: string, level: FactLevel, text: string, numbers: readonly string[] = []): FactCode {
  invariant(!codes.has(code), 'kernel.fact-code-twice', code)
  invariant(numbers.length <= 4, 'kernel.fact-numbers', code)
  const fact = Object.freeze({ code, level, text, numbers: Object.freeze([...numbers]) })
  codes.set(code, fact)
  return fact
}

/** The code of this name, or undefined. */
export function findFactCode(code: string): FactCode | undefined {
  return codes.get(code)
}

/** All declared codes in alphabetical order, for messages and menus. */
export function allFactCodes(): readonly FactCode[] {
  return [...codes.values()].sort((a, b) => (a.code < b.code ? -1 : a.code > b.code ? 1 : 0))
}
