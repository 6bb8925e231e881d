/**
 * Models: the service that runs a function: a warm environment if there is one, else a cold start, else 429; it
 *   learns of an environment's death by the broken connection, of a lost host by its health check, and kills what
 *   runs longer than Timeout, side effects left as they are.
 * Source: Lambda Developer Guide, Execution environment and scaling; overhead of an invocation p50 5 ms, p99 20 ms [assumed]. Environments idle for
 *   5 to 15 minutes are taken away; health check once a second: assumed.
 * Leaves out: versions and aliases, provisioned concurrency, placement beyond spreading over zones.
 */
import {
  crash, endUnit, eventKind, fromTable, invariant, lognormalTable, Process, slow, startUnit, Timer,
  type Connection, type EventKind, type Host, type Sim, type Stream,
} from '../../../src/kernel/index.ts'
import { coldStartNanos } from './cold-start.ts'
import type { Batch } from './batch.ts'
import type { Concurrency } from './concurrency.ts'
import { EXECUTING, FROZEN, initDone, invokeArrived, LOST, NONE, STARTING, type Environment } from './environment.ts'
import {
  ACCEPTED, FUNCTION_ERROR, Invocation, SERVICE_ERROR, THROTTLED, type InvocationAnswer,
} from './invocation.ts'
import { environmentsReplaced, environmentStarted, invocationTimedOut } from './words.ts'
import { hopOfSlices } from '../../../src/contract/hop.ts'
import { answeredHop, invoked } from './hops.ts'

const overheadNanos = lognormalTable(6e6, 0.6)
const HEALTH_CHECK = 1e9
const INIT_LIMIT = 10e9

/** Whoever invokes hears of each outcome. */
export interface Invoker {
  finished(sim: Sim, batch: Batch, outcome: number, failedAt: number): void
}

/** The control plane and the workers' supervisors: on a host that no user can strike. */
export class FunctionService extends Process {
  readonly environments: Environment[] = []
  readonly concurrency: Concurrency
  timeoutNanos: number
  invoker: Invoker | null = null
  /** Per cent of invocations that fail before the function runs; an inflicted fault. */
  errorPercent = 0
  throttles = 0
  /** The environment that took the latest batch; for facts. */
  chosen: Environment | null = null
  coldStarts = 0
  /** The environment whose write was applied last, and in which event. */
  lastWriter = -1
  lastWriteEvent = -1
  private readonly runtime: string
  private readonly timers: Timer<FunctionService, Environment>[] = []
  private readonly overhead: Stream
  private readonly starts: Stream
  private readonly idle: Stream
  private readonly errors: Stream

  constructor(sim: Sim, host: Host, concurrency: Concurrency, timeoutNanos: number, runtime: string) {
    super(sim, 'lambda', host)
    this.isManaged = true
    this.concurrency = concurrency
    this.timeoutNanos = timeoutNanos
    this.runtime = runtime
    this.overhead = sim.random('lambda/overhead')
    this.starts = sim.random('lambda/cold-start')
    this.idle = sim.random('lambda/idle')
    this.errors = sim.random('lambda/inflicted-errors')
    sim.after(HEALTH_CHECK, this, healthCheck, null)
  }

  add(environment: Environment): void {
    invariant(environment.number === this.environments.length, 'lambda.environment-number')
    this.environments.push(environment)
    this.timers.push(new Timer<FunctionService, Environment>(this, timeOver, environment))
  }

  /** Takes a batch, or says why not: THROTTLED, SERVICE_ERROR. */
  invoke(sim: Sim, batch: Batch): number {
    if (this.errorPercent > 0 && this.errors.below(100) < this.errorPercent) return SERVICE_ERROR
    if (!this.concurrency.enter()) return this.refuse()
    const warm = this.find(sim, FROZEN)
    if (warm !== null) {
      this.assign(warm, batch, EXECUTING)
      this.send(sim, warm)
      return ACCEPTED
    }
    const place = this.find(sim, NONE)
    if (place === null || !this.concurrency.start(sim.now)) {
      this.concurrency.leave()
      return this.refuse()
    }
    this.assign(place, batch, STARTING)
    this.start(sim, place)
    return ACCEPTED
  }

  /** An environment has initialised itself. */
  tell(sim: Sim, environment: Environment): void {
    environment.serviceConnection?.send(sim, environment, environmentReady, environment, 100)
  }

  ready(sim: Sim, environment: Environment): void {
    if (environment.state !== STARTING) return
    environment.state = EXECUTING
    this.send(sim, environment)
  }

  /** The function has answered. */
  answered(sim: Sim, answer: InvocationAnswer): void {
    const environment = answer.invocation.environment
    if (answer.invocation.isOver || environment.assigned !== answer.invocation) return
    this.timerOf(environment).stop()
    if (sim.tracer !== null) hopOfSlices(sim, answeredHop, this, answer.invocation.batch.slices)
    environment.state = FROZEN
    environment.frozenSince = sim.now
    this.over(sim, environment, answer.outcome, answer.failedAt)
  }

  /** The connection to an environment broke: it is no more. */
  broken(sim: Sim, connection: Connection): void {
    const environment = this.environments[connection.tag] as Environment
    if (environment.alive && environment.serviceConnection !== connection) return
    this.timerOf(environment).stop()
    environment.state = NONE
    if (environment.assigned !== null) this.over(sim, environment, FUNCTION_ERROR, -1)
  }

  /** Timeout, or INIT's limit: the worker's own supervisor kills it. */
  timeOver(sim: Sim, environment: Environment): void {
    const invocation = environment.assigned ?? environment.running
    if (invocation !== null) sim.fact(invocationTimedOut, environment, invocation.written, invocation.batch.size)
    environment.handler.replaced()
    this.stop(sim, environment)
    if (environment.state !== LOST) environment.state = NONE
    if (environment.assigned !== null) this.over(sim, environment, FUNCTION_ERROR, -1)
  }

  /** A new version: what is frozen goes now, what executes after its invocation. */
  deploy(sim: Sim): void {
    let count = 0
    for (const environment of this.environments) {
      if (environment.state === NONE || environment.state === LOST) continue
      count++
      environment.idleLimit = 0
      if (environment.state === FROZEN) this.shutDown(sim, environment)
    }
    sim.fact(environmentsReplaced, this, count)
  }

  /** Hosts that do not answer: their environments are given up, and taken back when they are seen again. */
  check(sim: Sim): void {
    for (const environment of this.environments) {
      const isReachable = this.reaches(sim, environment)
      if (!isReachable && environment.state !== LOST) {
        const wasAssigned = environment.assigned !== null
        environment.handler.replaced()
        environment.state = LOST
        if (wasAssigned) this.over(sim, environment, FUNCTION_ERROR, -1)
      } else if (isReachable && environment.state === LOST) {
        this.stop(sim, environment)
        environment.state = NONE
      }
    }
    sim.after(HEALTH_CHECK, this, healthCheck, null)
  }

  audit(): void {
    let inUse = 0
    for (const environment of this.environments) {
      const isBusy = environment.state === EXECUTING || environment.state === STARTING
      invariant(isBusy === (environment.assigned !== null), 'lambda.busy-is-assigned', () => `${environment.name} ${environment.state}`)
      if (environment.assigned !== null) inUse++
    }
    invariant(inUse === this.concurrency.inUse, 'lambda.concurrency-counted-twice', () => `${inUse}`)
  }

  private assign(environment: Environment, batch: Batch, state: number): void {
    batch.invocations++
    environment.assigned = new Invocation(batch, environment)
    this.chosen = environment
    environment.state = state
  }

  /** The lowest-numbered slot in this state; environments frozen for too long are no more. */
  private find(sim: Sim, state: number): Environment | null {
    for (let i = 0; i < this.environments.length; i++) {
      const environment = this.environments[i] as Environment
      if (environment.state !== state) continue
      if (state !== FROZEN || sim.now - environment.frozenSince < environment.idleLimit) return environment
      this.shutDown(sim, environment)
    }
    return null
  }

  private start(sim: Sim, environment: Environment): void {
    this.coldStarts++
    environment.coldStarts++
    // On a dead host nothing starts; the health check will say so.
    if (!environment.alive && environment.host.up) {
      slow(sim, environment, 1)
      startUnit(sim, environment)
    }
    const init = coldStartNanos(this.starts, this.runtime)
    environment.idleLimit = (5 + 10 * this.idle.uniform()) * 60e9
    const connection = sim.network.connect(sim, this, environment, workerReached, workerLost)
    connection.tag = environment.number
    environment.serviceConnection = connection
    sim.after(init, environment, initDone, environment)
    this.timerOf(environment).set(sim, sim.now + INIT_LIMIT + this.timeoutNanos)
    sim.fact(environmentStarted, environment, init, this.coldStarts)
  }

  private send(sim: Sim, environment: Environment): void {
    const delay = Math.ceil(fromTable(this.overhead, overheadNanos))
    this.timerOf(environment).set(sim, sim.now + delay + this.timeoutNanos)
    sim.after(delay, this, invokeDue, environment.assigned as Invocation)
  }

  /** The overhead of an invocation is over: the batch goes to the environment. */
  dispatched(sim: Sim, invocation: Invocation): void {
    const environment = invocation.environment
    if (invocation.isOver || environment.assigned !== invocation) return
    if (sim.tracer !== null) hopOfSlices(sim, invoked, this, invocation.batch.slices, invocation.batch.size)
    environment.serviceConnection?.send(sim, this, invokeArrived, invocation, 500 * invocation.batch.size)
  }

  private over(sim: Sim, environment: Environment, outcome: number, failedAt: number): void {
    const invocation = environment.assigned as Invocation
    invocation.isOver = true
    environment.assigned = null
    this.concurrency.leave()
    ;(this.invoker as Invoker).finished(sim, invocation.batch, outcome, failedAt)
  }

  private refuse(): number {
    this.throttles++
    return THROTTLED
  }

  private shutDown(sim: Sim, environment: Environment): void {
    this.stop(sim, environment)
    environment.state = NONE
  }

  private stop(sim: Sim, environment: Environment): void {
    this.timerOf(environment).stop()
    // A frozen program of the user's pause has events held for it, which only a crash forgets.
    if (environment.paused || environment.running !== null) crash(sim, environment, Infinity)
    else endUnit(sim, environment, 'closed')
  }

  private reaches(sim: Sim, environment: Environment): boolean {
    const host = environment.host
    return host.up && sim.network.path(this.host, host).cuts === 0 && sim.network.path(host, this.host).cuts === 0
  }

  private timerOf(environment: Environment): Timer<FunctionService, Environment> {
    return this.timers[environment.number] as Timer<FunctionService, Environment>
  }
}

const workerReached: EventKind<FunctionService, Connection> = eventKind('lambda.worker-reached', () => {})
const workerLost: EventKind<FunctionService, Connection> = eventKind('lambda.worker-lost', (sim, service, connection) => {
  service.broken(sim, connection)
})
const environmentReady: EventKind<FunctionService, Environment> = eventKind('lambda.ready', (sim, service, environment) => service.ready(sim, environment))
const invokeDue: EventKind<FunctionService, Invocation> = eventKind('lambda.invoke-due', (sim, service, invocation) => service.dispatched(sim, invocation))
const timeOver: EventKind<FunctionService, Environment> = eventKind('lambda.time-over', (sim, service, environment) => service.timeOver(sim, environment))
const healthCheck: EventKind<FunctionService, null> = eventKind('lambda.health-check', (sim, service) => service.check(sim))
