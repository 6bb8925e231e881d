/**
 * Models: the committer: when the coordinator says that a checkpoint is complete, and at a restore, it commits the
 *   transactions up to it one after the other with the thread blocked; a time-out is tried again, a transaction that
 *   Kafka does not know any more is counted and dropped while the job goes on.
 * Source: flink-connector-kafka `KafkaSink`; Flink Kafka connector documentation, Fault Tolerance; flink-connector-kafka KafkaCommitter; sink.committer.retries 10.
 * Leaves out: retries with a back-off of their own (the client's apply).
 */
import { eventKind, invariant, type Sim } from '../../../src/kernel/index.ts'
import { committableDropped, committableFailed, committed, sinkFailed } from './facts.ts'
import type { TransactionalProducer } from '../kafka/index.ts'
import type { Committable } from './checkpoint.ts'
import type { OperatorTask } from './operator-task.ts'
import { hopOfSlices } from '../../../src/contract/hop.ts'
import { committedHop } from './hops.ts'

/** Who lends producers and goes on when the commits are done. */
export interface CommitterOwner {
  readonly task: OperatorTask
  /** The producer that holds this transaction, or one that has taken it up. */
  producerOf(sim: Sim, committable: Committable): TransactionalProducer
  release(producer: TransactionalProducer): void
  commitsDone(sim: Sim): void
}

export class Committer {
  private readonly owner: CommitterOwner
  private readonly retriesMax: number
  /** Prepared and not committed, oldest first. */
  readonly pending: Committable[] = []
  private upTo = 0
  private retries = 0
  private producer: TransactionalProducer | null = null

  constructor(owner: CommitterOwner, retriesMax: number) {
    this.owner = owner
    this.retriesMax = retriesMax
  }

  add(committable: Committable): void {
    const last = this.pending[this.pending.length - 1]
    invariant(last === undefined || last.checkpoint < committable.checkpoint, 'flink.committables-in-order')
    this.pending.push(committable)
  }

  /** Commits all up to a checkpoint; `commitsDone` follows. */
  commit(sim: Sim, checkpoint: number): void {
    this.upTo = checkpoint
    this.next(sim)
  }

  private next(sim: Sim): void {
    const { owner } = this
    const first = this.pending[0]
    if (first === undefined || first.checkpoint > this.upTo) {
      owner.commitsDone(sim)
      return
    }
    if (this.producer === null) this.producer = owner.producerOf(sim, first)
    this.producer.commit(sim, owner.task, commitAnswered, this)
  }

  answered(sim: Sim): void {
    const { owner, producer } = this
    const first = this.pending[0]
    if (producer === null || first === undefined || !owner.task.alive) return
    const outcome = producer.outcome
    if (outcome === 'timeout' && this.retries < this.retriesMax) {
      this.retries++
      this.next(sim)
      return
    }
    if (outcome === 'timeout' || outcome === 'broken') {
      sim.fact(sinkFailed, owner.task, first.subtask)
      owner.task.sinkFailed(sim)
      return
    }
    if (outcome === 'ok') {
      sim.fact(committed, owner.task, first.checkpoint, first.records, first.subtask)
      if (sim.tracer !== null) hopOfSlices(sim, committedHop, owner.task, first.slices, first.checkpoint)
    } else this.giveUp(sim, first)
    this.retries = 0
    this.producer = null
    this.pending.shift()
    owner.release(producer)
    this.next(sim)
  }

  /** The broker has aborted it, or another has taken its id: its records are lost, and the job goes on. */
  private giveUp(sim: Sim, committable: Committable): void {
    const { slices } = committable
    const { outside } = this.owner.task.job.world
    sim.fact(committableFailed, this.owner.task, committable.checkpoint, committable.records, committable.subtask)
    committable.failed = true
    for (let i = 0; i < slices.length; i += 4) {
      outside.dropped(committableDropped, slices[i] as number, slices[i + 1] as number, slices[i + 2] as number)
    }
  }
}

const commitAnswered = eventKind<OperatorTask, Committer>('flink.commit-answered', (sim, _task, committer) => committer.answered(sim))
