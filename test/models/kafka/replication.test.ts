import { describe, expect, test } from 'vitest'
import { pause, slow, type Process } from '../../../src/kernel/index.ts'
import { READ_UNCOMMITTED } from '../../../models/parts/kafka/protocol.ts'
import { Client, lab, MS, replicaOf, runTo, SECOND, UNCOMMITTED } from './broker-kit.ts'

describe('produce and replicate', () => {
  test('acks=all is answered when every in-sync replica has the record, acks=1 before', () => {
    const all = lab()
    runTo(all, 1)
    all.client.produce(all.sim, [all.client.batch(0)], -1)
    runTo(all, 2)
    const one = lab()
    runTo(one, 1)
    one.client.produce(one.sim, [one.client.batch(0)], 1)
    runTo(one, 2)
    expect(all.client.acks).toMatchObject([{ error: 'NONE', offset: 0 }])
    expect(one.client.acks).toMatchObject([{ error: 'NONE', offset: 0 }])
    const gain = (all.client.acks[0]?.at ?? 0) - (one.client.acks[0]?.at ?? 0)
    // One way to the follower, its append, and its next fetch back: about one round trip between zones.
    expect(gain).toBeGreaterThan(0.5 * MS)
    expect(gain).toBeLessThan(3 * MS)
    for (const broker of [0, 1, 2]) expect(replicaOf(all, broker).log.end).toBe(1)
  })

  test('the high watermark is the least log end of the in-sync replicas, and readers see nothing above it', () => {
    const one = lab()
    runTo(one, 1)
    pause(one.sim, one.cluster.brokers[1] as never)
    one.client.produce(one.sim, [one.client.batch(0, 3)], 1)
    one.client.fetch(one.sim, 0, [0, 0, -1], READ_UNCOMMITTED)
    runTo(one, 3)
    expect(one.client.acks).toHaveLength(1)
    expect(replicaOf(one, 0).log.end).toBe(3)
    expect(replicaOf(one, 2).log.end).toBe(3)
    expect(replicaOf(one, 0).highWatermark).toBe(0)
    expect(one.ledger.seen(UNCOMMITTED)).toEqual([])
    expect(one.client.fetched.flatMap((one) => one.answer.partitions.flatMap((p) => p.batches))).toEqual([])
  })

  test('a record becomes visible when the high watermark passes it, to readers as to the ledger', () => {
    const one = lab()
    runTo(one, 1)
    one.client.fetch(one.sim, 0, [0, 0, -1], READ_UNCOMMITTED, { wait: 5 * SECOND })
    runTo(one, 1.1)
    one.client.produce(one.sim, [one.client.batch(0, 2)], -1)
    runTo(one, 2)
    expect(one.ledger.seen(UNCOMMITTED)).toEqual(['0:0', '0:1'])
    const shownAt = one.ledger.shown[0]?.at ?? 0
    const read = one.client.fetched[0]
    expect(read?.answer.partitions[0]?.batches[0]?.slices).toEqual([0, 0, 2, 0])
    expect((read?.at ?? 0) - shownAt).toBeGreaterThan(0)
    expect((read?.at ?? 0) - shownAt).toBeLessThan(2 * MS)
  })

  test('a fetch that finds nothing is answered empty after its wait', () => {
    const one = lab()
    runTo(one, 1)
    one.client.fetch(one.sim, 0, [0, 0, -1], READ_UNCOMMITTED, { wait: 300 * MS })
    runTo(one, 2)
    expect(one.client.fetched).toHaveLength(1)
    expect((one.client.fetched[0]?.at ?? 0) - 1 * SECOND).toBeGreaterThan(300 * MS)
    expect((one.client.fetched[0]?.at ?? 0) - 1 * SECOND).toBeLessThan(304 * MS)
  })

  test('a broker that does not lead refuses and names the leader', () => {
    const one = lab()
    runTo(one, 1)
    one.client.produce(one.sim, [one.client.batch(0)], -1, { to: 2 })
    runTo(one, 2)
    expect(one.client.acks).toMatchObject([{ error: 'NOT_LEADER_OR_FOLLOWER', leader: 0 }])
    expect(replicaOf(one, 2).log.end).toBe(0)
  })

  test('metadata names the leader and the epoch of every partition', () => {
    const one = lab({ partitions: 3 })
    one.client.askMetadata(one.sim, 1)
    runTo(one, 1)
    expect([...(one.client.metadata?.leaders ?? [])].slice(0, 3)).toEqual([0, 1, 2])
    expect(one.client.metadata?.aliveBrokers).toEqual([0, 1, 2])
  })

  test('requests of one connection are served one at a time: a parked acks=all holds back the next', () => {
    const one = lab()
    runTo(one, 1)
    pause(one.sim, one.cluster.brokers[1] as never)
    one.client.produce(one.sim, [one.client.batch(0)], -1, { timeout: 500 * MS })
    one.client.produce(one.sim, [one.client.batch(0)], 1)
    runTo(one, 1.4)
    expect(replicaOf(one, 0).log.end).toBe(1)
    expect(one.client.acks).toEqual([])
    runTo(one, 2)
    expect(one.client.acks).toMatchObject([{ record: 0, error: 'REQUEST_TIMED_OUT' }, { record: 1, error: 'NONE' }])
    expect(replicaOf(one, 0).log.end).toBe(2)
  })

  test('a position beyond the log is out of range', () => {
    const one = lab()
    runTo(one, 1)
    one.client.fetch(one.sim, 0, [0, 50, -1], READ_UNCOMMITTED)
    runTo(one, 2)
    expect(one.client.fetched[0]?.answer.partitions).toMatchObject([{ error: 'OFFSET_OUT_OF_RANGE' }])
  })

  test('fetch.min.bytes holds an answer back until enough lies below the bound', () => {
    const one = lab()
    runTo(one, 1)
    one.client.fetch(one.sim, 0, [0, 0, -1], READ_UNCOMMITTED, { minBytes: 600, wait: 5 * SECOND })
    one.client.produce(one.sim, [one.client.batch(0)], 1)
    runTo(one, 1.5)
    expect(one.client.fetched).toEqual([])
    one.client.produce(one.sim, [one.client.batch(0, 2)], 1)
    runTo(one, 2)
    expect(one.client.fetched[0]?.answer.partitions[0]?.batches).toHaveLength(2)
  })

  test('a slow broker answers later, and a slow follower holds acks=all back', () => {
    const latency = (broker: number, factor: number): number => {
      const one = lab()
      runTo(one, 1)
      slow(one.sim, one.cluster.brokers[broker] as Process, factor)
      one.client.produce(one.sim, [one.client.batch(0)], -1)
      runTo(one, 3)
      return (one.client.acks[0]?.at ?? 0) - 1 * SECOND
    }
    expect(latency(0, 100) - latency(0, 1)).toBeGreaterThan(9 * MS)
    expect(latency(1, 100) - latency(1, 1)).toBeGreaterThan(4 * MS)
  })

  test('more requests than threads wait for a thread', () => {
    const one = lab({ knobs: { 'num.io.threads': '1', 'broker.produce.service': '10ms' } })
    runTo(one, 1)
    const clients = [1, 2, 3, 4].map((n) => new Client(one.sim, one.cluster, 'a', `client-${n}`))
    for (const client of clients) client.link(one.sim, 0)
    runTo(one, 1.5)
    for (const client of clients) client.produce(one.sim, [client.batch(0)], 1)
    runTo(one, 2)
    const times = clients.map((client) => client.acks[0]?.at ?? 0).sort((a, b) => a - b)
    // The thread takes up the first at once; each further one waits for those before it.
    expect((times[3] as number) - (times[0] as number)).toBeGreaterThan(35 * MS)
    expect((times[3] as number) - (times[0] as number)).toBeLessThan(45 * MS)
  })
})
