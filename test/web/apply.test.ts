import { describe, expect, it } from 'vitest'
import { recipes } from '../../models/index.ts'
import type { RunSpec } from '../../src/host/api.ts'
import { isLive, secondRun, withPreset, withSettings } from '../../web/panel/apply.ts'
import { betweenColumns, originOf } from '../../web/panel/differ.ts'
import { checkedSpec } from '../run/checked-run.ts'
import { small } from '../run/small-scenario.ts'

const knobsOf = (id: string) => recipes.find((recipe) => recipe.id === id)!.knobs.map((knob) => ({ ...knob, value: knob.default, changed: false, reason: null }))
const target = (number: number, id: string) => ({ number, opened: { label: id, knobs: knobsOf(id) } })
const spec: RunSpec = {
  version: 1, model: '1', scenario: small, seed: '1', architectures: [{ id: 'kafka-flink' }, { id: 'kinesis-lambda', settings: { BatchSize: '50' } }],
  faults: ['crash processor-1 at 5s', 'pause broker-1 at 6s for 2s only kafka-flink', 'throttle kinesis 20% at 7s only kinesis-lambda'],
  changes: [{ at: '3s', label: 'kinesis-lambda', key: 'Timeout', value: '5' }],
}

describe('settings', () => {
  it('act from the playhead where the product can change all of them while it runs', () => {
    const changed = withSettings(spec, target(1, 'kinesis-lambda'), [{ key: 'BatchSize', value: '200' }, { key: 'Timeout', value: '9' }], '12s')
    expect(changed.changes.slice(1)).toEqual([
      { at: '12s', label: 'kinesis-lambda', key: 'BatchSize', value: '200' }, { at: '12s', label: 'kinesis-lambda', key: 'Timeout', value: '9' },
    ])
    expect(changed.architectures).toBe(spec.architectures)
  })
  it('act from the beginning, all of them, where it cannot change one', () => {
    const both = [{ key: 'BatchSize', value: '200' }, { key: 'ShardCount', value: '8' }]
    expect(isLive(target(1, 'kinesis-lambda'), both)).toBe(false)
    const changed = withSettings(spec, target(1, 'kinesis-lambda'), both, '12s')
    expect(changed.architectures[1]).toEqual({ id: 'kinesis-lambda', settings: { BatchSize: '200', ShardCount: '8' } })
    expect([changed.architectures[0], changed.changes]).toEqual([spec.architectures[0], spec.changes])
  })
  it('that were set by hand outlive another preset', () => {
    expect(withPreset(spec, 1, 'defaults').architectures[1]).toEqual({ id: 'kinesis-lambda', preset: 'defaults', settings: { BatchSize: '50' } })
  })
})

describe('a second run', () => {
  const second = secondRun(spec, target(1, 'kinesis-lambda'), [{ key: 'sink.write', value: 'put' }])
  it('stands beside the run as it is, with the same faults and changes in both', () => {
    expect(second.architectures).toEqual([
      { id: 'kinesis-lambda', label: 'kinesis-lambda', settings: { BatchSize: '50' } },
      { id: 'kinesis-lambda', label: 'kinesis-lambda-changed', settings: { BatchSize: '50', 'sink.write': 'put' } },
    ])
    expect(second.faults).toEqual(['crash processor-1 at 5s', 'throttle kinesis 20% at 7s'])
    expect(second.changes.map(({ label }) => label)).toEqual(['kinesis-lambda', 'kinesis-lambda-changed'])
  })
  it('is a run that can be built, also for a column whose label is long', () => {
    expect(checkedSpec(second, recipes).columns).toHaveLength(2)
    const named = { ...spec, architectures: [{ id: 'kafka-flink', label: 'x'.repeat(60) }], faults: [], changes: [] }
    const long = secondRun(named, { number: 0, opened: { label: 'x'.repeat(60), knobs: [] } }, [{ key: 'acks', value: '1' }])
    expect(checkedSpec(long, recipes).columns.map(({ label }) => label)).toEqual(['x'.repeat(60), 'changed'])
  })
})

describe('what differs', () => {
  const knobs = (value: string) => knobsOf('kafka').map((knob) => (knob.key === 'acks' ? { ...knob, value } : knob))
  it('between columns are keys that two of them have', () => {
    expect(betweenColumns([knobs('all'), knobs('1'), knobsOf('kinesis-lambda')])).toEqual([{ key: 'acks', values: ['all', '1', ''] }])
    expect(betweenColumns([knobs('1'), knobs('1')])).toEqual([])
    expect(betweenColumns([knobsOf('kafka'), knobsOf('kinesis-lambda')])).toEqual([])
  })
  it('says of each knob whether a document gives its value', () => {
    expect([originOf({ source: 'Kafka 4.2 ProducerConfig' }), originOf({ source: 'ours, assumed' }), originOf({ source: 'ours: Linux vm.dirty_expire_centisecs' })]).toEqual(['documented', 'assumed', 'ours'])
  })
})
