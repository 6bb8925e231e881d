/**
 * Models: the coordinator of transactional ids: the broker that leads their partition of the log of transaction states.
 *   Every change of state counts when its record is replicated; a new leader reads the log and goes on with what was
 *   decided; transactions that are open for too long are aborted.
 * Source: Kafka 4.2 `TransactionCoordinator`, `TransactionStateManager`, transaction.version=2 (KIP-890).
 * Leaves out: producer ids come from one counter instead of blocks given by the controller; ids do not expire.
 */
import { Copyable, eventKind, Timer, type Connection, type Sim } from '../../../src/kernel/index.ts'
import type { Broker } from './broker.ts'
import { coordinatorLoaded, transactionTimedOut } from './facts.ts'
import type { KafkaError } from './protocol.ts'
import type { Replica } from './replica.ts'
import { MarkerSender } from './marker-sender.ts'
import { beginAbort } from './end-transaction.ts'
import { ONGOING, PREPARE_ABORT, PREPARE_COMMIT, Transaction, TransactionRecord } from './transaction-log.ts'
import { settle } from './settle.ts'

/** One partition of transaction states while this broker leads it. */
export class CoordinatorPartition extends Copyable {
  readonly replica: Replica
  /** Leader epoch of the state partition: a later coordinator's markers win. */
  readonly epoch: number
  isLoading = true
  /** By transactional id. */
  readonly transactions: (Transaction | undefined)[] = []

  constructor(replica: Replica, epoch: number) {
    super()
    this.replica = replica
    this.epoch = epoch
  }

  transaction(id: number): Transaction | undefined {
    return this.transactions[id]
  }

  create(id: number): Transaction {
    while (this.transactions.length <= id) this.transactions.push(undefined)
    const made = new Transaction(id)
    this.transactions[id] = made
    return made
  }
}

/** All partitions of states that a broker leads. */
export class TransactionCoordinator extends Copyable {
  readonly broker: Broker
  /** By partition. */
  private readonly partitions: (CoordinatorPartition | null)[] = []
  readonly markers: MarkerSender
  private readonly scanTimer: Timer<Broker, null>
  /** Why `find` found nothing. */
  error: KafkaError = 'NONE'

  constructor(broker: Broker) {
    super()
    this.broker = broker
    this.markers = new MarkerSender(broker)
    this.scanTimer = new Timer<Broker, null>(broker, scanDue, null)
  }

  /** The state partition of a transactional id if this broker coordinates it now; else null and `error`. */
  find(transactionalId: number): CoordinatorPartition | null {
    const partition = this.partitions[this.broker.cluster.transactionPartition(transactionalId)] ?? null
    this.error = partition === null ? 'NOT_COORDINATOR' : partition.isLoading ? 'COORDINATOR_LOAD_IN_PROGRESS' : 'NONE'
    return this.error === 'NONE' ? partition : null
  }

  /** True while this broker still coordinates with the same epoch. */
  holds(partition: CoordinatorPartition): boolean {
    return this.partitions[partition.replica.partition] === partition
  }

  /** This broker leads a state partition from now on: it reads the log first. */
  elect(sim: Sim, replica: Replica): void {
    while (this.partitions.length <= replica.partition) this.partitions.push(null)
    const partition = new CoordinatorPartition(replica, replica.leaderEpoch)
    this.partitions[replica.partition] = partition
    if (!this.scanTimer.isSet()) this.scanTimer.set(sim, sim.now + this.broker.cluster.config.transactionScanInterval)
    if (replica.log.end === 0) partition.isLoading = false
    else sim.after(this.broker.cluster.config.coordinatorLoad, this.broker, loadDone, partition)
  }

  /** The log has been read: what was decided and not completed is completed now. */
  loaded(sim: Sim, partition: CoordinatorPartition): void {
    if (!this.holds(partition)) return
    partition.replica.log.forEachBatch(0, (batch) => {
      if (!(batch instanceof TransactionRecord)) return
      const known = partition.transaction(batch.transactionalId) ?? partition.create(batch.transactionalId)
      known.apply(batch)
    })
    partition.isLoading = false
    sim.fact(coordinatorLoaded, this.broker, partition.replica.partition)
    for (const transaction of partition.transactions) {
      if (transaction === undefined) continue
      if (transaction.state === PREPARE_COMMIT || transaction.state === PREPARE_ABORT) this.markers.begin(sim, partition, transaction)
    }
  }

  /** Another broker leads the state partition. */
  resign(_sim: Sim, partition: number): void {
    const known = this.partitions[partition] ?? null
    if (known === null) return
    this.partitions[partition] = null
    this.markers.drop(known)
  }

  /** Aborts what has been open for longer than its time-out. */
  scan(sim: Sim): void {
    this.scanTimer.set(sim, sim.now + this.broker.cluster.config.transactionScanInterval)
    for (let p = 0; p < this.partitions.length; p++) {
      const partition = this.partitions[p]
      if (partition === null || partition === undefined || partition.isLoading) continue
      for (const transaction of partition.transactions) {
        if (transaction === undefined || transaction.state !== ONGOING || transaction.isChanging) continue
        const age = sim.now - transaction.startedAt
        if (age <= transaction.timeout) continue
        sim.fact(transactionTimedOut, this.broker, transaction.producerId, transaction.epoch, age)
        beginAbort(sim, this.broker, partition, transaction)
      }
    }
  }

  linkLost(sim: Sim, connection: Connection): void {
    this.markers.linkLost(sim, connection)
  }

  clear(): void {
    this.partitions.length = 0
    this.markers.clear()
    this.scanTimer.stop()
  }
}

const scanDue = eventKind<Broker, null>('kafka.transaction-scan', (sim, broker) => {
  broker.coordinator.scan(sim)
  settle(sim, broker)
})
const loadDone = eventKind<Broker, CoordinatorPartition>('kafka.coordinator-load', (sim, broker, partition) => {
  broker.coordinator.loaded(sim, partition)
  settle(sim, broker)
})
