/** The job in calm weather: what flows in comes out once, and checkpoints follow their interval. */
import { describe, expect, test } from 'vitest'
import { FlinkKit, second } from './kit.ts'

describe('a job without faults', () => {
  test('every record passes the exchange, changes the state once and is shown once', () => {
    const kit = new FlinkKit({ until: 5 * second })
    kit.runTo(8)
    expect(kit.bornCount()).toBeGreaterThan(1500)
    expect(kit.outside.processedRecords).toBe(kit.bornCount())
    expect(kit.stateTotal()).toBe(kit.bornCount())
    expect(kit.output.counts.size).toBe(kit.bornCount())
    expect(kit.output.repeats()).toBe(0)
  })

  test('all tasks run after the check delay of 50 ms and the start of the tasks', () => {
    const kit = new FlinkKit()
    kit.runTo(1)
    const running = kit.facts.of('flink.running')
    expect(running.length).toBe(1)
    expect(running[0]!.at).toBeGreaterThan(550e6)
    expect(running[0]!.at).toBeLessThan(600e6)
  })

  test('slots are filled one TaskManager after the other, or spread when told', () => {
    const filled = new FlinkKit()
    filled.runTo(1)
    expect(filled.taskManagers.map((tm) => tm.operators.length)).toEqual([2, 2, 0])
    const spread = new FlinkKit({ settings: { spreadSlots: true, parallelism: 3 } })
    spread.runTo(1)
    expect(spread.taskManagers.map((tm) => tm.operators.length)).toEqual([1, 1, 1])
  })

  test('a checkpoint is triggered every interval, the first after a random part of it', () => {
    const kit = new FlinkKit()
    kit.runTo(8)
    const at = kit.facts.of('flink.checkpoint-triggered').map((fact) => fact.at)
    const running = kit.facts.of('flink.running')[0]!.at
    expect(at[0]! - running).toBeLessThanOrEqual(second)
    for (let i = 1; i < at.length; i++) expect(at[i]! - at[i - 1]!).toBe(second)
    expect(kit.facts.of('flink.checkpoint-completed').length).toBeGreaterThanOrEqual(at.length - 1)
  })

  test('with small state a checkpoint takes the flush, two requests to the store and a few milliseconds of barriers', () => {
    const kit = new FlinkKit({ until: 21 * second })
    kit.runTo(20)
    const done = kit.facts.of('flink.checkpoint-completed')
    const longest = Math.max(...done.map((fact) => fact.b))
    expect(longest).toBeLessThan(60e6)
    expect(longest).toBeGreaterThan(15e6)
  })

  test('state grows by the bytes of each key seen and is uploaded whole', () => {
    const kit = new FlinkKit({ keys: 5000, settings: { stateBytesPerKey: 1000 }, rate: 4000 })
    kit.runTo(8)
    const sizes = kit.facts.of('flink.checkpoint-completed')
    const task = kit.operators()[0]!
    expect(task.state.keys * 1000).toBeGreaterThan(1e6)
    const last = sizes[sizes.length - 1]!
    // 5 MB at 50 MB/s a TaskManager, two of them.
    expect(last.b).toBeGreaterThan(45e6)
    expect(last.b).toBeLessThan(120e6)
  })
})
