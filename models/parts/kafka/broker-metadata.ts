/**
 * Models: what a broker knows of the cluster: the metadata log as far as it has replayed it.
 * Source: Kafka 4.2 `KRaftMetadataCache`, `BrokerMetadataPublisher`.
 * Leaves out: topic configuration records; snapshots.
 */
import { Copyable, invariant, shared } from '../../../src/kernel/index.ts'
import { BrokerRecord, type MetadataRecord, type PartitionRecord } from './protocol-internal.ts'

/** Image of the metadata at an offset. The arrays that answers carry are replaced, never changed. */
export class BrokerMetadata extends Copyable {
  offset = 0
  /** By partition: broker number or -1, leader epoch. */
  leaders: Int32Array
  epochs: Int32Array
  readonly partitions: (PartitionRecord | undefined)[] = []
  readonly brokers: (BrokerRecord | undefined)[] = []
  aliveBrokers: readonly number[] = []

  constructor(partitions: number) {
    super()
    this.leaders = frozenCopy(new Int32Array(partitions).fill(-1))
    this.epochs = frozenCopy(new Int32Array(partitions).fill(-1))
  }

  /** Replays records that end at `offset`; the caller acts on those that concern it. */
  replay(records: readonly MetadataRecord[], offset: number): void {
    invariant(offset === this.offset + records.length, 'kafka.metadata-in-order')
    this.offset = offset
    let leaders: Int32Array | null = null
    let epochs: Int32Array | null = null
    for (let i = 0; i < records.length; i++) {
      const record = records[i] as MetadataRecord
      if (record instanceof BrokerRecord) {
        while (this.brokers.length <= record.broker) this.brokers.push(undefined)
        this.brokers[record.broker] = record
        const alive: number[] = []
        for (const broker of this.brokers) if (broker !== undefined && !broker.isFenced) alive.push(broker.broker)
        this.aliveBrokers = Object.freeze(alive)
        continue
      }
      while (this.partitions.length <= record.partition) this.partitions.push(undefined)
      this.partitions[record.partition] = record
      leaders ??= this.leaders.slice()
      epochs ??= this.epochs.slice()
      leaders[record.partition] = record.leader
      epochs[record.partition] = record.leaderEpoch
    }
    if (leaders !== null) this.leaders = frozenCopy(leaders)
    if (epochs !== null) this.epochs = frozenCopy(epochs)
  }

  isAlive(broker: number): boolean {
    const state = this.brokers[broker]
    return state !== undefined && !state.isFenced
  }
}

/** Typed arrays cannot be frozen; the mark keeps keyframes from copying them. */
function frozenCopy(array: Int32Array): Int32Array {
  return Object.defineProperty(array, shared, { value: true })
}
