/**
 * Models: a partition leader appends a transaction's first batch only after the coordinator has added the partition;
 *   while the markers of the producer's previous transaction are being written it asks again, every 20 ms for 100 ms.
 * Source: Kafka 4.2 `ReplicaManager#maybeSendPartitionsToTransactionCoordinator`, `AddPartitionsToTxnManager`; KIP-890.
 * Leaves out: the verification guard object: a marker raises the epoch, which refuses a late batch as well.
 */
import { Copyable, eventKind, Timer, type Connection, type EventKind, type Sim, type Unit } from '../../../src/kernel/index.ts'
import type { Broker } from './broker.ts'
import { appendRequest } from './produce.ts'
import type { Batch, KafkaError, ProduceRequest } from './protocol.ts'
import type { AddPartitionsAnswer, AddPartitionsRequest } from './protocol-internal.ts'
import { LEADER } from './replica.ts'
import type { RequestChannel } from './request-channel.ts'
import { addPartitionsRequest } from './requests.ts'
import { settle } from './settle.ts'

const REQUEST_BYTES = 80

/** True when a batch would open a transaction on a partition led here. */
export function needsRegistration(broker: Broker, request: ProduceRequest): boolean {
  for (let i = 0; i < request.batches.length; i++) if (opens(broker, request.batches[i] as Batch)) return true
  return false
}

function opens(broker: Broker, batch: Batch): boolean {
  const replica = broker.replica(batch.partition)
  return replica !== null && replica.role === LEADER && batch.isTransactional &&
    !replica.log.producers.isOpen(batch.producerId, batch.producerEpoch)
}

/** A produce request that waits for the coordinator. */
class Guarded extends Copyable {
  readonly channel: RequestChannel
  readonly request: ProduceRequest
  readonly partitions: readonly number[]
  readonly since: number
  asked: AddPartitionsRequest | null = null
  askedAt = 0
  askAgainAt = Infinity

  constructor(channel: RequestChannel, request: ProduceRequest, partitions: readonly number[], since: number) {
    super()
    this.channel = channel
    this.request = request
    this.partitions = partitions
    this.since = since
  }
}

/** All requests of one broker that wait for coordinators. */
export class TransactionGuard extends Copyable {
  private readonly broker: Broker
  private waiting: Guarded[] = []
  private readonly timer: Timer<Broker, null>

  constructor(broker: Broker) {
    super()
    this.broker = broker
    this.timer = new Timer<Broker, null>(broker, guardDue, null)
  }

  begin(sim: Sim, channel: RequestChannel, request: ProduceRequest, partitions: readonly number[]): void {
    const guarded = new Guarded(channel, request, partitions, sim.now)
    this.waiting.push(guarded)
    this.ask(sim, guarded)
  }

  private ask(sim: Sim, guarded: Guarded): void {
    const { broker } = this
    const { request } = guarded
    guarded.askAgainAt = Infinity
    const coordinator = broker.metadata.leaders[broker.cluster.transactionPartition(request.transactionalId)] as number
    if (coordinator < 0) {
      this.finish(sim, guarded, 'NOT_ENOUGH_REPLICAS')
      return
    }
    const connection = broker.peers.to(sim, coordinator)
    const first = request.batches[0] as Batch
    guarded.asked = {
      connection, client: broker, onAnswer: partitionsAdded as EventKind<Unit, AddPartitionsAnswer>,
      transactionalId: request.transactionalId, producerId: first.producerId, producerEpoch: first.producerEpoch,
      partitions: guarded.partitions,
    }
    guarded.askedAt = sim.now
    connection.send(sim, broker, addPartitionsRequest, guarded.asked, REQUEST_BYTES + 8 * guarded.partitions.length)
    this.timer.setEarlier(sim, sim.now + broker.cluster.config.replicaSocketTimeout)
  }

  answered(sim: Sim, answer: AddPartitionsAnswer): void {
    const guarded = this.waiting.find((known) => known.asked === answer.request)
    if (guarded === undefined) return
    guarded.asked = null
    const { addPartitionsBackoff, addPartitionsBackoffMax } = this.broker.cluster.config
    if (answer.error === 'CONCURRENT_TRANSACTIONS' && sim.now - guarded.since < addPartitionsBackoffMax) {
      guarded.askAgainAt = sim.now + addPartitionsBackoff
      this.timer.setEarlier(sim, guarded.askAgainAt)
      return
    }
    this.finish(sim, guarded, forClient(answer.error))
  }

  /** Back-offs that are over, and coordinators that have been silent for too long. */
  due(sim: Sim): void {
    const patience = this.broker.cluster.config.replicaSocketTimeout
    let next = Infinity
    for (const guarded of [...this.waiting]) {
      if (guarded.askAgainAt <= sim.now) this.ask(sim, guarded)
      else if (guarded.asked !== null && sim.now - guarded.askedAt >= patience) {
        this.broker.peers.giveUp(sim, guarded.asked.connection)
        this.finish(sim, guarded, 'NOT_ENOUGH_REPLICAS')
        continue
      }
      next = Math.min(next, guarded.askAgainAt, guarded.asked === null ? Infinity : guarded.askedAt + patience)
    }
    if (next !== Infinity) this.timer.setEarlier(sim, next)
  }

  linkLost(sim: Sim, connection: Connection): void {
    for (const guarded of [...this.waiting]) {
      if (guarded.asked !== null && guarded.asked.connection === connection) this.finish(sim, guarded, 'NOT_ENOUGH_REPLICAS')
    }
  }

  private finish(sim: Sim, guarded: Guarded, error: KafkaError): void {
    this.waiting.splice(this.waiting.indexOf(guarded), 1)
    const refused: KafkaError[] = []
    for (const batch of guarded.request.batches) refused.push(guarded.partitions.includes(batch.partition) ? error : 'NONE')
    appendRequest(sim, this.broker, guarded.channel, guarded.request, refused)
  }

  clear(): void {
    this.waiting = []
    this.timer.stop()
  }
}

/** The words that a producer understands: a coordinator that moves is a reason to try again. */
function forClient(error: KafkaError): KafkaError {
  if (error === 'PRODUCER_FENCED') return 'INVALID_PRODUCER_EPOCH'
  if (error === 'NOT_COORDINATOR' || error === 'COORDINATOR_LOAD_IN_PROGRESS' || error === 'COORDINATOR_NOT_AVAILABLE') return 'NOT_ENOUGH_REPLICAS'
  return error
}

/** Asks the coordinator to add the partitions that this request would open. */
export function registerPartitions(sim: Sim, broker: Broker, channel: RequestChannel, request: ProduceRequest): void {
  const partitions: number[] = []
  for (const batch of request.batches) if (opens(broker, batch)) partitions.push(batch.partition)
  broker.guard.begin(sim, channel, request, partitions)
}

const partitionsAdded = eventKind<Broker, AddPartitionsAnswer>('kafka.partitions-added', (sim, broker, answer) => {
  broker.guard.answered(sim, answer)
  settle(sim, broker)
})
const guardDue = eventKind<Broker, null>('kafka.transaction-guard-due', (sim, broker) => {
  broker.guard.due(sim)
  settle(sim, broker)
})
