/**
 * Models: what a broker does with the metadata log: clients that ask are told of a change as soon as it has come; the
 *   broker acts on it only after that, one change at a time. In between it refuses as leader what it has been named for,
 *   so that of the requests that come one after the other the first fail and the last do not.
 * Source: Kafka 4.2 `MetadataLoader`, `BrokerMetadataPublisher#onMetadataUpdate` (the cache first, then the replicas).
 * Leaves out: the time does not depend on the number of partitions; snapshots.
 */
import { Copyable, eventKind, type Sim, type Stream } from '../../../src/kernel/index.ts'
import type { Broker } from './broker.ts'
import { applyPartition } from './leadership.ts'
import { BrokerRecord, type MetadataFetchAnswer } from './protocol-internal.ts'
import { settle } from './settle.ts'

/** The thread that takes in the metadata log; it dies with the process. */
export class MetadataLoader extends Copyable {
  private readonly broker: Broker
  private readonly stream: Stream
  /** End of what has come of the log, and of what has been acted on. */
  received = 0
  applied = 0
  private isBusy = false
  /** What has come while the last change was acted on. */
  private readonly waiting: MetadataFetchAnswer[] = []

  constructor(sim: Sim, broker: Broker) {
    super()
    this.broker = broker
    this.stream = sim.random(`kafka/${broker.name}/metadata`)
  }

  /** The run begins with a broker that has been up for long. */
  begin(): void {
    this.received = this.applied = this.broker.metadata.offset
  }

  clear(): void {
    this.received = 0
    this.applied = 0
    this.isBusy = false
    this.waiting.length = 0
  }

  /** More of the log has come, unless it is what came before. */
  take(sim: Sim, answer: MetadataFetchAnswer): void {
    if (answer.request.offset !== this.received || answer.records.length === 0) return
    this.received = answer.endOffset
    if (this.isBusy) this.waiting.push(answer)
    else this.publish(sim, answer)
  }

  /** Clients are told from now on; the replicas follow. */
  private publish(sim: Sim, answer: MetadataFetchAnswer): void {
    const { broker } = this
    this.isBusy = true
    broker.metadata.replay(answer.records, answer.endOffset)
    const { metadataApplyShortest, metadataApplyLongest } = broker.cluster.config
    const work = metadataApplyShortest + Math.floor(this.stream.uniform() * Math.max(0, metadataApplyLongest - metadataApplyShortest))
    sim.after(work, broker, metadataApplied, answer)
  }

  /** The replicas take their roles. */
  apply(sim: Sim, answer: MetadataFetchAnswer): void {
    const { broker } = this
    this.applied = answer.endOffset
    for (let i = 0; i < answer.records.length; i++) {
      const record = answer.records[i]
      // Of several states of a partition only the last counts.
      if (record === undefined || record instanceof BrokerRecord || broker.metadata.partitions[record.partition] !== record) continue
      applyPartition(sim, broker, record)
    }
    broker.lifecycle.acted(sim)
    this.isBusy = false
    const next = this.waiting.shift()
    if (next !== undefined) this.publish(sim, next)
  }
}

const metadataApplied = eventKind<Broker, MetadataFetchAnswer>('kafka.metadata-applied', (sim, broker, answer) => {
  broker.lifecycle.loader.apply(sim, answer)
  settle(sim, broker)
})
