/**
 * Models: which records the brokers still hold such that a reader will reach them, judged as if every failure so far
 *   were noticed and none followed. Asked by the ledger; no mechanism reads it.
 * Source: design of the ledger.
 * Leaves out: nothing known.
 */
import type { HoldingVisitor } from '../../../src/contract/architecture.ts'
import type { Broker } from './broker.ts'
import type { KafkaCluster, Topic } from './cluster.ts'
import type { Log } from './log.ts'
import { ABORT_MARKER, COMMIT_MARKER, DATA_BATCH, ProduceRequest, type Batch } from './protocol.ts'
import type { RequestChannel } from './request-channel.ts'
import { ONGOING, PREPARE_COMMIT, COMPLETE_COMMIT, TransactionRecord } from './transaction-log.ts'
import type { PartitionRecord } from './protocol-internal.ts'
import { LEADER } from './replica.ts'
import type { PartitionView } from './visibility.ts'

/** Whether a transaction that is still open will be committed by its writer; the recipe knows. */
export type OpenJudge = (transactionalId: number, producerId: number, producerEpoch: number) => boolean

/**
 * Visits each log that counts from an offset on: the serving one, and what the others have beyond it and may still lead
 * with: any of them while nobody leads, for the election says what becomes of the rest; and where unclean elections are
 * allowed always, until they follow and cut it. Readers would be sent back to what the logs have in common.
 */
function forEachLog(cluster: KafkaCluster, partition: number, from: number, visit: (log: Log, from: number) => void): void {
  const { serving } = cluster.visibility.views[partition] as PartitionView
  const { leader } = cluster.quorum.partitions[partition] as PartitionRecord
  if (serving !== null) visit(serving.log, from)
  // A broker that is back but does not lead yet may have lost its tail: until it leads, another may be elected.
  const isLed = serving !== null && serving.broker === leader && (cluster.brokers[leader] as Broker).alive && serving.role === LEADER
  if (isLed && (!cluster.config.uncleanElection || cluster.isInternal(partition))) return
  for (const number of cluster.replicasOf(partition)) {
    const replica = (cluster.brokers[number] as Broker).replica(partition)
    if (replica === null || replica === serving) continue
    const common = serving === null ? 0 : replica.log.commonWith(serving.log)
    if (common < replica.log.end) visit(replica.log, Math.min(from, common))
  }
}

/**
 * Where a reader goes on that stands at a position, with the leader epoch of the last record it has read (-1 unknown):
 * where its epoch ends in the serving log, if that is before; at the start, if the log has become too short (it resets to
 * the earliest offset; another reset reads less, and says so when it jumps).
 */
export function resumeOffset(cluster: KafkaCluster, partition: number, position: number, epoch: number): number {
  const log = cluster.servingLog(partition)
  if (log === null) return position
  if (epoch >= 0) {
    log.findEpochEnd(epoch)
    if (log.foundEpoch < epoch || log.foundEnd < position) return Math.min(position, log.foundEnd)
  }
  return position > log.end ? 0 : position
}

/** Visits what the logs of a partition hold from an offset on. */
export function logHoldings(cluster: KafkaCluster, partition: number, from: number, visit: HoldingVisitor): void {
  forEachLog(cluster, partition, from, (log, start) => {
    log.forEachBatch(Math.min(start, log.end), (batch) => visitBatch(batch, start, visit))
  })
}

/** What brokers have received and not appended yet, or will from clients that are gone: it will be appended. */
export function requestHoldings(cluster: KafkaCluster, visit: HoldingVisitor): void {
  cluster.visibility.wire.visit(visit)
  for (const broker of cluster.brokers) {
    for (const channel of broker.channels) if (channel !== null) visitChannel(channel, visit)
    for (const channel of broker.leaving) visitChannel(channel, visit)
    // A frozen broker's socket took in what it will read when it runs on.
    for (let i = 0; i < broker.heldPayloads.length; i++) {
      if (broker.heldUnits[i] === broker && broker.heldIncarnations[i] === broker.incarnation) visitRequest(broker.heldPayloads[i] as object, visit)
    }
  }
}

function visitChannel(channel: RequestChannel, visit: HoldingVisitor): void {
  visitRequest(channel.current, visit)
  for (const request of channel.waitingRequests()) visitRequest(request, visit)
}

function visitRequest(request: object | null, visit: HoldingVisitor): void {
  if (!(request instanceof ProduceRequest)) return
  for (const batch of request.batches) if (batch.appendedAt < 0) visitBatch(batch, -1, visit)
}

/** Visits what will still become visible to readers of uncommitted records of a topic. */
export function uncommittedHoldings(cluster: KafkaCluster, topic: Topic, visit: HoldingVisitor): void {
  for (let p = topic.firstPartition; p < topic.firstPartition + topic.partitions; p++) {
    logHoldings(cluster, p, (cluster.visibility.views[p] as PartitionView).shownTo, visit)
  }
}

/**
 * Visits what will still become visible to readers of committed records: what is outside of transactions, committed,
 * decided to be committed, or open with a writer that will commit it.
 */
export function committedHoldings(cluster: KafkaCluster, topic: Topic, willCommit: OpenJudge, visit: HoldingVisitor): void {
  for (let p = topic.firstPartition; p < topic.firstPartition + topic.partitions; p++) {
    const from = (cluster.visibility.views[p] as PartitionView).committedTo
    forEachLog(cluster, p, from, (log, start) => committedOf(cluster, log, start, willCommit, visit))
  }
}

function committedOf(cluster: KafkaCluster, log: Log, from: number, willCommit: OpenJudge, visit: HoldingVisitor): void {
  let open: Batch[] = []
  log.forEachBatch(Math.min(from, log.end), (batch) => {
    if (batch.control === COMMIT_MARKER || batch.control === ABORT_MARKER) {
      if (batch.control === COMMIT_MARKER) {
        for (const other of open) if (other.producerId === batch.producerId) visitBatch(other, from, visit)
      }
      open = open.filter((other) => other.producerId !== batch.producerId)
    } else if (batch.isTransactional) open.push(batch)
    else visitBatch(batch, from, visit)
  })
  const judged: number[] = []
  for (const batch of open) {
    let verdict = -1
    for (let i = 0; i < judged.length; i += 3) {
      if (judged[i] === batch.producerId && judged[i + 1] === batch.producerEpoch) verdict = judged[i + 2] as number
    }
    if (verdict < 0) {
      verdict = isGoingToCommit(cluster, batch, willCommit) ? 1 : 0
      judged.push(batch.producerId, batch.producerEpoch, verdict)
    }
    if (verdict === 1) visitBatch(batch, from, visit)
  }
}

/** The last state record of the writing producer decides; one that is open is for the recipe to judge. */
function isGoingToCommit(cluster: KafkaCluster, batch: Batch, willCommit: OpenJudge): boolean {
  const record = lastRecord(cluster, batch.producerId)
  if (record === null) return false
  // A decision carries the next epoch.
  if (record.ofEpoch === batch.producerEpoch + 1) return record.state === PREPARE_COMMIT || record.state === COMPLETE_COMMIT
  return record.ofEpoch === batch.producerEpoch && record.state === ONGOING &&
    willCommit(record.transactionalId, batch.producerId, batch.producerEpoch)
}

/** The newest state record of a producer in the serving log of its transactional id. */
function lastRecord(cluster: KafkaCluster, producerId: number): TransactionRecord | null {
  const transactionalId = cluster.transactionalIdOf(producerId)
  if (transactionalId < 0) return null
  const log = cluster.servingLog(cluster.transactionPartition(transactionalId))
  for (let at = log === null ? -1 : log.end - 1; log !== null && at >= 0; at--) {
    const batch = log.batchAt(at)
    if (batch instanceof TransactionRecord && batch.ofProducer === producerId) return batch
  }
  return null
}

function visitBatch(batch: Batch, from: number, visit: HoldingVisitor): void {
  if (batch.control !== DATA_BATCH) return
  const s = batch.slices
  let offset = batch.baseOffset
  for (let i = 0; i < s.length; i += 4) {
    const count = s[i + 2] as number
    const skip = Math.max(0, from - offset)
    if (skip < count) visit(s[i] as number, (s[i + 1] as number) + skip, count - skip)
    offset += count
  }
}
