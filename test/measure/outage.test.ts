import { describe, expect, test } from 'vitest'
import { Outages } from '../../src/measure/outage.ts'

const s = 1e9
/** Ticks every 100 ms as a run does. */
function watch(outages: Outages, from: number, to: number, oldest: number | null, interval = s): void {
  for (let at = from; at <= to; at += 0.1 * s) outages.tick(at, oldest, interval)
}

describe('an outage', () => {
  test('is none while records born since the fault keep becoming visible', () => {
    const outages = new Outages()
    outages.faultBegan(10 * s)
    for (let at = 10; at < 20; at += 1.9) {
      watch(outages, at * s, (at + 1.8) * s, at * s)
      outages.firstVisible((at + 0.5) * s, (at + 1.9) * s)
    }
    expect(outages.spans()).toEqual([])
  })

  test('begins with the fault once two intervals have passed, and ends with the first record born since', () => {
    const outages = new Outages()
    outages.faultBegan(10 * s)
    watch(outages, 10 * s, 11.9 * s, 9.5 * s)
    expect(outages.isOpen()).toBe(false)
    watch(outages, 12.1 * s, 14 * s, 9.5 * s)
    expect(outages.isOpen()).toBe(true)
    // What was in the pipe before does not end it.
    outages.firstVisible(9.9 * s, 14 * s)
    expect(outages.isOpen()).toBe(true)
    outages.firstVisible(10.1 * s, 15 * s)
    expect(outages.spans()).toEqual([{ from: 10 * s, to: 15 * s }])
  })

  test('is none while nothing waits', () => {
    const outages = new Outages()
    outages.faultBegan(10 * s)
    watch(outages, 10 * s, 30 * s, null)
    watch(outages, 30.1 * s, 31.9 * s, 30 * s)
    expect(outages.spans()).toEqual([])
    watch(outages, 32 * s, 33 * s, 30 * s)
    expect(outages.spans()).toHaveLength(1)
  })

  test('of a second fault that comes before the first is over belongs to the first', () => {
    const outages = new Outages()
    outages.faultBegan(10 * s)
    watch(outages, 10 * s, 13 * s, 9 * s)
    outages.faultBegan(13 * s)
    outages.firstVisible(11 * s, 14 * s)
    expect(outages.spans()).toEqual([{ from: 10 * s, to: 14 * s }])
    outages.faultBegan(20 * s)
    outages.firstVisible(19 * s, 21 * s)
    watch(outages, 20 * s, 23 * s, 19.5 * s)
    expect(outages.spans()[1]).toEqual({ from: 20 * s, to: null })
  })
})
