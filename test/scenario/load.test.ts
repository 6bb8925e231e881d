import { describe, expect, test } from 'vitest'
import { loadScenario, scenarioId } from '../../src/scenario/scenario.ts'
import { loaded, readProjectFile } from './kit.ts'

const interview = readProjectFile('test/scenario/fixtures/design-interview.md')

describe('an interview file without a simulation block', () => {
  const scenario = loaded(interview, 'test/scenario/fixtures/design-interview.md')

  test('all that it says is there', () => {
    expect(scenario.id).toBe('design-interview')
    expect(scenario.title).toBe('Plan a Pipeline for Live Orders')
    expect([scenario.difficulty, scenario.maxQuestions]).toEqual(['Medium', 3])
    expect(scenario.tags).toEqual(['streaming', 'orders', 'real-time'])
    expect(scenario.prompt.split('\n')).toHaveLength(3)
    expect(scenario.questions.map(({ category }) => category)).toEqual([
      ...Array<string>(4).fill('crucial'), ...Array<string>(3).fill('helpful'), ...Array<string>(3).fill('irrelevant'),
    ])
    expect(scenario.questions.at(-1)).toMatchObject({ id: 'q10', text: "What's the mascot's name?", reveals: null })
    expect(scenario.options.map(({ id, validWhen }) => [id, validWhen.length])).toEqual([
      ['kafka-flink', 2], ['kinesis-lambda', 1], ['kafka-streams', 1], ['pulsar', 0],
    ])
  })

  test('its constraints are understood where they can be measured, and kept with their lines where not', () => {
    expect(scenario.simulation.constraints.map(({ id, meaning, line }) => [id, meaning, line])).toEqual([
      ['latency', { kind: 'latency', quantile: 0.99, limitNanos: 1e9 }, 16],
      ['throughput', { kind: 'throughput', perSecond: 10_000 }, 22],
      ['durability', { kind: 'loss', limit: 0 }, 28],
      ['semantics', { kind: 'exactly-once' }, 34],
      ['expertise', { kind: 'declared', property: 'expertise', wanted: 'Kafka', level: 'limited' }, 40],
      ['historical_join', { kind: 'declared', property: 'historical_join', wanted: 'yes', level: null }, 46],
      ['cloud', { kind: 'declared', property: 'cloud', wanted: 'AWS', level: null }, 52],
    ])
  })

  test('a run is derived from the constraints: their rate, and room for twice of it', () => {
    const { simulation } = scenario
    expect(simulation.stated).toBe(false)
    expect(simulation.workload.ratePerSecond).toBe(10_000)
    expect(simulation.workload.shape).toEqual({ kind: 'poisson' })
    expect(simulation.sizing).toEqual({
      partitions: 12, shards: 24, replication: 3, parallelism: 12, taskManagers: 4, slotsPerTaskManager: 4,
      checkpointInterval: 1e9, guarantee: 'exactly-once', brokers: 3, zones: 3,
    })
    expect(simulation.warmup).toBeLessThan(simulation.duration)
    expect(simulation.faults).toEqual([])
  })

  test('constraints that nobody understands load as unknown, and without a rate 1 000/s are offered', () => {
    const odd = interview
      .replace('value: "10000 TPS"', 'value: "a whole lot"')
      .replace('value: "sub-second"', 'value: "snappy"')
    const { simulation } = loaded(odd)
    expect(simulation.constraints.slice(0, 2).map(({ meaning }) => meaning.kind)).toEqual(['unknown', 'unknown'])
    expect(simulation.workload.ratePerSecond).toBe(1_000)
    expect(simulation.sizing).toMatchObject({ partitions: 4, shards: 3, taskManagers: 2 })
  })

  test('the guidance is a tree of headings, paragraphs and a list', () => {
    expect(scenario.guidance.map(({ kind }) => kind)).toEqual(['heading', 'paragraph', 'heading', 'paragraph', 'list'])
    expect(scenario.guidance[4]).toMatchObject({ ordered: false, items: { length: 5 } })
    expect(scenario.guidance[4]?.kind === 'list' && scenario.guidance[4].items[0]?.inlines).toEqual([
      { kind: 'bold', text: 'Guarantees' }, { kind: 'text', text: ': at-least-once or exactly-once' },
    ])
  })

  test('Windows line ends and a byte order mark change nothing', () => {
    const other = loadScenario(`\ufeff${interview.replaceAll('\n', '\r\n')}`, 'design-interview.md')
    expect(other).toEqual({ ok: true, value: scenario })
  })
})

describe('the fraud scenario', () => {
  const scenario = loaded(readProjectFile('scenarios/fraud-detection.md'), 'scenarios/fraud-detection.md')
  const { simulation } = scenario

  test('is what the derived run of the same constraints is, but for what it states', () => {
    const derived = loaded(interview).simulation
    expect(scenario.id).toBe('fraud-detection')
    expect(simulation.stated).toBe(true)
    expect(simulation.sizing).toEqual(derived.sizing)
    expect(simulation.workload).toEqual({ ...derived.workload, upstream: 'once' })
    expect(simulation.constraints.map(({ meaning }) => meaning)).toEqual(derived.constraints.map(({ meaning }) => meaning))
  })

  test('every option has a folder name as its id, and the two that can be run come first', () => {
    expect(scenario.options.map(({ id }) => id).slice(0, 2)).toEqual(['kafka-flink', 'kinesis-lambda'])
    expect(scenario.questions.filter(({ category }) => category === 'crucial')).toHaveLength(4)
  })

  test('the whole scenario is plain data that crosses a worker boundary', () => {
    expect(structuredClone(scenario)).toEqual(scenario)
    expect(JSON.parse(JSON.stringify(scenario))).toEqual(scenario)
  })
})

test('the id is the name of the file without folder and ending', () => {
  expect(scenarioId('scenarios/demos/acks-one.md')).toBe('acks-one')
  expect(scenarioId('C:\\files\\a.txt')).toBe('a')
  expect(scenarioId('plain')).toBe('plain')
})
