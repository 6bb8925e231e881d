/**
 * Models: the closed part of a log, immutable and shared by all replicas and keyframes: columns of about
 *   12 bytes a record from which batches are made again when somebody reads them.
 * Source: memory layout of our own; what a batch holds is the record batch of Kafka (4.2 documentation, "Record
 *   Batch").
 * Leaves out: index files; a segment here is a window of offsets, not a file of segment.bytes.
 */
import { Copyable, invariant, shared } from '../../../src/kernel/index.ts'
import { Batch, NO_PRODUCER, type Writer } from './protocol.ts'

/** Offsets per segment. */
export const WINDOW = 1024
/** The writer of what brokers append themselves, and of every batch after its append. */
export const NOBODY: Writer = Object.freeze({ replaced: false })
/** Bytes of a batch's header on the wire and on disk. */
export const BATCH_OVERHEAD_BYTES = 61

type Cells = Uint8Array | Uint16Array | Uint32Array | Float64Array

/** Whole numbers in the smallest form that holds them: one constant, or differences from the least one. */
class Column {
  private readonly least: number
  private readonly cells: Cells | null

  /** The first `count` of `values`. */
  constructor(values: Float64Array, count: number) {
    let least = count === 0 ? 0 : (values[0] as number)
    let most = least
    for (let i = 1; i < count; i++) {
      const value = values[i] as number
      if (value < least) least = value
      else if (value > most) most = value
    }
    this.least = least
    this.cells = most === least ? null : cellsOf(values, count, least, most - least)
  }

  at(index: number): number {
    return this.cells === null ? this.least : this.least + (this.cells[index] as number)
  }

  /**
   * The same for numbers below 2^31, as an integer: from a floating-point one every field and list that it comes to would
   * turn to floating point for the rest of the run, boxed and half as fast.
   */
  int(index: number): number {
    return this.at(index) | 0
  }
}

/** One loop a type: the engine makes a fast one of each. */
function cellsOf(values: Float64Array, count: number, least: number, range: number): Cells {
  if (range < 256) {
    const cells = new Uint8Array(count)
    for (let i = 0; i < count; i++) cells[i] = (values[i] as number) - least
    return cells
  }
  if (range < 65536) {
    const cells = new Uint16Array(count)
    for (let i = 0; i < count; i++) cells[i] = (values[i] as number) - least
    return cells
  }
  const cells = range < 4294967296 ? new Uint32Array(count) : new Float64Array(count)
  for (let i = 0; i < count; i++) cells[i] = (values[i] as number) - least
  return cells
}

/** Where a segment's columns are gathered before they are packed; nothing stays in it. */
class Desk {
  group = new Float64Array(WINDOW)
  records = new Float64Array(WINDOW)
  sizes = new Float64Array(WINDOW)
  sliceCounts = new Float64Array(WINDOW)
  micros = new Float64Array(WINDOW)
  lanes = new Float64Array(WINDOW)
  firsts = new Float64Array(WINDOW)
  counts = new Float64Array(WINDOW)
  copies = new Float64Array(WINDOW)

  constructor(batches: number, slices: number) {
    if (batches > WINDOW) {
      this.group = new Float64Array(batches)
      this.records = new Float64Array(batches)
      this.sizes = new Float64Array(batches)
      this.sliceCounts = new Float64Array(batches)
      this.micros = new Float64Array(batches)
    }
    if (slices > WINDOW) {
      this.lanes = new Float64Array(slices)
      this.firsts = new Float64Array(slices)
      this.counts = new Float64Array(slices)
      this.copies = new Float64Array(slices)
    }
  }
}

const usualDesk = new Desk(0, 0)

/** What runs of batches by one producer have in common; sequences run on from batch to batch. */
const GROUP = 8

/** Consecutive batches, closed for ever. */
export class Segment {
  readonly [shared] = true
  readonly partition: number
  readonly base: number
  readonly end: number
  readonly bytes: number
  readonly firstEpoch: number
  readonly lastEpoch: number
  readonly batchCount: number
  /** Batches kept as they are (state records, and what a folded segment leaves). */
  private readonly kept: readonly Batch[] | null
  /** Flat, GROUP numbers each: producer, epoch, first sequence, kind, leader epoch, coordinator epoch, replaced, transactional. */
  private readonly groups: readonly number[]
  private readonly group: Column | null = null
  private readonly records: Column | null = null
  private readonly sizes: Column | null = null
  private readonly sliceCounts: Column | null = null
  private readonly micros: Column | null = null
  private readonly lanes: Column | null = null
  private readonly firsts: Column | null = null
  private readonly counts: Column | null = null
  private readonly copies: Column | null = null

  /** Closes [from, to) of a tail. `keeps` keeps the objects, which carry more than a plain batch. */
  constructor(tail: readonly Batch[], from: number, to: number, keeps: boolean) {
    invariant(from < to, 'kafka.segment-of-nothing')
    const first = tail[from] as Batch
    const last = tail[to - 1] as Batch
    this.partition = first.partition
    this.base = first.baseOffset
    this.end = last.baseOffset + last.records
    this.firstEpoch = first.leaderEpoch
    this.lastEpoch = last.leaderEpoch
    this.batchCount = to - from
    let bytes = 0
    for (let i = from; i < to; i++) bytes += (tail[i] as Batch).bytes
    this.bytes = bytes
    this.kept = keeps ? tail.slice(from, to) : null
    this.groups = []
    if (keeps) return
    const groups: number[] = []
    const expected: number[] = []
    let slices = 0
    for (let i = from; i < to; i++) slices += (tail[i] as Batch).slices.length / 4
    const batches = to - from
    const desk = batches > WINDOW || slices > WINDOW ? new Desk(batches, slices) : usualDesk
    const { lanes, firsts, counts, copies } = desk
    let slice = 0
    for (let i = 0; i < batches; i++) {
      const batch = tail[from + i] as Batch
      const s = batch.slices
      desk.group[i] = groupOf(groups, expected, batch)
      desk.records[i] = batch.records
      desk.sizes[i] = batch.bytes
      desk.sliceCounts[i] = s.length / 4
      desk.micros[i] = Math.round(batch.appendedAt / 1000)
      for (let k = 0; k < s.length; k += 4, slice++) {
        lanes[slice] = s[k] as number
        firsts[slice] = s[k + 1] as number
        counts[slice] = s[k + 2] as number
        copies[slice] = s[k + 3] as number
      }
    }
    this.groups = groups
    this.group = new Column(desk.group, batches)
    this.records = new Column(desk.records, batches)
    this.sizes = new Column(desk.sizes, batches)
    this.sliceCounts = new Column(desk.sliceCounts, batches)
    this.micros = new Column(desk.micros, batches)
    this.lanes = new Column(lanes, slices)
    this.firsts = new Column(firsts, slices)
    this.counts = new Column(counts, slices)
    this.copies = new Column(copies, slices)
  }

  /** The batches, made anew; equal to those that were closed, but for times rounded to microseconds. */
  batches(): readonly Batch[] {
    if (this.kept !== null) return this.kept
    const made: Batch[] = []
    const sequences: number[] = []
    for (let g = 2; g < this.groups.length; g += GROUP) sequences.push(this.groups[g] as number)
    let offset = this.base
    let slice = 0
    for (let i = 0; i < this.batchCount; i++) {
      const group = (this.group as Column).int(i)
      const g = group * GROUP
      const records = (this.records as Column).int(i)
      const slices: number[] = []
      for (let n = (this.sliceCounts as Column).int(i); n > 0; n--, slice++) {
        slices.push(
          (this.lanes as Column).int(slice), (this.firsts as Column).int(slice), (this.counts as Column).int(slice),
          (this.copies as Column).int(slice),
        )
      }
      const sequence = sequences[group] as number
      if (sequence >= 0) sequences[group] = sequence + records
      const batch = new Batch(
        this.partition, slices, records, (this.sizes as Column).int(i), this.groups[g] as number,
        this.groups[g + 1] as number, sequence, this.groups[g + 7] === 1, this.groups[g + 3] as number, NOBODY,
        this.groups[g + 5] as number,
      )
      batch.baseOffset = offset
      batch.leaderEpoch = this.groups[g + 4] as number
      batch.appendedAt = (this.micros as Column).at(i) * 1000
      batch.writerReplaced = this.groups[g + 6] === 1
      batch[shared] = true
      made.push(batch)
      offset += records
    }
    return made
  }

  /** The same offsets and bytes with nothing in them: what is left when nobody will read the records again. */
  folded(): Segment {
    if (this.kept !== null) return this
    const left: Batch[] = []
    if (this.firstEpoch === this.lastEpoch) left.push(this.husk(this.base, this.end - this.base, this.bytes, this.lastEpoch))
    else {
      const batches = this.batches()
      for (let from = 0; from < batches.length;) {
        const { baseOffset, leaderEpoch } = batches[from] as Batch
        let bytes = 0
        let records = 0
        for (; from < batches.length && (batches[from] as Batch).leaderEpoch === leaderEpoch; from++) {
          bytes += (batches[from] as Batch).bytes
          records += (batches[from] as Batch).records
        }
        left.push(this.husk(baseOffset, records, bytes, leaderEpoch))
      }
    }
    return new Segment(left, 0, left.length, true)
  }

  /** A batch that fills offsets and has no records to read. */
  private husk(base: number, records: number, bytes: number, leaderEpoch: number): Batch {
    const batch = new Batch(this.partition, [], records, bytes, NO_PRODUCER, -1, -1, false, 0, NOBODY, -1)
    batch.baseOffset = base
    batch.leaderEpoch = leaderEpoch
    batch.appendedAt = this.appendedAt()
    batch[shared] = true
    return batch
  }

  /** When its first batch was appended. */
  appendedAt(): number {
    return this.kept !== null ? (this.kept[0] as Batch).appendedAt : (this.micros as Column).at(0) * 1000
  }
}

/** Finds or adds the group that this batch continues. */
function groupOf(groups: number[], expected: number[], batch: Batch): number {
  const replaced = batch.writerReplaced ? 1 : 0
  const transactional = batch.isTransactional ? 1 : 0
  for (let k = expected.length - 1; k >= 0; k--) {
    const g = k * GROUP
    if (
      groups[g] === batch.producerId && expected[k] === batch.baseSequence && groups[g + 1] === batch.producerEpoch &&
      groups[g + 3] === batch.control && groups[g + 4] === batch.leaderEpoch && groups[g + 5] === batch.coordinatorEpoch &&
      groups[g + 6] === replaced && groups[g + 7] === transactional
    ) {
      if (batch.baseSequence >= 0) expected[k] = batch.baseSequence + batch.records
      return k
    }
  }
  groups.push(
    batch.producerId, batch.producerEpoch, batch.baseSequence, batch.control, batch.leaderEpoch,
    batch.coordinatorEpoch, replaced, transactional,
  )
  expected.push(batch.baseSequence >= 0 ? batch.baseSequence + batch.records : batch.baseSequence)
  return expected.length - 1
}

/** The segments closed last, one a window, so that replicas with equal content share them. One a partition. */
export class Shelf extends Copyable {
  private readonly segments: (Segment | undefined)[] = []

  /** The segment of tail[from, to): the one on the shelf if it holds the same batches, else a new one. */
  close(tail: readonly Batch[], from: number, to: number, keeps: boolean): Segment {
    const first = tail[from] as Batch
    const last = tail[to - 1] as Batch
    const window = Math.floor(first.baseOffset / WINDOW)
    const known = this.segments[window]
    // One leader an epoch: equal offset and epoch mean equal content from there down.
    if (
      known !== undefined && known.base === first.baseOffset && known.end === last.baseOffset + last.records &&
      known.lastEpoch === last.leaderEpoch && known.batchCount === to - from
    ) return known
    const made = new Segment(tail, from, to, keeps)
    while (this.segments.length <= window) this.segments.push(undefined)
    this.segments[window] = made
    return made
  }

  /** Forgets a window; replicas that still close it make their own. */
  fold(segment: Segment): void {
    this.segments[Math.floor(segment.base / WINDOW)] = undefined
  }
}
