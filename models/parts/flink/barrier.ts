/**
 * Models: what a task does with barriers of its input channels. EXACTLY_ONCE: a channel whose barrier has come is
 *   blocked until all have come, so the snapshot holds exactly what lies before the barriers. AT_LEAST_ONCE: the
 *   barriers are counted, nothing is blocked, and what comes early is in the snapshot too.
 * Source: Flink 2.1 SingleCheckpointBarrierHandler, CheckpointBarrierTracker.
 * Leaves out: unaligned checkpoints and the switch to them by time.
 */
import { invariant } from '../../../src/kernel/index.ts'
import type { InputGate } from './input-gate.ts'

/** Barriers of at most this many checkpoints are counted at a time; older ones are given up (as in Flink). */
const trackedMax = 50

/** Alignment of one operator subtask. */
export class BarrierAlignment {
  private readonly gate: InputGate
  private readonly isBlocking: boolean
  /** Checkpoints whose barriers are being counted, oldest first; at most one when blocking. */
  private readonly ids: number[] = []
  private readonly counts: number[] = []
  private readonly firsts: number[] = []
  /** Barriers up to this checkpoint are of the past. */
  private doneBelow = 1
  /** Nanoseconds from the first to the last barrier of the latest complete one. */
  alignmentNanos = 0

  constructor(gate: InputGate, isBlocking: boolean) {
    this.gate = gate
    this.isBlocking = isBlocking
  }

  /** A barrier was read from a channel: true when it was the last one of its checkpoint. */
  receive(now: number, channel: number, checkpoint: number): boolean {
    if (checkpoint < this.doneBelow) return false
    let at = this.ids.indexOf(checkpoint)
    if (at < 0) {
      // A newer checkpoint subsumes one that is still aligning.
      if (this.isBlocking && this.ids.length > 0) this.giveUp(checkpoint)
      if (this.ids.length === trackedMax) this.forget(1)
      at = this.ids.push(checkpoint) - 1
      this.counts.push(0)
      this.firsts.push(now)
    }
    const count = (this.counts[at] as number) + 1
    this.counts[at] = count
    invariant(count <= this.gate.channels, 'flink.barrier-twice', `${checkpoint} on ${channel}`)
    if (count < this.gate.channels) {
      if (this.isBlocking) this.gate.block(channel)
      return false
    }
    this.alignmentNanos = now - (this.firsts[at] as number)
    this.doneBelow = checkpoint + 1
    this.forget(at + 1)
    if (this.isBlocking) this.gate.unblockAll()
    return true
  }

  private giveUp(newer: number): void {
    this.doneBelow = newer
    this.forget(this.ids.length)
    this.gate.unblockAll()
  }

  private forget(count: number): void {
    this.ids.splice(0, count)
    this.counts.splice(0, count)
    this.firsts.splice(0, count)
  }
}
