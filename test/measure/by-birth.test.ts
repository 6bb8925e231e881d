import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LatencyByBirth, ROWS_MAX, Slowest } from '../../src/measure/by-birth.ts'
import { Histogram } from '../../src/measure/histogram.ts'

const s = 1e9

describe('latency by second of birth', () => {
  test('of all records is the plain histogram of them', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.nat(100), fc.nat(5_000_000_000)), { minLength: 1, maxLength: 200 }), (records) => {
      const rows = new LatencyByBirth(0)
      const plain = new Histogram()
      for (const [born, latency] of records) {
        rows.add(born * s, latency)
        plain.add(latency)
      }
      const all = rows.all()
      expect([all.count, all.min, all.max]).toEqual([plain.count, plain.min, plain.max])
      for (const q of [0.1, 0.5, 0.9, 0.99]) expect(all.quantile(q)).toEqual(plain.quantile(q))
    }), { seed: 1 })
  })

  test('leaves out the rows that a span touches, to its end or to the end of the run', () => {
    const rows = new LatencyByBirth(0)
    for (let second = 0; second < 20; second++) rows.add(second * s, second * 1000)
    expect(rows.outside([{ from: 5.5 * s, to: 7 * s }]).count).toBe(18)
    expect(rows.outside([{ from: 15 * s, to: null }]).max).toBe(14_000)
  })

  test('counts what was never seen as longer than any limit, unless it was born in the warm-up', () => {
    const rows = new LatencyByBirth(2 * s)
    rows.add(1 * s, 5)
    rows.add(3 * s, 5)
    rows.addUnseen(1 * s)
    rows.addUnseen(3 * s)
    rows.addUnseen(4 * s)
    rows.addUnseen(4 * s, -1)
    expect([rows.all().count, rows.all().unboundedCount, rows.unseen]).toEqual([1, 1, 1])
  })

  test('keeps a bounded number of rows: beyond, each covers twice the time, and nothing is lost', () => {
    const rows = new LatencyByBirth(0)
    for (let second = 0; second < 3 * ROWS_MAX; second += 7) rows.add(second * s, 1000 + second)
    expect(rows.all().count).toBe(Math.ceil((3 * ROWS_MAX) / 7))
    expect(rows.outside([{ from: 4 * s, to: 4 * s + 1 }]).count).toBe(rows.all().count - 1)
  })
})

test('the slowest five are named, slowest first, those of the warm-up left out', () => {
  const slowest = new Slowest(10)
  for (const [born, latency, index] of [[5, 900, 0], [11, 30, 1], [12, 80, 2], [13, 10, 3], [14, 50, 4], [15, 70, 5], [16, 60, 6], [17, 20, 7]] as const) {
    slowest.add(born, latency, 1, index)
  }
  expect(slowest.above(0)).toEqual(['source-2:2', 'source-2:5', 'source-2:6', 'source-2:4', 'source-2:1'])
  expect(slowest.above(60)).toEqual(['source-2:2', 'source-2:5'])
})
