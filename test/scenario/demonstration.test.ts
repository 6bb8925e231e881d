import { describe, expect, test } from 'vitest'
import { parseFault } from '../../src/contract/fault.ts'
import type { ColumnReport } from '../../src/contract/spec.ts'
import type { Demonstration } from '../../src/contract/scenario.ts'
import { demonstrationSpec, judgeDemonstration } from '../../src/scenario/demonstration-spec.ts'
import { metricProblem, readMetric } from '../../src/scenario/metric.ts'
import { fileWith, loaded, refused } from './kit.ts'

const block = `
duration: 60s
faults: ["crash processor-1 at 30s"]
settings:
  kafka-flink: { linger.ms: 5, acks: all }
demonstrates: "A crash makes an at-least-once sink repeat itself."
seeds: [1, two, 3]
architectures:
  - { id: kafka-flink, label: alo, preset: tuned, settings: { sink.delivery-guarantee: at-least-once, acks: 1 } }
  - { id: kinesis-lambda }
expect:
  - { label: alo, metric: totals.duplicates, op: ">", value: 0, on_seeds: 2 }
  - { label: alo, metric: "constraints[latency].met", op: "=", value: false }
  - { label: alo, metric: latency.visible.p50, op: ">", value: { label: alo, metric: latency.processed.p50 } }
unmoved:
  - { label: alo, metric: totals.lost }
prevented_by:
  because: "Transactions end with the checkpoint."
  settings:
    alo: { sink.delivery-guarantee: exactly-once }
  expect:
    - { label: alo, metric: totals.duplicates, op: "=", value: 0 }
`.trim()

/** A column with the metrics that the file above reads; the rest is not looked at. */
function column(numbers: { duplicates: number; lost?: number; label?: string }): ColumnReport {
  const report = {
    label: numbers.label ?? 'alo',
    totals: { duplicates: numbers.duplicates, lost: numbers.lost ?? 0 },
    latency: { visible: { p50: 0.5 }, processed: { p50: 0.1 } },
    constraints: [{ id: 'latency', met: false }],
    causes: [{ code: 'kafka.replay', records: 7 }],
    views: [{ sink: 'decisions', reader: 'read_committed', totals: { duplicates: 3 } }],
    outages: [{ from: 30, to: null }],
    recovery: [{ fault: 'crash broker-1 at 3s', recoveredAfter: 4.5 }],
  }
  // Only a part of a column: what the paths of these tests walk through.
  return report as unknown as ColumnReport
}

function demonstrationOf(text: string): Demonstration {
  const { demonstration } = loaded(fileWith(text)).simulation
  if (demonstration === null) throw new Error('no demonstration')
  return demonstration
}

describe('the demonstration of a file', () => {
  test('is read as data', () => {
    const demonstration = demonstrationOf(block)
    expect(demonstration.seeds).toEqual(['1', 'two', '3'])
    expect(demonstration.architectures).toEqual([
      { id: 'kafka-flink', label: 'alo', preset: 'tuned', settings: { 'sink.delivery-guarantee': 'at-least-once', acks: '1' } },
      { id: 'kinesis-lambda', label: 'kinesis-lambda' },
    ])
    expect(demonstration.expect.map(({ op, value, onSeeds, line }) => [op, value, onSeeds, line])).toEqual([
      ['>', 0, 2, 14], ['=', false, 3, 15], ['>', { label: 'alo', metric: 'latency.processed.p50' }, 3, 16],
    ])
    expect(demonstration.unmoved).toEqual([{ label: 'alo', metric: 'totals.lost' }])
    expect(demonstration.preventedBy?.settings).toEqual({ alo: { 'sink.delivery-guarantee': 'exactly-once' } })
  })

  test('gives a RunSpec for each variant: the file\'s settings, then the column\'s, then what prevents it', () => {
    const scenario = loaded(fileWith(block))
    const demonstration = demonstrationOf(block)
    const spec = (variant: 'shown' | 'calm' | 'prevented') => demonstrationSpec(scenario, demonstration, { source: 'test', model: 'm', seed: 'two', variant })
    expect(spec('shown')).toMatchObject({ version: 1, scenario: 'test', model: 'm', seed: 'two', faults: ['crash processor-1 at 30s'], changes: [] })
    expect(parseFault(spec('shown').faults[0] ?? '').ok).toBe(true)
    expect(spec('calm').faults).toEqual([])
    expect(spec('shown').architectures[0]?.settings).toEqual({ 'linger.ms': '5', acks: '1', 'sink.delivery-guarantee': 'at-least-once' })
    expect(spec('prevented').architectures[0]?.settings).toEqual({ 'linger.ms': '5', acks: '1', 'sink.delivery-guarantee': 'exactly-once' })
    expect(spec('prevented').faults).toEqual(spec('shown').faults)
  })

  test('holds when enough seeds show it, all are prevented, and nothing else moved', () => {
    const runs = [10, 0, 5].map((duplicates, i) => ({
      seed: String(i), shown: [column({ duplicates })], calm: [column({ duplicates: 0 })], prevented: [column({ duplicates: 0 })],
    }))
    expect(judgeDemonstration(demonstrationOf(block), runs)).toEqual([])
  })

  test('fails, in words, for each thing that is otherwise', () => {
    const runs = [0, 0, 5].map((duplicates, i) => ({
      seed: String(i), shown: [column({ duplicates, lost: i })], calm: [column({ duplicates: 0 })], prevented: [column({ duplicates: 1 })],
    }))
    const said = judgeDemonstration(demonstrationOf(block), runs)
    expect(said).toHaveLength(4)
    expect(said[0]).toContain('shown: expected on 2 of 3 seeds (line 14); seed 0: alo totals.duplicates > 0, found 0')
    expect(said[1]).toContain('prevented: expected on 3 of 3 seeds')
    expect(said.slice(2).join()).toMatch(/seed 1: alo totals.lost must not move: 0 without faults, 1 with them.*seed 2/)
  })

  test('a column or a metric that is missing never holds', () => {
    const runs = [{ seed: '1', shown: [column({ duplicates: 5, label: 'other' })], calm: [], prevented: null }]
    expect(judgeDemonstration(demonstrationOf(block), runs)).toHaveLength(5)
  })
})

describe('metrics', () => {
  test.each<[string, unknown]>([
    ['totals.duplicates', 2], ['constraints[latency].met', false], ['causes[kafka.replay].records', 7],
    ['causes[kafka.never].records', 0], ['views[decisions/read_committed].totals.duplicates', 3], ['outages.length', 1],
    ['outages[0].to', null], ['recovery[crash broker-1 at 3s].recoveredAfter', 4.5],
    ['views[decisions/elsewhere].totals.duplicates', undefined], ['totals.nothing', undefined], ['totals', undefined],
    ['totals.constructor', undefined], ['outages[5].to', undefined], ['latency.visible.p50', 0.5],
  ])('%s', (path, expected) => {
    expect(metricProblem(path)).toBeNull()
    expect(readMetric(column({ duplicates: 2 }), path)).toBe(expected)
  })

  test.each(['', 'total.duplicates', 'totals..lost', 'totals.', 'digest', 'causes[]', 'causes[a', '__proto__.x', 'totals[a[b]]'])('%j is no path', (path) => {
    expect(metricProblem(path)).toContain('expected a path')
  })
})

describe('demonstrations that are refused', () => {
  test.each<[string, string, string, string, number]>([
    ['seeds twice', 'seeds: [1, two, 3]', 'seeds: [1, 1]', 'scenario.duplicate-id', 9],
    ['no seeds', 'seeds: [1, two, 3]', 'seeds: []', 'scenario.empty', 9],
    ['a label twice', 'label: alo, preset', 'label: kinesis-lambda, preset', 'scenario.duplicate-id', 12],
    ['a label with a dot', '{ id: kinesis-lambda }', '{ id: kinesis-lambda, label: a.b }', 'scenario.id', 12],
    ['a label of no column', '{ label: alo, metric: totals.lost }', '{ label: eo, metric: totals.lost }', 'scenario.reference', 18],
    ['settings for no column', 'alo: { sink', 'eo: { sink', 'scenario.reference', 22],
    ['a metric that no report has', 'totals.lost', 'totels.lost', 'scenario.metric', 18],
    ['an operator nobody knows', 'op: ">", value: 0', 'op: "~", value: 0', 'scenario.choice', 14],
    ['more than true', 'op: "=", value: false', 'op: ">", value: false', 'scenario.conflict', 15],
    ['a value in words', 'value: false', 'value: broken', 'scenario.kind', 15],
    ['more seeds than there are', 'on_seeds: 2', 'on_seeds: 4', 'scenario.range', 14],
    ['no reason', '  because: "Transactions end with the checkpoint."\n', '', 'scenario.missing', 20],
  ])('%s', (_name, from, to, code, line) => {
    expect(block).toContain(from)
    const issues = refused(fileWith(block.replace(from, to)))
    expect(issues.map((issue) => [issue.code, issue.line])).toContainEqual([code, line])
  })

  test('a demonstration shows something, in something', () => {
    expect(refused(fileWith('demonstrates: "x"')).map(({ path }) => path)).toEqual(['simulation.architectures', 'simulation.expect'])
    expect(refused(fileWith('demonstrates: "x"\narchitectures: []\nexpect: []')).map(({ code }) => code)).toEqual(['scenario.empty', 'scenario.empty'])
  })
})
