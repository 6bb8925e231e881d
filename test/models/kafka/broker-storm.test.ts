/**
 * Random crashes, freezes, cuts and controller deaths, with the audit after every event. At the end, when everything
 * has healed: all replicas are equal, all are in sync, and nothing that acks=all acknowledged is missing.
 */
import { describe, expect, test } from 'vitest'
import { crash, cut, heal, pause, resume, Stream, type Process } from '../../../src/kernel/index.ts'
import { FOLLOWER, LEADER } from '../../../models/parts/kafka/replica.ts'
import { COMMITTED, lab, replicaOf, runTo, SECOND, UNCOMMITTED, type Lab } from './broker-kit.ts'

const PARTITIONS = 3

function strike(one: Lab, dice: Stream, later: (() => void)[]): void {
  const { sim, cluster } = one
  const processes = cluster.brokers as readonly Process[]
  const victim = processes[dice.below(processes.length)] as Process
  const kind = dice.below(6)
  if (kind <= 1) crash(sim, victim, (1 + dice.below(25)) * SECOND)
  else if (kind === 2) {
    pause(sim, victim)
    later.push(() => resume(sim, victim))
  } else if (kind === 3) {
    const other = processes[dice.below(processes.length)] as Process
    if (other === victim) return
    cut(sim, victim.host, other.host)
    later.push(() => heal(sim, victim.host, other.host))
  } else if (kind === 4) crash(sim, cluster.controller, (1 + dice.below(10)) * SECOND)
  else {
    const controller = cluster.controller.host
    cut(sim, victim.host, controller)
    cut(sim, controller, victim.host)
    later.push(() => {
      heal(sim, victim.host, controller)
      heal(sim, controller, victim.host)
    })
  }
}

function storm(seed: string): Lab {
  const one = lab({ seed, partitions: PARTITIONS })
  const dice = new Stream(`storm/${seed}`)
  const later: (() => void)[] = []
  let n = 0
  const sequences = new Map<string, number>()
  runTo(one, 2)
  for (let second = 2; second < 90; second++) {
    if (second % 7 === 0 && second < 70) strike(one, dice, later)
    if (later.length > 0 && dice.below(8) === 0) (later.shift() as () => void)()
    if (second === 75) for (const end of later.splice(0)) end()
    for (let i = 0; i < 4; i++) {
      const partition = n++ % PARTITIONS
      one.client.produce(one.sim, [one.client.batch(partition)], n % 3 === 0 ? 1 : -1, { timeout: 5 * SECOND })
      if (second % 5 === 0 && i === 0) one.client.initProducer(one.sim, n % 4, 20 * SECOND)
      const id = one.client.ids.at(-1)
      if (i === 2 && id !== undefined && id.error === 'NONE') {
        const key = `${id.producerId}/${id.producerEpoch}/${partition}`
        const sequence = sequences.get(key) ?? 0
        sequences.set(key, sequence + 1)
        const batch = one.client.batch(partition, 1, { id: id.producerId, epoch: id.producerEpoch, sequence, transactional: true })
        one.client.produce(one.sim, [batch], -1, { transactionalId: id.request.transactionalId, timeout: 5 * SECOND })
        if (dice.below(2) === 0) one.client.endTransaction(one.sim, id.request.transactionalId, id.producerId, id.producerEpoch, dice.below(2) === 0)
      }
      runTo(one, second + (i + 1) / 4)
    }
  }
  runTo(one, 160)
  return one
}

const seeds = (process.env['STORM_SEEDS'] ?? 's1 s8 t26').split(' ')

describe('after a storm', () => {
  for (const seed of seeds) {
    test(`all is well again, seed ${seed}`, () => {
      const one = storm(seed)
      expect(one.ledger.times('kafka.leader-elected').length).toBeGreaterThan(PARTITIONS)
      for (let p = 0; p < PARTITIONS; p++) {
        const leader = replicaOf(one, one.cluster.leaderOf(p), p)
        expect(leader.role).toBe(LEADER)
        expect(leader.isr).toEqual([0, 1, 2])
        expect(leader.highWatermark).toBe(leader.log.end)
        // Every transaction has ended, by its producer, its successor or its time-out.
        expect(leader.lastStable).toBe(leader.log.end)
        for (const broker of [0, 1, 2]) {
          const other = replicaOf(one, broker, p)
          if (other === leader) continue
          expect(other.role).toBe(FOLLOWER)
          expect(other.log.end).toBe(leader.log.end)
          expect(other.log.commonWith(leader.log)).toBe(leader.log.end)
        }
      }
      const seen = new Set(one.ledger.seen(UNCOMMITTED))
      expect(one.ledger.seen(UNCOMMITTED).length).toBe(seen.size)
      expect(one.ledger.hidden).toEqual([])
      const dropped = new Set(one.ledger.drops.map((drop) => drop.record))
      for (const ack of one.client.acks) {
        if (ack.error !== 'NONE' || seen.has(`0:${ack.record}`)) continue
        // acks=1 may lose, and says why; every third record that is no part of a transaction was one.
        expect(dropped.has(`0:${ack.record}`), `${ack.record} acknowledged at ${ack.at}`).toBe(true)
      }
      for (const record of one.ledger.seen(COMMITTED)) expect(seen.has(record)).toBe(true)
      for (const record of seen) {
        expect(one.ledger.seen(COMMITTED).includes(record) || dropped.has(record), `${record} is committed or aborted`).toBe(true)
      }
    })
  }
})
