/**
 * Models: what a broker does when the metadata log gives a partition a leader, another one, or another in-sync set.
 * Source: Kafka 4.2 `ReplicaManager#applyDelta`, `Partition#makeLeader`, `#makeFollower`.
 * Leaves out: reassignment; time to open log files.
 */
import { invariant, type Sim } from '../../../src/kernel/index.ts'
import type { Broker } from './broker.ts'
import { leaderElected, leaderUnclean, transactionStateLost } from './facts.ts'
import type { Watch } from './fetch-session.ts'
import { advanceHighWatermark } from './high-watermark.ts'
import { isrChanged } from './isr.ts'
import { failWaiting } from './purgatory.ts'
import type { PartitionRecord } from './protocol-internal.ts'
import { FOLLOWER, LEADER, OFFLINE, type Replica } from './replica.ts'

/** Acts on a partition's state as the controller committed it; older states are ignored. */
export function applyPartition(sim: Sim, broker: Broker, record: PartitionRecord): void {
  const replica = broker.replica(record.partition)
  if (replica === null || record.partitionEpoch <= replica.partitionEpoch) return
  replica.partitionEpoch = record.partitionEpoch
  if (record.leaderEpoch === replica.leaderEpoch) {
    if (replica.role === LEADER) isrChanged(sim, broker, replica, record)
    else replica.isr = record.isr
    return
  }
  invariant(record.leaderEpoch > replica.leaderEpoch, 'kafka.leader-epoch-rises', String(record.partition))
  stopRole(sim, broker, replica)
  replica.leaderEpoch = record.leaderEpoch
  replica.leader = record.leader
  replica.isr = record.isr
  if (record.leader === broker.number) lead(sim, broker, replica, record)
  else if (record.leader >= 0) {
    replica.role = FOLLOWER
    broker.fetcher(record.leader).add(sim, replica)
  }
}

/** Ends what this replica was: readers are sent away, waiting appends fail, the fetcher forgets it. */
function stopRole(sim: Sim, broker: Broker, replica: Replica): void {
  if (replica.role === FOLLOWER) broker.fetcher(replica.leader).remove(replica)
  const wasLeader = replica.role === LEADER
  replica.role = OFFLINE
  replica.pendingIsr = null
  if (!wasLeader) return
  for (let i = 0; i < replica.watches.length; i++) {
    const watch = replica.watches[i] as Watch
    watch.hasMoved = true
    watch.session.markDirty(watch)
    broker.wake(watch.session)
  }
  failWaiting(sim, broker, replica, 'NOT_LEADER_OR_FOLLOWER')
  if (replica.isInternal) broker.coordinator.resign(sim, replica.partition)
}

function lead(sim: Sim, broker: Broker, replica: Replica, record: PartitionRecord): void {
  replica.role = LEADER
  replica.epochStart = replica.log.end
  for (let i = 0; i < replica.brokers.length; i++) {
    replica.followerEnd[i] = -1
    replica.answeredEnd[i] = -1
    replica.answeredAt[i] = -Infinity
    replica.caughtUpAt[i] = replica.isr.includes(replica.brokers[i] as number) ? sim.now : -Infinity
    replica.sessions[i] = null
    replica.followerBrokerEpoch[i] = -1
  }
  replica.log.producers.replicated(replica.highWatermark)
  replica.lastStable = Math.min(replica.log.producers.firstUnstable(), replica.highWatermark)
  if (!replica.isInternal) {
    sim.fact(record.isUnclean ? leaderUnclean : leaderElected, broker, replica.partition, replica.leaderEpoch, replica.log.end)
  } else if (record.isUnclean) sim.fact(transactionStateLost, broker, replica.partition, replica.leaderEpoch)
  broker.cluster.visibility.elected(replica, record.isUnclean)
  if (replica.isInternal) broker.coordinator.elect(sim, replica)
  broker.moved(replica)
  advanceHighWatermark(sim, broker, replica)
}
