/** The source application's use of its producer when it names the partition itself: key number modulo partitions. */
import type { World } from '../../src/contract/architecture.ts'
import { startUnit, type Sim } from '../../src/kernel/index.ts'
import type { KafkaProducer } from '../parts/kafka/index.ts'
import type { SourceClient } from '../parts/source/index.ts'

export class ExplicitClient implements SourceClient {
  private readonly world: World
  private readonly producer: KafkaProducer
  private readonly firstPartition: number
  private readonly partitions: number

  constructor(world: World, producer: KafkaProducer, topic: { readonly firstPartition: number; readonly partitions: number }) {
    this.world = world
    this.producer = producer
    this.firstPartition = topic.firstPartition
    this.partitions = topic.partitions
  }

  offer(sim: Sim, lane: number, first: number, count: number, copy: number): void {
    const { producer, world, firstPartition, partitions } = this
    // A restarted application makes a new producer before its first record.
    if (!producer.alive) startUnit(sim, producer)
    for (let i = first; i < first + count; i++) {
      producer.send(sim, firstPartition + (world.births.keyOf(lane, i) % partitions), lane, i, 1, copy)
    }
  }
}
