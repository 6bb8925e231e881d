import { describe, expect, it } from 'vitest'
import { crash, eventKind, startUnit, type Unit } from '../../../src/kernel/index.ts'
import type { ProducerConfig, ProducerError } from '../../../models/parts/kafka/client-config.ts'
import { TransactionalProducer } from '../../../models/parts/kafka/transactional-producer.ts'
import { application, clientWorld, MS, producerDefaults, runTo, SECOND, TinyCluster } from './client-kit.ts'

const done = eventKind<Unit, (outcome: string) => void>('test.kafka-transaction', (_sim, _unit, act) => act(''))
const errors: ProducerError[] = []
const onError = eventKind<Unit, ProducerError>('test.kafka-error', (_sim, _unit, error) => void errors.push(error))

function scene(over: Partial<ProducerConfig> = {}, brokers = 2) {
  errors.length = 0
  const { sim, world, outside, facts } = clientWorld()
  const cluster = new TinyCluster(sim, brokers, 2)
  const task = application(sim, 'task')
  const make = (name: string) => new TransactionalProducer(sim, world, task, cluster.bootstrap, producerDefaults({ onError, ...over }), name)
  const producer = make('sink-1')
  const log: string[] = []
  const note = (name: string, of: TransactionalProducer) => () => void log.push(`${name} ${of.outcome} at ${Math.round(sim.now / MS)}`)
  /** Runs an operation to its end and returns its outcome. */
  const operate = (of: TransactionalProducer, act: (of: TransactionalProducer, then: () => void) => void, within = 100 * SECOND): string => {
    let outcome = 'none'
    act(of, () => { outcome = of.outcome })
    const until = sim.now + within
    while (outcome === 'none' && sim.now < until && sim.nextTime() < Infinity) runTo(sim, Math.min(until, sim.now + 10 * MS))
    return outcome
  }
  const init = (of: TransactionalProducer, id: number) => operate(of, (p, then) => p.initTransactions(sim, id, task, done, then))
  const commit = (of: TransactionalProducer, within?: number) => operate(of, (p, then) => p.commit(sim, task, done, then), within)
  const abort = (of: TransactionalProducer) => operate(of, (p, then) => p.abort(sim, task, done, then))
  return { sim, cluster, task, producer, make, outside, facts, log, note, init, commit, abort }
}

describe('a transaction', () => {
  it('initTransactions finds the coordinator and gets an identity; batches carry it and the transactional id', () => {
    const { sim, cluster, producer, init } = scene()
    expect(init(producer, 7)).toBe('ok')
    producer.begin()
    producer.send(sim, 0, 0, 0, 3, 0)
    runTo(sim, sim.now + SECOND)
    const [batch] = cluster.logs[0]!
    expect([batch?.isTransactional, batch?.producerId, batch?.producerEpoch, batch?.baseSequence]).toEqual([true, 1000, 0, 0])
  })

  it('commit waits for every batch, then ends the transaction; the answer brings the next epoch', () => {
    const { sim, cluster, producer, init, commit } = scene({ linger: 10 * SECOND })
    init(producer, 7)
    producer.begin()
    producer.send(sim, 0, 0, 0, 3, 0)
    producer.send(sim, 1, 0, 3, 3, 0)
    cluster.broker(2).delay = 80 * MS
    const start = sim.now
    expect(commit(producer)).toBe('ok')
    expect((sim.now - start) / MS).toBeGreaterThanOrEqual(80)
    expect(cluster.broker(1).ended).toEqual([{ commit: true, producerId: 1000, epoch: 0 }])
    expect(producer.producerEpoch).toBe(1)
    producer.begin()
    producer.send(sim, 0, 0, 6, 1, 0)
    runTo(sim, sim.now + 20 * SECOND)
    const last = cluster.logs[0]![1]
    expect([last?.producerEpoch, last?.baseSequence]).toEqual([1, 0])
  })

  it('a transaction without records ends without a word to the coordinator', () => {
    const { cluster, producer, init, commit } = scene()
    init(producer, 7)
    producer.begin()
    expect(commit(producer)).toBe('ok')
    expect(cluster.broker(1).ended).toEqual([])
    expect(producer.state).toBe('ready')
  })

  it('abort throws away what was not sent, with its cause, and aborts the rest', () => {
    const { sim, cluster, producer, init, abort, outside } = scene({ linger: 10 * SECOND })
    init(producer, 7)
    producer.begin()
    producer.send(sim, 0, 0, 0, 3, 0)
    expect(abort(producer)).toBe('ok')
    expect(cluster.logs[0]!.length).toBe(0)
    expect(outside.dropsBy('kafka.producer-aborted')).toBe(3)
    expect(cluster.broker(1).ended.map((one) => one.commit)).toEqual([false])
    expect(producer.accumulator.bytesInUse).toBe(0)
  })
})

describe('errors of the coordinator', () => {
  it('CONCURRENT_TRANSACTIONS is asked again until the former transaction is aborted', () => {
    const { sim, cluster, producer, init } = scene()
    cluster.broker(1).coordinatorAnswers = ['CONCURRENT_TRANSACTIONS', 'CONCURRENT_TRANSACTIONS', 'COORDINATOR_LOAD_IN_PROGRESS']
    expect(init(producer, 7)).toBe('ok')
    expect(sim.now / MS).toBeGreaterThan(0.8 * 700)
  })

  it('a transaction time-out beyond the brokers\' limit is refused for good', () => {
    const { cluster, producer, init } = scene()
    cluster.broker(1).coordinatorAnswers = ['INVALID_TRANSACTION_TIMEOUT']
    expect(init(producer, 7)).toBe('invalid-timeout')
    expect(init(producer, 7)).toBe('ok')
  })

  it.each([
    ['PRODUCER_FENCED', 'fenced'], ['INVALID_PRODUCER_EPOCH', 'fenced'], ['INVALID_TXN_STATE', 'invalid-state'],
    ['UNKNOWN_PRODUCER_ID', 'unknown-producer'],
  ] as const)('a commit that meets %s ends as %s', (error, outcome) => {
    const { sim, cluster, producer, init, commit } = scene()
    init(producer, 7)
    producer.begin()
    producer.send(sim, 0, 0, 0, 3, 0)
    runTo(sim, sim.now + SECOND)
    cluster.broker(1).coordinatorAnswers = [error]
    expect(commit(producer)).toBe(outcome)
    expect(commit(producer)).toBe(outcome)
  })

  it('a coordinator that moved is looked up again and the commit goes on there', () => {
    const { sim, cluster, producer, init, commit } = scene()
    init(producer, 7)
    producer.begin()
    producer.send(sim, 1, 0, 0, 3, 0)
    runTo(sim, sim.now + SECOND)
    crash(sim, cluster.broker(1), Infinity)
    const at = sim.now
    sim.after(3 * SECOND, sim.platform, done as never, (() => { cluster.coordinator = 2 }) as never)
    expect(commit(producer)).toBe('ok')
    expect((sim.now - at) / SECOND).toBeGreaterThan(3)
    expect((sim.now - at) / SECOND).toBeLessThan(5.5)
    expect(cluster.broker(2).ended.length).toBe(1)
  })

  it('a commit that has no answer for max.block.ms times out and may be repeated', () => {
    const { sim, cluster, producer, init, commit } = scene({ maxBlock: 2 * SECOND, requestTimeout: SECOND, deliveryTimeout: 10 * SECOND })
    init(producer, 7)
    producer.begin()
    producer.send(sim, 0, 0, 0, 3, 0)
    runTo(sim, sim.now + 500 * MS)
    cluster.broker(1).coordinatorAnswers = Array.from({ length: 30 }, () => 'CONCURRENT_TRANSACTIONS' as const)
    const at = sim.now
    expect(commit(producer)).toBe('timeout')
    expect((sim.now - at) / SECOND).toBeCloseTo(2, 1)
    cluster.broker(1).coordinatorAnswers = []
    expect(commit(producer)).toBe('ok')
  })
})

describe('two producers with one transactional id', () => {
  it('the second fences the first: its writes are refused and its owner is told once', () => {
    const { sim, producer, make, init, commit, facts } = scene()
    init(producer, 7)
    producer.begin()
    producer.send(sim, 0, 0, 0, 3, 0)
    runTo(sim, sim.now + SECOND)
    const second = make('sink-1-again')
    expect(init(second, 7)).toBe('ok')
    expect([second.producerId, second.producerEpoch]).toEqual([producer.producerId, producer.producerEpoch + 1])
    second.begin()
    second.send(sim, 0, 0, 0, 3, 0)
    runTo(sim, sim.now + SECOND)
    producer.send(sim, 0, 0, 3, 1, 0)
    producer.send(sim, 1, 0, 4, 1, 0)
    runTo(sim, sim.now + SECOND)
    expect(errors).toEqual([{ reason: 'fenced', partition: 0 }])
    expect(facts).toContain('kafka.client-fenced')
    expect(commit(producer)).toBe('broken')
    expect(commit(second)).toBe('ok')
  })

  it('after a restart a prepared transaction is taken up by its identity and committed; twice is harmless', () => {
    const { sim, cluster, task, producer, init, commit } = scene()
    init(producer, 7)
    producer.begin()
    producer.send(sim, 0, 0, 0, 3, 0)
    runTo(sim, sim.now + SECOND)
    const { producerId, producerEpoch } = producer
    crash(sim, task, 10 * MS)
    runTo(sim, sim.now + SECOND)
    startUnit(sim, producer)
    producer.resume(sim, 7, producerId, producerEpoch)
    expect(commit(producer)).toBe('ok')
    expect(cluster.broker(1).ended).toEqual([{ commit: true, producerId, epoch: producerEpoch }])
    producer.resume(sim, 7, producerId, producerEpoch)
    // The tiny broker knows no repeats: it calls the old epoch fenced, and the caller is told so.
    expect(commit(producer)).toBe('fenced')
  })
})
