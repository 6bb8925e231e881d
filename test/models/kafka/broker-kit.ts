/** A Kafka cluster in an otherwise empty world, a client made by hand, and a ledger that only remembers. */
import { eventKind, Process, Sim, type Connection, type EventKind, type FactCode, type FactSink, type Unit } from '../../../src/kernel/index.ts'
import type { CauseCode } from '../../../src/contract/cause.ts'
import type { Outside } from '../../../src/contract/outside.ts'
import { KnobSettings } from '../../../src/run/settings.ts'
import { brokerKnobs } from '../../../models/parts/kafka/broker-knobs.ts'
import { KafkaCluster, type TopicSpec } from '../../../models/parts/kafka/cluster.ts'
import {
  Batch, DATA_BATCH, FetchRequest, ProduceRequest, type EndTxnAnswer, type FetchAnswer, type InitProducerIdAnswer, type KafkaError,
  type MetadataAnswer, type ProduceAnswer, type Writer,
} from '../../../models/parts/kafka/protocol.ts'
import type { Replica } from '../../../models/parts/kafka/replica.ts'
import {
  endTxnRequest, fetchRequest, initProducerIdRequest, metadataRequest, produceRequest,
} from '../../../models/parts/kafka/requests.ts'

export const MS = 1e6
export const SECOND = 1e9
export const UNCOMMITTED = 0
export const COMMITTED = 1

/** What the ledger would hear, with times. Records are named `lane:index`. */
export class Ledger implements Outside, FactSink {
  now = 0
  readonly shown: { at: number; view: number; record: string }[] = []
  readonly hidden: { at: number; view: number; record: string; cause: string }[] = []
  readonly drops: { at: number; record: string; cause: string }[] = []
  readonly facts: { at: number; code: string; who: string; a: number; b: number; c: number }[] = []
  view(): number { return 0 }
  answered(): void {}
  processed(): void {}
  visible(view: number, lane: number, first: number, count: number): void {
    for (let i = first; i < first + count; i++) this.shown.push({ at: this.now, view, record: `${lane}:${i}` })
  }
  retracted(view: number, lane: number, first: number, count: number, _copy: number, cause: CauseCode): void {
    for (let i = first; i < first + count; i++) this.hidden.push({ at: this.now, view, record: `${lane}:${i}`, cause: cause.code })
  }
  repeatRefused(): void {}
  dropped(cause: CauseCode, lane: number, first: number, count: number): void {
    for (let i = first; i < first + count; i++) this.drops.push({ at: this.now, record: `${lane}:${i}`, cause: cause.code })
  }
  filtered(): void {}
  deadLettered(): void {}
  late(): void {}
  fact(at: number, code: FactCode, subject: Unit, a: number, b: number, c: number): void {
    this.facts.push({ at, code: code.code, who: subject.name, a, b, c })
  }
  /** Records shown in a view, in order. */
  seen(view: number): string[] {
    return this.shown.filter((one) => one.view === view).map((one) => one.record)
  }
  /** Times of a fact after a moment. */
  times(code: string, after = 0): number[] {
    return this.facts.filter((one) => one.code === code && one.at >= after).map((one) => one.at)
  }
}

export interface Ack { readonly at: number; readonly error: KafkaError; readonly offset: number; readonly leader: number; readonly record: number }

/** Sends what the test says and notes the answers. It retries nothing. */
export class Client extends Process {
  readonly cluster: KafkaCluster
  readonly writer: Writer = { replaced: false }
  readonly acks: Ack[] = []
  readonly fetched: { at: number; answer: FetchAnswer }[] = []
  readonly ids: InitProducerIdAnswer[] = []
  readonly ends: { at: number; answer: EndTxnAnswer }[] = []
  metadata: MetadataAnswer | null = null
  lanes = 0
  private readonly links: (Connection | null)[] = []
  next = 0

  constructor(sim: Sim, cluster: KafkaCluster, zone = 'a', name = 'client') {
    super(sim, name, sim.host(name, zone, 1.25e9))
    this.cluster = cluster
    for (let b = 0; b < 2 * cluster.brokers.length; b++) this.links.push(null)
  }

  /** A connection for producing, or another one for fetching (a parked fetch mutes its channel). */
  link(sim: Sim, broker: number, isFetch = false): Connection {
    const index = isFetch ? broker + this.cluster.brokers.length : broker
    const known = this.links[index]
    if (known !== null && known !== undefined && known.isUsableBy(this)) return known
    const made = sim.network.connect(sim, this, cluster(this).brokers[broker] as Process, opened, closed)
    this.links[index] = made
    return made
  }

  /** A batch of `count` new records of lane 0. */
  batch(partition: number, count = 1, producer: { id: number; epoch: number; sequence: number; transactional?: boolean } | null = null): Batch {
    const first = this.next
    this.next += count
    return new Batch(
      partition, [0, first, count, 0], count, 61 + 208 * count, producer?.id ?? -1, producer?.epoch ?? -1, producer?.sequence ?? -1,
      producer?.transactional ?? false, DATA_BATCH, this.writer, -1,
    )
  }

  /** Sends batches to a broker (default: the leader of the first one's partition by the controllers' word). */
  produce(sim: Sim, batches: readonly Batch[], acks: number, options: { to?: number; timeout?: number; transactionalId?: number } = {}): void {
    const to = options.to ?? Math.max(0, this.cluster.leaderOf((batches[0] as Batch).partition))
    const link = this.link(sim, to)
    const request = new ProduceRequest(
      link, this, produced as EventKind<Unit, ProduceAnswer>, acks, options.timeout ?? 30 * SECOND, options.transactionalId ?? -1, batches, 500,
    )
    link.send(sim, this, produceRequest, request, 500)
  }

  fetch(sim: Sim, to: number, changed: readonly number[], isolation: number, options: { minBytes?: number; wait?: number; maxBytes?: number } = {}): void {
    const link = this.link(sim, to, true)
    link.send(sim, this, fetchRequest, new FetchRequest(
      link, this, gotData as EventKind<Unit, FetchAnswer>, isolation, -1, -1, changed, options.minBytes ?? 1, options.wait ?? 500 * MS,
      options.maxBytes ?? 50 << 20, 1 << 20,
    ), 100)
  }

  askMetadata(sim: Sim, of: number): void {
    const connection = this.link(sim, of)
    connection.send(sim, this, metadataRequest, { connection, client: this, onAnswer: gotMetadata as EventKind<Unit, MetadataAnswer> }, 60)
  }

  initProducer(sim: Sim, transactionalId: number, timeoutNanos = 60 * SECOND, to = Math.max(0, this.coordinator(transactionalId))): void {
    const connection = this.link(sim, to)
    connection.send(sim, this, initProducerIdRequest, {
      connection, client: this, onAnswer: gotId as EventKind<Unit, InitProducerIdAnswer>, transactionalId, timeoutNanos,
    }, 60)
  }

  endTransaction(sim: Sim, transactionalId: number, producerId: number, producerEpoch: number, commit: boolean, to = Math.max(0, this.coordinator(transactionalId))): void {
    const connection = this.link(sim, to)
    connection.send(sim, this, endTxnRequest, {
      connection, client: this, onAnswer: ended as EventKind<Unit, EndTxnAnswer>, transactionalId, producerId, producerEpoch, commit,
    }, 60)
  }

  coordinator(transactionalId: number): number {
    return this.cluster.leaderOf(this.cluster.transactionPartition(transactionalId))
  }
}

function cluster(client: Client): KafkaCluster {
  return client.cluster
}

const opened = eventKind<Client, Connection>('test.client-opened', () => {})
const closed = eventKind<Client, Connection>('test.client-closed', () => {})
const produced = eventKind<Client, ProduceAnswer>('test.client-produced', (sim, client, answer) => {
  for (let i = 0; i < answer.errors.length; i++) {
    const batch = answer.request.batches[i] as Batch
    client.acks.push({
      at: sim.now, error: answer.errors[i] as KafkaError, offset: answer.baseOffsets[i] as number, leader: answer.leaders[i] as number,
      record: batch.slices[1] as number,
    })
  }
})
const gotData = eventKind<Client, FetchAnswer>('test.client-fetched', (sim, client, answer) => { client.fetched.push({ at: sim.now, answer }) })
const gotMetadata = eventKind<Client, MetadataAnswer>('test.client-metadata', (_sim, client, answer) => { client.metadata = answer })
const gotId = eventKind<Client, InitProducerIdAnswer>('test.client-id', (_sim, client, answer) => { client.ids.push(answer) })
const ended = eventKind<Client, EndTxnAnswer>('test.client-ended', (sim, client, answer) => { client.ends.push({ at: sim.now, answer }) })

/** Everything that a keyframe copies. */
export interface Lab {
  readonly sim: Sim
  readonly cluster: KafkaCluster
  readonly ledger: Ledger
  readonly client: Client
}

export interface LabOptions {
  readonly seed?: string
  readonly partitions?: number
  readonly brokers?: number
  readonly factor?: number
  readonly knobs?: Readonly<Record<string, string>>
  readonly topics?: readonly TopicSpec[]
}

/** One topic `t` that is a sink, partition 0 led by broker 0; three brokers in three zones; min.insync.replicas 2. */
export function lab(options: LabOptions = {}): Lab {
  const sim = new Sim(options.seed ?? 'kafka')
  const settings = new KnobSettings(brokerKnobs)
  const knobs = { 'min.insync.replicas': '2', 'transaction.state.log.num.partitions': '3', ...options.knobs }
  for (const [key, value] of Object.entries(knobs)) {
    const issue = settings.set(key, value)
    if (issue !== null) throw new Error(issue.message)
  }
  const ledger = new Ledger()
  sim.facts = ledger
  sim.watchesDetail = true
  const made = new KafkaCluster({ sim, outside: ledger, settings }, {
    brokers: options.brokers ?? 3, zones: ['a', 'b', 'c'],
    topics: options.topics ?? [{
      name: 't', partitions: options.partitions ?? 1, replicationFactor: options.factor ?? 3,
      sink: { viewUncommitted: UNCOMMITTED, viewCommitted: COMMITTED },
    }],
  })
  return { sim, cluster: made, ledger, client: new Client(sim, made) }
}

/** Runs to a time in seconds with an audit after every event. */
export function runTo(lab: Lab, seconds: number): void {
  const until = Math.round(seconds * SECOND)
  while (lab.sim.run(until, true, 1) === 'budget') {
    lab.ledger.now = lab.sim.now
    lab.cluster.audit()
  }
}

/** Runs like `runTo` and calls `act` every `periodMs` until then. */
export function runWith(lab: Lab, seconds: number, periodMs: number, act: () => void): void {
  while (lab.sim.now < seconds * SECOND) {
    act()
    runTo(lab, Math.min(seconds, lab.sim.now / SECOND + periodMs / 1000))
  }
}

export function replicaOf(lab: Lab, broker: number, partition = 0): Replica {
  const replica = lab.cluster.brokers[broker]?.replica(partition)
  if (replica === null || replica === undefined) throw new Error(`broker ${broker} has no replica of ${partition}`)
  return replica
}
