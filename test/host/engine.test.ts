/** The engine as the worker exposes it, in this thread: small null pipelines, seed 1. */
import { describe, expect, test } from 'vitest'
import { recipes } from '../../models/index.ts'
import type { RunSpec } from '../../src/contract/spec.ts'
import type { Chunk, Reply } from '../../src/host/api.ts'
import { Engine } from '../../src/host/engine.ts'
import { checkedRun, specFor } from '../run/checked-run.ts'
import { small } from '../run/small-scenario.ts'

const engine = () => new Engine(recipes, {}, () => Promise.resolve())
const spec = specFor('null', small)
const digestOf = (of: RunSpec) => checkedRun(of, recipes).columns[0]!.state.sim.digest.text()

function value<T>(reply: Reply<T>): T {
  expect(reply.ok ? [] : reply.issues).toEqual([])
  if (!reply.ok) throw new Error('issues')
  return reply.value
}

async function toEnd(live: Engine): Promise<Chunk> {
  for (;;) {
    const chunk = value(await live.advance(1e6, 100_000))
    if (chunk.finished) return chunk
  }
}

describe('the engine', () => {
  test('gives the digest of the whole run, whatever the steps', async () => {
    for (const step of [0.001, 0.37]) {
      const live = engine()
      value(await live.open(spec, 0))
      for (let to = step; to < 2; to += step) value(await live.advance(to, 1000))
      expect((await toEnd(live)).digest).toBe(digestOf(spec))
    }
  })

  test.each([
    ['a crash', { faults: ['crash queue at 3200ms for 1s'] }, 3.2],
    ['a fault of the workload', { faults: ['spike x4 at 3200ms for 1s'] }, 3.2],
    ['a change of a live setting', { changes: [{ at: '3200ms', label: 'null', key: 'sink.work', value: '1ms' }] }, 3.2],
    ['a fault that waits for a fact', { faults: ['crash sink on null.written #40 after 2s'] }, 3.2],
  ])('a live click gives the digest of the recorded run: %s', async (_, more, at) => {
    const live = engine()
    value(await live.open(spec, 0))
    value(await live.advance(5, 10_000_000))
    const amended = { ...spec, ...more }
    expect(value(await live.amend(amended, at)).reached).toBeCloseTo(at, 6)
    expect((await toEnd(live)).digest).toBe(digestOf(amended))
  })

  test('taking a fault back gives the digest of the run without it', async () => {
    const live = engine()
    value(await live.open({ ...spec, faults: ['crash queue at 3s'] }, 0))
    value(await live.advance(6, 10_000_000))
    value(await live.amend(spec, 3))
    expect((await toEnd(live)).digest).toBe(digestOf(spec))
  })

  test('tells frames ten times a second, verdicts behind them, and facts once; what is discarded is told again', async () => {
    const live = engine()
    const { layout } = value(await live.open({ ...spec, faults: ['crash queue at 3s for 1s'] }, 0))
    const first = value(await live.advance(5, 10_000_000))
    expect(first.rows).toBe(50)
    expect(first.frames.length).toBe(50 * layout.names.length)
    const at = (chunk: Chunk, row: number, name: string) => chunk.frames[row * layout.names.length + layout.names.indexOf(name)]
    expect(at(first, 9, 'time')).toBeCloseTo(1)
    expect(at(first, 25, 'v.2.state')).toBe(1)
    expect(at(first, 35, 'v.2.state')).toBe(0)
    expect(at(first, 35, 'm.outage')).toBe(1)
    expect(first.facts.some(({ code }) => code === 'process.died')).toBe(true)
    expect(value(await live.advance(5, 10_000_000))).toMatchObject({ rows: 0, facts: [] })
    const again = value(await live.amend({ ...spec, faults: ['crash queue at 3s for 1s', 'crash sink at 4500ms'] }, 4.5))
    expect(again.facts.map(({ at: moment }) => moment).every((moment) => moment >= 4.5)).toBe(true)
    expect(at(again, 0, 'time')).toBeCloseTo(4.5)
  })

  test('keeps what is open when another spec is refused, with every issue', async () => {
    const live = engine()
    value(await live.open(spec, 0))
    value(await live.advance(1, 10_000_000))
    const refused = await live.open({ ...spec, duration: '30', faults: ['gibberish'] }, 0)
    expect(refused.ok ? 0 : refused.issues.length).toBe(2)
    expect((await live.amend({ ...spec, faults: ['crash nobody at 2s'] }, 1)).ok).toBe(false)
    expect((await toEnd(live)).digest).toBe(digestOf(spec))
  })

  test('offers every fault of every column with its meaning or the reason against it', async () => {
    const { faults, knobs, constraints } = value(await engine().open({ ...spec, architectures: [{ id: 'kinesis-lambda' }, { id: 'null' }] }, 0))
    expect(faults.find(({ kind, target }) => kind === 'crash' && target === 'broker-1')?.refused).toContain('Kinesis')
    expect(faults.find(({ kind, target }) => kind === 'crash' && target === 'processor-1')).toMatchObject({ refused: null })
    expect(faults.every(({ refused, meaning }) => refused !== null || meaning !== '')).toBe(true)
    expect(knobs.find(({ key }) => key === 'BatchSize')).toBeDefined()
    expect(constraints.map(({ id }) => id)).toEqual(['latency', 'throughput', 'durability', 'semantics'])
  })

  test('tells the life of a record, from birth to the reader, and what is no record', async () => {
    const live = engine()
    value(await live.open(spec, 0))
    value(await live.advance(3, 10_000_000))
    const { lines, reached } = value(await live.follow('source-1:100', 8, 10_000_000))
    expect([lines[0]!.code, lines[0]!.where, reached]).toEqual(['record.born', 'source-1', 8])
    expect(lines.map(({ code }) => code).toSorted()).toEqual(['client.answered-ok', 'reader.visible', 'record.born', 'sink.handed-over'])
    expect((await live.follow('source-9:1', 8, 1000)).ok).toBe(false)
    // Following is a run of its own: the open one goes on as it was.
    expect((await toEnd(live)).digest).toBe(digestOf(spec))
  })

  test('follows a record in steps of any size, from a kept state where there is one, to the same life', async () => {
    const live = engine()
    value(await live.open(spec, 0))
    const whole = value(await live.follow('source-1:300', 8, 10_000_000)).lines
    expect(whole.length).toBeGreaterThan(3)
    for (let to = 1; to <= 6; to++) value(await live.advance(to, 400_000))
    expect(value(await live.follow('source-2:7', 8, 10_000_000)).lines[0]).toMatchObject({ kind: 'born', where: 'source-2' })
    const steps: number[] = []
    let last = value(await live.follow('source-1:300', 8, 500))
    for (; last.reached < 8; last = value(await live.follow('source-1:300', 8, 500))) steps.push(last.reached)
    expect(steps.length).toBeGreaterThan(2)
    expect(last.lines).toEqual(whole)
  })

  test('tells of a copy who made it, when, and why', async () => {
    const live = engine()
    value(await live.open({ ...spec, faults: ['pause queue at 2s for 4s'] }, 0))
    value(await live.advance(12, 10_000_000))
    const run = value(await live.report())
    const again = run.constraints.find(({ id }) => id === 'semantics')!.evidence.examples[0]!
    const { lines } = value(await live.follow(again, 12, 10_000_000))
    const made = lines.find(({ kind }) => kind === 'again')!
    expect(made).toMatchObject({ where: expect.stringMatching(/^(source-|queue|sink)/) as string })
    expect(made.copy).toBeGreaterThan(0)
    const seen = lines.filter(({ kind }) => kind === 'visible').map(({ copy, where }) => [copy, where])
    expect(new Set(seen.map(([copy]) => copy)).size).toBeGreaterThan(1)
    expect(lines.map(({ at }) => at)).toEqual(lines.map(({ at }) => at).toSorted((a, b) => a - b))
  })

  test('puts the Report of the whole run together from what each column gave', async () => {
    const two = { ...spec, architectures: [{ id: 'null', label: 'one' }, { id: 'null', label: 'two' }], faults: ['crash queue at 3s for 1s only two'] }
    const live = [engine(), engine()]
    const ended = await Promise.all(live.map(async (one, i) => {
      value(await one.open(two, i))
      await toEnd(one)
      return value(await one.ended())
    }))
    const { report } = checkedRun(two, recipes)
    expect(value(await live[0]!.whole(structuredClone(ended)))).toEqual(report)
  })

  test('names the next record to be born after any moment, whatever has been run and forgotten', async () => {
    const spiked = { ...spec, faults: ['spike x3 at 2s for 2s'] }
    const live = engine()
    value(await live.open(spiked, 0))
    const { births } = checkedRun(spiked, recipes).columns[0]!.state
    for (const reached of [0, 7]) {
      value(await live.advance(reached, 10_000_000))
      for (let at = 0.05; at < 6; at += 0.31) {
        const next = value(await live.recordAfter(at))!
        const [source, index] = next.record.replace('source-', '').split(':').map(Number)
        expect(next.at).toBe(births.timeOf(source! - 1, index!) / 1e9)
        let first = Infinity
        for (let lane = 0; lane < births.lanes; lane++) {
          for (let i = 0; i < births.born(lane); i++) {
            const born = births.timeOf(lane, i) / 1e9
            if (born > at) first = Math.min(first, born)
          }
        }
        expect(next.at).toBe(first)
      }
    }
    expect(value(await live.recordAfter(1e6))).toBeNull()
  })
})
