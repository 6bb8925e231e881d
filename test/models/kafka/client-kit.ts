/** A world for Kafka's clients: a cluster of tiny brokers that append and answer as told, and an outside that remembers. */
import {
  eventKind, Process, Sim, type EventKind, type FactCode, type Unit,
} from '../../../src/kernel/index.ts'
import type { World } from '../../../src/contract/architecture.ts'
import { Births } from '../../../src/contract/births.ts'
import { Copies, type CauseCode } from '../../../src/contract/cause.ts'
import type { Answer, Outside } from '../../../src/contract/outside.ts'
import { forEachSlice } from '../../../src/contract/slice.ts'
import type { Workload } from '../../../src/contract/scenario.ts'
import { Bootstrap, type RequestKinds } from '../../../models/parts/kafka/bootstrap.ts'
import type { ConsumerConfig, ProducerConfig } from '../../../models/parts/kafka/client-config.ts'
import {
  FetchedPartition, type Batch, type EndTxnRequest, type FetchRequest, type FindCoordinatorRequest, type InitProducerIdRequest,
  type KafkaError, type MetadataRequest, type ProduceRequest,
} from '../../../models/parts/kafka/protocol.ts'

export const MS = 1e6
export const SECOND = 1e9

/** What the ledger would hear, kept as plain lists of `lane:index`. */
export class Recorder implements Outside {
  readonly answers = new Map<string, Answer>()
  readonly drops: { cause: string; record: string }[] = []
  view(): number { return 0 }
  answered(lane: number, first: number, count: number, answer: Answer): void {
    for (let i = first; i < first + count; i++) this.answers.set(`${lane}:${i}`, answer)
  }
  processed(): void {}
  visible(): void {}
  retracted(): void {}
  repeatRefused(): void {}
  dropped(cause: CauseCode, lane: number, first: number, count: number): void {
    for (let i = first; i < first + count; i++) this.drops.push({ cause: cause.code, record: `${lane}:${i}` })
  }
  filtered(): void {}
  deadLettered(): void {}
  late(): void {}
  count(answer: Answer): number {
    return [...this.answers.values()].filter((one) => one === answer).length
  }
  dropsBy(cause: string): number {
    return this.drops.filter((one) => one.cause === cause).length
  }
}

interface ProducerMemory { epoch: number; last: number; recent: string[] }

/** A broker that appends to the cluster's logs as soon as a request comes; its manners can be set. */
export class TinyBroker extends Process {
  readonly number: number
  readonly cluster: TinyCluster
  /** Errors for the next batches, in order; the batch is not appended. */
  refusals: KafkaError[] = []
  /** Answers are swallowed after the append while this is true. */
  isMute = false
  /** Nanoseconds between append and answer. */
  delay = 0
  /** Requests handled, in order, for the tests to look at. */
  readonly produced: { at: number; batches: readonly Batch[] }[] = []
  readonly fetches: { at: number; changed: readonly number[] }[] = []
  /** Fetches that wait for data. */
  waiting: FetchRequest[] = []
  readonly session = new Map<number, number>()
  coordinatorAnswers: KafkaError[] = []
  readonly ended: { commit: boolean; producerId: number; epoch: number }[] = []

  constructor(sim: Sim, cluster: TinyCluster, number: number) {
    super(sim, `broker-${number}`, sim.host(`broker-${number}`, 'zone-a', 1.25e9))
    this.number = number
    this.cluster = cluster
  }

  override died(): void {
    this.waiting = []
    this.session.clear()
  }

  produce(sim: Sim, request: ProduceRequest): void {
    this.produced.push({ at: sim.now, batches: request.batches })
    const errors: KafkaError[] = []
    for (const batch of request.batches) errors.push(this.append(sim, batch))
    this.cluster.wakeFetches(sim)
    if (request.acks === 0 || this.isMute) return
    const answer = { request, errors, baseOffsets: request.batches.map((b) => b.baseOffset), leaders: request.batches.map((b) => this.cluster.leaders[b.partition] ?? -1), leaderEpochs: request.batches.map((b) => this.cluster.epochs[b.partition] ?? -1) }
    sim.after(this.delay, this, later, () => request.connection.send(sim, this, request.onAnswer, answer, 100))
  }

  private append(sim: Sim, batch: Batch): KafkaError {
    const { cluster } = this
    const refusal = this.refusals.shift()
    if (refusal !== undefined && refusal !== 'NONE') return refusal
    if (cluster.leaders[batch.partition] !== this.number) return 'NOT_LEADER_OR_FOLLOWER'
    if (batch.producerId >= 0) {
      const key = `${batch.partition}/${batch.producerId}`
      const known = cluster.producers.get(key)
      const mark = `${batch.producerEpoch}:${batch.baseSequence}+${batch.records}`
      if (known !== undefined && batch.producerEpoch < known.epoch) return 'INVALID_PRODUCER_EPOCH'
      if (known !== undefined && known.recent.includes(mark)) return 'DUPLICATE_SEQUENCE_NUMBER'
      const expected = known === undefined ? (cluster.isStrict ? 0 : batch.baseSequence) : batch.producerEpoch > known.epoch ? 0 : known.last + 1
      if (batch.baseSequence !== expected) return 'OUT_OF_ORDER_SEQUENCE_NUMBER'
      cluster.producers.set(key, {
        epoch: batch.producerEpoch, last: batch.baseSequence + batch.records - 1,
        recent: [...(known?.recent ?? []).slice(-4), mark],
      })
    }
    const log = cluster.logs[batch.partition] as Batch[]
    batch.baseOffset = cluster.endOf(batch.partition)
    batch.leaderEpoch = cluster.epochs[batch.partition] as number
    batch.appendedAt = sim.now
    log.push(batch)
    return 'NONE'
  }

  fetch(sim: Sim, request: FetchRequest): void {
    this.fetches.push({ at: sim.now, changed: request.changed })
    for (let i = 0; i < request.changed.length; i += 3) {
      const partition = request.changed[i] as number
      const offset = request.changed[i + 1] as number
      if (offset < 0) this.session.delete(partition)
      else this.session.set(partition, offset)
    }
    this.waiting.push(request)
    sim.after(request.maxWaitNanos, this, later, () => this.answerFetch(sim, request, true))
    this.answerFetch(sim, request, false)
  }

  answerFetch(sim: Sim, request: FetchRequest, isLate: boolean): void {
    if (!this.waiting.includes(request)) return
    const partitions: FetchedPartition[] = []
    for (const [partition, offset] of this.session) {
      const { cluster } = this
      const end = cluster.endOf(partition)
      if (cluster.leaders[partition] !== this.number) partitions.push(new FetchedPartition(partition, 'NOT_LEADER_OR_FOLLOWER', [], -1, -1, -1, [], -1, -1))
      else if (offset > end || offset < cluster.starts[partition]!) partitions.push(new FetchedPartition(partition, 'OFFSET_OUT_OF_RANGE', [], end, end, cluster.starts[partition]!, [], -1, 0))
      else {
        const batches = (cluster.logs[partition] as Batch[]).filter((b) => b.baseOffset + b.records > offset)
        if (batches.length > 0) partitions.push(new FetchedPartition(partition, 'NONE', batches, end, end, 0, cluster.aborted[partition] ?? [], -1, 0))
      }
    }
    if (partitions.length === 0 && !isLate) return
    this.waiting = this.waiting.filter((one) => one !== request)
    request.connection.send(sim, this, request.onAnswer, { request, partitions, bytes: 100 }, 100)
  }
}

export class TinyCluster {
  readonly brokers: TinyBroker[] = []
  readonly leaders: number[] = []
  readonly epochs: number[] = []
  readonly starts: number[] = []
  readonly logs: Batch[][] = []
  readonly aborted: number[][] = []
  readonly producers = new Map<string, ProducerMemory>()
  readonly bootstrap: Bootstrap
  nextProducerId = 1000
  /** Epoch that each transactional id was given last. */
  readonly transactions = new Map<number, { producerId: number; epoch: number }>()
  coordinator = 1
  /** An unknown producer must begin with sequence 0, as with transactions. */
  isStrict = false

  constructor(sim: Sim, brokers: number, partitions: number) {
    for (let b = 1; b <= brokers; b++) this.brokers.push(new TinyBroker(sim, this, b))
    for (let p = 0; p < partitions; p++) {
      this.leaders.push(1 + (p % brokers))
      this.epochs.push(0)
      this.starts.push(0)
      this.logs.push([])
      this.aborted.push([])
    }
    this.bootstrap = new Bootstrap(partitions, this.brokers, 1, requests)
  }

  broker(number: number): TinyBroker {
    return this.brokers[number - 1] as TinyBroker
  }

  endOf(partition: number): number {
    const log = this.logs[partition] as Batch[]
    const last = log[log.length - 1]
    return last === undefined ? 0 : last.baseOffset + last.records
  }

  /** Moves the leadership of a partition. */
  elect(partition: number, leader: number): void {
    this.leaders[partition] = leader
    this.epochs[partition] = (this.epochs[partition] as number) + 1
  }

  wakeFetches(sim: Sim): void {
    for (const broker of this.brokers) for (const request of [...broker.waiting]) broker.answerFetch(sim, request, false)
  }

  /** Records of a partition in the order of the log, as `lane:index`. */
  records(partition: number): string[] {
    const found: string[] = []
    for (const batch of this.logs[partition] as Batch[]) {
      forEachSlice(batch.slices, (lane, first, count) => {
        for (let i = first; i < first + count; i++) found.push(`${lane}:${i}`)
      })
    }
    return found
  }

  /** Copy ids in the order of the log. */
  copies(partition: number): number[] {
    const found: number[] = []
    for (const batch of this.logs[partition] as Batch[]) forEachSlice(batch.slices, (_lane, _first, _count, copy) => found.push(copy))
    return found
  }
}

const later = eventKind<TinyBroker, () => void>('kit.kafka-later', (_sim, _broker, act) => act())

/** The request arrives at a tiny broker, which the tests alone make. */
function at<P>(name: string, act: (sim: Sim, broker: TinyBroker, payload: P) => void): EventKind<Unit, P> {
  return eventKind<Unit, P>(name, (sim, unit, payload) => act(sim, unit as TinyBroker, payload))
}

const requests: RequestKinds = {
  produce: at('kit.kafka-produce', (sim, broker, request: ProduceRequest) => broker.produce(sim, request)),
  fetch: at('kit.kafka-fetch', (sim, broker, request: FetchRequest) => broker.fetch(sim, request)),
  metadata: at('kit.kafka-metadata', (sim, broker, request: MetadataRequest) => {
    const { cluster } = broker
    request.connection.send(sim, broker, request.onAnswer, {
      request, leaders: Int32Array.from(cluster.leaders), epochs: Int32Array.from(cluster.epochs),
      aliveBrokers: cluster.brokers.filter((one) => one.alive).map((one) => one.number),
    }, 100)
  }),
  findCoordinator: at('kit.kafka-find', (sim, broker, request: FindCoordinatorRequest) => {
    request.connection.send(sim, broker, request.onAnswer, { request, error: 'NONE', broker: broker.cluster.coordinator }, 40)
  }),
  initProducerId: at('kit.kafka-init', (sim, broker, request: InitProducerIdRequest) => {
    const { cluster } = broker
    const error = request.transactionalId >= 0 ? broker.coordinatorAnswers.shift() ?? 'NONE' : 'NONE'
    let identity = cluster.transactions.get(request.transactionalId)
    if (request.transactionalId < 0) identity = { producerId: cluster.nextProducerId++, epoch: 0 }
    else if (identity === undefined) cluster.transactions.set(request.transactionalId, (identity = { producerId: cluster.nextProducerId++, epoch: 0 }))
    else if (error === 'NONE') identity.epoch++
    request.connection.send(sim, broker, request.onAnswer, { request, error, producerId: identity.producerId, producerEpoch: identity.epoch }, 40)
  }),
  endTxn: at('kit.kafka-end', (sim, broker, request: EndTxnRequest) => {
    const { cluster } = broker
    let error = broker.coordinatorAnswers.shift() ?? 'NONE'
    const identity = cluster.transactions.get(request.transactionalId)
    if (error === 'NONE' && (identity === undefined || identity.producerId !== request.producerId)) error = 'UNKNOWN_PRODUCER_ID'
    else if (error === 'NONE' && identity !== undefined && request.producerEpoch < identity.epoch) error = 'PRODUCER_FENCED'
    if (error === 'NONE' && identity !== undefined) {
      broker.ended.push({ commit: request.commit, producerId: request.producerId, epoch: request.producerEpoch })
      identity.epoch = request.producerEpoch + 1
    }
    if (broker.isMute) return
    request.connection.send(sim, broker, request.onAnswer, { request, error, producerId: request.producerId, producerEpoch: request.producerEpoch + 1 }, 40)
  }),
}

/** A world with an outside that remembers; `rate` 0 makes no births of its own. */
export function clientWorld(seed = 'clients'): { sim: Sim; world: World; outside: Recorder; facts: string[] } {
  const sim = new Sim(seed)
  sim.network.zone = { meanNanos: 0.25 * MS, sigma: 0 }
  const workload: Workload = {
    ratePerSecond: 1000, shape: { kind: 'poisson' }, recordBytes: 500,
    keys: { count: 100, distribution: 'uniform', exponent: 0 }, sources: 1, eventTimeDelay: 0 as Workload['eventTimeDelay'],
    malformedPerMillion: 0, upstream: 'once',
  }
  const outside = new Recorder()
  const facts: string[] = []
  sim.facts = { fact: (_at: number, code: FactCode) => void facts.push(code.code) }
  const world = {
    sim, births: new Births(workload, seed, [], 100 * SECOND), copies: new Copies(), outside, workload,
  } as unknown as World
  return { sim, world, outside, facts }
}

/** The program in which a client lives. */
export class Application extends Process {
}

export function application(sim: Sim, name = 'application'): Application {
  return new Application(sim, name, sim.host(name, 'zone-a', 1.25e9))
}

/** Kafka's own defaults, with what a test says otherwise. */
export function producerDefaults(over: Partial<ProducerConfig> = {}): ProducerConfig {
  return {
    acks: -1, idempotent: true, linger: 5 * MS, batchBytes: 16384, bufferBytes: 33554432, maxBlock: 60 * SECOND,
    maxInFlight: 5, retries: 2147483647, retryBackoff: 100 * MS, retryBackoffMax: SECOND, requestTimeout: 30 * SECOND,
    deliveryTimeout: 120 * SECOND, maxRequestBytes: 1048576, reconnectBackoff: 50 * MS, reconnectBackoffMax: SECOND,
    setupTimeout: 10 * SECOND, setupTimeoutMax: 30 * SECOND, metadataMaxAge: 300 * SECOND,
    transactionTimeout: 60 * SECOND, recordBytes: 500, source: null, onError: null, onUnblocked: null, ...over,
  }
}

export function consumerDefaults(over: Partial<ConsumerConfig> = {}): ConsumerConfig {
  return {
    isolation: 0, minBytes: 1, maxWait: 500 * MS, maxBytes: 52428800, maxPartitionBytes: 1048576, offsetReset: 'earliest',
    requestTimeout: 30 * SECOND, retryBackoff: 100 * MS, retryBackoffMax: SECOND, reconnectBackoff: 50 * MS,
    reconnectBackoffMax: SECOND, setupTimeout: 10 * SECOND, setupTimeoutMax: 30 * SECOND, metadataMaxAge: 300 * SECOND,
    onData: null, ...over,
  }
}

/** Lets the simulation run up to a time. */
export function runTo(sim: Sim, at: number): void {
  sim.run(at, true, 10_000_000)
}

