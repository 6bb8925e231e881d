/** What was sent with acks=0 and not appended yet is held as long as it may be, and its loss has a cause. */
import { expect, test } from 'vitest'
import { losePower, pause, resume, type Process, type Sim } from '../../../src/kernel/index.ts'
import { KnobSettings } from '../../../src/run/settings.ts'
import { brokerKnobs, KafkaCluster, KafkaProducer, logHoldings, requestHoldings } from '../../../models/parts/kafka/index.ts'
import { SourceApplication } from '../../../models/parts/source/index.ts'
import { clientWorld, MS, producerDefaults, runTo, SECOND, type Recorder } from './client-kit.ts'

interface Scene { sim: Sim; cluster: KafkaCluster; source: SourceApplication; producer: KafkaProducer; outside: Recorder; leader: Process }

/** A producer that has been connected to the leader of partition 0 for long. */
function scene(): Scene {
  const { sim, world: bare, outside } = clientWorld('acks0')
  const world = { ...bare, settings: new KnobSettings(brokerKnobs) }
  const cluster = new KafkaCluster(world, {
    brokers: 3, zones: ['a', 'b', 'c'], topics: [{ name: 'in', partitions: 1, replicationFactor: 3, sink: null }],
  })
  const source = new SourceApplication(world, 0, sim.host('source', 'a', 1.25e9))
  const config = producerDefaults({ source, acks: 0, idempotent: false, linger: 0 })
  const producer = new KafkaProducer(sim, world, source, cluster.bootstrap(), config, 'source-1-producer')
  producer.open(sim)
  const made = { sim, cluster, source, producer, outside, leader: cluster.brokers[cluster.leaderOf(0)] as Process }
  send(made, 0, 1)
  runTo(sim, 2 * SECOND)
  return made
}

function send(s: Scene, from: number, until: number): void {
  for (let i = from; i < until; i++) s.producer.send(s.sim, 0, 0, i, 1, 0)
}

function held(s: Scene): string[] {
  const names = new Set<string>()
  const visit = (lane: number, first: number, count: number): void => { for (let i = first; i < first + count; i++) names.add(`${lane}:${i}`) }
  s.producer.holdings(visit)
  requestHoldings(s.cluster, visit)
  logHoldings(s.cluster, 0, 1, visit)
  return [...names].sort()
}

const dropped = (s: Scene): string[] => s.outside.drops.map((one) => `${one.cause} ${one.record}`)

test('what came to a frozen broker is held, and appended when it runs on', () => {
  const s = scene()
  pause(s.sim, s.leader)
  send(s, 1, 3)
  runTo(s.sim, s.sim.now + 100 * MS)
  expect(held(s)).toEqual(['0:1', '0:2'])
  resume(s.sim, s.leader)
  runTo(s.sim, s.sim.now + 100 * MS)
  expect(held(s)).toEqual(['0:1', '0:2'])
  expect(dropped(s)).toEqual([])
})

test('what came to a frozen broker is lost when its host dies, once', () => {
  const s = scene()
  pause(s.sim, s.leader)
  send(s, 1, 3)
  runTo(s.sim, s.sim.now + 100 * MS)
  losePower(s.sim, s.leader.host, 5 * SECOND, 'power-loss')
  // The one before lies in logs of which any may lead next.
  expect(held(s)).toEqual(['0:0'])
  runTo(s.sim, s.sim.now + 60 * SECOND)
  expect(dropped(s)).toEqual(['kafka.acks0-lost 0:1', 'kafka.acks0-lost 0:2'])
})

test('what is written to a host that died in silence is lost at once', () => {
  const s = scene()
  losePower(s.sim, s.leader.host, 5 * SECOND, 'power-loss')
  send(s, 1, 3)
  runTo(s.sim, s.sim.now + MS)
  expect(held(s)).toEqual(['0:0'])
  expect(dropped(s)).toEqual(['kafka.acks0-lost 0:1', 'kafka.acks0-lost 0:2'])
  runTo(s.sim, s.sim.now + 60 * SECOND)
  expect(dropped(s).length).toBe(2)
})
