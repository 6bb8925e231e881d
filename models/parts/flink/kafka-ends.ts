/**
 * Models: which connectors a job from Kafka to Kafka has: one KafkaSource over a topic, one KafkaSink with the
 *   delivery guarantee that is set, each with its own client properties.
 * Source: flink-connector-kafka KafkaSourceBuilder, KafkaSinkBuilder.
 * Leaves out: several topics a source.
 */
import type { World } from '../../../src/contract/architecture.ts'
import type { EventKind, Sim, Unit } from '../../../src/kernel/index.ts'
import {
  consumerConfig, producerConfig, type Bootstrap, type ConsumerConfig, type KeyPartitioner, type ProducerConfig,
} from '../kafka/index.ts'
import { PlainKafkaWriter, sinkError, sinkUnblocked } from './kafka-sink.ts'
import { KafkaSplitReader, sourceData } from './kafka-source.ts'
import { TransactionalKafkaWriter } from './transactional-sink.ts'
import type { Connectors, SinkWriter, SplitReader } from './connectors.ts'
import type { OperatorTask } from './operator-task.ts'
import type { SourceTask } from './source-task.ts'

/** A topic by the numbers of its partitions in the cluster. */
export interface TopicRange {
  readonly first: number
  readonly partitions: number
}

export class KafkaEnds implements Connectors {
  private readonly cluster: Bootstrap
  readonly hasCommitter: boolean
  /** The writer waits for Kafka at a barrier. */
  private readonly flushes: boolean
  private readonly input: TopicRange
  private readonly consumer: ConsumerConfig
  private readonly producer: ProducerConfig
  private readonly partitioner: KeyPartitioner
  private readonly committerRetries: number

  /** `partitioner` is that of the output. */
  constructor(world: World, cluster: Bootstrap, input: TopicRange, partitioner: KeyPartitioner, outputBytes: number) {
    const { settings } = world
    this.cluster = cluster
    this.input = input
    const guarantee = settings.text('sink.delivery-guarantee')
    this.hasCommitter = guarantee === 'exactly-once'
    this.flushes = guarantee === 'at-least-once'
    this.committerRetries = settings.number('sink.committer.retries')
    this.partitioner = partitioner
    this.consumer = consumerConfig(settings, 'source.properties.', { onData: sourceData as unknown as EventKind<Unit, null> })
    this.producer = producerConfig(settings, 'sink.properties.', {
      recordBytes: outputBytes, onError: sinkError, onUnblocked: sinkUnblocked,
    })
  }

  reader(sim: Sim, task: SourceTask): SplitReader {
    return new KafkaSplitReader(sim, task, this.cluster, this.consumer, this.input.first)
  }

  writer(sim: Sim, task: OperatorTask): SinkWriter {
    const { cluster, producer, partitioner } = this
    if (this.hasCommitter) {
      return new TransactionalKafkaWriter(task, cluster, producer, partitioner, this.committerRetries)
    }
    return new PlainKafkaWriter(sim, task, cluster, producer, partitioner, this.flushes)
  }
}
