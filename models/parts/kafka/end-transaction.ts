/**
 * Models: the end of a transaction: the decision is a record in the log of transaction states (the commit point); the
 *   client is answered as soon as it is replicated, with the next epoch; then markers go to every partition.
 * Source: Kafka 4.2 `TransactionCoordinator#endTransactionWithTV2`; KIP-890 part 2.
 * Leaves out: transaction.version 0 and 1.
 */
import type { Sim } from '../../../src/kernel/index.ts'
import type { Broker } from './broker.ts'
import { producerFenced, transactionAborting, transactionPrepared } from './facts.ts'
import type { EndTxnRequest, KafkaError } from './protocol.ts'
import type { RequestChannel } from './request-channel.ts'
import { answer } from './requests.ts'
import { recordOf, StateChange, writeChange } from './state-change.ts'
import type { CoordinatorPartition } from './transaction-coordinator.ts'
import {
  COMPLETE_ABORT, COMPLETE_COMMIT, ONGOING, PREPARE_ABORT, PREPARE_COMMIT, type Transaction, type TransactionRecord,
} from './transaction-log.ts'

const ANSWER_BYTES = 60
/** Says that the request is a repeat whose work is done. */
const DONE = 'DONE'

export function handleEndTxn(sim: Sim, broker: Broker, channel: RequestChannel, request: EndTxnRequest): void {
  const partition = broker.coordinator.find(request.transactionalId)
  const verdict = partition === null ? broker.coordinator.error : check(partition, request)
  if (partition === null || verdict !== 'NONE') {
    if (verdict === 'PRODUCER_FENCED') sim.fact(producerFenced, broker, request.producerId, request.producerEpoch)
    const epoch = verdict === DONE ? request.producerEpoch + 1 : -1
    reply(sim, broker, channel, request, verdict === DONE ? 'NONE' : verdict, epoch)
    return
  }
  const transaction = partition.transaction(request.transactionalId) as Transaction
  prepare(sim, broker, partition, transaction, request.commit, channel, request)
}

/** NONE: the decision is to be written. DONE: it was, and all that follows from it. */
function check(partition: CoordinatorPartition, request: EndTxnRequest): KafkaError | typeof DONE {
  const transaction = partition.transaction(request.transactionalId)
  if (transaction === undefined || transaction.producerId !== request.producerId) return 'UNKNOWN_PRODUCER_ID'
  const isRepeat = transaction.epoch === request.producerEpoch + 1
  if (transaction.epoch !== request.producerEpoch && !isRepeat) return 'PRODUCER_FENCED'
  if (transaction.isChanging) return 'CONCURRENT_TRANSACTIONS'
  const { state } = transaction
  if (isRepeat) {
    if (state === (request.commit ? COMPLETE_COMMIT : COMPLETE_ABORT)) return DONE
    return state === (request.commit ? PREPARE_COMMIT : PREPARE_ABORT) ? 'CONCURRENT_TRANSACTIONS' : 'INVALID_TXN_STATE'
  }
  if (state === ONGOING) return 'NONE'
  if (state === PREPARE_COMMIT || state === PREPARE_ABORT) return 'CONCURRENT_TRANSACTIONS'
  // An abort without any partition still raises the epoch.
  return request.commit ? 'INVALID_TXN_STATE' : 'NONE'
}

/** Aborts an open transaction on the coordinator's own account: its producer is fenced by the next epoch. */
export function beginAbort(sim: Sim, broker: Broker, partition: CoordinatorPartition, transaction: Transaction): void {
  prepare(sim, broker, partition, transaction, false, null, null)
}

function prepare(
  sim: Sim, broker: Broker, partition: CoordinatorPartition, transaction: Transaction, commit: boolean,
  channel: RequestChannel | null, request: EndTxnRequest | null,
): void {
  const partitions = transaction.state === ONGOING ? transaction.partitions : []
  const record = recordOf(
    partition, transaction, transaction.producerId, transaction.epoch + 1, commit ? PREPARE_COMMIT : PREPARE_ABORT,
    partitions, transaction.startedAt, transaction.timeout,
  )
  writeChange(sim, broker, new EndChange(partition, transaction, record, sim.now + transaction.timeout, channel, request))
}

/** The decision is being written. */
class EndChange extends StateChange {
  private readonly channel: RequestChannel | null
  private readonly request: EndTxnRequest | null

  constructor(
    partition: CoordinatorPartition, transaction: Transaction, record: TransactionRecord, deadline: number,
    channel: RequestChannel | null, request: EndTxnRequest | null,
  ) {
    super(partition, transaction, record, deadline)
    this.channel = channel
    this.request = request
  }

  protected override succeeded(sim: Sim, broker: Broker): void {
    const { record } = this
    const said = record.state === PREPARE_COMMIT ? transactionPrepared : transactionAborting
    sim.fact(said, broker, record.ofProducer, record.ofEpoch - 1, record.partitions.length)
    if (this.channel !== null && this.request !== null) {
      reply(sim, broker, this.channel, this.request, 'NONE', record.ofEpoch)
    }
    broker.coordinator.markers.begin(sim, this.partition, this.transaction)
  }

  protected override failed(sim: Sim, broker: Broker, error: KafkaError): void {
    if (this.channel !== null && this.request !== null) reply(sim, broker, this.channel, this.request, error, -1)
  }
}

function reply(sim: Sim, broker: Broker, channel: RequestChannel, request: EndTxnRequest, error: KafkaError, producerEpoch: number): void {
  answer(sim, broker, channel, request.onAnswer, { request, error, producerId: request.producerId, producerEpoch }, ANSWER_BYTES)
}
