/** Kafka: brokers with their controllers, and the client libraries of producers and consumers. */
// The brokers' side.
export { Broker } from './broker.ts'
export { brokerKnobs } from './broker-knobs.ts'
export { KafkaCluster, type ClusterOptions, type SinkViews, type Topic, type TopicSpec } from './cluster.ts'
export { Controller } from './controller.ts'
export { committedHoldings, logHoldings, requestHoldings, resumeOffset, uncommittedHoldings, type OpenJudge } from './holdings.ts'
export { Log } from './log.ts'
export { FOLLOWER, LEADER, OFFLINE, Replica } from './replica.ts'
export * from './protocol.ts'
// The clients' side.
export { Bootstrap, type RequestKinds } from './bootstrap.ts'
export {
  acksOf, consumerConfig, producerConfig, type ConnectionConfig, type ConsumerConfig, type ConsumerUse,
  type ProducerConfig, type ProducerError, type ProducerUse,
} from './client-config.ts'
export {
  consumerKnobs, flinkSinkDefaults, flinkSourceDefaults, producerIssues, producerKnobs, type OtherDefault,
} from './client-knobs.ts'
export { KafkaConsumer, type Chunk } from './consumer.ts'
export { KeyPartitioner, murmur2, partitionOfKey } from './partitioner.ts'
export { KafkaProducer } from './producer.ts'
export { KafkaSourceClient } from './source-client.ts'
export { TransactionalProducer, type TransactionOutcome } from './transactional-producer.ts'
export { kafkaRemedies } from './remedies.ts'
