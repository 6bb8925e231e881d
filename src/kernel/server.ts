/** k servers with one FIFO queue: disks, request threads, task threads. Departures are known on arrival. */
import { Copyable } from './copied.ts'
import { eventKind, type EventKind } from './event.ts'
import { invariant } from './invariant.ts'
import type { Sim } from './sim.ts'
import type { Life, Unit } from './unit.ts'

/** One job: `kind` is handled on `unit` when its service is complete. */
export class Job extends Copyable {
  readonly server: Server
  readonly arrivedAt: number
  readonly service: number
  readonly unit: Unit
  readonly life: Life
  readonly incarnation: number
  readonly kind: EventKind<Unit, unknown>
  readonly payload: unknown
  startsAt = 0
  departsAt = 0
  /** Work done before the last change of speed, in nanoseconds at normal speed. */
  done = 0
  /** Its neighbours in the server's list; `isListed` until it departs or is forgotten. */
  next: Job | null = null
  previous: Job | null
  isListed = true

  constructor(
    server: Server, previous: Job | null, arrivedAt: number, service: number, unit: Unit,
    kind: EventKind<Unit, unknown>, payload: unknown,
  ) {
    super()
    this.server = server
    this.previous = previous
    this.arrivedAt = arrivedAt
    this.service = service
    this.unit = unit
    this.life = unit.life
    this.incarnation = this.life.incarnation
    this.kind = kind
    this.payload = payload
  }
}

/** Belongs to a unit and dies with it; a disk belongs to a unit that survives its broker. */
export class Server extends Copyable {
  readonly owner: Unit
  readonly width: number
  /** Work takes this many times as long; 1 is normal. Set through `setSpeed`. */
  factor = 1
  private stopped = false
  private readonly freeAt: Float64Array
  /** Jobs that have not departed, in order of arrival. */
  private head: Job | null = null
  private tail: Job | null = null
  length = 0
  /** Sum of service given, for utilisation: nanoseconds of one server. */
  busyNanos = 0

  /** `limitLength` is the caller's business: ask `length` before submitting. */
  constructor(owner: Unit, width: number) {
    super()
    invariant(width >= 1, 'kernel.server-width', owner.name)
    this.owner = owner
    this.width = width
    this.freeAt = new Float64Array(width)
    owner.servers.push(this)
  }

  /** Queues a job of `service` whole nanoseconds at normal speed. */
  submit<U extends Unit, P>(sim: Sim, service: number, unit: U, kind: EventKind<U, P>, payload: P): Job {
    const job = new Job(this, this.tail, sim.now, service, unit, kind as unknown as EventKind<Unit, unknown>, payload)
    if (this.tail === null) this.head = job
    else this.tail.next = job
    this.tail = job
    this.length++
    this.busyNanos += service
    if (!this.stopped) this.place(sim, job, sim.now)
    return job
  }

  /** Whole jobs' worth of waiting before a new job would start, nanoseconds. */
  backlogNanos(sim: Sim): number {
    return Math.max(0, (this.freeAt[this.freest()] as number) - sim.now)
  }

  isIdle(sim: Sim): boolean {
    return !this.stopped && (this.freeAt[this.freest()] as number) <= sim.now
  }

  /** Stretches remaining work; 1 is normal. Already done work stays done. */
  setSpeed(sim: Sim, factor: number): void {
    if (this.stopped) {
      this.factor = factor
      return
    }
    this.bank(sim)
    this.factor = factor
    this.replace(sim)
  }

  /** Freezes jobs in service with their remaining time. */
  stop(sim: Sim): void {
    if (this.stopped) return
    this.bank(sim)
    this.stopped = true
  }

  resume(sim: Sim): void {
    if (!this.stopped) return
    this.stopped = false
    this.replace(sim)
  }

  /** Forgets every job: the owner died. */
  clear(): void {
    for (let job = this.head; job !== null; job = job.next) job.isListed = false
    this.head = null
    this.tail = null
    this.length = 0
    this.freeAt.fill(0)
    this.stopped = false
  }

  /** Share of a job's service that is done, 0 to 1: service can stop in the middle of a slice. */
  progress(sim: Sim, job: Job): number {
    if (job.service === 0) return job.departsAt <= sim.now ? 1 : 0
    const running = this.stopped || job.startsAt > sim.now ? 0 : (sim.now - job.startsAt) / this.factor
    return Math.min(1, (job.done + running) / job.service)
  }

  private freest(): number {
    let best = 0
    for (let i = 1; i < this.width; i++) {
      if ((this.freeAt[i] as number) < (this.freeAt[best] as number)) best = i
    }
    return best
  }

  private place(sim: Sim, job: Job, from: number): void {
    const i = this.freest()
    const free = this.freeAt[i] as number
    job.startsAt = free > from ? free : from
    job.departsAt = job.startsAt + Math.ceil((job.service - job.done) * this.factor)
    this.freeAt[i] = job.departsAt
    sim.schedule(job.departsAt, this.owner, serverDone, job)
  }

  /** Counts what was done at the old speed. */
  private bank(sim: Sim): void {
    for (let job = this.head; job !== null; job = job.next) {
      if (job.startsAt < sim.now) {
        job.done = Math.min(job.service, job.done + (sim.now - job.startsAt) / this.factor)
      }
    }
  }

  /** Computes all departures anew from now; the old events find another departure time and do nothing. */
  private replace(sim: Sim): void {
    this.freeAt.fill(sim.now)
    for (let job = this.head; job !== null; job = job.next) this.place(sim, job, sim.now)
  }

  /** A departure event came; stale ones (re-timed) are ignored. */
  depart(sim: Sim, job: Job): void {
    if (job.departsAt !== sim.now || this.stopped || !job.isListed) return
    const before = job.previous
    const behind = job.next
    if (before === null) this.head = behind
    else before.next = behind
    if (behind === null) this.tail = before
    else behind.previous = before
    job.isListed = false
    job.previous = null
    job.next = null
    this.length--
    if (job.life.incarnation === job.incarnation) job.kind.handler(sim, job.unit, job.payload)
  }
}

const serverDone: EventKind<Unit, Job> = eventKind('kernel.server-done', (sim, _unit, job) => job.server.depart(sim, job))
