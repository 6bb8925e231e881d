import { describe, expect, test } from 'vitest'
import { copied } from '../../src/kernel/copied.ts'
import { InvariantError } from '../../src/kernel/invariant.ts'
import { Stream, streamSeed } from '../../src/kernel/random.ts'

function drawMany(stream: Stream, n: number): number[] {
  return Array.from({ length: n }, () => stream.int32())
}

/** Pearson's statistic of `counts` against equal chances. */
function chiSquare(counts: readonly number[]): number {
  const mean = counts.reduce((a, b) => a + b, 0) / counts.length
  return counts.reduce((sum, count) => sum + (count - mean) ** 2 / mean, 0)
}

describe('Stream', () => {
  test('the same seed gives the same numbers, another seed others', () => {
    expect(drawMany(new Stream('a'), 20)).toEqual(drawMany(new Stream('a'), 20))
    expect(drawMany(new Stream('a'), 20)).not.toEqual(drawMany(new Stream('b'), 20))
  })

  test('golden: the first numbers of a seed never change', () => {
    const stream = new Stream('golden')
    expect([stream.int32(), stream.int32(), stream.uniform(), stream.below(1000)])
      .toMatchInlineSnapshot(`
        [
          1095689102,
          782979631,
          0.45072002662345767,
          23,
        ]
      `)
  })

  test('saved and restored, it goes on alike, and through JSON too', () => {
    const stream = new Stream('a')
    drawMany(stream, 1000)
    const state = stream.state()
    const restored = Stream.restore('a', JSON.parse(JSON.stringify(state)) as typeof state)
    expect(drawMany(restored, 100)).toEqual(drawMany(stream, 100))
    expect(restored.state()).toEqual(stream.state())
    expect(restored.state()).not.toEqual(state)
  })

  test('a copy has its own state, and so has the copy that keyframes make', () => {
    const stream = new Stream('a')
    drawMany(stream, 10)
    const copies = [stream.copy(), stream[copied]()]
    const expected = drawMany(stream, 50)
    for (const copy of copies) {
      expect(copy.name).toBe('a')
      expect(drawMany(copy, 50)).toEqual(expected)
    }
  })

  test('reading the state draws nothing', () => {
    const stream = new Stream('a')
    stream.state()
    expect(stream.int32()).toBe(new Stream('a').int32())
  })

  test('each kind of draw takes exactly one number', () => {
    const kinds: ((stream: Stream) => unknown)[] = [
      (s) => s.int32(), (s) => s.uniform(), (s) => s.below(7), (s) => s.below(4294967296),
      (s) => s.perMille(0), (s) => s.perMille(1000), (s) => s.perMille(5),
    ]
    const expected = new Stream('one')
    expected.int32()
    for (const draw of kinds) {
      const stream = new Stream('one')
      draw(stream)
      expect(stream.state()).toEqual(expected.state())
    }
  })

  test('all 32 bits are even: each is set in half of 100 000 numbers (seed bits)', () => {
    const stream = new Stream('bits')
    const counts = new Array<number>(32).fill(0)
    for (let i = 0; i < 100_000; i++) {
      const value = stream.int32()
      expect(value).toBe(value | 0)
      for (let bit = 0; bit < 32; bit++) counts[bit]! += (value >>> bit) & 1
    }
    // Five deviations of sqrt(n) / 2.
    for (const count of counts) expect(Math.abs(count - 50_000)).toBeLessThan(5 * 158)
  })

  test('below(n) is in range and even (seed below)', () => {
    const stream = new Stream('below')
    const counts = new Array<number>(10).fill(0)
    for (let i = 0; i < 100_000; i++) counts[stream.below(10)]!++
    expect(counts.reduce((a, b) => a + b, 0)).toBe(100_000)
    // 99.99 % of chi-square with 9 degrees of freedom.
    expect(chiSquare(counts)).toBeLessThan(33.7)
    for (const n of [1, 3, 4294967295, 4294967296]) {
      for (let i = 0; i < 1000; i++) {
        const value = stream.below(n)
        expect(value >= 0 && value < n && Math.floor(value) === value).toBe(true)
      }
    }
  })

  test('perMille keeps its ends, and its share (seed mille)', () => {
    const stream = new Stream('mille')
    let hits = 0
    for (let i = 0; i < 100_000; i++) {
      if (stream.perMille(0)) expect.fail('0 per mille happened')
      if (!stream.perMille(1000)) expect.fail('1000 per mille failed')
      if (stream.perMille(30)) hits++
    }
    expect(Math.abs(hits - 3000)).toBeLessThan(5 * 54)
  })

  test('an absent or empty seed, a broken state and ranges that are none are our bugs', () => {
    const absent = undefined as unknown as string
    expect(() => new Stream(absent)).toThrow(InvariantError)
    expect(() => new Stream('')).toThrow(InvariantError)
    expect(() => streamSeed(absent, 'a')).toThrow(InvariantError)
    expect(() => streamSeed('1', '')).toThrow(InvariantError)
    expect(() => Stream.restore('a', { c: 1, s0: NaN, s1: 0, s2: 0 })).toThrow(InvariantError)
    expect(() => Stream.restore('a', { c: 1.5, s0: 0, s1: 0, s2: 0 })).toThrow(InvariantError)
    const stream = new Stream('a')
    expect(() => stream.below(0)).toThrow(InvariantError)
    expect(() => stream.below(NaN)).toThrow(InvariantError)
    expect(() => stream.perMille(1001)).toThrow(InvariantError)
  })
})

test('streams of one run and of runs with like seeds have different seed texts', () => {
  const texts = [
    streamSeed('1', '1:a'), streamSeed('11', 'a'), streamSeed('1', 'a'), streamSeed('', '1'),
    streamSeed('1:1', 'a'), streamSeed('a', '1:1'),
  ]
  expect(new Set(texts).size).toBe(texts.length)
})
