import { describe, expect, test } from 'vitest'
import { Stream } from '../../src/kernel/index.ts'
import { estimate, share, studentPoint } from '../../src/search/statistics.ts'

describe('estimates', () => {
  test('mean, spread and the half width of the interval of a worked example', () => {
    // 2, 4, 4, 4, 5, 5, 7, 9: mean 5, s² = 32/7, t(7) = 2.365, half = 2.365 · √(32/7/8).
    const one = estimate([2, 4, 4, 4, 5, 5, 7, 9])
    expect(one).toMatchObject({ n: 8, mean: 5, min: 2, max: 9 })
    expect(one?.half).toBeCloseTo(2.365 * Math.sqrt(32 / 7 / 8), 10)
  })

  test('none without values, no width for one, no noise from large equal values', () => {
    expect(estimate([])).toBeNull()
    expect(estimate([3])).toMatchObject({ mean: 3, half: Infinity })
    expect(estimate(Array.from({ length: 50 }, () => 1e12 + 0.1))?.half).toBe(0)
  })

  test.each([[1, 12.706], [10, 2.228], [30, 2.042], [60, 2.0003], [120, 1.9799], [1000, 1.9623]])('Student with %i degrees of freedom has its 95 %% point at %d', (freedom, point) => {
    expect(Math.abs(studentPoint(freedom) - point)).toBeLessThan(0.001)
  })

  test('the interval covers the true mean in about 95 of 100 samples', () => {
    const stream = new Stream('coverage')
    let covered = 0
    for (let i = 0; i < 2000; i++) {
      const one = estimate(Array.from({ length: 10 }, () => stream.uniform()))
      if (one !== null && Math.abs(one.mean - 0.5) <= one.half) covered++
    }
    expect(covered / 2000).toBeGreaterThan(0.935)
    expect(covered / 2000).toBeLessThan(0.965)
  })

  test('a share keeps its interval inside 0 and 1, and has one even at the ends', () => {
    // Wilson's interval for 0 of 20: up to z²/(n + z²).
    expect(share(0, 20)).toMatchObject({ share: 0, low: 0 })
    expect(share(0, 20).high).toBeCloseTo(3.8415 / 23.8415, 4)
    expect(share(20, 20).low).toBeCloseTo(1 - 3.8415 / 23.8415, 4)
    expect(share(5, 10).low + share(5, 10).high).toBeCloseTo(1, 10)
  })
})
