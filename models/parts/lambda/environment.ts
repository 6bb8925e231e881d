/**
 * Models: an execution environment: none, starting, frozen between invocations, executing; it dies with its
 *   process and takes with it what it had not sent, while what it had sent stays sent.
 * Source: Lambda Developer Guide, Execution environment and scaling; Lambda Developer Guide, Using Lambda with Kinesis; Lambda Developer Guide, "Execution environment lifecycle".
 * Leaves out: extensions, the local disk that survives a reset; a frozen environment has no event due, so that
 *   freezing costs nothing.
 */
import type { World } from '../../../src/contract/architecture.ts'
import {
  eventKind, Process, Server, type Connection, type Death, type EventKind, type Host, type Sim, type Stream, type Unit,
} from '../../../src/kernel/index.ts'
import type { DynamoTable } from '../dynamodb/index.ts'
import type { FunctionService } from './function-service.ts'
import { Handler, type HandlerOptions } from './handler.ts'
import type { Invocation } from './invocation.ts'
import { environmentDied, environmentLost } from './words.ts'

/** What the service believes of a slot. */
export const NONE = 0
export const FROZEN = 1
export const EXECUTING = 2
export const STARTING = 3
/** Out of reach: not used until it is seen again. */
export const LOST = 4

/** One slot that the service may run an environment in; `processor-n` is the n-th that executes. */
export class Environment extends Process {
  readonly number: number
  /** What the service believes: NONE, FROZEN, EXECUTING, STARTING or LOST. */
  state = NONE
  /** To the service that invokes, and to the table. */
  serviceConnection: Connection | null = null
  tableConnection: Connection | null = null
  /** What the service has given it. */
  assigned: Invocation | null = null
  /** What it works on itself; null between invocations. */
  running: Invocation | null = null
  frozenSince = 0
  idleLimit = 0
  coldStarts = 0
  readonly cpu: Server
  readonly handler: Handler
  readonly service: FunctionService
  private readonly world: World
  private readonly table: DynamoTable

  constructor(
    world: World, number: number, host: Host, service: FunctionService, table: DynamoTable,
    backoff: Stream, options: HandlerOptions,
  ) {
    super(world.sim, `environment-${number + 1}`, host)
    this.world = world
    this.number = number
    this.service = service
    this.table = table
    this.cpu = new Server(this, 1)
    this.handler = new Handler(world, this, backoff, options)
  }

  /** INIT is over: the runtime has its connections and asks for work. */
  initialised(sim: Sim): void {
    this.tableConnection = sim.network.connect(sim, this, this.table, tableOpen, tableDown)
    this.service.tell(sim, this)
  }

  /** The connection to the table broke: another is opened, and what waits for an answer fails. */
  tableLost(sim: Sim, connection: Connection): void {
    if (this.tableConnection !== connection) return
    this.tableConnection = sim.network.connect(sim, this, this.table, tableOpen, tableDown)
    this.handler.tableLost(sim)
  }

  invoked(sim: Sim, invocation: Invocation): void {
    this.running = invocation
    this.handler.begin(sim, invocation)
  }

  override tellDeath(sim: Sim): boolean {
    if (this.running === null) return false
    sim.fact(environmentLost, this, this.running.written, this.running.batch.size)
    return true
  }

  override died(_sim: Sim, how: Death): void {
    const invocation = this.running
    this.running = null
    this.serviceConnection = null
    this.tableConnection = null
    this.handler.clear()
    if (invocation === null || how === 'closed') return
    const slices = invocation.batch.slices
    for (let i = 0; i < slices.length; i += 4) {
      this.world.outside.dropped(environmentDied, slices[i] as number, slices[i + 1] as number, 1)
    }
  }
}

const tableOpen: EventKind<Environment, Connection> = eventKind('lambda.table-open', () => {})
const tableDown: EventKind<Environment, Connection> = eventKind('lambda.table-down', (sim, environment, connection) => {
  environment.tableLost(sim, connection)
})
/** A batch reached the environment. */
export const invokeArrived: EventKind<Environment, Invocation> = eventKind('lambda.invoke', (sim, environment, invocation) => {
  environment.invoked(sim, invocation)
})
/** INIT is over. */
export const initDone: EventKind<Unit, Environment> = eventKind('lambda.init-done', (sim, _unit, environment) => environment.initialised(sim))
