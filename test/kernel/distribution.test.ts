import { describe, expect, test } from 'vitest'
import { shared } from '../../src/kernel/copied.ts'
import { Digest } from '../../src/kernel/digest.ts'
import {
  Alias, binomial, exponential, exponentialFixed, fromTable, gamma, logFactorial, lognormalTable,
  normal, poisson, zipfWeights,
} from '../../src/kernel/distribution.ts'
import { InvariantError } from '../../src/kernel/invariant.ts'
import { Stream } from '../../src/kernel/random.ts'

const n = 40_000

type Moments = [name: string, draw: (stream: Stream) => number, mean: number, variance: number,
  /** The fourth central moment by the variance squared. */ kurtosis: number]

const poissonCase = (mean: number): Moments =>
  [`poisson ${mean}`, (s) => poisson(s, mean), mean, mean, 3 + 1 / mean]

const binomialCase = (trials: number, p: number): Moments => {
  const variance = trials * p * (1 - p)
  return [`binomial ${trials} x ${p}`, (s) => binomial(s, trials, p), trials * p, variance,
    3 + (1 - 6 * p * (1 - p)) / variance]
}

const gammaCase = (shape: number): Moments =>
  [`gamma ${shape}`, (s) => gamma(s, shape), shape, shape, 3 + 6 / shape]

test.each<Moments>([
  ['exponential', exponential, 1, 1, 9],
  ['exponentialFixed', exponentialFixed, 1, 1, 9],
  ['normal', normal, 0, 1, 3],
  gammaCase(0.3), gammaCase(1), gammaCase(2.5), gammaCase(5), gammaCase(200),
  poissonCase(0.01), poissonCase(3), poissonCase(9.99), poissonCase(10), poissonCase(50),
  poissonCase(5000), poissonCase(1e9),
  binomialCase(2, 0.3), binomialCase(50, 0.1), binomialCase(50, 0.9), binomialCase(200, 0.3),
  binomialCase(5000, 0.1), binomialCase(5000, 0.001), binomialCase(1_000_000_000, 0.7),
])('%s has its mean and variance within five standard errors (seed by name)', (
  name, draw, mean, variance, kurtosis,
) => {
  const stream = new Stream(name)
  let sum = 0
  let squares = 0
  for (let i = 0; i < n; i++) {
    const d = draw(stream) - mean
    sum += d
    squares += d * d
  }
  expect(Math.abs(sum / n)).toBeLessThan(5 * Math.sqrt(variance / n))
  expect(Math.abs(squares / n - variance)).toBeLessThan(5 * variance * Math.sqrt((kurtosis - 1) / n))
})

/** The largest gap between the sample's and the true distribution function, times sqrt(n). */
function kolmogorov(values: number[], distribution: (x: number) => number): number {
  values.sort((a, b) => a - b)
  let gap = 0
  values.forEach((value, i) => {
    const share = distribution(value)
    gap = Math.max(gap, Math.abs(share - i / values.length), Math.abs(share - (i + 1) / values.length))
  })
  return gap * Math.sqrt(values.length)
}

/** Pearson's statistic of counts against the expected ones. */
function chiSquare(counts: ArrayLike<number>, expected: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < counts.length; i++) sum += (counts[i]! - expected[i]!) ** 2 / expected[i]!
  return sum
}

// 99.99 % of Kolmogorov's distribution is below 2.23.
describe('whole distributions', () => {
  test.each([
    ['exponential', exponential], ['exponentialFixed', exponentialFixed],
    ['gamma of shape 1', (s: Stream) => gamma(s, 0.999999999)],
  ] as const)('%s follows 1 - e^-x (seed ks)', (_name, draw) => {
    const stream = new Stream('ks')
    const values = Array.from({ length: n }, () => draw(stream))
    expect(kolmogorov(values, (x) => -Math.expm1(-x))).toBeLessThan(2.23)
  })

  test('the sum of two squared normals over two is exponential (seed ks normal)', () => {
    const stream = new Stream('ks normal')
    const values = Array.from({ length: n }, () => {
      const x = normal(stream)
      const y = normal(stream)
      return (x * x + y * y) / 2
    })
    expect(kolmogorov(values, (x) => -Math.expm1(-x))).toBeLessThan(2.23)
  })

  test('the tail beyond the ziggurat is reached as often as it should be (seed tail)', () => {
    const stream = new Stream('tail')
    let exponentials = 0
    let normals = 0
    for (let i = 0; i < 1_000_000; i++) {
      if (exponential(stream) > 7.69711747013105) exponentials++
      if (Math.abs(normal(stream)) > 3.6541528853610088) normals++
    }
    // 1e6 e^-7.697 = 454 and 1e6 * 2.58e-4 = 258.
    expect(Math.abs(exponentials - 454)).toBeLessThan(5 * 21.3)
    expect(Math.abs(normals - 258)).toBeLessThan(5 * 16.1)
  })

  test.each([[4, 'inversion'], [30, 'rejection']])(
    'poisson of mean %d follows its probabilities, by %s (seed chi)', (mean) => {
      const stream = new Stream('chi')
      const counts = new Array<number>(90).fill(0)
      for (let i = 0; i < n; i++) counts[Math.min(89, poisson(stream, mean))]!++
      const chance = (k: number) => Math.exp(k * Math.log(mean) - mean - logFactorial(k))
      expectPooledFit(counts, chance)
    })

  test.each([[40, 0.1, 'gaps'], [100, 0.4, 'rejection'], [100, 0.6, 'mirrored rejection']])(
    'binomial of %d trials at %d follows its probabilities, by %s (seed chi)', (trials, p) => {
      const stream = new Stream('chi')
      const counts = new Array<number>(trials + 1).fill(0)
      for (let i = 0; i < n; i++) counts[binomial(stream, trials, p)]!++
      const chance = (k: number) => Math.exp(logFactorial(trials) - logFactorial(k)
        - logFactorial(trials - k) + k * Math.log(p) + (trials - k) * Math.log(1 - p))
      expectPooledFit(counts, chance)
    })

  function expectPooledFit(counts: readonly number[], chance: (k: number) => number): void {
    // Results expected fewer than 20 times are taken together.
    const found: number[] = [0]
    const expected: number[] = [0]
    counts.forEach((count, k) => {
      const mean = n * chance(k)
      if (mean < 20) {
        found[0]! += count
        expected[0]! += mean
      } else {
        found.push(count)
        expected.push(mean)
      }
    })
    const freedom = found.length - 1
    // About 99.99 % of chi-square: freedom + 4 sqrt(2 freedom) + 8.
    expect(freedom).toBeGreaterThan(5)
    expect(chiSquare(found, expected)).toBeLessThan(freedom + 4 * Math.sqrt(2 * freedom) + 8)
  }
})

describe('numbers of draws', () => {
  const drawsOf = (seed: string, draw: (stream: Stream) => unknown): number => {
    const stream = new Stream(seed)
    draw(stream)
    const end = JSON.stringify(stream.state())
    const counter = new Stream(seed)
    for (let draws = 0; draws < 1000; draws++) {
      if (JSON.stringify(counter.state()) === end) return draws
      counter.int32()
    }
    return Infinity
  }

  test('exponentialFixed, an alias draw and a table draw take exactly one number', () => {
    const alias = new Alias([1, 5, 0, 2])
    const table = lognormalTable(10, 1)
    for (let i = 0; i < 300; i++) {
      expect(drawsOf(`${i}x`, exponentialFixed)).toBe(1)
      expect(drawsOf(`${i}x`, (s) => alias.draw(s))).toBe(1)
      expect(drawsOf(`${i}x`, (s) => fromTable(s, table))).toBe(1)
    }
  })

  test('the ziggurats take one number in more than 96 of 100 cases', () => {
    for (const draw of [exponential, normal]) {
      let ones = 0
      for (let i = 0; i < 1000; i++) if (drawsOf(`${i}z`, draw) === 1) ones++
      expect(ones).toBeGreaterThan(960)
    }
  })

  test('certain outcomes draw nothing', () => {
    expect(drawsOf('a', (s) => binomial(s, 0, 0.5))).toBe(0)
    expect(drawsOf('a', (s) => binomial(s, 9, 0))).toBe(0)
    expect(drawsOf('a', (s) => binomial(s, 9, 1))).toBe(0)
    expect(binomial(new Stream('a'), 9, 1)).toBe(9)
    expect(poisson(new Stream('a'), 0)).toBe(0)
  })
})

describe('Alias', () => {
  test.each([
    ['even weights', [1, 1, 1, 1]],
    ['uneven weights', [1, 2, 3, 4, 5, 0.5]],
    ['one heavy weight', [1000, 1, 1, 1, 1, 1, 1]],
    ['Zipf over 100 ranks', Array.from(zipfWeights(100, 1.1))],
  ])('draws in proportion to %s (seed alias, 200 000 draws)', (_name, weights) => {
    const alias = new Alias(weights)
    const stream = new Stream('alias')
    const counts = new Array<number>(weights.length).fill(0)
    for (let i = 0; i < 200_000; i++) counts[alias.draw(stream)]!++
    const sum = weights.reduce((a, b) => a + b, 0)
    const expected = weights.map((weight) => (200_000 * weight) / sum)
    const freedom = weights.length - 1
    expect(chiSquare(counts, expected)).toBeLessThan(freedom + 4 * Math.sqrt(2 * freedom) + 8)
  })

  test('a weight of zero is never drawn, and a single one always', () => {
    const alias = new Alias([0, 3, 0, 0, 1, 0])
    const stream = new Stream('zero')
    for (let i = 0; i < 20_000; i++) expect([1, 4]).toContain(alias.draw(stream))
    expect(new Alias([7]).draw(stream)).toBe(0)
  })

  test('no, negative or only zero weights are our bug', () => {
    for (const weights of [[], [0, 0], [1, -1], [NaN], [Infinity]]) {
      expect(() => new Alias(weights)).toThrow(InvariantError)
    }
  })
})

describe('tables', () => {
  test('Zipf weights fall by the power of the rank', () => {
    expect(Array.from(zipfWeights(4, 1))).toEqual([1, 1 / 2, 1 / 3, 1 / 4])
    expect(Array.from(zipfWeights(3, 0))).toEqual([1, 1, 1])
  })

  test('a lognormal table has the mean, rises, and has the median of the law', () => {
    for (const sigma of [0, 0.1, 0.5, 1, 2]) {
      const table = lognormalTable(7, sigma)
      const mean = table.reduce((a, b) => a + b, 0) / table.length
      expect(mean).toBeCloseTo(7, 9)
      for (let i = 1; i < table.length; i++) {
        expect(table[i]!).toBeGreaterThanOrEqual(table[i - 1]! * (1 - 1e-11))
      }
      const median = (table[127]! + table[128]!) / 2
      expect(median / (7 * Math.exp((-sigma * sigma) / 2))).toBeCloseTo(1, 2)
    }
  })

  test('a lognormal table cut finer keeps the law: 84.13 % lie below e^(mu + sigma)', () => {
    const table = lognormalTable(1, 0.7, 4096)
    const limit = Math.exp(-0.245 + 0.7)
    expect(table.filter((value) => value < limit).length / 4096).toBeCloseTo(0.8413, 3)
  })

  test('tables and aliases are marked as shared', () => {
    expect((lognormalTable(1, 1) as unknown as Record<symbol, unknown>)[shared]).toBe(true)
    expect(new Alias([1, 2])[shared]).toBe(true)
  })

  test('log k! equals the sum of logarithms on both sides of 128', () => {
    let sum = 0
    for (let k = 1; k <= 1000; k++) {
      sum += Math.log(k)
      expect(Math.abs(logFactorial(k) / sum - 1) < 1e-13 || k === 1).toBe(true)
    }
    expect(logFactorial(0)).toBe(0)
  })
})

test('golden: every bit of a thousand numbers of each kind is as it always was', () => {
  const bits = new Float64Array(1)
  const halves = new Int32Array(bits.buffer)
  const alias = new Alias(zipfWeights(1000, 1.2))
  const table = lognormalTable(5, 0.8)
  const kinds: Record<string, (stream: Stream) => number> = {
    exponential, exponentialFixed, normal,
    gamma: (s) => gamma(s, 0.7) + gamma(s, 4),
    poisson: (s) => poisson(s, 3) + poisson(s, 77),
    binomial: (s) => binomial(s, 30, 0.2) + binomial(s, 3000, 0.6),
    zipf: (s) => alias.draw(s),
    lognormal: (s) => fromTable(s, table),
  }
  const digests: Record<string, string> = {}
  for (const [name, draw] of Object.entries(kinds)) {
    const stream = new Stream('golden draws')
    const digest = new Digest()
    for (let i = 0; i < 1000; i++) {
      bits[0] = draw(stream)
      digest.mix(halves[0]!)
      digest.mix(halves[1]!)
    }
    digests[name] = digest.text()
  }
  expect(digests).toMatchInlineSnapshot(`
    {
      "binomial": "1c1ae33776fc184e",
      "exponential": "de297208803b245c",
      "exponentialFixed": "18fe793c54e3f275",
      "gamma": "c50d0d05bb19369a",
      "lognormal": "07fb1aba0ae7afaf",
      "normal": "190162f5ad26f264",
      "poisson": "be3c3b73cf08df82",
      "zipf": "83d1b0dd08ce9404",
    }
  `)
})
