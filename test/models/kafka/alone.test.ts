/** The recipe of a cluster alone: what is its own beside the parts. Seed 1 throughout. */
import { describe, expect, test } from 'vitest'
import kafka from '../../../models/kafka/index.ts'
import type { RunSpec } from '../../../src/contract/spec.ts'
import { checkSpec } from '../../../src/run/check.ts'
import { Column } from '../../../src/run/column.ts'
import { columnPlan } from '../../../src/run/run.ts'

const scenario = `---
title: "Kafka alone"
simulation:
  duration: 8s
  warmup: 1s
  workload: { rate: 240/s, shape: constant, record_size: 200B, sources: 1, upstream: once, keys: { count: 12, distribution: uniform } }
  sizing: { brokers: 3, zones: 3, partitions: 12, replication: 3 }
---

Text.
`

function columnOf(settings: Readonly<Record<string, string>>, faults: readonly string[] = []): Column {
  const spec: RunSpec = { version: 1, model: '1', scenario, seed: '1', architectures: [{ id: 'kafka', settings }], faults, changes: [] }
  const checked = checkSpec(spec, [kafka], {})
  if (!checked.ok) throw new Error(checked.issues.map(({ message }) => message).join('\n'))
  return new Column(columnPlan(checked.value, checked.value.columns[0]!, { strict: true }))
}

/** Partitions that took in records in the second before 5 s. */
function busyPartitions(settings: Readonly<Record<string, string>>): number[] {
  const column = columnOf(settings)
  const busy = new Set<number>()
  column.onFrame = (frame) => {
    for (let i = 0; i < 12; i++) if ((frame[column.layout.names.indexOf(`flow.0.${i}.rate`)] ?? 0) > 0) busy.add(i)
  }
  column.advance(5e9, 10_000_000)
  return [...busy].sort((a, b) => a - b)
}

describe('Kafka alone', () => {
  test('an application that names the partition spreads twelve keys over twelve; their hashes leave some empty', () => {
    expect(busyPartitions({ 'source.partition': 'explicit' })).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
    expect(busyPartitions({ 'source.partition': 'key' }).length).toBeLessThan(12)
  })

  test('both readers see the same records, each once, for nothing is written in transactions', () => {
    const column = columnOf({})
    column.finish()
    const { ledger, births } = column.state
    expect(births.born(0)).toBeGreaterThan(1900)
    expect(ledger.views.map(({ declaration, delivered, duplicates }) => [declaration.reader, delivered, duplicates])).toEqual([
      ['read_uncommitted', births.born(0), 0], ['read_committed', births.born(0), 0],
    ])
    expect(ledger.processedLatency.count).toBe(0)
  })

  test('a rolling restart gives leadership away first: its partitions wait for a follower that asked too early, not for a session', () => {
    const column = columnOf({ 'min.insync.replicas': '2' }, ['deploy broker-1 at 3s'])
    column.finish()
    const codes = column.state.log.facts.filter(({ at }) => at >= 3e9).map(({ code }) => code.code)
    expect(codes.indexOf('kafka.leader-elected')).toBeGreaterThanOrEqual(0)
    expect(codes.indexOf('kafka.leader-elected')).toBeLessThan(codes.indexOf('kafka.broker-shut-down'))
    expect(codes).not.toContain('kafka.broker-fenced')
    // A follower that turns round before its leader is refused, and asks again after replica.fetch.backoff.ms (1 s).
    expect(column.state.ledger.views[0]?.latency.max).toBeLessThan(1.3e9)
    expect(column.state.ledger.views[0]?.lost).toBe(0)
  })

  test('a processor means nothing here, and the refusal names what does', () => {
    const spec: RunSpec = { version: 1, model: '1', scenario, seed: '1', architectures: [{ id: 'kafka' }], faults: ['crash processor-1 at 3s'], changes: [] }
    const checked = checkSpec(spec, [kafka], {})
    expect(checked.ok ? [] : checked.issues.map(({ code, message }) => [code, /broker-1/.test(message)])).toEqual([['fault.target', true]])
  })

  // What followers had not fetched from the first leader goes at the second's election, and comes back at the third.
  test('where unclean elections are allowed, what a deposed leader still has is not lost before it follows', () => {
    const column = columnOf({
      acks: '1', 'enable.idempotence': 'false', 'min.insync.replicas': '1', 'unclean.leader.election.enable': 'true',
      'unclean.leader.election.interval.ms': '2000', 'broker.session.timeout.ms': '2000', 'broker.heartbeat.interval.ms': '500',
    }, [
      'pause broker-2 at 1500ms for 1s', 'pause broker-3 at 1500ms for 1s', 'crash broker-1 at 2400ms for 4s',
      'crash broker-2 at 7s for 30s', 'crash broker-3 at 7s for 30s',
    ])
    column.advance(6.5e9, 10_000_000)
    const wasHeld = column.state.ledger.unsettled(0)
    column.finish()
    const { facts } = column.state.log
    const leaders = facts.filter(({ code, numbers, at }) => /kafka.leader-(elected|unclean)/.test(code.code) && numbers[0] === 0 && at > 2e9)
    expect(leaders.map(({ code, subject }) => `${code.code} ${subject}`)).toEqual(['kafka.leader-elected broker-2', 'kafka.leader-unclean broker-1'])
    expect(wasHeld).toBeGreaterThan(10)
    const { lost, unexplained } = column.state.ledger.views[0] ?? {}
    expect({ lost, unexplained, limbo: column.state.limbo }).toEqual({ lost: 0, unexplained: 0, limbo: 0 })
  })

  test('with min.insync.replicas of all three, two live brokers refuse acks=all', () => {
    const column = columnOf({ 'min.insync.replicas': '3', 'delivery.timeout.ms': '3000', 'request.timeout.ms': '2000', 'broker.session.timeout.ms': '2000' }, ['crash broker-3 at 2s for 60s'])
    column.finish()
    const { ledger } = column.state
    expect(ledger.answers.failed + ledger.answers.unknown).toBeGreaterThan(400)
    expect(ledger.views[0]?.lost).toBe(0)
  })
})
