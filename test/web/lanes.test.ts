import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { between, laneParts, lanesPerRow, nextSpan, spans } from '../../web/stage/lanes.ts'

const nothing = { end: 100, visible: 100, read: 100, again: 100, reached: Number.NaN }

describe('lanes', () => {
  it('put now at the right edge and the span over the width', () => {
    expect(laneParts(nothing, 100, 10, 400)).toMatchObject({ done: 400, again: 400, unread: 400, hidden: 400 })
    expect(laneParts({ ...nothing, read: 95 }, 100, 10, 400)).toMatchObject({ done: 200, again: 200, unread: 400 })
    expect(laneParts({ ...nothing, read: 50 }, 100, 10, 400).done).toBe(0)
  })
  it('end short of the edge when nothing can be appended', () => {
    expect(laneParts({ ...nothing, end: 98, visible: 98, read: 98 }, 100, 10, 400).hidden).toBe(320)
  })
  it('show what was read and will be read again apart from what was never read', () => {
    const parts = laneParts({ ...nothing, read: 92.8, reached: 93.8 }, 100, 10, 400)
    expect(parts.done).toBeCloseTo(112)
    expect(parts.again).toBeCloseTo(152)
    expect(parts.unread).toBe(400)
  })
  it('hatch what lies above the high watermark', () => {
    const parts = laneParts({ ...nothing, visible: 99, read: 98 }, 100, 10, 400)
    expect([parts.done, parts.unread, parts.hidden]).toEqual([320, 360, 400])
  })
  it('stay blank when a position is unknown', () => {
    expect(laneParts({ ...nothing, read: Number.NaN }, 100, 10, 400).done).toBeNaN()
    expect(laneParts({ ...nothing, end: Number.NaN, visible: Number.NaN }, 100, 10, 400).hidden).toBeNaN()
  })
  it('are in order inside the bar for any positions', () => {
    const time = fc.double({ min: 0, max: 200, noNaN: true })
    fc.assert(fc.property(time, time, time, time, (end, visible, read, reached) => {
      const p = laneParts({ end, visible, read, again: read, reached }, 100, 10, 400)
      const order = [0, p.done, p.again, p.unread, p.hidden, 400]
      for (let i = 1; i < order.length; i++) expect(order[i]).toBeGreaterThanOrEqual(order[i - 1]!)
    }))
  })
  it('widen at once and narrow only when the debt has shrunk a lot', () => {
    expect(nextSpan(2, 1.7)).toBe(2)
    expect(nextSpan(2, 1.9)).toBe(5)
    expect(nextSpan(10, 3)).toBe(10)
    expect(nextSpan(10, 2.4)).toBe(5)
    expect(nextSpan(2, 500)).toBe(spans.at(-1))
    fc.assert(fc.property(fc.constantFrom(...spans), fc.double({ min: 0, max: 100, noNaN: true }), (span, debt) => {
      const next = nextSpan(span, debt)
      expect(spans).toContain(next)
      expect(nextSpan(next, debt)).toBe(next)
    }))
  })
  it('share a row when there are more than 24', () => {
    expect([1, 12, 24, 25, 48, 100].map(lanesPerRow)).toEqual([1, 1, 1, 2, 2, 5])
  })
  it('move straight between frames, and never from a value that is unknown or fell', () => {
    expect(between(10, 20, 0.25)).toBe(12.5)
    expect(between(20, 10, 0.5)).toBe(20)
    expect(between(10, Number.NaN, 0.5)).toBe(10)
    expect(between(Number.NaN, 10, 0.5)).toBeNaN()
  })
})
