import { describe, expect, it } from 'vitest'
import { parseFault, faultKinds } from '../../src/contract/fault.ts'
import type { FaultOffer, Opened } from '../../src/host/api.ts'
import { captionAt } from '../../web/caption.ts'
import { faultName, faultText, faultTimes, timeText } from '../../web/faults.ts'
import { bytesRate, count, limitText, seconds, share, short } from '../../web/format.ts'
import { offersFor } from '../../web/offers.ts'
import { words } from '../../web/panel/answer.ts'
import { findKnobs, rangeText } from '../../web/panel/knob-list.ts'
import { sceneTitle } from '../../web/scene-title.ts'

describe('numbers', () => {
  it('are grouped by thin spaces, unknown is a word and never 0', () => {
    expect([count(362_187), count(999), count(-1234), count(Number.NaN)]).toEqual(['362\u2009187', '999', '−1\u2009234', 'unknown'])
    expect([seconds(0), seconds(0.031), seconds(0.19), seconds(7.2), seconds(120), seconds(Number.NaN)]).toEqual(['0.00 s', '31 ms', '0.19 s', '7.2 s', '120 s', 'unknown'])
    expect([limitText(1, 's'), limitText(0.25, 's'), limitText(9900, 'records/s')]).toEqual(['1 s', '250 ms', '9\u2009900'])
    expect([short(0), short(5000), short(12_500), short(2e6), bytesRate(5e6)]).toEqual(['0', '5 k', '12.5 k', '2 M', '5.0 MB/s'])
  })
  it('never say that all is settled while something is not', () => {
    expect([share(99_999, 100_000), share(10, 10), share(1, 0)]).toEqual(['99.9 %', '100 %', 'unknown'])
  })
})

describe('fault texts', () => {
  it.each(faultKinds.map((info) => info.kind))('what the page writes for %s is a fault of that kind', (kind) => {
    const text = faultText({ kind, target: 'broker-1', at: 36.2, only: 'eo' })
    const parsed = parseFault(text)
    expect(parsed, text).toMatchObject({ ok: true, value: { kind, at: 36_200_000_000 } })
    const workload = faultKinds.find((info) => info.kind === kind)?.strikes === 'workload'
    expect(text.endsWith('only eo')).toBe(!workload)
  })
  it('has the chosen length, or leaves the end to the platform', () => {
    expect(faultText({ kind: 'crash', target: 'processor-1', at: 30 })).toBe('crash processor-1 at 30s')
    expect(faultText({ kind: 'crash', target: 'processor-1', at: 30.0005, lasts: 20 })).toBe('crash processor-1 at 30001ms for 20s')
    expect(faultText({ kind: 'pause', target: 'processor-1', at: 30, lasts: null })).toBe('pause processor-1 at 30s')
  })
  it('is read back for the track', () => {
    expect(faultTimes('cut broker-1 -> broker-2,broker-3 at 30s for 4s')).toEqual({ at: 30, lasts: 4 })
    expect(faultTimes('crash leader:0 on kafka.transaction-prepared after 30s')).toEqual({ at: null, lasts: null })
    expect(faultTimes('slow processor-1 x4 at 36201ms')).toEqual({ at: 36.201, lasts: null })
    expect(faultName('slow processor-1 x4 at 36201ms')).toBe('slow processor-1 x4')
    expect(timeText(36.201)).toBe('36201ms')
  })
})

const offer = (target: string, kind: string, refused: string | null = null): FaultOffer => ({ target, kind, label: '', meaning: '', refused })

describe('menus, knobs, words', () => {
  it('put the offers of both columns side by side', () => {
    const rows = offersFor([[offer('broker-1', 'crash'), offer('processor-1', 'crash')], [offer('broker-1', 'crash', 'managed')]], { targets: null, kinds: null })
    expect(rows.map((row) => [row.target, row.columns.map((one) => one?.refused)])).toEqual([['broker-1', [null, 'managed']], ['processor-1', [null, undefined]]])
  })
  it('list only what can befall the object that was chosen', () => {
    const rows = offersFor([[offer('broker-1', 'crash'), offer('broker-2', 'crash')]], { targets: ['broker-2'], kinds: null })
    expect(rows.map((row) => row.target)).toEqual(['broker-2'])
    expect(offersFor([[offer('broker', 'throttle'), offer('broker', 'delay')]], { targets: null, kinds: ['delay'] })).toHaveLength(1)
  })
  it('find knobs by all words, changed ones first', () => {
    const knob = (key: string, changed: boolean): Opened['knobs'][number] => ({
      key, type: { kind: 'integer', min: 1, max: 9, unit: '' }, default: '1', unit: '', help: 'how many', source: 'ours', group: 'Flink', live: false, value: '1', changed, reason: null,
    })
    const knobs = [knob('a.b', false), knob('batch.size', true), knob('batch.time', false)]
    expect(findKnobs(knobs, '').map((one) => one.key)).toEqual(['batch.size', 'a.b', 'batch.time'])
    expect(findKnobs(knobs, 'BATCH flink').map((one) => one.key)).toEqual(['batch.size', 'batch.time'])
    expect(findKnobs(knobs, 'nothing like it')).toEqual([])
    expect(rangeText(knobs[0]!)).toBe('1 to 9')
    expect(rangeText({ ...knobs[0]!, type: { kind: 'duration', minNanos: 0, maxNanos: 3.6e12, bare: null, off: '-1' } })).toBe('0 ms to 1 h, or -1')
  })
  it('hold a caption for six simulated seconds, headlines only', () => {
    const fact = (at: number, level: 1 | 2): Parameters<typeof captionAt>[0][number] => ({ at, code: 'flink.taskmanager-died', subject: '', text: `at ${at}`, numbers: [], level })
    const facts = [fact(10, 1), fact(12, 2)]
    expect(captionAt(facts, 9)).toBeNull()
    expect(captionAt(facts, 13)).toEqual({ text: 'at 10', bad: true })
    expect(captionAt(facts, 16.5)).toBeNull()
  })
  it('turn codes and scenarios into words', () => {
    expect(words('lambda.batch-retried')).toBe('batch retried (lambda)')
    const spec = { version: 1 as const, model: '1', seed: '7', architectures: [], faults: [], changes: [] }
    expect(sceneTitle({ ...spec, scenario: 'fraud-detection' })).toContain('Fraud detection')
    expect(sceneTitle({ ...spec, scenario: '---\ntitle: "Two brokers"\n---\n' })).toBe('Two brokers')
    expect(sceneTitle({ ...spec, scenario: 'poison-record', workload: { rate: '1000/s' } })).toBe('poison record, 1000/s')
  })
})
