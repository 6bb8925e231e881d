/**
 * Models: KafkaSink's exactly-once writer: one open Kafka transaction per subtask and checkpoint; at the barrier it is
 *   flushed and put into the checkpoint (Kafka hears nothing), and the next one begins under the next id; a restored
 *   writer first commits what the checkpoint holds, then probes the ids behind it until one was never used, which
 *   aborts what an earlier execution left open.
 * Source: flink-connector-kafka `KafkaSink`; flink-connector-kafka ExactlyOnceKafkaWriter, TransactionAbortStrategyImpl (PROBING,
 *   the default with INCREMENTING names).
 * Leaves out: POOLING names, rescaling (ids of other subtasks are not probed), two jobs under one prefix.
 */
import { empty, eventKind, invariant, type Sim } from '../../../src/kernel/index.ts'
import type { HoldingVisitor } from '../../../src/contract/architecture.ts'
import { pushSlice, type Slices } from '../../../src/contract/slice.ts'
import { TransactionalProducer, type Bootstrap, type KeyPartitioner, type ProducerConfig, type Writer } from '../kafka/index.ts'
import { Committable } from './checkpoint.ts'
import { Committer, type CommitterOwner } from './committer.ts'
import { sinkFailed, transactionPrepared } from './facts.ts'
import type { SinkWriter } from './connectors.ts'
import type { OperatorTask } from './operator-task.ts'
import { hopOfSlices } from '../../../src/contract/hop.ts'
import { prepared } from './hops.ts'

export class TransactionalKafkaWriter implements SinkWriter, CommitterOwner {
  readonly task: OperatorTask
  private readonly cluster: Bootstrap
  private readonly config: ProducerConfig
  private readonly partitioner: KeyPartitioner
  private readonly committer: Committer
  private readonly writer: Writer = { replaced: false }
  /** Producers that hold a prepared transaction, in the order of `committer.pending`. */
  private readonly holders: TransactionalProducer[] = []
  private readonly free: TransactionalProducer[] = []
  private current: TransactionalProducer | null = null
  private made = 0
  /** What the open transaction holds: a shadow for causes and holdings. */
  private readonly slices: Slices = []
  private records = 0
  private begunAt = Infinity
  private readonly heldSince: number[] = []
  private isOpening = true
  /** Checkpoint that the transaction being begun belongs to. */
  private checkpoint = 0
  private committing = 0

  constructor(
    task: OperatorTask, cluster: Bootstrap, config: ProducerConfig, partitioner: KeyPartitioner, retriesMax: number,
  ) {
    this.task = task
    this.cluster = cluster
    this.config = config
    this.partitioner = partitioner
    this.committer = new Committer(this, retriesMax)
  }

  open(sim: Sim, checkpoint: number, committables: readonly Committable[]): void {
    if (!this.config.idempotent) {
      // The client refuses transactions without idempotence: ConfigException.
      this.fail(sim)
      return
    }
    this.checkpoint = checkpoint + 1
    for (const one of committables) {
      if (one.failed) continue
      this.committer.add(one)
      this.holders.push(this.take(sim))
      this.heldSince.push(sim.now)
    }
    this.committer.commit(sim, checkpoint)
  }

  producerOf(sim: Sim, committable: Committable): TransactionalProducer {
    const producer = this.holders[0]
    if (producer === undefined) invariant(false, 'flink.committable-without-producer')
    if (producer.state === 'none') {
      producer.resume(sim, committable.transactionalId, committable.producerId, committable.producerEpoch)
    }
    return producer
  }

  release(producer: TransactionalProducer): void {
    invariant(this.holders[0] === producer, 'flink.release-in-order')
    this.holders.shift()
    this.heldSince.shift()
    this.free.push(producer)
  }

  commitsDone(sim: Sim): void {
    if (!this.isOpening) {
      this.task.sinkCommitted(sim, this.committing)
      return
    }
    this.current = this.take(sim)
    this.probe(sim, this.checkpoint)
  }

  /** Takes the id of a checkpoint away from whoever has it. */
  private probe(sim: Sim, checkpoint: number): void {
    const producer = this.current as TransactionalProducer
    producer.initTransactions(sim, this.idOf(checkpoint), this.task, probed, checkpoint)
  }

  /** An id that was used before may not be the last; one that never was ends the search. */
  probed(sim: Sim, checkpoint: number): void {
    const producer = this.current
    if (producer === null || !this.task.alive || this.isRefused(sim, producer)) return
    if (producer.producerEpoch > 0) this.probe(sim, checkpoint + 1)
    else this.begin(sim, producer)
  }

  /** The next transaction, under the id of the checkpoint that will contain it. */
  private begin(sim: Sim, producer: TransactionalProducer): void {
    this.current = producer
    producer.initTransactions(sim, this.idOf(this.checkpoint), this.task, begun, null)
  }

  begun(sim: Sim): void {
    const producer = this.current
    if (producer === null || !this.task.alive || this.isRefused(sim, producer)) return
    producer.begin()
    this.begunAt = Infinity
    if (this.isOpening) {
      this.isOpening = false
      this.task.sinkReady(sim)
    } else {
      this.task.sinkPrepared(sim)
    }
  }

  private isRefused(sim: Sim, producer: TransactionalProducer): boolean {
    if (producer.outcome === 'ok') return false
    if (producer.outcome === 'invalid-timeout') this.task.job.outage.transactionsRefused(sim, this.task)
    this.fail(sim)
    return true
  }

  private fail(sim: Sim): void {
    sim.fact(sinkFailed, this.task, this.task.subtask)
    this.task.sinkFailed(sim)
  }

  write(sim: Sim, key: number, lane: number, index: number, copy: number): void {
    if (this.records === 0) this.begunAt = sim.now
    this.records++
    pushSlice(this.slices, lane, index, 1, copy)
    ;(this.current as TransactionalProducer).send(sim, this.partitioner.partitionOf(key), lane, index, 1, copy)
  }

  isWritable(): boolean {
    return !(this.current as TransactionalProducer).isBlocked
  }

  prepare(sim: Sim, checkpoint: number): void {
    (this.current as TransactionalProducer).flush(sim, this.task, flushed, checkpoint)
  }

  /** Everything is with the broker: the transaction goes into the checkpoint, another one is begun. */
  flushed(sim: Sim, checkpoint: number): void {
    const producer = this.current as TransactionalProducer
    if (!this.task.isRunning) return
    if (producer.state !== 'open') {
      this.fail(sim)
      return
    }
    this.checkpoint = checkpoint + 1
    if (this.records === 0) {
      this.begin(sim, producer)
      return
    }
    this.committer.add(new Committable(
      checkpoint, this.task.subtask, producer.transactionalId, producer.producerId, producer.producerEpoch, this.slices.slice(), this.records,
    ))
    if (sim.tracer !== null) hopOfSlices(sim, prepared, this.task, this.slices, checkpoint)
    sim.fact(transactionPrepared, this.task, checkpoint, this.records, this.task.subtask)
    this.holders.push(producer)
    this.heldSince.push(this.begunAt)
    // The list is as long each time: it keeps its memory.
    empty(this.slices)
    this.records = 0
    this.begin(sim, this.take(sim))
  }

  committables(): readonly Committable[] {
    return this.committer.pending
  }

  commit(sim: Sim, checkpoint: number): void {
    this.committing = checkpoint
    this.committer.commit(sim, checkpoint)
  }

  markReplaced(): void {
    this.writer.replaced = true
  }

  holdings(visit: HoldingVisitor): void {
    visitSlices(this.slices, visit)
    for (const one of this.committer.pending) if (!one.failed) visitSlices(one.slices, visit)
  }

  openTransactions(): number {
    return this.committer.pending.length + (this.records > 0 ? 1 : 0)
  }

  oldestOpenAt(): number {
    return this.heldSince.length > 0 ? this.heldSince[0] as number : this.records > 0 ? this.begunAt : Infinity
  }

  /** Ids rise with the checkpoint and differ by subtask: prefix-subtask-checkpoint. */
  private idOf(checkpoint: number): number {
    return checkpoint * this.task.job.parallelism + this.task.subtask
  }

  private take(sim: Sim): TransactionalProducer {
    const known = this.free.pop()
    if (known !== undefined) return known
    const name = `${this.task.name}/producer-${++this.made}`
    const producer = new TransactionalProducer(sim, this.task.job.world, this.task, this.cluster, this.config, name)
    producer.writer = this.writer
    return producer
  }
}

function visitSlices(slices: Slices, visit: HoldingVisitor): void {
  for (let i = 0; i < slices.length; i += 4) visit(slices[i] as number, slices[i + 1] as number, slices[i + 2] as number)
}

function writerOf(task: OperatorTask): TransactionalKafkaWriter {
  // Only this writer names these events.
  return task.writer as TransactionalKafkaWriter
}

const probed = eventKind<OperatorTask, number>('flink.transaction-probed', (sim, task, checkpoint) => writerOf(task).probed(sim, checkpoint))
const begun = eventKind<OperatorTask, null>('flink.transaction-begun', (sim, task) => writerOf(task).begun(sim))
const flushed = eventKind<OperatorTask, number>('flink.transaction-flushed', (sim, task, checkpoint) => writerOf(task).flushed(sim, checkpoint))
