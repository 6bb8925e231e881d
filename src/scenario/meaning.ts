/** What the words of a constraint ask for in numbers; words that are not understood are `unknown`. */
import type { ConstraintMeaning } from '../contract/scenario.ts'
import { parseDuration, parseRate } from '../contract/quantity.ts'
import { MILLISECOND, SECOND, nanos, type Nanos } from '../kernel/time.ts'

const unknown: ConstraintMeaning = { kind: 'unknown' }
const quantiles: Readonly<Record<string, number>> = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99, 'p99.9': 0.999, p999: 0.999 }
const clouds = ['aws', 'gcp', 'google cloud', 'azure', 'any', 'none', 'on-premises', 'on premises']

/** Words that are understood, for messages: by constraint id. */
export const understoodWords: Readonly<Record<string, string>> = {
  latency: '"sub-second", "p99 < 500ms" or "under 2s"',
  throughput: '"10000 TPS" or "10000/s"',
  durability: '"zero message loss"',
  semantics: '"exactly-once required" or "at-least-once"',
  cloud: '"AWS", "GCP", "Azure" or "any"',
  expertise: '"limited Kafka experience"',
  historical_join: 'a text that starts with "yes" or "no"',
}

/** The meaning of a constraint's value; an id that is not in `understoodWords` is unknown. */
export function meaningOf(id: string, value: string): ConstraintMeaning {
  const words = value.trim().toLowerCase().replace(/\s+/g, ' ')
  switch (id) {
    case 'latency': return latency(words)
    case 'throughput': return throughput(value.trim())
    case 'durability': return durability(words)
    case 'semantics': return semantics(words)
    case 'cloud': return clouds.includes(words) ? declared('cloud', value.trim()) : unknown
    case 'expertise': return expertise(value.trim())
    case 'historical_join': return historicalJoin(words)
    default: return unknown
  }
}

/** The quantile of "p99", "p99.9", "p999"; undefined for another text. */
export function quantileOf(text: string): number | undefined {
  return Object.hasOwn(quantiles, text) ? quantiles[text] : undefined
}

function latency(words: string): ConstraintMeaning {
  const found = /^(?:(p\d{2}(?:\.?9)?) )?(?:(sub)[- ]?|(?:<=?|under|below|within|less than|at most|up to|max(?:imum)?) ?)?(.+)$/.exec(words)
  if (found === null) return unknown
  const [, name = 'p99', sub, text = ''] = found
  const quantile = quantileOf(name)
  const limit = sub !== undefined && text === 'second' ? nanos(SECOND)
    : sub !== undefined && text === 'millisecond' ? nanos(MILLISECOND)
      : positive(text)
  return quantile === undefined || limit === null ? unknown : { kind: 'latency', quantile, limitNanos: limit }
}

function positive(text: string): Nanos | null {
  const parsed = parseDuration(text)
  return parsed.ok && parsed.value > 0 ? parsed.value : null
}

function throughput(text: string): ConstraintMeaning {
  const parsed = parseRate(text.replace(/^(?:at least|>=?|about|~|up to|peak)\s*/i, '').replace(/\s*(?:peak|sustained|at peak)$/i, ''))
  return parsed.ok ? { kind: 'throughput', perSecond: parsed.value } : unknown
}

function durability(words: string): ConstraintMeaning {
  const none = /^(?:zero|no|0) (?:message |data |record |event )?loss(?: allowed| acceptable| tolerated)?$/.test(words)
  return none || words === 'zero-loss' || words === 'lossless' ? { kind: 'loss', limit: 0 } : unknown
}

function semantics(words: string): ConstraintMeaning {
  const found = /^(exactly|at[- ]least)[- ]once(?: (?:required|processing|delivery|semantics|guarantees?|is enough|acceptable|needed))*$/.exec(words)
  if (found === null) return unknown
  // At least once promises that nothing is missing, and nothing about repeats.
  return found[1] === 'exactly' ? { kind: 'exactly-once' } : { kind: 'loss', limit: 0 }
}

function expertise(text: string): ConstraintMeaning {
  const found = /^(no|little|limited|some|good|strong|deep|extensive) (.{1,40}?) (?:experience|expertise|knowledge|skills)$/i.exec(text)
  const level = found?.[1]?.toLowerCase()
  if (found?.[2] === undefined || level === undefined) return unknown
  const amount = level === 'no' ? 'none' : ['little', 'limited', 'some'].includes(level) ? 'limited' : 'good'
  return { kind: 'declared', property: 'expertise', wanted: found[2], level: amount }
}

function historicalJoin(words: string): ConstraintMeaning {
  const found = /^(yes|no)\b/.exec(words)
  return found?.[1] === undefined ? unknown : declared('historical_join', found[1])
}

function declared(property: 'cloud' | 'historical_join', wanted: string): ConstraintMeaning {
  return { kind: 'declared', property, wanted, level: null }
}
