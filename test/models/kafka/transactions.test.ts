import { describe, expect, test } from 'vitest'
import { crash, pause, type Process } from '../../../src/kernel/index.ts'
import { READ_COMMITTED } from '../../../models/parts/kafka/protocol.ts'
import { COMMITTED, lab, MS, replicaOf, runTo, SECOND, UNCOMMITTED, type Lab, type LabOptions } from './broker-kit.ts'

interface Producer { id: number; epoch: number; sequence: number[] }

/** A cluster of two partitions with one initialised transactional producer (transactional id 0). */
function started(options: LabOptions = {}): { one: Lab; producer: Producer } {
  const one = lab({ partitions: 2, ...options })
  runTo(one, 1)
  one.client.initProducer(one.sim, 0)
  runTo(one, 2)
  const id = one.client.ids[0]
  expect(id).toMatchObject({ error: 'NONE', producerEpoch: 0 })
  return { one, producer: { id: id?.producerId ?? -1, epoch: 0, sequence: [0, 0] } }
}

function write(one: Lab, producer: Producer, partition: number, acks = -1): void {
  const sequence = producer.sequence[partition] ?? 0
  const batch = one.client.batch(partition, 1, { id: producer.id, epoch: producer.epoch, sequence, transactional: true })
  producer.sequence[partition] = sequence + 1
  one.client.produce(one.sim, [batch], acks, { transactionalId: 0 })
}

function later(one: Lab, seconds: number): void {
  runTo(one, one.sim.now / SECOND + seconds)
}

function end(one: Lab, producer: Producer, commit: boolean): void {
  one.client.endTransaction(one.sim, 0, producer.id, producer.epoch, commit)
}

describe('a transaction', () => {
  test('committed: read_committed sees it when the marker is replicated, read_uncommitted before', () => {
    const { one, producer } = started()
    write(one, producer, 0)
    write(one, producer, 1)
    later(one, 1)
    expect(one.client.acks.map((ack) => ack.error)).toEqual(['NONE', 'NONE'])
    expect(one.ledger.seen(UNCOMMITTED).sort()).toEqual(['0:0', '0:1'])
    expect(one.ledger.seen(COMMITTED)).toEqual([])
    end(one, producer, true)
    later(one, 1)
    expect(one.client.ends[0]?.answer).toMatchObject({ error: 'NONE', producerEpoch: 1 })
    expect(one.ledger.seen(COMMITTED).sort()).toEqual(['0:0', '0:1'])
    for (const partition of [0, 1]) expect(replicaOf(one, partition, partition).log.end).toBe(2)
    const prepared = one.ledger.times('kafka.transaction-prepared')[0] as number
    const committed = one.ledger.times('kafka.transaction-committed')[0] as number
    const shown = one.ledger.shown.find((s) => s.view === COMMITTED)?.at ?? 0
    expect(prepared).toBeLessThan(shown)
    expect(shown).toBeLessThan(committed)
    // The client hears of the decision, not of the markers.
    expect(one.client.ends[0]?.at).toBeLessThan(committed)
  })

  test('aborted: read_committed never sees it, the ledger hears why, and the reader is told the range', () => {
    const { one, producer } = started()
    write(one, producer, 0)
    later(one, 1)
    end(one, producer, false)
    later(one, 1)
    expect(one.ledger.seen(COMMITTED)).toEqual([])
    expect(one.ledger.drops).toMatchObject([{ record: '0:0', cause: 'kafka.transaction-aborted' }])
    one.client.fetch(one.sim, 0, [0, 0, -1], READ_COMMITTED)
    later(one, 1)
    const fetched = one.client.fetched[0]?.answer.partitions[0]
    expect(fetched?.aborted).toEqual([producer.id, 0])
    expect(fetched?.batches).toHaveLength(2)
  })

  test('open: the last stable offset stays at its first record, and holds back what others wrote behind it', () => {
    const { one, producer } = started()
    write(one, producer, 0)
    later(one, 1)
    for (let i = 0; i < 3; i++) one.client.produce(one.sim, [one.client.batch(0)], -1)
    later(one, 5)
    expect(replicaOf(one, 0).highWatermark).toBe(4)
    expect(replicaOf(one, 0).lastStable).toBe(0)
    expect(one.ledger.seen(COMMITTED)).toEqual([])
    end(one, producer, true)
    later(one, 1)
    expect(one.ledger.seen(COMMITTED)).toEqual(['0:0', '0:1', '0:2', '0:3'])
  })

  test('the next transaction goes on with the epoch of the answer, and sequences from 0', () => {
    const { one, producer } = started()
    for (let round = 0; round < 3; round++) {
      write(one, producer, 0)
      later(one, 0.5)
      end(one, producer, true)
      later(one, 0.5)
      producer.epoch = one.client.ends.at(-1)?.answer.producerEpoch ?? -1
      producer.sequence = [0, 0]
    }
    expect(producer.epoch).toBe(3)
    expect(one.ledger.seen(COMMITTED)).toEqual(['0:0', '0:1', '0:2'])
  })

  test('one that was left open is aborted after its time-out, at the next look every 10 s', () => {
    const one = lab({ partitions: 2 })
    one.client.initProducer(one.sim, 0, 15 * SECOND)
    runTo(one, 1)
    const producer = { id: one.client.ids[0]?.producerId ?? -1, epoch: 0, sequence: [0, 0] }
    write(one, producer, 0)
    runTo(one, 40)
    const aborted = one.ledger.times('kafka.transaction-timed-out')
    expect(aborted).toHaveLength(1)
    expect((aborted[0] as number) / SECOND).toBeGreaterThan(16)
    expect((aborted[0] as number) / SECOND).toBeLessThan(26.1)
    end(one, producer, true)
    write(one, producer, 0)
    later(one, 1)
    expect(one.client.ends[0]?.answer.error).toBe('INVALID_TXN_STATE')
    expect(one.client.acks.at(-1)?.error).toBe('INVALID_PRODUCER_EPOCH')
    expect(one.ledger.seen(COMMITTED)).toEqual([])
  })

  test('a new producer of the same id aborts the open one first, and the old one is fenced', () => {
    const { one, producer } = started()
    write(one, producer, 0)
    later(one, 1)
    one.client.initProducer(one.sim, 0)
    later(one, 1)
    expect(one.client.ids[1]?.error).toBe('CONCURRENT_TRANSACTIONS')
    one.client.initProducer(one.sim, 0)
    later(one, 1)
    expect(one.client.ids[2]).toMatchObject({ error: 'NONE', producerId: producer.id, producerEpoch: 2 })
    write(one, producer, 0)
    end(one, producer, true)
    later(one, 1)
    expect(one.client.acks.at(-1)?.error).toBe('INVALID_PRODUCER_EPOCH')
    expect(one.client.ends[0]?.answer.error).toBe('PRODUCER_FENCED')
    expect(one.ledger.times('kafka.producer-fenced').length).toBeGreaterThan(0)
    expect(one.ledger.seen(COMMITTED)).toEqual([])
  })

  test('a repeated commit whose answer was lost succeeds again', () => {
    const { one, producer } = started()
    write(one, producer, 0)
    later(one, 1)
    end(one, producer, true)
    later(one, 1)
    end(one, producer, true)
    later(one, 1)
    expect(one.client.ends.map((answer) => answer.answer)).toMatchObject([
      { error: 'NONE', producerEpoch: 1 }, { error: 'NONE', producerEpoch: 1 },
    ])
    expect(one.ledger.seen(COMMITTED)).toEqual(['0:0'])
  })

  test('a time-out above the broker\'s limit is refused', () => {
    const one = lab()
    one.client.initProducer(one.sim, 0, 3600 * SECOND)
    runTo(one, 1)
    expect(one.client.ids[0]?.error).toBe('INVALID_TRANSACTION_TIMEOUT')
  })

  test('only the coordinator answers', () => {
    const one = lab()
    runTo(one, 1)
    one.client.initProducer(one.sim, 0, 60 * SECOND, (one.client.coordinator(0) + 1) % 3)
    runTo(one, 2)
    expect(one.client.ids[0]?.error).toBe('NOT_COORDINATOR')
  })
})

describe('the coordinator dies', () => {
  test('after the decision: its successor reads the log and writes the markers', () => {
    const { one, producer } = started()
    write(one, producer, 1)
    later(one, 1)
    const coordinator = one.client.coordinator(0)
    expect(coordinator).toBe(0)
    end(one, producer, true)
    while (one.ledger.times('kafka.transaction-prepared').length === 0) runTo(one, one.sim.now / SECOND + 0.0001)
    crash(one.sim, one.cluster.brokers[0] as Process, Infinity)
    expect(one.ledger.seen(COMMITTED)).toEqual([])
    later(one, 15)
    expect(one.ledger.seen(COMMITTED)).toEqual(['0:0'])
    expect(one.ledger.times('kafka.coordinator-loaded').length).toBeGreaterThan(0)
    expect(one.ledger.times('kafka.transaction-committed')).toHaveLength(1)
  })

  test('before the decision: its successor knows the transaction as open and can commit it', () => {
    const { one, producer } = started()
    write(one, producer, 1)
    later(one, 1)
    crash(one.sim, one.cluster.brokers[0] as Process, Infinity)
    later(one, 15)
    end(one, producer, true)
    later(one, 2)
    expect(one.client.ends[0]?.answer).toMatchObject({ error: 'NONE', producerEpoch: 1 })
    expect(one.ledger.seen(COMMITTED)).toEqual(['0:0'])
  })

  test('a partition leader dies: its marker goes to the successor', () => {
    const { one, producer } = started()
    write(one, producer, 1)
    later(one, 1)
    crash(one.sim, one.cluster.brokers[1] as Process, Infinity)
    end(one, producer, true)
    later(one, 20)
    expect(one.ledger.seen(COMMITTED)).toEqual(['0:0'])
    expect(replicaOf(one, 2, 1).lastStable).toBe(2)
  })

  test('while the state log lacks replicas, nothing is decided', () => {
    const { one, producer } = started()
    write(one, producer, 0)
    later(one, 1)
    crash(one.sim, one.cluster.brokers[1] as Process, Infinity)
    crash(one.sim, one.cluster.brokers[2] as Process, Infinity)
    later(one, 15)
    end(one, producer, true)
    later(one, 2)
    expect(one.client.ends[0]?.answer.error).toBe('COORDINATOR_NOT_AVAILABLE')
    expect(one.ledger.times('kafka.transaction-prepared')).toEqual([])
  })

  test('the last stable offset waits for the marker\'s replicas', () => {
    const { one, producer } = started({ knobs: { 'broker.session.timeout.ms': '600000' } })
    write(one, producer, 1)
    later(one, 1)
    const leader = replicaOf(one, 1, 1)
    end(one, producer, true)
    while (leader.log.end < 2) runTo(one, one.sim.now / SECOND + 0.00002)
    pause(one.sim, one.cluster.brokers[2] as Process)
    later(one, 5)
    expect(leader.log.end).toBe(2)
    expect(leader.highWatermark).toBe(1)
    expect(leader.lastStable).toBe(0)
    expect(one.ledger.seen(COMMITTED)).toEqual([])
    later(one, 50)
    expect(one.ledger.seen(COMMITTED)).toEqual(['0:0'])
  })
})

test('a coordinator that is asked during its load says so', () => {
  const { one, producer } = started({ knobs: { 'coordinator.load': '900ms' } })
  write(one, producer, 1)
  later(one, 1)
  crash(one.sim, one.cluster.brokers[0] as Process, Infinity)
  while (one.client.coordinator(0) < 0) later(one, 0.001)
  later(one, 0.1)
  end(one, producer, true)
  later(one, 0.2)
  expect(one.client.ends[0]?.answer.error).toBe('COORDINATOR_LOAD_IN_PROGRESS')
  later(one, 700 * MS / SECOND + 0.3)
  end(one, producer, true)
  later(one, 1)
  expect(one.ledger.seen(COMMITTED)).toEqual(['0:0'])
})
