/**
 * The throughput that was asked for: it was offered, nearly all of it came to an end, and outside of faults what
 * was offered and is not visible did not pile up.
 */
import { bornSoFar, countText, primaryOf, type Measured } from './measured.ts'
import { plainEvidence, type Finding } from './verdict.ts'

const WINDOW_NANOS = 10e9
const WINDOW_INTERVALS = 3
const SETTLED = 0.999
const VISIBLE = 0.99
/** A random number of arrivals is rarely the round one: a hundredth less, or three standard deviations. */
const OFFERED = 0.99
const DEVIATIONS = 3

/** Visible records are at least 99 % of those offered in each window of max(10 s, 3 intervals) outside of faults. */
export function throughputVerdict(perSecond: number, measured: Measured): Finding {
  const { warmup, series, births, ledger } = measured
  const from = Math.ceil(warmup / series.stepNanos) - 1
  const to = Math.min(series.length, Math.floor(measured.duration / series.stepNanos)) - 1
  const rest = { limit: perSecond, unit: 'records/s' }
  if (to <= from) return { met: null, observed: null, ...rest, evidence: plainEvidence(0, 'the time that counts has not begun') }
  const seconds = ((to - from) * series.stepNanos) / 1e9
  const offered = rise(series.offered, from, to) / seconds
  const visible = rise(series.visible, from, to) / seconds
  const n = bornSoFar(births)
  const rates = `${countText(Math.round(visible))}/s visible of ${countText(Math.round(offered))}/s offered`
  if (offered < perSecond * Math.min(OFFERED, 1 - DEVIATIONS / Math.sqrt(perSecond * seconds))) {
    return { met: null, observed: visible, ...rest, evidence: plainEvidence(n, `${rates}: the load that was asked for was not offered`) }
  }
  const settled = n === 0 ? 1 : primaryOf(measured).settled / n
  const late = pilingUp(measured, from, to)
  const isOpen = settled < SETTLED && measured.now < measured.duration
  const met = late.first === null ? (settled >= SETTLED ? true : isOpen ? null : false) : false
  const why = late.first !== null ? `; ${countText(late.worst)} piled up in one window`
    : settled < SETTLED ? `; ${countText(ledger.unsettled(ledger.primary))} have not come to an end` : ''
  return {
    met, observed: visible, ...rest,
    evidence: { ...plainEvidence(n, rates + why), firstViolation: late.first, longestViolation: late.longest },
  }
}

/**
 * Windows in which more than 1 % of what was offered was added to what is not visible. Commits make that a saw:
 * its lowest points in the first and the last two intervals of a window are compared.
 */
function pilingUp(measured: Measured, from: number, to: number): { first: number | null; longest: number | null; worst: number } {
  const { series, intervalNanos, bands } = measured
  const step = series.stepNanos
  const edge = Math.ceil((2 * intervalNanos) / step)
  const width = Math.min(to - from, Math.ceil(Math.max(WINDOW_NANOS, WINDOW_INTERVALS * intervalNanos) / step))
  let first: number | null = null
  let longest = 0
  let run = 0
  let worst = 0
  for (let a = Math.max(0, from), b = a + width; b <= to; a++, b++) {
    const isDisturbed = bands.some((band) => band.from < (b + 1) * step && (band.to === null || band.to > a * step))
    const grown = isDisturbed ? 0 : lowest(measured, b - Math.min(edge, width), b) - lowest(measured, a, a + Math.min(edge, width))
    const offered = rise(series.offered, a, b)
    // A lowest point is seen up to a row late, each time.
    const isLate = grown > (1 - VISIBLE) * offered + (2 * offered) / width
    run = isLate ? run + 1 : 0
    if (isLate && first === null) first = ((b + 1) * step) / 1e9
    if (run > longest) longest = run
    if (isLate && grown > worst) worst = grown
  }
  return { first, longest: longest === 0 ? null : ((longest + width - 1) * step) / 1e9, worst }
}

/** The least that was offered and not visible, over rows [from, to]. */
function lowest({ series }: Measured, from: number, to: number): number {
  let least = Infinity
  for (let i = from; i <= to; i++) least = Math.min(least, (series.offered[i] as number) - (series.visible[i] as number))
  return least
}

function rise(counts: readonly number[], from: number, to: number): number {
  return (counts[to] as number) - (from < 0 ? 0 : (counts[from] as number))
}
