/**
 * Models: what a log knows of its producers: epoch and the last five batches of each (duplicates and gaps are
 *   found by sequence), open transactions, transactions ended but not yet replicated, aborted ranges.
 * Source: Kafka 4.2 `ProducerAppendInfo`, `ProducerStateEntry` (NUM_BATCHES_TO_RETAIN), `ProducerStateManager`.
 * Leaves out: expiry after producer.id.expiration.ms (1 day); of a producer whose batches below a truncation
 *   have been folded nothing is known afterwards, as if it had expired.
 */
import { Copyable, shorten } from '../../../src/kernel/index.ts'
import { COMMIT_MARKER, DATA_BATCH, type Batch, type KafkaError } from './protocol.ts'
import type { Log } from './log.ts'

const RETAINED = 5
const SEQUENCES = 2147483648

/** One producer as one log sees it. */
export class ProducerEntry extends Copyable {
  readonly producerId: number
  epoch = -1
  coordinatorEpoch = -1
  /**
   * Ring of the last five batches of this epoch: first sequence, last sequence, offset. Null while there is none:
   * the marker of a transaction raises the epoch, and a job leaves a producer behind with each of them.
   */
  private ring: number[] | null = null
  private next = 0
  lastSequence = -1
  /** Offset of its last batch or marker. */
  lastOffset = -1
  /** First offset of its open transaction, -1 when none is open. */
  openFrom = -1

  constructor(producerId: number) {
    super()
    this.producerId = producerId
  }

  /** A new epoch forgets batches and starts sequences at 0. */
  raiseEpoch(epoch: number): void {
    if (epoch === this.epoch) return
    this.epoch = epoch
    this.ring = null
    this.next = 0
    this.lastSequence = -1
  }

  remember(batch: Batch): void {
    const ring = this.ring ?? (this.ring = [])
    const i = 3 * this.next
    this.next = (this.next + 1) % RETAINED
    if (i === ring.length) ring.push(batch.baseSequence, lastSequenceOf(batch), batch.baseOffset)
    else {
      ring[i] = batch.baseSequence
      ring[i + 1] = lastSequenceOf(batch)
      ring[i + 2] = batch.baseOffset
    }
    this.lastSequence = lastSequenceOf(batch)
  }

  /** Offset of the retained batch with exactly these sequences, -1 when there is none. */
  duplicateOf(batch: Batch): number {
    const ring = this.ring
    if (batch.producerEpoch !== this.epoch || ring === null) return -1
    const last = lastSequenceOf(batch)
    for (let i = 0; i < ring.length; i += 3) {
      if (ring[i] === batch.baseSequence && ring[i + 1] === last) return ring[i + 2] as number
    }
    return -1
  }
}

function lastSequenceOf(batch: Batch): number {
  // Whole numbers below 2^31 throughout: a remainder of numbers that may be larger would be boxed.
  const last = batch.baseSequence + batch.records - 1
  return last < SEQUENCES ? last : last - SEQUENCES
}

/** All producers of one log. Kept with the log: it follows from the log's content. */
export class ProducerStates extends Copyable {
  private readonly entries: (ProducerEntry | undefined)[] = []
  /** Producers with an open transaction, in order of its first offset. */
  readonly open: ProducerEntry[] = []
  /** Flat pairs (first offset, marker's offset) of ended transactions, dropped when the marker is replicated. */
  readonly ended: number[] = []
  /** Flat triples (producer, first offset, marker's offset) of aborted transactions, in order of the marker. */
  readonly aborted: number[] = []
  /** Set by `check`: the offset of the duplicate. */
  duplicateOffset = -1

  entry(producerId: number): ProducerEntry | undefined {
    return this.entries[producerId]
  }

  private entryFor(producerId: number): ProducerEntry {
    while (this.entries.length <= producerId) this.entries.push(undefined)
    let entry = this.entries[producerId]
    if (entry === undefined) {
      entry = new ProducerEntry(producerId)
      this.entries[producerId] = entry
    }
    return entry
  }

  /**
   * Whether a producer's batch may be appended now. DUPLICATE_SEQUENCE_NUMBER means that it is in the log
   * already, at `duplicateOffset`.
   */
  check(batch: Batch): KafkaError {
    const entry = this.entries[batch.producerId]
    if (entry === undefined) return batch.isTransactional && batch.baseSequence !== 0 ? 'OUT_OF_ORDER_SEQUENCE_NUMBER' : 'NONE'
    const isNext = batch.producerEpoch === entry.epoch && entry.lastSequence >= 0 && batch.baseSequence === entry.lastSequence + 1
    // The usual case: what comes next in line is no repeat.
    if (isNext && (batch.isTransactional || entry.openFrom < 0)) return 'NONE'
    const duplicate = entry.duplicateOf(batch)
    if (duplicate >= 0) {
      this.duplicateOffset = duplicate
      return 'DUPLICATE_SEQUENCE_NUMBER'
    }
    if (batch.producerEpoch < entry.epoch) return 'INVALID_PRODUCER_EPOCH'
    if (!batch.isTransactional && entry.openFrom >= 0) return 'INVALID_TXN_STATE'
    const expected = batch.producerEpoch > entry.epoch || entry.lastSequence < 0 ? 0 : (entry.lastSequence + 1) % SEQUENCES
    return batch.baseSequence === expected ? 'NONE' : 'OUT_OF_ORDER_SEQUENCE_NUMBER'
  }

  /** True while this producer's transaction of this epoch is open here: no registration is needed. */
  isOpen(producerId: number, epoch: number): boolean {
    const entry = this.entries[producerId]
    return entry !== undefined && entry.openFrom >= 0 && entry.epoch === epoch
  }

  /** Takes in a batch that has just been appended, whatever it is. */
  apply(batch: Batch): void {
    const entry = this.entryFor(batch.producerId)
    entry.raiseEpoch(batch.producerEpoch)
    if (batch.control === DATA_BATCH) {
      entry.remember(batch)
      if (batch.isTransactional && entry.openFrom < 0) {
        entry.openFrom = batch.baseOffset
        this.open.push(entry)
      }
    } else {
      entry.coordinatorEpoch = batch.coordinatorEpoch
      if (entry.openFrom >= 0) {
        this.ended.push(entry.openFrom, batch.baseOffset)
        if (batch.control !== COMMIT_MARKER) this.aborted.push(batch.producerId, entry.openFrom, batch.baseOffset)
        entry.openFrom = -1
        const index = this.open.indexOf(entry)
        for (let i = index; i + 1 < this.open.length; i++) this.open[i] = this.open[i + 1] as ProducerEntry
        this.open.pop()
      }
    }
    entry.lastOffset = batch.baseOffset + batch.records - 1
  }

  /** Forgets ended transactions whose marker is below the high watermark. */
  replicated(highWatermark: number): void {
    const ended = this.ended
    let kept = 0
    for (let i = 0; i < ended.length; i += 2) {
      if ((ended[i + 1] as number) < highWatermark) continue
      ended[kept++] = ended[i] as number
      ended[kept++] = ended[i + 1] as number
    }
    shorten(ended, kept)
  }

  /** Smallest first offset of open and of ended but unreplicated transactions; Infinity when there is none. */
  firstUnstable(): number {
    let first = this.open.length > 0 ? (this.open[0] as ProducerEntry).openFrom : Infinity
    for (let i = 0; i < this.ended.length; i += 2) if ((this.ended[i] as number) < first) first = this.ended[i] as number
    return first
  }

  /** Pushes (producer, first offset) of aborted transactions that touch [from, to). */
  abortedIn(from: number, to: number, out: number[]): void {
    const aborted = this.aborted
    for (let i = aborted.length - 3; i >= 0 && (aborted[i + 2] as number) >= from; i -= 3) {
      if ((aborted[i + 1] as number) < to) out.push(aborted[i] as number, aborted[i + 1] as number)
    }
  }

  /** True when this transactional batch belongs to an aborted transaction (its marker is in the log). */
  isAborted(batch: Batch): boolean {
    const aborted = this.aborted
    for (let i = aborted.length - 3; i >= 0 && (aborted[i + 2] as number) >= batch.baseOffset; i -= 3) {
      if (aborted[i] === batch.producerId && (aborted[i + 1] as number) <= batch.baseOffset) return true
    }
    return false
  }

  /** Forgets aborted ranges that nobody reads again. */
  fold(below: number): void {
    let count = 0
    while (count < this.aborted.length && (this.aborted[count + 2] as number) < below) count += 3
    if (count > 0) this.aborted.splice(0, count)
  }

  /** The state at an offset to which the log has been cut: untouched producers stay, the others are replayed. */
  truncated(log: Log, to: number): ProducerStates {
    const next = new ProducerStates()
    let affected = false
    for (let i = 0; i < this.entries.length; i++) {
      const entry = this.entries[i]
      next.entries.push(entry)
      if (entry === undefined || entry.lastOffset < to) continue
      next.entries[i] = undefined
      affected = true
    }
    for (const entry of this.open) if (next.entries[entry.producerId] === entry) next.open.push(entry)
    for (let i = 0; i < this.ended.length; i += 2) {
      if ((this.ended[i + 1] as number) < to) next.ended.push(this.ended[i] as number, this.ended[i + 1] as number)
    }
    for (let i = 0; i < this.aborted.length; i += 3) {
      if ((this.aborted[i + 2] as number) < to) {
        next.aborted.push(this.aborted[i] as number, this.aborted[i + 1] as number, this.aborted[i + 2] as number)
      }
    }
    if (!affected) return next
    const again = new ProducerStates()
    log.forEachBatch(0, (batch) => {
      if (batch.producerId >= 0 && next.entries[batch.producerId] === undefined) again.apply(batch)
    })
    for (let i = 0; i < again.entries.length; i++) if (again.entries[i] !== undefined) next.entries[i] = again.entries[i]
    next.open.push(...again.open)
    next.open.sort((a, b) => a.openFrom - b.openFrom)
    // Ended transactions above the cut's high watermark that were replayed are above it again.
    for (let i = 0; i < again.ended.length; i += 2) {
      const first = again.ended[i] as number
      if (!next.hasEnded(first)) next.ended.push(first, again.ended[i + 1] as number)
    }
    return next
  }

  private hasEnded(first: number): boolean {
    for (let i = 0; i < this.ended.length; i += 2) if (this.ended[i] === first) return true
    return false
  }
}
