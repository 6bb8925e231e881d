import { describe, expect, it } from 'vitest'
import { crash, cut, heal, pause, resume, slow, Stream, type Process } from '../../../src/kernel/index.ts'
import { Bench, fault } from '../kinesis/kit.ts'

const given = {
  rate: 300, shards: 3, sources: 2, keys: 150, duration: 14, shape: { kind: 'poisson' } as const,
  settings: { BatchSize: '40', MaximumBatchingWindowInSeconds: '1' },
}

/** Four kinds of trouble, one upon the other. */
function trouble(bench: Bench): void {
  const { functions, sources, frontEnd } = bench.plant.built
  const source = sources[0]
  bench.plant.inflict(bench.sim, fault('throttle kinesis 10% at 4s'))
  bench.plant.inflict(bench.sim, fault('error-rate sink 20% at 4s'))
  if (source !== undefined) cut(bench.sim, frontEnd.host, source.host)
  const executing = functions.environments.find((environment) => environment.running !== null)
  if (executing !== undefined) crash(bench.sim, executing, null)
}

describe('a run', () => {
  it('is the same when it is run again, and another with another seed', () => {
    const digests = ['1', '1', '2'].map((seed) => {
      const bench = new Bench({ ...given, seed })
      bench.to(10)
      return bench.sim.digest.text()
    })
    expect(digests[1]).toBe(digests[0])
    expect(digests[2]).not.toBe(digests[0])
  })

  it('goes on from a keyframe as if there had been none, in mid-fault too', () => {
    const bench = new Bench(given)
    bench.to(4)
    trouble(bench)
    for (const at of [4.2, 5.5, 7]) {
      bench.to(at)
      const copy = bench.keyframe()
      const before = bench.sim.digest.text()
      copy.to(9)
      expect(bench.sim.digest.text()).toBe(before)
      const again = bench.keyframe()
      again.to(9)
      expect(again.sim.digest.text()).toBe(copy.sim.digest.text())
      expect(again.outside.order).toEqual(copy.outside.order)
    }
    const copy = bench.keyframe()
    bench.to(9)
    copy.to(9)
    expect(copy.sim.digest.text()).toBe(bench.sim.digest.text())
  }, 30_000)

  it('does not depend on the steps it is driven in', () => {
    const whole = new Bench(given)
    whole.sim.run(10e9, true, 1e9)
    const steps = new Bench(given)
    for (let ms = 1; ms <= 10_000; ms++) steps.sim.run(ms * 1e6, true, 1e9)
    const single = new Bench(given)
    while (single.sim.run(10e9, true, 1) === 'budget') continue
    expect(steps.sim.digest.text()).toBe(whole.sim.digest.text())
    expect(single.sim.digest.text()).toBe(whole.sim.digest.text())
  })

  it('is not changed by being looked at', () => {
    const quiet = new Bench(given)
    quiet.sim.facts = null
    quiet.sim.watchesDetail = false
    quiet.sim.run(8e9, true, 1e9)
    const watched = new Bench(given)
    const frame = new Float64Array(10_000)
    const names: string[] = []
    watched.plant.channels({ names, declare: (name: string) => names.push(name) - 1, layout: () => ({ names }) } as never)
    for (let ms = 100; ms <= 8000; ms += 100) {
      watched.to(ms / 1000)
      watched.plant.sample(watched.sim, frame)
      watched.plant.holdings(0, () => {})
      watched.plant.lagNanos(watched.sim)
    }
    expect(watched.sim.digest.text()).toBe(quiet.sim.digest.text())
  })
})

describe('under random trouble', () => {
  const writes = ['append', 'put', 'increment', 'conditional']
  it.each(Array.from({ length: 8 }, (_, i) => i + 1))('plan %i: every record is readable, held, or its loss is stated; a conditional table repeats nothing', (plan) => {
    const dice = new Stream(`plan-${plan}`)
    const write = writes[plan % 4] as string
    const settings = {
      ...given.settings, 'sink.write': write, ParallelizationFactor: String(1 + dice.below(3)),
      'consumer.type': dice.below(2) === 0 ? 'standard' : 'enhanced', BisectBatchOnFunctionError: String(dice.below(2) === 0),
      MaximumRetryAttempts: '-1',
    }
    const bench = new Bench({ ...given, seed: String(plan), settings })
    const undo: (() => void)[] = []
    for (let at = 2; at < 12; at += 0.5) {
      bench.to(at)
      strike(bench, dice, undo)
      expect(bench.limbo()).toEqual([])
      if (dice.below(2) === 0) undo.shift()?.()
    }
    for (const act of undo) act()
    bench.to(200)
    expect(bench.limbo()).toEqual([])
    expect(bench.missing().every((name) => bench.outside.answers.get(name) !== 'ok')).toBe(true)
    expect(bench.plant.lagRecords()).toBe(0)
    if (write === 'conditional') expect(bench.outside.repeats).toBe(0)
    for (let lane = 0; lane < 2; lane++) expect(bench.plant.restorableFrom(lane)).toBe(bench.births.born(lane))
  }, 30_000)
})

/** One random fault now; what ends it goes to `undo`. */
function strike(bench: Bench, dice: Stream, undo: (() => void)[]): void {
  const { sim, plant } = bench
  const { functions, sources, frontEnd, table } = plant.built
  const environment = functions.environments[dice.below(4)] as Process
  const source = sources[dice.below(sources.length)] as Process
  const texts = ['throttle kinesis 20% at 0s', 'error-rate kinesis 30% at 0s', 'throttle sink 10% at 0s', 'error-rate sink 30% at 0s', 'throttle processor 0% at 0s', 'error-rate processor 40% at 0s']
  switch (dice.below(9)) {
    case 0:
    case 1:
      crash(sim, environment, null)
      return
    case 2:
      pause(sim, environment)
      undo.push(() => resume(sim, environment))
      return
    case 3:
      slow(sim, environment, 8)
      return
    case 4: {
      const from = dice.below(2) === 0 ? source.host : frontEnd.host
      const to = from === source.host ? frontEnd.host : source.host
      cut(sim, from, to)
      undo.push(() => heal(sim, from, to))
      return
    }
    case 5: {
      const to = dice.below(2) === 0 ? table.host : functions.host
      cut(sim, environment.host, to)
      undo.push(() => heal(sim, environment.host, to))
      return
    }
    case 6:
      plant.inflict(sim, fault('deploy processor at 0s'))
      return
    default: {
      const text = texts[dice.below(texts.length)] as string
      plant.inflict(sim, fault(text))
      undo.push(() => plant.end(sim, fault(text)))
    }
  }
}
