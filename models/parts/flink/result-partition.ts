/**
 * Models: the sending side of an exchange: records go into one buffer per channel; a full one, or one that the
 *   flusher names, is sent against a credit; without buffers in the pool the task is blocked.
 * Source: Flink 2.1 documentation, Network Buffer Tuning; Flink 2.1 PipelinedSubpartition, CreditBasedSequenceNumberingViewReader.
 * Leaves out: overdraft buffers (a record is checked for room before it is taken).
 */
import { pushSlice } from '../../../src/contract/slice.ts'
import { empty, invariant, objects, removeFirst } from '../../../src/kernel/index.ts'
import { NetworkBuffer, buffersPerChannelMax, exclusiveBuffers, recordOverheadBytes, segmentBytes } from './buffer.ts'

/** Output of one source subtask: a channel per operator subtask. */
export class ResultPartition {
  readonly source: number
  readonly channels: number
  private readonly recordBytes: number
  /** Two a channel and eight: the pool's target size. */
  readonly poolMax: number
  /** Buffers of the pool that hold data. */
  used = 0
  /** Data that waits for the next flush or for credit. */
  isDirty = false
  /** At least one buffer is complete: sent without waiting for the flusher. */
  hasComplete = false
  private readonly builders: (NetworkBuffer | null)[] = []
  private readonly queues: NetworkBuffer[][] = []
  /** Credits per channel that the receiver has announced; local channels need none. */
  private readonly credits: Int32Array
  /** Channels whose open buffer may be sent as it is. */
  private readonly isFlushed: Uint8Array

  constructor(source: number, channels: number, recordBytes: number) {
    this.source = source
    this.channels = channels
    this.recordBytes = recordBytes + recordOverheadBytes
    this.poolMax = exclusiveBuffers * channels + 8
    this.credits = new Int32Array(channels)
    this.isFlushed = new Uint8Array(channels)
    for (let i = 0; i < channels; i++) {
      this.builders.push(null)
      this.queues.push(objects())
    }
  }

  /** The receiver of this channel has asked for it: it has its exclusive buffers free. */
  open(channel: number): void {
    this.credits[channel] = exclusiveBuffers
  }

  addCredit(channel: number, count: number): void {
    this.credits[channel] = (this.credits[channel] as number) + count
  }

  /** Writes one record; false when no buffer is left for it. */
  write(channel: number, lane: number, index: number, copy: number): boolean {
    let builder = this.builders[channel] as NetworkBuffer | null
    if (builder !== null && builder.bytes + this.recordBytes > segmentBytes) {
      (this.queues[channel] as NetworkBuffer[]).push(builder)
      this.builders[channel] = builder = null
      this.hasComplete = true
    }
    if (builder === null) {
      if (!this.hasRoom(channel)) return false
      // Most buffers leave with one record: a list made with it is a third of the size of one that grows.
      builder = new NetworkBuffer(this.source, channel, 0, 0, [lane, index, 1, copy])
      this.builders[channel] = builder
      this.used++
    } else pushSlice(builder.slices, lane, index, 1, copy)
    builder.records++
    builder.bytes += this.recordBytes
    this.isDirty = true
    return true
  }

  /** True while the pool has a buffer for this channel. */
  hasRoom(channel: number): boolean {
    return this.used < this.poolMax && (this.queues[channel] as NetworkBuffer[]).length < buffersPerChannelMax
  }

  /** True while something of this channel may be sent or waits for credit. */
  hasWaiting(channel: number): boolean {
    return (this.queues[channel] as NetworkBuffer[]).length > 0 || this.isFlushed[channel] === 1
  }

  /** A barrier behind all records so far, on every channel; what is before it goes with it. */
  broadcastBarrier(checkpoint: number, triggeredAt: number): void {
    for (let channel = 0; channel < this.channels; channel++) {
      this.finishBuilder(channel)
      ;(this.queues[channel] as NetworkBuffer[]).push(new NetworkBuffer(this.source, channel, checkpoint, triggeredAt, []))
    }
    this.hasComplete = true
    this.isDirty = true
  }

  /** The flusher's tick: open buffers may go. */
  flush(): void {
    for (let channel = 0; channel < this.channels; channel++) {
      if (this.builders[channel] !== null) this.isFlushed[channel] = 1
    }
    this.isDirty = false
  }

  /** Takes what may be sent on a remote channel now, against credits; barriers need none. */
  take(channel: number, into: NetworkBuffer[]): void {
    const queue = this.queues[channel] as NetworkBuffer[]
    const start = into.length
    let taken = 0
    while (taken < queue.length) {
      const buffer = queue[taken] as NetworkBuffer
      if (buffer.barrier === 0) {
        if ((this.credits[channel] as number) === 0) break
        this.credits[channel] = (this.credits[channel] as number) - 1
        this.used--
      }
      taken++
      into.push(buffer)
    }
    if (taken === queue.length) {
      empty(queue)
      const builder = this.builders[channel] as NetworkBuffer | null
      // Without credit the open buffer goes on filling; it leaves with the first credit.
      if (builder !== null && this.isFlushed[channel] === 1 && (this.credits[channel] as number) > 0) {
        this.credits[channel] = (this.credits[channel] as number) - 1
        this.used--
        this.builders[channel] = null
        this.isFlushed[channel] = 0
        into.push(builder)
      }
    } else if (taken > 0) {
      removeFirst(queue, taken)
    }
    const backlog = queue.length + (this.builders[channel] === null ? 0 : 1)
    for (let i = start; i < into.length; i++) (into[i] as NetworkBuffer).backlog = backlog
  }

  /** Takes what may be read on a channel of the same TaskManager; the buffers stay in this pool. */
  takeLocal(channel: number, into: NetworkBuffer[]): void {
    const queue = this.queues[channel] as NetworkBuffer[]
    if (this.isFlushed[channel] === 1) this.finishBuilder(channel)
    for (let i = 0; i < queue.length; i++) {
      const buffer = queue[i] as NetworkBuffer
      buffer.isLocal = buffer.barrier === 0
      into.push(buffer)
    }
    empty(queue)
  }

  /** A buffer that was read in place is consumed. */
  recycleLocal(): void {
    this.used--
    invariant(this.used >= 0, 'flink.pool-below-zero')
  }

  /** Buffers not sent yet, for holdings and drops. */
  forEachBuffer(visit: (buffer: NetworkBuffer) => void): void {
    for (let channel = 0; channel < this.channels; channel++) {
      for (const buffer of this.queues[channel] as NetworkBuffer[]) visit(buffer)
      const builder = this.builders[channel] as NetworkBuffer | null
      if (builder !== null) visit(builder)
    }
  }

  audit(): void {
    invariant(this.used >= 0 && this.used <= this.poolMax, 'flink.pool-exceeded', `${this.used} of ${this.poolMax}`)
    for (let channel = 0; channel < this.channels; channel++) {
      invariant((this.credits[channel] as number) >= 0, 'flink.credit-below-zero', String(channel))
    }
  }

  private finishBuilder(channel: number): void {
    const builder = this.builders[channel] as NetworkBuffer | null
    this.isFlushed[channel] = 0
    if (builder === null) return
    (this.queues[channel] as NetworkBuffer[]).push(builder)
    this.builders[channel] = null
  }
}
