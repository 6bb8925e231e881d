/**
 * Models: how long a failed job waits before it is deployed again: exponential delay with jitter, reset after a
 *   long time without failure, failures that come before the next restart merged; or fixed delay; or never.
 * Source: Flink 2.1 documentation, Task Failure Recovery; Flink 2.1 ExponentialDelayRestartBackoffTimeStrategy; measured rows F-b of test/measurements (the ladder).
 * Leaves out: failure-rate, the pluggable failure enrichers.
 */
import { invariant, type Stream } from '../../../src/kernel/index.ts'

/** Settings under their keys `restart-strategy.*`; durations in nanoseconds. */
export interface RestartSettings {
  readonly type: 'none' | 'exponential-delay' | 'fixed-delay'
  readonly initialBackoff: number
  readonly maxBackoff: number
  readonly multiplier: number
  readonly jitterFactor: number
  readonly resetThreshold: number
  /** Attempts until the job fails for good; Infinity for no limit. */
  readonly attempts: number
  readonly fixedDelay: number
}

/** The state of the strategy; one per job, lost with the JobManager. */
export class RestartBackoff {
  private readonly settings: RestartSettings
  private readonly stream: Stream
  private current = 0
  /** Restarts granted since the last reset. */
  attempts = 0
  private nextRestartAt = 0

  constructor(settings: RestartSettings, stream: Stream) {
    this.settings = settings
    this.stream = stream
  }

  /** A failure at `now`: nanoseconds until the restart, or -1 when there will be none. */
  failure(now: number): number {
    const { type, initialBackoff, maxBackoff, multiplier, jitterFactor, resetThreshold } = this.settings
    if (type === 'none') return -1
    if (now < this.nextRestartAt) return this.nextRestartAt - now
    if (type === 'fixed-delay') {
      if (++this.attempts > this.settings.attempts) return -1
      this.nextRestartAt = now + this.settings.fixedDelay
      return this.settings.fixedDelay
    }
    if (this.current === 0 || now >= this.nextRestartAt + resetThreshold + this.current) {
      this.current = initialBackoff
      this.attempts = 0
    } else {
      this.current = Math.min(maxBackoff, this.current * multiplier)
    }
    if (++this.attempts > this.settings.attempts) return -1
    const jitter = this.current * jitterFactor
    const delay = Math.round(Math.min(maxBackoff, this.current + (this.stream.uniform() * 2 - 1) * jitter))
    invariant(delay >= 0, 'flink.backoff-not-negative', String(delay))
    this.nextRestartAt = now + delay
    return delay
  }
}
