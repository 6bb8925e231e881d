/**
 * Models: the rules that hold between events over the whole cluster; a broken one is a bug of this project.
 * Source: Kafka 4.2 documentation, Design; Kafka 4.2 documentation, "Replication".
 * Leaves out: what a power loss may break in the real product too (a member of the in-sync set with a shorter log).
 */
import { Copyable, invariant } from '../../../src/kernel/index.ts'
import type { Broker } from './broker.ts'
import type { KafkaCluster } from './cluster.ts'
import type { Log } from './log.ts'
import { DATA_BATCH } from './protocol.ts'
import type { PartitionRecord } from './protocol-internal.ts'
import { FOLLOWER, LEADER, type Replica } from './replica.ts'

/** What the audit remembers from one call to the next. */
export class AuditMemory extends Copyable {
  readonly leaderEpoch: number[] = []
  readonly watermarkEpoch: number[] = []
  readonly watermark: number[] = []
}

/** Throws an invariant at the first rule that does not hold. */
export function auditCluster(cluster: KafkaCluster, memory: AuditMemory): void {
  for (let p = 0; p < cluster.partitionCount; p++) {
    const record = cluster.quorum.partitions[p] as PartitionRecord
    const known = memory.leaderEpoch[p] ?? -1
    invariant(record.leaderEpoch >= known || cluster.quorum.epoch > 1, 'kafka.leader-epochs-rise', String(p))
    memory.leaderEpoch[p] = record.leaderEpoch
    invariant(record.leader < 0 || record.isr.includes(record.leader), 'kafka.leader-in-isr', String(p))
    let leaders = 0
    for (const number of cluster.replicasOf(p)) {
      const broker = cluster.brokers[number] as Broker
      const replica = broker.replica(p) as Replica
      auditLog(replica.log)
      invariant(replica.highWatermark <= replica.log.end, 'kafka.high-watermark-in-log', `${p} at ${broker.name}`)
      if (replica.role !== LEADER) continue
      invariant(broker.alive, 'kafka.leader-is-alive', broker.name)
      if (replica.leaderEpoch === record.leaderEpoch) leaders++
      auditLeader(cluster, replica, memory)
    }
    invariant(leaders <= 1, 'kafka.one-leader-an-epoch', String(p))
  }
}

/** A broker keeps nothing of a client whose connection it knows to have ended; a frozen one has not looked yet. */
export function auditChannels(broker: Broker): void {
  if (broker.paused) return
  for (const channel of broker.channels) {
    if (channel !== null) invariant(channel.connection.isUsableBy(broker), 'kafka.channel-of-an-ended-connection', broker.name)
  }
}

function auditLeader(cluster: KafkaCluster, leader: Replica, memory: AuditMemory): void {
  const p = leader.partition
  invariant(leader.lastStable <= leader.highWatermark, 'kafka.last-stable-below-high-watermark', String(p))
  if (memory.watermarkEpoch[p] === leader.leaderEpoch) {
    invariant(leader.highWatermark >= (memory.watermark[p] as number), 'kafka.high-watermark-never-falls', String(p))
  }
  if ((memory.watermarkEpoch[p] ?? -1) <= leader.leaderEpoch) {
    memory.watermarkEpoch[p] = leader.leaderEpoch
    memory.watermark[p] = leader.highWatermark
  }
  for (const number of leader.isr) {
    const other = (cluster.brokers[number] as Broker).replica(p) as Replica
    if (other.role !== FOLLOWER || other.leaderEpoch !== leader.leaderEpoch) continue
    invariant(other.log.end >= leader.highWatermark, 'kafka.isr-has-what-is-committed', `${p} broker ${number + 1}`)
    const common = other.log.commonWith(leader.log)
    invariant(common >= leader.highWatermark, 'kafka.isr-equals-leader', `${p} broker ${number + 1}: ${common}`)
  }
}

/** Offsets without gap, epochs that rise, and per producer and epoch sequences without gap. */
function auditLog(log: Log): void {
  let end = log.tailBase
  let epoch = -1
  const sequences: number[] = []
  for (const batch of log.tail) {
    invariant(batch.baseOffset === end, 'kafka.log-without-gap', String(log.partition))
    invariant(batch.leaderEpoch >= epoch, 'kafka.log-epochs-rise', String(log.partition))
    end += batch.records
    epoch = batch.leaderEpoch
    if (batch.producerId < 0 || batch.control !== DATA_BATCH) continue
    for (let i = 0; i <= sequences.length; i += 3) {
      if (i === sequences.length) sequences.push(batch.producerId, batch.producerEpoch, batch.baseSequence)
      if (sequences[i] !== batch.producerId) continue
      if (sequences[i + 1] === batch.producerEpoch) {
        invariant(sequences[i + 2] === batch.baseSequence, 'kafka.sequences-without-gap', `${log.partition}: ${batch.baseSequence}`)
      }
      sequences[i + 1] = batch.producerEpoch
      sequences[i + 2] = batch.baseSequence + batch.records
      break
    }
  }
  invariant(end === log.end, 'kafka.log-end', String(log.partition))
}
