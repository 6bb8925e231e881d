/**
 * Models: after a decision the coordinator tells every partition's leader to write a marker, again and again until all
 *   have, and then writes that the transaction is complete.
 * Source: Kafka 4.2 `TransactionMarkerChannelManager`; retry pause 100 ms assumed.
 * Leaves out: markers for one broker are not joined into one request.
 */
import { Copyable, eventKind, Timer, type Connection, type EventKind, type Sim, type Unit } from '../../../src/kernel/index.ts'
import type { Broker } from './broker.ts'
import { transactionAborted, transactionCommitted } from './facts.ts'
import type { KafkaError } from './protocol.ts'
import type { WriteMarkersAnswer, WriteMarkersRequest } from './protocol-internal.ts'
import { writeMarkersRequest } from './requests.ts'
import { settle } from './settle.ts'
import { recordOf, StateChange, writeChange } from './state-change.ts'
import type { CoordinatorPartition } from './transaction-coordinator.ts'
import { COMPLETE_ABORT, COMPLETE_COMMIT, PREPARE_COMMIT, type Transaction } from './transaction-log.ts'

const RETRY = 100e6
const REQUEST_BYTES = 80

/** One request to one leader that has no answer yet. */
class Sent extends Copyable {
  readonly request: WriteMarkersRequest
  readonly sentAt: number

  constructor(request: WriteMarkersRequest, sentAt: number) {
    super()
    this.request = request
    this.sentAt = sentAt
  }
}

/** The markers of one transaction. */
class MarkerTask extends Copyable {
  readonly partition: CoordinatorPartition
  readonly transaction: Transaction
  readonly producerEpoch: number
  readonly commit: boolean
  /** Not written, and not asked for. */
  unsent: number[]
  sent: Sent[] = []
  isCompleting = false

  constructor(partition: CoordinatorPartition, transaction: Transaction) {
    super()
    this.partition = partition
    this.transaction = transaction
    this.producerEpoch = transaction.epoch
    this.commit = transaction.state === PREPARE_COMMIT
    this.unsent = [...transaction.partitions]
  }
}

/** All decided transactions of one coordinating broker. */
export class MarkerSender extends Copyable {
  private readonly broker: Broker
  private tasks: MarkerTask[] = []
  private readonly timer: Timer<Broker, null>

  constructor(broker: Broker) {
    super()
    this.broker = broker
    this.timer = new Timer<Broker, null>(broker, markersDue, null)
  }

  begin(sim: Sim, partition: CoordinatorPartition, transaction: Transaction): void {
    const task = new MarkerTask(partition, transaction)
    this.tasks.push(task)
    this.advance(sim, task)
  }

  /** Sends what can be sent, or completes the transaction; comes back later for the rest. */
  private advance(sim: Sim, task: MarkerTask): void {
    const { broker } = this
    const waiting: number[] = []
    for (let leader = 0; leader < broker.cluster.brokers.length; leader++) {
      const partitions = task.unsent.filter((partition) => broker.metadata.leaders[partition] === leader)
      if (partitions.length > 0) this.send(sim, task, leader, partitions)
    }
    for (const partition of task.unsent) if (broker.metadata.leaders[partition] === -1) waiting.push(partition)
    task.unsent = waiting
    if (waiting.length > 0 || task.sent.length > 0) this.timer.setEarlier(sim, sim.now + (waiting.length > 0 ? RETRY : this.patience()))
    else this.complete(sim, task)
  }

  private patience(): number {
    return this.broker.cluster.config.replicaSocketTimeout
  }

  private send(sim: Sim, task: MarkerTask, leader: number, partitions: readonly number[]): void {
    const { broker } = this
    const connection = broker.peers.to(sim, leader)
    const request: WriteMarkersRequest = {
      connection, client: broker, onAnswer: markersWritten as EventKind<Unit, WriteMarkersAnswer>,
      transactionalId: task.transaction.transactionalId, producerId: task.transaction.producerId,
      producerEpoch: task.producerEpoch, coordinatorEpoch: task.partition.epoch, commit: task.commit, partitions,
    }
    task.sent.push(new Sent(request, sim.now))
    connection.send(sim, broker, writeMarkersRequest, request, REQUEST_BYTES + 8 * partitions.length)
  }

  private complete(sim: Sim, task: MarkerTask): void {
    const { transaction } = task
    if (task.isCompleting || transaction.isChanging) return
    task.isCompleting = true
    const record = recordOf(
      task.partition, transaction, transaction.producerId, transaction.epoch, task.commit ? COMPLETE_COMMIT : COMPLETE_ABORT,
      [], -1, transaction.timeout,
    )
    writeChange(sim, this.broker, new CompleteChange(task.partition, transaction, record, sim.now + transaction.timeout))
  }

  /** The completion is replicated, or is to be written again later. */
  completed(sim: Sim, transaction: Transaction, isWritten: boolean): void {
    const task = this.tasks.find((known) => known.transaction === transaction)
    if (task === undefined) return
    if (isWritten) {
      this.tasks.splice(this.tasks.indexOf(task), 1)
      sim.fact(task.commit ? transactionCommitted : transactionAborted, this.broker, transaction.producerId, task.producerEpoch - 1)
      return
    }
    task.isCompleting = false
    this.timer.setEarlier(sim, sim.now + RETRY)
  }

  answered(sim: Sim, answer: WriteMarkersAnswer): void {
    for (const task of this.tasks) {
      const index = task.sent.findIndex((sent) => sent.request === answer.request)
      if (index < 0) continue
      task.sent.splice(index, 1)
      let hasFailed = false
      for (let i = 0; i < answer.errors.length; i++) {
        // A later coordinator has taken over: it writes the markers. An older epoch can never be written.
        const error = answer.errors[i] as KafkaError
        if (error === 'NONE' || error === 'NOT_COORDINATOR' || error === 'INVALID_PRODUCER_EPOCH') continue
        task.unsent.push(answer.request.partitions[i] as number)
        hasFailed = true
      }
      if (hasFailed) this.timer.setEarlier(sim, sim.now + RETRY)
      else if (task.unsent.length === 0 && task.sent.length === 0) this.complete(sim, task)
      return
    }
  }

  /** Everything that waits is tried again; what has been silent for too long is given up first. */
  due(sim: Sim): void {
    for (const task of [...this.tasks]) {
      for (const sent of [...task.sent]) {
        if (sim.now - sent.sentAt < this.patience()) continue
        this.broker.peers.giveUp(sim, sent.request.connection)
        this.putBack(task, sent)
      }
      this.advance(sim, task)
    }
  }

  /** A connection to a leader is gone: what was asked on it is asked again. */
  linkLost(sim: Sim, connection: Connection): void {
    for (const task of this.tasks) {
      for (const sent of [...task.sent]) {
        if (sent.request.connection !== connection) continue
        this.putBack(task, sent)
        this.timer.setEarlier(sim, sim.now + RETRY)
      }
    }
  }

  private putBack(task: MarkerTask, sent: Sent): void {
    task.sent.splice(task.sent.indexOf(sent), 1)
    for (const partition of sent.request.partitions) task.unsent.push(partition)
  }

  /** This broker no longer coordinates that partition. */
  drop(partition: CoordinatorPartition): void {
    this.tasks = this.tasks.filter((task) => task.partition !== partition)
  }

  clear(): void {
    this.tasks = []
    this.timer.stop()
  }
}

/** That all markers are written is being written. */
class CompleteChange extends StateChange {
  protected override succeeded(sim: Sim, broker: Broker): void {
    broker.coordinator.markers.completed(sim, this.transaction, true)
  }

  protected override failed(sim: Sim, broker: Broker, _error: KafkaError): void {
    broker.coordinator.markers.completed(sim, this.transaction, false)
  }
}

const markersWritten = eventKind<Broker, WriteMarkersAnswer>('kafka.markers-written', (sim, broker, answer) => {
  broker.coordinator.markers.answered(sim, answer)
  settle(sim, broker)
})
const markersDue = eventKind<Broker, null>('kafka.markers-due', (sim, broker) => {
  broker.coordinator.markers.due(sim)
  settle(sim, broker)
})
