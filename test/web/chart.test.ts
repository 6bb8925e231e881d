import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decimate, nextTop, niceTop, openSpans, spread, ticksOf, timeScale, valueScale, type Frame } from '../../web/chart/geometry.ts'

const frame: Frame = { width: 538, left: 38, top: 30, bottom: 100, nowShare: 0.8 }

describe('chart geometry', () => {
  it('puts now at its share of the plot and sixteen seconds before it', () => {
    const { perSecond, nowX } = timeScale(frame)
    expect(nowX).toBe(438)
    expect(nowX - 16 * perSecond).toBeCloseTo(38)
  })
  it('keeps the least and the greatest value of every pixel column', () => {
    const values = Array.from({ length: 1000 }, (_, i) => (i === 333 ? 99 : i === 777 ? -50 : Math.sin(i)))
    const runs = decimate(values.length, (i) => i / 100, (i) => values[i]!)
    const flat = runs.flat().filter((_, k) => k % 2 === 1)
    expect(Math.max(...flat)).toBe(99)
    expect(Math.min(...flat)).toBe(-50)
    expect(flat.length).toBeLessThanOrEqual(21 * 4)
  })
  it('breaks the line where the value is unknown', () => {
    const values = [1, 2, Number.NaN, Number.NaN, 3]
    expect(decimate(5, (i) => i, (i) => values[i]!)).toEqual([[0, 1, 1, 2], [4, 3]])
    expect(decimate(3, (i) => i, () => Number.NaN)).toEqual([])
  })
  it('draws every point that has a pixel column for itself', () => {
    fc.assert(fc.property(fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 1, maxLength: 50 }), (values) => {
      const [run] = decimate(values.length, (i) => i, (i) => values[i]!)
      expect(run).toEqual(values.flatMap((value, i) => [i, value]))
    }))
  })
  it('maps values into the plot, unknown stays unknown, nothing leaves the plot', () => {
    const y = valueScale({ low: 0, high: 10, log: false }, frame)
    expect([y(0), y(10), y(99)]).toEqual([100, 30, 30])
    expect(y(Number.NaN)).toBeNaN()
    const log = valueScale({ low: 0.01, high: 10, log: true }, frame)
    expect(log(0)).toBe(100)
    expect(log(0.1) - log(1)).toBeCloseTo(log(1) - log(10))
  })
  it('has ticks at decades or at nothing, half and full', () => {
    expect(ticksOf({ low: 0.01, high: 12, log: true })).toEqual([0.1, 1, 10])
    expect(ticksOf({ low: 0, high: 20, log: false })).toEqual([0, 10, 20])
  })
  it('grows its axis at once and shrinks it late', () => {
    expect([niceTop(7.2, 1), niceTop(0, 1), niceTop(11_200, 10)]).toEqual([10, 1, 20_000])
    expect(nextTop(10, 5, 1)).toBe(10)
    expect(nextTop(10, 12, 1)).toBe(20)
    expect(nextTop(100, 5, 1)).toBe(10)
  })
  it('keeps labels apart, in order, inside the plot', () => {
    const label = fc.record({ text: fc.constant('x'), look: fc.constant(''), y: fc.double({ min: -50, max: 200, noNaN: true }) })
    fc.assert(fc.property(fc.array(label, { maxLength: 6 }), (labels) => {
      const placed = spread(labels, 12, 30, 100)
      for (let i = 0; i < placed.length; i++) {
        expect(placed[i]!.y).toBeLessThanOrEqual(100)
        if (i > 0) expect(placed[i]!.y - placed[i - 1]!.y).toBeGreaterThanOrEqual(12 - 1e-9)
      }
    }))
  })
  it('finds outages, the last one open', () => {
    const on = [0, 1, 1, 0, 0, 1, 1]
    expect(openSpans(on.length, (i) => i, (i) => on[i]!)).toEqual([{ from: 1, to: 3 }, { from: 5, to: null }])
    expect(openSpans(3, (i) => i, () => Number.NaN)).toEqual([])
  })
})
