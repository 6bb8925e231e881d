/**
 * Models: the unit of the exchange between tasks: a 32 KiB buffer of serialised records of one channel, or a
 *   barrier, which travels in band.
 * Source: Flink 2.1 documentation, Network Buffer Tuning; Flink 2.1 NettyShuffleEnvironmentConfiguration (constants since 2.0).
 * Leaves out: records that span buffers (one that is larger than a buffer has one alone), buffer debloating.
 */
import type { Slices } from '../../../src/contract/slice.ts'

export const segmentBytes = 32 * 1024
export const exclusiveBuffers = 2
export const floatingBuffers = 8
export const buffersPerChannelMax = 10
/** Length field and serialiser's own bytes of a record. Assumed. */
export const recordOverheadBytes = 8

/** One buffer or barrier on its way from a source subtask to an operator subtask. */
export class NetworkBuffer {
  readonly source: number
  readonly target: number
  /** Checkpoint of a barrier, 0 for data. */
  readonly barrier: number
  /** When the checkpoint of a barrier was triggered. */
  readonly triggeredAt: number
  readonly slices: Slices
  records = 0
  bytes = 0
  /** Buffers that wait behind this one at the sender when it is sent. */
  backlog = 0
  /** Read by the receiver in place: it stays one of the sender's until it is consumed. */
  isLocal = false

  constructor(source: number, target: number, barrier: number, triggeredAt: number, slices: Slices) {
    this.source = source
    this.target = target
    this.barrier = barrier
    this.triggeredAt = triggeredAt
    this.slices = slices
  }
}
