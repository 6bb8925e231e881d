/**
 * Models: the coordinator's side of a transaction's growth: a partition leader adds its partition before the first
 *   append there; the first one opens the transaction and starts its clock.
 * Source: Kafka 4.2 `TransactionCoordinator#handleAddPartitionsToTransaction`; KIP-890.
 * Leaves out: requests of one leader for several producers are not joined.
 */
import type { Sim } from '../../../src/kernel/index.ts'
import type { Broker } from './broker.ts'
import { transactionBegun } from './facts.ts'
import type { KafkaError } from './protocol.ts'
import type { AddPartitionsRequest } from './protocol-internal.ts'
import type { RequestChannel } from './request-channel.ts'
import { answer } from './requests.ts'
import { recordOf, StateChange, writeChange } from './state-change.ts'
import type { CoordinatorPartition } from './transaction-coordinator.ts'
import { ONGOING, PREPARE_ABORT, PREPARE_COMMIT, type Transaction, type TransactionRecord } from './transaction-log.ts'

const ANSWER_BYTES = 60

export function handleAddPartitions(sim: Sim, broker: Broker, channel: RequestChannel, request: AddPartitionsRequest): void {
  const partition = broker.coordinator.find(request.transactionalId)
  const error = partition === null ? broker.coordinator.error : check(partition, request)
  if (error !== 'NONE' || partition === null) {
    answer(sim, broker, channel, request.onAnswer, { request, error }, ANSWER_BYTES)
    return
  }
  const transaction = partition.transaction(request.transactionalId) as Transaction
  const isOpen = transaction.state === ONGOING
  const added = request.partitions.filter((p) => !isOpen || !transaction.partitions.includes(p))
  if (added.length === 0) {
    answer(sim, broker, channel, request.onAnswer, { request, error }, ANSWER_BYTES)
    return
  }
  const partitions = isOpen ? [...transaction.partitions, ...added] : added
  const startedAt = isOpen ? transaction.startedAt : sim.now
  if (!isOpen) sim.fact(transactionBegun, broker, transaction.producerId, transaction.epoch)
  const record = recordOf(
    partition, transaction, transaction.producerId, transaction.epoch, ONGOING, partitions, startedAt, transaction.timeout,
  )
  writeChange(sim, broker, new AddChange(partition, transaction, record, sim.now + transaction.timeout, channel, request))
}

function check(partition: CoordinatorPartition, request: AddPartitionsRequest): KafkaError {
  const transaction = partition.transaction(request.transactionalId)
  if (transaction === undefined || transaction.producerId !== request.producerId) return 'UNKNOWN_PRODUCER_ID'
  if (transaction.epoch !== request.producerEpoch) return 'PRODUCER_FENCED'
  if (transaction.isChanging) return 'CONCURRENT_TRANSACTIONS'
  if (transaction.state === PREPARE_COMMIT || transaction.state === PREPARE_ABORT) return 'CONCURRENT_TRANSACTIONS'
  return 'NONE'
}

/** Partitions are being added. */
class AddChange extends StateChange {
  private readonly channel: RequestChannel
  private readonly request: AddPartitionsRequest

  constructor(
    partition: CoordinatorPartition, transaction: Transaction, record: TransactionRecord, deadline: number,
    channel: RequestChannel, request: AddPartitionsRequest,
  ) {
    super(partition, transaction, record, deadline)
    this.channel = channel
    this.request = request
  }

  protected override succeeded(sim: Sim, broker: Broker): void {
    answer(sim, broker, this.channel, this.request.onAnswer, { request: this.request, error: 'NONE' }, ANSWER_BYTES)
  }

  protected override failed(sim: Sim, broker: Broker, error: KafkaError): void {
    answer(sim, broker, this.channel, this.request.onAnswer, { request: this.request, error }, ANSWER_BYTES)
  }
}
