/** Short runs of Kafka and Flink with what each promises. */
import type { KafkaFlinkPlant } from '../../models/kafka-flink/plant.ts'
import type { Column } from '../../src/run/column.ts'
import type { Elsewhere, Play } from './kit.ts'

/** Detection and restarts within seconds, so that a play is short. */
const quick: Readonly<Record<string, string>> = {
  'execution.checkpointing.interval': '500ms', 'heartbeat.interval': '500ms', 'heartbeat.timeout': '2s', 'pekko.ask.timeout': '1s',
  'taskmanager.restart-time': '1s', 'jobmanager.restart-time': '1s', 'task.start-time': '200ms',
  'restart-strategy.exponential-delay.initial-backoff': '200ms',
  'broker.heartbeat.interval.ms': '300', 'broker.session.timeout.ms': '2000', 'replica.lag.time.max.ms': '1500', 'broker.restart': '1s',
  'replica.socket.timeout.ms': '1000', 'request.timeout.ms': '1000', 'sink.properties.request.timeout.ms': '1000',
  'source.properties.request.timeout.ms': '1000', 'leader.imbalance.check.interval.seconds': '2',
}

/** Every partition of the cluster has all its replicas in sync under its preferred leader. */
function isWhole(column: Column): string | null {
  const { cluster } = (column.state.plant as KafkaFlinkPlant).built
  for (let p = 0; p < cluster.partitionCount; p++) {
    const record = cluster.quorum.partitions[p]
    const replicas = cluster.replicasOf(p)
    if (record === undefined || record.isr.length < replicas.length) return `recovery: partition ${p} has ${record?.isr.length} replicas in sync`
    if (record.leader !== replicas[0]) return `recovery: partition ${p} is not led by its preferred replica`
  }
  return null
}

const large: Readonly<Record<string, string>> = { 'state.bytes-per-key': '20000B' }

const gone: readonly string[] = ['kafka.producer-retry', 'flink.restore-replay']

export const plays: readonly Play[] = [
  {
    name: 'calm', settings: quick, within: 9, p50: 0.36, p99: 0.65,
    tells: { 'flink.checkpoint-completed': 14, 'kafka.transaction-prepared': 44, 'flink.caught-up': 1, 'kafka.transaction-committed': 44 },
    tellsOnly: [
      'kafka.leader-elected', 'flink.slots-acquired', 'flink.restored', 'flink.running', 'flink.caught-up',
      'flink.checkpoint-triggered', 'flink.checkpoint-completed', 'kafka.transaction-prepared', 'kafka.transaction-committed',
    ],
  },
  {
    name: 'processor crashes', settings: quick, faults: ['crash processor-1 at 2500ms'], within: 9, p99: 2,
    tells: { 'flink.restored': 2, 'flink.caught-up': 2, 'flink.taskmanager-dropped': 1, 'flink.connection-lost': 1 },
  },
  {
    name: 'broker crashes', settings: quick, faults: ['crash leader:0 at 2s', 'crash sink at 9s'], duration: '16s', within: 20, p99: 5,
    tells: { 'kafka.isr-expanded': 16, 'kafka.broker-unfenced': 2 }, ends: isWhole,
  },
  { name: 'broker pauses', settings: quick, faults: ['pause leader:0 at 2s for 4s'], duration: '12s', within: 16, p99: 5.5, tells: { 'kafka.request-timed-out': 1 }, ends: isWhole },
  { name: 'broker loses power', settings: quick, faults: ['power-loss leader:0 at 2s for 3s'], duration: '12s', within: 16, p99: 5.5, ends: isWhole },
  {
    name: 'processor is cut off', settings: quick, faults: ['cut processor-1 at 2s for 6s'], duration: '12s', within: 15, p99: 3.2,
    tells: { 'flink.taskmanager-dropped': 1, 'flink.caught-up': 2 },
  },
  { name: 'processor loses power', settings: quick, faults: ['power-loss processor-1 at 2s for 6s'], duration: '12s', within: 15, p99: 3.2 },
  {
    name: 'coordinator crashes', settings: { ...quick, 'high-availability.type': 'kubernetes' }, faults: ['crash coordinator at 2s'], within: 9, p99: 2.1,
    tells: { 'flink.caught-up': 2 },
  },
  { name: 'controller crashes', settings: quick, faults: ['crash controller at 2s', 'crash leader:0 at 2500ms'], duration: '16s', within: 22, p99: 12, ends: isWhole },
  {
    name: 'at least once', settings: { ...quick, 'sink.delivery-guarantee': 'at-least-once', 'execution.checkpointing.mode': 'AT_LEAST_ONCE' },
    faults: ['crash processor-1 at 2500ms'], within: 9, p50: 0.18, p99: 1.8, may: gone, tells: { 'flink.caught-up': 2, 'flink.checkpoint-completed': 12 },
  },
  {
    name: 'storage pauses', settings: { ...quick, 'execution.checkpointing.timeout': '1s', 'execution.checkpointing.tolerable-failed-checkpoints': '10' },
    faults: ['pause checkpoint-storage at 2s for 3s'], within: 10, p99: 4,
  },
  { name: 'storage crashes', settings: quick, faults: ['crash checkpoint-storage at 2s for 2s'], within: 10, p99: 4 },
  {
    name: 'no restart', settings: { ...quick, 'restart-strategy.type': 'none', 'sink.properties.transaction.timeout.ms': '1500', 'transaction.abort.timed.out.transaction.cleanup.interval.ms': '500' },
    faults: ['crash processor-1 at 2500ms'], within: 7, stays: true, tells: { 'kafka.transaction-aborted': 3, 'flink.job-failed': 1 },
  },
  // Snapshots that are too large for the acknowledgement go to the store by themselves.
  {
    name: 'large state', settings: { ...quick, ...large, 'execution.checkpointing.tolerable-failed-checkpoints': '10' },
    faults: ['crash checkpoint-storage at 2s for 1s', 'checkpoint-fail at 4s for 500ms'], within: 10, p99: 3, tells: { 'flink.checkpoint-aborted': 1 },
  },
  {
    name: 'large state expires', settings: { ...quick, ...large, 'execution.checkpointing.timeout': '1s', 'execution.checkpointing.tolerable-failed-checkpoints': '10' },
    faults: ['pause checkpoint-storage at 2s for 3s'], within: 10, p99: 4.5, tells: { 'flink.checkpoint-aborted': 1 },
  },
  {
    name: 'coordinator loses power', settings: { ...quick, 'high-availability.type': 'kubernetes' }, faults: ['power-loss coordinator at 2s for 3s'],
    duration: '10s', within: 14, p99: 8, tells: { 'flink.caught-up': 2 },
  },
  {
    name: 'calls fail', settings: { ...quick, 'heartbeat.timeout': '10s' },
    faults: ['crash processor-1 at 2500ms', 'cut processor-2 at 2600ms for 4s'], duration: '10s', within: 14, p99: 7.6,
  },
  {
    name: 'calls break', settings: { ...quick, 'pekko.ask.timeout': '10s' }, faults: ['crash processor-1 at 2500ms', 'crash processor-3 on flink.slots-acquired after 2600ms'],
    duration: '10s', within: 14, p99: 5,
  },
  { name: 'one request thread', settings: { ...quick, 'num.io.threads': '1', 'broker.produce.service': '2ms' }, within: 9, p99: 0.8 },
  {
    name: 'long time-outs', settings: { ...quick, 'replica.socket.timeout.ms': '60000', 'request.timeout.ms': '60000', 'sink.properties.request.timeout.ms': '60000' },
    faults: ['crash leader:0 at 2s'], duration: '14s', within: 18, p99: 6, ends: isWhole,
  },
  {
    name: 'markers break', settings: { ...quick, 'replica.socket.timeout.ms': '60000' },
    faults: ['crash leader:1 on kafka.transaction-prepared #3 after 2s'], duration: '10s', within: 14, p99: 6,
  },
  {
    name: 'controller loses power', settings: quick, faults: ['power-loss controller at 2s for 20s', 'crash broker-2 at 7s'],
    duration: '14s', within: 24, p99: 9, ends: isWhole,
  },
  // The follower lives, and its fetches do not arrive: only the leader can see that.
  { name: 'follower lags', settings: { ...quick, 'sink.delivery-guarantee': 'at-least-once' }, faults: ['cut broker-2 -> broker-1 at 2s for 6s'], duration: '9s', within: 14, p99: 3.5 },
  {
    name: 'sink gives up', settings: { ...quick, 'sink.delivery-guarantee': 'at-least-once', 'sink.properties.delivery.timeout.ms': '1500' },
    faults: ['pause sink at 2s for 4s'], duration: '10s', within: 16, may: gone,
  },
  // Nobody in sync is left when the change comes: only the controller's timer looks at the partitions again.
  {
    name: 'an unclean leader is allowed', duration: '16s', within: 32,
    settings: {
      ...quick, 'sink.delivery-guarantee': 'at-least-once', 'min.insync.replicas': '1', 'eligible.leader.replicas': 'false',
      'unclean.leader.election.interval.ms': '1000',
    },
    faults: ['crash broker-2 at 2s for 4s', 'crash broker-3 at 2s for 4s', 'crash broker-1 at 4s for 60s'],
    changes: [{ at: '14s', key: 'unclean.leader.election.enable', value: 'true' }],
    tells: { 'kafka.leader-unclean': 8 },
  },
  // The broker comes back while the controller that it knew is down, and asks another one.
  {
    name: 'controller is gone when a broker returns', settings: quick, faults: ['crash broker-2 at 1s', 'crash controller at 1500ms for 20s'],
    duration: '12s', within: 20, ends: isWhole,
  },
  // What the sources had held back comes at once and nothing after it: a sink that was full goes on when there is room.
  {
    name: 'sink is full', workload: { rate: '4000/s' }, faults: ['pause source-1 at 5s for 2s', 'pause source-2 at 5s for 2s'], within: 9,
    settings: {
      ...quick, 'sink.delivery-guarantee': 'at-least-once', 'execution.checkpointing.interval': '60s', 'sink.properties.buffer.memory': '1024B',
      'sink.properties.batch.size': '1024B',
    },
  },
  { name: 'source pauses', settings: quick, faults: ['pause source-1 at 5s for 2s'], within: 9, p99: 1.5 },
  { name: 'source crashes', settings: quick, faults: ['crash source-1 at 2s for 1s'], workload: { upstream: 'journal' }, within: 9, p99: 1.5 },
]

export const showsIn: Readonly<Record<string, string>> = {
  'flink.call-failed': 'calls fail',
  'flink.cancel-answer': 'processor crashes',
  'flink.cancel': 'processor crashes',
  'flink.pointer-closed': 'storage crashes',
  'flink.heartbeat-refused': 'processor crashes',
  'flink.heartbeat-deadline': 'processor is cut off',
  'flink.restart-due': 'processor crashes',
  'flink.flush': 'at least once',
  'flink.disconnected': 'coordinator crashes',
  'flink.reconnect': 'coordinator crashes',
  'flink.end-tasks': 'processor crashes',
  'kafka.fetcher-due': 'broker crashes',
  'kafka.fetcher-timed-out': 'broker loses power',
  'kafka.register-broker': 'broker crashes',
  'kafka.alter-partition': 'broker crashes',
  'kafka.fetch-metadata': 'broker crashes',
  'kafka.partition-altered': 'broker crashes',
  'kafka.broker-registered': 'broker crashes',
  'kafka.metadata-fetched': 'broker crashes',
  'kafka.metadata-applied': 'broker crashes',
  'kafka.broker-ready': 'broker crashes',
  'kafka.controller-retry': 'broker crashes',
  'kafka.markers-due': 'controller crashes',
  'kafka.transaction-scan': 'no restart',
  'kafka.coordinator-load': 'broker crashes',
  'kafka.quorum-look': 'controller crashes',
  'kafka.controller-activated': 'controller crashes',
  'kafka.controller-commit': 'broker crashes',
  'kafka.session-check': 'broker loses power',
  'kafka.imbalance-check': 'broker crashes',
  'kafka.client-closed': 'broker crashes',
  'flink.sink-flushed': 'at least once',
  'flink.decline-checkpoint': 'large state',
  'flink.checkpoint-expired': 'large state expires',
  'flink.input-closed': 'processor crashes',
  'flink.snapshot-sent': 'large state',
  'flink.store-closed': 'large state',
  'flink.store-answered': 'large state',
  'flink.jobmanager-silent': 'coordinator loses power',
  'kafka.request-thread': 'one request thread',
  'kafka.fetcher-closed': 'long time-outs',
  'kafka.metadata-silent': 'controller loses power',
  'kafka.purgatory-due': 'broker pauses',
  'flink.sink-error': 'sink gives up',
  'source.after-pause': 'source pauses',
  'kafka.peer-closed': 'markers break',
  'kafka.isr-check': 'follower lags',
  'kafka.channel-closed': 'processor crashes',
  'flink.output-closed': 'processor crashes',
  'kafka.unclean-check': 'an unclean leader is allowed',
  'kafka.controller-closed': 'controller is gone when a broker returns',
  'flink.sink-unblocked': 'sink is full',
}

export const exceptions: Readonly<Record<string, Elsewhere>> = {
  'source.send-again': {
    why: 'no play refuses a journal for good', file: 'test/run/found-plans.test.ts',
    test: 'a journal hands over again what its client gave up after an unclean election',
  },
  'flink.drop-taskmanager': {
    why: 'shows only in what a woken TaskManager still does', file: 'test/models/flink/messages.test.ts',
    test: 'no word of the drop: a TaskManager that wakes keeps its tasks until its connection is found broken',
  },
  'kafka.broker-restart': {
    why: 'no fault stops a broker in order', file: 'test/models/kafka/failure.test.ts',
    test: 'a clean shutdown moves leaders within tens of milliseconds, and the broker comes back',
  },
}
