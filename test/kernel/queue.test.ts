import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { InvariantError } from '../../src/kernel/invariant.ts'
import { copyGraph } from '../../src/kernel/keyframe.ts'
import { EventQueue } from '../../src/kernel/queue.ts'

type Entry = { time: number; slot: number }

/** The obvious queue: a sorted array, a new entry goes behind all entries of the same time. */
class Reference {
  private readonly entries: Entry[] = []

  push(time: number, slot: number): void {
    let low = 0
    let high = this.entries.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.entries[middle]!.time <= time) low = middle + 1
      else high = middle
    }
    this.entries.splice(low, 0, { time, slot })
  }

  pop(): Entry {
    return this.entries.shift()!
  }

  get size(): number {
    return this.entries.length
  }

  nextTime(): number {
    return this.entries[0]?.time ?? Infinity
  }
}

/** Runs both queues side by side and compares all that can be seen after each step. */
class Pair {
  readonly queue = new EventQueue()
  readonly reference = new Reference()
  private slot = 0

  push(delay: number): void {
    const time = this.queue.time + delay
    this.queue.push(time, this.slot)
    this.reference.push(time, this.slot)
    this.slot++
    this.compare()
  }

  pop(): void {
    if (this.reference.size === 0) return
    const expected = this.reference.pop()
    const slot = this.queue.pop()
    if (slot !== expected.slot || this.queue.time !== expected.time) {
      expect({ slot, time: this.queue.time }).toEqual(expected)
    }
    this.compare()
  }

  drain(): void {
    while (this.reference.size > 0) this.pop()
    expect(this.queue.nextTime()).toBe(Infinity)
  }

  private compare(): void {
    if (this.queue.size !== this.reference.size) {
      expect(this.queue.size).toBe(this.reference.size)
    }
    if (this.queue.nextTime() !== this.reference.nextTime()) {
      expect(this.queue.nextTime()).toBe(this.reference.nextTime())
    }
  }
}

/** Numbers from a small generator of its own, so that the test does not lean on what it tests. */
function draws(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let x = Math.imul(state ^ (state >>> 15), state | 1)
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61)
    return ((x ^ (x >>> 14)) >>> 0) / 4294967296
  }
}

describe('EventQueue', () => {
  test('pops in order of time, and equal times in push order', () => {
    const queue = new EventQueue()
    const times = [5, 3, 5, 0, 3, 5]
    times.forEach((time, slot) => queue.push(time, slot))
    const popped: number[] = []
    while (queue.size > 0) popped.push(queue.pop())
    expect(popped).toEqual([3, 1, 4, 0, 2, 5])
    expect(queue.time).toBe(5)
  })

  test('an empty queue has no next time, and popping it or pushing into the past is our bug', () => {
    const queue = new EventQueue()
    expect(queue.nextTime()).toBe(Infinity)
    expect(() => queue.pop()).toThrow(InvariantError)
    queue.push(10, 0)
    queue.pop()
    expect(() => queue.push(9, 1)).toThrow(InvariantError)
    expect(() => queue.push(NaN, 1)).toThrow(InvariantError)
    expect(() => queue.push(Infinity, 1)).toThrow(InvariantError)
  })

  test('any mixture of pushes and pops equals a sorted array (seed 1)', () => {
    const delay = fc.oneof(
      fc.constant(0),
      fc.integer({ min: 0, max: 3 }),
      fc.integer({ min: 0, max: 1_000_000 }),
      fc.integer({ min: 0, max: 9_000_000_000_000 }),
    )
    const step = fc.oneof(
      fc.record({ pushes: fc.array(delay, { maxLength: 120 }), pops: fc.nat(150) }),
      fc.record({
        pushes: fc.tuple(delay, fc.nat(200)).map(([at, n]) => Array<number>(n).fill(at)),
        pops: fc.nat(150),
      }),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const pair = new Pair()
        for (const { pushes, pops } of steps) {
          for (const at of pushes) pair.push(at)
          for (let i = 0; i < pops; i++) pair.pop()
        }
        pair.drain()
      }),
      { seed: 1, numRuns: 150 },
    )
  })

  test.each([
    ['bursts at one instant among near and far timers', (next: () => number) => {
      const u = next()
      if (u < 0.3) return 0
      if (u < 0.9) return Math.floor(next() * 2_000_000)
      if (u < 0.98) return 500_000_000
      return Math.floor(next() * 300_000_000_000)
    }],
    ['fractions of a unit', (next: () => number) => next() * next() * 10],
    ['few different times', (next: () => number) => Math.floor(next() * 4)],
    ['exponentially growing distances', (next: () => number) => 2 ** Math.floor(next() * 48)],
  ])('60 000 events in a queue that fills and empties: %s (seed 2)', (_name, delay) => {
    const next = draws(2)
    const pair = new Pair()
    for (let round = 0; round < 6; round++) {
      for (let i = 0; i < 10_000; i++) {
        pair.push(delay(next))
        if (next() < 0.35) pair.pop()
      }
      for (let i = 0; i < 5_000 && round % 2 === 0; i++) pair.pop()
      if (round % 3 === 2) pair.drain()
    }
    pair.drain()
  })

  test('many equal times on a coarse grid, while the queue swells and shrinks (seed 4)', () => {
    // Events meet others of their own time in every part of the queue and on the borders of parts.
    const next = draws(4)
    const pair = new Pair()
    for (let round = 0; round < 600; round++) {
      const grid = 1_000 * 10 ** Math.floor(next() * 4)
      const pushes = Math.floor(next() * 250)
      const reach = 1 + Math.floor(next() * 12)
      for (let i = 0; i < pushes; i++) {
        const time = (Math.floor(pair.queue.time / grid) + 1 + Math.floor(next() * reach)) * grid
        pair.push(time - pair.queue.time)
      }
      const left = Math.floor(next() * next() * 300)
      while (pair.queue.size > left) {
        pair.pop()
        if (next() < 0.1) pair.push(next() < 0.5 ? 0 : grid * Math.floor(next() * reach))
      }
    }
    pair.drain()
  })

  test('bursts just before the latest time of all do not overtake what waits there (seed 5)', () => {
    // The latest time is where the near part of the queue meets the far one: events wait at it on
    // both sides, and a burst before it pushes the near ones over the border.
    const next = draws(5)
    for (let round = 0; round < 300; round++) {
      const pair = new Pair()
      const latest = 1_000
      const pushAt = (time: number) => pair.push(Math.max(0, time - pair.queue.time))
      for (let i = 0; i < 100 + next() * 300; i++) pushAt(latest - Math.floor(next() * next() * 400))
      for (let phase = 0; phase < 6; phase++) {
        const left = Math.floor(next() * 80)
        while (pair.queue.size > left) pair.pop()
        pushAt(latest)
        for (let i = 0; i < 150; i++) pushAt(latest - Math.floor(next() * 3))
      }
      pair.drain()
    }
  })

  test('a burst of 50 000 events at one instant keeps its order', () => {
    const queue = new EventQueue()
    for (let i = 0; i < 50_000; i++) queue.push(1_000, i)
    queue.push(999, 50_000)
    expect(queue.pop()).toBe(50_000)
    for (let i = 0; i < 50_000; i++) {
      if (i < 1_000) queue.push(1_000, 50_001 + i)
      if (queue.pop() !== i) expect.fail(`event ${i} left out of order`)
    }
    for (let i = 0; i < 1_000; i++) expect(queue.pop()).toBe(50_001 + i)
    expect(queue.size).toBe(0)
  })

  test('a keyframe copies it: original and copy go on alike and apart (seed 3)', () => {
    const next = draws(3)
    const queue = new EventQueue()
    for (let i = 0; i < 20_000; i++) {
      queue.push(queue.time + Math.floor(next() * 1e6), i)
      if (next() < 0.6) queue.pop()
    }
    const copy = copyGraph(queue)
    while (queue.size > 0) {
      expect(copy.pop()).toBe(queue.pop())
      copy.push(copy.time + 5, 1)
      queue.push(queue.time + 5, 1)
      copy.pop()
      queue.pop()
    }
    expect(copy.size).toBe(0)
  })
})
