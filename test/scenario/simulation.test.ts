import { describe, expect, test } from 'vitest'
import type { Constraint, Workload, WorkloadShape } from '../../src/contract/scenario.ts'
import { nanos } from '../../src/kernel/time.ts'
import { meaningOf } from '../../src/scenario/meaning.ts'
import { withOverrides } from '../../src/scenario/overrides.ts'
import { sizingFor } from '../../src/scenario/sizing.ts'
import { defaultWorkload } from '../../src/scenario/workload.ts'
import { fileWith, loaded } from './kit.ts'

const exactly: Constraint = { id: 'semantics', value: 'exactly-once', meaning: { kind: 'exactly-once' }, line: null }

describe('sizing', () => {
  test.each<[number, number, { partitions: number; shards: number; taskManagers: number }]>([
    [10_000, 500, { partitions: 12, shards: 24, taskManagers: 4 }],
    [1_000, 500, { partitions: 4, shards: 3, taskManagers: 2 }],
    [0.5, 500, { partitions: 4, shards: 1, taskManagers: 2 }],
    // 100 x 64 KiB x 2 x 1.2 / 1 MiB: bytes, not records, fill the shards.
    [100, 65_536, { partitions: 4, shards: 15, taskManagers: 2 }],
    [10_000_000, 500, { partitions: 1_000, shards: 1_000, taskManagers: 251 }],
  ])('%d/s of %d bytes', (ratePerSecond, recordBytes, expected) => {
    const workload: Workload = { ...defaultWorkload([]), ratePerSecond, recordBytes }
    const sizing = sizingFor(workload, [exactly])
    expect(sizing).toMatchObject(expected)
    expect(sizing.taskManagers * sizing.slotsPerTaskManager).toBeGreaterThanOrEqual(sizing.parallelism + sizing.slotsPerTaskManager)
  })

  test('the guarantee follows the constraints, and the interval the guarantee', () => {
    const workload = defaultWorkload([])
    expect(sizingFor(workload, [exactly])).toMatchObject({ guarantee: 'exactly-once', checkpointInterval: 1e9 })
    const atLeast: Constraint = { id: 'semantics', value: 'at-least-once', meaning: meaningOf('semantics', 'at-least-once'), line: null }
    expect(sizingFor(workload, [atLeast])).toMatchObject({ guarantee: 'at-least-once', checkpointInterval: 10e9 })
  })
})

describe('the simulation block', () => {
  test('what it leaves out follows from what it says', () => {
    const { simulation } = loaded(fileWith('workload: { rate: 1000/s }\nconstraints: [{ id: semantics, value: exactly-once }]'))
    expect(simulation.sizing).toMatchObject({ partitions: 4, guarantee: 'exactly-once' })
    expect(simulation.workload).toMatchObject({ ratePerSecond: 1_000, recordBytes: 500 })
    expect(simulation.views).toEqual([{ sink: 'decisions', isolation: 'committed' }])
  })

  test.each<[string, WorkloadShape]>([
    ['constant', { kind: 'constant' }],
    ['{ kind: poisson }', { kind: 'poisson' }],
    ['{ kind: step, at: 5s, factor: 3 }', { kind: 'step', atNanos: nanos(5e9), factor: 3 }],
    ['{ kind: spike, at: 5s, for: 2s, factor: 1.5 }', { kind: 'spike', atNanos: nanos(5e9), forNanos: nanos(2e9), factor: 1.5 }],
    ['{ kind: diurnal, period: 1h, amplitude_percent: 60 }', { kind: 'diurnal', periodNanos: nanos(3600e9), amplitude: 0.6 }],
    ['{ kind: on-off, on: 5s, off: 500ms }', { kind: 'on-off', onNanos: nanos(5e9), offNanos: nanos(0.5e9) }],
    ['{ kind: trace, rates: [10/s, 0/s, 2k/s] }', { kind: 'trace', perSecond: [10, 0, 2_000] }],
  ])('shape: %s', (shape, expected) => {
    expect(loaded(fileWith(`workload:\n  shape: ${shape}`)).simulation.workload.shape).toEqual(expected)
  })

  test('settings keep the text that was written', () => {
    const { settings } = loaded(fileWith('settings:\n  kafka-flink: { a.b: 1.50, c: 0x10, d: "007", e: true, f: 5ms, g: 1e3 }')).simulation
    expect(settings).toEqual({ 'kafka-flink': { 'a.b': '1.50', c: '0x10', d: '007', e: 'true', f: '5ms', g: '1e3' } })
  })

  test('constraints may be stated in numbers beside their words', () => {
    const block = 'constraints:\n  - { id: latency, value: snappy, quantile: p95, below: 250ms }\n  - { id: durability, value: a few, lost: 5 }\n  - { id: throughput, value: much, rate: 2k/s }'
    const { constraints } = loaded(fileWith(block)).simulation
    expect(constraints.map(({ value, meaning, line }) => [value, meaning, line])).toEqual([
      ['snappy', { kind: 'latency', quantile: 0.95, limitNanos: 250e6 }, 5],
      ['a few', { kind: 'loss', limit: 5 }, 6],
      ['much', { kind: 'throughput', perSecond: 2_000 }, 7],
    ])
  })
})

describe('overrides of a RunSpec', () => {
  const { simulation } = loaded(fileWith('duration: 60s\nwarmup: 10s'))
  const codes = (spec: Parameters<typeof withOverrides>[1]) => {
    const result = withOverrides(simulation, spec)
    return result.ok ? [] : result.issues.map(({ code, path }) => `${code} ${path}`)
  }
  const overridden = (spec: Parameters<typeof withOverrides>[1]) => {
    const result = withOverrides(simulation, spec)
    if (!result.ok) throw new Error(JSON.stringify(result.issues))
    return result.value
  }

  test('without any the simulation stays as it is', () => {
    expect(overridden({})).toEqual(simulation)
  })

  test('durations replace, and a warm-up that is not given leaves three quarters of a shorter run', () => {
    expect(overridden({ duration: '90s', quiet: '5s' })).toMatchObject({ duration: 90e9, warmup: 10e9, quiet: 5e9 })
    expect(overridden({ duration: '20s' })).toMatchObject({ duration: 20e9, warmup: 5e9 })
    expect(overridden({ duration: '20s', warmup: '10s' })).toMatchObject({ warmup: 10e9 })
  })

  test('parts of the workload replace, the sizing does not follow', () => {
    const workload = { rate: '50/s', shape: 'constant', record_size: '1KiB', keys: '10', distribution: 'uniform', sources: '1', upstream: 'once', malformed_per_million: '7', hot_key_percent: '5%' }
    const value = overridden({ workload })
    expect(value.workload).toEqual({
      ratePerSecond: 50, shape: { kind: 'constant' }, recordBytes: 1_024, sources: 1, eventTimeDelay: 0, malformedPerMillion: 7,
      upstream: 'once', keys: { count: 10, distribution: 'uniform', exponent: 0, hotKeyPercent: 5 },
    })
    expect(value.sizing).toBe(simulation.sizing)
  })

  test.each<[Parameters<typeof withOverrides>[1], string[]]>([
    [{ duration: '30' }, ['duration.unit duration']],
    [{ duration: 'NaN' }, ['duration.text duration']],
    [{ duration: '1e99s' }, ['duration.text duration']],
    [{ duration: '0s' }, ['spec.range duration', 'spec.warmup warmup']],
    [{ duration: '2d' }, ['spec.range duration']],
    [{ warmup: '60s' }, ['spec.warmup warmup']],
    [{ workload: { rate: '10', speed: '1', shape: 'spike', keys: '0', sources: '1e3', exponent: '9', record_size: '0B' } }, [
      'rate.unit workload.rate', 'spec.unknown-key workload.speed', 'spec.choice workload.shape', 'spec.range workload.keys',
      'spec.range workload.sources', 'spec.range workload.exponent', 'spec.range workload.record_size',
    ]],
  ])('%j is refused', (spec, expected) => {
    expect(codes(spec)).toEqual(expected)
  })
})
