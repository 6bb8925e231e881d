import { describe, expect, it } from 'vitest'
import { crash, cut, eventKind, heal, losePower, type Sim } from '../../../src/kernel/index.ts'
import { SourceApplication } from '../../../models/parts/source/index.ts'
import type { ProducerConfig } from '../../../models/parts/kafka/client-config.ts'
import { KafkaProducer } from '../../../models/parts/kafka/producer.ts'
import { clientWorld, MS, producerDefaults, runTo, SECOND, TinyCluster, type Recorder } from './client-kit.ts'

const flushed = eventKind<SourceApplication, () => void>('test.kafka-flushed', (_sim, _source, act) => act())

interface Scene {
  sim: Sim
  cluster: TinyCluster
  source: SourceApplication
  producer: KafkaProducer
  outside: Recorder
  facts: string[]
  /** Hands records from..until of lane 0 to a partition. */
  send: (partition: number, from: number, until: number) => void
  sizes: () => number[]
}

/** One broker for each of the first partitions, unless said; the producer is connected and the time is 1 s. */
function scene(over: Partial<ProducerConfig> = {}, brokers = 2, partitions = 4): Scene {
  const { sim, world, outside, facts } = clientWorld()
  const cluster = new TinyCluster(sim, brokers, partitions)
  const source = new SourceApplication(world, 0, sim.host('source', 'zone-a', 1.25e9))
  const producer = new KafkaProducer(sim, world, source, cluster.bootstrap, producerDefaults({ source, ...over }), 'source-1-producer')
  producer.open(sim)
  runTo(sim, SECOND)
  return {
    sim, cluster, source, producer, outside, facts,
    send: (partition, from, until) => { for (let i = from; i < until; i++) producer.send(sim, partition, 0, i, 1, 0) },
    sizes: () => cluster.brokers.flatMap((broker) => broker.produced.map((one) => one.batches.reduce((sum, b) => sum + b.records, 0))),
  }
}

const range = (from: number, until: number): string[] => Array.from({ length: until - from }, (_, i) => `0:${from + i}`)

describe('when a batch goes out', () => {
  it('a batch goes out when the record that opened it is linger.ms old', () => {
    const { sim, cluster, send } = scene({ linger: 5 * MS })
    send(0, 0, 1)
    runTo(sim, SECOND + 100 * MS)
    const [first] = cluster.broker(1).produced.slice(-1)
    // The first send connects to the leader; the second shows the bare linger and half a round trip.
    expect(first?.batches[0]?.records).toBe(1)
    const start = sim.now
    send(0, 1, 2)
    runTo(sim, sim.now + 3 * MS)
    send(0, 2, 3)
    runTo(sim, sim.now + 100 * MS)
    const last = cluster.broker(1).produced[cluster.broker(1).produced.length - 1]
    expect(last?.batches[0]?.records).toBe(2)
    expect(Math.round(((last?.at ?? 0) - start) / MS * 100) / 100).toBeCloseTo(5.25, 1)
  })

  it('a full batch goes out without waiting for linger.ms', () => {
    const { sim, cluster, send } = scene({ linger: SECOND, batchBytes: 16384, recordBytes: 500 })
    send(0, 0, 33)
    runTo(sim, SECOND + 200 * MS)
    // (16384 - 61) / 508 = 32.1: the 33rd record closes the batch before it.
    expect(cluster.records(0)).toEqual(range(0, 32))
    runTo(sim, 3 * SECOND)
    expect(cluster.records(0)).toEqual(range(0, 33))
  })

  it('a ready partition flushes the others that the same broker leads, and no other', () => {
    const { sim, cluster, send } = scene({ linger: SECOND })
    send(0, 0, 33)
    send(2, 100, 101)
    send(1, 200, 201)
    runTo(sim, SECOND + 200 * MS)
    expect(cluster.records(2)).toEqual(['0:100'])
    expect(cluster.records(1)).toEqual([])
  })

  it('with linger.ms=0 what is handed over at one instant travels together', () => {
    const { sim, send, sizes } = scene({ linger: 0 })
    send(0, 0, 3)
    send(2, 3, 5)
    runTo(sim, 2 * SECOND)
    expect(sizes()).toEqual([5])
  })

  it('a request carries at most max.request.size bytes, but at least one batch', () => {
    const { sim, send, cluster } = scene({ linger: 0, maxRequestBytes: 1000 }, 1, 3)
    send(0, 0, 1)
    send(1, 1, 2)
    send(2, 2, 3)
    runTo(sim, 2 * SECOND)
    expect(cluster.broker(1).produced.map((one) => one.batches.length)).toEqual([1, 1, 1])
  })

  it('at most max.in.flight.requests.per.connection requests are unanswered per broker', () => {
    const { sim, send, cluster } = scene({ linger: 0, maxInFlight: 2, acks: 1, idempotent: false })
    cluster.broker(1).isMute = true
    for (let i = 0; i < 6; i++) {
      send(0, i, i + 1)
      runTo(sim, sim.now + 10 * MS)
    }
    expect(cluster.broker(1).produced.length).toBe(2)
  })

  it('a slice of many records is cut at batch.size and gives the same batches as single records', () => {
    const one = scene({ linger: 5 * MS })
    one.send(0, 0, 100)
    runTo(one.sim, 2 * SECOND)
    const many = scene({ linger: 5 * MS })
    many.producer.send(many.sim, 0, 0, 0, 100, 0)
    runTo(many.sim, 2 * SECOND)
    expect(many.cluster.records(0)).toEqual(one.cluster.records(0))
    expect(many.sizes()).toEqual(one.sizes())
    expect(many.sizes()).toEqual([32, 32, 32, 4])
    expect([...many.outside.answers]).toEqual([...one.outside.answers])
  })
})

describe('answers', () => {
  it('ok is told when the broker has answered, not before', () => {
    const { sim, cluster, send, outside } = scene()
    cluster.broker(1).delay = 50 * MS
    send(0, 0, 10)
    runTo(sim, SECOND + 40 * MS)
    expect(cluster.records(0).length).toBe(10)
    expect(outside.answers.size).toBe(0)
    runTo(sim, 2 * SECOND)
    expect(outside.count('ok')).toBe(10)
  })

  it('acks=0 answers none when the batch is written', () => {
    const { sim, cluster, send, outside } = scene({ acks: 0, idempotent: false })
    cluster.broker(1).isMute = true
    send(0, 0, 10)
    runTo(sim, SECOND + 20 * MS)
    expect(outside.count('none')).toBe(10)
    expect(cluster.records(0).length).toBe(10)
  })

  it('acks=0 on a connection whose broker is gone is lost, unnoticed, with its cause', () => {
    const { sim, cluster, send, outside, facts } = scene({ acks: 0, idempotent: false, linger: 0 })
    send(0, 0, 1)
    runTo(sim, sim.now + 100 * MS)
    crash(sim, cluster.broker(1), Infinity)
    // The reset is still on its way when these are written.
    send(0, 1, 4)
    runTo(sim, 5 * SECOND)
    expect(outside.count('none')).toBe(4)
    expect(outside.count('failed') + outside.count('unknown')).toBe(0)
    expect(cluster.records(0)).toEqual(['0:0'])
    expect(outside.drops.map((one) => `${one.cause} ${one.record}`)).toEqual(
      ['kafka.acks0-lost 0:1', 'kafka.acks0-lost 0:2', 'kafka.acks0-lost 0:3'])
    expect(facts).toContain('kafka.acks0-lost')
  })
})

describe('retries', () => {
  it('a retriable error sends the batch again after 100 ms doubling to 1 s, give or take 20 %', () => {
    const { sim, cluster, send, outside } = scene({ linger: 0 })
    cluster.broker(1).refusals = Array.from({ length: 6 }, () => 'NOT_ENOUGH_REPLICAS' as const)
    send(0, 0, 1)
    runTo(sim, 20 * SECOND)
    const times = cluster.broker(1).produced.map((one) => one.at)
    const gaps = times.slice(1).map((at, i) => (at - (times[i] as number)) / MS)
    const ideal = [100, 200, 400, 800, 1000, 1000]
    expect(gaps.length).toBe(6)
    gaps.forEach((gap, i) => {
      expect(gap).toBeGreaterThanOrEqual(0.8 * (ideal[i] as number))
      expect(gap).toBeLessThanOrEqual(1.2 * (ideal[i] as number) + 1)
    })
    expect(outside.count('ok')).toBe(1)
    expect(cluster.copies(0)).toEqual([0])
  })

  it('a new leader is used at once: the refusal names it, and back-off is skipped', () => {
    const { sim, cluster, send } = scene({ linger: 0 })
    send(0, 0, 1)
    runTo(sim, sim.now + 100 * MS)
    cluster.elect(0, 2)
    send(0, 1, 2)
    runTo(sim, sim.now + 20 * MS)
    expect(cluster.records(0)).toEqual(range(0, 2))
  })

  it('without idempotence a lost answer makes a duplicate, as a new copy', () => {
    const { sim, cluster, send, outside } = scene({ linger: 0, acks: 1, idempotent: false, requestTimeout: SECOND, deliveryTimeout: 20 * SECOND })
    cluster.broker(1).isMute = true
    send(0, 0, 3)
    runTo(sim, sim.now + 500 * MS)
    cluster.broker(1).isMute = false
    runTo(sim, 10 * SECOND)
    expect(cluster.records(0)).toEqual([...range(0, 3), ...range(0, 3)])
    expect(cluster.copies(0)).toEqual([0, 1])
    expect(outside.count('ok')).toBe(3)
  })

  it('with idempotence the broker knows the sequence of a resend and appends it once', () => {
    const { sim, cluster, send, outside } = scene({ linger: 0, requestTimeout: SECOND, deliveryTimeout: 20 * SECOND })
    cluster.broker(1).isMute = true
    send(0, 0, 3)
    runTo(sim, sim.now + 500 * MS)
    cluster.broker(1).isMute = false
    runTo(sim, 10 * SECOND)
    expect(cluster.records(0)).toEqual(range(0, 3))
    expect(cluster.broker(1).produced.length).toBe(2)
    expect(cluster.broker(1).produced[1]?.batches[0]?.baseSequence).toBe(0)
    expect(outside.count('ok')).toBe(3)
  })

  it('one copy id is minted per round of retries and parent, not per batch', () => {
    const { sim, cluster, send } = scene({ linger: 0, acks: 1, idempotent: false, requestTimeout: SECOND }, 1, 4)
    cluster.broker(1).isMute = true
    for (let p = 0; p < 4; p++) send(p, p * 10, p * 10 + 3)
    runTo(sim, sim.now + 500 * MS)
    cluster.broker(1).isMute = false
    runTo(sim, 10 * SECOND)
    expect(new Set([0, 1, 2, 3].flatMap((p) => cluster.copies(p)))).toEqual(new Set([0, 1]))
  })

  it('without idempotence a failed batch falls behind a later one of its partition', () => {
    const { sim, cluster, send } = scene({ linger: 0, acks: 1, idempotent: false })
    cluster.broker(1).delay = 20 * MS
    cluster.broker(1).refusals = ['NOT_ENOUGH_REPLICAS']
    send(0, 0, 1)
    runTo(sim, sim.now + 5 * MS)
    send(0, 1, 2)
    runTo(sim, 5 * SECOND)
    expect(cluster.records(0)).toEqual(['0:1', '0:0'])
  })

  it('with max.in.flight=1 nothing of the partition overtakes a failed batch', () => {
    const { sim, cluster, send } = scene({ linger: 0, acks: 1, idempotent: false, maxInFlight: 1 })
    cluster.broker(1).delay = 20 * MS
    cluster.broker(1).refusals = ['NOT_ENOUGH_REPLICAS']
    send(0, 0, 1)
    runTo(sim, sim.now + 5 * MS)
    send(0, 1, 2)
    runTo(sim, 5 * SECOND)
    expect(cluster.records(0)).toEqual(['0:0', '0:1'])
  })

  it('with max.in.flight=1 a partition whose leader moved waits for the answer of the old one', () => {
    const { sim, cluster, producer, send } = scene({ linger: 0, acks: 1, idempotent: false, maxInFlight: 1 })
    cluster.broker(1).delay = 100 * MS
    send(0, 0, 1)
    send(1, 10, 11)
    runTo(sim, sim.now + 10 * MS)
    cluster.elect(0, 2)
    expect(producer.metadata.hint(0, 2, 1)).toBe(true)
    send(0, 1, 2)
    runTo(sim, sim.now + 50 * MS)
    expect(cluster.records(0)).toEqual(['0:0'])
    runTo(sim, sim.now + 100 * MS)
    expect(cluster.records(0)).toEqual(['0:0', '0:1'])
  })

  it('with idempotence the order holds with five in flight, one at a time while it is being repaired', () => {
    const { sim, cluster, send, outside } = scene({ linger: 0 })
    // A broker that does not know the producer yet takes any first sequence.
    send(0, 100, 101)
    runTo(sim, sim.now + 100 * MS)
    cluster.broker(1).delay = 20 * MS
    cluster.broker(1).refusals = ['NOT_ENOUGH_REPLICAS']
    for (let i = 0; i < 4; i++) {
      send(0, i, i + 1)
      runTo(sim, sim.now + 5 * MS)
    }
    runTo(sim, 5 * SECOND)
    expect(cluster.records(0)).toEqual(['0:100', ...range(0, 4)])
    expect(outside.count('ok')).toBe(5)
    const firstResend = cluster.broker(1).produced.slice(5)
    expect(firstResend.length).toBeGreaterThanOrEqual(4)
    for (let i = 1; i < firstResend.length; i++) {
      expect((firstResend[i] as { at: number }).at - (firstResend[i - 1] as { at: number }).at).toBeGreaterThanOrEqual(20 * MS)
    }
  })
})

describe('silence', () => {
  it('a cut is noticed only after request.timeout.ms; a reset at once', () => {
    const { sim, cluster, source, send, facts } = scene({ linger: 0 })
    send(0, 0, 1)
    runTo(sim, sim.now + 100 * MS)
    const cutAt = sim.now
    cut(sim, source.host, cluster.broker(1).host)
    cut(sim, cluster.broker(1).host, source.host)
    send(0, 1, 2)
    runTo(sim, cutAt + 29 * SECOND)
    expect(facts).not.toContain('kafka.client-timed-out')
    runTo(sim, cutAt + 31 * SECOND)
    expect(facts).toContain('kafka.client-timed-out')
    heal(sim, source.host, cluster.broker(1).host)
    heal(sim, cluster.broker(1).host, source.host)
    runTo(sim, cutAt + 90 * SECOND)
    expect(cluster.records(0)).toEqual(range(0, 2))
    const after = scene({ linger: 0 })
    after.send(0, 0, 1)
    runTo(after.sim, after.sim.now + 100 * MS)
    after.cluster.broker(1).isMute = true
    after.send(0, 1, 2)
    runTo(after.sim, after.sim.now + 10 * MS)
    crash(after.sim, after.cluster.broker(1), 50 * MS)
    after.cluster.broker(1).isMute = false
    runTo(after.sim, after.sim.now + 2 * SECOND)
    expect(after.outside.count('ok')).toBe(2)
  })

  it('delivery.timeout.ms: unknown for what had been sent, failed for what had not, and memory comes back', () => {
    const { sim, cluster, source, send, outside, producer } = scene({
      linger: 0, requestTimeout: 2 * SECOND, deliveryTimeout: 5 * SECOND,
    })
    send(0, 0, 1)
    runTo(sim, sim.now + 100 * MS)
    cut(sim, source.host, cluster.broker(1).host)
    send(0, 1, 2)
    runTo(sim, sim.now + 3 * SECOND)
    send(0, 2, 4)
    runTo(sim, 30 * SECOND)
    expect(outside.answers.get('0:1')).toBe('unknown')
    expect(outside.answers.get('0:2')).toBe('failed')
    expect(outside.answers.get('0:3')).toBe('failed')
    expect(outside.dropsBy('kafka.delivery-timeout')).toBe(3)
    expect(producer.accumulator.bytesInUse).toBe(0)
    expect(producer.accumulator.incomplete).toBe(0)
  })
})

describe('memory', () => {
  it('32 MiB hold 3.3 s of 10 000 x 1 KB a second; what comes later waits max.block.ms and is refused', () => {
    const { sim, cluster, outside, producer } = scene({ recordBytes: 1000, maxBlock: 2 * SECOND, deliveryTimeout: 600 * SECOND }, 1, 1)
    losePower(sim, cluster.broker(1).host, Infinity, 'power-loss')
    const start = sim.now
    let blockedAt = -1
    for (let i = 0; i < 60_000; i++) {
      runTo(sim, start + i * 0.1 * MS)
      producer.send(sim, 0, 0, i, 1, 0)
      if (blockedAt < 0 && producer.isBlocked) blockedAt = sim.now - start
    }
    expect(blockedAt / SECOND).toBeGreaterThan(3.2)
    expect(blockedAt / SECOND).toBeLessThan(3.4)
    // Refused are those that had waited 2 s by now.
    const held = outside.count('failed') + outside.count('ok')
    expect(held).toBe(outside.dropsBy('kafka.buffer-exhausted'))
    expect(Math.abs(held - (6 - 2 - blockedAt / SECOND) * 10_000)).toBeLessThan(20)
  })

  it('a blocked record is admitted in order when an answer frees memory', () => {
    const { sim, cluster, producer, send, outside } = scene({ linger: 0, bufferBytes: 16384 * 2, recordBytes: 8000 }, 1, 1)
    cluster.broker(1).delay = 50 * MS
    send(0, 0, 12)
    expect(producer.isBlocked).toBe(true)
    runTo(sim, 5 * SECOND)
    expect(producer.isBlocked).toBe(false)
    expect(cluster.records(0)).toEqual(range(0, 12))
    expect(outside.count('ok')).toBe(12)
  })
})

describe('death and holdings', () => {
  it('the process takes what it holds with it: no answer, and a cause', () => {
    const { sim, source, send, outside, producer } = scene({ linger: SECOND })
    send(0, 0, 7)
    const held: string[] = []
    producer.holdings((lane, first, count) => { for (let i = 0; i < count; i++) held.push(`${lane}:${first + i}`) })
    expect(held).toEqual(range(0, 7))
    crash(sim, source, Infinity)
    expect(outside.count('none')).toBe(7)
    expect(outside.dropsBy('kafka.producer-memory')).toBe(7)
    producer.holdings(() => { throw new Error('a dead client holds nothing') })
  })

  it('flush: nothing lingers, and the waiter is told when all before it is answered', () => {
    const { sim, cluster, send, producer, source } = scene({ linger: 10 * SECOND })
    send(0, 0, 5)
    send(1, 5, 8)
    cluster.broker(2).delay = 30 * MS
    let doneAt = -1
    producer.flush(sim, source, flushed, () => { doneAt = sim.now })
    const start = sim.now
    runTo(sim, start + 20 * MS)
    expect(doneAt).toBe(-1)
    runTo(sim, start + 100 * MS)
    expect((doneAt - start) / MS).toBeGreaterThan(30)
    expect((doneAt - start) / MS).toBeLessThan(33)
  })
})
