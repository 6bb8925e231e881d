import { describe, expect, test } from 'vitest'
import { copyGraph, crash, losePower, pause, resume, type Process } from '../../../src/kernel/index.ts'
import { lab, runTo, SECOND, type Lab } from './broker-kit.ts'

/** Load that depends on nothing but the time: every 20 ms a batch, every second a transaction. */
function drive(one: Lab, seconds: number): void {
  while (one.sim.now < seconds * SECOND) {
    const tick = Math.round(one.sim.now / 20e6)
    one.client.produce(one.sim, [one.client.batch(tick % 3)], tick % 2 === 0 ? -1 : 1)
    if (tick % 50 === 0) one.client.initProducer(one.sim, tick % 4)
    const id = one.client.ids.at(-1)
    if (tick % 50 === 25 && id !== undefined && id.error === 'NONE') {
      const batch = one.client.batch(1, 1, { id: id.producerId, epoch: id.producerEpoch, sequence: 0, transactional: true })
      one.client.produce(one.sim, [batch], -1, { transactionalId: id.request.transactionalId })
    }
    if (tick % 50 === 40 && id !== undefined && id.error === 'NONE') {
      one.client.endTransaction(one.sim, id.request.transactionalId, id.producerId, id.producerEpoch, tick % 100 === 40)
    }
    one.sim.run(Math.min(seconds * SECOND, one.sim.now + 20e6), true, 1e9)
    one.ledger.now = one.sim.now
  }
  one.cluster.audit()
}

function strike(one: Lab, at: number): void {
  const brokers = one.cluster.brokers as readonly Process[]
  if (at === 10) crash(one.sim, brokers[0] as Process, 20 * SECOND)
  if (at === 30) pause(one.sim, brokers[1] as Process)
  if (at === 45) resume(one.sim, brokers[1] as Process)
  if (at === 50) losePower(one.sim, (brokers[2] as Process).host, 10 * SECOND, 'power-loss')
  if (at === 55) crash(one.sim, one.cluster.controller, 10 * SECOND)
}

function play(one: Lab, from: number, to: number): void {
  for (let at = from; at < to; at++) {
    strike(one, at)
    drive(one, at + 1)
  }
}

describe('a keyframe', () => {
  test('taken at any moment of a fault goes on to the same digest', () => {
    const whole = lab({ partitions: 3 })
    const frames: Lab[] = []
    for (let at = 0; at < 75; at++) {
      if (at === 5 || at === 14 || at === 32 || at === 46 || at === 52 || at === 58) frames.push(copyGraph({ ...whole }))
      strike(whole, at)
      drive(whole, at + 1)
    }
    expect(whole.ledger.times('kafka.leader-elected').length).toBeGreaterThan(6)
    const end = whole.sim.digest.text()
    for (const frame of frames) {
      play(frame, Math.round(frame.sim.now / SECOND), 75)
      expect(frame.sim.digest.text()).toBe(end)
      expect(frame.ledger.shown).toEqual(whole.ledger.shown)
      expect(frame.ledger.drops).toEqual(whole.ledger.drops)
    }
  })

  test('twice the same run gives the same digest', () => {
    const digests = [0, 1].map(() => {
      const one = lab({ partitions: 3 })
      play(one, 0, 40)
      return one.sim.digest.text()
    })
    expect(digests[0]).toBe(digests[1])
  })
})

test('between faults every rule holds after every event', () => {
  const one = lab({ seed: 'audit', partitions: 2 })
  runTo(one, 2)
  for (let i = 0; i < 40; i++) one.client.produce(one.sim, [one.client.batch(i % 2)], -1)
  crash(one.sim, one.cluster.brokers[1] as Process, 3 * SECOND)
  runTo(one, 40)
  expect(one.cluster.quorum.partitions[0]?.isr).toEqual([0, 1, 2])
})
