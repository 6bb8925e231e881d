/**
 * Models: what a producer or a consumer is configured with, read from settings under Kafka's keys; idempotence is
 *   silently off when acks is not all or retries is 0.
 * Source: Kafka 4.2 ProducerConfig (postProcessAndValidateIdempotenceConfigs), ConsumerConfig, CommonClientConfigs.
 * Leaves out: compression, serializers, security, interceptors.
 */
import type { EventKind, Unit } from '../../../src/kernel/index.ts'
import type { Settings } from '../../../src/contract/knob.ts'
import { READ_COMMITTED, READ_UNCOMMITTED } from './protocol.ts'
import type { SourceApplication } from '../source/index.ts'

/** What all clients share; nanoseconds. */
export interface ConnectionConfig {
  readonly requestTimeout: number
  readonly retryBackoff: number
  readonly retryBackoffMax: number
  readonly reconnectBackoff: number
  readonly reconnectBackoffMax: number
  readonly setupTimeout: number
  readonly setupTimeoutMax: number
  readonly metadataMaxAge: number
}

export interface ProducerConfig extends ConnectionConfig {
  /** 0, 1 or -1 (all). */
  readonly acks: number
  /** In effect, after the silent switch-off. */
  readonly idempotent: boolean
  readonly linger: number
  readonly batchBytes: number
  readonly bufferBytes: number
  readonly maxBlock: number
  readonly maxInFlight: number
  readonly retries: number
  readonly deliveryTimeout: number
  readonly maxRequestBytes: number
  readonly transactionTimeout: number
  /** Size of one record without Kafka's own overhead; all records of a producer have it. */
  readonly recordBytes: number
  /** The application that is told each record's answer, and the ledger with it; null for a sink's producer. */
  readonly source: SourceApplication | null
  /** Handled on the producer's parent at the first record that is given up; null when nobody asks. */
  readonly onError: EventKind<Unit, ProducerError> | null
  /** Handled on the producer's parent when a blocked producer takes records again; null when nobody asks. */
  readonly onUnblocked: EventKind<Unit, null> | null
}

/** Why a producer gave up records, told once to its owner. */
export interface ProducerError {
  readonly reason: 'fenced' | 'rejected' | 'delivery-timeout' | 'buffer-exhausted'
  readonly partition: number
}

/** Who uses a producer: the size of its records and who hears of them. */
export interface ProducerUse {
  readonly recordBytes: number
  readonly source?: SourceApplication
  readonly onError?: EventKind<Unit, ProducerError>
  readonly onUnblocked?: EventKind<Unit, null>
}

/** What is not a knob: the same in every client. Source: CommonClientConfigs. */
const FIXED = {
  reconnectBackoffMax: 1000e6, setupTimeout: 10e9, setupTimeoutMax: 30e9, metadataMaxAge: 300e9,
} as const

/** The producer configuration under `prefix` ('' or 'sink.properties.'). */
export function producerConfig(settings: Settings, prefix: string, use: ProducerUse): ProducerConfig {
  const number = (key: string): number => settings.number(prefix + key)
  const acks = acksOf(settings.text(`${prefix}acks`))
  const retries = number('retries')
  return {
    ...FIXED,
    acks,
    idempotent: settings.flag(`${prefix}enable.idempotence`) && acks === -1 && retries > 0,
    linger: number('linger.ms'),
    batchBytes: number('batch.size'),
    bufferBytes: number('buffer.memory'),
    maxBlock: number('max.block.ms'),
    maxInFlight: number('max.in.flight.requests.per.connection'),
    retries,
    retryBackoff: number('retry.backoff.ms'),
    retryBackoffMax: number('retry.backoff.max.ms'),
    requestTimeout: number('request.timeout.ms'),
    deliveryTimeout: Math.max(number('delivery.timeout.ms'), number('linger.ms') + number('request.timeout.ms')),
    maxRequestBytes: number('max.request.size'),
    reconnectBackoff: number('reconnect.backoff.ms'),
    transactionTimeout: number('transaction.timeout.ms'),
    recordBytes: use.recordBytes,
    source: use.source ?? null,
    onError: use.onError ?? null,
    onUnblocked: use.onUnblocked ?? null,
  }
}

/** The number on the wire for an acks text: 0, 1, or -1 for "all" and "-1". */
export function acksOf(text: string): number {
  return text === '0' ? 0 : text === '1' ? 1 : -1
}

export interface ConsumerConfig extends ConnectionConfig {
  readonly isolation: number
  readonly minBytes: number
  readonly maxWait: number
  readonly maxBytes: number
  readonly maxPartitionBytes: number
  readonly offsetReset: 'earliest' | 'latest' | 'none'
  /** Handled on the consumer's parent when data came while it waited. */
  readonly onData: EventKind<Unit, null> | null
}

/** Who uses a consumer: whom it wakes. */
export interface ConsumerUse {
  readonly onData?: EventKind<Unit, null>
}

/** The consumer configuration under `prefix`, e.g. 'source.properties.'. */
export function consumerConfig(settings: Settings, prefix: string, use: ConsumerUse): ConsumerConfig {
  const number = (key: string): number => settings.number(prefix + key)
  const reset = settings.text(`${prefix}auto.offset.reset`)
  return {
    ...FIXED,
    isolation: settings.text(`${prefix}isolation.level`) === 'read_committed' ? READ_COMMITTED : READ_UNCOMMITTED,
    minBytes: number('fetch.min.bytes'),
    maxWait: number('fetch.max.wait.ms'),
    maxBytes: number('fetch.max.bytes'),
    maxPartitionBytes: number('max.partition.fetch.bytes'),
    offsetReset: reset === 'latest' ? 'latest' : reset === 'none' ? 'none' : 'earliest',
    requestTimeout: number('request.timeout.ms'),
    retryBackoff: number('retry.backoff.ms'),
    retryBackoffMax: number('retry.backoff.max.ms'),
    reconnectBackoff: number('reconnect.backoff.ms'),
    onData: use.onData ?? null,
  }
}
