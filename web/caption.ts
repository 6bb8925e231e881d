/** The one sentence over a column: what set off its latest burst of headlines and how far it has come. */
import type { FactLine } from '../src/host/api.ts'

export const captionSeconds = 6
/** Headlines closer than this belong to one burst, simulated seconds. */
const burstSeconds = 0.3
const charactersMax = 78

export interface Caption {
  readonly text: string
  /** Something broke, by the facts' own codes. */
  readonly bad: boolean
}

/** The first and the last headline of the burst that stands at `time`, or null. */
export function captionAt(facts: readonly FactLine[], time: number): Caption | null {
  let last: FactLine | null = null
  let first: FactLine | null = null
  for (let i = facts.length - 1; i >= 0; i--) {
    const fact = facts[i]!
    if (fact.at > time || !isHeadline(fact)) continue
    if (first === null ? fact.at < time - captionSeconds : fact.at < first.at - burstSeconds) break
    last ??= fact
    first = fact
  }
  if (first === null || last === null) return null
  const both = `${first.text}; ${lower(last.text)}`
  const text = first === last || both.length > charactersMax ? first.text : both
  return { text: text.length > charactersMax ? `${text.slice(0, charactersMax - 1)}…` : text, bad: isBad(first) }
}

/** A headline about a thing on the stage: parts of a process, and the fault itself, have their place in the story. */
function isHeadline(fact: FactLine): boolean {
  return fact.level === 1 && !fact.subject.includes('/') && fact.code !== 'fault.inflicted'
}

function lower(text: string): string {
  return /^[A-Z][a-z ]/.test(text) ? text[0]!.toLowerCase() + text.slice(1) : text
}

/** Facts that tell of damage or of a death; the code's words decide, never a number. */
export function isBad(fact: FactLine): boolean {
  return /fault|died|dead|crash|lost|fail|abort|duplicat|expire|fenced|refus|reset|struck/.test(fact.code)
}
