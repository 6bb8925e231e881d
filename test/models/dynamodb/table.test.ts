import { describe, expect, it } from 'vitest'
import { Stream } from '../../../src/kernel/index.ts'
import {
  APPEND, CONDITIONAL, effectOf, INCREMENT, Items, PUT, refusedItems, sdkBackoffNanos, takes, WriteCapacity, writeKind, writeUnits,
} from '../../../models/parts/dynamodb/index.ts'
import { Bench, fault } from '../kinesis/kit.ts'

describe('write units', () => {
  it.each([[1, 1], [1024, 1], [1025, 2], [4096, 4]])('an item of %i B costs %i', (bytes, units) => {
    expect(writeUnits(bytes)).toBe(units)
  })

  it('a table takes what it is warmed up for in a second, and no more', () => {
    const capacity = new WriteCapacity(4000)
    let taken = 0
    for (let i = 0; i < 6000; i++) if (capacity.admit(0, i, 1)) taken++
    expect(taken).toBe(4000)
    for (let i = 0; i < 6000; i++) if (capacity.admit(0.5e9, i, 1)) taken++
    expect(taken).toBe(6000)
    capacity.audit()
  })

  it('one partition takes a thousand a second whatever the table has', () => {
    const capacity = new WriteCapacity(24_000)
    let taken = 0
    for (let i = 0; i < 3000; i++) if (capacity.admit(0, 48, 1)) taken++
    expect(taken).toBe(1000)
    expect(capacity.admit(0, 49, 1)).toBe(true)
  })

  it('a table on demand grows to twice its traffic, at most once a minute', () => {
    const capacity = new WriteCapacity(1000)
    for (let s = 0; s < 60; s++) for (let i = 0; i < 900; i++) capacity.admit(s * 1e9, i, 1)
    expect(capacity.grow(59e9)).toBe(false)
    expect(capacity.grow(60e9)).toBe(true)
    expect(capacity.unitsPerSecond).toBe(1800)
    expect(capacity.partitions).toBe(2)
    expect(capacity.grow(61e9)).toBe(false)
  })
})

describe('what a table holds', () => {
  it('is known by event id, one bit each, lanes apart', () => {
    const items = new Items(2)
    expect(items.add(0, 70_000)).toBe(true)
    expect(items.add(0, 70_000)).toBe(false)
    expect(items.has(0, 70_000)).toBe(true)
    expect(items.has(0, 69_999)).toBe(false)
    expect(items.has(1, 70_000)).toBe(false)
    expect(items.has(0, 5_000_000)).toBe(false)
    expect(items.count).toBe(1)
  })

  it.each([
    ['append', APPEND, 'append', true], ['put', PUT, 'upsert', true],
    ['increment', INCREMENT, 'increment', true], ['conditional', CONDITIONAL, 'conditional', false],
  ] as const)('a repeat written by %s is taken, or refused by its condition', (name, kind, effect, isTaken) => {
    const items = new Items(1)
    expect(writeKind(name)).toBe(kind)
    expect(effectOf(kind)).toBe(effect)
    expect(takes(kind, items, 0, 3)).toBe(true)
    expect(takes(kind, items, 0, 3)).toBe(isTaken)
  })
})

describe('the SDK', () => {
  it('sends only the refused writes of a group again', () => {
    expect(refusedItems([0, 1, 1, 0, 0, 2, 1, 0, 0, 3, 1, 9], [0, 2])).toEqual([0, 1, 1, 0, 0, 3, 1, 9])
  })

  it('waits a random part of 100 ms x 2^n before the next attempt', () => {
    const stream = new Stream('s')
    for (const [attempt, longest] of [[2, 100e6], [3, 200e6], [4, 400e6], [30, 20e9]] as const) {
      for (let i = 0; i < 50; i++) expect(sdkBackoffNanos(stream, attempt)).toBeLessThanOrEqual(longest)
    }
  })
})

describe('a table that refuses', () => {
  it('throttled for a while: writes come later, the lag grows and shrinks, nothing is lost', () => {
    const bench = new Bench({ rate: 600, duration: 20, settings: { 'sink.write': 'conditional' } })
    bench.to(5)
    bench.plant.inflict(bench.sim, fault('throttle sink 20% at 5s'))
    bench.to(10)
    const lag = bench.plant.lagRecords()
    bench.plant.end(bench.sim, fault('throttle sink 20% at 5s'))
    bench.to(60)
    expect(lag).toBeGreaterThan(1000)
    expect(bench.facts.of('dynamodb.throttled').length).toBeGreaterThan(0)
    expect(bench.plant.lagRecords()).toBe(0)
    expect(bench.outside.visibleCount).toBe(bench.bornCount())
    expect(bench.outside.repeats).toBe(0)
  })

  it('failed attempts that are used up fail the function, and what the batch had written is written again', () => {
    const bench = new Bench({ rate: 400, duration: 10, settings: { maxAttempts: '1' } })
    bench.to(3)
    bench.plant.inflict(bench.sim, fault('error-rate sink 10% at 3s'))
    bench.to(4)
    bench.plant.end(bench.sim, fault('error-rate sink 10% at 3s'))
    bench.to(40)
    expect(bench.facts.of('lambda.function-error').length).toBeGreaterThan(0)
    expect(bench.outside.visibleCount).toBe(bench.bornCount())
    expect(bench.outside.repeats).toBeGreaterThan(0)
  })

  it('refusing everything answers at once: the function fails by its own SDK, not by its time-out', () => {
    const bench = new Bench({ rate: 100, duration: 8 })
    bench.to(3)
    bench.plant.inflict(bench.sim, fault('error-rate sink 100% at 3s'))
    bench.to(5)
    bench.plant.end(bench.sim, fault('error-rate sink 100% at 3s'))
    bench.to(40)
    expect(bench.facts.of('lambda.function-error').length).toBeGreaterThan(0)
    expect(bench.facts.of('lambda.timeout').length).toBe(0)
    expect(bench.outside.visibleCount).toBe(bench.bornCount())
    expect(bench.outside.repeats).toBe(0)
  })

  it('a cold table is warm after its first full minute', () => {
    const bench = new Bench({
      rate: 1500, shards: 4, keys: 500, sources: 2, duration: 150,
      settings: { 'WarmThroughput.WriteUnitsPerSecond': '1000', Timeout: '30' },
    })
    bench.to(50, 20_000)
    const lag = bench.plant.lagRecords()
    bench.to(170, 20_000)
    expect(lag).toBeGreaterThan(5000)
    expect(bench.facts.of('dynamodb.capacity-grew').length).toBeGreaterThan(0)
    expect(bench.plant.lagRecords()).toBe(0)
  })
})
