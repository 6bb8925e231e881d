/**
 * Models: KafkaSink's writer without transactions: NONE writes and never waits, AT_LEAST_ONCE flushes at the barrier
 *   with the thread blocked; a record that Kafka does not take fails the task in both.
 * Source: flink-connector-kafka KafkaWriter.
 * Leaves out: custom partitioners (the key decides, by murmur2), the cost of serialising.
 */
import { eventKind, type EventKind, type Sim, type Unit } from '../../../src/kernel/index.ts'
import type { HoldingVisitor } from '../../../src/contract/architecture.ts'
import { KafkaProducer, type Bootstrap, type KeyPartitioner, type ProducerConfig, type ProducerError } from '../kafka/index.ts'
import { sinkFailed } from './facts.ts'
import type { Committable } from './checkpoint.ts'
import type { SinkWriter } from './connectors.ts'
import type { OperatorTask } from './operator-task.ts'

export class PlainKafkaWriter implements SinkWriter {
  private readonly task: OperatorTask
  private readonly producer: KafkaProducer
  private readonly partitioner: KeyPartitioner
  private readonly flushes: boolean

  constructor(sim: Sim, task: OperatorTask, cluster: Bootstrap, config: ProducerConfig, partitioner: KeyPartitioner, flushes: boolean) {
    this.task = task
    this.partitioner = partitioner
    this.flushes = flushes
    this.producer = new KafkaProducer(sim, task.job.world, task, cluster, config, `${task.name}/producer`)
  }

  open(sim: Sim): void {
    this.task.sinkReady(sim)
  }

  write(sim: Sim, key: number, lane: number, index: number, copy: number): void {
    this.producer.send(sim, this.partitioner.partitionOf(key), lane, index, 1, copy)
  }

  isWritable(): boolean {
    return !this.producer.isBlocked
  }

  prepare(sim: Sim): void {
    if (this.flushes) this.producer.flush(sim, this.task, flushed, null)
    else this.task.sinkPrepared(sim)
  }

  committables(): readonly Committable[] {
    return []
  }

  commit(sim: Sim, checkpoint: number): void {
    this.task.sinkCommitted(sim, checkpoint)
  }

  markReplaced(): void {
    this.producer.writer.replaced = true
  }

  holdings(visit: HoldingVisitor): void {
    this.producer.holdings(visit)
  }

  openTransactions(): number {
    return 0
  }

  oldestOpenAt(): number {
    return Infinity
  }
}

const flushed = eventKind<OperatorTask, null>('flink.sink-flushed', (sim, task) => {
  if (task.isRunning) task.sinkPrepared(sim)
})

/** A record was given up: the task fails, whatever the guarantee. */
export const sinkError: EventKind<Unit, ProducerError> = eventKind<OperatorTask, ProducerError>('flink.sink-error', (sim, task) => {
  if (!task.isRunning) return
  sim.fact(sinkFailed, task, task.subtask)
  task.sinkFailed(sim)
}) as unknown as EventKind<Unit, ProducerError>

/** The producer has memory again. */
export const sinkUnblocked: EventKind<Unit, null> = eventKind<OperatorTask, null>('flink.sink-unblocked', (sim, task) => {
  task.sinkWritable(sim)
}) as unknown as EventKind<Unit, null>
