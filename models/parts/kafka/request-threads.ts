/**
 * Models: the request threads of a broker: k servers with one queue.
 * Source: Kafka 4.2 `KafkaRequestHandlerPool` (num.io.threads); service times Kafka documentation, Operations; assumed.
 * Leaves out: an idle thread at normal speed acts at once and is then busy for the service time, so a request that
 *   waits for nobody is answered up to one service time (0.1 ms) early; saves one event a request.
 */
import { Copyable, type Sim } from '../../../src/kernel/index.ts'

/** When each thread is free; lives and dies with the broker's process. */
export class RequestThreads extends Copyable {
  private readonly freeAt: Float64Array
  /** Work given, nanoseconds of one thread. */
  busyNanos = 0

  constructor(width: number) {
    super()
    this.freeAt = new Float64Array(width)
  }

  /** Takes a thread for `service`; returns the time at which the request acts, now when a thread is idle. */
  take(sim: Sim, service: number, slowFactor: number): number {
    const freeAt = this.freeAt
    let best = 0
    for (let i = 1; i < freeAt.length; i++) if ((freeAt[i] as number) < (freeAt[best] as number)) best = i
    const free = freeAt[best] as number
    const start = free > sim.now ? free : sim.now
    const end = Math.ceil(start + service * slowFactor)
    freeAt[best] = end
    this.busyNanos += service
    return start === sim.now && slowFactor === 1 ? start : end
  }

  clear(): void {
    this.freeAt.fill(0)
  }
}
