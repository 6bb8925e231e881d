/**
 * Models: KafkaSource in a source subtask: a fetcher with assigned partitions (no group) polls up to 500 records at a
 *   time into a queue of two batches; no room in the queue, no poll; it starts at the offsets of the checkpoint.
 * Source: flink-connector-kafka KafkaPartitionSplitReader; source.reader.element.queue.capacity 2.
 * Leaves out: partition discovery, offsets committed to Kafka for monitoring, the fetcher's own thread time.
 */
import { empty, eventKind, type Sim } from '../../../src/kernel/index.ts'
import { COUNT, cutSlices, pushSlice, STRIDE, type Slices } from '../../../src/contract/slice.ts'
import { KafkaConsumer, type Bootstrap, type Chunk, type ConsumerConfig } from '../kafka/index.ts'
import { SourceChunk, type SplitReader } from './connectors.ts'
import type { SourceTask } from './source-task.ts'

/** Batches that the fetcher may have handed over. */
const queueCapacity = 2
/** Kafka's max.poll.records. */
const pollRecordsMax = 500

/** The fetcher of one source subtask. */
export class KafkaSplitReader implements SplitReader {
  private readonly task: SourceTask
  private readonly consumer: KafkaConsumer
  /** Number of the topic's first partition in the cluster. */
  private readonly firstPartition: number
  private readonly queue: SourceChunk[] = []
  /** Polled, but of another partition than the batch that was being filled. */
  private left: Chunk | null = null
  /** Where the slices of a poll are gathered; empty between polls. */
  private readonly polling: Slices = []

  constructor(sim: Sim, task: SourceTask, cluster: Bootstrap, config: ConsumerConfig, firstPartition: number) {
    this.task = task
    this.firstPartition = firstPartition
    this.consumer = new KafkaConsumer(sim, task, cluster, config, `${task.name}/consumer`)
  }

  open(sim: Sim): void {
    const partitions: number[] = []
    for (const split of this.task.splits) partitions.push(this.firstPartition + split, this.task.positions[split] as number)
    if (partitions.length > 0) this.consumer.assign(sim, partitions)
  }

  next(sim: Sim): SourceChunk | null {
    if (this.queue.length < queueCapacity) this.fetch(sim)
    const chunk = this.queue.shift()
    return chunk === undefined ? null : chunk
  }

  isAtEnd(): boolean {
    if (this.queue.length > 0 || this.left !== null) return false
    for (const at of this.consumer.positions) if (at.readableEnd < 0 || at.position < at.readableEnd) return false
    return true
  }

  fetchedTo(split: number): number {
    return this.consumer.position(this.firstPartition + split)
  }

  epochOf(split: number): number {
    return this.consumer.positionOf(this.firstPartition + split)?.epoch ?? -1
  }

  /** The fetcher's turn: polls while the queue has room. */
  private fetch(sim: Sim): void {
    while (this.queue.length < queueCapacity) {
      const batch = this.poll(sim)
      if (batch === null) return
      this.queue.push(batch)
    }
  }

  /** At most 500 records of one partition with running offsets. */
  private poll(sim: Sim): SourceChunk | null {
    const first = this.take(sim, pollRecordsMax)
    if (first === null) return null
    const slices = this.polling
    const base = first.batch.baseOffset + first.fromRecord
    let records = append(slices, first)
    let nextOffset = first.nextOffset
    while (records < pollRecordsMax) {
      const more = this.take(sim, pollRecordsMax - records)
      if (more === null) break
      if (more.partition !== first.partition || more.batch.baseOffset + more.fromRecord !== nextOffset) {
        this.left = more
        break
      }
      records += append(slices, more)
      nextOffset = more.nextOffset
    }
    const chunk = new SourceChunk(first.partition - this.firstPartition, base, slices.slice(), records, nextOffset)
    empty(slices)
    return chunk
  }

  private take(sim: Sim, recordsMax: number): Chunk | null {
    const left = this.left
    if (left === null) return this.consumer.next(sim, recordsMax)
    this.left = null
    return left
  }
}

function append(slices: Slices, chunk: Chunk): number {
  const { batch, fromRecord, toRecord } = chunk
  const isWhole = fromRecord === 0 && toRecord === batch.records
  const from = isWhole ? batch.slices : cutSlices(batch.slices, fromRecord, toRecord)
  for (let i = 0; i < from.length; i += STRIDE) {
    pushSlice(slices, from[i] as number, from[i + 1] as number, from[i + COUNT] as number, from[i + 3] as number)
  }
  return toRecord - fromRecord
}

/** The consumer has data after it had none. */
export const sourceData = eventKind<SourceTask, null>('flink.source-data', (sim, task) => task.available(sim))
