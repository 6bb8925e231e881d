/**
 * Models: the keys that brokers, controllers and topics read, under their real names; service times that no key
 *   sets are ours.
 * Source: Kafka 4.2 `ReplicationConfigs`, `ServerLogConfigs`, `KRaftConfigs`, `QuorumConfig`, `TransactionLogConfig`,
 *   `TransactionStateManagerConfig`, `SocketServerConfigs`.
 * Leaves out: keys of what is not modelled (retention, quotas, listeners, security).
 */
import { Copyable } from '../../../src/kernel/index.ts'
import type { Knob, KnobType, Settings } from '../../../src/contract/knob.ts'

const HOUR_MS = 3_600_000

function ms(minMs: number, maxMs: number): KnobType {
  return { kind: 'duration', minNanos: minMs * 1e6, maxNanos: maxMs * 1e6, bare: 'ms', off: null }
}

function knob(key: string, type: KnobType, value: string, unit: string, help: string, source: string, live = false): Knob {
  const group = source.startsWith('topic') ? 'Kafka topic' : 'Kafka broker'
  return { key, type, default: value, unit, help, source, group, live }
}

const service: KnobType = { kind: 'duration', minNanos: 0, maxNanos: 1e9, bare: null, off: null }
const range: KnobType = { kind: 'duration', minNanos: 0, maxNanos: 600e9, bare: null, off: null }

/** Every knob of the broker side. */
export const brokerKnobs: readonly Knob[] = [
  knob('min.insync.replicas', { kind: 'integer', min: 1, max: 15, unit: 'replicas' }, '1', 'replicas',
    'How many replicas must be in sync for acks=all, and for the high watermark to move.', 'topic, ServerLogConfigs', true),
  knob('unclean.leader.election.enable', { kind: 'boolean' }, 'false', '',
    'A replica that is not in sync may lead when no other can: available, but records are lost.', 'topic, LogConfig', true),
  knob('replica.lag.time.max.ms', ms(1000, HOUR_MS), '30000', 'ms',
    'A follower that has not caught up for this long leaves the in-sync replicas.', 'ReplicationConfigs'),
  knob('replica.fetch.wait.max.ms', ms(1, 60_000), '500', 'ms', 'How long a leader keeps a follower\'s fetch that finds nothing.', 'ReplicationConfigs'),
  knob('replica.fetch.max.bytes', { kind: 'size', minBytes: 1024, maxBytes: 1 << 30 }, '1MiB', 'B', 'Most bytes of one partition in a follower\'s fetch.', 'ReplicationConfigs'),
  knob('replica.fetch.response.max.bytes', { kind: 'size', minBytes: 1024, maxBytes: 1 << 30 }, '10MiB', 'B', 'Most bytes of a follower\'s fetch.', 'ReplicationConfigs'),
  knob('replica.fetch.backoff.ms', ms(1, 60_000), '1000', 'ms', 'How long a follower waits after an error of a partition or a lost connection.', 'ReplicationConfigs'),
  knob('replica.socket.timeout.ms', ms(1000, HOUR_MS), '30000', 'ms', 'How long a follower waits for an answer.', 'ReplicationConfigs'),
  knob('leader.imbalance.check.interval.seconds', { kind: 'duration', minNanos: 1e9, maxNanos: HOUR_MS * 1e6, bare: 's', off: null }, '300', 's',
    'How often leadership returns to the preferred replicas.', 'ReplicationConfigs'),
  knob('unclean.leader.election.interval.ms', ms(1000, HOUR_MS), '300000', 'ms', 'How often partitions without a leader are looked at for an unclean election.', 'ReplicationConfigs'),
  knob('broker.heartbeat.interval.ms', ms(100, 60_000), '2000', 'ms', 'How often a broker tells the controller that it lives.', 'KRaftConfigs'),
  knob('broker.session.timeout.ms', ms(1000, HOUR_MS), '9000', 'ms', 'A broker that is silent for this long is fenced.', 'KRaftConfigs'),
  knob('controller.quorum.append.linger.ms', ms(0, 10_000), '25', 'ms', 'How long the controller gathers changes before it commits them.', 'QuorumConfig'),
  knob('controller.quorum.fetch.timeout.ms', ms(100, 60_000), '2000', 'ms', 'A controller that cannot reach the active one for this long stands for election.', 'QuorumConfig'),
  knob('controller.quorum.election.timeout.ms', ms(100, 60_000), '1000', 'ms', 'An election takes up to twice this.', 'QuorumConfig'),
  knob('num.io.threads', { kind: 'integer', min: 1, max: 256, unit: 'threads' }, '8', 'threads', 'Threads that process requests.', 'ServerConfigs'),
  knob('transaction.state.log.num.partitions', { kind: 'integer', min: 1, max: 200, unit: 'partitions' }, '50', 'partitions', 'Partitions of the log of transaction states.', 'TransactionLogConfig'),
  knob('transaction.state.log.min.isr', { kind: 'integer', min: 1, max: 15, unit: 'replicas' }, '2', 'replicas', 'min.insync.replicas of that log.', 'TransactionLogConfig'),
  knob('transaction.max.timeout.ms', ms(1000, 24 * HOUR_MS), '900000', 'ms', 'The longest transaction.timeout.ms that a broker accepts.', 'TransactionStateManagerConfig'),
  knob('transaction.abort.timed.out.transaction.cleanup.interval.ms', ms(100, HOUR_MS), '10000', 'ms', 'How often coordinators look for transactions that are too old.', 'TransactionStateManagerConfig'),
  knob('add.partitions.to.txn.retry.backoff.ms', ms(1, 10_000), '20', 'ms', 'Pause before a leader asks the coordinator again.', 'AddPartitionsToTxnConfig'),
  knob('add.partitions.to.txn.retry.backoff.max.ms', ms(1, 10_000), '100', 'ms', 'How long a leader asks again before it tells the client.', 'AddPartitionsToTxnConfig'),
  knob('eligible.leader.replicas', { kind: 'boolean' }, 'true', '', 'Replicas that left in order may still lead (eligible.leader.replicas.version=1).', 'KIP-966, feature level'),
  knob('broker.produce.service', service, '100us', '', 'Time of a request thread for a produce request.', 'ours, assumed: Kafka documentation, Operations; assumed (50 to 200 us)', true),
  knob('broker.fetch.service', service, '40us', '', 'Time of a request thread for a fetch.', 'ours, assumed', true),
  knob('broker.per.kilobyte.service', service, '1us', '', 'Time of a request thread per kilobyte appended.', 'ours, assumed: Kafka documentation, Operations; assumed', true),
  knob('broker.fetcher.service', service, '70us', '', 'Time of a follower\'s fetcher thread to append what came for one partition.', 'ours, assumed: Kafka documentation, Operations; assumed (20 to 200 us a batch)', true),
  knob('broker.network.bandwidth', { kind: 'size', minBytes: 1024, maxBytes: 1e12 }, '1250000000B', 'B/s', 'Speed of a broker\'s network interface (10 Gbit/s).', 'ours, assumed'),
  knob('broker.restart', range, '5s', '', 'From a crash to the start of a new process by its platform.', 'ours, assumed'),
  knob('broker.start.shortest', range, '2300ms', '', 'Shortest time from process start to registration.', 'ours, measured on the real product: 2.3 to 3.4 s'),
  knob('broker.start.longest', range, '3400ms', '', 'Longest time from process start to registration.', 'ours, measured on the real product: 2.3 to 3.4 s'),
  knob('broker.recovery.shortest', range, '1800ms', '', 'Shortest time from registration to readiness.', 'ours, measured on the real product: 4.1 to 6.7 s after start'),
  knob('broker.recovery.longest', range, '3300ms', '', 'Longest time from registration to readiness.', 'ours, measured on the real product: 4.1 to 6.7 s after start'),
  knob('broker.metadata.apply.shortest', service, '5ms', '', 'Shortest time from the receipt of a metadata change to acting on it.', 'ours, assumed: what a clean stop loses with acks=1 on the real product (25 to 100 ms of records)'),
  knob('broker.metadata.apply.longest', service, '60ms', '', 'Longest time from the receipt of a metadata change to acting on it.', 'ours, assumed: what a clean stop loses with acks=1 on the real product (25 to 100 ms of records)'),
  knob('host.dirty.expire', range, '30s', '', 'Age at which the operating system writes a page to disk.', 'ours: Linux vm.dirty_expire_centisecs'),
  knob('host.dirty.writeback', range, '5s', '', 'How often the operating system looks for such pages.', 'ours: Linux vm.dirty_writeback_centisecs'),
  knob('coordinator.load', service, '50ms', '', 'Time to load a partition of transaction states after an election.', 'ours, assumed', true),
]

/** The values as the mechanisms read them; durations in nanoseconds. */
export class BrokerConfig extends Copyable {
  minInsyncReplicas = 0
  uncleanElection = false
  lagTimeMax = 0
  replicaFetchWaitMax = 0
  replicaFetchMaxBytes = 0
  replicaFetchResponseMaxBytes = 0
  replicaFetchBackoff = 0
  replicaSocketTimeout = 0
  imbalanceInterval = 0
  uncleanInterval = 0
  heartbeatInterval = 0
  sessionTimeout = 0
  appendLinger = 0
  quorumFetchTimeout = 0
  quorumElectionTimeout = 0
  ioThreads = 0
  transactionPartitions = 0
  transactionMinIsr = 0
  transactionTimeoutMax = 0
  transactionScanInterval = 0
  addPartitionsBackoff = 0
  addPartitionsBackoffMax = 0
  eligibleLeaderReplicas = true
  produceService = 0
  fetchService = 0
  kilobyteService = 0
  fetcherService = 0
  bandwidth = 0
  restart = 0
  startShortest = 0
  startLongest = 0
  recoveryShortest = 0
  recoveryLongest = 0
  metadataApplyShortest = 0
  metadataApplyLongest = 0
  dirtyExpire = 0
  dirtyWriteback = 0
  coordinatorLoad = 0

  constructor(settings: Settings) {
    super()
    this.read(settings)
  }

  /** Reads all values again: a live knob was changed. */
  read(settings: Settings): void {
    this.minInsyncReplicas = settings.number('min.insync.replicas')
    this.uncleanElection = settings.flag('unclean.leader.election.enable')
    this.lagTimeMax = settings.number('replica.lag.time.max.ms')
    this.replicaFetchWaitMax = settings.number('replica.fetch.wait.max.ms')
    this.replicaFetchMaxBytes = settings.number('replica.fetch.max.bytes')
    this.replicaFetchResponseMaxBytes = settings.number('replica.fetch.response.max.bytes')
    this.replicaFetchBackoff = settings.number('replica.fetch.backoff.ms')
    this.replicaSocketTimeout = settings.number('replica.socket.timeout.ms')
    this.imbalanceInterval = settings.number('leader.imbalance.check.interval.seconds')
    this.uncleanInterval = settings.number('unclean.leader.election.interval.ms')
    this.heartbeatInterval = settings.number('broker.heartbeat.interval.ms')
    this.sessionTimeout = settings.number('broker.session.timeout.ms')
    this.appendLinger = settings.number('controller.quorum.append.linger.ms')
    this.quorumFetchTimeout = settings.number('controller.quorum.fetch.timeout.ms')
    this.quorumElectionTimeout = settings.number('controller.quorum.election.timeout.ms')
    this.ioThreads = settings.number('num.io.threads')
    this.transactionPartitions = settings.number('transaction.state.log.num.partitions')
    this.transactionMinIsr = settings.number('transaction.state.log.min.isr')
    this.transactionTimeoutMax = settings.number('transaction.max.timeout.ms')
    this.transactionScanInterval = settings.number('transaction.abort.timed.out.transaction.cleanup.interval.ms')
    this.addPartitionsBackoff = settings.number('add.partitions.to.txn.retry.backoff.ms')
    this.addPartitionsBackoffMax = settings.number('add.partitions.to.txn.retry.backoff.max.ms')
    this.eligibleLeaderReplicas = settings.flag('eligible.leader.replicas')
    this.produceService = settings.number('broker.produce.service')
    this.fetchService = settings.number('broker.fetch.service')
    this.kilobyteService = settings.number('broker.per.kilobyte.service')
    this.fetcherService = settings.number('broker.fetcher.service')
    this.bandwidth = settings.number('broker.network.bandwidth')
    this.restart = settings.number('broker.restart')
    this.startShortest = settings.number('broker.start.shortest')
    this.startLongest = settings.number('broker.start.longest')
    this.recoveryShortest = settings.number('broker.recovery.shortest')
    this.recoveryLongest = settings.number('broker.recovery.longest')
    this.metadataApplyShortest = settings.number('broker.metadata.apply.shortest')
    this.metadataApplyLongest = settings.number('broker.metadata.apply.longest')
    this.dirtyExpire = settings.number('host.dirty.expire')
    this.dirtyWriteback = settings.number('host.dirty.writeback')
    this.coordinatorLoad = settings.number('coordinator.load')
  }
}
