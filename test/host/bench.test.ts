/** What `bench` makes of its figures; the figures themselves are the machine's. */
import { describe, expect, test } from 'vitest'
import { median, shortfalls, type BenchFile, type Measured, type Speed } from '../../src/host/bench-workload.ts'
import { benchLine } from '../../src/host/cli-bench.ts'

const file: BenchFile = {
  about: '', ratioMin: 50, memoryMax: 0, lagMayGrow: false,
  spec: { scenario: 'fraud-detection', seed: '1', duration: '60s', architectures: [{ id: 'null' }], faults: [] },
}
const speed = (ratio: number): Speed => ({ ratio, eventsPerSecond: ratio * 20_000 })
const measured: Measured = { cold: speed(36), warm: speed(55), perMix: 0.01, memory: 120, growing: [] }

describe('bench', () => {
  test('holds the required speed against the warm runs, not against the first one', () => {
    expect(shortfalls(file, measured)).toEqual([])
    expect(shortfalls(file, { ...measured, warm: speed(49.9) })).toEqual(['expected at least 50 x real time'])
  })

  test('prints both figures and says which of them the requirement is for', () => {
    const line = benchLine(file, { ...measured, name: 'some', failures: [] })
    expect(line).toBe('some               warm 55.0 x, cold 36.0 x real time (required: 50 x, warm), 1.10 M events/s, 10.00 per 1000 mixes, 120 MB\n')
  })

  test('a workload for memory alone stays cold and is held to its megabytes', () => {
    const memory: BenchFile = { ...file, ratioMin: 0, memoryMax: 300 }
    const result: Measured = { ...measured, warm: null, memory: 301 }
    expect(shortfalls(memory, result)).toEqual(['expected at most 300 MB'])
    expect(benchLine(memory, { ...result, name: 'some', failures: shortfalls(memory, result) }))
      .toBe('some               cold 36.0 x real time, 0.72 M events/s, 10.00 per 1000 mixes, 301 MB (required: at most 300)  FALLS SHORT: expected at most 300 MB\n')
  })

  test('names the columns whose lag grows, unless that is expected', () => {
    expect(shortfalls(file, { ...measured, growing: ['a', 'b'] })).toEqual(['lag grows in a, b'])
    expect(shortfalls({ ...file, lagMayGrow: true }, { ...measured, growing: ['a'] })).toEqual([])
  })

  test('the figure of several runs is the one in the middle', () => {
    expect(median([speed(3), speed(1), speed(2)])).toEqual(speed(2))
  })
})
