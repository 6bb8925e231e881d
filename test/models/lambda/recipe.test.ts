import { describe, expect, it } from 'vitest'
import { Channels } from '../../../src/contract/scene.ts'
import { faultKinds, type FaultKind } from '../../../src/contract/fault.ts'
import { crash, nanos } from '../../../src/kernel/index.ts'
import { KnobSettings } from '../../../src/run/settings.ts'
import recipe from '../../../models/kinesis-lambda/index.ts'
import { SUCCEEDED } from '../../../models/parts/lambda/invocation.ts'
import { inflict } from '../../../src/run/inflict.ts'
import { Bench, fault } from '../kinesis/kit.ts'

const sizing = {
  partitions: 12, shards: 24, replication: 3, parallelism: 12, taskManagers: 4, slotsPerTaskManager: 4,
  checkpointInterval: nanos(1e9), guarantee: 'exactly-once' as const, brokers: 3, zones: 3,
}

describe('knobs and presets', () => {
  it.each(Object.keys(recipe.presets))('preset %s sets only keys that exist, to values that they take, each with its reason', (name) => {
    const settings = new KnobSettings(recipe.knobs)
    for (const [key, { value, reason }] of Object.entries(recipe.presets[name] ?? {})) {
      expect(settings.set(key, value)).toBeNull()
      expect(reason.length).toBeGreaterThan(20)
    }
  })

  it('defaults changes nothing, and the size sets shards, a warm table, and the pipeline\'s work', () => {
    expect(recipe.presets['defaults']).toEqual({})
    const pipeline = { keyBy: 'card', state: 'none' as const, stateBytesPerKey: 0, work: nanos(200e3), outputBytes: 200 }
    expect(recipe.sized(sizing, pipeline)).toEqual({
      ShardCount: '24', 'WarmThroughput.WriteUnitsPerSecond': '24000', 'handler.work': '200us', 'sink.item-size': '200B',
    })
  })

  it('a live knob is one that the product changes while running', () => {
    const live = recipe.knobs.filter((knob) => knob.live).map(({ key }) => key)
    expect(live).toContain('MaximumRetryAttempts')
    expect(live).not.toContain('ShardCount')
    expect(live).not.toContain('sink.write')
    const bench = new Bench({ duration: 2 })
    for (const key of live) bench.plant.change(bench.sim, key)
    bench.to(5)
    expect(bench.outside.visibleCount).toBe(bench.bornCount())
  })
})

describe('targets', () => {
  it('every target that is listed means something at some moment', () => {
    const bench = new Bench({ rate: 4000, sources: 16, shards: 24, keys: 1000, duration: 4, settings: { 'handler.work': '5ms' } })
    const missing = new Set(recipe.targets(sizing).map(({ target }) => target).filter((target) => target !== 'processor' && !target.startsWith('shard:')))
    for (let moment = 1; moment <= 3 && missing.size > 0; moment += 0.01) {
      bench.to(moment)
      for (const target of missing) if (/process|host/.test(bench.plant.resolve(bench.sim, target)?.kind ?? '')) missing.delete(target)
    }
    expect([...missing]).toEqual([])
  })

  it('processor-n is the n-th environment that executes, or strikes nothing', () => {
    const bench = new Bench({ rate: 10, duration: 6 })
    bench.to(1)
    const nobody = bench.plant.resolve(bench.sim, 'processor-3')
    expect(nobody).toEqual({ kind: 'nothing', why: 'fewer than 3 environments execute now' })
  })

  it('what another product has means nothing here', () => {
    const bench = new Bench({ duration: 1 })
    for (const target of ['broker-1', 'leader:0', 'coordinator', 'taskmanager-1', 'environment-999', 'zone-x']) {
      expect(bench.plant.resolve(bench.sim, target)).toBeNull()
    }
  })

  it('machines of a managed service cannot be struck: the nearest real faults are named', () => {
    for (const kind of ['crash', 'power-loss', 'pause', 'slow', 'disk-loss'] as const) {
      for (const target of ['broker', 'broker-1', 'kinesis', 'sink', 'leader:3']) {
        expect(recipe.refuses(kind, target)).toMatch(/Nearest: throttle, error-rate or delay/)
      }
    }
    expect(recipe.refuses('crash', 'processor-1')).toBeNull()
    expect(recipe.refuses('throttle', 'kinesis')).toBeNull()
    expect(recipe.refuses('checkpoint-fail', null)).toMatch(/no checkpoints/)
  })

  it('every kind of fault has a meaning in a sentence', () => {
    for (const { kind } of faultKinds) expect(recipe.meaning(kind as FaultKind, 'processor-1')).toMatch(/\.$/)
  })
})

describe('the scene', () => {
  it('shows lanes, pollers, environments, functions, output and flows as they are', () => {
    const bench = new Bench({ rate: 800, shards: 2, keys: 200, duration: 10 })
    const channels = new Channels()
    bench.plant.channels(channels)
    const frame = new Float64Array(channels.names.length).fill(NaN)
    const value = (name: string): number => frame[channels.names.indexOf(name)] as number
    for (let ms = 100; ms <= 6000; ms += 100) {
      bench.to(ms / 1000)
      bench.plant.sample(bench.sim, frame)
    }
    expect(value('lane.0.end')).toBeGreaterThan(5.8)
    expect(value('lane.0.read')).toBeGreaterThan(5.4)
    expect(value('lane.0.lagRecords') + value('lane.1.lagRecords')).toBe(bench.plant.lagRecords())
    expect(value('flow.0.0.rate') + value('flow.0.1.rate')).toBeGreaterThan(500)
    expect(value('fn.limit')).toBe(1000)
    expect(value('out.visible')).toBe(bench.plant.built.table.applied)
    expect([1, 2]).toContain(value('env.0.state'))
    expect(value('env.2.state')).toBe(0)
    expect(bench.plant.stage.processing).toEqual({ kind: 'functions', pollers: 2, environments: 3 })
    const unknown = channels.names.filter((name) => Number.isNaN(value(name)))
    expect(unknown.every((name) => name.endsWith('.reached'))).toBe(true)
  })
})

describe('a hot key', () => {
  it('fills its shard while the others are idle: its records wait and are refused there only', () => {
    const bench = new Bench({ rate: 1600, shards: 4, sources: 2, keys: 400, duration: 6, faults: ['hot-key 90% at 2s for 4s'] })
    bench.to(6)
    const { stream } = bench.plant.built
    const refusing = [...stream.refused].flatMap((count, shard) => (count > 0 ? [shard] : []))
    expect(refusing).toEqual([stream.routing.shardOf(0)])
    bench.to(60)
    expect(bench.outside.visibleCount).toBe(bench.bornCount())
  })
})

describe('planted', () => {
  it('a mapping that moves past a failed batch loses what the batch had not written', () => {
    const bench = new Bench({ rate: 500, duration: 10, settings: { BatchSize: '100', MaximumBatchingWindowInSeconds: '1' } })
    const { mapping } = bench.plant.built
    const finished = mapping.finished.bind(mapping)
    mapping.finished = (sim, batch) => finished(sim, batch, SUCCEEDED, -1)
    bench.to(4)
    const subject = bench.until('lambda.write-applied', ([position]) => position === 50)
    crash(bench.sim, subject.process, null)
    bench.to(30)
    expect(bench.missing().length).toBe(50)
    expect(bench.missing().every((name) => bench.outside.answers.get(name) === 'ok')).toBe(true)
  })
})

describe('a fault without a target', () => {
  it('never strikes a managed service, whatever fact sets it off', () => {
    const bench = new Bench({ rate: 200, duration: 6 })
    bench.to(3)
    const { mapping, functions, frontEnd, table } = bench.plant.built
    for (const subject of [mapping, functions, frontEnd, table]) {
      for (const kind of ['crash', 'power-loss', 'pause']) {
        const done = inflict(bench.sim, bench.plant, fault(`${kind} on lambda.batch-retried`), subject)
        expect(done.struck).toBe('')
        expect(subject.alive && !subject.paused && subject.host.up).toBe(true)
      }
    }
    bench.to(10)
    expect(bench.outside.visibleCount).toBe(bench.bornCount())
  })
})
