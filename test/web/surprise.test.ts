/** Random faults for both columns, as a pure function of seed, moment and what can be struck. */
import { describe, expect, it } from 'vitest'
import { recipes } from '../../models/index.ts'
import { parseFault } from '../../src/contract/fault.ts'
import type { FaultOffer, RunSpec } from '../../src/host/api.ts'
import { Engine } from '../../src/host/engine.ts'
import { surprisePlan } from '../../web/first/surprise.ts'
import { endOf } from '../../web/first/predict.ts'
import type { Outcome } from '../../web/first/outcome.ts'
import { readPasted } from '../../src/host/paste.ts'
import { Store } from '../../web/store.ts'
import { entriesOf } from '../../web/track.ts'
import { FakeEngine } from './fake-engine.ts'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../tidy/tree.ts'

const scenarios = { 'fraud-detection': readFileSync(join(root, 'scenarios/fraud-detection.md'), 'utf8') }
const spec: RunSpec = {
  version: 1, model: '1', scenario: 'fraud-detection', seed: '7', architectures: [{ id: 'kafka-flink' }, { id: 'kinesis-lambda' }], faults: [], changes: [],
}

async function offersOf(column: number): Promise<readonly FaultOffer[]> {
  const opened = await new Engine(recipes, scenarios, () => Promise.resolve()).open(spec, column)
  if (!opened.ok) throw new Error(JSON.stringify(opened.issues))
  return opened.value.faults
}
const offers = [await offersOf(0), await offersOf(1)]
const plan = (seed: string, at = 12, end = 60): string[] => surprisePlan({ seed, at, end, offers })

describe('a surprise', () => {
  it('is the same for the same seed and moment, another for another', () => {
    expect(plan('7')).toEqual(plan('7'))
    expect(new Set(Array.from({ length: 40 }, (_, i) => plan(String(i)).join())).size).toBeGreaterThan(30)
    expect(plan('7', 13)).not.toEqual(plan('7'))
  })

  it('is a run that both columns accept, with each of its faults in the time that is left', async () => {
    for (let seed = 0; seed < 20; seed++) {
      const faults = plan(String(seed))
      expect(faults.length).toBeGreaterThan(0)
      for (const fault of faults) expect(parseFault(fault), fault).toMatchObject({ ok: true })
      for (const column of [0, 1]) {
        const opened = await new Engine(recipes, scenarios, () => Promise.resolve()).open({ ...spec, faults }, column)
        expect(opened.ok ? [] : opened.issues, faults.join()).toEqual([])
      }
    }
  }, 30_000)

  it('has one fault or two, of many kinds', () => {
    const plans = Array.from({ length: 200 }, (_, i) => plan(String(i)))
    expect(new Set(plans.map((one) => one.length))).toEqual(new Set([1, 2]))
    expect(new Set(plans.flat().map((fault) => fault.split(' ')[0])).size).toBeGreaterThan(6)
  })

  it('does not come where too little of the run is left to see it', () => {
    expect(plan('7', 55, 60)).toEqual([])
  })
})

describe('what came true of a prediction', () => {
  const outcome: Outcome = {
    letter: 'A', lost: 0, repeated: 0, silent: 0, recovered: 0, owed: 0, medianSeconds: null, slowSeconds: null, cause: '', because: '', missed: [], undecided: [],
  }
  it.each([
    ['loses', { lost: 1, repeated: 5, silent: 3 }], ['repeats', { repeated: 5, silent: 3 }], ['waits', { silent: 3 }],
    ['waits', { recovered: null }], ['nothing', {}],
  ] as const)('is "%s" of %j', (end, more) => {
    expect(endOf({ ...outcome, ...more })).toBe(end)
  })
})

describe('a surprise in the store', () => {
  it('is part of the spec and one step of the history, and is told nowhere until it is shown again', async () => {
    const none = { ok: false as const, issues: [] }
    const store = new Store({
      firstSpec: spec, eventsMax: 1000, open: () => new FakeEngine(), close: () => undefined, sceneTitle: () => '', paste: readPasted,
      encode: async () => '', decode: async () => none, csv: () => [],
    })
    await store.open(spec, 10, false)
    await store.strike({ kind: 'crash', target: 'processor-1' })
    await store.surprise(['pause processor-2 at 12s for 10s', 'crash broker-1 at 14s'])
    expect([store.shownFaults, store.hiddenFaults]).toEqual([['crash processor-1 at 10s'], ['pause processor-2 at 12s for 10s', 'crash broker-1 at 14s']])
    expect(entriesOf(store).map(({ name }) => name)).toEqual(['crash processor-1 at 10s'])
    const column = store.columns[0]!
    column.facts.push({ at: 12, code: 'process.paused', subject: 'x', text: 'x is frozen', numbers: [], level: 1 })
    expect(store.factsOf(column).some(({ code }) => code.startsWith('process.'))).toBe(false)
    store.hide([])
    expect(store.shownFaults).toHaveLength(3)
    expect(store.factsOf(column)).toBe(column.facts)
    await store.undo()
    expect(store.spec.faults).toEqual(['crash processor-1 at 10s'])
  })
})
