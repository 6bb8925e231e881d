/**
 * Models: why records or their visibility are destroyed on the brokers' side.
 * Source: kafka documentation 4.2, "Replication" and "Transactions"; KIP-101, KIP-966, KIP-98.
 * Leaves out: causes of the clients.
 */
import { causeCode } from '../../../src/contract/cause.ts'

export const leaderChangedTruncation = causeCode(
  'kafka.leader-changed-truncation',
  'The leader changed before its followers had fetched these records; the new leader does not have them.',
  'kafka.md K1',
)
export const uncleanElection = causeCode(
  'kafka.unclean-election',
  'A replica that was not in sync became leader; what only others held is gone.',
  'kafka.md K4',
)
export const unflushedTail = causeCode(
  'kafka.unflushed-tail',
  'Every host that held these records lost power before its page cache was written to disk.',
  'kafka.md K6',
)
export const diskLost = causeCode(
  'kafka.disk-lost',
  'The last disk that held these records was lost.',
  'kafka.md K3',
)
export const acks0Refused = causeCode(
  'kafka.acks0-refused',
  'The broker refused a request that asks for no answer, so nobody sends it again.',
  'kafka.md K2',
)
export const acks0Crashed = causeCode(
  'kafka.acks0-crashed',
  'The broker died with a request in memory that asks for no answer, so nobody sends it again.',
  'kafka.md K2',
)
export const transactionAbortedCause = causeCode(
  'kafka.transaction-aborted',
  'The transaction that wrote these records was aborted; readers of committed records never see them.',
  'kafka.md 2.10.7',
)
