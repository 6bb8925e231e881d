/**
 * Models: the source application's use of its producer: each record goes to the partition of its key.
 * Source: Kafka 4.2 KafkaProducer#send, BuiltInPartitioner; ours for the application.
 * Leaves out: records without a key.
 */
import { Copyable, startUnit, type Sim } from '../../../src/kernel/index.ts'
import type { World } from '../../../src/contract/architecture.ts'
import type { SourceClient } from '../source/index.ts'
import type { KeyPartitioner } from './partitioner.ts'
import type { KafkaProducer } from './producer.ts'

/** The client of one source application. */
export class KafkaSourceClient extends Copyable implements SourceClient {
  private readonly world: World
  private readonly producer: KafkaProducer
  private readonly partitioner: KeyPartitioner

  constructor(world: World, producer: KafkaProducer, partitioner: KeyPartitioner) {
    super()
    this.world = world
    this.producer = producer
    this.partitioner = partitioner
  }

  /** Routes each record by its key; runs of one partition stay one slice. */
  offer(sim: Sim, lane: number, first: number, count: number, copy: number): void {
    const { births } = this.world
    const { partitioner, producer } = this
    // A restarted application makes a new producer before its first record.
    if (!producer.alive) startUnit(sim, producer)
    let from = first
    let partition = partitioner.partitionOf(births.keyOf(lane, first))
    for (let i = first + 1; i < first + count; i++) {
      const next = partitioner.partitionOf(births.keyOf(lane, i))
      if (next === partition) continue
      producer.send(sim, partition, lane, from, i - from, copy)
      from = i
      partition = next
    }
    producer.send(sim, partition, lane, from, first + count - from, copy)
  }
}
