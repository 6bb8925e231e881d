/**
 * Models: how a read_committed consumer leaves out aborted data by itself: the answer lists (producer, first offset) of
 *   aborted transactions; from that offset to the producer's abort marker its transactional batches are skipped.
 * Source: Kafka 4.2 CompletedFetch#nextFetchedRecord, #consumeAbortedTransactionsUpTo; KIP-98.
 * Leaves out: nothing.
 */
import { Copyable } from '../../../src/kernel/index.ts'
import { ABORT_MARKER, type Batch } from './protocol.ts'

/** The aborted transactions of one answer, met in the order of offsets. */
export class AbortedFilter extends Copyable {
  /** Flat producerId, first offset, by rising first offset. */
  private readonly listed: number[] = []
  private at = 0
  private readonly aborting: number[] = []

  constructor(aborted: readonly number[]) {
    super()
    for (let i = 0; i + 1 < aborted.length; i += 2) {
      const offset = aborted[i + 1] as number
      let to = this.listed.length
      while (to > 0 && (this.listed[to - 1] as number) > offset) to -= 2
      this.listed.splice(to, 0, aborted[i] as number, offset)
    }
  }

  /** True when the next batch belongs to an aborted transaction. Batches come in the order of offsets, each once. */
  skips(batch: Batch): boolean {
    const last = batch.baseOffset + batch.records - 1
    while (this.at < this.listed.length && (this.listed[this.at + 1] as number) <= last) {
      const id = this.listed[this.at] as number
      if (!this.aborting.includes(id)) this.aborting.push(id)
      this.at += 2
    }
    const known = this.aborting.indexOf(batch.producerId)
    if (known < 0) return false
    if (batch.control === ABORT_MARKER) {
      this.aborting.splice(known, 1)
      return true
    }
    return batch.isTransactional
  }
}
