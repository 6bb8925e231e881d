/**
 * Models: the keys of producers and consumers as a user sets them: '' for the source applications' producers,
 *   'sink.properties.' and 'source.properties.' for those inside a stream processor, with the defaults that it sets;
 *   and what Kafka's own check of a configuration refuses.
 * Source: Kafka 4.2 ProducerConfig, ConsumerConfig, CommonClientConfigs; Flink KafkaSinkBuilder, KafkaSourceBuilder.
 * Leaves out: keys of what is not modelled (compression, security, interceptors, groups).
 */
import type { Issue } from '../../../src/contract/issue.ts'
import type { Knob, KnobType, Settings } from '../../../src/contract/knob.ts'
import { acksOf } from './client-config.ts'

const INT_MAX = 2_147_483_647

function ms(minMs: number, maxMs: number): KnobType {
  return { kind: 'duration', minNanos: minMs * 1e6, maxNanos: maxMs * 1e6, bare: 'ms', off: null }
}

function size(minBytes: number, maxBytes: number): KnobType {
  return { kind: 'size', minBytes, maxBytes }
}

/** One row of the table: key, type, default, unit, help, source. */
type Row = readonly [string, KnobType, string, string, string, string]

const producerRows: readonly Row[] = [
  ['acks', { kind: 'choice', options: ['all', '-1', '1', '0'] }, 'all', '',
    'What a write waits for: every in-sync replica (all), the leader (1), or nothing (0).', 'ProducerConfig'],
  ['enable.idempotence', { kind: 'boolean' }, 'true', '',
    'Sequence numbers let the broker drop repeats; silently off when acks is not all or retries is 0.', 'ProducerConfig'],
  ['linger.ms', ms(0, 600_000), '5', 'ms', 'How long a batch waits for more records.', 'ProducerConfig (0 before 4.0)'],
  ['batch.size', size(0, 100 * 1024 * 1024), '16384', 'B', 'A batch of this size goes out at once.', 'ProducerConfig'],
  ['buffer.memory', size(1024, 1_099_511_627_776), '33554432', 'B',
    'Memory for queued and in-flight batches together; when it is full, send() blocks.', 'ProducerConfig'],
  ['max.block.ms', ms(0, 86_400_000), '60000', 'ms', 'How long send() blocks before the record is refused.', 'ProducerConfig'],
  ['max.in.flight.requests.per.connection', { kind: 'integer', min: 1, max: 1000, unit: 'requests' }, '5', 'requests',
    'Unanswered requests per broker; above 1 without idempotence a retry can reorder.', 'ProducerConfig'],
  ['retries', { kind: 'integer', min: 0, max: INT_MAX, unit: 'times' }, String(INT_MAX), 'times',
    'Resends of a batch; delivery.timeout.ms is the real bound.', 'ProducerConfig'],
  ['retry.backoff.ms', ms(0, 600_000), '100', 'ms', 'Pause before the first resend; doubles, give or take 20 %.', 'CommonClientConfigs'],
  ['retry.backoff.max.ms', ms(0, 600_000), '1000', 'ms', 'The longest pause between resends.', 'CommonClientConfigs'],
  ['request.timeout.ms', ms(1, 3_600_000), '30000', 'ms',
    'A broker that answers nothing for this long is given up; also how long it may wait for its replicas.', 'ProducerConfig'],
  ['delivery.timeout.ms', ms(1, 86_400_000), '120000', 'ms',
    'From send() to the final answer; a batch that was sent then has an unknown outcome.', 'ProducerConfig'],
  ['max.request.size', size(1024, 100 * 1024 * 1024), '1048576', 'B', 'The largest request.', 'ProducerConfig'],
  ['reconnect.backoff.ms', ms(0, 600_000), '50', 'ms', 'Pause before a connection is opened again; doubles up to 1 s.', 'ProducerConfig'],
  ['transaction.timeout.ms', ms(1, 86_400_000), '60000', 'ms',
    'The coordinator aborts a transaction that is open for longer.', 'ProducerConfig'],
]

const consumerRows: readonly Row[] = [
  ['isolation.level', { kind: 'choice', options: ['read_uncommitted', 'read_committed'] }, 'read_uncommitted', '',
    'Whether data of open and aborted transactions is read.', 'ConsumerConfig'],
  ['auto.offset.reset', { kind: 'choice', options: ['latest', 'earliest', 'none'] }, 'latest', '',
    'Where to go when the position is outside of the log.', 'ConsumerConfig'],
  ['fetch.min.bytes', size(0, 100 * 1024 * 1024), '1', 'B', 'The broker waits until it has this much.', 'ConsumerConfig'],
  ['fetch.max.wait.ms', ms(0, 600_000), '500', 'ms', 'How long a fetch waits at the broker.', 'ConsumerConfig'],
  ['fetch.max.bytes', size(1024, 1_073_741_824), '52428800', 'B', 'Most bytes of one answer.', 'ConsumerConfig'],
  ['max.partition.fetch.bytes', size(1024, 1_073_741_824), '1048576', 'B', 'Most bytes of one partition in an answer.', 'ConsumerConfig'],
  ['max.poll.records', { kind: 'integer', min: 1, max: INT_MAX, unit: 'records' }, '500', 'records',
    'Most records that one poll returns.', 'ConsumerConfig'],
  ['request.timeout.ms', ms(1, 3_600_000), '30000', 'ms', 'A broker that answers nothing for this long is given up.', 'ConsumerConfig'],
  ['retry.backoff.ms', ms(0, 600_000), '100', 'ms', 'Pause after an error that hints at a stale leader.', 'CommonClientConfigs'],
  ['retry.backoff.max.ms', ms(0, 600_000), '1000', 'ms', 'The longest pause between tries.', 'CommonClientConfigs'],
  ['reconnect.backoff.ms', ms(0, 600_000), '50', 'ms', 'Pause before a connection is opened again; doubles up to 1 s.', 'ConsumerConfig'],
]

/** A default that the program around the client sets, with the document that says so. */
export interface OtherDefault {
  readonly value: string
  readonly source: string
}

/** The producer's knobs under a prefix. */
export function producerKnobs(
  prefix: string, group: string, others: Readonly<Record<string, OtherDefault>> = {},
): readonly Knob[] {
  return producerRows.map((row) => knobOf(row, prefix, group, others))
}

/** The consumer's knobs under a prefix. */
export function consumerKnobs(
  prefix: string, group: string, others: Readonly<Record<string, OtherDefault>> = {},
): readonly Knob[] {
  return consumerRows.map((row) => knobOf(row, prefix, group, others))
}

/** What Flink's KafkaSink sets for its producers unless the user does. */
export const flinkSinkDefaults: Readonly<Record<string, OtherDefault>> = {
  'transaction.timeout.ms': { value: '3600000', source: 'Flink KafkaSinkBuilder (1 h)' },
}

/** What Flink's KafkaSource sets: the reset follows its starting offsets, earliest by default. */
export const flinkSourceDefaults: Readonly<Record<string, OtherDefault>> = {
  'auto.offset.reset': { value: 'earliest', source: 'Flink KafkaSourceBuilder (OffsetsInitializer.earliest)' },
}

/**
 * What ProducerConfig refuses across keys. `isSet` tells whether a full key was set by anybody: only an explicit
 * enable.idempotence conflicts, a default one is switched off. `isTransactional`: the producer has a transactional id.
 */
export function producerIssues(
  settings: Settings, prefix: string, isSet: (key: string) => boolean, isTransactional = false,
): readonly Issue[] {
  const issues: Issue[] = []
  const at = (key: string, code: string, message: string): void => {
    issues.push({ code: `kafka.${code}`, path: prefix + key, line: null, message: `${prefix}${key}: ${message}` })
  }
  const number = (key: string): number => settings.number(prefix + key)
  const least = number('linger.ms') + number('request.timeout.ms')
  // A default that is too short is raised silently.
  if (isSet(`${prefix}delivery.timeout.ms`) && number('delivery.timeout.ms') < least) {
    at('delivery.timeout.ms', 'delivery-timeout-short',
      `expected at least linger.ms + request.timeout.ms = ${least / 1e6} ms, found ${number('delivery.timeout.ms') / 1e6} ms`)
  }
  const acks = acksOf(settings.text(`${prefix}acks`))
  const wants = settings.flag(`${prefix}enable.idempotence`)
  const isExplicit = isSet(`${prefix}enable.idempotence`) || isTransactional
  const isOff = acks !== -1 || number('retries') === 0
  if (isTransactional && !wants) {
    at('enable.idempotence', 'transactions-need-idempotence', 'expected true with a transactional id, found false')
  } else if (wants && isExplicit && acks !== -1) {
    at('acks', 'idempotence-needs-acks', `expected all with enable.idempotence=true, found ${settings.text(`${prefix}acks`)}`)
  } else if (wants && isExplicit && number('retries') === 0) {
    at('retries', 'idempotence-needs-retries', 'expected at least 1 with enable.idempotence=true, found 0')
  }
  if (wants && !isOff && number('max.in.flight.requests.per.connection') > 5) {
    at('max.in.flight.requests.per.connection', 'idempotence-in-flight',
      `expected at most 5 with enable.idempotence=true, found ${number('max.in.flight.requests.per.connection')}`)
  }
  return issues
}

function knobOf(row: Row, prefix: string, group: string, others: Readonly<Record<string, OtherDefault>>): Knob {
  const [key, type, value, unit, help, source] = row
  const other = others[key]
  return {
    key: prefix + key, type, default: other?.value ?? value, unit, help, source: other?.source ?? `Kafka 4.2 ${source}`,
    group, live: false,
  }
}
