/** The one sentence over a column: its latest headline, for six simulated seconds. */
import type { FactLine } from '../src/host/api.ts'

export const captionSeconds = 6
const charactersMax = 78

export interface Caption {
  readonly text: string
  /** Something broke, by the fact's own code. */
  readonly bad: boolean
}

/** The headline that stands at `time`, or null. */
export function captionAt(facts: readonly FactLine[], time: number): Caption | null {
  for (let i = facts.length - 1; i >= 0; i--) {
    const fact = facts[i]!
    if (fact.at > time || fact.level !== 1) continue
    if (fact.at < time - captionSeconds) return null
    const text = fact.text.length > charactersMax ? `${fact.text.slice(0, charactersMax - 1)}…` : fact.text
    return { text, bad: isBad(fact) }
  }
  return null
}

/** Facts that tell of damage or of a death; the code's words decide, never a number. */
export function isBad(fact: FactLine): boolean {
  return /fault|died|dead|crash|lost|fail|abort|duplicat|expire|fenced|refus|reset|struck/.test(fact.code)
}
