import { describe, expect, test } from 'vitest'
import { crash, type Process } from '../../../src/kernel/index.ts'
import { committedHoldings, logHoldings, requestHoldings, uncommittedHoldings } from '../../../models/parts/kafka/holdings.ts'
import { lab, replicaOf, runTo, SECOND, type Lab } from './broker-kit.ts'

function named(ask: (visit: (lane: number, first: number, count: number) => void) => void): string[] {
  const names = new Set<string>()
  ask((lane, first, count) => { for (let i = first; i < first + count; i++) names.add(`${lane}:${i}`) })
  return [...names].sort()
}

const logOf = (one: Lab, from = 0): string[] => named((visit) => logHoldings(one.cluster, 0, from, visit))
const uncommitted = (one: Lab): string[] => named((visit) => uncommittedHoldings(one.cluster, one.cluster.topic('t'), visit))
const committed = (one: Lab, willCommit: boolean): string[] =>
  named((visit) => committedHoldings(one.cluster, one.cluster.topic('t'), () => willCommit, visit))

function openTransaction(one: Lab): { id: number } {
  one.client.initProducer(one.sim, 0)
  runTo(one, one.sim.now / SECOND + 1)
  const id = one.client.ids.at(-1)?.producerId ?? -1
  one.client.produce(one.sim, [one.client.batch(0, 1, { id, epoch: 0, sequence: 0, transactional: true })], -1, { transactionalId: 0 })
  runTo(one, one.sim.now / SECOND + 1)
  return { id }
}

describe('what the brokers hold', () => {
  test('a log holds its records from an offset on, inside a batch too', () => {
    const one = lab()
    one.client.produce(one.sim, [one.client.batch(0, 3)], -1)
    one.client.produce(one.sim, [one.client.batch(0, 2)], -1)
    runTo(one, 1)
    expect(logOf(one)).toEqual(['0:0', '0:1', '0:2', '0:3', '0:4'])
    expect(logOf(one, 2)).toEqual(['0:2', '0:3', '0:4'])
    expect(logOf(one, 5)).toEqual([])
  })

  test('a dead leader\'s log counts until there is another leader', () => {
    const one = lab()
    runTo(one, 2)
    crash(one.sim, one.cluster.brokers[1] as Process, 60 * SECOND)
    crash(one.sim, one.cluster.brokers[2] as Process, Infinity)
    one.client.produce(one.sim, [one.client.batch(0)], 1)
    runTo(one, 3)
    crash(one.sim, one.cluster.brokers[0] as Process, Infinity)
    expect(replicaOf(one, 1).log.end).toBe(0)
    runTo(one, 40)
    expect(logOf(one)).toEqual(['0:0'])
  })

  test('what is visible is no longer a holding of the sink; what waits for replicas is', () => {
    const one = lab()
    one.client.produce(one.sim, [one.client.batch(0)], -1)
    runTo(one, 2)
    expect(uncommitted(one)).toEqual([])
    crash(one.sim, one.cluster.brokers[1] as Process, 60 * SECOND)
    one.client.produce(one.sim, [one.client.batch(0)], 1)
    runTo(one, 3)
    expect(uncommitted(one)).toEqual(['0:1'])
    expect(committed(one, false)).toEqual(['0:1'])
  })

  test('an open transaction counts as far as its writer will commit it', () => {
    const one = lab()
    openTransaction(one)
    expect(committed(one, true)).toEqual(['0:0'])
    expect(committed(one, false)).toEqual([])
  })

  test('a decided transaction counts, an aborted one does not', () => {
    for (const commit of [true, false]) {
      const one = lab()
      const { id } = openTransaction(one)
      one.client.endTransaction(one.sim, 0, id, 0, commit)
      const code = commit ? 'kafka.transaction-prepared' : 'kafka.transaction-aborting'
      while (one.ledger.times(code).length === 0) runTo(one, one.sim.now / SECOND + 0.0001)
      expect(committed(one, false)).toEqual(commit ? ['0:0'] : [])
      runTo(one, one.sim.now / SECOND + 1)
      expect(committed(one, false)).toEqual([])
    }
  })

  test('requests without an answer that wait behind another are held until the broker dies', () => {
    const one = lab()
    runTo(one, 2)
    crash(one.sim, one.cluster.brokers[1] as Process, Infinity)
    one.client.produce(one.sim, [one.client.batch(0)], -1)
    one.client.produce(one.sim, [one.client.batch(0)], 0)
    runTo(one, 3)
    expect(named((visit) => requestHoldings(one.cluster, visit))).toEqual(['0:1'])
    crash(one.sim, one.cluster.brokers[0] as Process, Infinity)
    expect(named((visit) => requestHoldings(one.cluster, visit))).toEqual([])
    expect(one.ledger.drops).toMatchObject([{ record: '0:1', cause: 'kafka.acks0-crashed' }])
  })

  test('a request without an answer that is refused ends the connection and says so', () => {
    const one = lab()
    runTo(one, 2)
    one.client.produce(one.sim, [one.client.batch(0)], 0, { to: 1 })
    const link = one.client.link(one.sim, 1)
    runTo(one, 3)
    expect(link.isUsableBy(one.client)).toBe(false)
    expect(one.ledger.drops).toMatchObject([{ record: '0:0', cause: 'kafka.acks0-refused' }])
  })
})
