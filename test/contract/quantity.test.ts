import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  durationMaxNanos, formatDuration, formatRate, formatSize, parseDuration, parsePercent, parseRate, parseSize, sizeMaxBytes,
} from '../../src/contract/quantity.ts'
import type { Result } from '../../src/contract/issue.ts'
import { nanos } from '../../src/kernel/time.ts'

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.issues))
  return result.value
}

function issueOf<T>(result: Result<T>): { code: string; message: string } {
  if (result.ok) throw new Error(`understood as ${String(result.value)}`)
  expect(result.issues).toHaveLength(1)
  return { code: result.issues[0]?.code ?? '', message: result.issues[0]?.message ?? '' }
}

describe('durations', () => {
  test.each([
    ['500ms', 500e6], ['2m', 120e9], ['1.5s', 1.5e9], ['250us', 250e3], ['250µs', 250e3], ['10ns', 10], ['1h', 3600e9],
    ['0s', 0], ['0.000000001s', 1], [' 30 s ', 30e9], ['104d', durationMaxNanos], ['0.1h', 360e9], ['2min', 120e9],
  ])('%s is %d ns', (text, expected) => {
    expect(valueOf(parseDuration(text))).toBe(expected)
  })

  test.each([
    ['30', 'duration.unit', 'give a unit'], ['1.5', 'duration.unit', 'give a unit'], ['0', 'duration.unit', 'give a unit'],
    ['5 weeks', 'duration.unit', 'weeks'], ['5S', 'duration.unit', '5S'], ['1constructor', 'duration.unit', 'constructor'],
    ['NaN', 'duration.text', 'NaN'], ['1e99s', 'duration.text', '1e99s'], ['-5ms', 'duration.text', 'negative'],
    ['', 'duration.text', 'expected a duration'], ['s', 'duration.text', 's'], ['1m30s', 'duration.text', '1m30s'],
    ['Infinity', 'duration.text', 'Infinity'], ['.5s', 'duration.text', '.5s'], ['1,5s', 'duration.text', '1,5s'],
    ['0.5ns', 'duration.fine', 'one nanosecond'], ['0.0000000001s', 'duration.fine', 'one nanosecond'],
    ['105d', 'duration.long', '104 days'], ['99999999999999999999h', 'duration.long', '104 days'],
    ['1'.repeat(50) + 's', 'duration.text', '1111'],
  ])('%s is refused with %s and a message that says what was found', (text, code, words) => {
    const issue = issueOf(parseDuration(text))
    expect(issue.code).toBe(code)
    expect(issue.message).toContain(words)
  })

  test.each([
    [0, '0s'], [1, '1ns'], [999, '999ns'], [1_500, '1.5us'], [250_000, '250us'], [1_500_000, '1.5ms'], [500e6, '500ms'],
    [30e9, '30s'], [32_377e6, '32.377s'], [60e9, '1m'], [90e9, '90s'], [3600e9, '1h'], [1_000_000_001, '1000000.001us'],
  ])('%d ns is printed as %s', (value, text) => {
    expect(formatDuration(nanos(value))).toBe(text)
  })

  test('what is printed is read back exactly (seed 1)', () => {
    const scale = fc.constantFrom(1, 1e3, 1e6, 1e8, 1e9, 60e9)
    const duration = fc.tuple(fc.nat(9_007_199), scale).map(([n, unit]) => Math.min(n * unit, durationMaxNanos))
    fc.assert(fc.property(fc.oneof(duration, fc.maxSafeNat().map((n) => Math.min(n, durationMaxNanos))), (n) => {
      expect(valueOf(parseDuration(formatDuration(nanos(n))))).toBe(n)
    }), { seed: 1, numRuns: 2_000 })
  })

  test('no text whatever makes it throw or return something that is not whole nanoseconds (seed 2)', () => {
    const text = fc.oneof(fc.string(), fc.stringMatching(/^-?[0-9.e]{0,12} ?[a-z]{0,3}$/))
    fc.assert(fc.property(text, (words) => {
      const parsed = parseDuration(words)
      expect(parsed.ok ? Number.isSafeInteger(parsed.value) && parsed.value >= 0 : parsed.issues.length === 1).toBe(true)
    }), { seed: 2, numRuns: 2_000 })
  })
})

describe('rates', () => {
  test.each([
    ['10000/s', 10_000], ['10000 TPS', 10_000], ['10,000 TPS', 10_000], ['10 000/s', 10_000], ['10_000 events/s', 10_000],
    ['10k/s', 10_000], ['1.5M/s', 1_500_000], ['600/min', 10], ['5 transactions per second', 5], ['0.5/s', 0.5],
  ])('%s is %d a second', (text, expected) => {
    expect(valueOf(parseRate(text))).toBe(expected)
  })

  test.each([
    ['10000', 'rate.unit'], ['10k', 'rate.unit'], ['fast', 'rate.text'], ['-5/s', 'rate.text'], ['0/s', 'rate.range'],
    ['1e9/s', 'rate.text'], ['200M/s', 'rate.range'], ['10,00/s', 'rate.text'], ['10/fortnight', 'rate.text'], ['', 'rate.text'],
  ])('%s is refused with %s', (text, code) => {
    expect(issueOf(parseRate(text)).code).toBe(code)
  })

  test('what is printed is read back', () => {
    for (const rate of [0.001, 0.5, 1, 9_999.5, 10_000, 1e8]) expect(valueOf(parseRate(formatRate(rate)))).toBe(rate)
  })
})

describe('sizes', () => {
  test.each([
    ['500B', 500], ['16KiB', 16_384], ['1MiB', 1_048_576], ['1MB', 1_000_000], ['1.5kB', 1_500], ['1024GiB', sizeMaxBytes],
  ])('%s is %d bytes', (text, expected) => {
    expect(valueOf(parseSize(text))).toBe(expected)
  })

  test.each([
    ['500', 'size.unit'], ['5 bytes', 'size.unit'], ['0.5B', 'size.fine'], ['1025GiB', 'size.range'], ['-1B', 'size.text'], ['huge', 'size.text'],
  ])('%s is refused with %s', (text, code) => {
    expect(issueOf(parseSize(text)).code).toBe(code)
  })

  test('what is printed is read back (seed 3)', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: sizeMaxBytes }), (bytes) => {
      expect(valueOf(parseSize(formatSize(bytes)))).toBe(bytes)
    }), { seed: 3, numRuns: 500 })
  })
})

describe('shares', () => {
  test('a share is a whole per cent from 0 to 100', () => {
    expect(valueOf(parsePercent('20%'))).toBe(20)
    for (const text of ['20', '0.5%', '101%', '-1%', '%', 'half']) expect(issueOf(parsePercent(text)).code).toBe('percent.text')
  })
})
