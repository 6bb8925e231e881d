import { describe, expect, it } from 'vitest'
import { Stream } from '../../../src/kernel/index.ts'
import { afterFailure, Batch, retryBackoffNanos, tooOld, type Lane } from '../../../models/parts/lambda/index.ts'
import { Bench } from '../kinesis/kit.ts'

/** A batch of n records at positions 0 to n-1; these rules look at no lane. */
function batchOf(n: number, attempts = 0): Batch {
  const positions = Array.from({ length: n }, (_, i) => i)
  return new Batch(undefined as unknown as Lane, positions, positions.flatMap((i) => [0, i, 1, 0]), attempts, 1)
}

const whole = { attemptsMax: -1, bisects: false }

describe('after a failure', () => {
  it('the whole batch comes again, and an attempt is used up', () => {
    const batch = batchOf(4)
    const { deliver, discarded, cause } = afterFailure(batch, 0, whole)
    expect(deliver).toEqual([batch])
    expect(batch.attempts).toBe(1)
    expect(discarded).toBeNull()
    expect(cause.code).toBe('lambda.batch-retry')
  })

  it('halves come one after the other, and no attempt is used up', () => {
    const { deliver, cause } = afterFailure(batchOf(5), 0, { attemptsMax: 0, bisects: true })
    expect(deliver.map((half) => [...half.positions])).toEqual([[0, 1, 2], [3, 4]])
    expect(deliver.map((half) => half.attempts)).toEqual([0, 0])
    expect(cause.code).toBe('lambda.batch-bisected')
  })

  it('a single record is not cut: its attempts count', () => {
    const { deliver, discarded } = afterFailure(batchOf(1), 0, { attemptsMax: 0, bisects: true })
    expect(deliver).toEqual([])
    expect(discarded?.size).toBe(1)
  })

  it('everything from the lowest reported failure on comes again, later successes too', () => {
    const { deliver, cause } = afterFailure(batchOf(10), 6, whole)
    expect(deliver.map((rest) => [...rest.positions])).toEqual([[6, 7, 8, 9]])
    expect(cause.code).toBe('lambda.batch-from-failure')
  })

  it.each([[0, 1], [1, 2], [2, 3], [3, 4]])('%i retries are %i invocations', (attemptsMax, invocations) => {
    const batch = batchOf(2)
    let tried = 1
    while (afterFailure(batch, 0, { attemptsMax, bisects: false }).discarded === null) tried++
    expect(tried).toBe(invocations)
  })

  it('records too old are counted from the front only', () => {
    const arrived = [100, 200, 900, 950]
    expect(tooOld(batchOf(4), (position) => arrived[position] as number, 1000, 500)).toBe(2)
    expect(tooOld(batchOf(4), (position) => arrived[position] as number, 1000, 5000)).toBe(0)
    expect(tooOld(batchOf(4), (position) => arrived[position] as number, 9000, 500)).toBe(4)
  })

  it('the wait doubles from half a second to sixteen, give or take a fifth', () => {
    const stream = new Stream('s')
    for (const [failures, middle] of [[1, 0.5e9], [2, 1e9], [5, 8e9], [6, 16e9], [50, 16e9]] as const) {
      for (let i = 0; i < 30; i++) {
        const wait = retryBackoffNanos(stream, failures)
        expect(wait).toBeGreaterThanOrEqual(0.8 * middle)
        expect(wait).toBeLessThanOrEqual(1.2 * middle)
      }
    }
  })
})

const plain = { BisectBatchOnFunctionError: 'false', 'DestinationConfig.OnFailure': 'none', MaximumRetryAttempts: '-1' }

/** A poisoned run: one malformed record born at 3 s. */
function poisoned(settings: Readonly<Record<string, string>>, duration = 30): Bench {
  return new Bench({ rate: 100, duration, faults: ['poison 1 at 3s'], settings: { ...plain, ...settings } })
}

describe('a poison record', () => {
  it('stalls its lane, and the iterator age climbs a second a second', () => {
    const bench = poisoned({})
    bench.to(10)
    const at10 = bench.plant.lagNanos(bench.sim)
    bench.to(20)
    const at20 = bench.plant.lagNanos(bench.sim)
    expect(at10 / 1e9).toBeGreaterThan(6.5)
    expect((at20 - at10) / 1e9).toBeCloseTo(10, 1)
    expect(bench.missing()).toEqual([])
  })

  it('does not stall the other shards', () => {
    const bench = new Bench({ rate: 400, shards: 4, keys: 200, duration: 20, faults: ['poison 1 at 3s'], settings: plain })
    bench.to(25)
    const { mapping, stream } = bench.plant.built
    const open = [0, 1, 2, 3].map((shard) => (stream.logs[shard]?.end ?? 0) - mapping.oldest(shard))
    expect(open.filter((records) => records > 0).length).toBe(1)
  })

  it('does not stall the other lanes of its shard', () => {
    const bench = new Bench({ rate: 400, keys: 200, duration: 20, faults: ['poison 1 at 3s'], settings: { ...plain, ParallelizationFactor: '4' } })
    bench.to(25)
    const { mapping } = bench.plant.built
    expect(mapping.lanes.filter((lane) => lane.oldest() >= 0).length).toBe(1)
  })

  it.each([['0', 1], ['1', 2], ['2', 3], ['3', 4]])('with MaximumRetryAttempts=%s its batch is invoked %i times, then discarded', (attempts, invocations) => {
    const bench = poisoned({ MaximumRetryAttempts: attempts })
    bench.to(60)
    const said = bench.facts.of('lambda.batch-discarded')
    expect(said.length).toBe(1)
    expect(said[0]?.numbers[2]).toBe(invocations)
    expect(bench.missing().length).toBeGreaterThan(0)
    expect(new Set(bench.missing().map((name) => bench.outside.drops.get(name)))).toEqual(new Set(['lambda.batch-discarded']))
    expect(bench.plant.lagRecords()).toBe(0)
  })

  it('with an age limit of a minute its batch is invoked eight times, give or take one, then let pass', () => {
    const bench = poisoned({ MaximumRecordAgeInSeconds: '60' }, 20)
    const batches: number[] = []
    bench.to(140)
    for (const { numbers } of bench.facts.of('lambda.function-error')) batches.push(numbers[0] as number)
    expect(batches.length).toBeGreaterThanOrEqual(7)
    expect(batches.length).toBeLessThanOrEqual(9)
    expect(bench.plant.lagRecords()).toBe(0)
    expect(bench.facts.of('lambda.record-age-exceeded').length).toBeGreaterThan(0)
    expect(new Set(bench.missing().map((name) => bench.outside.drops.get(name)))).toEqual(new Set(['lambda.record-too-old']))
  })

  it('is found by halving: only it is discarded, at the cost of repeats', () => {
    const bench = poisoned({ BisectBatchOnFunctionError: 'true', MaximumRetryAttempts: '2', BatchSize: '64', MaximumBatchingWindowInSeconds: '1' })
    bench.to(60)
    expect(bench.missing().length).toBe(1)
    expect(bench.facts.of('lambda.batch-bisected').length).toBe(6)
    expect(bench.outside.repeats).toBeGreaterThan(0)
  })

  it('goes to the failure destination if there is one, and is lost to nobody', () => {
    const bench = poisoned({ BisectBatchOnFunctionError: 'true', MaximumRetryAttempts: '2', 'DestinationConfig.OnFailure': 's3' })
    bench.to(60)
    expect([...bench.outside.dead.values()]).toEqual(['lambda.batch-discarded'])
    expect(bench.outside.seen[1]?.size).toBe(1)
    expect(bench.outside.visibleCount + 1).toBe(bench.bornCount())
  })

  it('named by ReportBatchItemFailures: what is behind it is written again with each try', () => {
    const bench = poisoned({ ReportBatchItemFailures: 'true', MaximumRetryAttempts: '3', BatchSize: '100', MaximumBatchingWindowInSeconds: '1' })
    bench.to(60)
    expect(bench.facts.of('lambda.batch-partly-failed').length).toBe(1)
    const perRecord = [...(bench.outside.seen[0] as Map<string, number>).values()]
    // Once by the batch that was cut, then by four tries of the rest.
    expect(Math.max(...perRecord)).toBe(5)
    expect(bench.missing().length).toBe(1)
  })

  it('a function that stops at the failed record writes nothing twice', () => {
    const bench = poisoned({
      ReportBatchItemFailures: 'true', 'handler.on-failed-record': 'stop', MaximumRetryAttempts: '3', BatchSize: '100',
      MaximumBatchingWindowInSeconds: '1',
    })
    bench.to(60)
    expect(bench.outside.repeats).toBe(0)
    expect(bench.missing().length).toBeGreaterThan(1)
    expect(bench.limbo()).toEqual([])
  })

  it('a new limit on attempts lets it pass while running', () => {
    const bench = poisoned({})
    bench.to(12)
    const settings = bench.world.settings as unknown as { set(key: string, value: string): unknown }
    settings.set('MaximumRetryAttempts', '1')
    bench.plant.change(bench.sim, 'MaximumRetryAttempts')
    bench.to(60)
    expect(bench.plant.lagRecords()).toBe(0)
    expect(bench.missing().length).toBeGreaterThan(0)
  })
})
