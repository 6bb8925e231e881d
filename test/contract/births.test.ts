import { describe, expect, it } from 'vitest'
import { Births, HOT, LATE, MALFORMED } from '../../src/contract/births.ts'
import { parseFault, type Fault } from '../../src/contract/fault.ts'
import type { Workload } from '../../src/contract/scenario.ts'
import { nanos } from '../../src/kernel/index.ts'

const base: Workload = {
  ratePerSecond: 1000, shape: { kind: 'poisson' }, recordBytes: 500,
  keys: { count: 1000, distribution: 'zipf', exponent: 0.5 }, sources: 4,
  eventTimeDelay: nanos(0), malformedPerMillion: 0, upstream: 'once',
}

function fault(text: string): Fault {
  const parsed = parseFault(text)
  if (!parsed.ok) throw new Error(parsed.issues.map((issue) => issue.message).join('; '))
  return parsed.value
}

/** All births in order of time, as a run takes them. */
function all(births: Births): { lane: number; at: number; key: number; flags: number }[] {
  const out: { lane: number; at: number; key: number; flags: number }[] = []
  for (;;) {
    let lane = 0
    for (let i = 1; i < births.lanes; i++) if (births.nextAt(i) < births.nextAt(lane)) lane = i
    if (births.nextAt(lane) === Infinity) return out
    const index = births.take(lane)
    out.push({ lane, at: births.timeOf(lane, index), key: births.keyOf(lane, index), flags: births.flagsOf(lane, index) })
  }
}

describe('births', () => {
  it('are the same for the same seed, others for another', () => {
    const one = new Births(base, 'x', [], 5e9)
    const two = new Births(base, 'x', [], 5e9)
    const other = new Births(base, 'y', [], 5e9)
    expect(all(one)).toEqual(all(two))
    expect(one.digestText()).toBe(two.digestText())
    all(other)
    expect(other.digestText()).not.toBe(one.digestText())
  })

  it('have one digest in whatever order the lanes are looked at, and another one when a record is missing', () => {
    const one = new Births(base, 'x', [], 5e9)
    const two = new Births(base, 'x', [], 5e9)
    for (let at = 0; at <= 5e9; at += 0.1e9) for (let lane = 0; lane < one.lanes; lane++) one.reach(lane, at)
    for (let lane = two.lanes - 1; lane >= 0; lane--) two.reach(lane, 4.9e9)
    expect(two.digestText()).not.toBe(one.digestText())
    for (let lane = 0; lane < two.lanes; lane++) two.reach(lane, 5e9)
    expect(two.digestText()).toBe(one.digestText())
    expect(one.born(0)).toBe(two.born(0))
  })

  it('come at the rate of the workload, Poisson within four standard errors', () => {
    const n = all(new Births(base, 'rate', [], 20e9)).length
    expect(Math.abs(n - 20_000)).toBeLessThan(4 * Math.sqrt(20_000))
  })

  it('of a constant shape are evenly spaced', () => {
    const times = all(new Births({ ...base, sources: 1, shape: { kind: 'constant' } }, 'x', [], 1e9)).map((birth) => birth.at)
    expect(times.length).toBe(999)
    expect(new Set(times.map((at, i) => at - (times[i - 1] ?? 0)))).toEqual(new Set([1e6]))
  })

  it('before a workload fault are as they would be without it', () => {
    for (const text of ['spike x5 at 2s for 1s', 'hot-key 40% at 2s', 'poison 3 at 2s', 'late-burst 50% 30s at 2s for 1s']) {
      const calm = all(new Births(base, 'prefix', [], 5e9)).filter((birth) => birth.at < 2e9)
      const struck = all(new Births(base, 'prefix', [fault(text)], 5e9)).filter((birth) => birth.at < 2e9)
      expect(struck, text).toEqual(calm)
    }
  })

  it('spike, heat, poison and lateness are there while the fault lasts and not after', () => {
    const spiked = all(new Births(base, 's', [fault('spike x5 at 2s for 1s')], 5e9))
    expect(spiked.filter((birth) => birth.at >= 2e9 && birth.at < 3e9).length).toBeGreaterThan(4700)
    expect(spiked.filter((birth) => birth.at >= 3e9 && birth.at < 4e9).length).toBeLessThan(1150)
    const hot = all(new Births(base, 's', [fault('hot-key 40% key 7 at 2s for 1s')], 5e9))
    const heated = hot.filter((birth) => (birth.flags & HOT) !== 0)
    expect(heated.every((birth) => birth.key === 7 && birth.at >= 2e9 && birth.at < 3e9)).toBe(true)
    expect(heated.length).toBeGreaterThan(330)
    const poisoned = all(new Births(base, 's', [fault('poison 3 at 2s')], 5e9)).filter((birth) => (birth.flags & MALFORMED) !== 0)
    expect(poisoned.map((birth) => birth.lane)).toEqual([0, 0, 0])
    expect(poisoned[0]?.at).toBeGreaterThanOrEqual(2e9)
    const late = all(new Births(base, 's', [fault('late-burst 50% 30s at 2s for 1s')], 5e9)).filter((birth) => (birth.flags & LATE) !== 0)
    expect(late.length).toBeGreaterThan(400)
    expect(late.length).toBeLessThan(600)
  })

  it('a fault appended while running gives what the whole plan would have given', () => {
    const whole = all(new Births(base, 'live', [fault('spike x3 at 2s for 1s')], 5e9))
    const live = new Births(base, 'live', [], 5e9)
    const seen: { lane: number; at: number }[] = []
    for (;;) {
      let lane = 0
      for (let i = 1; i < live.lanes; i++) if (live.nextAt(i) < live.nextAt(lane)) lane = i
      if (live.nextAt(lane) >= 1.99e9) break
      seen.push({ lane, at: live.timeOf(lane, live.take(lane)) })
    }
    live.setFaults([fault('spike x3 at 2s for 1s')])
    const rest = all(live)
    expect([...seen, ...rest].map((birth) => birth.at)).toEqual(whole.map((birth) => birth.at))
  })

  it('below a forgotten index cannot be asked for', () => {
    const births = new Births(base, 'forget', [], 30e9)
    all(births)
    births.forget(0, 5000)
    expect(() => births.timeOf(0, 4000)).toThrow(/birth-forgotten/)
    expect(births.timeOf(0, 5000)).toBeGreaterThan(0)
  })
})
