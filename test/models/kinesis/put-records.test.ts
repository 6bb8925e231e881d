import { describe, expect, it } from 'vitest'
import { Copies } from '../../../src/contract/cause.ts'
import { crash, cut, heal, Process, Sim, Stream } from '../../../src/kernel/index.ts'
import { backoffNanos, resent, split } from '../../../models/parts/kinesis/index.ts'
import { Bench, fault } from './kit.ts'

describe('entries of a call', () => {
  it('are parted by position, and both parts keep their order', () => {
    const { kept, failed } = split([0, 10, 3, 0, 1, 5, 2, 7], [1, 4])
    expect(kept).toEqual([0, 10, 1, 0, 0, 12, 1, 0, 1, 5, 1, 7])
    expect(failed).toEqual([0, 11, 1, 0, 1, 6, 1, 7])
  })

  it('without an answer are sent again as new copies, one id per parent', () => {
    const sim = new Sim('1')
    const copies = new Copies()
    const writer = new Process(sim, 'writer', sim.host('h', 'a', 1e9))
    const again = resent(copies, [0, 0, 2, 0, 0, 2, 1, 0, 1, 0, 1, 0], 5, writer)
    expect(again).toEqual([0, 0, 3, 1, 1, 0, 1, 1])
    expect(copies.causeOf(1)?.code).toBe('kinesis.put-retry')
    expect(copies.parentOf(1)).toBe(0)
  })

  it('wait between half and all of a doubling time, at most five seconds', () => {
    const stream = new Stream('s')
    for (const [retry, longest] of [[1, 100e6], [2, 200e6], [4, 800e6], [20, 5e9]] as const) {
      for (let i = 0; i < 50; i++) {
        const wait = backoffNanos(stream, retry)
        expect(wait).toBeGreaterThanOrEqual(longest / 2)
        expect(wait).toBeLessThanOrEqual(longest)
      }
    }
  })
})

describe('PutRecords', () => {
  it('a shard over its limit refuses entries of a call that otherwise succeeds, and they come later', () => {
    const bench = new Bench({ rate: 1500, shards: 1, duration: 4, settings: { 'client.calls-in-flight': '5' } })
    bench.to(40)
    expect(bench.facts.of('kinesis.throttled').length).toBeGreaterThan(0)
    expect(bench.facts.of('kinesis.throttled').every(({ numbers }) => (numbers[0] as number) <= (numbers[1] as number))).toBe(true)
    expect(bench.outside.visibleCount).toBe(bench.bornCount())
    expect(bench.outside.repeats).toBe(0)
  })

  it('a refused entry sent again comes after later records of its key', () => {
    const bench = new Bench({ rate: 1500, shards: 1, keys: 1, duration: 4 })
    bench.to(40)
    const order = bench.outside.order.map((name) => Number(name.split(':')[1]))
    expect(order.some((index, i) => i > 0 && index < (order[i - 1] as number))).toBe(true)
  })

  it('without any refusal one call in flight keeps the order of a key', () => {
    const bench = new Bench({ rate: 400, shards: 1, keys: 1, duration: 4 })
    bench.to(10)
    const order = bench.outside.order.map((name) => Number(name.split(':')[1]))
    const positions = bench.plant.built.stream.logs[0]?.end
    expect(positions).toBe(order.length)
    let previous = -1
    bench.plant.built.stream.logs[0]?.visit(1024, positions as number, (_lane, index) => {
      if (previous >= 0) expect(index).toBe(previous + 1)
      previous = index
    })
  })

  it('entries refused until the retries are used up fail, and are never visible', () => {
    const bench = new Bench({ rate: 200, duration: 3, settings: { 'client.retries': '2' } })
    bench.plant.inflict(bench.sim, fault('throttle kinesis 0% at 0s'))
    bench.to(10)
    expect([...bench.outside.answers.values()].every((answer) => answer === 'failed')).toBe(true)
    expect(bench.outside.answers.size).toBe(bench.bornCount())
    expect(new Set(bench.outside.drops.values())).toEqual(new Set(['kinesis.put-refused']))
    expect(bench.outside.visibleCount).toBe(0)
  })

  it('no retries, as shipped: what a shard refuses is refused for good', () => {
    const bench = new Bench({ rate: 1500, shards: 1, duration: 3, preset: 'as-shipped', settings: { ShardCount: '1', MemorySize: '1769' } })
    bench.to(60)
    expect(bench.missing().length).toBeGreaterThan(500)
    expect(bench.missing().every((name) => bench.outside.answers.get(name) === 'failed')).toBe(true)
  })

  it('an inflicted error rate fails entries of every call, which are sent again', () => {
    const bench = new Bench({ rate: 200, duration: 5 })
    bench.plant.inflict(bench.sim, fault('error-rate kinesis 30% at 0s'))
    bench.to(5)
    bench.plant.end(bench.sim, fault('error-rate kinesis 30% at 0s'))
    bench.to(30)
    expect(bench.facts.of('kinesis.internal-failure').length).toBeGreaterThan(10)
    expect(bench.outside.visibleCount).toBe(bench.bornCount())
    expect(bench.outside.repeats).toBe(0)
  })

  it('an answer lost in a one-way cut: the call was stored, is sent again, and stands in the stream twice', () => {
    const bench = new Bench({ rate: 200, duration: 8 })
    const source = bench.plant.built.sources[0]
    const { frontEnd } = bench.plant.built
    if (source === undefined) throw new Error('no source')
    bench.to(3)
    cut(bench.sim, frontEnd.host, source.host)
    bench.to(5)
    heal(bench.sim, frontEnd.host, source.host)
    bench.to(30)
    expect(bench.facts.of('kinesis.put-timed-out').length).toBeGreaterThan(0)
    expect(bench.outside.visibleCount).toBe(bench.bornCount())
    expect(bench.outside.repeats).toBeGreaterThan(0)
    expect(bench.limbo()).toEqual([])
    const causes = new Set(bench.outside.copies.map((copy) => bench.world.copies.causeOf(copy)?.code))
    expect(causes).toEqual(new Set([undefined, 'kinesis.put-retry']))
  })

  it('a socket that the service closes in mid-call leaves the outcome unknown: the call is sent again', () => {
    const bench = new Bench({ rate: 400, duration: 6 })
    const { frontEnd } = bench.plant.built
    bench.to(3)
    while (frontEnd.pending.length === 0) bench.sim.run(Infinity, true, 1)
    const closedAt = bench.sim.now
    for (const connection of [...frontEnd.connections]) connection.close(bench.sim, frontEnd)
    bench.to(20)
    // At once after the back-off, not after the time-out of a second.
    expect((bench.facts.of('kinesis.put-retried')[0]?.at ?? 0) - closedAt).toBeLessThan(0.2e9)
    expect(bench.facts.of('kinesis.put-timed-out').length).toBe(1)
    expect(bench.outside.visibleCount).toBe(bench.bornCount())
    expect(bench.outside.repeats).toBeGreaterThan(0)
  })

  it('a source that cannot send fills its buffer, then refuses, and takes records again later', () => {
    const bench = new Bench({ rate: 500, duration: 12, settings: { 'client.buffer': '256KiB' } })
    const { frontEnd, sources } = bench.plant.built
    const source = sources[0]
    if (source === undefined) throw new Error('no source')
    bench.to(2)
    cut(bench.sim, source.host, frontEnd.host)
    bench.to(6)
    expect(bench.facts.of('kinesis.buffer-full').length).toBe(1)
    heal(bench.sim, source.host, frontEnd.host)
    bench.to(60)
    expect(bench.facts.of('kinesis.buffer-has-room').length).toBeGreaterThan(0)
    const causes = new Set(bench.missing().map((name) => bench.outside.drops.get(name)))
    expect(causes).toEqual(new Set(['kinesis.buffer-full']))
    expect(bench.missing().length + bench.outside.visibleCount).toBe(bench.bornCount())
  })

  it('what a dead source had in memory is gone, and said to be', () => {
    const bench = new Bench({ rate: 500, duration: 6 })
    bench.to(3.013)
    crashSource(bench)
    bench.to(20)
    const lost = bench.missing()
    expect(lost.length).toBeGreaterThan(0)
    expect(lost.every((name) => ['kinesis.producer-died', 'source.down'].includes(bench.outside.drops.get(name) ?? ''))).toBe(true)
    expect(bench.limbo()).toEqual([])
  })

  it('a source with a journal sends again what was not acknowledged when it died', () => {
    const bench = new Bench({ rate: 500, duration: 6, upstream: 'journal' })
    bench.to(3.013)
    crashSource(bench)
    bench.to(30)
    expect(bench.missing()).toEqual([])
    expect(bench.outside.visibleCount).toBe(bench.bornCount())
  })
})

function crashSource(bench: Bench): void {
  const target = bench.plant.resolve(bench.sim, 'source-1')
  if (target === null || target.kind !== 'process') throw new Error('source-1 is a process')
  crash(bench.sim, target.process, null)
}
