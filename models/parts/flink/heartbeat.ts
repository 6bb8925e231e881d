/**
 * Models: how the JobManager finds out that a TaskManager is gone: calls that cannot be delivered, so many in a row,
 *   or no answer for the time-out; only then are its slots given up.
 * Source: Flink 2.1 documentation, Task Failure Recovery; Flink 2.1 HeartbeatManagerSenderImpl; measured rows F-b of test/measurements (dropped 12 to 19 s after the kill).
 * Leaves out: separate heartbeats of the ResourceManager (same settings, same process).
 */
import { eventKind, type Sim } from '../../../src/kernel/index.ts'
import { heartbeatFailed, taskManagerDropped } from './facts.ts'
import { callBytes, heartbeatCall } from './rpc.ts'
import type { JobManager } from './job-manager.ts'
import type { TaskManagerLink } from './slot-pool.ts'

/** Until a call to a closed connection is known to have failed: a refused connect. Assumed. */
export const refusedNanos = 1e6

export class HeartbeatMonitor {
  private readonly owner: JobManager

  constructor(sim: Sim, owner: JobManager) {
    this.owner = owner
    const phase = sim.random('flink/heartbeat-phase').uniform()
    sim.after(Math.ceil(phase * owner.job.settings.heartbeatInterval), owner, heartbeatTick, null)
  }

  /** Calls every registered TaskManager. */
  tick(sim: Sim): void {
    const { heartbeatInterval } = this.owner.job.settings
    sim.after(heartbeatInterval, this.owner, heartbeatTick, null)
    for (const link of this.owner.links) {
      if (!link.isRegistered) continue
      const call = { link: link.number, execution: this.owner.failover.execution }
      if (!link.connection.send(sim, this.owner, heartbeatCall, call, callBytes)) {
        sim.after(refusedNanos, this.owner, heartbeatRefused, link)
      }
    }
  }

  answered(sim: Sim, link: TaskManagerLink): void {
    link.lastHeardAt = sim.now
    link.heartbeatFailures = 0
  }

  /** A new registration is watched from now on. */
  watch(sim: Sim, link: TaskManagerLink): void {
    sim.after(this.owner.job.settings.heartbeatTimeout, this.owner, heartbeatDeadline, link)
  }

  /** The time-out since the last answer may be over. */
  deadline(sim: Sim, link: TaskManagerLink): void {
    if (!link.isRegistered) return
    const dueAt = link.lastHeardAt + this.owner.job.settings.heartbeatTimeout
    if (sim.now < dueAt) sim.schedule(dueAt, this.owner, heartbeatDeadline, link)
    else this.drop(sim, link)
  }

  refused(sim: Sim, link: TaskManagerLink): void {
    if (!link.isRegistered) return
    link.heartbeatFailures++
    sim.fact(heartbeatFailed, this.owner.taskManager(link), link.heartbeatFailures)
    if (link.heartbeatFailures >= this.owner.job.settings.rpcFailureThreshold) this.drop(sim, link)
  }

  private drop(sim: Sim, link: TaskManagerLink): void {
    sim.fact(taskManagerDropped, this.owner.taskManager(link), sim.now - link.lastHeardAt)
    this.owner.drop(sim, link)
  }
}

const heartbeatTick = eventKind<JobManager, null>('flink.heartbeat-tick', (sim, jm) => jm.heartbeats.tick(sim))
const heartbeatRefused = eventKind<JobManager, TaskManagerLink>('flink.heartbeat-refused', (sim, jm, link) => jm.heartbeats.refused(sim, link))
const heartbeatDeadline = eventKind<JobManager, TaskManagerLink>('flink.heartbeat-deadline', (sim, jm, link) => jm.heartbeats.deadline(sim, link))
