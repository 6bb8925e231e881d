/** The search on a fake product, then on the real ones at a small size. */
import { describe, expect, test } from 'vitest'
import kafkaFlink from '../../models/kafka-flink/index.ts'
import kinesisLambda from '../../models/kinesis-lambda/index.ts'
import { parseFault } from '../../src/contract/fault.ts'
import type { ConstraintReport, RunSpec } from '../../src/contract/spec.ts'
import { checkSpec } from '../../src/run/check.ts'
import { searchBreak, type BreakAim } from '../../src/search/break.ts'
import { judgedRun, type Judge, type Judged } from '../../src/search/judged.ts'
import { groundOf, randomPlan, type PlanGround } from '../../src/search/plan.ts'
import { checkedSpec } from '../run/checked-run.ts'
import { smallScenario as small } from '../run/swarm.ts'

const smallScenario = small.replace('  pipeline:', '  constraints:\n    - { id: durability, value: "zero message loss", lost: 0 }\n  pipeline:')

const spec: RunSpec = { version: 1, model: '1', scenario: smallScenario, seed: 's', architectures: [{ id: 'kafka-flink' }], faults: [], changes: [] }
const recipes = [kafkaFlink, kinesisLambda]

function ground(given: RunSpec = spec): PlanGround {
  return groundOf(checkedSpec(given, recipes), [], [{ code: 'kafka.leader-elected', times: 12 }])
}

const aim: BreakAim = { spec, constraint: 'durability', plans: 60, faults: 4, shrinkRuns: 100, seeds: 10, width: 3 }

/** A product that breaks while `breaks` says so of its faults. */
function fake(breaks: (faults: readonly string[], seed: string) => boolean, limit: number | null = 0): Judge {
  return async (specs) => specs.map(({ faults, seed }): Judged => ({
    constraints: [{ id: 'durability', value: '', met: limit === null ? null : !breaks(faults, seed), limit } as ConstraintReport],
    digest: '', simulatedSeconds: 36, stopped: null, moments: [],
  }))
}

const isCrash = (fault: string): boolean => fault.startsWith('crash broker')

describe('the search', () => {
  test('finds a plan, shrinks it to what is needed, and says on how many seeds it breaks', async () => {
    const outcome = await searchBreak({ ...aim, plans: 400 }, fake((faults, seed) => faults.filter(isCrash).length > 0 && !seed.endsWith('/3')), () => ground(), () => undefined)
    if (outcome.kind !== 'broken') throw new Error(outcome.kind)
    expect(outcome.spec.faults).toHaveLength(1)
    expect(outcome.spec.faults[0]).toMatch(/^crash broker-\d/)
    expect(outcome).toMatchObject({ isMinimal: true, share: { broken: 9, of: 10 } })
    expect(outcome.simulatedHours).toBeCloseTo(outcome.runs / 100)
  })

  test('answers the same however many plans are judged at once', async () => {
    const breaks = (faults: readonly string[]): boolean => faults.some(isCrash) && faults.some((fault) => fault.startsWith('pause'))
    const outcomes = await Promise.all([1, 2, 7].map((width) => searchBreak({ ...aim, plans: 400, width }, fake(breaks), () => ground(), () => undefined)))
    const found = outcomes.map((outcome) => (outcome.kind === 'broken' ? [outcome.plan, outcome.spec] : outcome.kind))
    expect(found[1]).toEqual(found[0])
    expect(found[2]).toEqual(found[0])
    expect(outcomes[0]?.kind).toBe('broken')
  })

  test('says what it did when nothing breaks it', async () => {
    expect(await searchBreak(aim, fake(() => false), () => ground(), () => undefined)).toEqual({ kind: 'kept', plans: 60, runs: 61, simulatedHours: 0.61 })
  })

  test('a constraint that no fault is needed for, or that nobody measures, is told at once', async () => {
    expect(await searchBreak(aim, fake(() => true), () => ground(), () => undefined)).toMatchObject({ kind: 'calm', runs: 1 })
    expect(await searchBreak(aim, fake(() => true, null), () => ground(), () => undefined)).toMatchObject({ kind: 'unmeasured', runs: 1 })
  })

  test('ends where the listener of its progress says so', async () => {
    const seen: string[] = []
    const stop = searchBreak(aim, fake(() => false), () => ground(), ({ stage, runs }) => {
      seen.push(stage)
      if (runs > 10) throw new Error('enough')
    })
    await expect(stop).rejects.toThrow('enough')
    expect(seen.length).toBeLessThan(10)
  })
})

describe('a random plan', () => {
  test('is a function of seed and number', () => {
    expect(randomPlan(ground(), 'a', 7, 5)).toEqual(randomPlan(ground(), 'a', 7, 5))
    expect(randomPlan(ground(), 'a', 8, 5)).not.toEqual(randomPlan(ground(), 'a', 3, 5))
  })

  test.each(recipes.map((recipe) => [recipe.id]))('of %s can be run, has every kind that the product knows, and small ones come first', (id) => {
    const given: RunSpec = { ...spec, architectures: [{ id }] }
    const from = ground(given)
    const kinds = new Set<string>()
    for (let number = 1; number <= 300; number++) {
      const plan = randomPlan(from, 'seed', number, 3)
      expect(plan).toHaveLength(1 + ((number - 1) % 3))
      const checked = checkSpec({ ...given, faults: plan }, recipes, {})
      expect(checked.ok ? [] : [...checked.issues, plan]).toEqual([])
      for (const fault of plan) {
        expect(fault).not.toMatch(/ source(?:-\d)? /)
        const parsed = parseFault(fault)
        if (parsed.ok) kinds.add(parsed.value.kind)
      }
    }
    expect([...kinds].sort()).toEqual([...new Set(from.strikes.map(({ info }) => info.kind))].sort())
    expect(kinds.size).toBeGreaterThanOrEqual(12)
  })
})

describe('a real product', () => {
  const judge: Judge = async (specs) => specs.map((one) => {
    const judged = judgedRun({ ...one, quiet: '60s' }, recipes, {})
    if (!judged.ok) throw new Error(JSON.stringify(judged.issues))
    return judged.value
  })

  test('acks=1 loses acknowledged records by a single fault at a broker, and acks=all does not by the same', { timeout: 60_000 }, async () => {
    const weak: RunSpec = { ...spec, architectures: [{ id: 'kafka-flink', settings: { acks: '1', 'enable.idempotence': 'false' } }] }
    const checked = checkedSpec(weak, recipes)
    const outcome = await searchBreak(
      { ...aim, spec: weak, plans: 40, faults: 1, seeds: 3 },
      judge, (moments) => groundOf(checked, ['crash', 'pause', 'power-loss', 'cut'], moments), () => undefined,
    )
    if (outcome.kind !== 'broken') throw new Error(JSON.stringify(outcome))
    expect(outcome.spec.faults).toHaveLength(1)
    expect(outcome.line).toMatchObject({ met: false })
    const strong = (await judge([{ ...outcome.spec, architectures: [{ id: 'kafka-flink' }] }]))[0] as Judged
    expect(strong.constraints).toMatchObject([{ id: 'durability', met: true }])
  })
})
