/**
 * Models: appends that wait until the high watermark has passed them, the loss of leadership, or their time-out.
 * Source: Kafka 4.2 `DelayedProduce`, `Partition#checkEnoughReplicasReachOffset`.
 * Leaves out: nothing known.
 */
import { Copyable, empty, invariant, objects, removeFirst, shorten, type Sim } from '../../../src/kernel/index.ts'
import type { Broker } from './broker.ts'
import { requestTimedOut } from './facts.ts'
import type { KafkaError } from './protocol.ts'
import { LEADER, type Replica } from './replica.ts'

/** Who waits for an append. */
export interface Waiter {
  /** Every partition has its error or success. */
  complete(sim: Sim, broker: Broker, errors: readonly KafkaError[]): void
}

/**
 * One append over several partitions that waits for all of them. One class, whoever waits: a high watermark looks at
 * many of them each time it moves.
 */
export class Parked extends Copyable {
  private readonly waiter: Waiter
  readonly errors: KafkaError[]
  readonly deadline: number
  /** Partitions that have not been decided. */
  left = 0
  isDone = false

  constructor(waiter: Waiter, errors: KafkaError[], deadline: number) {
    super()
    this.waiter = waiter
    this.errors = errors
    this.deadline = deadline
  }

  finish(sim: Sim, broker: Broker): void {
    this.isDone = true
    this.waiter.complete(sim, broker, this.errors)
  }
}

/** Waits until `replica`'s high watermark reaches `offset`; the outcome goes to `errors[index]`. */
export function park(replica: Replica, parked: Parked, index: number, offset: number): void {
  invariant(replica.role === LEADER, 'kafka.park-at-leader')
  parked.left++
  replica.waiting.push(parked)
  replica.waitingFor.push(offset)
  replica.waitingIndex.push(index)
}

/** The wait begins: its time-out is armed. Answers at once when nothing is left to wait for. */
export function beginWait(sim: Sim, broker: Broker, parked: Parked): void {
  if (parked.left === 0) {
    parked.finish(sim, broker)
    return
  }
  const list = broker.parked
  list.push(parked)
  if (list.length >= broker.parkedLimit) {
    let kept = 0
    for (let i = 0; i < list.length; i++) {
      const other = list[i] as Parked
      if (!other.isDone) list[kept++] = other
    }
    shorten(list, kept)
    broker.parkedLimit = Math.max(64, 2 * kept)
  }
  if (parked.deadline !== Infinity) broker.parkedTimer.setEarlier(sim, parked.deadline)
}

/** The high watermark moved: those that it passed are decided. */
export function completeWaiting(sim: Sim, broker: Broker, replica: Replica): void {
  const waiting = replica.waiting
  let head = replica.waitingHead
  while (head < waiting.length && (replica.waitingFor[head] as number) <= replica.highWatermark) {
    const parked = waiting[head] as Parked
    const index = replica.waitingIndex[head] as number
    head++
    if (parked.isDone) continue
    if (replica.maximalIsrSize() < broker.cluster.minIsr(replica.partition)) {
      parked.errors[index] = 'NOT_ENOUGH_REPLICAS_AFTER_APPEND'
    }
    if (--parked.left === 0) parked.finish(sim, broker)
  }
  replica.waitingHead = head
  if (head === waiting.length) {
    empty(waiting)
    empty(replica.waitingFor)
    empty(replica.waitingIndex)
    replica.waitingHead = 0
  } else if (head > 64) {
    removeFirst(waiting, head)
    removeFirst(replica.waitingFor, head)
    removeFirst(replica.waitingIndex, head)
    replica.waitingHead = 0
  }
}

/** Leadership is lost: everything that waits here fails with `error`. */
export function failWaiting(sim: Sim, broker: Broker, replica: Replica, error: KafkaError): void {
  const waiting = replica.waiting
  const indexes = replica.waitingIndex
  const head = replica.waitingHead
  replica.waiting = objects()
  replica.waitingFor = []
  replica.waitingIndex = []
  replica.waitingHead = 0
  for (let i = head; i < waiting.length; i++) {
    const parked = waiting[i] as Parked
    if (parked.isDone) continue
    parked.errors[indexes[i] as number] = error
    if (--parked.left === 0) parked.finish(sim, broker)
  }
}

/** The time-out of the oldest came: all that are due are answered. */
export function expireParked(sim: Sim, broker: Broker): void {
  const due: Parked[] = []
  let next = Infinity
  let kept = 0
  for (let i = 0; i < broker.parked.length; i++) {
    const parked = broker.parked[i] as Parked
    if (parked.isDone) continue
    if (parked.deadline <= sim.now) {
      due.push(parked)
      continue
    }
    if (parked.deadline < next) next = parked.deadline
    broker.parked[kept++] = parked
  }
  shorten(broker.parked, kept)
  if (next !== Infinity) broker.parkedTimer.set(sim, next)
  if (due.length === 0) return
  for (let p = 0; p < broker.replicas.length; p++) {
    const replica = broker.replicas[p]
    if (replica === null || replica === undefined) continue
    for (let i = replica.waitingHead; i < replica.waiting.length; i++) {
      const parked = replica.waiting[i] as Parked
      if (parked.isDone || parked.deadline > sim.now) continue
      parked.errors[replica.waitingIndex[i] as number] = 'REQUEST_TIMED_OUT'
      sim.fact(requestTimedOut, broker, replica.partition, replica.waitingFor[i] as number)
    }
  }
  for (const parked of due) if (!parked.isDone) parked.finish(sim, broker)
}
