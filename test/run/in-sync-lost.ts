/**
 * What the facts of a run say about each partition of Kafka: whether an election had nobody left to choose who was in
 * sync, and on how many brokers the partition's records were lost with memory or disk. It tells which records a run may
 * have lost although its settings promise to keep them, and only those.
 */
import type { KafkaFlinkPlant } from '../../models/kafka-flink/plant.ts'
import { partitionOfKey } from '../../models/parts/kafka/index.ts'
import type { Column } from '../../src/run/column.ts'

/** One partition's in-sync set, followed through the facts. */
class Followed {
  /** In-sync members, and those that left a set that was too small: with the time since when their logs are whole. */
  readonly members = new Map<number, number>()
  readonly eligible = new Map<number, number>()
  readonly tailsLost = new Set<string>()
  /** An election found nobody whose log was whole. */
  isSetLost = false
  /** A leader was elected who was not in sync. */
  isUnclean = false
}

export class InSyncLost {
  private readonly partitions: Followed[] = []
  /** Partitions of transaction states whose new leader had not all of them. */
  private readonly statesLost = new Set<number>()
  private readonly column: Column
  private readonly input: { readonly first: number; readonly partitions: number }
  private readonly output: { readonly first: number; readonly partitions: number }

  constructor(column: Column, minIsr: number) {
    this.column = column
    const { cluster, input, output } = (column.state.plant as KafkaFlinkPlant).built
    this.input = input
    this.output = output
    for (let p = 0; p < cluster.partitionCount; p++) {
      const followed = new Followed()
      for (const broker of cluster.replicasOf(p)) followed.members.set(broker, 0)
      this.partitions.push(followed)
    }
    this.follow(minIsr)
  }

  private follow(minIsr: number): void {
    for (const { at, code, subject, numbers } of this.column.state.log.facts) {
      const followed = this.partitions[numbers[0] ?? -1]
      if (followed === undefined) continue
      const { members, eligible } = followed
      const broker = (numbers[1] ?? 0) - 1
      if (code.code === 'kafka.isr-shrunk') {
        if ((numbers[2] ?? 0) < minIsr) eligible.set(broker, members.get(broker) ?? at)
        members.delete(broker)
      } else if (code.code === 'kafka.isr-expanded') {
        members.set(broker, at)
        eligible.delete(broker)
        if (members.size >= minIsr) eligible.clear()
      } else if (code.code === 'kafka.transaction-state-lost') this.statesLost.add(numbers[0] ?? -1)
      else if (code.code === 'kafka.tail-lost') followed.tailsLost.add(subject)
      else if (code.code === 'kafka.leader-unclean') {
        followed.isUnclean = true
        const whole = [...members, ...eligible].filter(([of, since]) => `broker-${of + 1}` !== subject && !this.endedUncleanly(of, since, at))
        if (whole.length === 0) followed.isSetLost = true
        eligible.clear()
      }
    }
  }

  /** A crash, or the loss of power or disk, struck a broker between two instants. */
  private endedUncleanly(broker: number, from: number, to: number): boolean {
    const { cluster } = (this.column.state.plant as KafkaFlinkPlant).built
    const zone = `zone-${cluster.brokers[broker]?.host.zone ?? ''}`
    return this.column.state.inflicted.some(({ at, fault, struck }) => at >= from && at <= to && (
      (struck === `broker-${broker + 1}` && /^(crash|power-loss|disk-loss)$/.test(fault.kind)) || (struck === zone && fault.kind === 'zone-outage')))
  }

  /** The partitions that a record goes through. */
  private of(lane: number, index: number): readonly Followed[] {
    const { births } = this.column.state
    const key = births.keyText(births.keyOf(lane, index))
    return [this.input, this.output].map(({ first, partitions }) => this.partitions[first + partitionOfKey(key, partitions)] as Followed)
  }

  /** A partition of this record lost its whole in-sync set; or an election that needs no in-sync replica was asked for. */
  isExcused(lane: number, index: number, isUncleanAllowed: boolean): boolean {
    return this.of(lane, index).some(({ isSetLost, isUnclean }) => isSetLost || (isUncleanAllowed && isUnclean))
  }

  /**
   * The coordinator lost what it knew of a transaction, so that nobody ends it (K19): readers of committed records stand
   * before its first record for good, and this record comes behind it or belongs to it.
   */
  hangs(lane: number, index: number): boolean {
    const { cluster } = (this.column.state.plant as KafkaFlinkPlant).built
    const { births } = this.column.state
    const partition = this.output.first + partitionOfKey(births.keyText(births.keyOf(lane, index)), this.output.partitions)
    const log = cluster.servingLog(partition)
    const first = log?.producers.firstUnstable() ?? Infinity
    if (log === null || first === Infinity) return false
    const transactionalId = cluster.transactionalIdOf(log.batchAt(first).producerId)
    return transactionalId >= 0 && this.statesLost.has(cluster.transactionPartition(transactionalId))
  }

  /** So many brokers lost what they had of a partition of this record. */
  tailsLost(lane: number, index: number): number {
    return Math.max(...this.of(lane, index).map((followed) => followed.tailsLost.size))
  }
}
