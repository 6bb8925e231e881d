import { describe, expect, it } from 'vitest'
import { Bench } from './kit.ts'

function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] as number
}

describe('reading a shard', () => {
  it('enhanced fan-out brings a record to its reader about 70 ms after it was stored', () => {
    const bench = new Bench({ rate: 900, sources: 4, keys: 500, duration: 30 })
    const { mapping, stream } = bench.plant.built
    const ages: number[] = []
    const receive = mapping.receive.bind(mapping)
    mapping.receive = (sim, shard, from, to) => {
      for (let position = from; position < to; position++) ages.push(sim.now / 1e6 - (stream.logs[shard]?.arrivedMillis(position) ?? 0))
      receive(sim, shard, from, to)
    }
    bench.to(31)
    const mean = ages.reduce((sum, age) => sum + age, 0) / ages.length
    expect(mean).toBeGreaterThan(60)
    expect(mean).toBeLessThan(80)
  })

  it('a standard reader polls a caught-up shard once a second, so a record waits up to a second', () => {
    const bench = new Bench({ rate: 100, duration: 30, settings: { 'consumer.type': 'standard' } })
    bench.to(35)
    const settled = bench.outside.latencies.slice(300).map((nanos) => nanos / 1e6)
    expect(quantile(settled, 0.5)).toBeGreaterThan(400)
    expect(quantile(settled, 0.99)).toBeGreaterThan(950)
    expect(quantile(settled, 0.99)).toBeLessThan(1400)
    expect(bench.outside.visibleCount).toBe(bench.bornCount())
  })

  it('a subscription ends after five minutes and is renewed behind the last record', () => {
    const bench = new Bench({ rate: 5, duration: 320 })
    bench.to(325)
    expect(bench.facts.of('kinesis.subscription-renewed').length).toBe(1)
    expect(bench.outside.visibleCount).toBe(bench.bornCount())
    expect(bench.outside.repeats).toBe(0)
  })

  it('a reader that fell behind reads a shard at no more than 2 MiB/s', () => {
    const bench = new Bench({
      rate: 900, bytes: 1000, duration: 10, keys: 20, settings: { ReservedConcurrentExecutions: '0', BatchSize: '10000', Timeout: '60' },
    })
    bench.to(10)
    const { mapping, stream } = bench.plant.built
    const before = mapping.received[0] as number
    expect((stream.logs[0]?.end ?? 0) - mapping.done).toBeGreaterThan(8000)
    expect(before).toBeLessThanOrEqual(20_000)
    bench.plant.built.functions.concurrency.reserve(10)
    bench.to(60)
    expect(bench.outside.visibleCount).toBe(bench.bornCount())
  })

  it('what nobody read within the retention is gone, and said to be expired', () => {
    const bench = new Bench({
      rate: 1, duration: 200, settings: { ReservedConcurrentExecutions: '0', BatchSize: '1', 'DestinationConfig.OnFailure': 'none' },
    })
    bench.to(23 * 3600, 50_000)
    expect(bench.missing()).toEqual([])
    bench.to(28 * 3600, 50_000)
    expect(bench.missing().length).toBe(bench.bornCount())
    expect(new Set(bench.outside.drops.values())).toEqual(new Set(['kinesis.expired', 'lambda.batch-expired']))
    expect(bench.facts.of('kinesis.expired').length).toBeGreaterThan(0)
  }, 20_000)
})
