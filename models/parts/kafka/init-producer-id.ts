/**
 * Models: who coordinates a transactional id, and what a producer gets at its start: an id with an epoch above all
 *   earlier ones, after an open transaction of its predecessor has been aborted.
 * Source: Kafka 4.2 `KafkaApis#handleFindCoordinatorRequest`, `TransactionCoordinator#handleInitProducerId`.
 * Leaves out: keepPreparedTxn (KIP-939).
 */
import type { Sim } from '../../../src/kernel/index.ts'
import type { Broker } from './broker.ts'
import type { FindCoordinatorRequest, InitProducerIdRequest, KafkaError } from './protocol.ts'
import type { RequestChannel } from './request-channel.ts'
import { answer } from './requests.ts'
import { beginAbort } from './end-transaction.ts'
import { recordOf, StateChange, writeChange } from './state-change.ts'
import type { CoordinatorPartition } from './transaction-coordinator.ts'
import { EMPTY, ONGOING, PREPARE_ABORT, PREPARE_COMMIT, type Transaction, type TransactionRecord } from './transaction-log.ts'

const ANSWER_BYTES = 60

export function handleFindCoordinator(sim: Sim, broker: Broker, channel: RequestChannel, request: FindCoordinatorRequest): void {
  const leader = broker.metadata.leaders[broker.cluster.transactionPartition(request.transactionalId)] as number
  const error: KafkaError = leader < 0 ? 'COORDINATOR_NOT_AVAILABLE' : 'NONE'
  answer(sim, broker, channel, request.onAnswer, { request, error, broker: leader }, ANSWER_BYTES)
}

export function handleInitProducerId(sim: Sim, broker: Broker, channel: RequestChannel, request: InitProducerIdRequest): void {
  if (request.transactionalId < 0) {
    reply(sim, broker, channel, request, 'NONE', broker.cluster.nextProducerId(-1), 0)
    return
  }
  const error = begin(sim, broker, channel, request)
  if (error !== 'NONE') reply(sim, broker, channel, request, error, -1, -1)
}

/** NONE when the answer will follow. */
function begin(sim: Sim, broker: Broker, channel: RequestChannel, request: InitProducerIdRequest): KafkaError {
  if (request.timeoutNanos > broker.cluster.config.transactionTimeoutMax) return 'INVALID_TRANSACTION_TIMEOUT'
  const partition = broker.coordinator.find(request.transactionalId)
  if (partition === null) return broker.coordinator.error
  const known = partition.transaction(request.transactionalId)
  const transaction = known ?? partition.create(request.transactionalId)
  if (transaction.isChanging) return 'CONCURRENT_TRANSACTIONS'
  if (transaction.state === PREPARE_COMMIT || transaction.state === PREPARE_ABORT) return 'CONCURRENT_TRANSACTIONS'
  if (transaction.state === ONGOING) {
    beginAbort(sim, broker, partition, transaction)
    return 'CONCURRENT_TRANSACTIONS'
  }
  const isNew = transaction.producerId < 0
  const producerId = isNew ? broker.cluster.nextProducerId(request.transactionalId) : transaction.producerId
  const epoch = isNew ? 0 : transaction.epoch + 1
  const record = recordOf(partition, transaction, producerId, epoch, EMPTY, [], -1, request.timeoutNanos)
  writeChange(sim, broker, new InitChange(partition, transaction, record, sim.now + request.timeoutNanos, channel, request))
  return 'NONE'
}

/** A new epoch is being written. */
class InitChange extends StateChange {
  private readonly channel: RequestChannel
  private readonly request: InitProducerIdRequest

  constructor(
    partition: CoordinatorPartition, transaction: Transaction, record: TransactionRecord, deadline: number,
    channel: RequestChannel, request: InitProducerIdRequest,
  ) {
    super(partition, transaction, record, deadline)
    this.channel = channel
    this.request = request
  }

  protected override succeeded(sim: Sim, broker: Broker): void {
    reply(sim, broker, this.channel, this.request, 'NONE', this.record.ofProducer, this.record.ofEpoch)
  }

  protected override failed(sim: Sim, broker: Broker, error: KafkaError): void {
    reply(sim, broker, this.channel, this.request, error, -1, -1)
  }
}

function reply(
  sim: Sim, broker: Broker, channel: RequestChannel, request: InitProducerIdRequest, error: KafkaError,
  producerId: number, producerEpoch: number,
): void {
  answer(sim, broker, channel, request.onAnswer, { request, error, producerId, producerEpoch }, ANSWER_BYTES)
}
