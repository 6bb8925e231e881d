/**
 * Models: one synchronous invocation: a batch handed to an environment, and the answer that comes back.
 * Source: Lambda Developer Guide, Using Lambda with Kinesis; Lambda API, Invoke.
 * Leaves out: the response's own size limit.
 */
import { eventKind, type EventKind, type Sim } from '../../../src/kernel/index.ts'
import type { WriteObserver } from '../dynamodb/index.ts'
import type { Batch } from './batch.ts'
import type { Environment } from './environment.ts'
import type { FunctionService } from './function-service.ts'
import { batchWriteApplied } from './words.ts'

export const SUCCEEDED = 0
/** The function failed: exception, time-out, or its environment died. */
export const FUNCTION_ERROR = 1
/** 429 before the function ran. */
export const THROTTLED = 2
/** The service failed before the function ran. */
export const SERVICE_ERROR = 3
/** Accepted: the outcome comes later. */
export const ACCEPTED = 4

/** An invocation from its acceptance to its end. */
export class Invocation implements WriteObserver {
  readonly batch: Batch
  readonly environment: Environment
  /** Writes applied for it so far; for facts. */
  written = 0
  /** The service has its outcome; what comes later is ignored. */
  isOver = false

  constructor(batch: Batch, environment: Environment) {
    this.batch = batch
    this.environment = environment
  }

  /** One of its writes was applied; said for whoever waits for the n-th. */
  applied(sim: Sim): void {
    this.written++
    const environment = this.environment
    if (environment.running !== this) return
    environment.service.lastWriter = environment.number
    environment.service.lastWriteEvent = sim.events
    sim.fact(batchWriteApplied, environment, this.written, this.batch.size)
  }
}

/** What a function answers; `failedAt` is the lowest position in the batch reported as failed, -1 for none. */
export class InvocationAnswer {
  readonly invocation: Invocation
  readonly outcome: number
  readonly failedAt: number

  constructor(invocation: Invocation, outcome: number, failedAt: number) {
    this.invocation = invocation
    this.outcome = outcome
    this.failedAt = failedAt
  }
}

/** The function's answer reached the service. */
export const invokeAnswered: EventKind<FunctionService, InvocationAnswer> = eventKind('lambda.invoke-answered', (sim, service, answer) => {
  service.answered(sim, answer)
})
