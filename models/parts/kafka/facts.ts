/**
 * Models: the sentences that brokers and controllers say for the story; no mechanism reads them.
 * Source: names after Kafka 4.2's log lines and metrics.
 * Leaves out: client facts, which the client's files declare.
 */
import { factCode } from '../../../src/kernel/index.ts'

export const brokerRegistered = factCode('kafka.broker-registered', 2, '{who} is registered with epoch {epoch}', ['epoch'])
export const brokerFenced = factCode('kafka.broker-fenced', 1, 'The controller fenced {who}: no heartbeat for {silence:s}', ['silence'])
export const brokerUnfenced = factCode('kafka.broker-unfenced', 2, 'The controller unfenced {who}')
export const brokerShutDown = factCode('kafka.broker-shut-down', 1, '{who} gave its leaderships away and stopped')
export const controllerElected = factCode('kafka.controller-elected', 1, '{who} is the active controller, epoch {epoch}', ['epoch'])
export const controllerSilent = factCode('kafka.controller-silent', 2, '{who} has heard nothing of the metadata log for {silence:s} and asks another controller', ['silence'])
export const leaderElected = factCode(
  'kafka.leader-elected', 1, '{who} leads partition {partition} in epoch {epoch}, from offset {end}', ['partition', 'epoch', 'end'],
)
export const leaderUnclean = factCode(
  'kafka.leader-unclean', 1, '{who} leads partition {partition} though it was not in sync, epoch {epoch}', ['partition', 'epoch'],
)
export const transactionStateLost = factCode(
  'kafka.transaction-state-lost', 2, '{who} leads the transaction states of partition {partition} though it was not in sync: what others knew of open transactions is gone', ['partition', 'epoch'],
)
export const partitionOffline = factCode('kafka.partition-offline', 1, 'Partition {partition} has no leader', ['partition'])
export const isrShrunk = factCode(
  'kafka.isr-shrunk', 1, 'Partition {partition}: broker {broker} left the in-sync replicas, {left} are left', ['partition', 'broker', 'left'],
)
export const isrExpanded = factCode(
  'kafka.isr-expanded', 2, 'Partition {partition}: broker {broker} is in sync again, {now} are', ['partition', 'broker', 'now'],
)
export const logTruncated = factCode(
  'kafka.log-truncated', 1, '{who} cut {records} records of partition {partition} down to offset {offset}', ['partition', 'offset', 'records'],
)
export const tailLost = factCode(
  'kafka.tail-lost', 1, '{who} lost {records} unflushed records of partition {partition} from offset {offset}', ['partition', 'offset', 'records'],
)
export const highWatermarkMoved = factCode('kafka.high-watermark', 3, 'Partition {partition}: high watermark {offset}', ['partition', 'offset'])
export const appended = factCode('kafka.appended', 3, '{who} appended {records} records to partition {partition} at {offset}', ['partition', 'offset', 'records'])
export const requestTimedOut = factCode(
  'kafka.request-timed-out', 2, '{who} answers REQUEST_TIMED_OUT: partition {partition} was not replicated to offset {offset}', ['partition', 'offset'],
)
export const notEnoughReplicas = factCode(
  'kafka.not-enough-replicas', 3, '{who} refuses acks=all on partition {partition}: {isr} in sync', ['partition', 'isr'],
)
export const duplicateRefused = factCode(
  'kafka.duplicate-sequence', 2, '{who} has partition {partition} sequence {sequence} of producer {producer} already', ['partition', 'sequence', 'producer'],
)
export const producerFenced = factCode('kafka.producer-fenced', 1, '{who} fenced producer {producer}: epoch {epoch} is old', ['producer', 'epoch'])
export const transactionBegun = factCode(
  'kafka.transaction-begun', 3, '{who}: transaction of producer {producer} epoch {epoch} has its first partition', ['producer', 'epoch'],
)
export const transactionPrepared = factCode(
  'kafka.transaction-prepared', 2, '{who}: commit of producer {producer} epoch {epoch} over {partitions} partitions is decided', ['producer', 'epoch', 'partitions'],
)
export const transactionCommitted = factCode(
  'kafka.transaction-committed', 3, '{who}: all commit markers of producer {producer} epoch {epoch} are written', ['producer', 'epoch'],
)
export const transactionAborting = factCode(
  'kafka.transaction-aborting', 2, '{who}: abort of producer {producer} epoch {epoch} over {partitions} partitions is decided', ['producer', 'epoch', 'partitions'],
)
export const transactionAborted = factCode(
  'kafka.transaction-aborted', 2, '{who}: all abort markers of producer {producer} epoch {epoch} are written', ['producer', 'epoch'],
)
export const transactionTimedOut = factCode(
  'kafka.transaction-timed-out', 1, '{who}: transaction of producer {producer} epoch {epoch} is open for {age:s} and will be aborted', ['producer', 'epoch', 'age'],
)
export const coordinatorLoaded = factCode(
  'kafka.coordinator-loaded', 2, '{who} coordinates the transactions of partition {partition}', ['partition'],
)
