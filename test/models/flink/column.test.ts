/** The whole column, Kafka on both sides: what each guarantee promises, and what breaks it. */
import { afterEach, describe, expect, test, vi } from 'vitest'
import { ProducerStates } from '../../../models/parts/kafka/producer-state.ts'
import type { Batch } from '../../../models/parts/kafka/index.ts'
import type { Fact } from '../../../src/run/fact-log.ts'
import type { Column } from '../../../src/run/column.ts'
import { Column as ColumnRun } from '../../../src/run/column.ts'
import { planOf, plantOf, runToEnd, type ColumnOptions } from './column-kit.ts'

const rate = 300

function run(options: ColumnOptions): Column {
  // Strict judging of every second is the swarm's and the contract's; here the ends count.
  const column = runToEnd({ rate, strict: false, ...options })
  for (const view of column.state.ledger.views) expect(view.unexplained).toBe(0)
  return column
}

function view(column: Column, reader: string) {
  const found = column.state.ledger.views.find((known) => known.declaration.reader === reader)
  if (found === undefined) throw new Error(reader)
  return found
}

function offered(column: Column): number {
  let count = 0
  for (let lane = 0; lane < 4; lane++) count += column.state.births.born(lane)
  return count
}

function facts(column: Column, code: string): Fact[] {
  return column.state.log.facts.filter((fact) => fact.code.code === code)
}

function booked(column: Column, reader: string): Record<string, number> {
  return Object.fromEntries(view(column, reader).bookings.lines().map((line) => [`${line.kind} ${line.code}`, line.records]))
}

afterEach(() => {
  vi.restoreAllMocks()
})

describe('exactly once', () => {
  test('no fault: visible p50 = interval/2 + checkpoint time + path, p99 below interval + longest checkpoint + path', () => {
    const column = run({ duration: 15, seed: 'calm' })
    const committed = view(column, 'read_committed')
    expect(committed.delivered).toBe(offered(column))
    expect(committed.duplicates).toBe(0)
    const durations = facts(column, 'flink.checkpoint-completed').map((fact) => fact.numbers[1]! / 1e9)
    const typical = durations.reduce((sum, one) => sum + one, 0) / durations.length
    // Half of linger 20 ms, of fetch wait 40 ms and of the buffer time-out 10 ms, and two milliseconds of wire.
    const path = 0.037
    const p50 = committed.latency.quantile(0.5).value / 1e9
    expect(p50 / (0.5 + typical + path)).toBeGreaterThan(0.93)
    expect(p50 / (0.5 + typical + path)).toBeLessThan(1.07)
    const p99 = committed.latency.quantile(0.99).value / 1e9
    expect(p99).toBeGreaterThan(0.99)
    expect(p99).toBeLessThan((1 + Math.max(...durations) + 0.08) * 1.1)
    // Whoever reads uncommitted records waits for the sink's linger instead.
    expect(view(column, 'read_uncommitted').latency.quantile(0.5).value / 1e9).toBeLessThan(0.2)
  })

  test.each([
    ['exactly-once', 'the committer runs at each checkpoint', 700e6],
    ['at-least-once', 'results are readable as they are written', 500e6],
    ['none', 'results are readable as they are written', 500e6],
  ])('the yardstick of verdicts with %s: %s', (guarantee, _why, nanos) => {
    const column = new ColumnRun(planOf({ settings: { 'sink.delivery-guarantee': guarantee, 'execution.checkpointing.interval': '700ms' } }))
    expect(column.state.plant.intervalNanos()).toBe(nanos)
  })

  test('a dead TaskManager: nothing twice, nothing missing; readers of uncommitted records see the replay', () => {
    for (const [i, seed] of ['crash-1', 'crash-2'].entries()) {
      const column = run({ duration: 16, seed, faults: [`crash processor-${i + 1} at ${8300 + i * 400}ms`] })
      const committed = view(column, 'read_committed')
      expect(committed.delivered).toBe(offered(column))
      expect([committed.duplicates, committed.lost, committed.refused]).toEqual([0, 0, 0])
      const uncommitted = view(column, 'read_uncommitted')
      expect(uncommitted.duplicates).toBeGreaterThan(0)
      expect(booked(column, 'read_uncommitted')).toEqual({ 'duplicate flink.restore-replay': uncommitted.duplicates })
      const caught = facts(column, 'flink.caught-up').pop() as Fact
      const detected = facts(column, 'flink.failure-detected')[0] as Fact
      expect(detected.at + caught.numbers[1]!).toBe(caught.at)
    }
  })

  test('a frozen TaskManager that wakes after its replacement is fenced', () => {
    const column = run({ duration: 26, seed: 'zombie', faults: ['pause processor-1 at 8.35s for 15s'] })
    expect(facts(column, 'flink.execution-replaced').length).toBe(1)
    expect(facts(column, 'kafka.client-fenced').length).toBeGreaterThan(0)
    expect(view(column, 'read_committed').duplicates).toBe(0)
    expect(view(column, 'read_committed').delivered).toBe(offered(column))
  })

  test('planted: brokers that look at no epoch and no sequence let the zombie write into its successor\'s transaction', () => {
    type Check = (this: ProducerStates, batch: Batch) => string
    const states = ProducerStates.prototype as unknown as { check: Check; isOpen(id: number, epoch: number): boolean }
    const check: Check = states.check
    vi.spyOn(states, 'check').mockImplementation(function (this: ProducerStates, batch: Batch) {
      const said = check.call(this, batch)
      return said === 'INVALID_PRODUCER_EPOCH' || said === 'OUT_OF_ORDER_SEQUENCE_NUMBER' ? 'NONE' : said
    })
    vi.spyOn(states, 'isOpen').mockImplementation(function (this: ProducerStates, id: number) {
      return (this.entry(id)?.openFrom ?? -1) >= 0
    })
    // It wakes in the first interval of its successors, whose transactions have the ids that its own have.
    const column = runToEnd({
      rate: 1000, duration: 24, seed: 'zombie', strict: false, settings: { 'execution.checkpointing.interval': '5s' },
      faults: ['pause processor-1 at 8.35s for 11s'],
    })
    const woke = facts(column, 'process.resumed')[0] as Fact
    const next = facts(column, 'flink.checkpoint-triggered').find((fact) => fact.at > 18e9) as Fact
    expect(facts(column, 'flink.running')[1]!.at).toBeLessThan(woke.at)
    expect(woke.at).toBeLessThan(next.at)
    expect(view(column, 'read_committed').duplicates).toBeGreaterThan(0)
    expect(Object.keys(booked(column, 'read_committed'))).toContain('duplicate flink.zombie')
  })

  test('a transaction that the broker times out after its checkpoint is lost in silence, with its cause (F5)', () => {
    // The notification never comes: the checkpoint is complete, then every process of the job is down for too long.
    const column = run({
      duration: 30, seed: 'silent-loss', settings: { 'sink.properties.transaction.timeout.ms': '3000', 'taskmanager.restart-time': '25s', 'jobmanager.restart-time': '25s' },
      faults: ['deploy on flink.checkpoint-completed #9'],
    })
    const committed = view(column, 'read_committed')
    expect(committed.lost).toBeGreaterThan(rate * 0.5)
    expect(booked(column, 'read_committed')['lost flink.committable-failed']).toBe(committed.lost)
    const failed = facts(column, 'flink.committable-failed')
    expect(failed.length).toBeGreaterThan(0)
    expect(failed.reduce((sum, fact) => sum + fact.numbers[1]!, 0)).toBe(committed.lost)
    expect(facts(column, 'flink.running').length).toBe(2)
  })

  test('the sink\'s own time-out of one hour is refused by the broker: the job never starts (F6)', () => {
    const column = new ColumnRun(planOf({
      rate, duration: 20, preset: 'as-shipped', settings: { 'sink.delivery-guarantee': 'exactly-once', 'execution.checkpointing.interval': '1s' },
    }))
    column.advance(20e9, 1e9)
    expect(facts(column, 'flink.producer-refused').length).toBeGreaterThan(4)
    expect(facts(column, 'flink.running').length).toBe(0)
    expect(view(column, 'read_committed').delivered).toBe(0)
    const delays = facts(column, 'flink.restart-attempt').map((fact) => fact.numbers[1]!)
    for (let i = 1; i < delays.length; i++) expect(delays[i]! / delays[i - 1]!).toBeGreaterThan(1.2)
  })
})

describe('at least once and none', () => {
  test('at least once: what was visible and is read again is there twice, and nothing else', () => {
    const settings = {
      'sink.delivery-guarantee': 'at-least-once', 'execution.checkpointing.interval': '4s', 'execution.checkpointing.mode': 'AT_LEAST_ONCE',
    }
    const column = new ColumnRun(planOf({ rate, duration: 16, strict: false, seed: 'alo', settings, faults: ['crash processor-1 at 10.1s'] }))
    column.advance(10.1e9 - 1, 1e9)
    const plant = plantOf(column)
    const restored = plant.built.storage.pointer
    const reached = plant.built.job.reached.slice()
    let again = 0
    for (let split = 0; split < 12; split++) again += reached[split]! - (restored?.positionOf(split) ?? 0)
    column.finish()
    const duplicates = view(column, 'read_committed').duplicates
    expect(duplicates).toBeGreaterThan(0)
    expect(duplicates).toBeLessThanOrEqual(again)
    expect(duplicates).toBeGreaterThan(again - rate * 0.3)
    expect(view(column, 'read_uncommitted').duplicates).toBe(duplicates)
    expect(view(column, 'read_committed').lost).toBe(0)
  })

  test('none: what a dead task had not sent is lost if its checkpoint is complete, and the cause says so (F1)', () => {
    const column = run({
      rate: 1000, duration: 12, seed: 'none', settings: { 'sink.delivery-guarantee': 'none', 'sink.properties.linger.ms': '900' },
      faults: ['crash processor-1 on flink.checkpoint-completed #7'],
    })
    const { lost } = view(column, 'read_committed')
    expect(lost).toBeGreaterThan(0)
    expect(Object.keys(booked(column, 'read_committed')).filter((key) => key.startsWith('lost'))).toEqual(['lost kafka.producer-memory'])
  })

  test('a zombie without fencing repeats what it had in memory', () => {
    const column = run({
      rate: 1000, duration: 26, seed: 'zombie-alo', settings: { 'sink.delivery-guarantee': 'at-least-once' }, faults: ['pause processor-1 at 8.35s for 15s'],
    })
    expect(booked(column, 'read_committed')['duplicate flink.zombie']).toBeGreaterThan(0)
    expect(view(column, 'read_committed').lost).toBe(0)
  })
})

describe('faults of the job', () => {
  test('a record that cannot be read restarts the job for ever (F16)', () => {
    const column = new ColumnRun(planOf({ rate, duration: 20, seed: 'poison', faults: ['poison 1 at 6s'] }))
    column.advance(25e9, 1e9)
    const failed = facts(column, 'flink.task-failed')
    expect(failed.length).toBeGreaterThan(3)
    expect(new Set(failed.map((fact) => fact.numbers[1])).size).toBe(1)
    expect(plantOf(column).lagRecords()).toBeGreaterThan(rate * 10)
    expect(view(column, 'read_committed').lost).toBe(0)
  })

  test('without checkpoints there is no restart: the log keeps what nobody reads', () => {
    const column = new ColumnRun(planOf({ rate, duration: 15, preset: 'as-shipped', seed: 'shipped', faults: ['crash processor-1 at 8s'] }))
    column.advance(20e9, 1e9)
    expect(facts(column, 'flink.job-failed').length).toBe(1)
    expect(view(column, 'read_committed').lost).toBe(0)
    expect(column.state.limbo).toBe(0)
    expect(column.state.ledger.unsettled(0)).toBeGreaterThan(rate * 5)
  })

  test('a new version goes on from the last checkpoint', () => {
    const column = run({ duration: 12, seed: 'deploy', faults: ['deploy processor at 8.2s'] })
    expect(view(column, 'read_committed').delivered).toBe(offered(column))
    expect(view(column, 'read_committed').duplicates).toBe(0)
  })
})
