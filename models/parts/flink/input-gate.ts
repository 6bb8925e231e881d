/**
 * Models: the receiving side of an exchange: two exclusive buffers a channel and eight floating ones a gate; free
 *   buffers are announced as credits; channels with data take turns; a blocked channel keeps its data.
 * Source: Flink 2.1 documentation, Network Buffer Tuning; Flink 2.1 BufferManager, SingleInputGate.
 * Leaves out: unaligned barriers; several credits of a TaskManager travel in one message (see credit messages).
 */
import { invariant, objects } from '../../../src/kernel/index.ts'
import { exclusiveBuffers, floatingBuffers, type NetworkBuffer } from './buffer.ts'

/** Input of one operator subtask: a channel per source subtask. */
export class InputGate {
  readonly channels: number
  private readonly queues: NetworkBuffer[][] = []
  /** Channels with data, in the order in which they got it. */
  private readonly ready: number[] = []
  private readonly isReady: Uint8Array
  private readonly isBlocked: Uint8Array
  /** Empty buffers that belong to a channel now: the sender's credit and what it has not been told of. */
  private readonly free: Int32Array
  /** Part of `free` that the sender does not know of yet. */
  private readonly unannounced: Int32Array
  private readonly backlog: Int32Array
  private floatingFree = floatingBuffers
  /** Channels that wait for a floating buffer, in order. */
  private readonly waiting: number[] = []
  private readonly isWaiting: Uint8Array
  /** Buffers with data that lie here, the local ones apart. */
  filled = 0

  constructor(channels: number) {
    this.channels = channels
    this.isReady = new Uint8Array(channels)
    this.isBlocked = new Uint8Array(channels)
    this.isWaiting = new Uint8Array(channels)
    this.free = new Int32Array(channels).fill(exclusiveBuffers)
    this.unannounced = new Int32Array(channels)
    this.backlog = new Int32Array(channels)
    for (let i = 0; i < channels; i++) this.queues.push(objects())
  }

  /** A buffer or barrier has arrived. */
  receive(buffer: NetworkBuffer): void {
    const channel = buffer.source
    ;(this.queues[channel] as NetworkBuffer[]).push(buffer)
    if (this.isReady[channel] === 0 && this.isBlocked[channel] === 0) {
      this.isReady[channel] = 1
      this.ready.push(channel)
    }
    if (buffer.barrier === 0 && !buffer.isLocal) {
      if ((this.free[channel] as number) <= 0) invariant(false, 'flink.buffer-without-credit', String(channel))
      this.free[channel] = (this.free[channel] as number) - 1
      this.filled++
    }
    this.backlog[channel] = buffer.backlog
    if (!buffer.isLocal && buffer.backlog > 0) this.wantFloating(channel)
  }

  /** The next buffer that would be read, or null. */
  peek(): NetworkBuffer | null {
    return this.ready.length === 0 ? null : (this.queues[this.ready[0] as number] as NetworkBuffer[])[0] as NetworkBuffer
  }

  /** Takes the buffer that `peek` showed; its channel goes to the end of the line. */
  poll(): NetworkBuffer {
    const channel = this.ready.shift() as number
    const queue = this.queues[channel] as NetworkBuffer[]
    const buffer = queue.shift() as NetworkBuffer
    if (queue.length > 0) this.ready.push(channel)
    else this.isReady[channel] = 0
    return buffer
  }

  /** Aligned barrier: what comes behind it on this channel waits. */
  block(channel: number): void {
    this.isBlocked[channel] = 1
    if (this.isReady[channel] === 1) {
      this.isReady[channel] = 0
      this.ready.splice(this.ready.indexOf(channel), 1)
    }
  }

  unblockAll(): void {
    for (let channel = 0; channel < this.channels; channel++) {
      if (this.isBlocked[channel] === 0) continue
      this.isBlocked[channel] = 0
      if ((this.queues[channel] as NetworkBuffer[]).length > 0) {
        this.isReady[channel] = 1
        this.ready.push(channel)
      }
    }
  }

  /**
   * A remote buffer has been read: it is free for its channel, or goes back to the floating ones. Returns the
   * channel that has a buffer more for it, -1 when none has.
   */
  recycle(channel: number): number {
    this.filled--
    const required = (this.backlog[channel] as number) + exclusiveBuffers
    if ((this.free[channel] as number) >= required) {
      this.floatingFree++
      const next = this.waiting.shift()
      if (next === undefined) return -1
      this.isWaiting[next] = 0
      this.wantFloating(next)
      return next
    }
    this.free[channel] = (this.free[channel] as number) + 1
    this.unannounced[channel] = (this.unannounced[channel] as number) + 1
    return channel
  }

  /** Credits to tell the sender of this channel now; they count as told. */
  takeCredit(channel: number): number {
    const credit = this.unannounced[channel] as number
    this.unannounced[channel] = 0
    return credit
  }

  /** The sender has no credit left though there is some: it must be told without delay. */
  isStarved(channel: number): boolean {
    const unannounced = this.unannounced[channel] as number
    return unannounced > 0 && (unannounced === this.free[channel] || (this.backlog[channel] as number) > 0)
  }

  forEachBuffer(visit: (buffer: NetworkBuffer) => void): void {
    for (const queue of this.queues) for (const buffer of queue) visit(buffer)
  }

  audit(): void {
    let assigned = this.floatingFree + this.filled
    for (let channel = 0; channel < this.channels; channel++) {
      const free = this.free[channel] as number
      invariant(free >= 0 && (this.unannounced[channel] as number) <= free, 'flink.credit-range', String(channel))
      assigned += free
    }
    const all = exclusiveBuffers * this.channels + floatingBuffers
    invariant(assigned <= all, 'flink.gate-pool-exceeded', `${assigned} of ${all}`)
    invariant(this.filled >= 0 && this.floatingFree >= 0, 'flink.gate-pool-range')
  }

  private wantFloating(channel: number): void {
    const required = (this.backlog[channel] as number) + exclusiveBuffers
    while ((this.free[channel] as number) < required && this.floatingFree > 0) {
      this.floatingFree--
      this.free[channel] = (this.free[channel] as number) + 1
      this.unannounced[channel] = (this.unannounced[channel] as number) + 1
    }
    if ((this.free[channel] as number) < required && this.isWaiting[channel] === 0) {
      this.isWaiting[channel] = 1
      this.waiting.push(channel)
    }
  }
}
