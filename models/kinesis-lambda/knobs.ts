/** The settings of this architecture under the products' own keys; where a product has none, a plain one of ours. */
import type { Knob, KnobType } from '../../src/contract/knob.ts'
import { runtimes } from '../parts/lambda/index.ts'
import { writeKinds } from '../parts/dynamodb/index.ts'

const MINUTE = 60e9
const HOUR = 3600e9

function integer(min: number, max: number, unit: string): KnobType {
  return { kind: 'integer', min, max, unit }
}

function duration(minNanos: number, maxNanos: number, bare: 'ms' | 's' | null, off: string | null = null): KnobType {
  return { kind: 'duration', minNanos, maxNanos, bare, off }
}

function choice(options: readonly string[]): KnobType {
  return { kind: 'choice', options }
}

const boolean: KnobType = { kind: 'boolean' }

type Row = readonly [key: string, type: KnobType, value: string, unit: string, help: string, source: string]

function group(name: string, live: readonly string[], rows: readonly Row[]): Knob[] {
  return rows.map(([key, type, value, unit, help, source]) => ({
    key, type, default: value, unit, help, source, group: name, live: live.includes(key),
  }))
}

/** Every knob, in the order of the data's path. */
export const knobs: readonly Knob[] = [
  ...group('source producer', [], [
    ['client.linger', duration(0, MINUTE, null), '100ms', '', 'How long a PutRecords call collects records.', 'ours; value of KPL RecordMaxBufferedTime'],
    ['client.records-per-call', integer(1, 500, 'records'), '500', 'records', 'A PutRecords call goes when it holds this many.', 'Kinesis API, PutRecords'],
    ['client.calls-in-flight', integer(1, 50, 'calls'), '5', 'calls', 'Calls of one source under way at once; more than one can swap records of a key.', 'ours, assumed'],
    ['client.retries', integer(0, 100, 'retries'), '3', 'retries', 'How often refused entries and unanswered calls are sent again.', 'SDK for JavaScript v2, maxRetries'],
    ['client.timeout', duration(10e6, 10 * MINUTE, null), '120s', '', 'No answer for this long: the outcome is unknown, the call is sent again.', 'SDK for JavaScript v2, socket timeout'],
    ['client.buffer', { kind: 'size', minBytes: 1024, maxBytes: 1 << 30 }, '32MiB', '', 'A source that holds more refuses records.', 'ours, assumed'],
  ]),
  ...group('Kinesis stream', [], [
    ['ShardCount', integer(1, 10_000, 'shards'), '4', 'shards', 'Each takes 1000 records/s and 1 MiB/s.', 'Kinesis API, CreateStream; 4 = capacity of a new on-demand stream'],
    ['RetentionPeriodHours', integer(24, 8760, 'hours'), '24', 'h', 'How long a record can be read.', 'Kinesis Developer Guide'],
    ['consumer.type', choice(['standard', 'enhanced']), 'standard', '', 'Poll each shard once a second, or have it pushed (enhanced fan-out).', 'ours: the ARN given to the mapping says it'],
  ]),
  ...group('event source mapping', [
    'BatchSize', 'MaximumBatchingWindowInSeconds', 'MaximumRetryAttempts', 'MaximumRecordAgeInSeconds', 'BisectBatchOnFunctionError',
  ], [
    ['BatchSize', integer(1, 10_000, 'records'), '100', 'records', 'Most records of one invocation.', 'Lambda API, CreateEventSourceMapping'],
    ['MaximumBatchingWindowInSeconds', duration(0, 300e9, 's'), '0', 's', 'How long a batch may wait to become full.', 'Lambda API'],
    ['ParallelizationFactor', integer(1, 10, 'lanes'), '1', 'lanes', 'Batches of one shard at once; order holds per key.', 'Lambda API'],
    ['MaximumRetryAttempts', integer(-1, 10_000, 'retries'), '-1', 'retries', 'Retries of a failed batch; -1 until its records expire.', 'Lambda API'],
    ['MaximumRecordAgeInSeconds', duration(60e9, 604_800e9, 's', '-1'), '-1', 's', 'Older records are discarded; -1 for no limit.', 'Lambda API'],
    ['BisectBatchOnFunctionError', boolean, 'false', '', 'Cut a failed batch in two and try each half.', 'Lambda API'],
    ['DestinationConfig.OnFailure', choice(['none', 'sqs', 's3']), 'none', '', 'Where discarded batches go.', 'Lambda API, OnFailure'],
  ]),
  ...group('function', ['Timeout', 'ReservedConcurrentExecutions'], [
    ['Runtime', choice(runtimes), 'nodejs24.x', '', 'Decides how long a cold start takes.', 'measurements of hello-world functions, August 2026'],
    ['MemorySize', integer(128, 10_240, 'MB'), '128', 'MB', 'CPU grows with it: 1769 MB are one vCPU.', 'Lambda Developer Guide'],
    ['Timeout', duration(1e9, 900e9, 's'), '3', 's', 'A longer invocation is killed; what it wrote stays.', 'Lambda Developer Guide'],
    ['ReservedConcurrentExecutions', integer(-1, 100_000, 'environments'), '-1', '', 'Most environments of this function; -1 leaves it the account\'s 1000.', 'Lambda API'],
    ['ReportBatchItemFailures', boolean, 'false', '', 'The function may name the lowest failed record; everything from there on comes again.', 'Lambda API, FunctionResponseTypes'],
    ['handler.on-failed-record', choice(['continue', 'stop']), 'continue', '', 'With ReportBatchItemFailures: go on behind a failed record, or stop at it.', 'ours; Powertools continues'],
    ['handler.work', duration(0, MINUTE, null), '200us', '', 'CPU time of one record at one vCPU.', 'ours, assumed'],
    ['maxAttempts', integer(1, 10, 'attempts'), '3', 'attempts', 'Tries of a throttled table write inside one invocation.', 'SDK for JavaScript v3'],
  ]),
  ...group('DynamoDB table', [], [
    ['sink.write', choice(writeKinds), 'append', '', 'A new item per attempt, an item per event id, an addition, or a put on condition that the id is new.', 'ours'],
    ['sink.item-size', { kind: 'size', minBytes: 1, maxBytes: 400 * 1024 }, '200B', '', 'Bytes of one item, names of attributes included; each KiB begun is a write unit.', 'ours; 400 KB is the service\'s limit'],
    ['sink.parallel', integer(1, 500, 'writes'), '25', 'writes', 'Writes that the function sends together.', 'ours, assumed'],
    ['WarmThroughput.WriteUnitsPerSecond', integer(1, 10_000_000, 'units'), '4000', 'units/s', 'What an on-demand table takes at once; it grows to twice its peak.', 'DynamoDB Developer Guide'],
  ]),
]

/** A day's hours in nanoseconds, for RetentionPeriodHours. */
export const hourNanos = HOUR
