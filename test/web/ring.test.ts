import { describe, expect, it } from 'vitest'
import { Ring } from '../../web/ring.ts'

function frames(...times: number[]): Float64Array {
  return Float64Array.from(times.flatMap((time) => [time, time * 2]))
}

function ringOf(rowsMax: number): Ring {
  return new Ring({ width: 2, rowsMax, timeSlot: 0 })
}

function timesOf(ring: Ring): number[] {
  return Array.from({ length: ring.length }, (_, i) => ring.timeOf(i))
}

describe('ring of frames', () => {
  it('keeps at most its rows, the oldest make room', () => {
    const ring = ringOf(3)
    ring.append(frames(1, 2, 3, 4, 5), 5)
    expect(timesOf(ring)).toEqual([3, 4, 5])
    expect(ring.row(0)[1]).toBe(6)
    expect([ring.oldest, ring.newest]).toEqual([3, 5])
  })
  it('finds the last frame at or before a time', () => {
    const ring = ringOf(9)
    ring.append(frames(1, 2, 3), 3)
    expect([0.5, 1, 2.9, 3, 99].map((time) => ring.indexAt(time))).toEqual([-1, 0, 1, 2, 2])
  })
  it('drops what lies beyond a moment, and goes on from there', () => {
    const ring = ringOf(4)
    ring.append(frames(1, 2, 3, 4, 5), 5)
    ring.discardFrom(3)
    expect(timesOf(ring)).toEqual([2, 3])
    ring.append(frames(3.5, 4.5, 5.5), 3)
    expect(timesOf(ring)).toEqual([3, 3.5, 4.5, 5.5].slice(0, 4))
  })
  it('replaces frames that come a second time', () => {
    const ring = ringOf(9)
    ring.append(frames(1, 2, 3), 3)
    ring.append(Float64Array.from([2, -1]), 1)
    expect(timesOf(ring)).toEqual([1, 2])
    expect(ring.row(1)[1]).toBe(-1)
  })
  it('says NaN outside', () => {
    expect(ringOf(2).newest).toBeNaN()
    expect(ringOf(2).indexAt(1)).toBe(-1)
  })
})
