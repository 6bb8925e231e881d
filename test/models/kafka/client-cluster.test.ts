/** The clients against the real brokers: what a user of both would see. */
import { describe, expect, it } from 'vitest'
import { copyGraph, crash, cut, eventKind, heal, Process, type Sim, type Unit } from '../../../src/kernel/index.ts'
import type { World } from '../../../src/contract/architecture.ts'
import { forEachSlice } from '../../../src/contract/slice.ts'
import { KnobSettings } from '../../../src/run/settings.ts'
import {
  brokerKnobs, KafkaCluster, KafkaConsumer, KafkaProducer, KafkaSourceClient, KeyPartitioner, READ_COMMITTED, requestHoldings,
  TransactionalProducer, type ProducerConfig,
} from '../../../models/parts/kafka/index.ts'
import { SourceApplication } from '../../../models/parts/source/index.ts'
import { clientWorld, consumerDefaults, MS, producerDefaults, runTo, SECOND, type Recorder } from './client-kit.ts'

const PARTITIONS = 6

/** Reads everything that it is told of and remembers names with copies, per partition. */
class Reader extends Process {
  consumer: KafkaConsumer | null = null
  readonly got: string[][] = []
  readonly copies: number[] = []
  readonly times: number[] = []
}
const onData = eventKind<Unit, null>('test.cluster-data', (sim, unit) => {
  const reader = unit as Reader
  for (;;) {
    const chunk = reader.consumer?.next(sim, 500) ?? null
    if (chunk === null) return
    let at = 0
    forEachSlice(chunk.batch.slices, (lane, first, count, copy) => {
      for (let i = 0; i < count; i++, at++) {
        if (at < chunk.fromRecord || at >= chunk.toRecord) continue
        reader.got[chunk.partition]!.push(`${lane}:${first + i}`)
        if (copy > 0) reader.copies.push(copy)
        reader.times.push(sim.now)
      }
    })
  }
})

interface Scene { sim: Sim; world: World; outside: Recorder; cluster: KafkaCluster; readers: Reader[]; source: SourceApplication; producer: KafkaProducer }

function scene(over: Partial<ProducerConfig> = {}, knobs: Record<string, string> = {}, seed = 'cluster'): Scene {
  const { sim, world: bare, outside } = clientWorld(seed)
  const settings = new KnobSettings(brokerKnobs)
  for (const key of Object.keys({ 'min.insync.replicas': '2', ...knobs })) expect(settings.set(key, { 'min.insync.replicas': '2', ...knobs }[key] as string)).toBeNull()
  const world = { ...bare, settings }
  const cluster = new KafkaCluster(world, {
    brokers: 3, zones: ['a', 'b', 'c'], topics: [{ name: 'in', partitions: PARTITIONS, replicationFactor: 3, sink: null }],
  })
  const bootstrap = cluster.bootstrap()
  const source = new SourceApplication(world, 0, sim.host('source', 'a', 1.25e9))
  const producer = new KafkaProducer(sim, world, source, bootstrap, producerDefaults({ source, ...over }), 'source-1-producer')
  source.client = new KafkaSourceClient(world, producer, KeyPartitioner.of(world.births, cluster.topic('in').firstPartition, PARTITIONS))
  const readers = [0, READ_COMMITTED].map((isolation) => {
    const reader = new Reader(sim, `reader-${isolation}`, sim.host(`reader-${isolation}`, 'b', 1.25e9))
    reader.consumer = new KafkaConsumer(sim, reader, bootstrap, consumerDefaults({ onData, isolation }), `${reader.name}-consumer`)
    for (let p = 0; p < PARTITIONS; p++) reader.got.push([])
    reader.consumer.assign(sim, Array.from({ length: PARTITIONS }, (_, p) => [p, 0]).flat())
    return reader
  })
  return { sim, world, outside, cluster, readers, source, producer }
}

const all = (reader: Reader): string[] => reader.got.flat()
const isRising = (names: string[]): boolean => names.every((name, i) => i === 0 || Number(name.slice(2)) > Number((names[i - 1] as string).slice(2)))
const broker = (s: Scene, number: number): Process => s.cluster.brokers[number] as Process

describe('without faults', () => {
  it('every record is acknowledged, read once and in order by both readers, within a few milliseconds', () => {
    const s = scene()
    s.source.listen(s.sim)
    runTo(s.sim, 5 * SECOND)
    const born = s.world.births.born(0)
    expect(born).toBeGreaterThan(4500)
    for (const reader of s.readers) {
      expect(new Set(all(reader)).size).toBe(all(reader).length)
      expect(all(reader).length).toBeGreaterThan(born - 40)
      for (const partition of reader.got) expect(isRising(partition)).toBe(true)
    }
    expect(s.outside.count('ok')).toBeGreaterThan(born - 40)
    s.cluster.audit()
  })
})

describe('a broker dies', () => {
  it('acks=all and idempotence: all are acknowledged in the end, each is read once and in order', () => {
    const s = scene()
    s.source.listen(s.sim)
    runTo(s.sim, 4 * SECOND)
    crash(s.sim, broker(s, 0), 20 * SECOND)
    runTo(s.sim, 6 * SECOND)
    const held = new Set<string>()
    s.producer.holdings((lane, first, count) => { for (let i = 0; i < count; i++) held.add(`${lane}:${first + i}`) })
    expect(held.size).toBeGreaterThan(500)
    expect(held.size + s.outside.answers.size).toBe(s.world.births.born(0))
    runTo(s.sim, 40 * SECOND)
    const born = s.world.births.born(0)
    for (const reader of s.readers) {
      expect(new Set(all(reader)).size).toBe(all(reader).length)
      expect(all(reader).length).toBeGreaterThan(born - 40)
      for (const partition of reader.got) expect(isRising(partition)).toBe(true)
    }
    expect(s.outside.count('ok')).toBeGreaterThan(born - 40)
    expect(s.outside.drops).toEqual([])
    // Detection counts from the last heartbeat: nothing was readable for 7.6 to 10.5 s.
    const gaps = s.readers[0]!.times.map((at, i, times) => at - (times[i - 1] ?? at))
    expect(Math.max(...gaps) / SECOND).toBeGreaterThan(7)
    expect(Math.max(...gaps) / SECOND).toBeLessThan(11)
    s.cluster.audit()
  })
})

describe('an answer is lost in a cut', () => {
  it.each([[false, 1], [true, -1]] as const)('idempotence %s, acks %d', (idempotent, acks) => {
    const s = scene({ idempotent, acks, requestTimeout: 2 * SECOND })
    s.source.listen(s.sim)
    runTo(s.sim, 3 * SECOND)
    for (const one of s.cluster.brokers) cut(s.sim, one.host, s.source.host)
    runTo(s.sim, 3.5 * SECOND)
    runTo(s.sim, 5.5 * SECOND)
    for (const one of s.cluster.brokers) heal(s.sim, one.host, s.source.host)
    runTo(s.sim, 30 * SECOND)
    const names = all(s.readers[0]!)
    const repeats = names.length - new Set(names).size
    if (idempotent) expect([repeats, s.readers[0]!.copies.length]).toEqual([0, 0])
    else expect([repeats > 0, s.readers[0]!.copies.length]).toEqual([true, repeats])
    expect(new Set(names).size).toBeGreaterThan(s.world.births.born(0) - 40)
    expect(s.outside.count('ok')).toBeGreaterThan(s.world.births.born(0) - 40)
  })
})

describe('transactions', () => {
  const done = eventKind<Unit, (outcome: string) => void>('test.cluster-transaction', (_sim, _unit, act) => act(''))

  /** A writer in its own process, with its operations run to their end. */
  function writer(s: Scene, name: string, over: Partial<ProducerConfig> = {}) {
    const task = new Process(s.sim, name, s.sim.host(name, 'c', 1.25e9))
    const producer = new TransactionalProducer(s.sim, s.world, task, s.cluster.bootstrap(), producerDefaults(over), `${name}-producer`)
    const operate = (act: (then: () => void) => void): string => {
      let outcome = 'none'
      act(() => { outcome = producer.outcome })
      const until = s.sim.now + 100 * SECOND
      while (outcome === 'none' && s.sim.now < until) runTo(s.sim, s.sim.now + MS)
      return outcome
    }
    return {
      task, producer,
      init: (id: number) => operate((then) => producer.initTransactions(s.sim, id, task, done, then)),
      commit: () => operate((then) => producer.commit(s.sim, task, done, then)),
      abort: () => operate((then) => producer.abort(s.sim, task, done, then)),
      write: (partition: number, from: number, count: number) => producer.send(s.sim, partition, 0, from, count, 0),
    }
  }

  it('committed records become readable after EndTxn; aborted ones never; uncommitted readers see both', () => {
    const s = scene()
    const w = writer(s, 'task')
    expect(w.init(3)).toBe('ok')
    w.producer.begin()
    w.write(0, 0, 5)
    w.write(1, 5, 5)
    runTo(s.sim, s.sim.now + SECOND)
    expect([all(s.readers[0]!).length, all(s.readers[1]!).length]).toEqual([10, 0])
    expect(w.commit()).toBe('ok')
    runTo(s.sim, s.sim.now + SECOND)
    expect(all(s.readers[1]!).length).toBe(10)
    w.producer.begin()
    w.write(0, 10, 5)
    runTo(s.sim, s.sim.now + SECOND)
    expect(w.abort()).toBe('ok')
    w.producer.begin()
    w.write(0, 20, 2)
    expect(w.commit()).toBe('ok')
    runTo(s.sim, s.sim.now + SECOND)
    expect(s.readers[0]!.got[0]!.length).toBe(12)
    expect(s.readers[1]!.got[0]).toEqual(['0:0', '0:1', '0:2', '0:3', '0:4', '0:20', '0:21'])
    s.cluster.audit()
  })

  it('a second producer with the id aborts what the first left open and fences it', () => {
    const s = scene()
    const first = writer(s, 'first')
    const second = writer(s, 'second')
    first.init(3)
    first.producer.begin()
    first.write(0, 0, 5)
    runTo(s.sim, s.sim.now + SECOND)
    expect(second.init(3)).toBe('ok')
    expect(second.producer.producerEpoch).toBeGreaterThan(first.producer.producerEpoch)
    expect(['fenced', 'invalid-state']).toContain(first.commit())
    second.producer.begin()
    second.write(0, 0, 5)
    expect(second.commit()).toBe('ok')
    runTo(s.sim, s.sim.now + SECOND)
    expect(s.readers[0]!.got[0]!.length).toBe(10)
    expect(s.readers[1]!.got[0]!.length).toBe(5)
  })

  it('a prepared transaction survives its process: taken up by identity it is committed, and again without harm', () => {
    const s = scene()
    const first = writer(s, 'first')
    first.init(3)
    first.producer.begin()
    first.write(0, 0, 5)
    runTo(s.sim, s.sim.now + SECOND)
    const { producerId, producerEpoch } = first.producer
    crash(s.sim, first.task, Infinity)
    const second = writer(s, 'second')
    second.producer.resume(s.sim, 3, producerId, producerEpoch)
    expect(second.commit()).toBe('ok')
    second.producer.resume(s.sim, 3, producerId, producerEpoch)
    expect(second.commit()).toBe('ok')
    runTo(s.sim, s.sim.now + SECOND)
    expect(s.readers[1]!.got[0]!.length).toBe(5)
  })

  it('what the coordinator aborted by time-out can not be committed any more', () => {
    const s = scene()
    const w = writer(s, 'task', { transactionTimeout: 5 * SECOND })
    w.init(3)
    w.producer.begin()
    w.write(0, 0, 5)
    runTo(s.sim, s.sim.now + 20 * SECOND)
    expect(['invalid-state', 'fenced']).toContain(w.commit())
    expect(all(s.readers[1]!).length).toBe(0)
  })

  it('Flink\'s default time-out of one hour is refused by a default broker', () => {
    const s = scene()
    expect(writer(s, 'task', { transactionTimeout: 3600 * SECOND }).init(3)).toBe('invalid-timeout')
  })

  it('a commit outlives the death of its coordinator', () => {
    const s = scene()
    const w = writer(s, 'task')
    w.init(3)
    w.producer.begin()
    w.write(0, 0, 5)
    runTo(s.sim, s.sim.now + SECOND)
    const coordinator = s.cluster.leaderOf(s.cluster.transactionPartition(3))
    crash(s.sim, broker(s, coordinator), Infinity)
    const at = s.sim.now
    expect(w.commit()).toBe('ok')
    expect((s.sim.now - at) / SECOND).toBeGreaterThan(6)
    expect((s.sim.now - at) / SECOND).toBeLessThan(13)
    runTo(s.sim, s.sim.now + 5 * SECOND)
    expect(s.readers[1]!.got[0]!.length).toBe(5)
  })
})

describe('what will still arrive', () => {
  /** Names that the producer, the wire or a broker's queue holds. */
  const held = (s: Scene): Set<string> => {
    const found = new Set<string>()
    const visit = (lane: number, first: number, count: number): void => { for (let i = 0; i < count; i++) found.add(`${lane}:${first + i}`) }
    s.producer.holdings(visit)
    requestHoldings(s.cluster, visit)
    return found
  }

  it('bytes on the wire outlive their process: a cut delays them, and until then they are held', () => {
    const s = scene({ acks: 1, idempotent: false })
    s.source.listen(s.sim)
    runTo(s.sim, 2 * SECOND)
    for (const one of s.cluster.brokers) cut(s.sim, s.source.host, one.host)
    runTo(s.sim, s.sim.now + 20 * MS)
    crash(s.sim, s.source, Infinity)
    const onWire = held(s)
    expect(onWire.size).toBeGreaterThan(0)
    const before = new Set(all(s.readers[0]!))
    for (const name of onWire) expect(before.has(name)).toBe(false)
    runTo(s.sim, s.sim.now + 2 * SECOND)
    for (const one of s.cluster.brokers) heal(s.sim, s.source.host, one.host)
    runTo(s.sim, s.sim.now + 20 * SECOND)
    const after = new Set(all(s.readers[0]!))
    for (const name of onWire) expect(after.has(name)).toBe(true)
    expect(held(s).size).toBe(0)
  })

  it('what a broker has received from a dead client and not appended is held until it is appended', () => {
    const s = scene({ linger: 0 })
    s.source.listen(s.sim)
    runTo(s.sim, 2 * SECOND)
    // With two brokers gone acks=all parks the first request, and those behind it wait unread in the channel.
    crash(s.sim, broker(s, 1), 15 * SECOND)
    crash(s.sim, broker(s, 2), 15 * SECOND)
    runTo(s.sim, s.sim.now + SECOND)
    crash(s.sim, s.source, Infinity)
    runTo(s.sim, s.sim.now + SECOND)
    const known = held(s)
    expect(known.size).toBeGreaterThan(0)
    for (let p = 0; p < PARTITIONS; p++) {
      for (const one of s.cluster.brokers) {
        one.replica(p)?.log.forEachBatch(0, (batch) => forEachSlice(batch.slices, (lane, first, count) => {
          for (let i = 0; i < count; i++) known.add(`${lane}:${first + i}`)
        }))
      }
    }
    runTo(s.sim, s.sim.now + 60 * SECOND)
    expect(held(s).size).toBe(0)
    // Appended later, or refused for lack of replicas: nothing appears that no log and no queue held.
    expect(all(s.readers[0]!).filter((name) => !known.has(name))).toEqual([])
  })
})

describe('laws of a run', () => {
  it.each([6.1, 13.3])('a copy of everything taken at %d s, mid-fault, goes on to the same digest', (at) => {
    const run = (until: number, from?: Scene): Scene => {
      const s = from ?? scene()
      const steps: readonly (readonly [number, () => void])[] = [
        [0, () => s.source.listen(s.sim)],
        [4 * SECOND, () => crash(s.sim, broker(s, 0), 20 * SECOND)],
        [6 * SECOND, () => cut(s.sim, broker(s, 1).host, s.source.host)],
        [13 * SECOND, () => heal(s.sim, broker(s, 1).host, s.source.host)],
      ]
      for (const [when, act] of steps) {
        if (when < s.sim.now || when > until || (when === 0 && from !== undefined)) continue
        s.sim.run(when, false, 1e9)
        act()
      }
      s.sim.run(until, true, 1e9)
      return s
    }
    const whole = run(30 * SECOND)
    const early = run(at * SECOND)
    early.sim.facts = null
    const copy = copyGraph(early)
    run(28 * SECOND, early)
    run(30 * SECOND, copy)
    expect(copy.sim.digest.text()).toBe(whole.sim.digest.text())
    expect(copy.outside.answers.size).toBe(whole.outside.answers.size)
  })

  it('a run of several seeds is free of unanswered records when sources stop', () => {
    for (const seed of ['a', 'b', 'c']) {
      const s = scene({ linger: 10 * MS }, {}, seed)
      for (let i = 0; i < 400; i++) {
        s.producer.send(s.sim, i % PARTITIONS, 0, i * 25, 25, 0)
        if (i === 200) crash(s.sim, broker(s, i % 3), 3 * SECOND)
        runTo(s.sim, s.sim.now + 5 * MS)
      }
      runTo(s.sim, s.sim.now + 60 * SECOND)
      expect(s.outside.count('ok')).toBe(10_000)
      expect(new Set(all(s.readers[1]!)).size).toBe(10_000)
      expect(all(s.readers[1]!).length).toBe(10_000)
      expect(s.producer.accumulator.bytesInUse).toBe(0)
    }
  })
})
