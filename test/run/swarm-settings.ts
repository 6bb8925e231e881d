/** Random settings for fault plans: what a guarantee depends on, and what makes the small plant quick to recover. */
import type { Stream } from '../../src/kernel/index.ts'

type Settings = Readonly<Record<string, string>>

function pick<T>(stream: Stream, choices: readonly T[]): T {
  return choices[stream.below(choices.length)] as T
}

/** Every draw is made for every plan, so that a new choice changes only the plans that take it. */
export function randomSettings(id: string, stream: Stream): Settings {
  if (id === 'kafka-flink') return kafkaFlink(stream)
  if (id === 'kinesis-lambda') return kinesisLambda(stream)
  return {}
}

function kafkaFlink(stream: Stream): Settings {
  const all: readonly Settings[] = [
    pick(stream, sinks),
    pick(stream, producers),
    { 'min.insync.replicas': pick(stream, ['1', '2', '2', '3']) },
    { 'execution.checkpointing.interval': pick(stream, ['300ms', '1s', '1s', '2500ms']) },
    // Detection and restarts within the short run, as an impatient operator sets them, or as shipped.
    pick(stream, [{}, { 'heartbeat.interval': '1s', 'heartbeat.timeout': '4s' }]),
    { 'taskmanager.restart-time': pick(stream, ['1s', '3s', '10s']), 'jobmanager.restart-time': pick(stream, ['2s', '8s']) },
    pick(stream, [{}, { 'taskmanager.load-balance.mode': 'SLOTS' }]),
    pick(stream, [{}, {}, { 'execution.checkpointing.tolerable-failed-checkpoints': '3' }]),
    pick(stream, [{}, {}, {}, { 'unclean.leader.election.enable': 'true', 'unclean.leader.election.interval.ms': '2000' }]),
    pick(stream, [{}, {}, { 'replica.lag.time.max.ms': '2000', 'broker.session.timeout.ms': '3000', 'broker.heartbeat.interval.ms': '500' }]),
    pick(stream, [{}, {}, { 'request.timeout.ms': '1500', 'sink.properties.request.timeout.ms': '1500' }]),
    pick(stream, [{}, {}, {}, {}, { 'sink.properties.transaction.timeout.ms': '8000', 'transaction.abort.timed.out.transaction.cleanup.interval.ms': '1000' }]),
    pick(stream, [{}, {}, { 'execution.buffer-timeout.interval': '0ms' }]),
  ]
  return Object.assign({}, ...all) as Settings
}

const sinks: readonly Settings[] = [
  {}, {}, {}, {},
  { 'sink.delivery-guarantee': 'at-least-once' },
  { 'sink.delivery-guarantee': 'at-least-once', 'execution.checkpointing.mode': 'AT_LEAST_ONCE' },
  { 'sink.delivery-guarantee': 'none' },
]

const producers: readonly Settings[] = [
  {}, {}, {}, {},
  { acks: '1', 'enable.idempotence': 'false' },
  { acks: '0', 'enable.idempotence': 'false' },
  { acks: 'all', 'enable.idempotence': 'false' },
]

function kinesisLambda(stream: Stream): Settings {
  const all: readonly Settings[] = [
    pick(stream, [{}, { 'sink.write': 'put' }, { 'sink.write': 'conditional' }, { 'sink.write': 'increment' }]),
    pick(stream, [{}, {}, { 'consumer.type': 'standard' }]),
    pick(stream, [{}, { ParallelizationFactor: '4' }]),
    { BisectBatchOnFunctionError: pick(stream, ['true', 'false']) },
    pick(stream, [{}, { ReportBatchItemFailures: 'true' }, { ReportBatchItemFailures: 'true', 'handler.on-failed-record': 'stop' }]),
    { MaximumRetryAttempts: pick(stream, ['2', '5', '10']) },
    pick(stream, [{}, {}, { 'DestinationConfig.OnFailure': 'none' }]),
    pick(stream, [{}, {}, { MaximumBatchingWindowInSeconds: '1' }]),
    { BatchSize: pick(stream, ['10', '100', '500']) },
    pick(stream, [{}, { 'client.calls-in-flight': '3' }]),
    pick(stream, [{}, { Timeout: '1' }]),
    pick(stream, [{}, {}, { ReservedConcurrentExecutions: '2' }]),
    // A function that is busy most of the time can be struck at work.
    { 'handler.work': pick(stream, ['100us', '2ms', '5ms']) },
  ]
  return Object.assign({}, ...all) as Settings
}
