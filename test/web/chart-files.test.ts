import { describe, expect, it } from 'vitest'
import type { LifeKind, LifeLine } from '../../src/host/api.ts'
import { SvgBrush } from '../../web/chart/brush.ts'
import { peaksAbove } from '../../web/chart/geometry.ts'
import { charts } from '../../web/chart/kinds.ts'
import { csvOf, tableOf, valuesAt } from '../../web/chart/table.ts'
import { stagesOf } from '../../web/chart/waterfall.ts'
import { Column } from '../../web/column-data.ts'
import { FakeEngine } from './fake-engine.ts'

const spec = { version: 1 as const, model: '', scenario: 'fraud-detection', seed: '7', architectures: [{ id: 'kafka-flink' }, { id: 'kinesis-lambda' }], faults: [], changes: [] }

async function columns(faults: string[] = []): Promise<Column[]> {
  return Promise.all([0, 1].map(async (i) => {
    const engine = new FakeEngine()
    const opened = await engine.open({ ...spec, faults }, i)
    if (!opened.ok) throw new Error('expected the made-up engine to open')
    const column = new Column(i, engine, opened.value)
    await column.advance(5, 1e9)
    return column
  }))
}

describe('a chart as a table', () => {
  it('has a row a frame and a column a line of each architecture, shared lines once', async () => {
    const both = await columns()
    const table = tableOf('throughput', both, 3)
    expect(table.names).toEqual(['time_s', 'offered', 'A answered', 'A visible', 'B answered', 'B visible'])
    expect(table.rows.length).toBeGreaterThan(20)
    expect(table.rows.every((row) => row.length === table.names.length && Number(row[0]) <= 3)).toBe(true)
  })
  it('leaves an unknown cell empty, never 0', async () => {
    expect(csvOf({ names: ['time_s', 'A "x", y'], rows: [[0.1, null], [0.2, 0]] })).toBe('time_s,A ""x"", y\n0.1,\n0.2,0\n'.replace('A ""x"", y', '"A ""x"", y"'))
    const row = tableOf('latency', await columns(['crash processor-1 at 1s']), 4).rows.at(-1)
    expect(row?.slice(1, 4)).toContain(null)
    expect(row).not.toContain(Number.NaN)
  })
  it('has a column a lane for the lag of every lane', async () => {
    const both = await columns()
    expect(tableOf('lanes', both, 1).names).toHaveLength(1 + 12 + 24)
    expect(valuesAt('lag', both, 3).map((one) => one.name)).toEqual(['A lag seconds', 'B lag seconds'])
  })
})

describe('the throughput axis', () => {
  it('stays legible through a catch-up burst, whose peak is told', () => {
    const domain = (now: null, most: number, offered: number) => charts.throughput.domain(now, most, offered)
    expect(domain(null, 79_000, 10_000).high).toBe(20_000)
    expect(domain(null, 10_500, 10_000).high).toBe(20_000)
    expect(domain(null, 300, 0).high).toBe(500)
    const rates = [10, 10, 50, 79, 30, 10, 25, 10]
    expect(peaksAbove(rates.length, (i) => i, (i) => rates[i]!, 20)).toEqual([{ at: 3, value: 79 }, { at: 6, value: 25 }])
    expect(peaksAbove(2, (i) => i, () => Number.NaN, 20)).toEqual([])
  })
})

describe('the waterfall of a record', () => {
  const line = (at: number, kind: LifeKind, text: string = kind): LifeLine => ({ at, kind, code: '', text, where: '', from: null, copy: 0 })
  it('cuts the time from birth to the last reader at the hops of its trace, and leaves out what befell others', () => {
    const stages = stagesOf([line(2, 'born'), line(2.5, 'answer'), line(3, 'headline'), line(4, 'visible', 'Readable in a'), line(6, 'visible', 'Readable in b'), line(7, 'again')])
    expect(stages.map(({ text, from, to }) => [text, from, to])).toEqual([['answer', 0, 0.5], ['Readable in a', 0.5, 2], ['Readable in b', 2, 4]])
  })
  it('has no stages while nobody can read the record', () => {
    expect(stagesOf([line(2, 'born'), line(3, 'answer')])).toEqual([])
    expect(stagesOf([])).toEqual([])
  })
})

describe('a plot in a file', () => {
  it('is written with the calls of a canvas', () => {
    const brush = new SvgBrush()
    brush.fillStyle = 'red'
    brush.globalAlpha = 0.5
    brush.fillRect(1, 2, 3, 4)
    brush.fillRect(1, 2, 0, 4)
    brush.beginPath()
    brush.moveTo(0, 0)
    brush.lineTo(1.234, 2)
    brush.setLineDash([5, 3])
    brush.stroke()
    expect(brush.parts).toEqual([
      '<rect x="1" y="2" width="3" height="4" fill="red" opacity="0.5"/>',
      '<path d="M0 0L1.23 2" fill="none" stroke="#000" stroke-width="1" stroke-linejoin="miter" stroke-dasharray="5 3" stroke-dashoffset="0" opacity="0.5"/>',
    ])
  })
})
