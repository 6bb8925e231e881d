/**
 * Models: the words by which Kafka's clients say what became of records and requests: causes and facts.
 * Source: Kafka 4.2 `KafkaProducer`, `Sender`, `BufferPool` and consumer logs.
 * Leaves out: nothing; no rule is here.
 */
import { causeCode } from '../../../src/contract/cause.ts'
import { factCode } from '../../../src/kernel/index.ts'

export const producerRetry = causeCode(
  'kafka.producer-retry', 'The producer sent a batch again whose first attempt had no clear answer', 'Kafka 4.2 `ProducerConfig`, enable.idempotence')
export const producerMemory = causeCode(
  'kafka.producer-memory', 'In the memory of a producer when its process died', 'Kafka 4.2 `Sender`, expired batches')
export const deliveryTimeout = causeCode(
  'kafka.delivery-timeout', 'Given up by the producer after delivery.timeout.ms', 'Kafka 4.2 `Sender`, expired batches; Kafka 4.2 `RecordAccumulator`, `Sender`')
export const bufferExhausted = causeCode(
  'kafka.buffer-exhausted', 'Refused after max.block.ms: buffer.memory stayed full or no metadata came', 'Kafka 4.2 `BufferPool`')
export const acks0Lost = causeCode(
  'kafka.acks0-lost', 'Sent with acks=0 on a connection whose other end was gone', 'Kafka 4.2 `ProducerConfig`, acks=0')
export const produceRejected = causeCode(
  'kafka.produce-rejected', 'The broker refused the batch for good, or its retries were used up', 'Kafka 4.2 `RecordAccumulator`, `Sender`')
export const producerAborted = causeCode(
  'kafka.producer-aborted', 'Not yet sent when its transaction was aborted by the producer', 'Kafka 4.2 `TransactionCoordinator`; KIP-890')

export const batchRetried = factCode(
  'kafka.producer-retry', 2, '{who} will send a batch of {records} records of partition {partition} again, attempt {attempt}',
  ['partition', 'records', 'attempt'])
export const memoryLost = factCode(
  'kafka.producer-memory', 2, '{who} died with {records} records in its memory', ['records'])
export const batchExpired = factCode(
  'kafka.delivery-timeout', 2, '{who} gave up {records} records of partition {partition} after delivery.timeout.ms',
  ['partition', 'records'])
export const sendRefused = factCode(
  'kafka.buffer-exhausted', 1, '{who} refuses records: {waiting} wait, {bytes} bytes are in use', ['waiting', 'bytes'])
export const acks0Dropped = factCode(
  'kafka.acks0-lost', 1, '{who} lost {records} records that it will never hear of', ['records'])
export const batchRejected = factCode(
  'kafka.produce-rejected', 1, '{who} was refused {records} records of partition {partition} for good', ['partition', 'records'])
export const batchAborted = factCode(
  'kafka.producer-aborted', 2, '{who} discarded {records} unsent records of partition {partition}', ['partition', 'records'])
export const requestTimedOut = factCode(
  'kafka.client-timed-out', 1, '{who} heard nothing from broker {broker} and closed the connection with {requests} requests',
  ['broker', 'requests'])
export const epochBumped = factCode(
  'kafka.producer-epoch-bumped', 2, '{who} starts its sequences anew with epoch {epoch}', ['epoch'])
export const clientFenced = factCode(
  'kafka.client-fenced', 1, '{who} was fenced: another holds its transactional id', ['producerId', 'epoch'])
export const positionReset = factCode(
  'kafka.position-reset', 1, '{who} moved in partition {partition} from offset {from} to {to}', ['partition', 'from', 'to'])
