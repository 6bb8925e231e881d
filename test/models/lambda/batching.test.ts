import { describe, expect, it } from 'vitest'
import { batchRecordsMax, closesNow, Positions, windowEnd } from '../../../models/parts/lambda/index.ts'
import { Bench } from '../kinesis/kit.ts'

/** Sizes of the batches that were invoked, in order. */
function batchSizes(bench: Bench): number[] {
  const sizes: number[] = []
  const { functions } = bench.plant.built
  const invoke = functions.invoke.bind(functions)
  functions.invoke = (sim, batch) => {
    sizes.push(batch.size)
    return invoke(sim, batch)
  }
  return sizes
}

describe('a batch', () => {
  it('holds BatchSize records, or what 6 MB hold with their encoding', () => {
    expect(batchRecordsMax(100, 500)).toBe(100)
    expect(batchRecordsMax(10_000, 500)).toBe(Math.floor(6_000_000 / (667 + 512)))
    expect(batchRecordsMax(10_000, 1_048_576)).toBe(4)
  })

  it('closes at once when it is full or has no window to wait for', () => {
    expect(closesNow(100, 100, 1e9)).toBe(true)
    expect(closesNow(99, 100, 1e9)).toBe(false)
    expect(closesNow(1, 100, 0)).toBe(true)
    expect(closesNow(0, 100, 0)).toBe(false)
  })

  it('waits for a window that begins when the last invocation completed, or for the next one', () => {
    expect(windowEnd(10, 10, 5)).toBe(15)
    expect(windowEnd(10, 13, 5)).toBe(15)
    expect(windowEnd(10, 15, 5)).toBe(20)
    expect(windowEnd(10, 27, 5)).toBe(30)
  })

  it('with a window is full at a high rate, and closes by time at a low one', () => {
    const busy = new Bench({ rate: 500, duration: 6, settings: { BatchSize: '50', MaximumBatchingWindowInSeconds: '2' } })
    const busySizes = batchSizes(busy)
    busy.to(6)
    expect(busySizes.slice(2, -1).every((size) => size === 50)).toBe(true)
    const calm = new Bench({ rate: 20, duration: 12, settings: { BatchSize: '50', MaximumBatchingWindowInSeconds: '2' } })
    const calmSizes = batchSizes(calm)
    calm.to(20)
    expect(calmSizes.length).toBeGreaterThanOrEqual(6)
    expect(calmSizes.every((size) => size > 0 && size < 50)).toBe(true)
    expect(calm.outside.visibleCount).toBe(calm.bornCount())
  })

  it('without a window is what has come while the last one was worked on', () => {
    const bench = new Bench({ rate: 400, duration: 6, settings: { BatchSize: '100' } })
    const sizes = batchSizes(bench)
    bench.to(8)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(100)
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(bench.bornCount())
  })
})

describe('lanes', () => {
  it('a queue of positions keeps its order while it grows and wraps', () => {
    const queue = new Positions()
    let next = 0
    let taken = 0
    for (let round = 0; round < 50; round++) {
      for (let i = 0; i < 37; i++) queue.push(next++)
      for (let i = 0; i < 20; i++) expect(queue.take()).toBe(taken++)
      expect(queue.first()).toBe(taken)
      expect(queue.at(queue.count - 1)).toBe(next - 1)
    }
  })

  it.each(['1', '4', '10'])('with ParallelizationFactor=%s records of one key become visible in their order', (lanes) => {
    // One write at a time: writes that are sent together overtake each other inside the table.
    const settings = { ParallelizationFactor: lanes, 'sink.parallel': '1', 'handler.work': '100us' }
    const bench = new Bench({ rate: 150, keys: 37, duration: 10, settings })
    bench.to(20)
    expect(bench.outside.visibleCount).toBe(bench.bornCount())
    const newest = new Map<number, number>()
    for (const name of bench.outside.order) {
      const index = Number(name.split(':')[1])
      const key = bench.births.keyOf(0, index)
      expect(index).toBeGreaterThan(newest.get(key) ?? -1)
      newest.set(key, index)
    }
  })

  it('work side by side: a shard that one lane cannot keep up with is kept up with by four', () => {
    const slow = { 'handler.work': '8ms', Timeout: '10' }
    const one = new Bench({ rate: 300, keys: 200, duration: 15, settings: { ...slow, ParallelizationFactor: '1' } })
    const four = new Bench({ rate: 300, keys: 200, duration: 15, settings: { ...slow, ParallelizationFactor: '4' } })
    one.to(15)
    four.to(15)
    expect(one.plant.lagRecords()).toBeGreaterThan(1500)
    expect(four.plant.lagRecords()).toBeLessThan(300)
  })

  it('one key is always in one lane, so that more lanes do not help it', () => {
    const bench = new Bench({ rate: 300, keys: 1, duration: 10, settings: { 'handler.work': '8ms', Timeout: '10', ParallelizationFactor: '4' } })
    bench.to(10)
    expect(bench.plant.built.mapping.lanes.filter((lane) => lane.oldest() >= 0).length).toBe(1)
    expect(bench.plant.lagRecords()).toBeGreaterThan(1000)
  })
})
