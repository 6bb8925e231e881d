import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Births } from '../../src/contract/births.ts'
import { causeCode, Copies, findCause } from '../../src/contract/cause.ts'
import type { Plant } from '../../src/contract/architecture.ts'
import type { Workload } from '../../src/contract/scenario.ts'
import { nanos, Sim } from '../../src/kernel/index.ts'
import { judge } from '../../src/measure/judge.ts'
import { Ledger } from '../../src/measure/ledger.ts'
import type { ViewTally } from '../../src/measure/view.ts'
import { Shadow } from './shadow.ts'

const retry = causeCode('toy.retry', 'Sent again', 'test')
const replay = causeCode('toy.replay', 'Read again', 'test')
const zombie = causeCode('toy.zombie', 'Written by a replaced process', 'test')
const crash = causeCode('toy.crash', 'In memory at the crash', 'test')

const workload: Workload = {
  ratePerSecond: 1000, shape: { kind: 'poisson' }, recordBytes: 100,
  keys: { count: 50, distribution: 'uniform', exponent: 0 }, sources: 2,
  eventTimeDelay: nanos(0), malformedPerMillion: 0, upstream: 'once',
}

/** A ledger over births of `seconds`, all of them born; `held` is what the toy plant still holds. */
function world(seconds: number, effect: 'append' | 'upsert' | 'conditional' = 'append'): {
  sim: Sim; births: Births; copies: Copies; ledger: Ledger; held: [number, number, number][]; plant: Plant; tally: ViewTally
} {
  const sim = new Sim('ledger')
  const births = new Births(workload, 'ledger', [], seconds * 1e9)
  const copies = new Copies()
  const ledger = new Ledger(sim, births, copies, { firstVisible: () => undefined, unseen: () => undefined, processed: () => undefined }, 0)
  ledger.view({ sink: 'out', reader: 'all', effect, primary: true, side: false })
  ledger.start()
  for (let lane = 0; lane < 2; lane++) while (births.nextAt(lane) !== Infinity) births.take(lane)
  sim.run(seconds * 1e9, true, 1)
  const held: [number, number, number][] = []
  const plant = { holdings: (_view: number, visit: (lane: number, first: number, count: number) => void) => { for (const [l, f, c] of held) visit(l, f, c) } } as unknown as Plant
  return { sim, births, copies, ledger, held, plant, tally: ledger.views[0] as ViewTally }
}

describe('effects', () => {
  it('the first readable copy delivers; each further one is a duplicate booked to its cause', () => {
    const { sim, copies, ledger, tally } = world(1)
    const again = copies.mint(retry, 0, sim.now, sim.platform)
    ledger.visible(0, 0, 0, 10, 0, false)
    ledger.visible(0, 0, 5, 2, again, false)
    expect([tally.delivered, tally.duplicated, tally.duplicates, tally.unexplained]).toEqual([10, 2, 2, 0])
    expect(tally.bookings.lines()).toEqual([{ kind: 'duplicate', code: 'toy.retry', records: 2, source: 'test', since: 1, examples: ['source-1:5', 'source-1:6'] }])
  })

  it('the same copy readable twice is unexplained', () => {
    const { ledger, tally } = world(1)
    ledger.visible(0, 0, 0, 1, 0, false)
    ledger.visible(0, 0, 0, 1, 0, false)
    expect(tally.unexplained).toBe(1)
  })

  it('of k effects all but the earliest created copy are booked, whatever became readable first', () => {
    const { sim, copies, ledger, tally } = world(1)
    const first = copies.mint(retry, 0, sim.now, sim.platform)
    const second = copies.mint(replay, first, sim.now, sim.platform)
    ledger.visible(0, 0, 0, 1, second, false)
    ledger.visible(0, 0, 0, 1, 0, false)
    ledger.visible(0, 0, 0, 1, first, false)
    expect(tally.bookings.count('duplicate')).toBe(2)
    expect(tally.unexplained).toBe(0)
  })

  it('the cause is the link at which the histories of the two copies part', () => {
    const { sim, copies, ledger, tally } = world(1)
    const replayed = copies.mint(replay, 0, sim.now, sim.platform)
    const resent = copies.mint(retry, replayed, sim.now, sim.platform)
    // Original and a resend of its replay: there are two because it was read again.
    ledger.visible(0, 0, 0, 1, 0, false)
    ledger.visible(0, 0, 0, 1, resent, false)
    // The replay and its own resend: there are two because it was sent again.
    ledger.visible(0, 0, 1, 1, replayed, false)
    ledger.visible(0, 0, 1, 1, resent, false)
    expect(tally.bookings.lines().map((line) => `${line.code} ${line.records}`)).toEqual(['toy.replay 1', 'toy.retry 1'])
  })

  it('a later writer that had been replaced is the zombie', () => {
    const { sim, copies, ledger, tally } = world(1)
    const again = copies.mint(replay, 0, sim.now, sim.platform)
    ledger.visible(0, 0, 0, 1, again, false)
    ledger.visible(0, 0, 0, 1, 0, true)
    expect(tally.bookings.lines().map((line) => line.code)).toEqual([zombie.code])
  })

  it('an equal repeat of an upsert is a rewrite, no duplicate', () => {
    const { sim, copies, ledger, tally } = world(1, 'upsert')
    const again = copies.mint(retry, 0, sim.now, sim.platform)
    ledger.visible(0, 0, 0, 1, 0, false)
    ledger.visible(0, 0, 0, 1, again, false)
    expect([tally.duplicates, tally.rewrites]).toEqual([0, 1])
    expect(tally.bookings.lines()[0]?.kind).toBe('rewrite')
  })

  it('the first five records of a cause are named, each once', () => {
    const { sim, copies, ledger, tally } = world(1)
    ledger.visible(0, 0, 0, 10, 0, false)
    for (let i = 0; i < 2; i++) ledger.visible(0, 0, 2, 8, copies.mint(retry, 0, sim.now, sim.platform), false)
    expect(tally.bookings.lines()[0]).toMatchObject({ records: 16, examples: [2, 3, 4, 5, 6].map((index) => `source-1:${index}`) })
  })

  it('a record of a key that comes after a later one is out of order', () => {
    const { births, ledger, tally } = world(2)
    const key = births.keyOf(0, 0)
    let later = 1
    while (births.keyOf(0, later) !== key) later++
    ledger.visible(0, 0, later, 1, 0, false)
    ledger.visible(0, 0, 0, 1, 0, false)
    expect(tally.outOfOrder).toBe(1)
  })

  it('what is readable no more is retracted, and delivered again when it comes back', () => {
    const { ledger, tally } = world(1)
    ledger.visible(0, 0, 0, 3, 0, false)
    ledger.retracted(0, 0, 1, 1, 0, crash)
    expect([tally.delivered, tally.retracted]).toEqual([2, 1])
    expect(tally.retractedLines()).toEqual([{ kind: 'retracted', code: 'toy.crash', records: 1, source: 'test', since: null, examples: ['source-1:1'] }])
    ledger.visible(0, 0, 1, 1, 0, false)
    expect([tally.delivered, tally.retracted, tally.duplicates, tally.unexplained]).toEqual([3, 0, 0, 0])
  })
})

describe('judgement', () => {
  it('a dropped record is pending while held and lost once no holding contains it', () => {
    const { births, ledger, held, plant, tally } = world(1)
    held.push([0, 0, births.born(0)], [1, 0, births.born(1)])
    ledger.answered(0, 0, 10, 'ok')
    ledger.dropped(crash, 0, 5, 1)
    expect(judge(ledger, births, plant, 0, false)).toMatchObject({ lost: 0, limbo: 0 })
    held[0] = [0, 6, births.born(0)]
    held.push([0, 0, 5])
    expect(judge(ledger, births, plant, 0, false)).toMatchObject({ lost: 1, limbo: 0 })
    expect([tally.lost, tally.lostAcknowledged]).toEqual([1, 1])
    expect(tally.bookings.lines()).toEqual([{ kind: 'lost', code: 'toy.crash', records: 1, source: 'test', since: 1, examples: ['source-1:5'] }])
  })

  it('what is neither held nor dropped is in limbo, and unexplained at the end', () => {
    const { births, ledger, held, plant, tally } = world(1)
    held.push([0, 1, births.born(0)], [1, 0, births.born(1)])
    expect(judge(ledger, births, plant, 0, false)).toMatchObject({ limbo: 1, limboExamples: ['source-1:0'] })
    judge(ledger, births, plant, 0, true)
    expect([tally.lost, tally.unexplained]).toEqual([1, 1])
  })

  it('a failed answer without a holding is refused; readable after all it is delivered', () => {
    const { births, ledger, held, plant, tally } = world(1)
    held.push([0, 2, births.born(0)], [1, 0, births.born(1)])
    ledger.answered(0, 0, 1, 'failed')
    ledger.answered(0, 1, 1, 'unknown')
    judge(ledger, births, plant, 0, false)
    expect(tally.refused).toBe(2)
    ledger.visible(0, 0, 1, 1, 0, false)
    expect([tally.refused, tally.delivered, tally.unexplained]).toEqual([1, 1, 0])
  })

  it('a journal told "failed" first and "ok" later was told ok', () => {
    const { ledger } = world(1)
    ledger.answered(0, 0, 1, 'failed')
    ledger.answered(0, 0, 1, 'ok')
    ledger.answered(0, 0, 1, 'unknown')
    expect(ledger.answers).toEqual({ ok: 1, failed: 0, unknown: 0, none: 0 })
    expect(ledger.answerOf(0, 0)).toBe(1)
  })

  it('a record said lost that becomes readable is our bug', () => {
    const { births, ledger, held, plant, tally } = world(1)
    held.push([0, 1, births.born(0)], [1, 0, births.born(1)])
    ledger.dropped(crash, 0, 0, 1)
    judge(ledger, births, plant, 0, false)
    ledger.visible(0, 0, 0, 1, 0, false)
    expect([tally.lost, tally.unexplained]).toEqual([0, 1])
  })

  it('a healed drop costs nothing', () => {
    const { births, ledger, held, plant, tally } = world(1)
    held.push([0, 1, births.born(0)], [1, 0, births.born(1)])
    ledger.dropped(crash, 0, 0, 1)
    ledger.visible(0, 0, 0, 1, 0, false)
    judge(ledger, births, plant, 0, true)
    expect([tally.delivered, tally.lost, tally.unexplained]).toEqual([1, 0, 0])
    expect(ledger.dropOf(0, 0)).toBeUndefined()
  })
})

describe('the store', () => {
  it('folds a chunk whose records are all ordinary and opens it again for a late duplicate', () => {
    const { births, copies, sim, ledger, tally } = world(20)
    const n = Math.min(births.born(0), 8192)
    expect(n).toBe(8192)
    ledger.answered(0, 0, n, 'ok')
    ledger.processed(0, 0, n)
    ledger.visible(0, 0, 0, n, 0, false)
    expect(ledger.settledEverywhere(0)).toBe(n)
    const again = copies.mint(retry, 0, sim.now, sim.platform)
    ledger.visible(0, 0, 4000, 200, again, false)
    expect([tally.delivered, tally.duplicates, tally.unexplained]).toEqual([n, 200, 0])
    expect(ledger.settledEverywhere(0)).toBe(n)
  })

  it('agrees with the shadow counter on any sequence, and slices cut anywhere give the same ledger', () => {
    const step = fc.record({
      kind: fc.constantFrom('visible', 'visible', 'visible', 'retract', 'answer'),
      lane: fc.nat(1), first: fc.nat(400), count: fc.integer({ min: 1, max: 60 }), copy: fc.nat(3), cut: fc.nat(60),
    })
    fc.assert(fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), (steps) => {
      const whole = world(1)
      const pieces = world(1)
      const shadow = new Shadow()
      shadow.view({ sink: 'out', reader: 'all', effect: 'append', primary: true, side: false })
      for (const { sim, copies } of [whole, pieces]) for (let i = 0; i < 3; i++) copies.mint(i === 1 ? replay : retry, 0, sim.now, sim.platform)
      const readable = new Set<string>()
      for (const s of steps) {
        // A copy that is readable becomes so only once, as in every mechanism.
        const records = Array.from({ length: s.count }, (_, i) => s.first + i).filter((i) => i < 430)
        for (const index of records) {
          const name = `${s.lane}:${index}:${s.copy}`
          if (s.kind === 'visible' && readable.has(name)) continue
          if (s.kind === 'retract' && !readable.has(name)) continue
          for (const target of [whole.ledger, pieces.ledger, shadow]) {
            if (s.kind === 'visible') target.visible(0, s.lane, index, 1, s.copy, false)
            else if (s.kind === 'retract') target.retracted(0, s.lane, index, 1, s.copy, crash)
          }
          if (s.kind === 'visible') readable.add(name)
          if (s.kind === 'retract') readable.delete(name)
        }
        if (s.kind === 'answer') {
          const cut = Math.min(s.cut, records.length)
          whole.ledger.answered(s.lane, s.first, records.length, 'ok')
          pieces.ledger.answered(s.lane, s.first, cut, 'ok')
          pieces.ledger.answered(s.lane, s.first + cut, records.length - cut, 'ok')
          shadow.answered(s.lane, s.first, records.length, 'ok')
        }
      }
      const plain = shadow.totals(0)
      for (const { tally } of [whole, pieces]) {
        expect({ delivered: tally.delivered, retracted: tally.retracted, duplicated: tally.duplicated, extra: tally.duplicates }).toEqual(plain)
        expect(tally.bookings.count('duplicate') + tally.unexplained).toBe(plain.extra)
      }
      expect(whole.ledger.answers).toEqual(pieces.ledger.answers)
    }), { seed: 5, numRuns: 150 })
  })
})

it('causes are found by their code', () => {
  expect(findCause('toy.retry')).toBe(retry)
})
