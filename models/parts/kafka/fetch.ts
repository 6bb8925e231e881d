/**
 * Models: fetches of consumers and followers: answered when fetch.min.bytes lie below the reader's bound (log end for
 *   a follower, high watermark, or last stable offset), or when the wait is over; positions that are not on this log are
 *   answered with where to cut.
 * Source: Kafka 4.2 `DelayedFetch`, `ReplicaManager#fetchMessages`, `Partition#readRecords`; KIP-227, KIP-595.
 * Leaves out: fetching from followers (KIP-392), throttling, reads from disk: what a run appends fits the page cache.
 */
import { empty, invariant, shorten, type Sim } from '../../../src/kernel/index.ts'
import { fetchExpired, type Broker } from './broker.ts'
import { FetchSession, Watch } from './fetch-session.ts'
import { checkJoining, followerFetched } from './follower-position.ts'
import { type Batch, FetchedPartition, type FetchAnswer, type FetchRequest, READ_COMMITTED, READ_REPLICA } from './protocol.ts'
import { FollowerFetchRequest } from './protocol-internal.ts'
import { LEADER, type Replica } from './replica.ts'
import type { RequestChannel } from './request-channel.ts'
import { answer } from './requests.ts'

const NO_ABORTED: readonly number[] = Object.freeze([])
const NO_BATCHES: readonly Batch[] = Object.freeze([])
const ANSWER_BYTES = 60
const PARTITION_BYTES = 40

export function handleFetch(sim: Sim, broker: Broker, channel: RequestChannel, request: FetchRequest): void {
  let session = channel.session
  if (session === null) {
    session = new FetchSession(broker, channel, fetchExpired)
    channel.session = session
  }
  session.request = request
  session.fetchedAt = sim.now
  readChanges(sim, broker, session, request)
  if (request.replicaId >= 0) checkJoining(sim, broker, session, request.brokerEpoch)
  // What was sent and not taken is sent again.
  for (let i = 0; i < session.answered.length; i++) session.markDirty(session.answered[i] as Watch)
  empty(session.answered)
  session.isParked = true
  session.expiry.set(sim, sim.now + request.maxWaitNanos)
  if (session.dirty.length > 0 || request.minBytes <= 0) answerFetch(sim, broker, session, request.minBytes <= 0)
}

/** Takes in new positions; a follower's position tells the leader what the follower holds. */
function readChanges(sim: Sim, broker: Broker, session: FetchSession, request: FetchRequest): void {
  const changed = request.changed
  const epochs = request instanceof FollowerFetchRequest ? request.leaderEpochs : null
  for (let i = 0; i < changed.length; i += 3) {
    const partition = changed[i] as number
    const offset = changed[i + 1] as number
    let watch = session.watch(partition)
    if (offset < 0) {
      if (watch !== null) session.leave(watch)
      continue
    }
    const replica = broker.replica(partition)
    if (replica === null) continue
    if (watch === null) {
      watch = new Watch(session, replica, request.isolation, request.replicaId < 0 ? -1 : replica.brokers.indexOf(request.replicaId))
      session.join(watch)
    }
    const answeredTo = watch.position
    watch.position = offset
    if (replica.role !== LEADER || (epochs !== null && epochs[i / 3] !== replica.leaderEpoch)) {
      watch.hasMoved = true
      session.markDirty(watch)
      continue
    }
    watch.hasMoved = false
    checkPosition(watch, changed[i + 2] as number)
    if (watch.truncateTo < 0 && !watch.isOutOfRange) {
      if (watch.follower >= 0) followerFetched(sim, broker, session, watch, request.brokerEpoch)
      if (offset !== answeredTo) removeAnswered(session, watch)
      if (offset < boundOf(watch)) session.markDirty(watch)
    } else session.markDirty(watch)
  }
}

function removeAnswered(session: FetchSession, watch: Watch): void {
  const index = session.answered.indexOf(watch)
  if (index < 0) return
  session.answered[index] = session.answered[session.answered.length - 1] as Watch
  session.answered.pop()
}

/** Compares the reader's last epoch with this log (KIP-595): where it diverges, the reader must cut. */
function checkPosition(watch: Watch, lastEpoch: number): void {
  const log = watch.replica.log
  watch.truncateTo = -1
  watch.isOutOfRange = false
  if (lastEpoch >= 0) {
    if (lastEpoch === log.lastEpoch() && watch.position <= log.end) return
    log.findEpochEnd(lastEpoch)
    if (log.foundEpoch < lastEpoch || log.foundEnd < watch.position) {
      watch.truncateTo = log.foundEnd
      watch.divergingEpoch = log.foundEpoch
      return
    }
  }
  if (watch.position > log.end) watch.isOutOfRange = true
}

/** Where this reader's reading ends now. */
function boundOf(watch: Watch): number {
  const replica = watch.replica
  if (watch.isolation === READ_REPLICA) return replica.log.end
  return watch.isolation === READ_COMMITTED ? replica.lastStable : replica.highWatermark
}

/** Answers a parked fetch if there is enough to say, or in any case when `isForced`. */
export function answerFetch(sim: Sim, broker: Broker, session: FetchSession, isForced: boolean): void {
  const request = session.request
  invariant(request !== null && session.isParked, 'kafka.answer-a-parked-fetch', broker.name)
  if (!isForced && request.minBytes > 1 && !hasEnough(session, request.minBytes)) return
  const { dirty, saying } = session
  let kept = 0
  let bytes = 0
  for (let i = 0; i < dirty.length; i++) {
    const watch = dirty[i] as Watch
    if (bytes >= request.maxBytes && !watch.hasMoved) {
      dirty[kept++] = watch
      continue
    }
    const found = readFor(watch, request, request.maxBytes - bytes)
    watch.isDirty = false
    if (found === null) continue
    if (found.batches.length > 0) {
      for (let b = 0; b < found.batches.length; b++) bytes += (found.batches[b] as Batch).bytes
      session.answered.push(watch)
    }
    if (watch.follower >= 0) {
      watch.replica.answeredEnd[watch.follower] = watch.replica.log.end
      watch.replica.answeredAt[watch.follower] = sim.now
    }
    saying.push(found)
  }
  shorten(dirty, kept)
  if (saying.length === 0 && !isForced) return
  if (isForced) addWatermarks(session, saying)
  const partitions = saying.slice()
  empty(saying)
  for (let i = 0; i < partitions.length; i++) dropMoved(session, partitions[i] as FetchedPartition)
  const payload: FetchAnswer = { request, partitions, bytes }
  session.isParked = false
  session.request = null
  session.expiry.stop()
  answer(sim, broker, session.channel, request.onAnswer, payload, ANSWER_BYTES + PARTITION_BYTES * partitions.length + bytes)
}

/** What one partition has for its reader, null when there is nothing to say. */
function readFor(watch: Watch, request: FetchRequest, maxBytes: number): FetchedPartition | null {
  const replica = watch.replica
  if (watch.hasMoved || replica.role !== LEADER) return errorOf(replica, 'NOT_LEADER_OR_FOLLOWER')
  if (watch.truncateTo >= 0) {
    return new FetchedPartition(
      replica.partition, 'NONE', NO_BATCHES, replica.highWatermark, replica.lastStable, 0, NO_ABORTED, watch.truncateTo,
      replica.leaderEpoch, watch.divergingEpoch,
    )
  }
  if (watch.isOutOfRange) return errorOf(replica, 'OFFSET_OUT_OF_RANGE')
  const bound = boundOf(watch)
  if (watch.position >= bound) return null
  const limit = request.maxPartitionBytes < maxBytes ? request.maxPartitionBytes : maxBytes
  const { reading } = watch.session
  replica.log.read(watch.position, bound, limit, reading)
  if (reading.length === 0) return null
  const batches = reading.slice()
  empty(reading)
  let aborted = NO_ABORTED
  if (watch.isolation === READ_COMMITTED && replica.log.producers.aborted.length > 0) {
    const last = batches[batches.length - 1] as Batch
    const found: number[] = []
    replica.log.producers.abortedIn(watch.position, last.baseOffset + last.records, found)
    if (found.length > 0) aborted = found
  }
  watch.sentHighWatermark = replica.highWatermark
  return new FetchedPartition(
    replica.partition, 'NONE', batches, replica.highWatermark, replica.lastStable, 0, aborted, -1, replica.leaderEpoch,
  )
}

function errorOf(replica: Replica, error: 'NOT_LEADER_OR_FOLLOWER' | 'OFFSET_OUT_OF_RANGE'): FetchedPartition {
  return new FetchedPartition(
    replica.partition, error, NO_BATCHES, replica.highWatermark, replica.lastStable, 0, NO_ABORTED, -1, replica.leaderEpoch,
  )
}

/** A reader that was told to look elsewhere is forgotten here. */
function dropMoved(session: FetchSession, partition: FetchedPartition): void {
  if (partition.error !== 'NOT_LEADER_OR_FOLLOWER') return
  const watch = session.watch(partition.partition)
  if (watch !== null) session.leave(watch)
}

/** At the end of a wait, partitions whose high watermark moved are told too. */
function addWatermarks(session: FetchSession, partitions: FetchedPartition[]): void {
  for (let i = 0; i < session.members.length; i++) {
    const watch = session.members[i] as Watch
    const replica = watch.replica
    if (replica.role !== LEADER || watch.sentHighWatermark === replica.highWatermark) continue
    watch.sentHighWatermark = replica.highWatermark
    if (partitions.some((known) => known.partition === replica.partition)) continue
    partitions.push(new FetchedPartition(
      replica.partition, 'NONE', NO_BATCHES, replica.highWatermark, replica.lastStable, 0, NO_ABORTED, -1, replica.leaderEpoch,
    ))
  }
}

/** Whether the bytes below the bounds reach fetch.min.bytes; errors and cuts are always enough. */
function hasEnough(session: FetchSession, minBytes: number): boolean {
  let bytes = 0
  for (let i = 0; i < session.dirty.length; i++) {
    const watch = session.dirty[i] as Watch
    if (watch.hasMoved || watch.truncateTo >= 0 || watch.isOutOfRange || watch.replica.role !== LEADER) return true
    bytes += bytesFor(watch, boundOf(watch))
    if (bytes >= minBytes) return true
  }
  return false
}

/** Bytes from the reader's position to its bound; what was counted before is not read again. */
function bytesFor(watch: Watch, bound: number): number {
  const { replica } = watch
  if (watch.position >= bound) return 0
  if (watch.countedFrom !== watch.position || watch.countedTo > bound || watch.countedEpoch !== replica.leaderEpoch) {
    watch.countedFrom = watch.position
    watch.countedTo = watch.position
    watch.countedBytes = 0
    watch.countedEpoch = replica.leaderEpoch
  }
  if (watch.countedTo < bound) {
    const { reading } = watch.session
    watch.countedBytes += replica.log.read(watch.countedTo, bound, Infinity, reading)
    if (reading.length > 0) {
      const last = reading[reading.length - 1] as Batch
      watch.countedTo = last.baseOffset + last.records
    }
    empty(reading)
  }
  return watch.countedBytes
}

/** The wait of a fetch is over: it is answered with what there is. */
export function expireFetch(sim: Sim, broker: Broker, session: FetchSession): void {
  if (session.isParked) answerFetch(sim, broker, session, true)
}

/** The connection ended: its session too. True when a fetch of it was waiting. */
export function closeSession(channel: RequestChannel): boolean {
  const session = channel.session
  if (session === null) return false
  channel.session = null
  const wasParked = session.isParked
  session.isParked = false
  session.request = null
  session.expiry.stop()
  while (session.members.length > 0) session.leave(session.members[session.members.length - 1] as Watch)
  return wasParked
}
