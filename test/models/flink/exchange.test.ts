/** Buffers, credits and barriers between tasks. */
import { describe, expect, test } from 'vitest'
import { crash, slow } from '../../../src/kernel/index.ts'
import { BarrierAlignment, InputGate, NetworkBuffer, ResultPartition } from '../../../models/parts/flink/index.ts'
import { FlinkKit, second } from './kit.ts'

describe('result partition', () => {
  test('a record goes into the open buffer of its channel until 32 KiB are full', () => {
    const output = new ResultPartition(0, 2, 500)
    output.open(0)
    let records = 0
    while (!output.hasComplete) output.write(0, 0, records++, 0)
    expect(records).toBe(Math.floor(32768 / 508) + 1)
    const taken: NetworkBuffer[] = []
    output.take(0, taken)
    expect(taken.length).toBe(1)
    expect(taken[0]!.records).toBe(64)
    expect(taken[0]!.backlog).toBe(1)
  })

  test('without credit nothing is sent but barriers at the front, and the pool fills up', () => {
    const output = new ResultPartition(0, 1, 500)
    let records = 0
    while (output.write(0, 0, records, 0)) records++
    expect(output.used).toBe(output.poolMax)
    const taken: NetworkBuffer[] = []
    output.take(0, taken)
    expect(taken).toEqual([])
    output.addCredit(0, 3)
    output.take(0, taken)
    expect(taken.length).toBe(3)
    expect(output.write(0, 0, records, 0)).toBe(true)
    output.audit()
  })

  test('a channel never holds more than ten full buffers', () => {
    const output = new ResultPartition(0, 8, 500)
    let records = 0
    while (output.write(3, 0, records, 0)) records++
    expect(records).toBe(64 * 10)
    expect(output.write(4, 1, 0, 0)).toBe(true)
  })

  test('a barrier closes the open buffer and follows it on every channel', () => {
    const output = new ResultPartition(0, 2, 500)
    output.open(0)
    output.open(1)
    output.write(0, 0, 0, 0)
    output.broadcastBarrier(5, 123)
    const first: NetworkBuffer[] = []
    const second: NetworkBuffer[] = []
    output.take(0, first)
    output.take(1, second)
    expect(first.map((buffer) => buffer.barrier)).toEqual([0, 5])
    expect(second.map((buffer) => buffer.barrier)).toEqual([5])
  })
})

function data(source: number, backlog = 0): NetworkBuffer {
  const buffer = new NetworkBuffer(source, 0, 0, 0, [])
  buffer.backlog = backlog
  return buffer
}

describe('input gate', () => {
  test('a sender has two credits a channel, and floating buffers for its backlog', () => {
    const gate = new InputGate(2)
    gate.receive(data(0, 5))
    expect(gate.takeCredit(0)).toBe(6)
    gate.receive(data(1, 5))
    // Eight floating ones: six are with channel 0, two are left for channel 1.
    expect(gate.takeCredit(1)).toBe(2)
    gate.audit()
  })

  test('a floating buffer that is read goes to the channel that waits for one', () => {
    const gate = new InputGate(2)
    gate.receive(data(0, 6))
    gate.takeCredit(0)
    gate.receive(data(1, 5))
    gate.takeCredit(1)
    for (let i = 0; i < 6; i++) gate.receive(data(0, 0))
    const freed = new Set<number>()
    for (let i = 0; i < 8; i++) {
      const buffer = gate.poll()
      freed.add(gate.recycle(buffer.source))
    }
    expect(freed.has(1)).toBe(true)
    gate.audit()
  })

  test('channels take turns and a blocked one keeps its data', () => {
    const gate = new InputGate(2)
    gate.receive(data(0))
    gate.receive(data(0))
    gate.receive(data(1))
    expect([gate.poll().source, gate.poll().source]).toEqual([0, 1])
    gate.block(0)
    expect(gate.peek()).toBe(null)
    gate.unblockAll()
    expect(gate.poll().source).toBe(0)
  })
})

describe('barrier alignment', () => {
  test('exactly once: a channel whose barrier has come is blocked until all have come', () => {
    const gate = new InputGate(2)
    const alignment = new BarrierAlignment(gate, true)
    gate.receive(data(0))
    expect(alignment.receive(100, 0, 1)).toBe(false)
    expect(gate.peek()).toBe(null)
    expect(alignment.receive(350, 1, 1)).toBe(true)
    expect(alignment.alignmentNanos).toBe(250)
    expect(gate.peek()).not.toBe(null)
  })

  test('at least once: nothing is blocked, and barriers of two checkpoints may be under way', () => {
    const gate = new InputGate(2)
    const alignment = new BarrierAlignment(gate, false)
    gate.receive(data(0))
    alignment.receive(100, 0, 1)
    expect(gate.peek()).not.toBe(null)
    expect(alignment.receive(150, 0, 2)).toBe(false)
    expect(alignment.receive(200, 1, 1)).toBe(true)
    expect(alignment.receive(250, 1, 2)).toBe(true)
  })

  test('the barrier of a newer checkpoint gives up an older alignment', () => {
    const gate = new InputGate(2)
    const alignment = new BarrierAlignment(gate, true)
    alignment.receive(100, 0, 1)
    expect(alignment.receive(200, 1, 2)).toBe(false)
    expect(alignment.receive(300, 0, 2)).toBe(true)
    expect(alignment.receive(400, 1, 1)).toBe(false)
  })
})

describe('in a running job', () => {
  test('a slow operator fills the pools, blocks the sources, and nothing is lost', () => {
    const kit = new FlinkKit({ until: 20 * second, rate: 4000, settings: { checkpointInterval: Infinity } })
    kit.runTo(3)
    slow(kit.sim, kit.taskManagers[1]!, 400)
    kit.runTo(10)
    expect(kit.sources().some((task) => task.backPressuredUntil(kit.sim.now) > second)).toBe(true)
    expect(kit.outside.processedRecords).toBeLessThan(kit.bornCount() - 5000)
    slow(kit.sim, kit.taskManagers[1]!, 1)
    kit.runTo(40)
    expect(kit.outside.processedRecords).toBe(kit.bornCount())
  })

  test('records wait for the buffer time-out, on average half of it', () => {
    const lags: number[] = []
    for (const bufferTimeout of [20e6, 200e6]) {
      const kit = new FlinkKit({ until: 30 * second, rate: 200, settings: { bufferTimeout, checkpointInterval: Infinity } })
      kit.output.isTransactional = false
      let waited = 0
      let seen = 0
      const { output, births } = kit
      output.show = (lane: number, index: number) => {
        waited += kit.sim.now - births.timeOf(lane, index)
        seen++
      }
      kit.runTo(5)
      waited = seen = 0
      kit.runTo(30)
      lags.push(waited / seen)
    }
    expect(lags[0]! / 10e6).toBeCloseTo(1, 0)
    expect(lags[1]! / 100e6).toBeCloseTo(1, 0)
  })

  test('one slow channel stalls an aligned checkpoint and the fast channels with it', () => {
    const calm = new FlinkKit({ until: 20 * second })
    calm.runTo(10)
    const skewed = new FlinkKit({ until: 20 * second })
    const [from, to] = [skewed.taskManagers[1]!.host, skewed.taskManagers[0]!.host]
    skewed.runTo(4)
    skewed.sim.network.path(from, to).extraNanos = 300e6
    skewed.runTo(10)
    const longest = (kit: FlinkKit) => Math.max(...kit.facts.of('flink.checkpoint-completed').filter((fact) => fact.at > 5 * second).map((fact) => fact.c))
    expect(longest(calm)).toBeLessThan(5e6)
    expect(longest(skewed)).toBeGreaterThan(250e6)
  })

  test('mode AT_LEAST_ONCE counts in the state what came before the late barrier; EXACTLY_ONCE does not (row F-c)', () => {
    const totals: number[] = []
    const early: number[] = []
    for (const isAligned of [true, false]) {
      const kit = new FlinkKit({ until: 40 * second, seed: 'F-c', settings: { isAligned, checkpointInterval: 3 * second } })
      kit.runTo(4)
      kit.sim.network.path(kit.taskManagers[1]!.host, kit.taskManagers[0]!.host).extraNanos = 1e9
      kit.runTo(12)
      const done = kit.facts.of('flink.checkpoint-completed')
      expect(done.length).toBeGreaterThan(1)
      expect(done[done.length - 1]!.c).toBeGreaterThan(0.9 * second)
      const pointer = kit.storage.pointer!
      const counted = pointer.operators.reduce((sum, one) => sum + one.counts.reduce((a, b) => a + b, 0), 0)
      const read = [0, 1, 2, 3].reduce((sum, split) => sum + pointer.positionOf(split), 0)
      early.push(counted - read)
      kit.sim.network.path(kit.taskManagers[1]!.host, kit.taskManagers[0]!.host).extraNanos = 0
      crash(kit.sim, kit.taskManagers[1]!, Infinity)
      kit.runTo(60)
      totals.push(kit.stateTotal() - kit.bornCount())
    }
    expect(totals[0]).toBe(0)
    // What the snapshot has counted beyond its own offsets is read again, and counted again.
    expect(early[0]).toBe(0)
    expect(early[1]!).toBeGreaterThan(50)
    expect(totals[1]).toBe(early[1])
  })
})
