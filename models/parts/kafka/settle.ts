/**
 * Models: what a broker does when an append or a fetch is done: waiting produce requests, then parked fetches, then the
 *   next request of channels that have been answered.
 * Source: Kafka 4.2 `ReplicaManager#tryCompleteActions` (delayed operations are completed after the append).
 * Leaves out: nothing known.
 */
import { empty, type Sim } from '../../../src/kernel/index.ts'
import type { Broker } from './broker.ts'
import { READ_COMMITTED, READ_UNCOMMITTED } from './protocol.ts'
import type { FetchSession, Watch } from './fetch-session.ts'
import { answerFetch } from './fetch.ts'
import { updateLastStable } from './last-stable-offset.ts'
import { completeWaiting } from './purgatory.ts'
import { LEADER, type Replica } from './replica.ts'
import type { RequestChannel } from './request-channel.ts'
import { takeRequest } from './requests.ts'

/** Ends every event of a broker: serves all that the event made possible. */
export function settle(sim: Sim, broker: Broker): void {
  const moved = broker.movedReplicas
  const awake = broker.awakeSessions
  const ready = broker.readyChannels
  while (moved.length > 0 || awake.length > 0 || ready.length > 0) {
    for (let i = 0; i < moved.length; i++) watermarkMoved(sim, broker, moved[i] as Replica)
    empty(moved)
    for (let i = 0; i < awake.length; i++) {
      const session = awake[i] as FetchSession
      session.isAwake = false
      if (session.isParked) answerFetch(sim, broker, session, false)
    }
    empty(awake)
    const channel: RequestChannel | undefined = ready.shift()
    if (channel === undefined) continue
    channel.isReady = false
    if (!channel.isMuted && channel.hasWaiting()) takeRequest(sim, broker, channel, channel.nextType(), channel.nextRequest())
  }
}

function watermarkMoved(sim: Sim, broker: Broker, replica: Replica): void {
  replica.hasMoved = false
  if (replica.role !== LEADER) return
  completeWaiting(sim, broker, replica)
  const stableMoved = updateLastStable(replica)
  const watches = replica.watches
  for (let i = 0; i < watches.length; i++) {
    const watch = watches[i] as Watch
    if (watch.isolation === READ_UNCOMMITTED || (watch.isolation === READ_COMMITTED && stableMoved)) {
      watch.session.markDirty(watch)
      broker.wake(watch.session)
    }
  }
  broker.cluster.visibility.advanced(replica)
}

/** A leader's log has grown: followers that wait for it are answered when the event ends. */
export function logGrew(broker: Broker, replica: Replica): void {
  const watches = replica.watches
  for (let i = 0; i < watches.length; i++) {
    const watch = watches[i] as Watch
    if (watch.follower < 0) continue
    watch.session.markDirty(watch)
    broker.wake(watch.session)
  }
}
