/**
 * Models: what a death takes from a broker: a crash its memory; a power loss also what the operating system has not yet
 *   written to disk; a lost disk everything.
 * Source: fsync(2); Linux vm.dirty_expire_centisecs and vm.dirty_writeback_centisecs; KIP-966; Kafka 4.2 documentation, Hardware and OS.
 * Leaves out: fsync at segment roll; a replica copied lately counts as flushed by the age of its records.
 */
import { objects, type Death, type Sim } from '../../../src/kernel/index.ts'
import type { Broker } from './broker.ts'
import { acks0Crashed, diskLost, unflushedTail } from './causes.ts'
import { tailLost } from './facts.ts'
import type { Log } from './log.ts'
import { OFFLINE, type Replica } from './replica.ts'

/** Called when the process or its host has died. */
export function forgetMemory(sim: Sim, broker: Broker, how: Death): void {
  for (const channel of broker.channels) if (channel !== null) broker.cluster.visibility.unread(channel, acks0Crashed)
  for (const channel of broker.leaving) broker.cluster.visibility.unread(channel, acks0Crashed)
  broker.cluster.visibility.unansweredGone(sim, broker.number, null)
  broker.channels.length = 0
  broker.leaving.length = 0
  broker.movedReplicas.length = 0
  broker.awakeSessions.length = 0
  broker.readyChannels.length = 0
  broker.parked.length = 0
  broker.parkedTimer.stop()
  broker.isrTimer.stop()
  broker.threads.clear()
  broker.isr.clear()
  broker.peers.clear()
  broker.coordinator.clear()
  broker.guard.clear()
  broker.lifecycle.died(how)
  for (const fetcher of broker.fetchers) fetcher.clear()
  for (const replica of broker.replicas) if (replica !== null) forgetRole(replica)
  if (how === 'power-loss') loseUnflushed(sim, broker)
  if (how === 'disk-loss') loseDisk(sim, broker)
}

function forgetRole(replica: Replica): void {
  replica.role = OFFLINE
  replica.leader = -1
  replica.leaderEpoch = -1
  replica.partitionEpoch = -1
  replica.isr = []
  replica.pendingIsr = null
  replica.watches.length = 0
  replica.waiting = objects()
  replica.waitingFor = []
  replica.waitingIndex = []
  replica.waitingHead = 0
  replica.hasMoved = false
  for (let i = 0; i < replica.sessions.length; i++) replica.sessions[i] = null
}

/** Pages are written when they are `dirtyExpire` old, at the next look every `dirtyWriteback`. */
function loseUnflushed(sim: Sim, broker: Broker): void {
  const { dirtyExpire, dirtyWriteback } = broker.cluster.config
  const lastLook = dirtyWriteback > 0 ? Math.floor(sim.now / dirtyWriteback) * dirtyWriteback : sim.now
  const flushedBefore = lastLook - dirtyExpire
  for (const replica of broker.replicas) {
    if (replica === null) continue
    const to = flushedEnd(replica.log, flushedBefore)
    const records = replica.log.end - to
    if (records <= 0) continue
    broker.cluster.visibility.destroyed(replica, to, unflushedTail)
    replica.log.truncate(to)
    replica.highWatermark = Math.min(replica.highWatermark, to)
    if (!replica.isInternal) sim.fact(tailLost, broker, replica.partition, to, records)
  }
}

function flushedEnd(log: Log, before: number): number {
  let low = 0
  let high = log.end
  while (low < high) {
    const batch = log.batchAt(Math.floor((low + high) / 2))
    if (batch.appendedAt < before) low = batch.baseOffset + batch.records
    else high = batch.baseOffset
  }
  return low
}

function loseDisk(sim: Sim, broker: Broker): void {
  for (const replica of broker.replicas) {
    if (replica === null || replica.log.end === 0) continue
    const records = replica.log.end
    broker.cluster.visibility.destroyed(replica, 0, diskLost)
    replica.log.truncate(0)
    replica.highWatermark = 0
    if (!replica.isInternal) sim.fact(tailLost, broker, replica.partition, 0, records)
  }
}
