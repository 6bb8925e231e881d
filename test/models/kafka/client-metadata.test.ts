import { describe, expect, it } from 'vitest'
import { crash } from '../../../src/kernel/index.ts'
import { KafkaProducer } from '../../../models/parts/kafka/producer.ts'
import type { MetadataAnswer } from '../../../models/parts/kafka/protocol.ts'
import { application, clientWorld, MS, producerDefaults, runTo, SECOND, TinyCluster } from './client-kit.ts'

function scene() {
  const { sim, world, facts } = clientWorld()
  const cluster = new TinyCluster(sim, 3, 3)
  const owner = application(sim)
  const producer = new KafkaProducer(sim, world, owner, cluster.bootstrap, producerDefaults({ linger: 0 }), 'p')
  return { sim, cluster, producer, facts }
}

describe('what a client believes of leaders', () => {
  it('is asked of any broker at the start', () => {
    const { sim, producer } = scene()
    producer.open(sim)
    runTo(sim, 10 * MS)
    expect([...producer.metadata.leaders]).toEqual([1, 2, 3])
  })

  it('an answer or a hint with an older leader epoch changes nothing', () => {
    const { sim, producer } = scene()
    producer.open(sim)
    runTo(sim, 10 * MS)
    expect(producer.metadata.hint(0, 2, 4)).toBe(true)
    expect(producer.metadata.hint(0, 1, 3)).toBe(false)
    expect(producer.metadata.hint(0, 3, 4)).toBe(false)
    const stale = { leaders: Int32Array.of(1, 1, 1), epochs: Int32Array.of(3, 1, 0), aliveBrokers: [] } as unknown as MetadataAnswer
    producer.metadata.update(sim, producer, stale)
    expect([...producer.metadata.leaders]).toEqual([2, 1, 1])
    expect([...producer.metadata.epochs]).toEqual([4, 1, 0])
  })

  it('a dead broker is not waited for: another one is asked, and connections are tried with a growing pause', () => {
    const { sim, cluster, producer } = scene()
    crash(sim, cluster.broker(1), Infinity)
    crash(sim, cluster.broker(2), Infinity)
    producer.open(sim)
    runTo(sim, 3 * SECOND)
    expect(producer.metadata.isKnown).toBe(true)
    for (let i = 0; i < 200; i++) {
      producer.send(sim, 0, 0, i, 1, 0)
      runTo(sim, sim.now + 50 * MS)
    }
    const link = producer.linkTo(1)
    // 50 ms doubling to 1 s: about a dozen attempts in ten seconds, not two hundred.
    expect(link?.failures).toBeGreaterThan(10)
    expect(link?.failures).toBeLessThan(18)
  })

  it('while a leader is missing it is asked again about once a second, and found', () => {
    const { sim, cluster, producer } = scene()
    producer.open(sim)
    runTo(sim, SECOND)
    crash(sim, cluster.broker(1), Infinity)
    producer.send(sim, 0, 0, 0, 1, 0)
    runTo(sim, 9 * SECOND)
    const before = sim.events
    runTo(sim, 10 * SECOND)
    expect(sim.events - before).toBeLessThan(40)
    cluster.elect(0, 2)
    runTo(sim, 12 * SECOND)
    expect(cluster.records(0)).toEqual(['0:0'])
  })
})
