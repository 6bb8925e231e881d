/**
 * Models: the function: it takes the batch in chunks of as many records as it writes at a time; decides each
 *   record, sends the chunk's writes together, waits for all of them, and goes on. A malformed record makes it
 *   throw, or with ReportBatchItemFailures name the record's sequence number.
 * Source: Lambda Developer Guide, Using Lambda with Kinesis; Lambda Developer Guide, Execution environment and scaling (25 writes at a time); SDK for JavaScript v3.
 * Leaves out: keyed state outside the table; CPU per invocation beside the records' own: 1 ms at 1 vCPU [assumed].
 */
import type { World } from '../../../src/contract/architecture.ts'
import { MALFORMED } from '../../../src/contract/births.ts'
import { eventKind, invariant, type EventKind, type Sim, type Stream, type Unit } from '../../../src/kernel/index.ts'
import { refusedItems, sdkBackoffNanos, WriteGroup, writeSent, writesArrived } from '../dynamodb/index.ts'
import type { Environment } from './environment.ts'
import { FUNCTION_ERROR, InvocationAnswer, invokeAnswered, SUCCEEDED, type Invocation } from './invocation.ts'
import { hopOfSlices } from '../../../src/contract/hop.ts'
import { begun, decidedHop } from './hops.ts'
import { writesTogether } from './words.ts'

/** 1769 MB are one vCPU; a handler of one thread is no faster with more. */
const MEGABYTES_PER_CPU = 1769
const FIXED_WORK = 1e6

/** How the function is written and set up; `live` values are read at each use. */
export interface HandlerOptions {
  writesAtATime: number
  /** CPU time of one record on one vCPU. */
  workNanos: number
  memoryMegabytes: number
  reportsItemFailures: boolean
  /** With ReportBatchItemFailures: goes on behind a failed record, or stops at it. */
  goesOn: boolean
  sdkAttempts: number
  itemBytes: number
}

/** Works on one invocation at a time. */
export class Handler {
  private readonly world: World
  private readonly environment: Environment
  private readonly backoff: Stream
  private readonly options: HandlerOptions
  /** Records below are decided; [from, next) is the chunk at hand. */
  private next = 0
  private failedAt = -1
  private attempt = 1
  /** The writes that are out. */
  private group: WriteGroup | null = null

  constructor(world: World, environment: Environment, backoff: Stream, options: HandlerOptions) {
    this.world = world
    this.environment = environment
    this.backoff = backoff
    this.options = options
  }

  begin(sim: Sim, invocation: Invocation): void {
    this.next = 0
    this.failedAt = -1
    if (sim.tracer !== null) hopOfSlices(sim, begun, this.environment, invocation.batch.slices)
    this.compute(sim, invocation, FIXED_WORK)
  }

  /** The chunk's records are decided: their writes go out together. */
  decided(sim: Sim, invocation: Invocation): void {
    const { outside, births } = this.world
    const slices = invocation.batch.slices
    const from = this.next
    const to = Math.min(invocation.batch.size, from + this.options.writesAtATime)
    let end = to
    let failed = 0
    for (let i = from; i < to; i++) {
      if ((births.flagsOf(slices[4 * i] as number, slices[4 * i + 1] as number) & MALFORMED) === 0) continue
      if (!this.options.reportsItemFailures) {
        this.answer(sim, invocation, FUNCTION_ERROR)
        return
      }
      failed++
      if (this.failedAt < 0) this.failedAt = i
      if (this.options.goesOn) continue
      end = i
      break
    }
    const isWhole = failed === 0 && from === 0 && to === invocation.batch.size
    const items = isWhole ? slices : this.wellFormed(slices, from, end)
    if (sim.tracer !== null) hopOfSlices(sim, decidedHop, this.environment, items)
    for (let i = 0; i < items.length; i += 4) outside.processed(items[i] as number, items[i + 1] as number, 1)
    this.next = end < to ? invocation.batch.size : to
    this.attempt = 1
    if (items.length === 0) this.goOn(sim, invocation)
    else this.write(sim, invocation, items)
  }

  /** All writes of a group are answered. */
  written(sim: Sim, group: WriteGroup): void {
    const invocation = this.environment.running
    if (invocation === null || this.group !== group) return
    this.group = null
    if (group.refused.length === 0) this.goOn(sim, invocation)
    else if (this.attempt >= this.options.sdkAttempts) this.answer(sim, invocation, FUNCTION_ERROR)
    else {
      this.attempt++
      const again = refusedItems(group.items, group.refused)
      sim.after(sdkBackoffNanos(this.backoff, this.attempt), this.environment, writeAgain, again)
    }
  }

  /** The SDK's back-off is over. */
  retry(sim: Sim, items: number[]): void {
    if (this.environment.running !== null) this.write(sim, this.environment.running, items)
  }

  /** The connection broke with writes out: whether they were applied is unknown, and the function throws. */
  tableLost(sim: Sim): void {
    const invocation = this.environment.running
    if (this.group === null || invocation === null) return
    this.group = null
    this.answer(sim, invocation, FUNCTION_ERROR)
  }

  /** The environment died. */
  clear(): void {
    this.group = null
  }

  /** What was sent for this invocation is from now on written by one that has been replaced. */
  replaced(): void {
    if (this.group !== null) this.group.replaced = true
  }

  /** The records [from, to) without the malformed ones. */
  private wellFormed(slices: readonly number[], from: number, to: number): number[] {
    const items: number[] = []
    for (let i = 4 * from; i < 4 * to; i += 4) {
      const lane = slices[i] as number
      const index = slices[i + 1] as number
      if ((this.world.births.flagsOf(lane, index) & MALFORMED) === 0) items.push(lane, index, 1, slices[i + 3] as number)
    }
    return items
  }

  private compute(sim: Sim, invocation: Invocation, fixed: number): void {
    const records = Math.min(invocation.batch.size - this.next, this.options.writesAtATime)
    const speed = Math.min(1, this.options.memoryMegabytes / MEGABYTES_PER_CPU)
    const work = Math.ceil((fixed + records * this.options.workNanos) / speed)
    this.environment.cpu.submit(sim, work, this.environment, chunkDecided, invocation)
  }

  private write(sim: Sim, invocation: Invocation, items: readonly number[]): void {
    this.stateOrder(items)
    const connection = this.environment.tableConnection
    invariant(connection !== null, 'lambda.table-connected', this.environment.name)
    const group = new WriteGroup(connection, writesAnswered as EventKind<Unit, WriteGroup>, items, invocation)
    // A request that outlives its invocation is a zombie's from its first write on.
    group.replaced = invocation.isOver
    this.group = group
    if (sim.tracer !== null) hopOfSlices(sim, writeSent, this.environment, items)
    connection.send(sim, this.environment, writesArrived, group, (items.length / 4) * (200 + this.options.itemBytes))
  }

  /** Writes that are out together have no order: who is followed by its own key may be overtaken. */
  private stateOrder(items: readonly number[]): void {
    const { births, copies } = this.world
    for (let i = 0; i < items.length; i += 4) {
      const lane = items[i] as number
      const index = items[i + 1] as number
      const key = births.keyOf(lane, index)
      for (let j = i + 4; j < items.length; j += 4) {
        if (items[j] !== lane || births.keyOf(lane, items[j + 1] as number) !== key) continue
        copies.sentUnordered(writesTogether, lane, index)
        break
      }
    }
  }

  private goOn(sim: Sim, invocation: Invocation): void {
    if (this.next < invocation.batch.size) this.compute(sim, invocation, 0)
    else this.answer(sim, invocation, SUCCEEDED)
  }

  private answer(sim: Sim, invocation: Invocation, outcome: number): void {
    const environment = this.environment
    environment.running = null
    const reply = new InvocationAnswer(invocation, outcome, outcome === SUCCEEDED ? this.failedAt : -1)
    environment.serviceConnection?.send(sim, environment, invokeAnswered, reply, 200)
  }
}

const chunkDecided: EventKind<Environment, Invocation> = eventKind('lambda.chunk-decided', (sim, environment, invocation) => {
  environment.handler.decided(sim, invocation)
})
const writesAnswered: EventKind<Environment, WriteGroup> = eventKind('lambda.writes-answered', (sim, environment, group) => {
  environment.handler.written(sim, group)
})
const writeAgain: EventKind<Environment, number[]> = eventKind('lambda.write-again', (sim, environment, items) => {
  environment.handler.retry(sim, items)
})
