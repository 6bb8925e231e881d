/** Quantities as text: durations, rates, sizes and per cent, parsed and printed in this one place. */
import { HOUR, MICROSECOND, MILLISECOND, MINUTE, SECOND, nanos, type Nanos } from '../kernel/time.ts'
import { fail, ok, quoted, type Result } from './issue.ts'

/** The longest duration: 104 days, the whole days that fit into 2^53 nanoseconds. */
export const durationMaxNanos = 104 * 24 * HOUR
/** The highest rate, records a second. */
export const rateMaxPerSecond = 100_000_000
/** The lowest rate that is not zero, records a second. */
export const rateMinPerSecond = 0.001
/** The largest size, bytes (1 TiB). */
export const sizeMaxBytes = 1_099_511_627_776
/** A longer text is no quantity. */
export const quantityTextMax = 40

const durationUnits: Readonly<Record<string, number>> = {
  ns: 1, us: MICROSECOND, 'µs': MICROSECOND, ms: MILLISECOND,
  s: SECOND, m: MINUTE, min: MINUTE, h: HOUR, d: 24 * HOUR,
}
const sizeUnits: Readonly<Record<string, number>> = {
  B: 1, kB: 1e3, KB: 1e3, MB: 1e6, GB: 1e9, KiB: 1024, MiB: 1_048_576, GiB: 1_073_741_824,
}
const ratePeriods: Readonly<Record<string, number>> = { s: 1, sec: 1, second: 1, m: 60, min: 60, minute: 60, h: 3600, hour: 3600 }
const quantity = /^(\d+)(?:\.(\d+))?\s*([a-zA-Zµ]*)$/

/** "500ms", "1.5s", "250us", "2m", "1h": whole nanoseconds from 0 to 104 days; a bare number is refused. */
export function parseDuration(text: string): Result<Nanos> {
  const expected = 'expected a duration such as 500ms, 30s or 2m'
  const found = quantity.exec(short(text))
  if (found === null) {
    const why = /^\s*-/.test(text) ? 'a negative duration' : 'no duration'
    return fail('duration.text', `${quoted(text)} is ${why}: ${expected}`)
  }
  const [, whole = '', fraction = '', unit = ''] = found
  if (unit === '') return fail('duration.unit', `${quoted(text)} has no unit: give a unit, such as ${whole}s or ${whole}ms`)
  const scale = Object.hasOwn(durationUnits, unit) ? durationUnits[unit] : undefined
  if (scale === undefined) {
    return fail('duration.unit', `${quoted(text)} has the unknown unit "${unit}": give a unit out of ns, us, ms, s, m, h, d`)
  }
  const value = exactly(whole, fraction, scale)
  if (value === null) return fail('duration.fine', `${quoted(text)} is finer than one nanosecond: expected whole nanoseconds`)
  if (value > durationMaxNanos) return fail('duration.long', `${quoted(text)} is beyond 104 days, the longest duration`)
  return ok(nanos(value))
}

/** The shortest exact text that `parseDuration` reads back: "0s", "250us", "1.5s", "2m". */
export function formatDuration(duration: Nanos): string {
  if (duration === 0) return '0s'
  if (duration % HOUR === 0) return `${duration / HOUR}h`
  if (duration % MINUTE === 0) return `${duration / MINUTE}m`
  if (duration >= SECOND && duration % MILLISECOND === 0) return decimal(duration, MILLISECOND, 's')
  if (duration >= MILLISECOND && duration % MICROSECOND === 0) return decimal(duration, MICROSECOND, 'ms')
  if (duration >= MICROSECOND) return decimal(duration, 1, 'us')
  return `${duration}ns`
}

/** "10000/s", "10 000 TPS", "10,000 events/s", "10k/s", "600/min": records a second, 0.001 to 100 million. */
export function parseRate(text: string): Result<number> {
  const expected = 'expected a rate such as 10000/s'
  const found = rateText.exec(short(text))
  if (found === null) {
    const bare = /^\s*[\d., _]+[kM]?\s*$/.test(text)
    return bare
      ? fail('rate.unit', `${quoted(text)} has no unit: give a unit, ${expected}`)
      : fail('rate.text', `${quoted(text)} is no rate: ${expected}`)
  }
  const [, digits = '', fraction = '', thousands = '', period = 's'] = found
  const scale = thousands === 'M' ? 1_000_000 : thousands === 'k' ? 1_000 : 1
  const perSecond = (Number(`${digits.replace(/[,_ ]/g, '')}.${fraction}0`) * scale) / (ratePeriods[period] ?? 1)
  if (!(perSecond >= rateMinPerSecond && perSecond <= rateMaxPerSecond)) {
    return fail('rate.range', `${quoted(text)} is out of range: expected 0.001/s to 100000000/s`)
  }
  return ok(perSecond)
}

const rateText = new RegExp(
  '^(\\d{1,3}(?:[,_ ]\\d{3})+|\\d+)(?:\\.(\\d+))?\\s*([kM])?\\s*' +
  '(?:[TtRr][Pp][Ss]|(?:[a-z]+\\s*)?(?:/\\s*|per )(s|sec|second|m|min|minute|h|hour))$',
)

/** A rate as `parseRate` reads it back. */
export function formatRate(perSecond: number): string {
  return `${perSecond}/s`
}

/** "500B", "16KiB", "1MB" (a million bytes): whole bytes from 0 to 1 TiB; a bare number is refused. */
export function parseSize(text: string): Result<number> {
  const found = quantity.exec(short(text))
  if (found === null) return fail('size.text', `${quoted(text)} is no size: expected a size such as 500B or 16KiB`)
  const [, whole = '', fraction = '', unit = ''] = found
  const scale = Object.hasOwn(sizeUnits, unit) ? sizeUnits[unit] : undefined
  if (scale === undefined) {
    return fail('size.unit', `${quoted(text)} has no known unit: give a unit out of B, KB, MB, GB, KiB, MiB, GiB`)
  }
  const bytes = exactly(whole, fraction, scale)
  if (bytes === null) return fail('size.fine', `${quoted(text)} is no whole number of bytes`)
  if (bytes > sizeMaxBytes) return fail('size.range', `${quoted(text)} is out of range: expected at most 1024GiB`)
  return ok(bytes)
}

/** The largest binary unit that divides the bytes, as `parseSize` reads it back. */
export function formatSize(bytes: number): string {
  for (const unit of ['GiB', 'MiB', 'KiB'] as const) {
    const scale = sizeUnits[unit] ?? 1
    if (bytes > 0 && bytes % scale === 0) return `${bytes / scale}${unit}`
  }
  return `${bytes}B`
}

/** "20%": a whole number from 0 to 100, because probabilities are whole numbers here. */
export function parsePercent(text: string): Result<number> {
  const found = /^(\d+)\s*%$/.exec(short(text))
  const percent = found === null ? NaN : Number(found[1])
  if (percent >= 0 && percent <= 100) return ok(percent)
  return fail('percent.text', `${quoted(text)} is no share: expected a whole per cent from 0% to 100%`)
}

/** Whole multiples by exact arithmetic; null when the decimals do not end in the smallest unit. */
function exactly(whole: string, fraction: string, scale: number): number | null {
  const value = BigInt(whole + fraction) * BigInt(scale)
  let divisor = 1n
  for (let i = 0; i < fraction.length; i++) divisor *= 10n
  return value % divisor === 0n ? Number(value / divisor) : null
}

/** `value` counts thousandths of the unit in steps of `step`. */
function decimal(value: number, step: number, unit: string): string {
  const thousandths = value / step
  const whole = Math.floor(thousandths / 1000)
  const rest = String(thousandths % 1000).padStart(3, '0').replace(/0+$/, '')
  return rest === '' ? `${whole}${unit}` : `${whole}.${rest}${unit}`
}

function short(text: string): string {
  const trimmed = text.trim()
  return trimmed.length <= quantityTextMax ? trimmed : ''
}
