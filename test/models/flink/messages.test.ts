/** Every message between Flink's processes carries its rule: without its handler something named goes wrong. */
import { afterEach, describe, expect, test, vi } from 'vitest'
import { crash, pause, resume } from '../../../src/kernel/index.ts'
import { CheckpointStorage, JobManager, TaskManager } from '../../../models/parts/flink/index.ts'
import { FlinkKit, second } from './kit.ts'

/** The process hears the message and does nothing. */
function deaf<T extends object>(of: { prototype: T }, method: keyof T & string): void {
  vi.spyOn(of.prototype as unknown as Record<string, () => void>, method).mockImplementation(() => {})
}

function calm(until: number): FlinkKit {
  const kit = new FlinkKit({ until: until * second })
  kit.runTo(until)
  return kit
}

function count(kit: FlinkKit, code: string): number {
  return kit.facts.of(`flink.${code}`).length
}

afterEach(() => {
  vi.restoreAllMocks()
})

describe('deployment', () => {
  test('no registration: the JobManager knows no slot, nothing is deployed', () => {
    deaf(JobManager, 'registered')
    expect(count(calm(3), 'slots-acquired')).toBe(0)
  })

  test('no slot request: the job waits for slots', () => {
    deaf(TaskManager, 'slotRequested')
    expect(count(calm(3), 'slots-acquired')).toBe(0)
  })

  test('no slot offer: the job waits for slots', () => {
    deaf(JobManager, 'slotOffered')
    expect(count(calm(3), 'slots-acquired')).toBe(0)
  })

  test('no deployment call: it fails after the call\'s time-out, and so does the next', () => {
    deaf(TaskManager, 'deploy')
    const kit = calm(13)
    expect(count(kit, 'running')).toBe(0)
    expect(count(kit, 'deployment-failed')).toBe(1)
    expect(kit.facts.of('flink.deployment-failed')[0]!.at).toBeGreaterThan(10 * second)
  })

  test('no state of tasks: the job is never seen running, and takes no checkpoint', () => {
    deaf(JobManager, 'taskStateChanged')
    const kit = calm(4)
    expect(count(kit, 'running')).toBe(0)
    expect(count(kit, 'checkpoint-triggered')).toBe(0)
  })
})

describe('exchange', () => {
  test('no partition request: nothing crosses between TaskManagers', () => {
    deaf(TaskManager, 'partitionRequested')
    const kit = calm(5)
    expect(kit.outside.processedRecords).toBeGreaterThan(0)
    expect(kit.outside.processedRecords).toBeLessThan(kit.bornCount() * 0.7)
  })

  test('no data: what was sent to another TaskManager never changes state', () => {
    deaf(TaskManager, 'dataArrived')
    const kit = calm(5)
    expect(kit.outside.processedRecords).toBeLessThan(kit.bornCount() * 0.7)
  })

  test('no credit: remote channels stand still when their first buffers are used up', () => {
    deaf(TaskManager, 'creditArrived')
    const kit = calm(20)
    expect(kit.outside.processedRecords).toBeLessThan(kit.bornCount() * 0.9)
    expect(count(kit, 'checkpoint-completed')).toBeLessThan(10)
  })
})

describe('checkpoints', () => {
  test('no trigger: no barrier, no completion', () => {
    deaf(TaskManager, 'triggerCheckpoint')
    const kit = calm(4)
    expect(count(kit, 'checkpoint-triggered')).toBeGreaterThan(0)
    expect(count(kit, 'checkpoint-completed')).toBe(0)
  })

  test('no acknowledgement: no completion', () => {
    deaf(JobManager, 'acknowledged')
    expect(count(calm(4), 'checkpoint-completed')).toBe(0)
  })

  test('no write of the pointer: no completion', () => {
    deaf(CheckpointStorage, 'put')
    expect(count(calm(4), 'checkpoint-completed')).toBe(0)
  })

  test('no notification: checkpoints complete, and nothing is committed', () => {
    deaf(TaskManager, 'checkpointComplete')
    const kit = calm(4)
    expect(count(kit, 'checkpoint-completed')).toBeGreaterThan(1)
    expect(kit.output.commits).toBe(0)
  })

  test('no refusal: a checkpoint that cannot be written hangs until its time-out', () => {
    const failsAt = (): number => {
      const kit = new FlinkKit({ until: 20 * second, keys: 5000, rate: 4000, settings: { checkpointTimeout: 5 * second } })
      kit.runTo(4)
      kit.storage.isRefusing = true
      kit.runTo(12)
      return kit.facts.of('flink.checkpoint-aborted')[0]!.b
    }
    expect(failsAt()).toBeLessThan(0.5 * second)
    deaf(JobManager, 'declined')
    expect(failsAt()).toBe(5 * second)
  })
})

describe('failures', () => {
  test('no heartbeat, or no answer to it: healthy TaskManagers are dropped after the time-out', () => {
    for (const [of, method] of [[TaskManager, 'heartbeat'], [JobManager, 'heartbeatAnswered']] as const) {
      if (of === TaskManager) deaf(TaskManager, 'heartbeat')
      else deaf(JobManager, 'heartbeatAnswered')
      const kit = new FlinkKit({ until: 20 * second, settings: { heartbeatInterval: 2 * second, heartbeatTimeout: 8 * second } })
      kit.runTo(15)
      expect(count(kit, 'taskmanager-dropped') + (method === 'heartbeat' ? count(kit, 'failure-detected') : 0)).toBeGreaterThan(0)
      vi.restoreAllMocks()
    }
  })

  test('no call to cancel, or no answer: the restart waits for three time-outs of the call', () => {
    const outage = (): number => {
      const kit = new FlinkKit({ until: 60 * second, settings: { heartbeatInterval: 0.4 * second, heartbeatTimeout: 50 * second } })
      kit.runTo(5)
      crash(kit.sim, kit.taskManagers[0]!, Infinity)
      kit.runTo(50)
      return (kit.facts.of('flink.slots-acquired')[1]!.at - 5 * second) / second
    }
    expect(outage()).toBeLessThan(2)
    deaf(TaskManager, 'cancel')
    expect(outage()).toBeGreaterThan(30)
    vi.restoreAllMocks()
    deaf(JobManager, 'cancelled')
    expect(outage()).toBeGreaterThan(30)
  })

  test('no word of the drop: a TaskManager that wakes keeps its tasks until its connection is found broken', () => {
    const ended = (): number => {
      const kit = new FlinkKit({ until: 60 * second, settings: { heartbeatInterval: 2 * second, heartbeatTimeout: 8 * second } })
      kit.runTo(5)
      pause(kit.sim, kit.taskManagers[0]!)
      kit.runTo(30)
      resume(kit.sim, kit.taskManagers[0]!)
      let at = 30
      while (kit.taskManagers[0]!.operators.some((task) => task.isReplaced) && at < 60) kit.runTo(at += 0.05)
      return at - 30
    }
    expect(ended()).toBeLessThan(0.2)
    deaf(TaskManager, 'dropped')
    expect(ended()).toBeGreaterThan(0.9)
  })

  test('no answer to a deployment: it counts as failed although the tasks run', () => {
    deaf(JobManager, 'deployed')
    const kit = calm(11)
    expect(count(kit, 'running')).toBe(1)
    expect(kit.facts.of('flink.deployment-failed')[0]!.at).toBeGreaterThan(10 * second)
    expect(count(kit, 'failure-detected')).toBe(1)
  })
})
