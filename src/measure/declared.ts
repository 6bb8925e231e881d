/** Constraints that no run can measure: judged by what a recipe states of itself, and shown as that. */
import type { ConstraintMeaning } from '../contract/scenario.ts'
import { plainEvidence, type Finding } from './verdict.ts'

type Declared = Extract<ConstraintMeaning, { kind: 'declared' }>

/**
 * `cloud` lists where it can run ("any", or names), `expertise` what its operators have to know, `historical_join`
 * starts with yes or no.
 */
export function declaredVerdict(meaning: Declared, declared: Readonly<Record<string, string>>): Finding {
  const stated = declared[meaning.property]
  const rest = { observed: null, limit: null, unit: '' }
  if (stated === undefined) return { met: null, ...rest, evidence: plainEvidence(0, 'the architecture states nothing about it') }
  return { met: isMet(meaning, stated.toLowerCase()), ...rest, evidence: plainEvidence(0, `by its own statement: ${stated}`) }
}

function isMet({ property, wanted, level }: Declared, stated: string): boolean {
  const word = wanted.toLowerCase()
  switch (property) {
    case 'cloud': return word === 'any' || stated.startsWith('any') || stated.includes(word)
    // Those who know it well may run it; the others had better not need to.
    case 'expertise': return level === 'good' || !stated.includes(word)
    case 'historical_join': return word === 'no' || stated.startsWith('yes')
  }
}
