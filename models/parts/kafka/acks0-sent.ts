/**
 * Models: what acks=0 leaves behind: nothing in the client. This keeps, for causes only, the batches
 *   written on a connection that no broker has appended yet, so that their loss gets its name when the connection ends.
 * Source: Kafka 4.2 ProducerConfig (acks), Sender#sendProduceRequest (no response expected); reference K2.
 * Leaves out: nothing; no mechanism reads this.
 */
import { Copyable, type Sim } from '../../../src/kernel/index.ts'
import { countRecords, forEachSlice } from '../../../src/contract/slice.ts'
import { acks0Dropped, acks0Lost } from './client-causes.ts'
import type { Link } from './client-connection.ts'
import type { KafkaProducer } from './producer.ts'
import type { Batch } from './protocol.ts'

export class Acks0Sent extends Copyable {
  /** By link, oldest first; those that were appended leave from the front. */
  private readonly open: Batch[][] = []

  constructor(links: number) {
    super()
    for (let i = 0; i < links; i++) this.open.push([])
  }

  sent(link: Link, batches: readonly Batch[]): void {
    const open = this.open[link.index] as Batch[]
    let n = 0
    while (n < open.length && (open[n] as Batch).appendedAt >= 0) n++
    if (n > 0) open.splice(0, n)
    for (let i = 0; i < batches.length; i++) open.push(batches[i] as Batch)
  }

  /** The connection ended: what was not appended never will be, and nobody hears of it. */
  connectionLost(sim: Sim, producer: KafkaProducer, link: Link): void {
    const gone = (this.open[link.index] as Batch[]).splice(0).filter((batch) => batch.appendedAt < 0)
    if (gone.length === 0) return
    sim.fact(acks0Dropped, producer, gone.reduce((sum, batch) => sum + countRecords(batch.slices), 0))
    for (const batch of gone) {
      forEachSlice(batch.slices, (lane, first, count) => producer.world.outside.dropped(acks0Lost, lane, first, count))
    }
  }

  /** The process died; its connections end in order after what was sent. */
  connectionsDied(): void {
    for (let i = 0; i < this.open.length; i++) (this.open[i] as Batch[]).length = 0
  }
}
