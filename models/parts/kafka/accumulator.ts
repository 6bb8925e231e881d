/**
 * Models: the producer's memory: per partition one open batch of batch.size bytes and closed ones behind each other;
 *   buffer.memory covers queued and in-flight batches alike, each with its full batch.size; who finds no memory
 *   waits first come, first served, at most max.block.ms, and is refused then.
 * Source: Kafka 4.2 RecordAccumulator, BufferPool, DefaultRecordBatch (61 bytes), DefaultRecord.
 * Leaves out: compression; callers that overtake a waiting one because their batch still has room (the application
 *   has one thread).
 */
import { Copyable, empty, invariant, objects, removeFirst } from '../../../src/kernel/index.ts'
import { pushSlice, type Slices } from '../../../src/contract/slice.ts'
import type { ProducerConfig } from './client-config.ts'

/** Header of a record batch, bytes. */
export const BATCH_OVERHEAD = 61
/** What a record costs beside key and value: lengths, deltas, attributes. Derived from the record format. */
export const RECORD_OVERHEAD = 8

/** A batch in the producer's memory, from the first record to its last answer. */
export class QueuedBatch extends Copyable {
  /** Rises in the order of creation over all partitions. */
  readonly serial: number
  readonly partition: number
  readonly createdAt: number
  readonly allocatedBytes: number
  slices: Slices = []
  records = 0
  bytes = BATCH_OVERHEAD
  /** No record is added any more. */
  isClosed = false
  /** Answers other than success so far. */
  attempts = 0
  notBefore = 0
  /** Leader epoch at the last attempt; a newer one ends the back-off. */
  triedEpoch = -1
  /** Some attempt may have been appended, as far as the producer knows. */
  mayBeAppended = false
  /** It has its final outcome, but a request still holds its memory. */
  isDone = false
  producerId = -1
  producerEpoch = -1
  baseSequence = -1
  wasRenumbered = false
  /** It has been sent again, or will be. */
  wasPutBack = false

  constructor(serial: number, partition: number, createdAt: number, allocatedBytes: number) {
    super()
    this.serial = serial
    this.partition = partition
    this.createdAt = createdAt
    this.allocatedBytes = allocatedBytes
  }
}

/** One partition as a producer sees it: what waits, what is on the wire, and its line of sequence numbers. */
export class PartitionQueue extends Copyable {
  readonly partition: number
  readonly queue: QueuedBatch[] = objects()
  /** On the wire, in the order of sending. */
  readonly inFlight: QueuedBatch[] = objects()
  /** Sequenced and without an outcome, by sequence: on the wire or waiting to be sent again. */
  readonly sequenced: QueuedBatch[] = objects()
  isMuted = false
  producerId = -1
  producerEpoch = -1
  nextSequence = 0
  lastAcknowledged = -1
  /** A batch that had been sent was given up: what the broker has is not known. */
  isUnresolved = false
  /** Records put back to be sent again, so far; for those who look on. */
  resent = 0

  constructor(partition: number) {
    super()
    this.partition = partition
  }
}

/**
 * What did not fit waits here, flat: partition, lane, first, count, copy; since when, in a list of its own: a time in
 * it would make all of its numbers floating-point, and those of every list that they come to.
 */
const WAIT_STRIDE = 5

export class Accumulator extends Copyable {
  readonly config: ProducerConfig
  /** In order of first use. */
  readonly active: PartitionQueue[] = []
  private readonly byPartition: (PartitionQueue | null)[] = []
  bytesInUse = 0
  /** Batches without an outcome. */
  incomplete = 0
  /** Those of them that were put back to be sent again. */
  retrying = 0
  private nextSerial = 0
  private readonly waiting: number[] = []
  private readonly since: number[] = []
  private waitingHead = 0
  /** Set by `append` when a batch was opened or closed: the sender should look. */
  hasNews = false

  constructor(config: ProducerConfig, partitions: number) {
    super()
    this.config = config
    for (let p = 0; p < partitions; p++) this.byPartition.push(null)
  }

  /** Records of a partition that were put back to be sent again, so far. */
  resentOf(partition: number): number {
    return this.byPartition[partition]?.resent ?? 0
  }

  of(partition: number): PartitionQueue {
    const known = this.byPartition[partition]
    if (known !== null && known !== undefined) return known
    invariant(known === null, 'kafka.producer-partition', String(partition))
    const queue = new PartitionQueue(partition)
    this.byPartition[partition] = queue
    this.active.push(queue)
    return queue
  }

  /** Adds records to the partition's open batch and further ones; returns how many found memory. */
  append(now: number, partition: number, lane: number, first: number, count: number, copy: number): number {
    const q = this.of(partition)
    const each = this.config.recordBytes + RECORD_OVERHEAD
    const waiting = q.queue.length
    let batch: QueuedBatch | undefined = waiting > 0 ? q.queue[waiting - 1] : undefined
    // One record that fits: the usual case.
    if (count === 1 && batch !== undefined && !batch.isClosed && batch.bytes + each <= this.config.batchBytes) {
      pushSlice(batch.slices, lane, first, 1, copy)
      batch.records++
      batch.bytes += each
      return 1
    }
    let left = count
    while (left > 0) {
      let room = 0
      if (batch !== undefined && !batch.isClosed) room = Math.floor((this.config.batchBytes - batch.bytes) / each)
      if (room <= 0) {
        const fresh = this.open(now, q)
        if (fresh === null) break
        batch = fresh
        room = Math.max(1, Math.floor((this.config.batchBytes - BATCH_OVERHEAD) / each))
      }
      const n = left < room ? left : room
      const open = batch as QueuedBatch
      pushSlice(open.slices, lane, first + count - left, n, copy)
      open.records += n
      open.bytes += n * each
      left -= n
    }
    return count - left
  }

  /** True while a caller waits for memory or metadata. */
  get hasWaiting(): boolean {
    return this.waitingHead < this.waiting.length
  }

  /** Time since which the first caller waits. */
  get waitingSince(): number {
    return this.since[this.waitingHead / WAIT_STRIDE] as number
  }

  /** Number of records that wait. */
  get waitingRecords(): number {
    let records = 0
    for (let i = this.waitingHead; i < this.waiting.length; i += WAIT_STRIDE) records += this.waiting[i + 3] as number
    return records
  }

  /** Lets a caller wait behind the others. */
  wait(now: number, partition: number, lane: number, first: number, count: number, copy: number): void {
    this.waiting.push(partition, lane, first, count, copy)
    this.since.push(now)
  }

  /** Gives waiting callers memory as far as it goes. True when nobody waits any more. */
  admit(now: number): boolean {
    const w = this.waiting
    while (this.waitingHead < w.length) {
      const h = this.waitingHead
      const count = w[h + 3] as number
      const taken = this.append(now, w[h] as number, w[h + 1] as number, w[h + 2] as number, count, w[h + 4] as number)
      w[h + 2] = (w[h + 2] as number) + taken
      w[h + 3] = count - taken
      if (taken < count) return false
      this.pop()
    }
    return true
  }

  /** Takes the first waiting caller out, to be refused. */
  refuseFirst(visit: (lane: number, first: number, count: number) => void): void {
    const w = this.waiting
    const h = this.waitingHead
    invariant(h < w.length, 'kafka.producer-refuses-nobody')
    visit(w[h + 1] as number, w[h + 2] as number, w[h + 3] as number)
    this.pop()
  }

  forEachWaiting(visit: (lane: number, first: number, count: number) => void): void {
    const w = this.waiting
    for (let i = this.waitingHead; i < w.length; i += WAIT_STRIDE) visit(w[i + 1] as number, w[i + 2] as number, w[i + 3] as number)
  }

  /** The memory of a batch goes back to the pool. */
  free(batch: QueuedBatch): void {
    this.bytesInUse -= batch.allocatedBytes
    invariant(this.bytesInUse >= 0, 'kafka.producer-memory-negative')
  }

  /** The process died: all is gone. Serial numbers go on. */
  clear(): void {
    for (let i = 0; i < this.active.length; i++) this.byPartition[(this.active[i] as PartitionQueue).partition] = null
    this.active.length = 0
    this.bytesInUse = 0
    this.incomplete = 0
    this.retrying = 0
    this.waiting.length = 0
    this.since.length = 0
    this.waitingHead = 0
    this.hasNews = false
  }

  /** The first serial number not given yet. */
  get serialEnd(): number {
    return this.nextSerial
  }

  private open(now: number, q: PartitionQueue): QueuedBatch | null {
    const config = this.config
    const bytes = Math.max(config.batchBytes, BATCH_OVERHEAD + config.recordBytes + RECORD_OVERHEAD)
    if (this.bytesInUse + bytes > config.bufferBytes) return null
    this.bytesInUse += bytes
    this.incomplete++
    const batch = new QueuedBatch(this.nextSerial++, q.partition, now, bytes)
    q.queue.push(batch)
    this.hasNews = true
    return batch
  }

  private pop(): void {
    this.waitingHead += WAIT_STRIDE
    if (this.waitingHead === this.waiting.length) {
      empty(this.waiting)
      empty(this.since)
      this.waitingHead = 0
    } else if (this.waitingHead >= 4096 * WAIT_STRIDE) {
      removeFirst(this.waiting, this.waitingHead)
      removeFirst(this.since, this.waitingHead / WAIT_STRIDE)
      this.waitingHead = 0
    }
  }
}
