/**
 * Models: one connection as a broker serves it: one request at a time, in order; further requests wait unread
 *   until the answer is sent.
 * Source: Kafka 4.2 `SocketServer` (a channel is muted from the receipt of a request to its answer).
 * Leaves out: network threads and queued.max.requests.
 */
import { Copyable, objects, type Connection } from '../../../src/kernel/index.ts'
import type { FetchSession } from './fetch-session.ts'

/** The broker's end of a connection. */
export class RequestChannel extends Copyable {
  readonly connection: Connection
  /** A request of this connection is being served. */
  isMuted = false
  /** That request; null while none is. */
  current: object | null = null
  session: FetchSession | null = null
  /** It is on the broker's list of those to be read again. */
  isReady = false
  private readonly types: number[] = []
  private readonly requests: object[] = objects()

  constructor(connection: Connection) {
    super()
    this.connection = connection
  }

  wait(type: number, request: object): void {
    this.types.push(type)
    this.requests.push(request)
  }

  hasWaiting(): boolean {
    return this.requests.length > 0
  }

  nextType(): number {
    return this.types.shift() as number
  }

  nextRequest(): object {
    return this.requests.shift() as object
  }

  /** Requests received but not begun, oldest first. */
  waitingRequests(): readonly object[] {
    return this.requests
  }

  waitingTypes(): readonly number[] {
    return this.types
  }
}
