/**
 * Models: incremental fetch sessions: the broker remembers the position of each partition of a reader, and looks
 *   only at partitions where something has happened.
 * Source: KIP-227; Kafka 4.2 `FetchSession`, `DelayedFetch`.
 * Leaves out: the session cache's limit; a session belongs to its connection.
 */
import { Copyable, objects, removeAt, Timer, type EventKind } from '../../../src/kernel/index.ts'
import type { Batch, FetchedPartition, FetchRequest } from './protocol.ts'
import type { Replica } from './replica.ts'
import type { RequestChannel } from './request-channel.ts'
import type { Broker } from './broker.ts'

/** One partition of one session. */
export class Watch extends Copyable {
  readonly session: FetchSession
  readonly replica: Replica
  /** READ_REPLICA, READ_UNCOMMITTED or READ_COMMITTED. */
  readonly isolation: number
  /** Index of the follower among the partition's replicas, -1 for a consumer. */
  readonly follower: number
  position = 0
  /** On the session's dirty list. */
  isDirty = false
  /** The broker ceased to lead: the next answer says so. */
  hasMoved = false
  /** Set when the reader's position is not on this log: where the reader shall cut, else -1. */
  truncateTo = -1
  divergingEpoch = -1
  isOutOfRange = false
  sentHighWatermark = -1
  /** Bytes of the whole batches in [countedFrom, countedTo), under the leader epoch of then; see `hasEnough`. */
  countedFrom = -1
  countedTo = -1
  countedBytes = 0
  countedEpoch = -1

  constructor(session: FetchSession, replica: Replica, isolation: number, follower: number) {
    super()
    this.session = session
    this.replica = replica
    this.isolation = isolation
    this.follower = follower
  }
}

/** What a broker remembers of one reader. */
export class FetchSession extends Copyable {
  readonly channel: RequestChannel
  readonly watches: (Watch | null)[] = []
  /** Partitions of the session, in order of joining. */
  readonly members: Watch[] = objects()
  /** May have data, an error or a truncation for the reader. */
  readonly dirty: Watch[] = objects()
  /** Had data in the last answer. */
  answered: Watch[] = objects()
  /** The request that is being served, null between requests. */
  request: FetchRequest | null = null
  isParked = false
  /** On the broker's list of sessions to be tried again. */
  isAwake = false
  /** Time of the last request. */
  fetchedAt = -1
  /** A follower's session: when to look again who may join an in-sync set. */
  joinCheckAt = 0
  readonly expiry: Timer<Broker, FetchSession>
  /**
   * Where the batches of a read and the partitions of an answer are gathered; empty in between. The copies that go out
   * have the size they need, a third of that of lists that grow.
   */
  readonly reading: Batch[] = objects()
  readonly saying: FetchedPartition[] = objects()

  constructor(broker: Broker, channel: RequestChannel, expired: EventKind<Broker, FetchSession>) {
    super()
    this.channel = channel
    this.expiry = new Timer<Broker, FetchSession>(broker, expired, this)
  }

  watch(partition: number): Watch | null {
    return partition < this.watches.length ? (this.watches[partition] as Watch | null) : null
  }

  join(watch: Watch): void {
    const partition = watch.replica.partition
    while (this.watches.length <= partition) this.watches.push(null)
    this.watches[partition] = watch
    this.members.push(watch)
    watch.replica.watches.push(watch)
  }

  leave(watch: Watch): void {
    this.watches[watch.replica.partition] = null
    remove(this.members, watch)
    remove(this.answered, watch)
    remove(watch.replica.watches, watch)
    if (watch.isDirty) remove(this.dirty, watch)
    watch.isDirty = false
  }

  markDirty(watch: Watch): void {
    if (watch.isDirty) return
    watch.isDirty = true
    this.dirty.push(watch)
  }
}

function remove(list: Watch[], watch: Watch): void {
  const index = list.indexOf(watch)
  if (index >= 0) removeAt(list, index)
}
