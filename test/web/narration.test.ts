import { describe, expect, it } from 'vitest'
import { Column } from '../../web/column-data.ts'
import { changesOf, heard } from '../../web/narration.ts'
import { recentMax, recentOf, withRecent, type Recent } from '../../web/recent.ts'
import { comboOf, comboText, keyRows } from '../../web/key-map.ts'
import { retimed } from '../../web/faults.ts'
import { FakeEngine } from './fake-engine.ts'
import type { RunSpec } from '../../src/host/api.ts'

const spec: RunSpec = {
  version: 1, model: 'made-up', scenario: 'fraud-detection', seed: '7', architectures: [{ id: 'kafka-flink' }, { id: 'kinesis-lambda' }],
  faults: ['crash processor-1 at 5s'], changes: [],
}

async function column(number: number): Promise<Column> {
  const engine = new FakeEngine()
  const opened = await engine.open(spec, number)
  if (!opened.ok) throw new Error('expected the made-up engine to open')
  const made = new Column(number, engine, opened.value)
  await made.advance(20, 1000)
  return made
}

describe('narration', () => {
  it('tells an outage and its end once each, and a verdict when it breaks', async () => {
    const a = await column(0)
    const told = [4.9, 6, 7, 15].map((time, i, times) => changesOf(a, heard(a, times[i - 1] ?? 4), time))
    expect(told).toEqual([[], [expect.stringContaining('A: nothing new')], [], [expect.stringContaining('A recovered')]])
    const b = await column(1)
    expect(changesOf(b, heard(b, 4.9), 8).join(' ')).toContain('B: exactly once is broken, 50')
  })
})

describe('recent runs', () => {
  const run = (sitting: string, link: string): Recent => recentOf(spec, { sitting, link, title: 'Fraud', at: 0 })

  it('are at most twenty, the newest first; edits of one sitting and the same run replace each other', () => {
    let list: readonly Recent[] = []
    for (let i = 0; i < 30; i++) list = withRecent(list, run(`${i}`, `run1.${i}`))
    expect([list.length, list[0]!.sitting]).toEqual([recentMax, '29'])
    list = withRecent(list, run('29', 'run1.edited'))
    list = withRecent(list, run('40', 'run1.20'))
    expect(list.slice(0, 3).map((one) => one.link)).toEqual(['run1.20', 'run1.edited', 'run1.28'])
    expect(list.filter((one) => one.link === 'run1.20')).toHaveLength(1)
    expect(list[0]).toMatchObject({ seed: '7', names: ['crash processor-1'], faults: 1 })
  })
})

describe('keys', () => {
  it('have one meaning each and are shown as people know them', () => {
    const combos = keyRows.flatMap((row) => row.combos)
    expect(new Set(combos).size).toBe(combos.length)
    expect(['Ctrl+Shift+z', 'Shift+ArrowLeft', '+', '?'].map(comboText)).toEqual(['Ctrl Shift Z', 'Shift ←', '+', '?'])
    const plain = { ctrlKey: false, metaKey: false, shiftKey: false, altKey: false }
    expect(comboOf({ ...plain, key: 'Z', metaKey: true, shiftKey: true })).toBe('Ctrl+Shift+z')
    expect(comboOf({ ...plain, key: '?', shiftKey: true })).toBe('?')
    expect(comboOf({ ...plain, key: ' ' })).toBe('Space')
    expect(comboOf({ ...plain, key: 'ArrowLeft', shiftKey: true })).toBe('Shift+ArrowLeft')
  })
})

describe('an edited fault', () => {
  it('keeps everything but what was edited', () => {
    const cut = 'cut broker-1 -> broker-2,broker-3 at 30s for 4s only eo'
    expect(retimed(cut, { at: 31.25 })).toBe('cut broker-1 -> broker-2,broker-3 at 31250ms for 4s only eo')
    expect(retimed(cut, { lasts: 2.5 })).toBe('cut broker-1 -> broker-2,broker-3 at 30s for 2500ms only eo')
    expect(retimed(cut, { lasts: null })).toBe('cut broker-1 -> broker-2,broker-3 at 30s only eo')
    expect(retimed('poison source-1 3 at 5s', { at: 6, lasts: 9 })).toBe('poison source-1 3 at 6s')
    expect(retimed('crash leader:0 on kafka.leader-elected #2 after 30s', { at: 6, lasts: 5 })).toBe('crash leader:0 on kafka.leader-elected #2 after 30s for 5s')
    expect(retimed('late-burst 10% 30s at 20s for 5s', { at: 1 })).toBe('late-burst 10% 30s at 1s for 5s')
  })
})
