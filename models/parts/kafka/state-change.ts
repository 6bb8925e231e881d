/**
 * Models: a change of a transaction's state: its record is appended to the log of transaction states with acks=all, and
 *   the change counts when the record is replicated.
 * Source: Kafka 4.2 `TransactionStateManager#appendTransactionToLog`.
 * Leaves out: nothing known.
 */
import { Copyable, invariant, type Sim } from '../../../src/kernel/index.ts'
import type { Broker } from './broker.ts'
import { appendAsLeader } from './produce.ts'
import type { KafkaError } from './protocol.ts'
import { beginWait, park, Parked, type Waiter } from './purgatory.ts'
import { LEADER } from './replica.ts'
import type { CoordinatorPartition } from './transaction-coordinator.ts'
import { TransactionRecord, type Transaction } from './transaction-log.ts'

/** A change that is being written; subclasses say what follows. */
export abstract class StateChange extends Copyable implements Waiter {
  readonly partition: CoordinatorPartition
  readonly transaction: Transaction
  readonly record: TransactionRecord
  readonly deadline: number

  constructor(partition: CoordinatorPartition, transaction: Transaction, record: TransactionRecord, deadline: number) {
    super()
    this.partition = partition
    this.transaction = transaction
    this.record = record
    this.deadline = deadline
  }

  /** The record is replicated and the state is the transaction's. */
  protected abstract succeeded(sim: Sim, broker: Broker): void
  /** It is not known to be replicated; `error` is for the client. */
  protected abstract failed(sim: Sim, broker: Broker, error: KafkaError): void

  complete(sim: Sim, broker: Broker, errors: readonly KafkaError[]): void {
    this.transaction.isChanging = false
    const error = errors[0] as KafkaError
    if (error !== 'NONE' || !broker.coordinator.holds(this.partition)) {
      const isGone = error === 'NOT_LEADER_OR_FOLLOWER' || !broker.coordinator.holds(this.partition)
      this.failed(sim, broker, isGone ? 'NOT_COORDINATOR' : 'COORDINATOR_NOT_AVAILABLE')
      return
    }
    this.transaction.apply(this.record)
    this.succeeded(sim, broker)
  }
}

/** The record of a transaction's next state. */
export function recordOf(
  partition: CoordinatorPartition, transaction: Transaction, producerId: number, epoch: number, state: number,
  partitions: readonly number[], startedAt: number, timeout: number,
): TransactionRecord {
  return new TransactionRecord(
    partition.replica.partition, transaction.transactionalId, producerId, epoch, state, partitions, startedAt, timeout,
  )
}

/** Writes the record; no other change of this transaction may begin before it is decided. */
export function writeChange(sim: Sim, broker: Broker, change: StateChange): void {
  const { replica } = change.partition
  invariant(!change.transaction.isChanging, 'kafka.one-change-at-a-time')
  invariant(replica.role === LEADER, 'kafka.coordinator-leads')
  change.transaction.isChanging = true
  const parked = new Parked(change, ['NONE'], change.deadline)
  if (replica.isr.length < broker.cluster.minIsr(replica.partition)) {
    parked.errors[0] = 'NOT_ENOUGH_REPLICAS'
  } else {
    appendAsLeader(sim, broker, replica, change.record)
    if (replica.highWatermark < replica.log.end) park(replica, parked, 0, replica.log.end)
  }
  beginWait(sim, broker, parked)
}
