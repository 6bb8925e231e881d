/** Sweeps as values: which runs there are, how parts merge, what is made of the rows. */
import { describe, expect, test } from 'vitest'
import nullRecipe from '../../models/null/index.ts'
import type { RunSpec } from '../../src/contract/spec.ts'
import { sweptRun } from '../../src/search/judged.ts'
import { headOf, mergeSweeps, missing, readSweep, textOf } from '../../src/search/rows.ts'
import { isNarrow, summaryOf } from '../../src/search/summary.ts'
import { shardOf, tasksOf, variantsOf, type Row, type Variant } from '../../src/search/sweep.ts'
import { checkedSpec } from '../run/checked-run.ts'
import { small } from '../run/small-scenario.ts'

const spec: RunSpec = {
  version: 1, model: '1', scenario: small, seed: '1', architectures: [{ id: 'null', label: 'a' }, { id: 'null', label: 'b', settings: { 'sink.work': '2ms' } }],
  faults: ['crash sink at 3s', 'crash queue at 4s only b'], changes: [],
}

function variants(): readonly Variant[] {
  return variantsOf(checkedSpec(spec, [nullRecipe]), [{ label: 'a', key: 'sink.work', values: ['1ms', '3ms'] }])
}

const seeds = ['1', '2', '3', '4', '5']

function row(n: number, variant: string, seed: string, value: number | null): Row {
  return { n, variant, seed, digest: `d${n}`, met: { latency: value === null ? null : value < 3 }, figures: { x: value }, atLeast: [], stopped: null }
}

describe('a sweep', () => {
  test('has one run for each seed and variant, each of one column with what means something there', () => {
    const all = variants()
    expect(all.map(({ name }) => name)).toEqual(['a sink.work=1ms', 'a sink.work=3ms', 'b'])
    expect(all.map(({ spec: one }) => one.architectures)).toEqual([
      [{ id: 'null', label: 'a', settings: { 'sink.work': '1ms' } }], [{ id: 'null', label: 'a', settings: { 'sink.work': '3ms' } }],
      [{ id: 'null', label: 'b', settings: { 'sink.work': '2ms' } }],
    ])
    expect(all.map(({ spec: one }) => one.faults.length)).toEqual([1, 1, 2])
    expect(tasksOf(all, seeds).map(({ n, variant, spec: { seed } }) => `${n} ${seed} ${variant}`).slice(2, 5)).toEqual(['2 1 b', '3 2 a sink.work=1ms', '4 2 a sink.work=3ms'])
  })

  test('gives each run the arrivals of its seed, and the run the digest that it has alone', () => {
    const rows = tasksOf(variants(), ['1', '2']).map((task) => {
      const swept = sweptRun(task, [nullRecipe], {})
      if (!swept.ok) throw new Error(JSON.stringify(swept.issues))
      return swept.value
    })
    expect(new Set(rows.map(({ digest }) => digest)).size).toBe(6)
    expect(rows.map(({ figures }) => figures['lost'])).toEqual(rows.map(() => expect.any(Number)))
    const again = sweptRun(tasksOf(variants(), ['1', '2'])[4]!, [nullRecipe], {})
    expect(again.ok && again.value).toEqual(rows[4])
  })

  test.each([1, 2, 3, 7])('in %i parts has every run once, seeds whole', (count) => {
    const tasks = tasksOf(variants(), seeds)
    const parts = Array.from({ length: count }, (_none, i) => shardOf(tasks, 3, i + 1, count))
    expect(parts.flat().map(({ n }) => n).sort((a, b) => a - b)).toEqual(tasks.map(({ n }) => n))
    for (const part of parts) for (const seed of new Set(part.map((task) => task.spec.seed))) expect(part.filter((task) => task.spec.seed === seed)).toHaveLength(3)
  })
})

describe('the file of a sweep', () => {
  const head = headOf(variants(), seeds)
  const rows = seeds.flatMap((seed, s) => ['a', 'b', 'c'].map((variant, v) => row(s * 3 + v, variant, seed, s + v)))
  const whole = textOf({ head, rows })

  test.each([2, 3, 5])('merged from %i parts, in any order of runs, is the file of the whole', (count) => {
    const parts = Array.from({ length: count }, (_none, i) => textOf({ head, rows: rows.filter(({ n }) => n % count === i).reverse() }))
    const read = parts.reverse().map((text) => readSweep(text))
    const merged = mergeSweeps(read.flatMap((file) => (file.ok ? [file.value] : [])))
    expect(merged.ok && textOf(merged.value)).toBe(whole)
  })

  test('cut at any byte behind its head it is gone on with: no finished run again, none forgotten', () => {
    const tasks = tasksOf(variants(), seeds)
    for (let cut = whole.indexOf('\n') + 1; cut <= whole.length; cut += 37) {
      const read = readSweep(whole.slice(0, cut))
      if (!read.ok) throw new Error(read.issues[0]?.message)
      const left = missing(tasks, read.value.rows)
      const finished = whole.slice(0, cut).split('\n').length - 2
      expect(read.value.rows).toHaveLength(finished)
      expect(left).toHaveLength(tasks.length - finished)
    }
  })

  test('another sweep, another answer for the same run, or no row at all is refused with its place', () => {
    const other = headOf(variants(), ['1'])
    const mixed = mergeSweeps([{ head, rows }, { head: other, rows: [] }])
    expect(mixed.ok ? [] : mixed.issues).toMatchObject([{ code: 'sweep.other', path: 'file 2' }])
    const contradiction = mergeSweeps([{ head, rows }, { head, rows: [row(4, 'b', '2', 99)] }])
    expect(contradiction.ok ? [] : contradiction.issues).toMatchObject([{ code: 'sweep.differs', path: 'file 2' }])
    for (const line of ['{"n":-1}', '{"n":15,"variant":"a","seed":"1","digest":"","figures":{},"met":{}}', '[]', '{']) {
      const read = readSweep(`${whole.split('\n')[0]}\n${line}\n`)
      expect(read.ok ? [] : read.issues).toMatchObject([{ code: 'sweep.row', line: 2 }])
    }
    expect(readSweep('{"sweep":2}\n')).toMatchObject({ ok: false, issues: [{ code: 'sweep.head' }] })
  })
})

describe('the summary', () => {
  test('pairs a variant with the first one seed by seed, so that what all seeds share falls out', () => {
    const rows = seeds.flatMap((seed, s) => [row(2 * s, 'a', seed, 10 * s), row(2 * s + 1, 'b', seed, 10 * s + 1)])
    const [, b] = summaryOf(rows)
    expect(b?.differences['x']).toMatchObject({ n: 5, mean: 1, half: 0 })
    expect(b?.figures['x']?.half).toBeGreaterThan(10)
    expect(b?.worst['x']).toMatchObject({ seed: '5', figures: { x: 41 } })
  })

  test('leaves out what is unknown: no zero for it, and no difference from it', () => {
    const [a, b] = summaryOf([row(0, 'a', '1', null), row(1, 'b', '1', 4), row(2, 'a', '2', 1), row(3, 'b', '2', 5)])
    expect(a?.figures['x']).toMatchObject({ n: 1, mean: 1 })
    expect(a?.met['latency']).toMatchObject({ hits: 1, n: 1 })
    expect(b?.differences['x']).toMatchObject({ n: 1, mean: 4 })
  })

  test('is narrow enough when every variant is', () => {
    const near = seeds.map((seed, s) => row(2 * s, 'a', seed, 100 + s / 10))
    expect(isNarrow(near, 'x', 0.01)).toBe(true)
    expect(isNarrow([...near, ...seeds.map((seed, s) => row(2 * s + 1, 'b', seed, 100 * s))], 'x', 0.01)).toBe(false)
  })
})
