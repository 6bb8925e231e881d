import { describe, expect, it } from 'vitest'
import { crash, cut, heal, startUnit } from '../../../src/kernel/index.ts'
import { SourceApplication } from '../../../models/parts/source/index.ts'
import type { ProducerConfig } from '../../../models/parts/kafka/client-config.ts'
import { PartitionQueue, QueuedBatch } from '../../../models/parts/kafka/accumulator.ts'
import {
  acknowledged, givenUp, mustHold, ProducerIdentity, raiseEpoch, resolve, sequence,
} from '../../../models/parts/kafka/idempotence.ts'
import { KafkaProducer } from '../../../models/parts/kafka/producer.ts'
import { clientWorld, MS, producerDefaults, runTo, SECOND, TinyCluster } from './client-kit.ts'

function scene(over: Partial<ProducerConfig> = {}, partitions = 1) {
  const { sim, world, outside, facts } = clientWorld()
  const cluster = new TinyCluster(sim, 1, partitions)
  const source = new SourceApplication(world, 0, sim.host('source', 'zone-a', 1.25e9))
  const producer = new KafkaProducer(sim, world, source, cluster.bootstrap, producerDefaults({ source, linger: 0, ...over }), 'source-1-producer')
  producer.open(sim)
  runTo(sim, SECOND)
  const send = (partition: number, from: number, until: number): void => {
    for (let i = from; i < until; i++) producer.send(sim, partition, 0, i, 1, 0)
    runTo(sim, sim.now + 20 * MS)
  }
  return { sim, cluster, source, producer, outside, facts, send }
}

describe('sequences', () => {
  it('run on from batch to batch, per partition, by records', () => {
    const { cluster, send } = scene({}, 2)
    send(0, 0, 3)
    send(0, 3, 8)
    send(1, 8, 9)
    send(0, 9, 10)
    const sequences = (p: number) => cluster.logs[p]!.map((batch) => batch.baseSequence)
    expect(sequences(0)).toEqual([0, 3, 8])
    expect(sequences(1)).toEqual([0])
    expect(new Set([...cluster.logs[0]!, ...cluster.logs[1]!].map((batch) => batch.producerId)).size).toBe(1)
  })

  it('a batch that was sent and given up leaves the partition unresolved; the next epoch starts at 0', () => {
    const { sim, cluster, source, outside, send, facts } = scene({ requestTimeout: 2 * SECOND, deliveryTimeout: 5 * SECOND })
    send(0, 0, 1)
    cut(sim, source.host, cluster.broker(1).host)
    send(0, 1, 2)
    runTo(sim, sim.now + 8 * SECOND)
    heal(sim, source.host, cluster.broker(1).host)
    runTo(sim, sim.now + 30 * SECOND)
    send(0, 2, 3)
    runTo(sim, sim.now + 5 * SECOND)
    expect(outside.answers.get('0:1')).toBe('unknown')
    expect(outside.answers.get('0:2')).toBe('ok')
    expect(facts).toContain('kafka.producer-epoch-bumped')
    const last = cluster.logs[0]![cluster.logs[0]!.length - 1]
    expect([last?.producerEpoch, last?.baseSequence]).toEqual([1, 0])
  })

  it('a later batch that the broker calls out of order is sent again when the earlier one is in', () => {
    const { sim, cluster, send, outside } = scene()
    send(0, 0, 1)
    cluster.broker(1).delay = 50 * MS
    cluster.broker(1).refusals = ['NOT_ENOUGH_REPLICAS']
    send(0, 1, 2)
    send(0, 2, 3)
    runTo(sim, sim.now + 3 * SECOND)
    expect(cluster.records(0)).toEqual(['0:0', '0:1', '0:2'])
    expect(outside.count('ok')).toBe(3)
    expect(cluster.copies(0).every((copy) => copy === 0)).toBe(true)
  })

  it('a restarted process gets another producer id, so its resends are not recognised', () => {
    const { sim, cluster, source, producer, send } = scene()
    send(0, 0, 2)
    crash(sim, source, 10 * MS)
    runTo(sim, sim.now + SECOND)
    startUnit(sim, producer)
    runTo(sim, sim.now + SECOND)
    send(0, 0, 2)
    runTo(sim, sim.now + SECOND)
    expect(cluster.records(0)).toEqual(['0:0', '0:1', '0:0', '0:1'])
    expect(cluster.logs[0]!.map((batch) => `${batch.producerId}:${batch.baseSequence}`)).toEqual(['1000:0', '1001:0'])
  })

  it('batches in flight at a leader change keep order and none is doubled', () => {
    const { sim, world, outside } = clientWorld()
    const cluster = new TinyCluster(sim, 2, 1)
    const source = new SourceApplication(world, 0, sim.host('source', 'zone-a', 1.25e9))
    const producer = new KafkaProducer(sim, world, source, cluster.bootstrap, producerDefaults({ source, linger: 0 }), 'p')
    producer.open(sim)
    runTo(sim, SECOND)
    let sent = 0
    for (let step = 0; step < 600; step++) {
      if (step % 3 === 0) producer.send(sim, 0, 0, sent++, 1, 0)
      if (step === 100) { cluster.broker(1).isMute = true }
      if (step === 130) { crash(sim, cluster.broker(1), 300 * MS); cluster.broker(1).isMute = false; cluster.elect(0, 2) }
      if (step === 400) cluster.elect(0, 1)
      runTo(sim, sim.now + 5 * MS)
    }
    runTo(sim, sim.now + 10 * SECOND)
    expect(cluster.records(0)).toEqual(Array.from({ length: sent }, (_, i) => `0:${i}`))
    expect(outside.count('ok')).toBe(sent)
  })
})

describe('what may be drained', () => {
  const batch = (serial: number, records = 1): QueuedBatch => {
    const one = new QueuedBatch(serial, 0, 0, 100)
    one.records = records
    return one
  }

  it('nothing new while the partition is unresolved, and from 0 under the next epoch after that', () => {
    const identity = new ProducerIdentity()
    const q = new PartitionQueue(0)
    const [first, second, third] = [batch(0, 2), batch(1, 3), batch(2)]
    expect(mustHold(identity, q, first!)).toBe(true)
    identity.set(7, 0)
    sequence(identity, q, first!)
    sequence(identity, q, second!)
    givenUp(identity, q, first!, true)
    expect(mustHold(identity, q, third!)).toBe(true)
    expect(resolve(identity, [q])).toBe(false)
    acknowledged(q, second!)
    // The last acknowledged sequence is the last one given: nothing is missing behind it, so the line goes on.
    expect(resolve(identity, [q])).toBe(false)
    expect(mustHold(identity, q, third!)).toBe(false)
    sequence(identity, q, third!)
    expect(third!.baseSequence).toBe(5)
    givenUp(identity, q, third!, true)
    expect(resolve(identity, [q])).toBe(true)
    raiseEpoch(identity)
    const fourth = batch(3)
    sequence(identity, q, fourth)
    expect([fourth.producerEpoch, fourth.baseSequence]).toEqual([1, 0])
  })

  it('of batches that were sent only the one with the lowest sequence is sent again', () => {
    const identity = new ProducerIdentity()
    identity.set(7, 0)
    const q = new PartitionQueue(0)
    const [first, second] = [batch(0), batch(1)]
    sequence(identity, q, first!)
    sequence(identity, q, second!)
    expect([mustHold(identity, q, second!), mustHold(identity, q, first!)]).toEqual([true, false])
    acknowledged(q, first!)
    expect(mustHold(identity, q, second!)).toBe(false)
  })

  it('a new identity waits until nothing of the old one is on its way', () => {
    const identity = new ProducerIdentity()
    identity.set(7, 0)
    const q = new PartitionQueue(0)
    const [first, second] = [batch(0), batch(1)]
    sequence(identity, q, first!)
    identity.set(7, 1)
    expect(mustHold(identity, q, second!)).toBe(true)
    acknowledged(q, first!)
    expect(mustHold(identity, q, second!)).toBe(false)
  })
})
