import { describe, expect, it } from 'vitest'
import { crossSeconds, Dots, dotsMax, recordsPerDot } from '../../web/stage/dots.ts'

describe('traffic dots', () => {
  it.each([[0, 1], [49, 1], [50, 1], [299, 1], [10_000, 50], [30_000, 100], [30_400, 100], [300_000, 1000], [Number.NaN, 1]])(
    'at %d records/s a dot is %d records', (rate, records) => {
      expect(recordsPerDot(rate)).toBe(records)
    })
  it('stand for more records where one target would get so many that they touch', () => {
    expect(recordsPerDot(30_000, 800)).toBe(100)
    expect(recordsPerDot(30_000, 20_000)).toBe(2000)
    expect(recordsPerDot(40, 40)).toBe(1)
  })
  it('send as many dots as records, and let each arrive', () => {
    const dots = new Dots()
    dots.perDot = 10
    let sent = 0
    for (let i = 0; i < 100; i++) {
      const before = dots.alive.length
      dots.send(0, 1, 'record', 7)
      sent += dots.alive.length - before
      dots.move(0.02)
      if (dots.alive.length < before) sent += 0
    }
    // The first dot of a target is brought forward by a fixed part, so that targets do not march in step.
    expect(sent).toBeGreaterThanOrEqual(70)
    expect(sent).toBeLessThanOrEqual(71)
    dots.move(crossSeconds)
    expect(dots.alive).toHaveLength(0)
  })
  it('show every retry and error, however few', () => {
    const dots = new Dots()
    dots.perDot = 1000
    dots.send(1, 0, 'error', 1)
    dots.send(1, 0, 'retry', 1)
    expect(dots.alive.map((dot) => dot.kind)).toEqual(['error', 'retry'])
  })
  it('never keep more than the most', () => {
    const dots = new Dots()
    for (let i = 0; i < 1000; i++) dots.send(0, i, 'record', 100)
    expect(dots.alive.length).toBe(dotsMax)
    dots.clear()
    for (let i = 0; i < 1000; i++) dots.fill(0, i, 1e6)
    expect(dots.alive.length).toBe(dotsMax)
  })
  it('send nothing for an unknown rate', () => {
    const dots = new Dots()
    dots.send(0, 0, 'record', Number.NaN)
    expect(dots.alive).toHaveLength(0)
  })
})
