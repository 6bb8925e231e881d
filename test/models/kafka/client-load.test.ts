import { describe, expect, it } from 'vitest'
import { Process, Timer, eventKind, type Sim } from '../../../src/kernel/index.ts'
import { KafkaProducer } from '../../../models/parts/kafka/producer.ts'
import { application, clientWorld, MS, producerDefaults, runTo, SECOND, TinyCluster } from './client-kit.ts'

/** Hands one record to its producer every `gap`, to partitions in turn, starting at its own moment. */
class Feeder extends Process {
  producer: KafkaProducer | null = null
  gap = 0
  sent = 0
  readonly timer = new Timer<Feeder, null>(this, feed, null)
}
const feed = eventKind<Feeder, null>('test.kafka-feed', (sim: Sim, feeder) => {
  const n = feeder.sent++
  feeder.producer?.send(sim, (n * 7) % 12, 0, n, 1, 0)
  feeder.timer.set(sim, sim.now + feeder.gap)
})

/** `count` producers that share 10 000 records a second; events per simulated second beside the feeders' own. */
function eventsPerSecond(count: number, linger: number): { events: number; requests: number; records: number } {
  const { sim, world } = clientWorld()
  const cluster = new TinyCluster(sim, 3, 12)
  for (let i = 0; i < count; i++) {
    const feeder = new Feeder(sim, `feeder-${i}`, application(sim, `host-${i}`).host)
    feeder.gap = (count * SECOND) / 10_000
    feeder.producer = new KafkaProducer(sim, world, feeder, cluster.bootstrap, producerDefaults({ linger }), `producer-${i}`)
    feeder.timer.set(sim, Math.round((i * feeder.gap) / count))
  }
  runTo(sim, SECOND)
  const before = sim.events
  const requests = () => cluster.brokers.reduce((sum, broker) => sum + broker.produced.length, 0)
  const requestsBefore = requests()
  runTo(sim, 3 * SECOND)
  return {
    events: (sim.events - before) / 2 - 10_000, requests: (requests() - requestsBefore) / 2,
    records: cluster.logs.reduce((sum, log) => sum + log.reduce((n, batch) => n + batch.records, 0), 0),
  }
}

describe('cost', () => {
  it.each([[4, 5 * MS], [12, 5 * MS], [12, 20 * MS]])('events follow requests, not records: %d producers, linger %d ns', (count, linger) => {
    const { events, requests, records } = eventsPerSecond(count, linger)
    expect(records).toBeGreaterThan(29_000)
    // A message is two events (it arrives, it is handled); a tiny broker answers by one more.
    expect(events / requests).toBeLessThan(7)
    // A broker hears of a producer once per linger.ms at most.
    expect(requests).toBeLessThan((count * 3 * SECOND) / linger)
  })
})
