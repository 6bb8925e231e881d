/** Charts as pure geometry: domains, ticks, decimated lines, labels that keep clear of each other. */
import { scaleLinear, scaleLog } from 'd3'

/** Seconds across a plot up to now; the blank future follows. */
export const pastSeconds = 16

export interface Frame {
  readonly width: number
  readonly left: number
  readonly top: number
  readonly bottom: number
  /** Share of the plot's width at which now stands. */
  readonly nowShare: number
}

/** Pixels a second, and where now stands. */
export function timeScale(frame: Frame): { readonly perSecond: number; readonly nowX: number } {
  const nowX = frame.left + (frame.width - frame.left) * frame.nowShare
  return { perSecond: (nowX - frame.left) / pastSeconds, nowX }
}

export interface Domain {
  readonly low: number
  readonly high: number
  readonly log: boolean
}

/** The value axis: pixel of a value, clamped to the plot; NaN stays NaN. */
export function valueScale(domain: Domain, frame: Frame): (value: number) => number {
  const scale = (domain.log ? scaleLog() : scaleLinear())
    .domain([domain.low, domain.high]).range([frame.bottom, frame.top]).clamp(true)
  return (value) => (Number.isNaN(value) ? Number.NaN : scale(domain.log ? Math.max(value, domain.low) : value))
}

/** The next 1-2-5 step at or above `value`. */
export function niceTop(value: number, least: number): number {
  const need = Math.max(value, least)
  const decade = Math.pow(10, Math.floor(Math.log10(need)))
  for (const step of [1, 2, 5, 10]) if (decade * step >= need - 1e-9) return decade * step
  return decade * 10
}

/** Grows at once, shrinks only when less than a third is used, so that the axis does not flicker. */
export function nextTop(now: number, most: number, least: number): number {
  const need = niceTop(most * 1.12, least)
  if (need > now || need * 3 <= now) return need
  return now
}

/** Ticks of a domain: whole decades, or nothing, half and full. */
export function ticksOf(domain: Domain): number[] {
  if (!domain.log) return [domain.low, domain.high / 2, domain.high]
  const ticks: number[] = []
  for (let decade = 1e-3; decade <= domain.high * 1.0001; decade *= 10) if (decade >= domain.low * 0.9999) ticks.push(Number(decade.toPrecision(3)))
  return ticks.slice(-3)
}

/** A line as points to draw: runs of x, y pairs, broken where the value is unknown. */
export type Runs = number[][]

/**
 * Keeps first, least, greatest and last value of each pixel column, so that no spike is lost however
 * many points fall into it.
 */
export function decimate(n: number, x: (i: number) => number, y: (i: number) => number): Runs {
  const runs: Runs = []
  let run: number[] = []
  let column = Number.NaN
  let firstY = 0
  let low = 0
  let high = 0
  let lastY = 0
  const flush = (): void => {
    if (Number.isNaN(column)) return
    run.push(column, firstY)
    if (low < Math.min(firstY, lastY)) run.push(column, low)
    if (high > Math.max(firstY, lastY)) run.push(column, high)
    if (lastY !== firstY) run.push(column, lastY)
    column = Number.NaN
  }
  for (let i = 0; i < n; i++) {
    const py = y(i)
    if (Number.isNaN(py)) {
      flush()
      if (run.length > 0) runs.push(run)
      run = []
      continue
    }
    const px = Math.round(x(i) * 2) / 2
    if (px !== column) {
      flush()
      column = px
      firstY = low = high = py
    }
    low = Math.min(low, py)
    high = Math.max(high, py)
    lastY = py
  }
  flush()
  if (run.length > 0) runs.push(run)
  return runs
}

export interface Label {
  readonly text: string
  readonly y: number
  readonly look: string
}

/** Moves labels apart to at least `gap`, in their order from top to bottom, inside [top, bottom]. */
export function spread(labels: readonly Label[], gap: number, top: number, bottom: number): Label[] {
  const sorted = labels.map((label, i) => ({ label, i, y: Math.min(Math.max(label.y, top), bottom) }))
    .sort((a, b) => a.y - b.y || a.i - b.i)
  for (let i = 1; i < sorted.length; i++) sorted[i]!.y = Math.max(sorted[i]!.y, sorted[i - 1]!.y + gap)
  let limit = bottom
  for (let i = sorted.length - 1; i >= 0; i--) {
    sorted[i]!.y = Math.min(sorted[i]!.y, limit)
    limit = sorted[i]!.y - gap
  }
  return sorted.map(({ label, y }) => ({ ...label, y }))
}

export interface Span {
  readonly from: number
  /** null while it is still open at the playhead. */
  readonly to: number | null
}

/** Spans in which a 0-or-1 series is 1. */
export function openSpans(n: number, time: (i: number) => number, value: (i: number) => number): Span[] {
  const spans: Span[] = []
  let from = Number.NaN
  for (let i = 0; i < n; i++) {
    const on = value(i) >= 0.5
    if (on && Number.isNaN(from)) from = time(i)
    if (!on && !Number.isNaN(from)) {
      spans.push({ from, to: time(i) })
      from = Number.NaN
    }
  }
  if (!Number.isNaN(from)) spans.push({ from, to: null })
  return spans
}

/** The peak of a stretch of values beyond what the axis shows. */
export interface Burst {
  readonly at: number
  readonly value: number
  readonly letter: string
  readonly look: 'a' | 'b'
}

/** Peaks of each stretch above `high`, in order of time. */
export function peaksAbove(n: number, time: (i: number) => number, value: (i: number) => number, high: number): { readonly at: number; readonly value: number }[] {
  const peaks: { at: number; value: number }[] = []
  let open = false
  for (let i = 0; i < n; i++) {
    const now = value(i)
    if (!(now > high)) {
      open = false
      continue
    }
    const last = peaks.at(-1)
    if (!open || last === undefined) peaks.push({ at: time(i), value: now })
    else if (now > last.value) Object.assign(last, { at: time(i), value: now })
    open = true
  }
  return peaks
}
