/** Verdicts: each constraint of a scenario against what was measured, with its evidence. */
import type { Constraint, ConstraintMeaning } from '../contract/scenario.ts'
import type { CauseKind, ConstraintReport } from '../contract/spec.ts'
import { findCause } from '../contract/cause.ts'
import { declaredVerdict } from './declared.ts'
import { lostNames, repeatedNames } from './examples.ts'
import { bornSoFar, calmLatency, countText, durationText, primaryOf, visibleLatency, type Measured } from './measured.ts'
import { throughputVerdict } from './throughput.ts'

type Evidence = ConstraintReport['evidence']

/** A verdict without the words of its constraint. */
export interface Finding {
  readonly met: boolean | null
  readonly observed: number | null
  readonly limit: number | null
  readonly unit: string
  readonly evidence: Evidence
}

/** Evidence with nothing to show but a text. */
export function plainEvidence(n: number, text: string): Evidence {
  return { n, text, atLeast: false, firstViolation: null, longestViolation: null, examples: [], cause: null }
}

/** One report line for each constraint, in the scenario's order. */
export function verdictsOf(constraints: readonly Constraint[], measured: Measured): ConstraintReport[] {
  return constraints.map(({ id, value, meaning }) => ({ id, value, ...findingOf(meaning, measured) }))
}

function findingOf(meaning: ConstraintMeaning, measured: Measured): Finding {
  switch (meaning.kind) {
    case 'latency': return latencyVerdict(meaning.quantile, meaning.limitNanos, measured)
    case 'throughput': return throughputVerdict(meaning.perSecond, measured)
    case 'loss': return lossVerdict(meaning.limit, measured)
    case 'exactly-once': return exactlyOnceVerdict(measured)
    case 'declared': return declaredVerdict(meaning, measured.declared)
    case 'unknown':
      return { met: null, observed: null, limit: null, unit: '', evidence: plainEvidence(0, 'not understood, so not judged') }
  }
}

/** The quantile over the whole population, outages included, lies below the limit. */
function latencyVerdict(quantile: number, limit: number, measured: Measured): Finding {
  const latency = visibleLatency(measured)
  const n = latency.count + latency.unboundedCount
  const unit = 's'
  if (n === 0) return { met: null, observed: null, limit: limit / 1e9, unit, evidence: plainEvidence(0, 'no record was born in the time that counts') }
  const { value, atLeast } = latency.quantile(quantile)
  const met = !atLeast && value < limit
  const stretch = violation(quantile, limit, measured)
  const outside = calmLatency(measured)
  const calm = outside.count > 0 ? outside.quantile(quantile) : null
  const name = `p${String(quantile * 100)}`
  const bound = atLeast ? '>= ' : ''
  const apart = measured.bands.length > 0 && calm !== null ? `; outside of faults ${calm.atLeast ? '>= ' : ''}${durationText(calm.value / 1e9)}` : ''
  const broke = !met && calm !== null && !calm.atLeast && calm.value < limit
  return {
    met, observed: value / 1e9, limit: limit / 1e9, unit,
    evidence: {
      n, atLeast, ...stretch,
      text: `${name} ${bound}${durationText(value / 1e9)} of ${countText(n)} records${apart}`,
      examples: met ? [] : measured.slowest.above(limit),
      cause: broke ? `the time of ${measured.bands.map(({ fault }) => fault).join(', ')}` : null,
    },
  }
}

/** When the quantile of the last second first exceeded the limit, and for how long at a stretch; seconds. */
function violation(quantile: number, limit: number, { series, warmup }: Measured): { firstViolation: number | null; longestViolation: number | null } {
  const values = quantile <= 0.5 ? series.p50 : series.p99
  const step = series.stepNanos
  let first: number | null = null
  let longest = 0
  let run = 0
  for (let i = Math.ceil(warmup / step); i < series.length; i++) {
    const value = values[i] as number
    // With nothing visible in the last second, the oldest that waits tells.
    const isAbove = value !== value ? (series.oldestUnsettled[i] as number) > limit : value > limit
    run = isAbove ? run + 1 : 0
    if (isAbove && first === null) first = ((i + 1) * step) / 1e9
    if (run > longest) longest = run
  }
  return { firstViolation: first, longestViolation: longest === 0 ? null : (longest * step) / 1e9 }
}

/** At most `limit` records lost or retracted; what is still pending leaves it open. */
function lossVerdict(limit: number, measured: Measured): Finding {
  const tally = primaryOf(measured)
  const { ledger, births } = measured
  const gone = tally.lost + tally.retracted
  const pending = ledger.unsettled(ledger.primary)
  const met = gone > limit ? false : pending > 0 ? null : true
  const refused = tally.refused > 0 ? `; ${countText(tally.refused)} refused, which their senders know` : ''
  const told = tally.lostAcknowledged > 0 ? `, ${countText(tally.lostAcknowledged)} of them acknowledged` : ''
  const open = pending > 0 ? `; ${countText(pending)} pending` : ''
  return {
    met, observed: gone, limit, unit: 'records',
    evidence: {
      n: bornSoFar(births), atLeast: pending > 0,
      text: `${countText(gone)} lost${told}${open}${refused}`,
      firstViolation: firstAbove(measured, measured.series.lost, limit), longestViolation: null,
      examples: gone > 0 ? lostNames(measured) : [],
      cause: topCause(measured, ['lost', 'retracted']),
    },
  }
}

/** Every record that was taken has exactly one effect in the primary view. */
function exactlyOnceVerdict(measured: Measured): Finding {
  const tally = primaryOf(measured)
  const { ledger, births } = measured
  const missing = tally.lost + tally.retracted
  const wrong = tally.duplicated + missing
  const pending = ledger.unsettled(ledger.primary)
  const met = wrong > 0 ? false : pending > 0 ? null : true
  const first = [firstAbove(measured, measured.series.duplicates, 0), firstAbove(measured, measured.series.lost, 0)].filter((at) => at !== null)
  const beyond = tally.duplicates > tally.duplicated ? ` (${countText(tally.duplicates)} repeats)` : ''
  const open = pending > 0 ? `, ${countText(pending)} pending` : ''
  return {
    met, observed: wrong, limit: 0, unit: 'records',
    evidence: {
      n: bornSoFar(births), atLeast: pending > 0,
      text: `${countText(tally.duplicated)} more than once${beyond}, ${countText(missing)} missing${open}`,
      firstViolation: first.length === 0 ? null : Math.min(...first), longestViolation: null,
      examples: wrong > 0 ? [...repeatedNames(measured), ...lostNames(measured)].slice(0, 5) : [],
      cause: topCause(measured, ['duplicate', 'lost', 'retracted']),
    },
  }
}

/** The first row, in seconds, in which a count is above the limit. */
function firstAbove({ series }: Measured, counts: readonly number[], limit: number): number | null {
  const row = counts.findIndex((count) => count > limit)
  return row < 0 ? null : ((row + 1) * series.stepNanos) / 1e9
}

/** What most of the records of these kinds are booked to, in words with its code. */
function topCause(measured: Measured, kinds: readonly CauseKind[]): string | null {
  const tally = primaryOf(measured)
  const lines = [...tally.bookings.lines(), ...tally.retractedLines()].filter(({ kind }) => kinds.includes(kind))
  lines.sort((a, b) => b.records - a.records)
  const top = lines[0]
  return top === undefined ? null : `${findCause(top.code)?.text ?? 'no mechanism stated it'} (${top.code})`
}
