import { describe, expect, it } from 'vitest'
import { recipes } from '../../models/index.ts'
import type { Opened } from '../../src/host/api.ts'
import { Engine } from '../../src/host/engine.ts'
import { answer, figureOf } from '../../web/panel/answer.ts'
import { subtitle } from '../../web/subtitle.ts'
import { specFor } from '../run/checked-run.ts'
import { small } from '../run/small-scenario.ts'

/** A small run of one architecture with its real advice and its real Report, 10 s in. */
async function reported(id: string, faults: readonly string[], settings: Readonly<Record<string, string>> = {}) {
  const engine = new Engine(recipes, {}, () => Promise.resolve())
  const opened = await engine.open({ ...specFor(id, small), architectures: [{ id, settings }], faults: [...faults] }, 0)
  await engine.advance(10, 100_000_000)
  const run = await engine.report()
  if (!opened.ok || !run.ok) throw new Error('expected a run')
  return { opened: opened.value, run: run.value }
}

describe('the answer to "why"', () => {
  it('has for duplicates their causes with counts that add up, records that can be followed, and what is set now', async () => {
    const { opened, run } = await reported('kinesis-lambda', ['crash on lambda.write-applied #5 after 3s'])
    const found = answer(run, 'duplicated', opened.causes)
    expect(found.number.value).toBeGreaterThan(0)
    expect(found.reasons.reduce((sum, { records }) => sum + (records ?? 0), 0)).toBe(run.totals.duplicates)
    const [first] = found.reasons
    expect(first?.words).toMatch(/handed over again/)
    expect(first?.since).toBeGreaterThan(3)
    expect(first?.examples.every((record) => /^source-\d+:\d+$/.test(record))).toBe(true)
    expect(first?.settings[0]).toMatchObject({ key: 'sink.write', value: 'put', holds: false })
    // Its own records are shown with the cause, not again without.
    expect([found.examples, found.unexplained]).toEqual([[], 0])
  })
  it('has for latency what the way costs first, where that alone breaks the limit, then the outage', async () => {
    const { opened, run } = await reported('kafka-flink', ['crash processor-1 at 5s'])
    const found = answer(run, 'latency', opened.causes)
    expect(found.reasons.map(({ code }) => code)).toEqual(['late.calm', 'late.outage'])
    expect(found.reasons[0]!.settings[0]).toMatchObject({ key: 'execution.checkpointing.interval', value: '500ms' })
    expect(found.examples.length).toBeGreaterThan(0)
    const fast = await reported('kafka-flink', ['crash processor-1 at 5s'], { 'execution.checkpointing.interval': '250ms' })
    expect(answer(fast.run, 'latency', fast.opened.causes).reasons.map(({ code }) => code)).toEqual(['late.outage', 'late.calm'])
  })
  it('has for nothing no causes, and says what every kind of number is', async () => {
    const { opened, run } = await reported('kafka-flink', [])
    for (const kind of Object.keys(figureOf)) expect(answer(run, kind, opened.causes).number.unit === '', kind).toBe(kind === 'declared')
    expect(answer(run, 'lost', opened.causes)).toMatchObject({ reasons: [], unexplained: 0, number: { value: 0 } })
  })
  it('has for what came out of order and what was put aside the causes that are booked, and what can be set', async () => {
    const { opened, run } = await reported('kinesis-lambda', ['poison 1 at 2s'], { MaximumRetryAttempts: '1' })
    const aside = answer(run, 'aside', opened.causes)
    expect([aside.number.value, aside.reasons.map(({ code, records }) => [code, records])]).toEqual([1, [['lambda.batch-discarded', 1]]])
    const reordered = answer(run, 'reordered', opened.causes)
    expect(reordered.number.value).toBeGreaterThan(0)
    for (const reason of reordered.reasons) expect(reason.settings.length > 0 || reason.nothing !== null, reason.code).toBe(true)
  })
  it('has for lag and for what was refused their numbers, and what can be set', async () => {
    const { opened, run } = await reported('kinesis-lambda', ['cut source-1 at 2s for 7s'], { 'client.retries': '0', 'client.timeout': '1s', 'client.buffer': '64KiB' })
    expect(answer(run, 'lag', opened.causes)).toMatchObject({ number: { value: run.lag.endRecords, unit: 'records' }, reasons: [{ records: null }] })
    const refused = answer(run, 'refused', opened.causes)
    expect(refused.number.value).toBe(run.totals.refused)
    expect(refused.reasons.reduce((sum, { records }) => sum + (records ?? 0), 0)).toBe(run.totals.refused)
    expect(run.totals.refused).toBeGreaterThan(0)
  })
  it('knows no advice for a cause of another program, and says so with its code', () => {
    const run = { views: [{ primary: true, sink: 's', reader: 'r', unexplained: 0 }], causes: [{ code: 'x.some-cause', kind: 'lost', records: 2, source: 'notes.md 3; A guide', since: 1, examples: [] }], constraints: [], totals: { lost: 2, lostAcknowledged: 1 } }
    expect(answer(run as never, 'lost', []).reasons).toEqual([
      { code: 'x.some-cause', words: 'some cause (x)', records: 2, source: 'A guide', since: 1, examples: [], settings: [], nothing: null },
    ])
  })
})

describe('the title of a column', () => {
  it('says of two columns of one architecture what sets them apart', async () => {
    const { opened } = await reported('kafka', [])
    const changed: Opened = { ...opened, knobs: opened.knobs.map((knob) => (knob.key === 'acks' ? { ...knob, value: '1' } : knob)) }
    expect([subtitle(opened, [opened, changed]), subtitle(changed, [opened, changed])]).toEqual(['tuned, acks=all', 'tuned, acks=1'])
    expect(subtitle(opened, [opened])).toBe('tuned')
  })
})
