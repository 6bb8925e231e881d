/** After a failure: who notices, how long it waits, where it goes on. */
import { describe, expect, test } from 'vitest'
import { crash, pause, resume, losePower } from '../../../src/kernel/index.ts'
import { FlinkKit, second, settings, type KitOptions } from './kit.ts'
import { RestartBackoff } from '../../../models/parts/flink/index.ts'
import { Stream } from '../../../src/kernel/index.ts'

/** Two TaskManagers with the tasks, one spare; the first dies at `at`. */
function killed(at: number, until: number, options: KitOptions = {}): FlinkKit {
  const kit = new FlinkKit({ until: until * second, ...options })
  kit.runTo(at)
  crash(kit.sim, kit.taskManagers[0]!, Infinity)
  kit.runTo(until + 5)
  return kit
}

function outageOf(kit: FlinkKit, at: number): number {
  const back = kit.facts.of('flink.running').find((fact) => fact.at > at * second)
  return back === undefined ? Infinity : (back.at - at * second) / second
}

describe('back-off', () => {
  test('exponential delay multiplies by 1.5 with 10 % jitter up to the maximum, and is reset after a calm hour', () => {
    const backoff = new RestartBackoff(settings.restart, new Stream('backoff'))
    let now = 0
    let want = second
    for (let i = 0; i < 15; i++) {
      const delay = backoff.failure(now)
      expect(delay).toBeGreaterThanOrEqual(Math.min(60 * second, want) * 0.89)
      expect(delay).toBeLessThanOrEqual(Math.min(60 * second, want * 1.11))
      now += delay + 1
      want = Math.min(60 * second, want * 1.5)
    }
    now += 3700 * second
    expect(backoff.failure(now)).toBeLessThan(1.2 * second)
  })

  test('a failure before the next restart is merged with the one before', () => {
    const backoff = new RestartBackoff(settings.restart, new Stream('merge'))
    const delay = backoff.failure(0)
    expect(backoff.failure(delay / 2)).toBe(delay - delay / 2)
    expect(backoff.attempts).toBe(1)
  })

  test('without a restart strategy there is no restart', () => {
    expect(new RestartBackoff({ ...settings.restart, type: 'none' }, new Stream('none')).failure(0)).toBe(-1)
  })
})

describe('a TaskManager process dies', () => {
  test('peers see the reset at once, and redeployments fail until two heartbeat calls have (row F-b)', () => {
    const outages: number[] = []
    for (let i = 0; i < 6; i++) {
      const at = 12 + i * 1.7
      const kit = killed(at, at + 40, { seed: `F-b ${i}` })
      const detected = kit.facts.of('flink.failure-detected')[0]!
      expect(detected.at - at * second).toBeLessThan(0.1 * second)
      const failed = kit.facts.of('flink.deployment-failed').map((fact) => (fact.at - at * second) / second)
      expect(failed.length).toBeGreaterThanOrEqual(4)
      expect(failed.length).toBeLessThanOrEqual(6)
      const ladder = [1.0, 2.5, 4.8, 8.1, 13.2, 20.8]
      failed.forEach((delay, step) => expect(delay / ladder[step]!).toBeCloseTo(1, 0))
      const dropped = kit.facts.of('flink.taskmanager-dropped')[0]!
      expect(dropped.at - at * second).toBeGreaterThan(10 * second)
      expect(dropped.at - at * second).toBeLessThan(20.1 * second)
      outages.push(outageOf(kit, at))
    }
    // Nothing between: the first rung after the drop, then the start of the tasks.
    for (const outage of outages) expect(outage > 12 && outage < 25).toBe(true)
    expect(outages.some((outage) => outage < 18)).toBe(true)
    expect(outages.some((outage) => outage > 19)).toBe(true)
  })

  test('heartbeat.interval 2 s and timeout 10 s shorten the ladder to two or three rungs (row F-b2)', () => {
    for (let i = 0; i < 4; i++) {
      const at = 12 + i * 0.55
      const kit = killed(at, at + 20, { seed: `F-b2 ${i}`, settings: { heartbeatInterval: 2 * second, heartbeatTimeout: 10 * second } })
      const failed = kit.facts.of('flink.deployment-failed').length
      expect(failed).toBeGreaterThanOrEqual(1)
      expect(failed).toBeLessThanOrEqual(2)
      expect(outageOf(kit, at)).toBeGreaterThan(2.5)
      expect(outageOf(kit, at)).toBeLessThan(8.5)
    }
  })

  test('committed output has every record once, and the state too', () => {
    for (let i = 0; i < 3; i++) {
      const at = 5 + i * 0.37
      const kit = killed(at, at + 35, { seed: `eo ${i}` })
      expect(kit.output.repeats()).toBe(0)
      expect(kit.output.counts.size).toBe(kit.bornCount())
      expect(kit.stateTotal()).toBe(kit.bornCount())
    }
  })

  test('an at-least-once sink repeats what it had written since the last checkpoint', () => {
    const kit = new FlinkKit({ until: 45 * second, seed: 'alo' })
    kit.output.isTransactional = false
    kit.runTo(5.7)
    const last = kit.facts.of('flink.checkpoint-triggered').filter((fact) => fact.at < 5.65 * second).pop()!
    crash(kit.sim, kit.taskManagers[0]!, Infinity)
    kit.runTo(50)
    const since = ((5.7 * second - last.at) / second) * 400
    expect(kit.output.repeats()).toBeGreaterThan(since * 0.5 - 60)
    expect(kit.output.repeats()).toBeLessThan(since * 1.3 + 20)
    expect(kit.output.counts.size).toBe(kit.bornCount())
  })

  test('the parts of the outage add up in the facts', () => {
    const kit = killed(5.3, 40, { seed: 'parts' })
    const caught = kit.facts.of('flink.caught-up').pop()!
    const first = kit.facts.of('flink.failure-detected')[0]!
    expect(first.at + caught.b).toBe(caught.at)
    const order = ['flink.failure-detected', 'flink.restart-attempt', 'flink.slots-acquired', 'flink.restored', 'flink.running', 'flink.caught-up']
    const times = order.map((code) => kit.facts.of(code).pop()!.at)
    for (let i = 1; i < times.length; i++) expect(times[i]!).toBeGreaterThanOrEqual(times[i - 1]!)
  })

  test('a task that cannot be told of a complete checkpoint has its transactions committed at restore', () => {
    const kit = new FlinkKit({ until: 10 * second, seed: 'lost-notification' })
    kit.output.losesNotification = true
    kit.runTo(5)
    expect(kit.output.commits).toBe(0)
    crash(kit.sim, kit.taskManagers[0]!, Infinity)
    kit.output.losesNotification = false
    kit.runTo(40)
    expect(kit.output.committedAtRestore).toBeGreaterThan(4)
    expect(kit.output.repeats()).toBe(0)
    expect(kit.output.counts.size).toBe(kit.bornCount())
  })

  test('without a spare slot the job waits for the platform to start the TaskManager again', () => {
    const kit = killed(5, 40, { taskManagers: 2, restartAfter: Infinity })
    expect(outageOf(kit, 5)).toBe(Infinity)
    const helped = new FlinkKit({ until: 50 * second, taskManagers: 2, restartAfter: 30 * second })
    helped.runTo(5)
    crash(helped.sim, helped.taskManagers[0]!, null)
    helped.runTo(50)
    expect(outageOf(helped, 5)).toBeGreaterThan(30)
    expect(outageOf(helped, 5)).toBeLessThan(33)
  })
})

describe('a TaskManager goes silent', () => {
  test('a host without power is noticed by the heartbeat time-out', () => {
    const kit = new FlinkKit({ until: 70 * second })
    kit.runTo(5)
    losePower(kit.sim, kit.taskManagers[0]!.host, Infinity, 'power-loss')
    kit.runTo(80)
    const dropped = kit.facts.of('flink.taskmanager-dropped')[0]!
    expect(dropped.at).toBeGreaterThan(45 * second)
    expect(dropped.at).toBeLessThan(56 * second)
    expect(kit.facts.of('flink.failure-detected')[0]!.at).toBe(dropped.at)
    expect(kit.output.counts.size).toBe(kit.bornCount())
    expect(kit.output.repeats()).toBe(0)
  })

  test('a frozen TaskManager is replaced after the time-out and ends its tasks when it wakes', () => {
    const kit = new FlinkKit({ until: 90 * second, settings: { heartbeatInterval: 2 * second, heartbeatTimeout: 10 * second } })
    kit.runTo(5)
    pause(kit.sim, kit.taskManagers[0]!)
    kit.runTo(30)
    expect(kit.facts.of('flink.execution-replaced').length).toBe(1)
    expect(kit.taskManagers[0]!.operators.length).toBe(2)
    expect(kit.taskManagers[0]!.operators.every((task) => task.isReplaced)).toBe(true)
    resume(kit.sim, kit.taskManagers[0]!)
    kit.runTo(31)
    expect(kit.taskManagers[0]!.operators.length).toBe(0)
    kit.runTo(95)
    expect(kit.output.counts.size).toBe(kit.bornCount())
    expect(kit.output.repeats()).toBe(0)
  })
})

describe('the JobManager dies', () => {
  test('with high availability its successor restores the job from the stored pointer', () => {
    const kit = new FlinkKit({ until: 20 * second })
    kit.runTo(5)
    crash(kit.sim, kit.jobManager, null)
    kit.runTo(30)
    expect(kit.facts.of('flink.running').length).toBe(2)
    expect(kit.output.counts.size).toBe(kit.bornCount())
    expect(kit.output.repeats()).toBe(0)
    expect(kit.stateTotal()).toBe(kit.bornCount())
  })

  test('without it the job is gone', () => {
    const kit = new FlinkKit({ until: 20 * second, settings: { highAvailability: false } })
    kit.runTo(5)
    crash(kit.sim, kit.jobManager, null)
    kit.runTo(30)
    expect(kit.facts.of('flink.job-failed').length).toBe(1)
    expect(kit.operators().length).toBe(0)
  })
})

describe('a checkpoint fails', () => {
  test('a store that refuses aborts the checkpoint, and beyond the tolerated number the job fails over', () => {
    const kit = new FlinkKit({ until: 20 * second, keys: 5000, rate: 4000, settings: { tolerableFailedCheckpoints: 2 } })
    kit.runTo(5)
    kit.storage.isRefusing = true
    kit.runTo(7)
    expect(kit.facts.of('flink.checkpoint-aborted').length).toBeGreaterThanOrEqual(1)
    expect(kit.facts.of('flink.failure-detected').length).toBe(0)
    kit.runTo(9)
    expect(kit.facts.of('flink.failure-detected').length).toBe(1)
    kit.storage.isRefusing = false
    kit.runTo(30)
    expect(kit.output.counts.size).toBe(kit.bornCount())
    expect(kit.output.repeats()).toBe(0)
  })

  test('a checkpoint that takes longer than its time-out is aborted', () => {
    const kit = new FlinkKit({ settings: { checkpointTimeout: 300e6, tolerableFailedCheckpoints: 100 } })
    kit.output.flushNanos = 400e6
    kit.runTo(6)
    const aborted = kit.facts.of('flink.checkpoint-aborted')
    expect(aborted.length).toBeGreaterThan(3)
    for (const fact of aborted) expect(fact.b).toBe(300e6)
    expect(kit.facts.of('flink.checkpoint-completed').length).toBe(0)
  })
})
