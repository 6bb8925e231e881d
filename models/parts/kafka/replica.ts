/**
 * Models: one replica of a partition on one broker: its log, its role, and as leader the in-sync set, the
 *   followers' positions, who waits and who reads.
 * Source: Kafka 4.2 `Partition`, `Replica`.
 * Leaves out: reassignment, several log directories.
 */
import { Copyable, objects } from '../../../src/kernel/index.ts'
import type { Log } from './log.ts'
import type { Parked } from './purgatory.ts'
import type { FetchSession, Watch } from './fetch-session.ts'

export const OFFLINE = 0
export const LEADER = 1
export const FOLLOWER = 2

/** Its log and high watermark survive the process; the rest is set anew on start. */
export class Replica extends Copyable {
  readonly partition: number
  readonly broker: number
  /** Brokers of all replicas in order of assignment. */
  readonly brokers: readonly number[]
  readonly log: Log
  readonly isInternal: boolean
  role = OFFLINE
  leader = -1
  leaderEpoch = -1
  partitionEpoch = -1
  /** Committed in-sync replicas (broker numbers). */
  isr: readonly number[] = []
  /** Proposed to the controller and not yet answered, else null. */
  pendingIsr: readonly number[] | null = null
  highWatermark = 0
  /** Leader: last stable offset. */
  lastStable = 0
  /** Leader: log end when its epoch began. */
  epochStart = 0
  /** Leader, by index in `brokers`: log end, last time caught up, log end and time of the last answer, the session. */
  readonly followerEnd: number[]
  readonly caughtUpAt: number[]
  readonly answeredEnd: number[]
  readonly answeredAt: number[]
  readonly sessions: (FetchSession | null)[]
  /** Broker epoch that the follower fetched with. */
  readonly followerBrokerEpoch: number[]
  readonly watches: Watch[] = objects()
  /** Requests that wait for the high watermark, in order of offset. */
  waiting: Parked[] = objects()
  waitingFor: number[] = []
  waitingIndex: number[] = []
  waitingHead = 0
  /** On the broker's list of those whose high watermark moved. */
  hasMoved = false

  constructor(partition: number, broker: number, brokers: readonly number[], log: Log, isInternal: boolean) {
    super()
    this.partition = partition
    this.broker = broker
    this.brokers = brokers
    this.log = log
    this.isInternal = isInternal
    this.followerEnd = brokers.map(() => -1)
    this.caughtUpAt = brokers.map(() => -Infinity)
    this.answeredEnd = brokers.map(() => -1)
    this.answeredAt = brokers.map(() => -Infinity)
    this.sessions = brokers.map(() => null)
    this.followerBrokerEpoch = brokers.map(() => -1)
  }

  /** True when a broker is in the committed or the proposed in-sync set. */
  isInMaximalIsr(broker: number): boolean {
    return this.isr.includes(broker) || (this.pendingIsr !== null && this.pendingIsr.includes(broker))
  }

  /** Size of the union of the committed and the proposed in-sync set. */
  maximalIsrSize(): number {
    let size = this.isr.length
    if (this.pendingIsr !== null) for (const broker of this.pendingIsr) if (!this.isr.includes(broker)) size++
    return size
  }
}
