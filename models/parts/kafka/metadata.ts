/**
 * Models: the answer to a client's metadata request: leaders as this broker has replayed them.
 * Source: Kafka 4.2 `KafkaApis#handleTopicMetadataRequest`.
 * Leaves out: topics are fixed; the answer covers the whole cluster.
 */
import type { Sim } from '../../../src/kernel/index.ts'
import type { Broker } from './broker.ts'
import type { MetadataAnswer, MetadataRequest } from './protocol.ts'
import type { RequestChannel } from './request-channel.ts'
import { answer } from './requests.ts'

const PARTITION_BYTES = 30

export function handleMetadata(sim: Sim, broker: Broker, channel: RequestChannel, request: MetadataRequest): void {
  const { leaders, epochs, aliveBrokers } = broker.metadata
  const payload: MetadataAnswer = { request, leaders, epochs, aliveBrokers }
  answer(sim, broker, channel, request.onAnswer, payload, 60 + PARTITION_BYTES * leaders.length)
}
