/** Each message of the null pipeline, by what is missing without it: 200 records/s, 8 s, seed 1. */
import { expect, test } from 'vitest'
import { recipes } from '../../models/index.ts'
import type { RunSpec } from '../../src/contract/spec.ts'
import { checkedRun, specFor } from '../run/checked-run.ts'
import { small } from '../run/small-scenario.ts'

function run(faults: readonly string[], settings: Record<string, string> = {}, more: Partial<RunSpec> = {}) {
  const { report, columns } = checkedRun(specFor('null', small, { architectures: [{ id: 'null', settings }], faults, ...more }), recipes)
  return { ...report.runs[0]!, column: columns[0]! }
}

const codes = (of: ReturnType<typeof run>) => of.facts.map(({ code }) => code)

test('the answer that a batch is stored lets the next one go: with it all arrive, one batch at a time', () => {
  const { totals, latency } = run([])
  expect(totals.answered).toEqual({ ok: totals.offered, failed: 0, unknown: 0, none: 0 })
  expect(latency.visible.max).toBeLessThan(0.05)
})

test('a client that hears nothing sends again: what a dead queue did not store is not lost', () => {
  const found = run(['crash queue at 3s for 1s'])
  expect(codes(found)).toContain('null.client-retried')
  expect(found.totals).toMatchObject({ lost: 0, delivered: found.totals.offered })
})

test('a client that is told nothing for too long says that it does not know, and what arrives late counts as delivered', () => {
  // The answers are cut off, the batch is not: it is stored all the same.
  const found = run(['cut queue -> source-1 at 3s for 3s'], { 'source.delivery-timeout': '500ms', 'source.request-timeout': '300ms' })
  expect(found.totals.answered.unknown).toBeGreaterThan(0)
  expect(found.totals.lost).toBe(0)
  expect(found.totals.delivered).toBeGreaterThan(found.totals.answered.ok)
})

test('a queue that hears of the end of its reader delivers again to the next one', () => {
  const found = run(['crash sink at 3s'], { 'sink.work': '4ms' })
  expect(found.facts.find(({ code }) => code === 'null.failure-detected')?.at).toBeCloseTo(3, 2)
  expect(found.totals).toMatchObject({ lost: 0, delivered: found.totals.offered })
})

test('a silent reader is taken for dead after the time-out, and what it wakes up with is written twice', () => {
  const found = run(['pause sink at 3s for 2s'], { 'queue.ack-timeout': '1s', 'sink.work': '4ms' })
  expect(found.facts.find(({ code }) => code === 'null.failure-detected')?.at).toBeGreaterThan(3.9)
  expect(found.totals.duplicates).toBeGreaterThan(0)
  expect(found.totals.lost).toBe(0)
})

test('heartbeats tell the sink that its queue is gone when nothing else does', () => {
  const found = run(['power-loss queue at 3s for 2s'], { 'sink.session-timeout': '1s', 'sink.heartbeat': '200ms' })
  const attached = found.facts.filter(({ code }) => code === 'null.reader-attached')
  expect(attached.length).toBeGreaterThanOrEqual(2)
  expect(found.totals).toMatchObject({ lost: 0, pending: 0 })
})

test('the order of acknowledgement and write decides between loss and repetition, and nothing else does', () => {
  const before = run(['crash sink at 3s'], { 'sink.acks': 'before-write', 'sink.work': '4ms' })
  expect([before.totals.lost > 0, before.totals.duplicates]).toEqual([true, 0])
  expect(before.causes.find(({ kind }) => kind === 'lost')).toMatchObject({ code: 'null.sink-died', records: before.totals.lost })
  const after = run(['cut sink -> queue at 3s for 2s'], { 'sink.work': '1ms', 'queue.ack-timeout': '500ms' })
  expect([after.totals.lost, after.totals.duplicates > 0]).toEqual([0, true])
})

test('a lost disk loses what it held and was acknowledged; clients that still wait send again', () => {
  const found = run(['pause sink at 2s for 3s', 'disk-loss queue at 4s for 1s'])
  expect(found.causes.find(({ kind }) => kind === 'lost')).toMatchObject({ code: 'null.disk-lost', records: found.totals.lost })
  expect(found.totals.lostAcknowledged).toBe(found.totals.lost)
  expect(found.totals.lost).toBeGreaterThan(100)
})

test('a poison record is put aside, counted there, and stops nobody', () => {
  const found = run(['poison 3 at 3s'])
  expect(found.totals).toMatchObject({ deadLettered: 3, lost: 0, pending: 0 })
  expect(found.views.find(({ sink }) => sink === 'dead-letters')?.totals.delivered).toBe(3)
})

test('a source that died takes with it what it had not sent; a journal sends it again', () => {
  const once = run(['crash source-1 at 3s for 1s'])
  expect(once.totals.lost).toBeGreaterThan(50)
  expect(once.totals.lostAcknowledged).toBe(0)
  const journal = run(['crash source-1 at 3s for 1s'], {}, { workload: { upstream: 'journal' } })
  expect(journal.totals).toMatchObject({ lost: 0, pending: 0, delivered: journal.totals.offered })
})
