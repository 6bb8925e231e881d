import { describe, expect, it } from 'vitest'
import { Column } from '../../web/column-data.ts'
import { wideFor, zoneX } from '../../web/stage/geometry.ts'
import { Guide, targetXs } from '../../web/stage/targets.ts'
import { FakeEngine } from './fake-engine.ts'

const g = wideFor(528, 464)

async function kafka(): Promise<Column> {
  const engine = new FakeEngine()
  const opened = await engine.open({ version: 1, model: '', scenario: 'fraud-detection', seed: '7', architectures: [{ id: 'kafka-flink' }], faults: [], changes: [] }, 0)
  if (!opened.ok) throw new Error('expected the made-up engine to open')
  return new Column(0, engine, opened.value)
}

describe('traffic', () => {
  it('lands over the zone of each partition\'s leader, and moves there when the leader does', async () => {
    const column = await kafka()
    const guide = new Guide(column)
    const frame = new Float64Array(column.opened.layout.names.length).fill(Number.NaN)
    for (let lane = 0; lane < 12; lane++) frame[column.slot(`lane.${lane}.leader`)] = 1
    const now = guide.read(frame)
    expect(new Set(now.leaders)).toEqual(new Set(['b']))
    const xs = targetXs(column.opened.stage, g, 0, 12, now)
    expect(Math.min(...xs)).toBeGreaterThan(zoneX(g, 'b'))
    expect(Math.max(...xs)).toBeLessThan(zoneX(g, 'b') + g.zone)
    frame[column.slot('lane.0.leader')] = -1
    expect(guide.read(frame).leaders[0]).toBeNull()
  })
  it('reaches only workers that run a subtask', async () => {
    const column = await kafka()
    const frame = new Float64Array(column.opened.layout.names.length).fill(-1)
    for (let s = 0; s < 4; s++) frame[column.slot(`slot.2.${s}.subtask`)] = s
    expect(new Set(new Guide(column).read(frame).readers)).toEqual(new Set(['c']))
  })
})
