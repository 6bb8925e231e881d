import { describe, expect, test } from 'vitest'
import { crash, cut, losePower, pause, resume, type Process } from '../../../src/kernel/index.ts'
import { READ_UNCOMMITTED } from '../../../models/parts/kafka/protocol.ts'
import { LEADER } from '../../../models/parts/kafka/replica.ts'
import { COMMITTED, lab, MS, replicaOf, runTo, runWith, SECOND, UNCOMMITTED, type Lab } from './broker-kit.ts'

function broker(one: Lab, number: number): Process {
  return one.cluster.brokers[number] as Process
}

const seeds = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']

describe('a broker dies', () => {
  test('it is fenced 7 to 10.2 s later and a follower leads at once', () => {
    const delays: number[] = []
    for (const seed of seeds) {
      const one = lab({ seed })
      runTo(one, 20)
      crash(one.sim, broker(one, 0), Infinity)
      runTo(one, 32)
      const fenced = one.ledger.times('kafka.broker-fenced')
      expect(fenced).toHaveLength(1)
      delays.push((fenced[0] as number) / SECOND - 20)
      const led = one.ledger.times('kafka.leader-elected', 20 * SECOND)
      expect((led[0] as number) - (fenced[0] as number)).toBeLessThan(95 * MS)
      expect(one.cluster.leaderOf(0)).toBe(1)
      expect(replicaOf(one, 1).isr).toEqual([1, 2])
    }
    // The session counts from the last heartbeat, up to 2 s before the kill; the look comes every 1.125 s.
    expect(Math.min(...delays)).toBeGreaterThan(7)
    expect(Math.max(...delays)).toBeLessThan(10.2)
    expect(Math.max(...delays) - Math.min(...delays)).toBeGreaterThan(0.5)
  })

  test('until it is fenced, what others lead stands still for readers too, and acks=1 goes on', () => {
    const one = lab({ partitions: 2 })
    runTo(one, 20)
    crash(one.sim, broker(one, 0), Infinity)
    runWith(one, 32, 100, () => one.client.produce(one.sim, [one.client.batch(1)], 1, { to: 1 }))
    const fenced = one.ledger.times('kafka.broker-fenced')[0] as number
    const shown = one.ledger.shown.filter((s) => s.view === UNCOMMITTED && s.at > 20.1 * SECOND)
    expect((shown[0]?.at ?? 0) - fenced).toBeGreaterThan(0)
    expect((shown[0]?.at ?? 0) - fenced).toBeLessThan(1.2 * SECOND)
    expect(one.client.acks.filter((ack) => ack.at > 21 * SECOND && ack.at < fenced).length).toBeGreaterThan(30)
  })

  test('restarted after 20 s it registers, is unfenced, and is in every in-sync set as a real broker is', () => {
    for (const seed of seeds.slice(0, 4)) {
      const one = lab({ seed, partitions: 3 })
      runTo(one, 10)
      crash(one.sim, broker(one, 0), 20 * SECOND)
      runWith(one, 40, 100, () => one.client.produce(one.sim, [one.client.batch(1)], 1))
      const registered = (one.ledger.times('kafka.broker-registered')[0] as number) / SECOND - 30
      const unfenced = (one.ledger.times('kafka.broker-unfenced')[0] as number) / SECOND - 30
      const joined = Math.max(...one.ledger.times('kafka.isr-expanded', 30 * SECOND)) / SECOND - 30
      expect(registered).toBeGreaterThan(2.2)
      expect(registered).toBeLessThan(3.6)
      expect(unfenced).toBeGreaterThan(4)
      expect(unfenced).toBeLessThan(6.9)
      expect(joined).toBeLessThan(7.1)
      expect(replicaOf(one, 1, 1).isr).toEqual([0, 1, 2])
      expect(replicaOf(one, 0, 1).log.end).toBe(replicaOf(one, 1, 1).log.end)
    }
  })

  test('restarted within its old session it may not register before that has lapsed', () => {
    const one = lab()
    runTo(one, 10)
    crash(one.sim, broker(one, 0), 1 * SECOND)
    runTo(one, 30)
    const registered = one.ledger.times('kafka.broker-registered')[0] as number
    expect(registered).toBeGreaterThan(17 * SECOND)
    expect(registered).toBeLessThan(24 * SECOND)
  })

  test('leadership returns to the first replica at the imbalance check', () => {
    const one = lab({ knobs: { 'leader.imbalance.check.interval.seconds': '60' } })
    runTo(one, 10)
    crash(one.sim, broker(one, 0), 5 * SECOND)
    runTo(one, 59)
    expect(one.cluster.leaderOf(0)).toBe(1)
    runTo(one, 62)
    expect(one.cluster.leaderOf(0)).toBe(0)
    expect(replicaOf(one, 0).role).toBe(LEADER)
  })
})

describe('the in-sync replicas', () => {
  test('a follower that is frozen but not fenced leaves after 30 to 45 s', () => {
    for (const seed of seeds.slice(0, 4)) {
      const one = lab({ seed, knobs: { 'broker.session.timeout.ms': '600000' } })
      runTo(one, 20)
      pause(one.sim, broker(one, 2))
      runWith(one, 70, 200, () => one.client.produce(one.sim, [one.client.batch(0)], 1))
      const shrunk = one.ledger.times('kafka.isr-shrunk')
      expect(shrunk).toHaveLength(1)
      expect((shrunk[0] as number) / SECOND - 20).toBeGreaterThan(29)
      expect((shrunk[0] as number) / SECOND - 20).toBeLessThan(45.5)
      const shown = one.ledger.shown.filter((s) => s.view === UNCOMMITTED).map((s) => s.at)
      expect(shown.filter((at) => at > 20.5 * SECOND && at < (shrunk[0] as number))).toEqual([])
      expect(shown.at(-1)).toBeGreaterThan(69 * SECOND)
      resume(one.sim, broker(one, 2))
      runTo(one, 72)
      expect(replicaOf(one, 0).isr).toEqual([0, 1, 2])
    }
  })

  test('acks=all is refused and nothing appended while fewer than min.insync.replicas are in sync', () => {
    const one = lab()
    runTo(one, 5)
    crash(one.sim, broker(one, 1), Infinity)
    crash(one.sim, broker(one, 2), Infinity)
    runTo(one, 20)
    expect(replicaOf(one, 0).isr).toEqual([0])
    const end = replicaOf(one, 0).log.end
    one.client.produce(one.sim, [one.client.batch(0)], -1)
    runTo(one, 21)
    expect(one.client.acks).toMatchObject([{ error: 'NOT_ENOUGH_REPLICAS' }])
    expect(replicaOf(one, 0).log.end).toBe(end)
  })

  test('below min.insync.replicas acks=1 is acknowledged and the high watermark stands still', () => {
    const one = lab()
    runTo(one, 5)
    crash(one.sim, broker(one, 1), 40 * SECOND)
    crash(one.sim, broker(one, 2), 40 * SECOND)
    runTo(one, 20)
    runWith(one, 40, 500, () => one.client.produce(one.sim, [one.client.batch(0)], 1))
    expect(one.client.acks.filter((ack) => ack.error === 'NONE')).toHaveLength(40)
    expect(one.ledger.seen(UNCOMMITTED)).toEqual([])
    runTo(one, 60)
    expect(one.ledger.seen(UNCOMMITTED)).toHaveLength(40)
  })

  test('without a controller no in-sync set changes, and the data goes on', () => {
    const one = lab()
    runTo(one, 5)
    for (const controller of one.cluster.controllers) crash(one.sim, controller, Infinity)
    crash(one.sim, broker(one, 2), Infinity)
    runWith(one, 60, 500, () => one.client.produce(one.sim, [one.client.batch(0)], 1))
    expect(replicaOf(one, 0).isr).toEqual([0, 1, 2])
    expect(one.client.acks.length).toBeGreaterThan(100)
    expect(one.ledger.seen(UNCOMMITTED).length).toBeLessThan(5)
  })

  test('another controller takes over in 2 to 4 s, and sessions start anew', () => {
    const one = lab()
    runTo(one, 20)
    crash(one.sim, broker(one, 1), Infinity)
    runTo(one, 25)
    crash(one.sim, one.cluster.controller, Infinity)
    runTo(one, 45)
    const elected = one.ledger.times('kafka.controller-elected')[0] as number
    expect(elected / SECOND - 25).toBeGreaterThan(2)
    expect(elected / SECOND - 25).toBeLessThan(4.2)
    const fenced = one.ledger.times('kafka.broker-fenced')
    expect(fenced).toHaveLength(1)
    expect((fenced[0] as number) - elected).toBeGreaterThan(8.9 * SECOND)
    expect((fenced[0] as number) - elected).toBeLessThan(10.4 * SECOND)
  })
})

describe('what is lost', () => {
  test('acks=1: what followers had not fetched when the leader died is cut when it returns, and named', () => {
    const one = lab()
    runTo(one, 5)
    one.client.produce(one.sim, [one.client.batch(0)], -1)
    runTo(one, 6)
    pause(one.sim, broker(one, 1))
    pause(one.sim, broker(one, 2))
    runWith(one, 8, 100, () => one.client.produce(one.sim, [one.client.batch(0)], 1, { to: 0 }))
    const acked = one.client.acks.length
    expect(acked).toBe(21)
    crash(one.sim, broker(one, 0), 20 * SECOND)
    resume(one.sim, broker(one, 1))
    resume(one.sim, broker(one, 2))
    runTo(one, 45)
    // The frozen followers had the first one in their sockets.
    expect(one.ledger.seen(UNCOMMITTED)).toEqual(['0:0', '0:1'])
    const dropped = new Set(one.ledger.drops.filter((drop) => drop.cause === 'kafka.leader-changed-truncation').map((drop) => drop.record))
    expect(dropped.size).toBe(19)
    expect(one.ledger.times('kafka.log-truncated')).toHaveLength(1)
    expect(replicaOf(one, 0).log.end).toBe(2)
  })

  test('acks=all: nothing that was acknowledged is lost by a crash, whichever follower leads', () => {
    const one = lab({ seed: 'crash', partitions: 3 })
    runTo(one, 5)
    let at = 0
    runWith(one, 8, 7, () => one.client.produce(one.sim, [one.client.batch(at++ % 3)], -1))
    crash(one.sim, broker(one, 1), 20 * SECOND)
    runWith(one, 12, 7, () => one.client.produce(one.sim, [one.client.batch(at++ % 3)], -1))
    runTo(one, 60)
    const seen = new Set(one.ledger.seen(UNCOMMITTED))
    const acked = one.client.acks.filter((ack) => ack.error === 'NONE')
    expect(acked.length).toBeGreaterThan(400)
    for (const ack of acked) expect(seen.has(`0:${ack.record}`)).toBe(true)
    expect(one.ledger.hidden).toEqual([])
  })

  test('unclean election: what only others held is gone and what was readable is retracted', () => {
    const one = lab({ knobs: { 'unclean.leader.election.enable': 'true', 'min.insync.replicas': '1', 'eligible.leader.replicas': 'false' } })
    runTo(one, 5)
    one.client.produce(one.sim, [one.client.batch(0)], -1)
    runTo(one, 6)
    crash(one.sim, broker(one, 1), 30 * SECOND)
    crash(one.sim, broker(one, 2), Infinity)
    runTo(one, 20)
    for (let i = 0; i < 5; i++) one.client.produce(one.sim, [one.client.batch(0)], -1)
    runTo(one, 30)
    expect(one.client.acks.filter((ack) => ack.error === 'NONE')).toHaveLength(6)
    expect(one.ledger.seen(COMMITTED)).toHaveLength(6)
    crash(one.sim, broker(one, 0), 60 * SECOND)
    runTo(one, 60)
    expect(one.cluster.leaderOf(0)).toBe(1)
    expect(one.ledger.hidden.filter((h) => h.view === UNCOMMITTED)).toHaveLength(5)
    expect(one.ledger.hidden.every((h) => h.cause === 'kafka.unclean-election')).toBe(true)
    // Who comes back and cuts loses them to that election too, not to a clean change of leaders.
    runTo(one, 110)
    expect(replicaOf(one, 0).log.end).toBe(replicaOf(one, 1).log.end)
    expect([...new Set(one.ledger.drops.map((drop) => drop.cause))]).toEqual(['kafka.unclean-election'])
    runTo(one, 110)
    expect(replicaOf(one, 0).log.end).toBe(1)
  })

  test('a clean shutdown moves leaders within tens of milliseconds, and the broker comes back', () => {
    const one = lab({ partitions: 3 })
    runTo(one, 10)
    one.cluster.shutDown(one.sim, 0, 5 * SECOND)
    runTo(one, 30)
    const led = one.ledger.facts.filter((f) => f.code === 'kafka.leader-elected' && f.at > 10 * SECOND && f.a === 0)
    expect((led[0]?.at ?? 0) - 10 * SECOND).toBeLessThan(100 * MS)
    expect(one.ledger.times('kafka.broker-shut-down')).toHaveLength(1)
    expect(one.ledger.times('kafka.broker-fenced')).toEqual([])
    expect(replicaOf(one, 1).isr).toEqual([0, 1, 2])
  })

  test('power loss of all hosts loses what was not yet written to disk, and says so', () => {
    const one = lab({ knobs: { 'eligible.leader.replicas': 'false' } })
    runTo(one, 5)
    one.client.produce(one.sim, [one.client.batch(0)], -1)
    runTo(one, 60)
    one.client.produce(one.sim, [one.client.batch(0)], -1)
    runTo(one, 61)
    expect(one.client.acks.map((ack) => ack.error)).toEqual(['NONE', 'NONE'])
    for (const process of one.cluster.brokers) losePower(one.sim, process.host, 10 * SECOND, 'power-loss')
    runTo(one, 100)
    expect(one.cluster.leaderOf(0)).toBeGreaterThanOrEqual(0)
    expect(replicaOf(one, one.cluster.leaderOf(0)).log.end).toBe(1)
    expect(one.ledger.drops).toMatchObject([{ record: '0:1', cause: 'kafka.unflushed-tail' }])
    expect(one.ledger.hidden.map((h) => h.record)).toEqual(['0:1', '0:1'])
  })

  test('power loss of one host costs nothing: it fetches again what it lost', () => {
    const one = lab()
    runTo(one, 5)
    for (let i = 0; i < 10; i++) one.client.produce(one.sim, [one.client.batch(0)], -1)
    runTo(one, 6)
    losePower(one.sim, broker(one, 0).host, 10 * SECOND, 'power-loss')
    expect(replicaOf(one, 0).log.end).toBe(0)
    runTo(one, 40)
    expect(replicaOf(one, 0).log.end).toBe(10)
    expect(one.ledger.drops).toEqual([])
    expect(one.ledger.hidden).toEqual([])
  })

  test('a lost disk is filled again from the leader', () => {
    const one = lab()
    runTo(one, 5)
    for (let i = 0; i < 10; i++) one.client.produce(one.sim, [one.client.batch(0)], -1)
    runTo(one, 6)
    losePower(one.sim, broker(one, 1).host, 10 * SECOND, 'disk-loss')
    runTo(one, 40)
    expect(replicaOf(one, 1).log.end).toBe(10)
    expect(replicaOf(one, 0).isr).toEqual([0, 1, 2])
  })

  test('a leader that is cut off from followers and controllers is replaced, and cuts what it took in alone', () => {
    const one = lab({ knobs: { 'min.insync.replicas': '1' } })
    const hosts = [...one.cluster.brokers, ...one.cluster.controllers].map((process) => process.host)
    const alone = broker(one, 0).host
    runTo(one, 5)
    for (const host of hosts) {
      if (host === alone) continue
      cut(one.sim, alone, host)
      cut(one.sim, host, alone)
    }
    runWith(one, 20, 500, () => one.client.produce(one.sim, [one.client.batch(0)], 1, { to: 0 }))
    expect(one.cluster.leaderOf(0)).toBe(1)
    expect(one.client.acks).toHaveLength(30)
    for (const host of hosts) {
      if (host === alone) continue
      one.sim.network.path(alone, host).cuts--
      one.sim.network.path(host, alone).cuts--
    }
    runTo(one, 80)
    expect(replicaOf(one, 0).log.end).toBe(0)
    expect(new Set(one.ledger.drops.map((drop) => drop.record)).size).toBe(30)
    expect(replicaOf(one, 1).isr).toEqual([0, 1, 2])
  })

  test('a reader whose last epoch is not in the log is told where to cut', () => {
    const one = lab()
    runTo(one, 5)
    one.client.produce(one.sim, [one.client.batch(0, 4)], -1)
    runTo(one, 6)
    one.client.fetch(one.sim, 0, [0, 9, 0], READ_UNCOMMITTED)
    runTo(one, 7)
    expect(one.client.fetched[0]?.answer.partitions).toMatchObject([{ error: 'NONE', truncateTo: 4, divergingEpoch: 0 }])
  })
})
