/**
 * Models: a producer with a transactional id: it finds its coordinator, gets an identity that fences older ones, writes
 *   inside a transaction and ends it with EndTxn, whose answer brings the epoch of the next one; after a restart it can
 *   take up a prepared transaction again to commit it; errors of the broker decide what may still be done.
 * Source: Kafka 4.2 TransactionManager, KafkaProducer; transaction-protocol.md (transaction.version=2); reference 2.10;
 *   the taking up of a transaction: Flink's FlinkKafkaInternalProducer#resumeTransaction.
 * Leaves out: offsets in transactions, AddPartitionsToTxn by the client (transaction.version 0 and 1), KIP-939.
 */
import { invariant, type Death, type EventKind, type Sim, type Unit } from '../../../src/kernel/index.ts'
import type { World } from '../../../src/contract/architecture.ts'
import type { PartitionQueue, QueuedBatch } from './accumulator.ts'
import type { Bootstrap } from './bootstrap.ts'
import { batchAborted, clientFenced, producerAborted } from './client-causes.ts'
import type { ProducerConfig, ProducerError } from './client-config.ts'
import { ASKS_COORDINATOR, ASKS_TRANSACTION, type Link, type Pending } from './client-connection.ts'
import { CoordinatorClient, meaningOf } from './coordinator-client.ts'
import { resolve, type ProducerIdentity } from './idempotence.ts'
import { dropAll, finish } from './produce-outcome.ts'
import { KafkaProducer } from './producer.ts'
import type { EndTxnAnswer, FindCoordinatorAnswer, InitProducerIdAnswer, KafkaError } from './protocol.ts'

/**
 * How an operation ended. `timeout`: max.block.ms passed, the same call may be repeated. `fenced`: another holds the id.
 * `invalid-state`: the transaction is not open any more. `broken`: a record was given up, so it can only be aborted.
 */
export type TransactionOutcome =
  'ok' | 'timeout' | 'fenced' | 'invalid-state' | 'invalid-timeout' | 'unknown-producer' | 'broken'

const INIT = 0
const COMMIT = 1
const ABORT = 2

interface Operation {
  readonly type: number
  readonly deadline: number
  readonly unit: Unit
  readonly kind: EventKind<Unit, unknown>
  readonly payload: unknown
}

export class TransactionalProducer extends KafkaProducer {
  /** `none`: no identity. `broken`: only abort is left. `ended`: of no use until the next initTransactions. */
  state: 'none' | 'ready' | 'open' | 'ending' | 'broken' | 'ended' = 'none'
  /** Of the operation that ended last; read it in the event that the operation named. */
  outcome: TransactionOutcome = 'ok'
  /** True when the open transaction has records, so that the coordinator may know of it. */
  hasRecords = false
  private readonly line: ProducerIdentity
  private operation: Operation | null = null
  /** Answer to an operation that had timed out before. */
  private late: TransactionOutcome | null = null
  private readonly coordinator = new CoordinatorClient()

  constructor(sim: Sim, world: World, parent: Unit, cluster: Bootstrap, config: ProducerConfig, name: string) {
    super(sim, world, parent, cluster, config, name)
    invariant(this.identity !== null, 'kafka.transactions-need-idempotence', name)
    this.line = this.identity
  }

  /** Gets an identity for a transactional id (its number); whatever ran under it before is fenced and aborted. */
  initTransactions<U extends Unit, P>(sim: Sim, transactionalId: number, unit: U, kind: EventKind<U, P>, payload: P): void {
    this.take(transactionalId)
    this.begins(sim, INIT, unit, kind, payload)
  }

  /** Takes up an open transaction of an earlier process, to end it. */
  resume(sim: Sim, transactionalId: number, producerId: number, producerEpoch: number): void {
    this.take(transactionalId)
    this.line.set(producerId, producerEpoch)
    this.state = 'open'
    this.hasRecords = true
    this.open(sim)
  }

  /** Begins a transaction; nothing is said to any broker. */
  begin(): void {
    invariant(this.state === 'ready', 'kafka.transaction-begin', `${this.name} is ${this.state}`)
    this.state = 'open'
    this.hasRecords = false
  }

  override send(sim: Sim, partition: number, lane: number, first: number, count: number, copy: number): void {
    if (this.state !== 'open' && this.state !== 'broken') invariant(false, 'kafka.transaction-send', `${this.name} is ${this.state}`)
    this.hasRecords = true
    super.send(sim, partition, lane, first, count, copy)
  }

  /** Flushes, then commits. Repeat the call after `timeout`. */
  commit<U extends Unit, P>(sim: Sim, unit: U, kind: EventKind<U, P>, payload: P): void {
    if (this.state === 'open') this.state = 'ending'
    this.begins(sim, COMMIT, unit, kind, payload)
  }

  /** Throws away what has not been sent, then aborts. */
  abort<U extends Unit, P>(sim: Sim, unit: U, kind: EventKind<U, P>, payload: P): void {
    this.dropUnsent(sim)
    if (this.state === 'open' || this.state === 'broken') this.state = 'ending'
    this.begins(sim, ABORT, unit, kind, payload)
  }

  get producerId(): number {
    return this.line.producerId
  }

  get producerEpoch(): number {
    return this.line.producerEpoch
  }

  override get isFlushing(): boolean {
    return this.operation !== null || super.isFlushing
  }

  override maySend(): boolean {
    return this.line.isValid && (this.state === 'open' || this.state === 'ending')
  }

  override gaveUp(sim: Sim, reason: ProducerError['reason'], partition: number): void {
    if (this.state === 'open' || this.state === 'ending') this.state = 'broken'
    if (reason === 'fenced') sim.fact(clientFenced, this, this.producerId, this.producerEpoch)
    super.gaveUp(sim, reason, partition)
  }

  override died(sim: Sim, how: Death): void {
    super.died(sim, how)
    this.transactionalId = -1
    this.coordinator.forget()
    this.state = 'none'
    this.hasRecords = false
    this.operation = null
    this.late = null
  }

  protected override serve(sim: Sim): void {
    super.serve(sim)
    this.drive(sim)
  }

  /** Identities come from the coordinator only; a hole in a sequence leaves nothing but to abort. */
  protected override keepIdentity(_sim: Sim, identity: ProducerIdentity): void {
    if (!identity.isValid || !resolve(identity, this.accumulator.active)) return
    identity.restarting.length = 0
    if (this.state === 'open' || this.state === 'ending') this.state = 'broken'
  }

  protected override lost(sim: Sim, link: Link, pending: Pending): void {
    super.lost(sim, link, pending)
    if (pending.asks === ASKS_COORDINATOR || pending.asks === ASKS_TRANSACTION) this.coordinator.retry(sim, this, true)
  }

  protected override linkDropped(sim: Sim, link: Link): void {
    super.linkDropped(sim, link)
    if (link.broker === this.coordinator.broker) this.coordinator.retry(sim, this, true)
  }

  coordinatorFound(sim: Sim, answer: FindCoordinatorAnswer): void {
    if (this.settle(answer.request.connection, answer.request) === null) return
    this.coordinator.isAsking = false
    if (answer.request.transactionalId === this.transactionalId) {
      if (answer.error === 'NONE') this.coordinator.broker = answer.broker
      else this.coordinator.retry(sim, this, true)
    }
    this.work(sim)
  }

  initAnswered(sim: Sim, answer: InitProducerIdAnswer): void {
    if (this.settle(answer.request.connection, answer.request) === null) return
    this.coordinator.isAsking = false
    if (answer.request.transactionalId === this.transactionalId && this.isAnswerTo(INIT)) {
      if (answer.error === 'NONE') {
        this.line.set(answer.producerId, answer.producerEpoch)
        this.state = 'ready'
        this.done(sim, 'ok')
      } else this.refused(sim, answer.error)
    }
    this.work(sim)
  }

  endAnswered(sim: Sim, answer: EndTxnAnswer): void {
    if (this.settle(answer.request.connection, answer.request) === null) return
    this.coordinator.isAsking = false
    if (answer.request.transactionalId === this.transactionalId && this.isAnswerTo(answer.request.commit ? COMMIT : ABORT)) {
      if (answer.error === 'NONE') {
        this.line.set(answer.producerId, answer.producerEpoch)
        this.state = 'ready'
        this.hasRecords = false
        this.forgetError()
        this.done(sim, 'ok')
      } else this.refused(sim, answer.error)
    }
    this.work(sim)
  }

  /** False for the late answer to an operation that another kind of operation has followed. */
  private isAnswerTo(type: number): boolean {
    return this.operation === null || this.operation.type === type
  }

  private take(transactionalId: number): void {
    invariant(this.operation === null, 'kafka.transaction-two-operations', this.name)
    if (transactionalId !== this.transactionalId) this.coordinator.broker = -1
    this.coordinator.rest()
    this.transactionalId = transactionalId
    this.line.set(-1, -1)
    this.state = 'none'
    this.hasRecords = false
    this.late = null
    this.forgetError()
    const { active } = this.accumulator
    for (let i = 0; i < active.length; i++) (active[i] as PartitionQueue).isUnresolved = false
    this.line.unresolved = 0
  }

  private begins<U extends Unit, P>(sim: Sim, type: number, unit: U, kind: EventKind<U, P>, payload: P): void {
    invariant(this.operation === null, 'kafka.transaction-two-operations', this.name)
    this.operation = {
      type, deadline: sim.now + this.config.maxBlock, unit, kind: kind as unknown as EventKind<Unit, unknown>, payload,
    }
    if (this.late !== null) this.done(sim, this.late)
    this.open(sim)
    this.wakeEarlier(sim, sim.now)
  }

  /** Takes the next step of the operation, if one can be taken. */
  private drive(sim: Sim): void {
    const { operation } = this
    if (operation === null) return
    if (sim.now >= operation.deadline) {
      this.done(sim, 'timeout')
      return
    }
    this.wakeBy(operation.deadline)
    if (operation.type !== INIT && !this.isReadyToEnd(sim, operation.type)) return
    const link = this.coordinator.link(sim, this)
    if (link === null) return
    if (operation.type === INIT) this.coordinator.askForIdentity(sim, this, link)
    else this.coordinator.askToEnd(sim, this, link, operation.type === COMMIT)
  }

  /** True when EndTxn is the next step: everything sent is answered, and there is something to end. */
  private isReadyToEnd(sim: Sim, type: number): boolean {
    if (this.state === 'broken' && type === COMMIT) this.done(sim, 'broken')
    else if (this.state === 'ended') this.done(sim, this.outcome)
    else if (this.accumulator.incomplete > 0 || this.accumulator.hasWaiting) return false
    else if (!this.hasRecords) {
      this.state = 'ready'
      this.done(sim, 'ok')
    } else return true
    return false
  }

  private refused(sim: Sim, error: KafkaError): void {
    const meaning = meaningOf(error)
    if (meaning === 'again' || meaning === 'look-up') {
      this.coordinator.retry(sim, this, meaning === 'look-up')
      return
    }
    if (meaning === 'fenced') sim.fact(clientFenced, this, this.producerId, this.producerEpoch)
    this.state = 'ended'
    this.done(sim, meaning)
  }

  private done(sim: Sim, outcome: TransactionOutcome): void {
    const { operation } = this
    this.coordinator.rest()
    if (operation === null) {
      this.late = outcome
      return
    }
    this.late = null
    this.outcome = outcome
    this.operation = null
    sim.schedule(sim.now, operation.unit, operation.kind, operation.payload)
  }

  /** What waits in memory without a sequence is thrown away; what the broker may know of runs to its end. */
  private dropUnsent(sim: Sim): void {
    const { accumulator, world } = this
    while (accumulator.hasWaiting) {
      accumulator.refuseFirst((lane, first, count) => world.outside.dropped(producerAborted, lane, first, count))
    }
    for (let i = 0; i < accumulator.active.length; i++) {
      const { queue } = accumulator.active[i] as PartitionQueue
      for (let k = queue.length - 1; k >= 0; k--) {
        const batch = queue[k] as QueuedBatch
        if (batch.baseSequence >= 0) continue
        queue.splice(k, 1)
        sim.fact(batchAborted, this, batch.partition, batch.records)
        dropAll(this, batch, producerAborted)
        finish(sim, this, batch, 'failed')
        accumulator.free(batch)
      }
    }
  }
}
