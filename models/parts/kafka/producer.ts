/**
 * Models: a producer inside an application or a task: it takes records into its memory, sends them in batches, and
 *   answers for each when the broker has, when it gives up, or (acks=0) when it has written it; it dies with its
 *   process and takes what it holds with it.
 * Source: Kafka 4.2 KafkaProducer, Sender; reference 2.7.
 * Leaves out: interceptors, metrics, the cost of serializing.
 */
import { hopOf } from '../../../src/contract/hop.ts'
import { eventKind, type Death, type EventKind, type Sim, type Unit } from '../../../src/kernel/index.ts'
import type { HoldingVisitor, World } from '../../../src/contract/architecture.ts'
import { COUNT, FIRST, LANE, STRIDE } from '../../../src/contract/slice.ts'
import { Accumulator, type PartitionQueue, type QueuedBatch } from './accumulator.ts'
import type { Bootstrap } from './bootstrap.ts'
import { bufferExhausted, epochBumped, sendRefused } from './client-causes.ts'
import type { ProducerConfig, ProducerError } from './client-config.ts'
import { ASKS_PRODUCE, ASKS_PRODUCER_ID, KafkaClient, type Link, type Pending } from './client-connection.ts'
import { Flushes } from './producer-flush.ts'
import { raiseEpoch, resolve, ProducerIdentity } from './idempotence.ts'
import { expireBatches, takeAnswer } from './produce-outcome.ts'
import { dropMemory } from './producer-death.ts'
import type { InitProducerIdAnswer, InitProducerIdRequest, ProduceAnswer, ProduceRequest, Writer } from './protocol.ts'
import { RetryCopies } from './retry-copies.ts'
import { sendReady } from './sender.ts'
import { linkHoldings } from './wire-holdings.ts'
import { accumulated, waited } from './hops.ts'

const PRODUCER_ID_BYTES = 40

export class KafkaProducer extends KafkaClient {
  readonly world: World
  readonly config: ProducerConfig
  readonly accumulator: Accumulator
  /** Null without idempotence. */
  readonly identity: ProducerIdentity | null
  readonly retryCopies: RetryCopies
  /** Who writes, for causes; its owner sets another at each restart. */
  writer: Writer = { replaced: false }
  /** Number of the transactional id in use, -1 none. */
  transactionalId = -1
  /** No batch expires before this. */
  nextExpiryAt = 0
  private readonly flushes = new Flushes()
  private isAskingForId = false
  private askAgainAt = 0
  private failures = 0
  private hasToldError = false
  private refuses = false

  constructor(sim: Sim, world: World, parent: Unit, cluster: Bootstrap, config: ProducerConfig, name: string) {
    super(sim, parent, cluster, config, name)
    this.world = world
    this.config = config
    this.accumulator = new Accumulator(config, cluster.partitions)
    this.identity = config.idempotent ? new ProducerIdentity() : null
    this.retryCopies = new RetryCopies(world.copies, this.process)
  }

  /**
   * Hands consecutive records of a lane to the producer, in the order of calls. They are its own from now on, even
   * while they wait for memory (`isBlocked`).
   */
  send(sim: Sim, partition: number, lane: number, first: number, count: number, copy: number): void {
    const { accumulator } = this
    this.open(sim)
    if (accumulator.hasWaiting || !this.metadata.isKnown) {
      this.block(sim, partition, lane, first, count, copy)
      return
    }
    const taken = accumulator.append(sim.now, partition, lane, first, count, copy)
    if (sim.tracer !== null) hopOf(sim, accumulated, this, lane, first, taken, copy, partition)
    if (taken < count) this.block(sim, partition, lane, first + taken, count - taken, copy)
    if (!accumulator.hasNews) return
    accumulator.hasNews = false
    const queue = accumulator.of(partition).queue
    this.wakeEarlier(sim, queue.length > 1 ? sim.now : sim.now + this.config.linger)
  }

  /** True while the caller of a real producer would be inside `send`. */
  get isBlocked(): boolean { return this.accumulator.hasWaiting }

  get isFlushing(): boolean { return this.flushes.isAny }

  /** `kind` is handled on `unit` when everything sent before has its outcome. Nothing lingers meanwhile. */
  flush<U extends Unit, P>(sim: Sim, unit: U, kind: EventKind<U, P>, payload: P): void {
    const { serialEnd, incomplete, hasWaiting } = this.accumulator
    this.flushes.add(unit, kind, payload)
    if (!hasWaiting) this.flushes.count(sim, serialEnd, incomplete)
    this.wakeEarlier(sim, sim.now)
  }

  /** What the live client will still deliver: waiting, queued and in flight. What a dead one has on the wire is the cluster's. */
  holdings(visit: HoldingVisitor): void {
    linkHoldings(this.links, visit)
    if (!this.alive) return
    this.accumulator.forEachWaiting(visit)
    this.forEachBatch((batch) => {
      const s = batch.slices
      for (let i = 0; i < s.length; i += STRIDE) visit(s[i + LANE] as number, s[i + FIRST] as number, s[i + COUNT] as number)
    })
  }

  /** True while batches may be drained; transactions say more. */
  maySend(): boolean {
    return this.identity === null || this.identity.isValid
  }

  protected override serve(sim: Sim): void {
    this.refuseLate(sim)
    expireBatches(sim, this)
    if (this.identity !== null) this.keepIdentity(sim, this.identity)
    this.admit(sim)
    sendReady(sim, this)
  }

  /** A request with these batches was written. */
  drained(sim: Sim, link: Link, request: ProduceRequest, batches: readonly QueuedBatch[]): void {
    const isAnswered = this.config.acks !== 0
    if (!isAnswered) this.cluster.acks0.sent(this.world.outside, link.index, request)
    for (let i = 0; i < batches.length; i++) {
      const batch = batches[i] as QueuedBatch
      const q = this.accumulator.of(batch.partition)
      if (isAnswered) q.inFlight.push(batch)
      else takeAnswer(sim, this, batch, 'NONE')
    }
  }

  produceAnswered(sim: Sim, answer: ProduceAnswer): void {
    const pending = this.settle(answer.request.connection, answer.request)
    if (pending === null) return
    const isFull = (this.links[answer.request.connection.tag] as Link).pending.length >= this.config.maxInFlight - 1
    let isCalm = !isFull && !this.isTroubled()
    for (let i = 0; i < pending.batches.length; i++) {
      const error = answer.errors[i] ?? 'NONE'
      const batch = pending.batches[i] as QueuedBatch
      if (error !== 'NONE') isCalm = false
      takeAnswer(sim, this, batch, error)
      if (error !== 'NOT_LEADER_OR_FOLLOWER') continue
      if (!this.metadata.hint(batch.partition, answer.leaders[i] ?? -1, answer.leaderEpochs[i] ?? -1)) this.metadata.request()
    }
    // Nobody waited for this answer: the timer finds what is due.
    if (!isCalm) this.work(sim)
  }

  /** True while an answer may set something free. */
  private isTroubled(): boolean {
    return this.accumulator.hasWaiting || this.accumulator.retrying > 0 || this.isFlushing
      || (this.identity !== null && this.identity.unresolved > 0)
  }

  protected override lost(sim: Sim, _link: Link, pending: Pending): void {
    if (pending.asks === ASKS_PRODUCER_ID) this.idFailed(sim)
    if (pending.asks !== ASKS_PRODUCE) return
    for (let i = 0; i < pending.batches.length; i++) {
      takeAnswer(sim, this, pending.batches[i] as QueuedBatch, 'DISCONNECTED')
    }
  }

  protected override linkDropped(sim: Sim, link: Link): void {
    if (link.connection === null) return
    this.cluster.wire.leave(link.connection)
    if (this.config.acks === 0) this.cluster.acks0.connectionLost(sim, this.world.outside, link.index, link.connection)
  }

  /** Records were given up; the owner hears of the first time. */
  gaveUp(sim: Sim, reason: ProducerError['reason'], partition: number): void {
    const { onError } = this.config
    if (onError === null || this.hasToldError) return
    this.hasToldError = true
    const error: ProducerError = Object.freeze({ reason, partition })
    sim.schedule(sim.now, this.parent as Unit, onError, error)
  }

  /** The owner has dealt with the error it was told. */
  protected forgetError(): void {
    this.hasToldError = false
  }

  /** A batch has its outcome. */
  flushed(sim: Sim, serial: number): void {
    this.flushes.finished(sim, serial)
  }

  override died(sim: Sim, how: Death): void {
    for (const link of this.links) if (link.connection !== null) this.cluster.wire.leave(link.connection)
    super.died(sim, how)
    dropMemory(sim, this)
    this.accumulator.clear()
    this.flushes.clear()
    this.identity?.forget()
    this.nextExpiryAt = 0
    this.isAskingForId = false
    this.askAgainAt = 0
    this.failures = 0
    this.hasToldError = false
    this.refuses = false
    this.writer = { replaced: false }
  }

  idAnswered(sim: Sim, answer: InitProducerIdAnswer): void {
    if (this.settle(answer.request.connection, answer.request) === null) return
    if (answer.error === 'NONE') {
      this.isAskingForId = false
      this.failures = 0
      this.identity?.set(answer.producerId, answer.producerEpoch)
    } else this.idFailed(sim)
    this.work(sim)
  }

  /** Calls back for each batch without an outcome; those on the wire first. */
  forEachBatch(visit: (batch: QueuedBatch) => void): void {
    const { active } = this.accumulator
    for (let i = 0; i < active.length; i++) {
      const q = active[i] as PartitionQueue
      q.inFlight.forEach(visit)
      q.queue.forEach(visit)
    }
  }

  /** Asks for a producer id, and starts sequences anew where a batch was given up. */
  protected keepIdentity(sim: Sim, identity: ProducerIdentity): void {
    if (identity.isValid) {
      if (!resolve(identity, this.accumulator.active)) return
      raiseEpoch(identity)
      sim.fact(epochBumped, this, identity.producerEpoch)
      return
    }
    if (this.isAskingForId) return
    if (sim.now < this.askAgainAt) {
      this.wakeBy(this.askAgainAt)
      return
    }
    const link = this.leastLoaded(sim)
    if (link === null || link.connection === null) return
    const request: InitProducerIdRequest = {
      connection: link.connection, client: this, onAnswer: idAnswered, transactionalId: -1, timeoutNanos: 0,
    }
    link.connection.send(sim, this, this.cluster.requests.initProducerId, request, PRODUCER_ID_BYTES)
    this.await(sim, link, ASKS_PRODUCER_ID, request)
    this.isAskingForId = true
  }

  private idFailed(sim: Sim): void {
    this.isAskingForId = false
    this.askAgainAt = sim.now + this.backOff(this.config.retryBackoff, this.config.retryBackoffMax, this.failures++)
  }

  private block(sim: Sim, partition: number, lane: number, first: number, count: number, copy: number): void {
    if (sim.tracer !== null) hopOf(sim, waited, this, lane, first, count, copy)
    const wasFree = !this.accumulator.hasWaiting
    this.accumulator.wait(sim.now, partition, lane, first, count, copy)
    // A full pool makes every batch sendable at once.
    if (wasFree) this.wakeEarlier(sim, sim.now)
  }

  private admit(sim: Sim): void {
    const { accumulator } = this
    accumulator.hasNews = false
    if (!accumulator.hasWaiting) return
    if (this.metadata.isKnown && accumulator.admit(sim.now)) {
      this.refuses = false
      this.flushes.count(sim, accumulator.serialEnd, accumulator.incomplete)
      const { onUnblocked } = this.config
      if (onUnblocked !== null) sim.schedule(sim.now, this.parent as Unit, onUnblocked, null)
    } else this.wakeBy(accumulator.waitingSince + this.config.maxBlock)
    accumulator.hasNews = false
  }

  private refuseLate(sim: Sim): void {
    const { accumulator, config } = this
    while (accumulator.hasWaiting && sim.now >= accumulator.waitingSince + config.maxBlock) {
      if (!this.refuses) sim.fact(sendRefused, this, accumulator.waitingRecords, accumulator.bytesInUse)
      this.refuses = true
      accumulator.refuseFirst((lane, first, count) => {
        this.world.outside.dropped(bufferExhausted, lane, first, count)
        if (config.source === null) return
        this.world.outside.answered(lane, first, count, 'failed')
        config.source.answered(first, count, false)
      })
      this.gaveUp(sim, 'buffer-exhausted', -1)
    }
  }
}

/** Handled on the producer: the answer to a produce request. */
export const produceAnswered = eventKind<Unit, ProduceAnswer>('kafka.client-produced', (sim, unit, answer) => {
  // The request carried the producer itself, and answers are handled on what it carried.
  ;(unit as KafkaProducer).produceAnswered(sim, answer)
})

const idAnswered = eventKind<Unit, InitProducerIdAnswer>('kafka.client-producer-id', (sim, unit, answer) => {
  // As above.
  ;(unit as KafkaProducer).idAnswered(sim, answer)
})
