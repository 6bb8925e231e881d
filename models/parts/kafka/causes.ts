/**
 * Models: why records or their visibility are destroyed on the brokers' side.
 * Source: kafka documentation 4.2, "Replication" and "Transactions"; KIP-101, KIP-966, KIP-98.
 * Leaves out: causes of the clients.
 */
import { causeCode } from '../../../src/contract/cause.ts'

export const leaderChangedTruncation = causeCode(
  'kafka.leader-changed-truncation',
  'The leader changed before its followers had fetched these records; the new leader does not have them.',
  'Kafka 4.2 documentation, acks',
)
export const uncleanElection = causeCode(
  'kafka.unclean-election',
  'A replica that was not in sync became leader; what only others held is gone.',
  'KIP-966, unclean election',
)
export const offsetReused = causeCode(
  'kafka.offset-reused',
  'The new leader\'s log was shorter and gave offsets a second time; a reader that resumed from a position it had stored before skipped them.',
  'Kafka 4.2 `SubscriptionState`; KIP-320, a position without its epoch',
)
export const unflushedTail = causeCode(
  'kafka.unflushed-tail',
  'Every host that held these records lost power before its page cache was written to disk.',
  'Kafka 4.2 documentation, Hardware and OS',
)
export const diskLost = causeCode(
  'kafka.disk-lost',
  'The last disk that held these records was lost.',
  'Kafka 4.2 documentation, min.insync.replicas',
)
export const acks0Refused = causeCode(
  'kafka.acks0-refused',
  'The broker refused a request that asks for no answer, so nobody sends it again.',
  'Kafka 4.2 `ProducerConfig`, acks=0',
)
export const acks0Crashed = causeCode(
  'kafka.acks0-crashed',
  'The broker died with a request in memory that asks for no answer, so nobody sends it again.',
  'Kafka 4.2 `ProducerConfig`, acks=0',
)
export const transactionAbortedCause = causeCode(
  'kafka.transaction-aborted',
  'The transaction that wrote these records was aborted; readers of committed records never see them.',
  'Kafka 4.2 `TransactionCoordinator`; KIP-890',
)
