/** Partitions as an observer sees them: whose log counts now, up to where, and when a record was appended. */
import type { Batch, Broker, KafkaCluster, Replica } from '../parts/kafka/index.ts'

export class LogView {
  private readonly cluster: KafkaCluster
  private readonly batches: Batch[] = []

  constructor(cluster: KafkaCluster) {
    this.cluster = cluster
  }

  /** The replica that became leader last, dead or not; null before the first election. */
  serving(partition: number): Replica | null {
    return this.cluster.visibility.views[partition]?.serving ?? null
  }

  end(partition: number): number {
    return this.serving(partition)?.log.end ?? 0
  }

  highWatermark(partition: number): number {
    return this.serving(partition)?.highWatermark ?? 0
  }

  /** Everything below is readable for whoever reads committed records only. */
  committedTo(partition: number): number {
    return this.cluster.visibility.views[partition]?.committedTo ?? 0
  }

  /** Index of the live leading broker among the replicas, -1 without one. */
  leaderIndex(partition: number): number {
    const leader = this.cluster.leaderOf(partition)
    return leader < 0 ? -1 : this.cluster.replicasOf(partition).indexOf(leader)
  }

  /** Too few replicas are in sync for acks=all. */
  lacksReplicas(partition: number): boolean {
    const serving = this.serving(partition)
    return serving === null || serving.isr.length < this.cluster.minIsr(partition)
  }

  /** The page's words for a replica: 3 leads, 2 in sync, 1 out of sync, 0 dead. */
  replicaState(partition: number, replica: number): number {
    const broker = this.cluster.brokers[this.cluster.replicasOf(partition)[replica] as number] as Broker
    if (!broker.alive) return 0
    if (this.cluster.leaderOf(partition) === broker.number) return 3
    return this.serving(partition)?.isr.includes(broker.number) === true ? 2 : 1
  }

  /** When the record at an offset was appended, nanoseconds; NaN where there is none. */
  appendedAt(partition: number, offset: number): number {
    const log = this.cluster.servingLog(partition)
    if (log === null || offset < 0 || offset >= log.end) return NaN
    const batches = this.batches
    batches.length = 0
    log.read(offset, log.end, 1, batches)
    const at = (batches[0] as Batch | undefined)?.appendedAt ?? NaN
    batches.length = 0
    return at
  }
}
