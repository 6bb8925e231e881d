/**
 * Models: the JobManager: TaskManagers register with it, it runs the job on their slots, coordinates checkpoints, and
 *   after its own death finds the job and its last checkpoint again only with high availability.
 * Source: Flink 2.1 documentation, Flink Architecture; Flink 2.1 documentation, Task Failure Recovery; Flink Kafka connector documentation, Fault Tolerance.
 * Leaves out: leader election between standbys (the platform restarts the one JobManager), the dispatcher.
 */
import { Process, type Death, type Host, type Sim, type Unit } from '../../../src/kernel/index.ts'
import { CheckpointCoordinator } from './checkpoint-coordinator.ts'
import { jobFailed } from './facts.ts'
import { Failover } from './failover.ts'
import { HeartbeatMonitor } from './heartbeat.ts'
import { dropTaskManager, callBytes, type Acknowledgement, type CheckpointCall, type JobManagerCalls, type LinkCall, type Registration, type SlotCall, type TaskState } from './rpc.ts'
import { TaskManagerLink } from './slot-pool.ts'
import type { CheckpointStorage } from './checkpoint-storage.ts'
import type { Job } from './job.ts'
import type { TaskManager } from './task-manager.ts'

export class JobManager extends Process implements JobManagerCalls {
  readonly job: Job
  readonly storage: CheckpointStorage
  /** All TaskManagers there are: for names in facts and marks of causes, not for any decision. */
  readonly taskManagers: TaskManager[]
  /** Registrations in order, dropped ones included. */
  links: TaskManagerLink[] = []
  coordinator: CheckpointCoordinator
  failover: Failover
  heartbeats: HeartbeatMonitor

  constructor(sim: Sim, job: Job, host: Host, storage: CheckpointStorage, taskManagers: TaskManager[], restartAfter: number) {
    super(sim, 'jobmanager', host)
    this.job = job
    this.storage = storage
    this.taskManagers = taskManagers
    this.restartAfter = restartAfter
    this.coordinator = new CheckpointCoordinator(this, job.settings, storage, sim.random('flink/checkpoint-start'))
    this.failover = new Failover(sim, this, 0)
    this.heartbeats = new HeartbeatMonitor(sim, this)
    this.failover.begin(sim)
  }

  override died(_sim: Sim, _how: Death): void {
    this.links = []
  }

  override started(sim: Sim): void {
    const execution = this.failover.execution
    this.coordinator = new CheckpointCoordinator(this, this.job.settings, this.storage, sim.random('flink/checkpoint-start'))
    this.failover = new Failover(sim, this, execution)
    this.heartbeats = new HeartbeatMonitor(sim, this)
    this.job.outage.failed(sim.now)
    if (!this.job.settings.highAvailability) {
      this.failover.state = 'failed'
      sim.fact(jobFailed, this)
      return
    }
    this.coordinator.completed = this.storage.pointer
    this.failover.begin(sim)
  }

  taskManager(link: TaskManagerLink): Unit {
    return this.taskManagers[link.index] as TaskManager
  }

  registered(sim: Sim, registration: Registration): void {
    const { connection, index, incarnation, slots } = registration
    for (const old of this.links) {
      if (old.isRegistered && old.index === index && old.incarnation === incarnation) this.drop(sim, old)
    }
    const link = new TaskManagerLink(this.links.length, index, incarnation, connection, slots, sim.now)
    connection.tag = link.number
    this.links.push(link)
    this.heartbeats.watch(sim, link)
    this.failover.begin(sim)
  }

  /** Gives a TaskManager up: it is told, if it can hear. */
  drop(sim: Sim, link: TaskManagerLink): void {
    if (!link.isRegistered) return
    link.isRegistered = false
    link.connection.send(sim, this, dropTaskManager, null, callBytes)
    link.connection.close(sim, this)
    this.failover.dropped(sim, link)
  }

  heartbeatAnswered(sim: Sim, call: LinkCall): void {
    const link = this.links[call.link]
    if (link !== undefined) this.heartbeats.answered(sim, link)
  }

  slotOffered(sim: Sim, call: SlotCall): void {
    const link = this.links[call.link]
    if (link !== undefined && link.isRegistered) this.failover.slotOffered(sim, link, call.slot)
  }

  deployed(_sim: Sim, call: LinkCall): void {
    const link = this.links[call.link]
    if (link !== undefined) this.failover.deployed(link, call.execution)
  }

  cancelled(sim: Sim, call: LinkCall): void {
    const link = this.links[call.link]
    if (link !== undefined) this.failover.cancelled(sim, link, call.execution)
  }

  taskStateChanged(sim: Sim, change: TaskState): void {
    this.failover.taskStateChanged(sim, change)
  }

  acknowledged(sim: Sim, acknowledgement: Acknowledgement): void {
    this.coordinator.acknowledged(sim, acknowledgement)
  }

  declined(sim: Sim, call: CheckpointCall): void {
    this.coordinator.declined(sim, call)
  }
}
