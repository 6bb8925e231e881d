/**
 * Models: the log of one replica: batches in order of offset, the leader epochs under which they were written,
 *   truncation to an offset.
 * Source: Kafka 4.2 `UnifiedLog`, `LeaderEpochFileCache`; KIP-101.
 * Leaves out: retention and compaction (no run lasts 7 days), so the log starts at offset 0; index look-ups.
 */
import { Copyable, empty, invariant, objects, removeFirst, shared } from '../../../src/kernel/index.ts'
import { ProducerStates } from './producer-state.ts'
import { NOBODY, type Segment, Shelf, WINDOW } from './segment.ts'
import { Batch } from './protocol.ts'

/** Lives on the broker's disk: it survives the process, and its unflushed tail does not survive the host. */
export class Log extends Copyable {
  readonly partition: number
  /** Keeps batch objects in closed segments, for state records. */
  readonly keeps: boolean
  readonly segments: Segment[] = objects()
  tail: Batch[] = objects()
  tailBase = 0
  /** Log end offset: the next offset to write. */
  end = 0
  /** Flat pairs: leader epoch, first offset written under it. */
  readonly epochs: number[] = []
  producers: ProducerStates = new ProducerStates()
  private readonly shelf: Shelf
  private cachedSegment: Segment | null = null
  private cachedBatches: readonly Batch[] = []
  /** Results of `findEpochEnd`. */
  foundEpoch = -1
  foundEnd = -1

  constructor(partition: number, shelf: Shelf, keeps: boolean) {
    super()
    this.partition = partition
    this.shelf = shelf
    this.keeps = keeps
  }

  /** Epoch of the last batch, -1 when empty. */
  lastEpoch(): number {
    const n = this.epochs.length
    return n === 0 ? -1 : (this.epochs[n - 2] as number)
  }

  /** Stamps a new batch and appends it, as the partition's leader does. */
  appendAsLeader(batch: Batch, leaderEpoch: number, now: number): Batch {
    const own = batch.baseOffset < 0 ? batch : copyOf(batch)
    own.baseOffset = this.end
    own.leaderEpoch = leaderEpoch
    own.appendedAt = now
    own.writerReplaced = own.writerReplaced || own.writer.replaced
    own.writer = NOBODY
    own[shared] = true
    this.append(own)
    return own
  }

  /** Appends a stamped batch at the end, as a follower does too. */
  append(batch: Batch): void {
    if (batch.baseOffset !== this.end) {
      invariant(false, 'kafka.append-at-end', `partition ${this.partition}: ${batch.baseOffset}, end ${this.end}`)
    }
    const n = this.epochs.length
    if (n === 0 || this.epochs[n - 2] !== batch.leaderEpoch) {
      invariant(n === 0 || (this.epochs[n - 2] as number) < batch.leaderEpoch, 'kafka.epochs-rise')
      this.epochs.push(batch.leaderEpoch, batch.baseOffset)
    }
    this.tail.push(batch)
    this.end += batch.records
    if (batch.producerId >= 0) this.producers.apply(batch)
    if (this.end - this.tailBase > 2 * WINDOW) this.close()
  }

  /** Closes the oldest window of the tail. */
  private close(): void {
    const tail = this.tail
    const limit = (Math.floor(this.tailBase / WINDOW) + 1) * WINDOW
    let count = 0
    while (count < tail.length && (tail[count] as Batch).baseOffset < limit) count++
    if (count === tail.length) count--
    if (count <= 0) return
    const segment = this.shelf.close(tail, 0, count, this.keeps)
    this.segments.push(segment)
    removeFirst(tail, count)
    this.tailBase = segment.end
  }

  /**
   * Pushes the whole batches from the one that holds `from` on that end at or below `upTo`, until `maxBytes`
   * are passed (at least one batch is given). Returns their bytes.
   */
  read(from: number, upTo: number, maxBytes: number, out: Batch[]): number {
    let bytes = 0
    let at = from
    while (at < this.tailBase && at < upTo) {
      const segment = this.segments[this.segmentOf(at)] as Segment
      const batches = this.batchesOf(segment)
      for (let i = indexIn(batches, at); i < batches.length; i++) {
        const batch = batches[i] as Batch
        const end = batch.baseOffset + batch.records
        if (end > upTo || (bytes > 0 && bytes + batch.bytes > maxBytes)) return bytes
        out.push(batch)
        bytes += batch.bytes
        at = end
      }
    }
    const tail = this.tail
    if (at >= upTo || tail.length === 0) return bytes
    for (let i = indexIn(tail, at); i < tail.length; i++) {
      const batch = tail[i] as Batch
      if (batch.baseOffset + batch.records > upTo || (bytes > 0 && bytes + batch.bytes > maxBytes)) break
      out.push(batch)
      bytes += batch.bytes
    }
    return bytes
  }

  /** The batch that holds an offset below the end. */
  batchAt(offset: number): Batch {
    invariant(offset >= 0 && offset < this.end, 'kafka.offset-in-log', `${offset}, end ${this.end}`)
    if (offset >= this.tailBase) return this.tail[indexIn(this.tail, offset)] as Batch
    const batches = this.batchesOf(this.segments[this.segmentOf(offset)] as Segment)
    return batches[indexIn(batches, offset)] as Batch
  }

  /** When the record at an offset was appended; NaN at or beyond the end. */
  appendedAt(offset: number): number {
    if (offset < 0 || offset >= this.end) return NaN
    if (offset >= this.tailBase) return (this.tail[indexIn(this.tail, offset)] as Batch).appendedAt
    return (this.segments[this.segmentOf(offset)] as Segment).appendedAt()
  }

  /** Sets foundEpoch and foundEnd: the largest epoch not above `epoch` here, and where it ends. */
  findEpochEnd(epoch: number): void {
    this.foundEpoch = -1
    this.foundEnd = 0
    for (let i = this.epochs.length - 2; i >= 0; i -= 2) {
      if ((this.epochs[i] as number) > epoch) continue
      this.foundEpoch = this.epochs[i] as number
      this.foundEnd = i + 3 < this.epochs.length ? (this.epochs[i + 3] as number) : this.end
      return
    }
  }

  /** Removes everything from an offset on; the caller states what that destroys. */
  truncate(to: number): void {
    if (to >= this.end) return
    while (this.segments.length > 0 && to < this.tailBase) {
      const segment = this.segments.pop() as Segment
      this.tail = [...segment.batches()]
      this.tailBase = segment.base
    }
    const tail = this.tail
    while (tail.length > 0 && (tail[tail.length - 1] as Batch).baseOffset >= to) tail.pop()
    const last = tail[tail.length - 1]
    this.end = last === undefined ? this.tailBase : last.baseOffset + last.records
    invariant(this.end <= to, 'kafka.truncate-at-batch', `${to}, end ${this.end}`)
    while (this.epochs.length > 0 && (this.epochs[this.epochs.length - 1] as number) >= this.end) this.epochs.length -= 2
    this.producers = this.producers.truncated(this, this.end)
  }

  /** Offset below which both logs are equal: one leader an epoch, so equal epochs mean equal content. */
  commonWith(other: Log): number {
    let common = 0
    for (let i = 0; i < this.epochs.length && i < other.epochs.length; i += 2) {
      if (this.epochs[i] !== other.epochs[i] || this.epochs[i + 1] !== other.epochs[i + 1]) break
      const mine = i + 3 < this.epochs.length ? (this.epochs[i + 3] as number) : this.end
      const theirs = i + 3 < other.epochs.length ? (other.epochs[i + 3] as number) : other.end
      common = Math.min(mine, theirs)
      if (mine !== theirs) break
    }
    return common
  }

  /** Drops the content of closed segments that end at or below `below`; offsets and bytes stay. */
  fold(below: number): void {
    for (let i = this.segments.length - 1; i >= 0; i--) {
      const segment = this.segments[i] as Segment
      if (segment.end > below) continue
      const folded = segment.folded()
      // What is below has been folded before.
      if (folded === segment) break
      this.segments[i] = folded
      this.shelf.fold(segment)
    }
    this.producers.fold(below)
  }

  /** Calls back for each batch from an offset on (whole batches). Not for hot paths. */
  forEachBatch(from: number, visit: (batch: Batch) => void): void {
    const batches: Batch[] = []
    let at = from
    while (at < this.end) {
      empty(batches)
      this.read(at, this.end, 1 << 20, batches)
      for (const batch of batches) visit(batch)
      const last = batches[batches.length - 1] as Batch
      at = last.baseOffset + last.records
    }
  }

  private segmentOf(offset: number): number {
    let low = 0
    let high = this.segments.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.segments[middle] as Segment).base <= offset) low = middle
      else high = middle - 1
    }
    return low
  }

  private batchesOf(segment: Segment): readonly Batch[] {
    if (this.cachedSegment !== segment) {
      this.cachedSegment = segment
      this.cachedBatches = segment.batches()
    }
    return this.cachedBatches
  }
}

/** Batches looked at from the end before halving: readers mostly stand there, and will read what was looked at. */
const NEAR = 12

/** Index of the batch that holds an offset, in batches that cover it; length when it is behind them. */
function indexIn(batches: readonly Batch[], offset: number): number {
  let high = batches.length
  const near = high > NEAR ? high - NEAR : 0
  while (high > near) {
    const batch = batches[high - 1] as Batch
    if (batch.baseOffset + batch.records <= offset) return high
    high--
  }
  let low = 0
  while (low < high) {
    const middle = (low + high) >> 1
    const batch = batches[middle] as Batch
    if (batch.baseOffset + batch.records <= offset) low = middle + 1
    else high = middle
  }
  return low
}

/** A batch that is sent again after it has been appended is another batch. */
function copyOf(batch: Batch): Batch {
  const made = new Batch(
    batch.partition, batch.slices, batch.records, batch.bytes, batch.producerId, batch.producerEpoch,
    batch.baseSequence, batch.isTransactional, batch.control, batch.writer, batch.coordinatorEpoch,
  )
  made.writerReplaced = batch.writerReplaced
  return made
}
