/**
 * How it goes about it: one producer, three tiny brokers with one common log (so that no broker loses anything), and a
 * storm of refusals, swallowed answers, crashes, cuts and elections for ten seconds; then calm until all is settled.
 * Whatever the order of events was, what the client may promise under its settings must hold.
 */
import { describe, expect, it } from 'vitest'
import { crash, cut, heal, Stream, type Sim } from '../../../src/kernel/index.ts'
import { forEachSlice } from '../../../src/contract/slice.ts'
import { SourceApplication } from '../../../models/parts/source/index.ts'
import type { ProducerConfig } from '../../../models/parts/kafka/client-config.ts'
import { KafkaProducer } from '../../../models/parts/kafka/producer.ts'
import { clientWorld, MS, producerDefaults, runTo, SECOND, TinyCluster, type TinyBroker } from './client-kit.ts'

const partitions = 4

function storm(seed: string, over: Partial<ProducerConfig>, sliceMax: number) {
  const { sim, world, outside } = clientWorld(seed)
  const cluster = new TinyCluster(sim, 3, partitions)
  cluster.isStrict = true
  const source = new SourceApplication(world, 0, sim.host('source', 'zone-a', 1.25e9))
  const producer = new KafkaProducer(sim, world, source, cluster.bootstrap, producerDefaults({ source, ...over }), 'p')
  const dice = new Stream(`storm-${seed}`)
  const heals: (() => void)[] = []
  const sentTo: string[][] = [[], [], [], []]
  let n = 0
  for (let step = 0; step < 2500; step++) {
    const count = 1 + dice.below(sliceMax)
    const partition = dice.below(partitions)
    producer.send(sim, partition, 0, n, count, 0)
    for (let i = 0; i < count; i++) sentTo[partition]!.push(`0:${n++}`)
    if (step % 40 === 0) strike(sim, cluster, source, dice, heals)
    runTo(sim, sim.now + 2 * MS)
    // Conservation: every record has an answer, or the client holds it; after a give-up the wire may hold it too.
    if (step % 500 === 0) expect(new Set([...held(producer), ...outside.answers.keys()]).size).toBe(n)
  }
  for (const broker of cluster.brokers) broker.refusals = []
  for (const undo of heals.splice(0)) undo()
  runTo(sim, sim.now + 300 * SECOND)
  return { sim, cluster, producer, outside, sentTo, n }
}

function strike(sim: Sim, cluster: TinyCluster, source: SourceApplication, dice: Stream, heals: (() => void)[]): void {
  const broker = cluster.broker(1 + dice.below(3))
  switch (dice.below(7)) {
    case 0: broker.refusals.push('NOT_ENOUGH_REPLICAS', 'NONE', 'NOT_ENOUGH_REPLICAS'); break
    case 1: mute(sim, broker); break
    case 2: crash(sim, broker, (50 + dice.below(400)) * MS); break
    case 3: cluster.elect(dice.below(partitions), 1 + dice.below(3)); break
    case 4: cutFor(sim, source, broker, dice, heals); break
    case 5: broker.delay = dice.below(30) * MS; break
    default: broker.refusals.push('REQUEST_TIMED_OUT')
  }
}

/** Appends without answering, until a crash ends the connection. */
function mute(sim: Sim, broker: TinyBroker): void {
  broker.isMute = true
  crash(sim, broker, 150 * MS)
  broker.isMute = false
}

/** Ends the last cut, if there is one, and makes another. */
function cutFor(sim: Sim, source: SourceApplication, broker: TinyBroker, dice: Stream, heals: (() => void)[]): void {
  for (const undo of heals.splice(0)) undo()
  const isOneWay = dice.below(2) === 0
  cut(sim, source.host, broker.host)
  if (!isOneWay) cut(sim, broker.host, source.host)
  heals.push(() => {
    heal(sim, source.host, broker.host)
    if (!isOneWay) heal(sim, broker.host, source.host)
  })
}

function held(producer: KafkaProducer): Set<string> {
  const found = new Set<string>()
  producer.holdings((lane, first, count) => { for (let i = 0; i < count; i++) found.add(`${lane}:${first + i}`) })
  return found
}

const seeds = Array.from({ length: 4 }, (_, i) => `storm-${i}`)
const quick = { linger: 5 * MS, requestTimeout: 2 * SECOND, deliveryTimeout: 120 * SECOND }

describe.each([1, 5])('after a storm, slices of up to %d', (sliceMax) => {
  it.each(seeds)('an idempotent producer has written every record once, in order, and knows it: %s', (seed) => {
    const { cluster, producer, outside, sentTo, n } = storm(seed, quick, sliceMax)
    for (let p = 0; p < partitions; p++) expect(cluster.records(p)).toEqual(sentTo[p])
    // A leader that changed twice may have more than the five batches out that a broker remembers: unknown, but there.
    expect(outside.count('ok') + outside.count('unknown')).toBe(n)
    expect(outside.count('unknown')).toBeLessThan(n / 100)
    expect([producer.accumulator.bytesInUse, producer.accumulator.incomplete, producer.accumulator.retrying]).toEqual([0, 0, 0])
  })

  it.each(seeds)('without idempotence every record is there, and each repeat is a copy of its own: %s', (seed) => {
    const { cluster, producer, outside, n } = storm(seed, { ...quick, idempotent: false, acks: 1 }, sliceMax)
    const seen = new Set<string>()
    let repeats = 0
    for (let p = 0; p < partitions; p++) {
      for (const batch of cluster.logs[p]!) {
        forEachSlice(batch.slices, (lane, first, count, copy) => {
          for (let i = 0; i < count; i++) {
            const name = `${lane}:${first + i}/${copy}`
            expect(seen.has(name)).toBe(false)
            seen.add(name)
            if (copy > 0) repeats++
          }
        })
      }
    }
    expect(new Set([...seen].map((name) => name.split('/')[0])).size).toBe(n)
    expect(repeats).toBeGreaterThan(0)
    expect(outside.count('ok')).toBe(n)
    expect(producer.accumulator.bytesInUse).toBe(0)
  })

  it.each(seeds)('with a short delivery time-out each record is answered once: ok is in the log, failed is not: %s', (seed) => {
    const { cluster, producer, outside, n } = storm(seed, { ...quick, requestTimeout: 300 * MS, deliveryTimeout: 400 * MS }, sliceMax)
    const there = new Set<string>()
    for (let p = 0; p < partitions; p++) for (const record of cluster.records(p)) there.add(record)
    expect(outside.answers.size).toBe(n)
    for (const [record, answer] of outside.answers) {
      if (answer === 'ok') expect(there.has(record)).toBe(true)
      if (answer === 'failed') expect(there.has(record)).toBe(false)
    }
    expect(outside.count('unknown') + outside.count('failed')).toBe(outside.drops.length)
    expect(outside.dropsBy('kafka.delivery-timeout') + outside.dropsBy('kafka.produce-rejected')).toBe(outside.drops.length)
    expect(outside.count('ok')).toBeGreaterThan(n / 10)
    for (let p = 0; p < partitions; p++) expect(new Set(cluster.records(p)).size).toBe(cluster.records(p).length)
    expect(producer.accumulator.bytesInUse).toBe(0)
    expect(producer.identity?.unresolved).toBe(0)
  })
})
