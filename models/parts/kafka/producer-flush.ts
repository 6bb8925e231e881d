/**
 * Models: flush: the caller waits until every batch that was in the producer when it called has its outcome, whatever
 *   is sent meanwhile.
 * Source: Kafka 4.2 KafkaProducer#flush, RecordAccumulator#awaitFlushCompletion.
 * Leaves out: nothing.
 */
import { Copyable, invariant, type EventKind, type Sim, type Unit } from '../../../src/kernel/index.ts'

interface Flush {
  /** Batches below this serial number count; -1 while callers before it still wait for memory. */
  below: number
  left: number
  readonly unit: Unit
  readonly kind: EventKind<Unit, unknown>
  readonly payload: unknown
}

/** Those who wait, oldest first. */
export class Flushes extends Copyable {
  private readonly waiting: Flush[] = []

  get isAny(): boolean {
    return this.waiting.length > 0
  }

  /** A caller waits from now on; `count` says for what. */
  add<U extends Unit, P>(unit: U, kind: EventKind<U, P>, payload: P): void {
    this.waiting.push({ below: -1, left: 0, unit, kind: kind as unknown as EventKind<Unit, unknown>, payload })
  }

  /** Nobody waits for memory: callers who are not counted yet wait for these batches. */
  count(sim: Sim, serialEnd: number, incomplete: number): void {
    for (let i = 0; i < this.waiting.length; i++) {
      const flush = this.waiting[i] as Flush
      if (flush.below >= 0) continue
      flush.below = serialEnd
      flush.left = incomplete
    }
    this.end(sim)
  }

  /** A batch has its outcome. */
  finished(sim: Sim, serial: number): void {
    if (this.waiting.length === 0) return
    for (let i = 0; i < this.waiting.length; i++) {
      const flush = this.waiting[i] as Flush
      if (serial < flush.below) flush.left--
    }
    this.end(sim)
  }

  clear(): void {
    this.waiting.length = 0
  }

  private end(sim: Sim): void {
    while (this.waiting.length > 0) {
      const flush = this.waiting[0] as Flush
      if (flush.below < 0 || flush.left > 0) return
      invariant(flush.left === 0, 'kafka.producer-flush-count')
      this.waiting.shift()
      sim.schedule(sim.now, flush.unit, flush.kind, flush.payload)
    }
  }
}
