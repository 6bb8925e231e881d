/** Advice against a cause is not an opinion: a run that books the cause books none of it once the advice is followed. */
import { describe, expect, it } from 'vitest'
import { recipes } from '../../models/index.ts'
import { adviceOf } from '../../src/host/advice.ts'
import { reportOf } from '../../src/run/report.ts'
import { runColumns } from '../../src/run/run.ts'
import { checkedSpec, specFor } from '../run/checked-run.ts'
import { small } from '../run/small-scenario.ts'

interface Case {
  readonly id: string
  readonly kind: string
  readonly code: string
  readonly settings: Readonly<Record<string, string>>
  readonly faults: readonly string[]
  /** The key whose advice is followed; the first one if it is not said. */
  readonly key?: string
}

const dies = ['crash on lambda.write-applied #5 after 3s']
const cases: readonly Case[] = [
  { id: 'kafka-flink', kind: 'duplicate', code: 'flink.restore-replay', settings: { 'sink.delivery-guarantee': 'at-least-once' }, faults: ['crash processor-1 at 4s'] },
  { id: 'kinesis-lambda', kind: 'duplicate', code: 'lambda.batch-bisected', settings: {}, faults: dies },
  { id: 'kinesis-lambda', kind: 'duplicate', code: 'lambda.batch-retry', settings: { BisectBatchOnFunctionError: 'false' }, faults: dies },
  { id: 'kinesis-lambda', kind: 'duplicate', code: 'kinesis.put-retry', settings: { 'client.timeout': '100ms' }, faults: ['delay kinesis 400ms at 3s for 2s'] },
  { id: 'kinesis-lambda', kind: 'duplicate', code: 'kinesis.put-retry', settings: { 'client.timeout': '100ms' }, faults: ['delay kinesis 400ms at 3s for 2s'], key: 'client.timeout' },
  { id: 'kafka', kind: 'lost', code: 'kafka.acks0-lost', settings: { acks: '0' }, faults: ['crash broker-1 at 3s'] },
  {
    id: 'kafka', kind: 'lost', code: 'kafka.leader-changed-truncation', settings: { acks: '1', 'enable.idempotence': 'false' },
    faults: ['cut broker-1 -> broker-2,broker-3 at 3s for 2s', 'crash broker-1 at 4500ms'],
  },
  { id: 'kafka', kind: 'duplicate', code: 'kafka.producer-retry', settings: { 'enable.idempotence': 'false', 'request.timeout.ms': '1000' }, faults: ['pause broker-1 at 3s for 3s'] },
  { id: 'null', kind: 'lost', code: 'null.wire-lost', settings: { 'source.acks': 'none' }, faults: ['crash queue at 3s'] },
  { id: 'null', kind: 'duplicate', code: 'null.redelivery', settings: {}, faults: ['pause sink at 3s for 7s'] },
]

/** Records booked to a cause in a small run, and the settings that it had. */
function booked({ id, kind, code, faults }: Case, settings: Readonly<Record<string, string>>) {
  const checked = checkedSpec({ ...specFor(id, small), architectures: [{ id, settings }], faults: [...faults] }, recipes)
  const { causes } = reportOf(checked, runColumns(checked, {}, () => undefined)).runs[0]!
  return { checked, records: causes.find((line) => line.code === code && line.kind === kind)?.records ?? 0 }
}

describe('advice', () => {
  it.each(cases.map((one) => [`${one.kind} ${one.code} of ${one.id}${one.key === undefined ? '' : ` by ${one.key}`}`, one] as const))('removes %s', (_name, one) => {
    const before = booked(one, one.settings)
    expect(before.records).toBeGreaterThan(0)
    const from = before.checked.columns[0]!
    const { settings } = adviceOf(from.recipe, from.settings).find(({ code }) => code === one.code)!
    const { key, value } = settings.find((line) => line.value !== null && (one.key === undefined || line.key === one.key))!
    expect(booked(one, { ...one.settings, [key]: value! }).records, `${key}=${value}`).toBe(0)
  })
})
