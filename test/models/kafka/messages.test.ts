/** Each message carries its rule alone: where it is swallowed, the rule no longer holds. */
import { describe, expect, test } from 'vitest'
import { crash, type EventKind, type Life, type Process, type Unit } from '../../../src/kernel/index.ts'
import { COMMITTED, lab, replicaOf, runTo, SECOND, UNCOMMITTED, type Lab } from './broker-kit.ts'

/** Swallows every message of a kind from now on. */
function swallow(one: Lab, name: string): void {
  const { sim } = one
  const dispatch = sim.dispatch.bind(sim)
  sim.dispatch = <P>(life: Life, incarnation: number, kind: EventKind<Unit, P>, payload: P): void => {
    if (kind.name !== name) dispatch(life, incarnation, kind, payload)
  }
}

/** Runs without and with a message; returns both labs. */
function withAndWithout(name: string, play: (one: Lab) => void): { kept: Lab; lost: Lab } {
  const kept = lab({ seed: 'messages' })
  play(kept)
  const lost = lab({ seed: 'messages' })
  runTo(lost, 1)
  swallow(lost, name)
  play(lost)
  return { kept, lost }
}

function produce(one: Lab): void {
  runTo(one, 2)
  one.client.produce(one.sim, [one.client.batch(0)], -1)
  runTo(one, 4)
}

function transact(one: Lab): void {
  runTo(one, 2)
  one.client.initProducer(one.sim, 0)
  runTo(one, 3)
  const id = one.client.ids[0]?.producerId ?? -1
  one.client.produce(one.sim, [one.client.batch(0, 1, { id, epoch: 0, sequence: 0, transactional: true })], -1, { transactionalId: 0 })
  runTo(one, 4)
  one.client.endTransaction(one.sim, 0, id, 0, true)
  runTo(one, 6)
}

describe('without', () => {
  test('the follower\'s fetch nothing is replicated, acknowledged or visible', () => {
    const { kept, lost } = withAndWithout('kafka.fetch', produce)
    expect(kept.ledger.seen(UNCOMMITTED)).toHaveLength(1)
    expect(lost.ledger.seen(UNCOMMITTED)).toEqual([])
    expect(kept.client.acks).toHaveLength(1)
    expect(lost.client.acks).toEqual([])
  })

  test('the answer to a follower its log stays empty', () => {
    const { kept, lost } = withAndWithout('kafka.follower-fetched', produce)
    expect(replicaOf(kept, 1).log.end).toBe(1)
    expect(replicaOf(lost, 1).log.end).toBe(0)
  })

  test('the produce request nothing is appended', () => {
    const { kept, lost } = withAndWithout('kafka.produce', produce)
    expect(replicaOf(kept, 0).log.end).toBe(1)
    expect(replicaOf(lost, 0).log.end).toBe(0)
  })

  test('EndTxn a transaction stays open', () => {
    const { kept, lost } = withAndWithout('kafka.end-txn', transact)
    expect(kept.ledger.seen(COMMITTED)).toHaveLength(1)
    expect(lost.ledger.seen(COMMITTED)).toEqual([])
    expect(replicaOf(lost, 0).lastStable).toBe(0)
  })

  test('markers a decided transaction stays invisible', () => {
    const { kept, lost } = withAndWithout('kafka.write-txn-markers', transact)
    expect(kept.ledger.seen(COMMITTED)).toHaveLength(1)
    expect(lost.client.ends[0]?.answer.error).toBe('NONE')
    expect(lost.ledger.seen(COMMITTED)).toEqual([])
  })

  test('the answer to markers a transaction is never complete', () => {
    const { kept, lost } = withAndWithout('kafka.markers-written', transact)
    expect(kept.ledger.times('kafka.transaction-committed')).toHaveLength(1)
    expect(lost.ledger.times('kafka.transaction-committed')).toEqual([])
  })

  test('the registration of partitions no transactional batch is appended', () => {
    const { kept, lost } = withAndWithout('kafka.add-partitions-to-txn', transact)
    expect(replicaOf(kept, 0).log.end).toBe(2)
    expect(replicaOf(lost, 0).log.end).toBe(0)
  })

  test('InitProducerId there is no producer id', () => {
    const { kept, lost } = withAndWithout('kafka.init-producer-id', (one) => {
      runTo(one, 2)
      one.client.initProducer(one.sim, 0)
      runTo(one, 4)
    })
    expect(kept.client.ids).toHaveLength(1)
    expect(lost.client.ids).toEqual([])
  })

  test('heartbeats every broker is fenced', () => {
    const { kept, lost } = withAndWithout('kafka.broker-heartbeat', (one) => runTo(one, 20))
    expect(kept.ledger.times('kafka.broker-fenced')).toEqual([])
    expect(lost.ledger.times('kafka.broker-fenced')).toHaveLength(3)
  })

  test('the metadata log no broker learns of a new leader', () => {
    const { kept, lost } = withAndWithout('kafka.fetch-metadata', (one) => {
      runTo(one, 2)
      crash(one.sim, one.cluster.brokers[0] as Process, Infinity)
      runTo(one, 20)
    })
    expect(replicaOf(kept, 1).leaderEpoch).toBe(1)
    expect(replicaOf(lost, 1).leaderEpoch).toBe(0)
    expect(lost.ledger.times('kafka.broker-fenced')).toHaveLength(1)
  })

  test('AlterPartition a broker that is back stays out of sync', () => {
    const { kept, lost } = withAndWithout('kafka.alter-partition', (one) => {
      runTo(one, 2)
      crash(one.sim, one.cluster.brokers[0] as Process, 15 * SECOND)
      runTo(one, 30)
    })
    expect(replicaOf(kept, 1).isr).toEqual([0, 1, 2])
    expect(replicaOf(lost, 1).isr).toEqual([1, 2])
  })

  test('registration a broker that is back stays fenced', () => {
    const { kept, lost } = withAndWithout('kafka.register-broker', (one) => {
      runTo(one, 2)
      crash(one.sim, one.cluster.brokers[0] as Process, 15 * SECOND)
      runTo(one, 30)
    })
    expect(kept.ledger.times('kafka.broker-unfenced')).toHaveLength(1)
    expect(lost.ledger.times('kafka.broker-unfenced')).toEqual([])
  })
})
