import { describe, expect, it } from 'vitest'
import { crash, cut, heal, losePower, pause, resume, Stream, type Process } from '../../../src/kernel/index.ts'
import { coldStartNanos, Concurrency, EXECUTING, FROZEN, type Environment } from '../../../models/parts/lambda/index.ts'
import { Bench, fault, type Given } from '../kinesis/kit.ts'

/** Full batches of a hundred, one lane. */
const full = { BatchSize: '100', MaximumBatchingWindowInSeconds: '1', BisectBatchOnFunctionError: 'false' }

function struckAt50(write: string, given: Given = {}): Bench {
  const bench = new Bench({ rate: 500, duration: 12, ...given, settings: { ...full, 'sink.write': write, ...given.settings } })
  bench.to(4)
  const subject = bench.until('lambda.write-applied', ([position, size]) => position === 50 && (size as number) > 50)
  crash(bench.sim, subject as Process, null)
  bench.to(40)
  return bench
}

describe('an environment that dies at the 50th write of a batch', () => {
  it.each([['append', 50, 0], ['put', 50, 0], ['increment', 50, 0], ['conditional', 0, 50]])(
    'writing by %s: %i effects are repeated, %i repeats refused', (write, repeats, refusals) => {
      const bench = struckAt50(write)
      expect(bench.outside.repeats).toBe(repeats)
      expect(bench.outside.refusals).toBe(refusals)
      expect(bench.outside.visibleCount).toBe(bench.bornCount())
      expect(bench.missing()).toEqual([])
    })

  it('in one of many lanes repeats its fifty as well', () => {
    const bench = struckAt50('append', { rate: 2000, shards: 4, keys: 400, settings: { ParallelizationFactor: '2' } })
    expect(bench.outside.repeats).toBe(50)
  })

  it('repeats them as copies of the retry, which says so', () => {
    const bench = struckAt50('append')
    const causes = bench.outside.copies.map((copy) => bench.world.copies.causeOf(copy)?.code)
    expect(causes.filter((code) => code === 'lambda.batch-retry').length).toBe(100)
    const [retried] = bench.facts.of('lambda.batch-retried')
    expect(retried?.numbers.slice(0, 3)).toEqual([0, 100, 1])
    expect((retried?.numbers[3] as number) / 1e9).toBeGreaterThan(0.39)
    expect((retried?.numbers[3] as number) / 1e9).toBeLessThan(0.61)
    const [died] = bench.facts.of('lambda.environment-died')
    expect(died?.numbers.slice(0, 2)).toEqual([50, 100])
    // The broken connection tells of the death, long before the time-out of three seconds.
    expect((retried?.at ?? Infinity) - (died?.at ?? 0)).toBeLessThan(0.65e9)
  })

  it('processor-1 is the writing environment when a write sets the fault off', () => {
    const bench = new Bench({ rate: 2000, shards: 4, keys: 400, duration: 12, settings: full })
    bench.to(4)
    const subject = bench.until('lambda.write-applied', ([position, size]) => position === 50 && (size as number) > 50)
    expect(bench.plant.resolve(bench.sim, 'processor-1')).toEqual({ kind: 'process', process: subject })
  })

  it('with no spare retry the batch is discarded: the fifty stay, the others are lost', () => {
    const bench = struckAt50('append', { settings: { MaximumRetryAttempts: '0', 'DestinationConfig.OnFailure': 'none' } })
    expect(bench.outside.repeats).toBe(0)
    expect(bench.missing().length).toBe(50)
    expect(new Set(bench.missing().map((name) => bench.outside.drops.get(name)))).toEqual(new Set(['lambda.batch-discarded']))
  })
})

describe('writes that were sent together', () => {
  it('are all applied though their sender died after the first of them', () => {
    const bench = new Bench({ rate: 500, duration: 8, settings: full })
    bench.to(4)
    const subject = bench.until('lambda.write-applied', ([position, size]) => position === 51 && (size as number) > 75)
    const { table } = bench.plant.built
    const left = table.active.reduce((sum, group) => sum + group.order.length - group.done, 0)
    const before = table.applied
    crash(bench.sim, subject as Process, null)
    bench.sim.run(bench.sim.now + 100e6, true, 1e6)
    expect(left).toBeGreaterThan(10)
    expect(table.applied - before).toBe(left)
    bench.to(40)
    expect(bench.outside.repeats).toBe(75)
  })
})

describe('a connection to the table that breaks in mid-write', () => {
  it('fails the function; the writes that were sent are applied, and the batch comes again', () => {
    const bench = new Bench({ rate: 500, duration: 8, settings: full })
    bench.to(4)
    const subject = bench.until('lambda.write-applied', ([position, size]) => position === 30 && (size as number) > 50) as Environment
    subject.tableConnection?.close(bench.sim, bench.plant.built.table)
    bench.to(30)
    expect(bench.facts.of('lambda.function-error').length).toBe(1)
    expect(bench.facts.of('lambda.timeout').length).toBe(0)
    expect(bench.outside.repeats).toBe(50)
    expect(bench.outside.visibleCount).toBe(bench.bornCount())
  })
})

describe('environments', () => {
  it('start cold once, and are used again while they are warm', () => {
    const bench = new Bench({ rate: 200, duration: 20 })
    bench.to(25)
    expect(bench.plant.built.functions.coldStarts).toBe(1)
    expect(bench.facts.of('lambda.environment-started').length).toBe(1)
  })

  it('are as many as lanes at most, the lowest numbers first', () => {
    const bench = new Bench({ rate: 400, shards: 4, keys: 300, duration: 10 })
    bench.to(5)
    const states = bench.plant.built.functions.environments.map((environment) => environment.state)
    expect(states.filter((state) => state === EXECUTING || state === FROZEN).length).toBeLessThanOrEqual(4)
    expect(states.slice(4).every((state) => state === 0)).toBe(true)
  })

  it('idle for more than fifteen minutes are taken away: the next record waits for a cold start', () => {
    const shape = { kind: 'on-off', onNanos: 2e9, offNanos: 1000e9 } as unknown as NonNullable<Given['shape']>
    const bench = new Bench({ rate: 50, duration: 1010, shape })
    bench.to(1015, 100_000)
    expect(bench.plant.built.functions.coldStarts).toBe(2)
    expect(bench.outside.visibleCount).toBe(bench.bornCount())
  })

  it.each([
    ['nodejs24.x', 134, 155], ['java21', 240, 285], ['provided.al2023-rust', 16, 25],
  ])('of %s start in %i ms at the median, %i at p90, beside their placement', (runtime, p50, p90) => {
    const stream = new Stream('cold')
    const inits: number[] = []
    for (let i = 0; i < 20_000; i++) inits.push(coldStartNanos(stream, runtime) / 1e6)
    const mean = inits.reduce((sum, init) => sum + init, 0) / inits.length
    expect(Math.min(...inits)).toBeGreaterThan(50)
    expect(mean).toBeGreaterThan(150 + 0.8 * p50)
    expect(mean).toBeLessThan(150 + p90)
  })

  it('a deploy replaces all of them, at the cost of a cold start each', () => {
    const bench = new Bench({ rate: 800, shards: 4, keys: 300, duration: 15 })
    bench.to(8)
    const before = bench.plant.built.functions.coldStarts
    expect(bench.plant.inflict(bench.sim, fault('deploy processor at 8s'))).toBe(true)
    bench.to(20)
    expect(bench.plant.built.functions.coldStarts).toBeGreaterThanOrEqual(2 * before - 1)
    expect(bench.outside.repeats).toBe(0)
    expect(bench.outside.visibleCount).toBe(bench.bornCount())
  })
})

describe('a time-out', () => {
  it('shorter than the batch takes: every try is killed, what it wrote stays, and nothing moves', () => {
    const bench = new Bench({
      rate: 200, duration: 15, settings: { ...full, 'handler.work': '20ms', Timeout: '1', MaximumRetryAttempts: '-1' },
    })
    bench.to(15)
    expect(bench.facts.of('lambda.timeout').length).toBeGreaterThan(2)
    expect(bench.facts.of('lambda.batch-done').length).toBe(0)
    expect(bench.outside.repeats).toBeGreaterThan(20)
    expect(bench.plant.lagRecords()).toBe(bench.plant.built.stream.stored)
    expect(bench.missing()).toEqual([])
  })

  it('halving the batch leads out of it', () => {
    const settings = { ...full, 'handler.work': '12ms', Timeout: '1', MaximumRetryAttempts: '-1', BisectBatchOnFunctionError: 'true' }
    const bench = new Bench({ rate: 60, duration: 10, settings: { ...settings, MaximumBatchingWindowInSeconds: '3' } })
    bench.to(120)
    expect(bench.facts.of('lambda.timeout').length).toBeGreaterThan(0)
    expect(bench.plant.lagRecords()).toBe(0)
    expect(bench.outside.visibleCount).toBe(bench.bornCount())
  })

  it('kills an environment that was paused for longer; another takes the batch, and it never wakes', () => {
    const bench = new Bench({ rate: 500, duration: 15, settings: full })
    bench.to(4)
    const subject = bench.until('lambda.write-applied', ([position]) => position === 30) as Environment
    pause(bench.sim, subject)
    bench.to(9)
    expect(bench.facts.of('lambda.timeout').length).toBe(1)
    resume(bench.sim, subject)
    bench.to(40)
    expect(bench.outside.visibleCount).toBe(bench.bornCount())
    expect(bench.outside.repeats).toBe(50)
    expect(bench.outside.zombies).toBe(0)
  })

  it('is not reached by a short pause: the batch goes on where it was, nothing is repeated', () => {
    const bench = new Bench({ rate: 500, duration: 10, settings: full })
    bench.to(4)
    const subject = bench.until('lambda.write-applied', ([position]) => position === 30) as Environment
    pause(bench.sim, subject)
    bench.to(5)
    resume(bench.sim, subject)
    bench.to(30)
    expect(bench.outside.repeats).toBe(0)
    expect(bench.outside.visibleCount).toBe(bench.bornCount())
  })
})

describe('concurrency', () => {
  it('is the reserved one or the account\'s thousand, and new environments come at a hundred a second after the first thousand', () => {
    expect(new Concurrency(-1).allowed).toBe(1000)
    const concurrency = new Concurrency(3)
    expect([1, 2, 3, 4].map(() => concurrency.enter())).toEqual([true, true, true, false])
    concurrency.leave()
    expect(concurrency.enter()).toBe(true)
    let started = 0
    for (let i = 0; i < 1200; i++) if (concurrency.start(0)) started++
    expect(started).toBe(1000)
    for (let i = 0; i < 1200; i++) if (concurrency.start(2e9)) started++
    expect(started).toBe(1200)
  })

  it('used up: 429s use up no attempt, and everything comes when there is room again', () => {
    const bench = new Bench({ rate: 100, duration: 20, settings: { MaximumRetryAttempts: '0', 'DestinationConfig.OnFailure': 'none' } })
    bench.to(5)
    bench.plant.inflict(bench.sim, fault('throttle processor 0% at 5s'))
    bench.to(12)
    expect(bench.facts.of('lambda.throttled').length).toBeGreaterThan(2)
    bench.plant.end(bench.sim, fault('throttle processor 0% at 5s'))
    bench.to(60)
    expect(bench.missing()).toEqual([])
    expect(bench.outside.repeats).toBe(0)
    expect(bench.outside.visibleCount).toBe(bench.bornCount())
  })

  it('errors before the function ran use up no attempt either, and repeat nothing', () => {
    const bench = new Bench({ rate: 100, duration: 10, settings: { MaximumRetryAttempts: '0' } })
    bench.plant.inflict(bench.sim, fault('error-rate processor 50% at 0s'))
    bench.to(10)
    bench.plant.end(bench.sim, fault('error-rate processor 50% at 0s'))
    bench.to(60)
    expect(bench.facts.of('lambda.service-error').length).toBeGreaterThan(3)
    expect(bench.outside.repeats).toBe(0)
    expect(bench.outside.visibleCount).toBe(bench.bornCount())
  })
})

describe('machines', () => {
  it('a lost machine is missed by the health check, and its batch is handed to another', () => {
    const bench = new Bench({ rate: 500, duration: 15, settings: full })
    bench.to(4)
    const subject = bench.until('lambda.write-applied', ([position]) => position === 30) as Environment
    losePower(bench.sim, subject.host, 5e9, 'power-loss')
    bench.to(40)
    expect(bench.facts.of('lambda.timeout').length).toBe(0)
    expect(bench.outside.visibleCount).toBe(bench.bornCount())
    expect(bench.outside.repeats).toBe(50)
  })

  it('cut off from the service but not from the table, an environment writes on as a zombie', () => {
    const bench = new Bench({ rate: 500, duration: 15, settings: { ...full, 'handler.work': '40ms', Timeout: '10' } })
    bench.to(4)
    const subject = bench.until('lambda.write-applied', ([position]) => position === 10) as Environment
    const service = bench.plant.built.functions.host
    cut(bench.sim, service, subject.host)
    cut(bench.sim, subject.host, service)
    bench.to(8)
    expect(bench.outside.zombies).toBeGreaterThan(0)
    heal(bench.sim, service, subject.host)
    heal(bench.sim, subject.host, service)
    bench.to(400)
    expect(bench.outside.visibleCount).toBe(bench.bornCount())
    expect(bench.limbo()).toEqual([])
  })

  it('a zone outage takes its environments, and the others do the work', () => {
    const bench = new Bench({ rate: 1000, shards: 6, keys: 500, duration: 15 })
    bench.to(5)
    for (const host of bench.plant.hosts()) if (host.zone === 'a') losePower(bench.sim, host, 60e9, 'power-loss')
    bench.to(12)
    expect(bench.plant.lagRecords()).toBeLessThan(400)
    bench.to(40)
    expect(bench.outside.visibleCount).toBe(bench.bornCount())
  })
})
