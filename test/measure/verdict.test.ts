/** Verdicts of whole runs of the null pipeline, whose behaviour is known: 200 records/s, 8 s, seed 1. */
import { describe, expect, test } from 'vitest'
import { recipes } from '../../models/index.ts'
import type { RunSpec } from '../../src/contract/spec.ts'
import { checkedRun, specFor } from '../run/checked-run.ts'
import { small, smallWith } from '../run/small-scenario.ts'

const long = smallWith({ duration: '30s' })

function judged(more: Partial<RunSpec>, scenario = small) {
  const run = checkedRun(specFor('null', scenario, more), recipes).report.runs[0]!
  const verdict = (id: string) => run.constraints.find((constraint) => constraint.id === id)!
  return { run, verdict }
}

const lossy: Partial<RunSpec> = { architectures: [{ id: 'null', settings: { 'sink.acks': 'before-write', 'sink.work': '4ms' } }], faults: ['crash sink at 4s'] }

describe('latency', () => {
  test('is met when the quantile of all records lies below the limit', () => {
    const { verdict, run } = judged({})
    expect(verdict('latency')).toMatchObject({ met: true, limit: 1, unit: 's', evidence: { atLeast: false, firstViolation: null, examples: [], cause: null } })
    expect(verdict('latency').observed).toBe(run.latency.visible.p99)
  })

  test('counts the outage: broken by a crash, with the time, the slowest records and the fault as cause', () => {
    const { verdict, run } = judged({ faults: ['crash queue at 12s for 5s'] }, long)
    const { met, evidence } = verdict('latency')
    expect(met).toBe(false)
    expect(evidence.firstViolation).toBeGreaterThan(12)
    expect(evidence.longestViolation).toBeGreaterThan(3)
    expect(evidence.examples).toHaveLength(5)
    expect(evidence.cause).toContain('crash queue at 12s for 5s')
    expect(run.latency.visibleOutsideFaults.p99).toBeLessThan(0.1)
    expect(run.latency.visibleOutsideFaults.n).toBeLessThan(run.latency.visible.n - 800)
  })

  test('takes what is lost for longer than any limit', () => {
    const { verdict, run } = judged({ ...lossy, faults: ['crash sink at 3s', 'crash sink at 6s'] })
    expect(run.totals.lost).toBeGreaterThan(0)
    expect(run.latency.visible.atLeast).toContain('max')
    expect(run.latency.visible.n).toBe(verdict('latency').evidence.n)
  })
})

describe('throughput', () => {
  test('is met by what was offered and did not pile up', () => {
    expect(judged({}, long).verdict('throughput').met).toBe(true)
  })

  test('is broken by a sink that is slower than its input, from the window in which that shows', () => {
    const { verdict } = judged({ architectures: [{ id: 'null', settings: { 'sink.work': '6ms' } }] }, long)
    expect(verdict('throughput')).toMatchObject({ met: false })
    expect(verdict('throughput').evidence.firstViolation).toBeGreaterThan(5)
  })

  test('is unknown when the load that was asked for was not offered', () => {
    const { verdict } = judged({ workload: { rate: '100/s' } }, long)
    expect(verdict('throughput').met).toBeNull()
    expect(verdict('throughput').evidence.text).toContain('was not offered')
  })
})

describe('loss and repetition', () => {
  test('an acknowledgement before the write loses what the sink held, with names, count and cause', () => {
    const { verdict, run } = judged(lossy)
    const { observed, evidence } = verdict('durability')
    expect(run.totals.lost).toBeGreaterThan(0)
    expect(run.totals.lostAcknowledged).toBe(run.totals.lost)
    expect(observed).toBe(run.totals.lost)
    expect(evidence.cause).toContain('null.sink-died')
    expect(evidence.examples[0]).toMatch(/^source-[12]:\d+$/)
    expect(verdict('semantics').met).toBe(false)
    expect(run.totals.duplicates).toBe(0)
  })

  test('an acknowledgement after the write repeats what was not yet acknowledged, and loses nothing', () => {
    const { verdict, run } = judged({ architectures: [{ id: 'null', settings: { 'sink.work': '2ms' } }], faults: ['cut sink -> queue at 4s for 7s'], quiet: '60s' }, smallWith({ duration: '12s' }))
    expect(run.totals.lost).toBe(0)
    expect(run.totals.duplicates).toBeGreaterThan(0)
    expect(verdict('semantics').evidence.cause).toContain('null.redelivery')
    expect(verdict('durability').met).toBe(true)
  })

  test('acks=none loses what was sent to a dead queue, which its sender took for delivered', () => {
    const { run } = judged({ architectures: [{ id: 'null', settings: { 'source.acks': 'none' } }], faults: ['power-loss queue at 4s for 1s'] })
    expect(run.totals.lost).toBeGreaterThan(0)
    expect(run.totals.answered.none).toBe(run.totals.offered)
    expect(run.causes.map(({ code }) => code)).toContain('null.wire-lost')
  })

  test('what is refused is neither lost nor forgotten: it stays in the denominator', () => {
    const { run, verdict } = judged({ architectures: [{ id: 'null', settings: { 'source.buffer-records': '100' } }], faults: ['crash queue at 3s for 4s'] })
    expect(run.totals.refused).toBeGreaterThan(100)
    expect(run.totals.lost).toBe(0)
    expect(verdict('durability')).toMatchObject({ met: true })
    expect(run.latency.visible.atLeast).toContain('p99')
    expect(verdict('latency')).toMatchObject({ met: false, evidence: { atLeast: true } })
  })
})

describe('outages and recovery', () => {
  test('an outage lasts from the fault to the first record born since that can be seen', () => {
    const { run } = judged({ faults: ['crash queue at 12s for 5s'] }, long)
    expect(run.outages).toHaveLength(1)
    expect(run.outages[0]!.from).toBe(12)
    expect(run.outages[0]!.to).toBeGreaterThan(17)
    expect(run.outages[0]!.to).toBeLessThan(18)
    expect(run.recovery[0]!.recoveredAfter).toBeGreaterThan(5)
    expect(run.recovery[0]!.recoveredAfter).toBeLessThan(8)
  })

  test('what does not come back is not recovered, and its outage has no end', () => {
    const { run, verdict } = judged({ faults: ['crash sink at 4s for 10m'], quiet: '10s' })
    expect(run.outages).toEqual([{ from: 4, to: null }])
    expect(run.recovery[0]!.recoveredAfter).toBeNull()
    expect(run.totals.pending).toBeGreaterThan(500)
    expect(verdict('durability').met).toBeNull()
    expect(verdict('semantics').met).toBeNull()
  })
})
