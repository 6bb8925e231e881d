/**
 * Models: Flink's keys that a mechanism here reads, with their defaults, and what a job's costs are assumed to be;
 *   how they become the settings of a job.
 * Source: Flink 2.1 configuration tables (option tables of Flink 2.1, SinkOptions, SourceReaderOptions).
 * Leaves out: keys of what is not modelled (unaligned checkpoints, RocksDB, the adaptive scheduler, debloating).
 */
import type { Knob, KnobType, Settings } from '../../../src/contract/knob.ts'
import type { Sizing } from '../../../src/contract/scenario.ts'
import type { JobSettings } from './job.ts'
import type { RestartSettings } from './restart-backoff.ts'

const hour = 3600e9

function span(minNanos: number, maxNanos: number, off: string | null = null): KnobType {
  return { kind: 'duration', minNanos, maxNanos, bare: null, off }
}

function count(min: number, max: number, unit: string): KnobType {
  return { kind: 'integer', min, max, unit }
}

function choice(...options: string[]): KnobType {
  return { kind: 'choice', options }
}

function knob(key: string, type: KnobType, value: string, unit: string, help: string, source = 'Flink 2.1 option tables'): Knob {
  return { key, type, default: value, unit, help, source, group: 'Flink', live: false }
}

const ours = 'ours, value assumed'

export const flinkKnobs: readonly Knob[] = [
  knob('execution.checkpointing.interval', span(10e6, hour, 'off'), 'off', 'ms', 'How often a checkpoint is triggered; under exactly-once also how often results become visible.'),
  knob('execution.checkpointing.mode', choice('EXACTLY_ONCE', 'AT_LEAST_ONCE'), 'EXACTLY_ONCE', '', 'Whether a task waits for the barriers of all channels (aligned) or goes on: then state may count records twice after a restore.'),
  knob('execution.checkpointing.timeout', span(10e6, 24 * hour), '10m', 'ms', 'A checkpoint that takes longer is aborted.'),
  knob('execution.checkpointing.min-pause', span(0, hour), '0ms', 'ms', 'Least time between the end of a checkpoint and the next one.'),
  knob('execution.checkpointing.tolerable-failed-checkpoints', count(0, 1_000_000, 'checkpoints'), '0', 'checkpoints', 'How many in a row may fail before the job fails over.'),
  knob('execution.buffer-timeout.interval', span(0, 60e9, '-1'), '100ms', 'ms', 'How long records may wait in a network buffer that is not full; 0 sends each at once, -1 only full ones.'),
  knob('heartbeat.interval', span(10e6, hour), '10s', 'ms', 'How often the JobManager calls each TaskManager; rules how long a dead one keeps its slots.'),
  knob('heartbeat.timeout', span(10e6, hour), '50s', 'ms', 'A TaskManager that has not answered for this long is given up.'),
  knob('heartbeat.rpc-failure-threshold', count(1, 100, 'calls'), '2', 'calls', 'So many heartbeat calls in a row that cannot be delivered give a TaskManager up.'),
  knob('pekko.ask.timeout', span(10e6, hour), '10s', 'ms', 'A call between JobManager and TaskManager that is not answered fails after this.'),
  knob('slot.request.timeout', span(10e6, hour), '5m', 'ms', 'How long a job waits for slots before the attempt fails.'),
  knob('taskmanager.load-balance.mode', choice('NONE', 'SLOTS'), 'NONE', '', 'NONE fills one TaskManager after the other, SLOTS spreads tasks over all.'),
  knob('high-availability.type', choice('NONE', 'kubernetes'), 'NONE', '', 'Whether a new JobManager finds the job and its last checkpoint.'),
  knob('restart-strategy.type', choice('unset', 'none', 'exponential-delay', 'fixed-delay'), 'unset', '', 'How a failed job is restarted; unset means exponential-delay with checkpoints, none without.'),
  knob('restart-strategy.exponential-delay.initial-backoff', span(1e6, hour), '1s', 'ms', 'The first back-off.'),
  knob('restart-strategy.exponential-delay.max-backoff', span(1e6, hour), '1m', 'ms', 'The longest back-off.'),
  knob('restart-strategy.exponential-delay.backoff-multiplier', choice('1', '1.2', '1.5', '2', '3'), '1.5', '', 'Each back-off is this many times the one before.'),
  knob('restart-strategy.exponential-delay.jitter-factor', choice('0', '0.1', '0.2', '0.5'), '0.1', '', 'Back-offs vary by this share.'),
  knob('restart-strategy.exponential-delay.reset-backoff-threshold', span(1e6, 24 * hour), '1h', 'ms', 'So long without a failure, and the back-off is the first again.'),
  knob('restart-strategy.exponential-delay.attempts-before-reset-backoff', choice('infinite', '1', '3', '10', '100'), 'infinite', 'restarts', 'Restarts before the job fails for good.'),
  knob('restart-strategy.fixed-delay.attempts', count(1, 1_000_000, 'restarts'), '1', 'restarts', 'Restarts before the job fails for good.'),
  knob('restart-strategy.fixed-delay.delay', span(0, hour), '1s', 'ms', 'The back-off.'),
  knob('sink.delivery-guarantee', choice('none', 'at-least-once', 'exactly-once'), 'none', '', 'none never waits for Kafka, at-least-once flushes at each barrier, exactly-once writes in transactions that the checkpoint commits.', 'KafkaSinkBuilder'),
  knob('sink.committer.retries', count(0, 1000, 'tries'), '10', 'tries', 'How often a commit is tried again before the job fails.', 'SinkOptions'),
  knob('source.record-time', span(0, 1e9), '10us', 'us', 'Time of a source task for one record: deserialise, hash, write into a buffer.', ours),
  knob('operator.record-time', span(0, 1e9), '20us', 'us', 'Time of an operator task for one record: read, state, decide, serialise.', ours),
  knob('sink.record-bytes', { kind: 'size', minBytes: 1, maxBytes: 1 << 20 }, '200B', 'B', 'Bytes of one result.', ours),
  knob('state.bytes-per-key', { kind: 'size', minBytes: 0, maxBytes: 1 << 30 }, '100B', 'B', 'Bytes of state of one key in a snapshot.', ours),
  knob('task.start-time', span(0, 600e9), '500ms', 'ms', 'From the deployment of tasks to their running threads and clients.', ours),
  knob('checkpoint.storage.bandwidth', { kind: 'size', minBytes: 1000, maxBytes: 1e12 }, '50MB', 'B/s', 'Bytes a second between a TaskManager and the checkpoint store (about 50 MB/s in a published run).', 'published Flink benchmarks; assumed, derived'),
  knob('checkpoint.storage.request-time', span(0, 60e9), '10ms', 'ms', 'Time of the checkpoint store for one request.', ours),
  knob('taskmanager.restart-time', span(0, hour), '2s', 'ms', 'Until the platform has started a dead TaskManager again: 2 to 4 s for a container, 10 to 60 s for a new pod.', 'published Flink benchmarks; assumed, worker failure'),
  knob('jobmanager.restart-time', span(0, hour), '15s', 'ms', 'Until the platform has started a dead JobManager again.', ours),
]

/** The settings of a job of this size. */
export function jobSettings(settings: Settings, sizing: Sizing): JobSettings {
  const number = (key: string): number => settings.number(key)
  const checkpointing = 'execution.checkpointing.'
  return {
    parallelism: sizing.parallelism,
    checkpointInterval: number(`${checkpointing}interval`),
    isAligned: settings.text(`${checkpointing}mode`) === 'EXACTLY_ONCE',
    checkpointTimeout: number(`${checkpointing}timeout`),
    minPause: number(`${checkpointing}min-pause`),
    tolerableFailedCheckpoints: number(`${checkpointing}tolerable-failed-checkpoints`),
    bufferTimeout: number('execution.buffer-timeout.interval'),
    heartbeatInterval: number('heartbeat.interval'),
    heartbeatTimeout: number('heartbeat.timeout'),
    rpcFailureThreshold: number('heartbeat.rpc-failure-threshold'),
    rpcTimeout: number('pekko.ask.timeout'),
    slotRequestTimeout: number('slot.request.timeout'),
    spreadSlots: settings.text('taskmanager.load-balance.mode') === 'SLOTS',
    restart: restartSettings(settings),
    highAvailability: settings.text('high-availability.type') !== 'NONE',
    sourceRecordNanos: number('source.record-time'),
    operatorRecordNanos: number('operator.record-time'),
    taskStartNanos: number('task.start-time'),
    stateBytesPerKey: number('state.bytes-per-key'),
    storageBytesPerSecond: number('checkpoint.storage.bandwidth'),
    storageNanos: number('checkpoint.storage.request-time'),
  }
}

function restartSettings(settings: Settings): RestartSettings {
  const exponential = 'restart-strategy.exponential-delay.'
  const type = settings.text('restart-strategy.type')
  const isCheckpointing = settings.number('execution.checkpointing.interval') !== Infinity
  const attempts = settings.text(`${exponential}attempts-before-reset-backoff`)
  return {
    type: type === 'none' || type === 'fixed-delay' ? type : type === 'unset' && !isCheckpointing ? 'none' : 'exponential-delay',
    initialBackoff: settings.number(`${exponential}initial-backoff`),
    maxBackoff: settings.number(`${exponential}max-backoff`),
    multiplier: Number(settings.text(`${exponential}backoff-multiplier`)),
    jitterFactor: Number(settings.text(`${exponential}jitter-factor`)),
    resetThreshold: settings.number(`${exponential}reset-backoff-threshold`),
    attempts: type === 'fixed-delay' ? settings.number('restart-strategy.fixed-delay.attempts')
      : attempts === 'infinite' ? Infinity : Number(attempts),
    fixedDelay: settings.number('restart-strategy.fixed-delay.delay'),
  }
}
