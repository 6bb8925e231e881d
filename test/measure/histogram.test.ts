import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { InvariantError } from '../../src/kernel/invariant.ts'
import { Histogram } from '../../src/measure/histogram.ts'

const nanos = fc.oneof(
  fc.integer({ min: 0, max: 300 }),
  fc.integer({ min: 0, max: 10_000_000_000 }),
  fc.nat(52).map((power) => 2 ** power),
  fc.maxSafeInteger().map(Math.abs),
)

function exactQuantile(sorted: readonly number[], q: number): number {
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)]!
}

describe('Histogram', () => {
  test('every quantile is within 0.4 % of the exact one, and the ends are exact (seed 11)', () => {
    fc.assert(
      fc.property(fc.array(nanos, { minLength: 1, maxLength: 300 }), fc.nat(1000), (values, mille) => {
        const histogram = new Histogram()
        for (const value of values) histogram.add(value)
        const sorted = [...values].sort((a, b) => a - b)
        const exact = exactQuantile(sorted, mille / 1000)
        const found = histogram.quantile(mille / 1000)
        expect(found.atLeast).toBe(false)
        expect(Math.abs(found.value - exact)).toBeLessThanOrEqual(exact / 256)
        expect(histogram.min).toBe(sorted[0])
        expect(histogram.max).toBe(sorted.at(-1))
        expect(histogram.quantile(1).value).toBe(sorted.at(-1))
        expect(histogram.count).toBe(values.length)
      }),
      { seed: 11 },
    )
  })

  test('values below 256 are exact', () => {
    for (let value = 0; value < 256; value++) {
      const histogram = new Histogram()
      histogram.add(0)
      histogram.add(value, 5)
      histogram.add(1_000_000)
      expect(histogram.quantile(0.5).value).toBe(value)
    }
  })

  test('each power of two up to 2^53 and its neighbours land in a bucket that holds them', () => {
    for (let power = 8; power <= 53; power++) {
      for (const value of [2 ** power - 1, 2 ** power, Math.min(2 ** power + 1, 2 ** 53)]) {
        const histogram = new Histogram()
        histogram.add(0)
        histogram.add(value, 2)
        histogram.add(2 ** 53)
        const found = histogram.quantile(0.5).value
        expect(Math.abs(found - value) / value).toBeLessThanOrEqual(1 / 256)
      }
    }
  })

  test('ranks are not moved by rounding: 0.07 of 100 is the 7th value', () => {
    const histogram = new Histogram()
    for (let value = 1; value <= 100; value++) histogram.add(value)
    for (let percent = 1; percent <= 100; percent++) {
      expect(histogram.quantile(percent / 100).value).toBe(percent)
    }
    expect(histogram.quantile(0).value).toBe(1)
    expect(histogram.quantile(0.995).value).toBe(100)
  })

  test('a quantile among unbounded values is only known to be at least the largest seen', () => {
    const histogram = new Histogram()
    histogram.add(100, 98)
    histogram.add(5000, 1)
    histogram.addUnbounded(1)
    expect(histogram.quantile(0.5)).toEqual({ value: 100, atLeast: false })
    expect(histogram.quantile(0.99)).toEqual({ value: 5000, atLeast: false })
    expect(histogram.quantile(0.999)).toEqual({ value: 5000, atLeast: true })
    expect(histogram.count).toBe(99)
    expect(histogram.unboundedCount).toBe(1)
  })

  test('nothing counted is not zero, and only unbounded values are at least 0', () => {
    const histogram = new Histogram()
    expect(histogram.quantile(0.5).value).toBeNaN()
    histogram.addUnbounded(3)
    expect(histogram.quantile(0.5)).toEqual({ value: 0, atLeast: true })
  })

  test('merging equals adding everything to one, in any order (seed 12)', () => {
    fc.assert(
      fc.property(fc.array(nanos), fc.array(nanos), fc.nat(5), fc.nat(5), (left, right, a, b) => {
        const one = new Histogram()
        const two = new Histogram()
        const all = new Histogram()
        for (const value of left) one.add(value)
        for (const value of right) two.add(value)
        for (const value of [...right, ...left]) all.add(value)
        one.addUnbounded(a)
        two.addUnbounded(b)
        all.addUnbounded(a + b)
        one.merge(two)
        for (let q = 0; q <= 20; q++) {
          expect(one.quantile(q / 20)).toEqual(all.quantile(q / 20))
        }
        expect([one.count, one.min, one.max, one.unboundedCount])
          .toEqual([all.count, all.min, all.max, all.unboundedCount])
      }),
      { seed: 12 },
    )
  })

  test('a span equals its values added one by one (seed 13)', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.nat(300), fc.nat(1_000_000)), fc.oneof(fc.nat(2000), fc.nat(100_000_000)),
        fc.integer({ min: 2, max: 3000 }),
        (low, width, n) => {
          const span = new Histogram()
          const single = new Histogram()
          span.addSpan(low, low + width, n)
          for (let i = 0; i < n; i++) {
            single.add(Math.min(low + width, Math.floor(low + (i * width) / (n - 1))))
          }
          expect([span.count, span.min, span.max]).toEqual([n, low, low + width])
          for (let q = 0; q <= 20; q++) {
            const expected = single.quantile(q / 20).value
            const found = span.quantile(q / 20).value
            // A value on the border of two buckets may fall to either side by rounding.
            expect(Math.abs(found - expected)).toBeLessThanOrEqual(1 + expected / 100)
          }
        },
      ),
      { seed: 13 },
    )
  })

  test('a span of one value is its upper end, an empty span is nothing', () => {
    const histogram = new Histogram()
    histogram.addSpan(10, 20, 0)
    expect(histogram.count).toBe(0)
    expect(histogram.min).toBe(Infinity)
    histogram.addSpan(10, 20, 1)
    expect([histogram.count, histogram.min, histogram.max]).toEqual([1, 20, 20])
  })

  test('counts at most a limit: all at the maximum, none below the minimum, whole between', () => {
    const histogram = new Histogram()
    histogram.add(100, 3)
    histogram.add(200, 4)
    histogram.add(1_000_000, 5)
    expect([99, 100, 199, 200, 900_000, 1_000_000].map((limit) => histogram.countAtMost(limit)))
      .toEqual([0, 3, 3, 7, 7, 12])
  })

  test('negative, unordered and absent values are our bugs', () => {
    const histogram = new Histogram()
    expect(() => histogram.add(-1)).toThrow(InvariantError)
    expect(() => histogram.add(NaN)).toThrow(InvariantError)
    expect(() => histogram.addSpan(2, 1, 3)).toThrow(InvariantError)
    expect(() => histogram.add(1, -1)).toThrow(InvariantError)
    expect(() => histogram.quantile(1.5)).toThrow(InvariantError)
  })

  test('clear forgets everything', () => {
    const histogram = new Histogram()
    histogram.addSpan(5, 1e12, 1000)
    histogram.addUnbounded()
    histogram.clear()
    expect(histogram).toEqual(Object.assign(new Histogram(), { counts: histogram['counts'] }))
    expect(histogram['counts'].every((n) => n === 0)).toBe(true)
  })
})
