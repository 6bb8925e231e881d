/**
 * Models: at most `limit` environments at once, and at most 1000 new ones in 10 s, refilled evenly; whoever asks
 *   for more is told 429.
 * Source: Lambda Developer Guide, Execution environment and scaling; Lambda Developer Guide, Using Lambda with Kinesis; Lambda Developer Guide, "Lambda function scaling".
 * Leaves out: other functions of the account, the limit on requests a second.
 */
import { invariant } from '../../../src/kernel/index.ts'

/** Concurrency of an account and region by default. */
export const ACCOUNT_LIMIT = 1000
const STARTS_DEPTH = 1000
const STARTS_PER_SECOND = 100

/** Counts what executes and what may be started. */
export class Concurrency {
  /** Most environments at once: the reserved concurrency, or the account's. */
  limit: number
  /** Share of the limit that is left, per cent; 100 unless throttled by a fault. */
  percent = 100
  inUse = 0
  private starts = STARTS_DEPTH
  private filledAt = 0

  /** `reserved` below 0 means none. */
  constructor(reserved: number) {
    this.limit = reserved < 0 ? ACCOUNT_LIMIT : reserved
  }

  /** Another reserved concurrency from now on; what is in use goes on. */
  reserve(reserved: number): void {
    this.limit = reserved < 0 ? ACCOUNT_LIMIT : reserved
  }

  /** The limit now in force. */
  get allowed(): number {
    return Math.floor((this.limit * this.percent) / 100)
  }

  /** Takes one; false is a 429. */
  enter(): boolean {
    if (this.inUse >= this.allowed) return false
    this.inUse++
    return true
  }

  leave(): void {
    invariant(this.inUse > 0, 'lambda.concurrency-not-negative')
    this.inUse--
  }

  /** Takes the right to start one environment; false is a 429. */
  start(now: number): boolean {
    this.starts = Math.min(STARTS_DEPTH, this.starts + ((now - this.filledAt) / 1e9) * STARTS_PER_SECOND)
    this.filledAt = now
    if (this.starts < 1) return false
    this.starts--
    return true
  }
}
