/** Numbers as people read them: thin spaces between thousands, seconds with their unit, unknown as a word. */

const thin = '\u2009'
export const unknown = 'unknown'

/** A whole number with thin spaces; NaN is "unknown", never 0. */
export function count(value: number): string {
  if (!Number.isFinite(value)) return unknown
  const whole = Math.round(Math.abs(value)).toString()
  let text = ''
  for (let i = 0; i < whole.length; i++) {
    if (i > 0 && (whole.length - i) % 3 === 0) text += thin
    text += whole[i]
  }
  return (value < 0 && whole !== '0' ? '−' : '') + text
}

/** A figure in a drawing: blank while it is unknown, as a missing line in a chart is. */
export function figure(value: number): string {
  return Number.isFinite(value) ? count(value) : ''
}

/** Seconds: milliseconds below 0.1, two digits below 10, one below 100. */
export function seconds(value: number): string {
  if (!Number.isFinite(value)) return unknown
  const size = Math.abs(value)
  if (size > 0 && size < 0.0995) return `${Math.round(value * 1000)} ms`
  if (size < 1.9995) return `${value.toFixed(2)} s`
  if (size < 99.95) return `${value.toFixed(1)} s`
  return `${count(value)} s`
}

/** A position on the time line, two digits, without its unit. */
export function clock(value: number): string {
  return Number.isFinite(value) ? value.toFixed(2) : unknown
}

/** A share as per cent with one digit; never rounds up to 100. */
export function share(part: number, whole: number): string {
  if (!Number.isFinite(part) || !Number.isFinite(whole) || whole <= 0) return unknown
  const percent = (part / whole) * 100
  return `${(percent < 100 ? Math.min(99.9, percent) : 100).toFixed(percent >= 100 ? 0 : 1)} %`
}

/** Bytes a second in the unit that keeps three digits. */
export function bytesRate(value: number): string {
  if (!Number.isFinite(value)) return unknown
  if (value >= 1e6) return `${(value / 1e6).toFixed(1)} MB/s`
  if (value >= 1e3) return `${(value / 1e3).toFixed(0)} kB/s`
  return `${value.toFixed(0)} B/s`
}

/** A short axis number: 5 000 is "5 k". */
export function short(value: number): string {
  if (value >= 1e6) return `${trim(value / 1e6)} M`
  if (value >= 1e4 || (value >= 1000 && value % 1000 === 0)) return `${trim(value / 1e3)} k`
  return trim(value)
}

function trim(value: number): string {
  return String(Number(value.toPrecision(3)))
}

/** A limit as it was set: no digits that nobody wrote. */
export function limitText(value: number, unit: string): string {
  if (unit !== 's' && unit !== 'seconds') return count(value)
  return value < 1 ? `${Number((value * 1000).toPrecision(4))} ms` : `${Number(value.toPrecision(4))} s`
}

/** A measured value in the unit of its constraint. */
export function inUnit(value: number, unit: string): string {
  if (unit === 's' || unit === 'seconds') return seconds(value)
  return count(value)
}
