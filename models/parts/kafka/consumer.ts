/**
 * Models: a consumer with assigned partitions (no group): positions in memory, data prefetched, handed out in the order
 *   in which it came; who does not take it stops the fetching of that broker.
 * Source: Kafka 4.2 KafkaConsumer#assign, #poll, FetchBuffer; reference 2.9.
 * Leaves out: groups, subscriptions, commits of offsets, the poll call's own time-out.
 */
import { eventKind, type Death, type Sim, type Unit } from '../../../src/kernel/index.ts'
import type { Bootstrap } from './bootstrap.ts'
import type { ConsumerConfig } from './client-config.ts'
import { ASKS_FETCH, KafkaClient, type Link, type Pending } from './client-connection.ts'
import { PartitionPosition, sendFetches, takeFetched } from './fetcher.ts'
import type { Batch, FetchAnswer } from './protocol.ts'
import { hopOfSlices } from '../../../src/contract/hop.ts'
import { fetchedHop } from './hops.ts'

/** Records of one batch that are handed out together. */
export interface Chunk {
  readonly partition: number
  readonly batch: Batch
  /** The records [fromRecord, toRecord) of the batch. */
  readonly fromRecord: number
  readonly toRecord: number
  /** Position after these records. */
  readonly nextOffset: number
}

export class KafkaConsumer extends KafkaClient {
  readonly config: ConsumerConfig
  /** In the order of assignment. */
  readonly positions: PartitionPosition[] = []
  /** Partitions with fetched data, first come first. */
  private readonly ready: PartitionPosition[] = []
  /** By link: flat (partition, -1, -1) that the session still has to forget. */
  private readonly forgotten: number[][] = []

  constructor(sim: Sim, parent: Unit, cluster: Bootstrap, config: ConsumerConfig, name: string) {
    super(sim, parent, cluster, config, name)
    this.config = config
    for (let i = 0; i < this.links.length; i++) this.forgotten.push([])
  }

  /** Replaces the assignment: flat partition, offset. Buffered data is thrown away, and fetching starts. */
  assign(sim: Sim, partitions: readonly number[]): void {
    for (const at of this.positions) if (at.session >= 0) this.leave(at)
    this.positions.length = 0
    this.ready.length = 0
    for (let i = 0; i + 1 < partitions.length; i += 2) {
      this.positions.push(new PartitionPosition(partitions[i] as number, partitions[i + 1] as number))
    }
    this.open(sim)
    this.wakeEarlier(sim, sim.now)
  }

  /** The next records, at most `maxRecords` and of one batch; null when nothing is buffered. */
  next(sim: Sim, maxRecords: number): Chunk | null {
    const at = this.ready[0]
    if (at === undefined) return null
    const batch = at.readable()
    if (batch === null) return null
    const from = at.position > batch.baseOffset ? at.position - batch.baseOffset : 0
    const to = from + maxRecords < batch.records ? from + maxRecords : batch.records
    at.position = batch.baseOffset + to
    at.epoch = batch.leaderEpoch
    const chunk: Chunk = { partition: at.partition, batch, fromRecord: from, toRecord: to, nextOffset: at.position }
    if (to === batch.records) {
      at.next++
      if (at.readable() === null) {
        this.ready.shift()
        this.work(sim)
      }
    }
    return chunk
  }

  get hasData(): boolean {
    return this.ready.length > 0
  }

  /** Offset of the next record of a partition to hand out; -1 when it is not assigned. */
  position(partition: number): number {
    return this.positionOf(partition)?.position ?? -1
  }

  positionOf(partition: number): PartitionPosition | null {
    for (let i = 0; i < this.positions.length; i++) {
      const at = this.positions[i] as PartitionPosition
      if (at.partition === partition) return at
    }
    return null
  }

  isFetching(link: Link): boolean {
    for (let i = 0; i < link.pending.length; i++) if ((link.pending[i] as Pending).asks === ASKS_FETCH) return true
    return false
  }

  /** A partition leaves its session; the broker hears of it with the next fetch. */
  leave(at: PartitionPosition): void {
    ;(this.forgotten[at.session] as number[]).push(at.partition, -1, -1)
    at.session = -1
    at.toldOffset = -1
  }

  takeForgotten(link: Link): number[] {
    const list = this.forgotten[link.index] as number[]
    this.forgotten[link.index] = []
    return list
  }

  fetchAnswered(sim: Sim, answer: FetchAnswer): void {
    const { request } = answer
    const link = this.links[request.connection.tag] as Link
    if (this.settle(request.connection, request) === null) return
    const hadData = this.ready.length > 0
    for (let i = 0; i < answer.partitions.length; i++) {
      const fetched = answer.partitions[i]
      if (fetched === undefined || !takeFetched(sim, this, link, fetched)) continue
      this.ready.push(this.positionOf(fetched.partition) as PartitionPosition)
      if (sim.tracer === null) continue
      for (const batch of fetched.batches) hopOfSlices(sim, fetchedHop, this, batch.slices, fetched.partition, batch.baseOffset)
    }
    // While data of this broker is buffered there is nothing to do until it is taken.
    if (this.ready.length === 0) this.work(sim)
    else if (hadData) this.work(sim)
    else this.tellOwner(sim)
  }

  protected override serve(sim: Sim): void {
    sendFetches(sim, this)
  }

  protected override lost(_sim: Sim, _link: Link, _pending: Pending): void {}

  /** The session ended with its connection. */
  protected override linkDropped(_sim: Sim, link: Link): void {
    ;(this.forgotten[link.index] as number[]).length = 0
    for (let i = 0; i < this.positions.length; i++) {
      const at = this.positions[i] as PartitionPosition
      if (at.session !== link.index) continue
      at.session = -1
      at.toldOffset = -1
    }
  }

  override died(sim: Sim, how: Death): void {
    super.died(sim, how)
    this.positions.length = 0
    this.ready.length = 0
    for (let i = 0; i < this.forgotten.length; i++) (this.forgotten[i] as number[]).length = 0
  }

  private tellOwner(sim: Sim): void {
    const { onData } = this.config
    if (onData !== null) onData.handler(sim, this.parent as Unit, null)
  }
}

/** Handled on the consumer: the answer to a fetch. */
export const fetchAnswered = eventKind<Unit, FetchAnswer>('kafka.client-fetched', (sim, unit, answer) => {
  // The request carried the consumer itself, and answers are handled on what it carried.
  ;(unit as KafkaConsumer).fetchAnswered(sim, answer)
})
