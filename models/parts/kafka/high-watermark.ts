/**
 * Models: the high watermark: the least log end among the leader, the maximal in-sync set, and replicas about to join
 *   it; it stands still while fewer than min.insync.replicas are in sync, and never falls under one leader.
 * Source: Kafka 4.2 `Partition#maybeIncrementLeaderHW`; KAFKA-15583.
 * Leaves out: the checkpoint file (replica.high.watermark.checkpoint.interval.ms): a restart keeps the last value.
 */
import { invariant, type Sim } from '../../../src/kernel/index.ts'
import type { Broker } from './broker.ts'
import { highWatermarkMoved } from './facts.ts'
import type { Batch } from './protocol.ts'
import { LEADER, type Replica } from './replica.ts'
import { hopOfSlices } from '../../../src/contract/hop.ts'
import { belowWatermark } from './hops.ts'

/** Moves a leader's high watermark as far as its rule allows; what waits for it is served when the event ends. */
export function advanceHighWatermark(sim: Sim, broker: Broker, replica: Replica): void {
  if (replica.role !== LEADER || replica.isr.length < broker.cluster.minIsr(replica.partition)) return
  let next = replica.log.end
  const ends = replica.followerEnd
  for (let i = 0; i < ends.length; i++) {
    const end = ends[i] as number
    const other = replica.brokers[i] as number
    if (end >= next || other === replica.broker) continue
    if (replica.isInMaximalIsr(other) || isAboutToJoin(sim, broker, replica, i)) next = end
  }
  if (next <= replica.highWatermark) return
  invariant(next <= replica.log.end, 'kafka.high-watermark-in-log')
  if (sim.tracer !== null) tell(sim, broker, replica, next)
  replica.highWatermark = next
  sim.fact(highWatermarkMoved, broker, replica.partition, next)
  broker.moved(replica)
}

/** A replica outside the in-sync set that keeps up and may join holds the watermark back already. */
function isAboutToJoin(sim: Sim, broker: Broker, replica: Replica, index: number): boolean {
  return isCaughtUp(sim, broker, replica, index) && isEligible(broker, replica, index)
}

/** True while a follower's log end is the leader's, or was within replica.lag.time.max.ms. */
export function isCaughtUp(sim: Sim, broker: Broker, replica: Replica, index: number): boolean {
  if (replica.followerEnd[index] === replica.log.end) return true
  return sim.now - (replica.caughtUpAt[index] as number) <= broker.cluster.config.lagTimeMax
}

/** True when the follower fetches as the broker incarnation that the metadata knows, unfenced and not leaving. */
export function isEligible(broker: Broker, replica: Replica, index: number): boolean {
  const state = broker.metadata.brokers[replica.brokers[index] as number]
  return state !== undefined && !state.isFenced && !state.isShuttingDown &&
    state.epoch === replica.followerBrokerEpoch[index]
}

/** Which records the watermark is about to pass; for whom somebody follows. */
function tell(sim: Sim, broker: Broker, replica: Replica, to: number): void {
  const passed: Batch[] = []
  replica.log.read(replica.highWatermark, to, Infinity, passed)
  for (const batch of passed) hopOfSlices(sim, belowWatermark, broker, batch.slices, replica.partition, batch.baseOffset)
}
