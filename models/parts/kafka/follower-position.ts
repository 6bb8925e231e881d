/**
 * Models: what a follower's fetch tells the leader: it holds everything below its position; the leader notes when it
 *   was last caught up, moves the high watermark, and proposes to take it into the in-sync set.
 * Source: Kafka 4.2 `Replica#updateFetchStateOrThrow`, `Partition#updateFollowerFetchState`.
 * Leaves out: the log end at the previous fetch is taken from its answer, not from its arrival (at most
 *   replica.fetch.wait.max.ms later).
 */
import type { Sim } from '../../../src/kernel/index.ts'
import type { Broker } from './broker.ts'
import type { FetchSession, Watch } from './fetch-session.ts'
import { advanceHighWatermark } from './high-watermark.ts'
import { LEADER, type Replica } from './replica.ts'

/** Looking at idle partitions at most this often saves work and delays joining by as much. */
const JOIN_CHECK = 50e6

/** A follower stands at `watch.position` of a log that this broker leads. */
export function followerFetched(sim: Sim, broker: Broker, session: FetchSession, watch: Watch, brokerEpoch: number): void {
  const replica = watch.replica
  const i = watch.follower
  const end = watch.position
  replica.followerBrokerEpoch[i] = brokerEpoch
  if (end >= replica.log.end) replica.caughtUpAt[i] = sim.now
  else if (end >= (replica.answeredEnd[i] as number)) {
    replica.caughtUpAt[i] = Math.max(replica.caughtUpAt[i] as number, replica.answeredAt[i] as number)
  }
  replica.followerEnd[i] = end
  replica.sessions[i] = session
  if (end > replica.highWatermark) advanceHighWatermark(sim, broker, replica)
  if (replica.isr.length < replica.brokers.length) broker.isr.maybeExpand(sim, replica, i)
}

/** Partitions of the session where nothing changed count as fetched too: idle followers join again by this. */
export function checkJoining(sim: Sim, broker: Broker, session: FetchSession, brokerEpoch: number): void {
  if (sim.now < session.joinCheckAt) return
  session.joinCheckAt = sim.now + JOIN_CHECK
  for (let i = 0; i < session.members.length; i++) {
    const watch = session.members[i] as Watch
    const { replica } = watch
    if (watch.hasMoved || replica.role !== LEADER || replica.isr.length === replica.brokers.length) continue
    replica.followerBrokerEpoch[watch.follower] = brokerEpoch
    broker.isr.maybeExpand(sim, replica, watch.follower)
  }
}

/** The leader's log is about to grow: followers at its end were caught up when they fetched last. */
export function noteCaughtUp(replica: Replica, end: number): void {
  const ends = replica.followerEnd
  for (let i = 0; i < ends.length; i++) {
    if (ends[i] !== end) continue
    const session = replica.sessions[i] as FetchSession | null
    if (session !== null && session.fetchedAt > (replica.caughtUpAt[i] as number)) replica.caughtUpAt[i] = session.fetchedAt
  }
}
