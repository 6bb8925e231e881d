/**
 * Models: how a transactional producer talks to its coordinator: any broker says who it is, one request at a time goes
 *   to it, and errors and lost connections lead to another try or another look-up after the retry back-off.
 * Source: Kafka 4.2 TransactionManager (TxnRequestHandler, FindCoordinatorHandler, InitProducerIdHandler, EndTxnHandler).
 * Leaves out: priorities among several requests; there is one.
 */
import { Copyable, eventKind, type Sim, type Unit } from '../../../src/kernel/index.ts'
import { ASKS_COORDINATOR, ASKS_TRANSACTION, type Link } from './client-connection.ts'
import type {
  EndTxnAnswer, EndTxnRequest, FindCoordinatorAnswer, FindCoordinatorRequest, InitProducerIdAnswer,
  InitProducerIdRequest, KafkaError,
} from './protocol.ts'
import type { TransactionalProducer, TransactionOutcome } from './transactional-producer.ts'

const REQUEST_BYTES = 60

/** What one producer knows of its coordinator. */
export class CoordinatorClient extends Copyable {
  /** Broker number, -1 unknown. */
  broker = -1
  isAsking = false
  private nextAskAt = 0
  private failures = 0

  /** Nothing is known, and nothing is waited for any more. */
  forget(): void {
    this.broker = -1
    this.isAsking = false
    this.rest()
  }

  /** The next request goes out without back-off. */
  rest(): void {
    this.nextAskAt = 0
    this.failures = 0
  }

  /** Another try after the back-off, at the same broker or at whoever coordinates then. */
  retry(sim: Sim, producer: TransactionalProducer, isBrokerUnknown: boolean): void {
    const { retryBackoff, retryBackoffMax } = producer.config
    this.isAsking = false
    if (isBrokerUnknown) this.broker = -1
    this.nextAskAt = sim.now + producer.backOff(retryBackoff, retryBackoffMax, this.failures++)
  }

  /** A link that can carry a request to the coordinator now; asks and connects until there is one. */
  link(sim: Sim, producer: TransactionalProducer): Link | null {
    if (this.isAsking) return null
    if (sim.now < this.nextAskAt) {
      producer.wakeBy(this.nextAskAt)
      return null
    }
    if (this.broker < 0) {
      this.find(sim, producer)
      return null
    }
    const link = producer.linkTo(this.broker)
    return link !== null && producer.isReady(sim, link) && link.connection !== null ? link : null
  }

  askForIdentity(sim: Sim, producer: TransactionalProducer, link: Link): void {
    const { connection } = link
    if (connection === null) return
    const request: InitProducerIdRequest = {
      connection, client: producer, onAnswer: initAnswered, transactionalId: producer.transactionalId,
      timeoutNanos: producer.config.transactionTimeout,
    }
    connection.send(sim, producer, producer.cluster.requests.initProducerId, request, REQUEST_BYTES)
    producer.await(sim, link, ASKS_TRANSACTION, request)
    this.isAsking = true
  }

  askToEnd(sim: Sim, producer: TransactionalProducer, link: Link, commit: boolean): void {
    const { connection } = link
    if (connection === null) return
    const request: EndTxnRequest = {
      connection, client: producer, onAnswer: endAnswered, transactionalId: producer.transactionalId,
      producerId: producer.producerId, producerEpoch: producer.producerEpoch, commit,
    }
    connection.send(sim, producer, producer.cluster.requests.endTxn, request, REQUEST_BYTES)
    producer.await(sim, link, ASKS_TRANSACTION, request)
    this.isAsking = true
  }

  private find(sim: Sim, producer: TransactionalProducer): void {
    const link = producer.leastLoaded(sim)
    if (link === null || link.connection === null) return
    const request: FindCoordinatorRequest = {
      connection: link.connection, client: producer, onAnswer: coordinatorFound, transactionalId: producer.transactionalId,
    }
    link.connection.send(sim, producer, producer.cluster.requests.findCoordinator, request, REQUEST_BYTES)
    producer.await(sim, link, ASKS_COORDINATOR, request)
    this.isAsking = true
  }
}

/** What an error of the coordinator means: try again here, look for another coordinator, or the end. */
export function meaningOf(error: KafkaError): 'again' | 'look-up' | TransactionOutcome {
  switch (error) {
    case 'COORDINATOR_NOT_AVAILABLE': case 'NOT_COORDINATOR':
      return 'look-up'
    case 'COORDINATOR_LOAD_IN_PROGRESS': case 'CONCURRENT_TRANSACTIONS': case 'REQUEST_TIMED_OUT':
    case 'NOT_ENOUGH_REPLICAS': case 'NOT_ENOUGH_REPLICAS_AFTER_APPEND':
      return 'again'
    case 'INVALID_PRODUCER_EPOCH': case 'PRODUCER_FENCED':
      return 'fenced'
    case 'INVALID_TRANSACTION_TIMEOUT':
      return 'invalid-timeout'
    case 'UNKNOWN_PRODUCER_ID':
      return 'unknown-producer'
    default:
      return 'invalid-state'
  }
}

const coordinatorFound = eventKind<Unit, FindCoordinatorAnswer>('kafka.client-coordinator', (sim, unit, answer) => {
  // The request carried the producer itself, and answers are handled on what it carried.
  ;(unit as TransactionalProducer).coordinatorFound(sim, answer)
})
const initAnswered = eventKind<Unit, InitProducerIdAnswer>('kafka.client-transactions-ready', (sim, unit, answer) => {
  // As above.
  ;(unit as TransactionalProducer).initAnswered(sim, answer)
})
const endAnswered = eventKind<Unit, EndTxnAnswer>('kafka.client-transaction-ended', (sim, unit, answer) => {
  // As above.
  ;(unit as TransactionalProducer).endAnswered(sim, answer)
})
