/** What can be set against a cause: real keys, the value to try, and in one sentence why it helps. */

/** One setting. `value` is what to try first; the sentence says what it buys and, where it costs, what it costs. */
export interface Remedy {
  readonly key: string
  readonly value: string
  /** Whether exactly this value helps, or it and all above or below. */
  readonly bound: 'is' | 'least' | 'most'
  readonly why: string
}

/** Settings, the most telling first; or why there is nothing that one could set. */
export type Advice =
  | { readonly settings: readonly [Remedy, ...Remedy[]]; readonly nothing?: never }
  | { readonly settings?: never; readonly nothing: string }

/** Advice by cause code: one for every cause that the recipe can book, and one for every wait. */
export type Remedies = Readonly<Record<string, Advice>>

/**
 * What makes results late is no cause of the ledger, because nothing was lost or repeated. Each recipe says what
 * it can do about these, and in `text` what the wait is.
 */
export const waits = {
  'late.calm': 'Nothing is wrong: this is what the way through costs',
  'late.outage': 'A failure has to be noticed and repaired before results appear again',
  'late.behind': 'More arrives than can be worked off',
} as const

/** Exactly this value helps. */
export function set(key: string, value: string, why: string): Remedy {
  return { key, value, bound: 'is', why }
}

/** This value or more helps. */
export function atLeast(key: string, value: string, why: string): Remedy {
  return { key, value, bound: 'least', why }
}

/** This value or less helps. */
export function atMost(key: string, value: string, why: string): Remedy {
  return { key, value, bound: 'most', why }
}

/** Advice that is the same for several causes. */
export function each(codes: readonly string[], advice: Advice): Remedies {
  return Object.fromEntries(codes.map((code) => [code, advice]))
}
