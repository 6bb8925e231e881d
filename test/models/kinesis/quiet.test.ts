/**
 * A client that only collects is not told of each birth. Every run is made twice: as it is, and with clients that want
 * to know of each record; what the outside sees must be the same to the nanosecond, also when the application is struck in between.
 */
import { afterEach, expect, test, vi } from 'vitest'
import { KinesisClient } from '../../../models/parts/kinesis/index.ts'
import { crash, pause, resume } from '../../../src/kernel/index.ts'
import { Bench } from './kit.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

/** What became of each record and when, and how many events it took; the bench's first source is struck at 1.0037 s. */
function outcome(options: ConstructorParameters<typeof Bench>[0], strike: (bench: Bench) => void = () => {}): { events: number; seen: unknown } {
  const bench = new Bench(options)
  bench.to(1.0037)
  strike(bench)
  bench.to(20)
  expect(bench.limbo()).toEqual([])
  const { seen, drops, answers, firstSeenAt } = bench.outside
  return { events: bench.sim.events, seen: [bench.bornCount(), seen, drops, answers, firstSeenAt] }
}

test.each<[string, ConstructorParameters<typeof Bench>[0], ((bench: Bench) => void)?]>([
  ['a steady stream', { rate: 8000, sources: 2, shards: 10, duration: 3 }],
  ['more than one socket can carry', { rate: 8000, sources: 2, shards: 10, duration: 3, settings: { 'client.calls-in-flight': '1', 'client.linger': '2ms' } }],
  ['a crash of the application', { rate: 8000, sources: 2, shards: 10, duration: 3 }, (bench) => crash(bench.sim, bench.plant.built.sources[0]!, 0.5e9)],
  ['a small buffer', { rate: 8000, sources: 2, shards: 10, duration: 3, settings: { 'client.buffer': '64KB' } }],
])('what becomes of %s is the same when the client hears of each birth', (_name, options, strike) => {
  const quiet = outcome(options, strike)
  vi.spyOn(KinesisClient.prototype, 'quietUntil').mockReturnValue(0)
  const told = outcome(options, strike)
  expect(quiet.seen).toEqual(told.seen)
  expect(quiet.events).toBeLessThan(told.events)
})

test('births that a frozen application could not take are handed over when it goes on', () => {
  const bench = new Bench({ rate: 8000, sources: 2, shards: 10, duration: 3 })
  bench.to(1.0037)
  pause(bench.sim, bench.plant.built.sources[0]!)
  bench.to(1.5)
  expect(bench.limbo()).toEqual([])
  resume(bench.sim, bench.plant.built.sources[0]!)
  bench.to(20)
  expect(bench.outside.visibleCount).toBe(bench.bornCount())
})
