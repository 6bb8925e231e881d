/**
 * Models: what a client believes about leaders: asked of any broker at the start, after metadata.max.age.ms, and when
 *   an error or a lost connection hints that it is stale (back-off between refreshes); an older leader epoch never
 *   replaces a newer one; NOT_LEADER_OR_FOLLOWER may name the new leader at once.
 * Source: Kafka 4.2 Metadata, NetworkClient.DefaultMetadataUpdater; KIP-951.
 * Leaves out: topic ids, partial updates, brokers that join later.
 */
import { Copyable, eventKind, type Sim, type Unit } from '../../../src/kernel/index.ts'
import { ASKS_METADATA, type KafkaClient } from './client-connection.ts'
import type { MetadataAnswer, MetadataRequest } from './protocol.ts'

const REQUEST_BYTES = 60

/** Leaders and their epochs by partition, as one client believes. */
export class Metadata extends Copyable {
  /** Broker number, -1 unknown or none. */
  readonly leaders: Int32Array
  readonly epochs: Int32Array
  /** True once any answer has come. */
  isKnown = false
  private isNeeded = true
  private isAsked = false
  /** When the last answer or failure came, and how long to wait after it. */
  private lastAt = 0
  private pause = 0
  private unchanged = 0

  constructor(partitions: number) {
    super()
    this.leaders = new Int32Array(partitions).fill(-1)
    this.epochs = new Int32Array(partitions).fill(-1)
  }

  /** Something hints that a leader has moved. */
  request(): void {
    this.isNeeded = true
  }

  /** The broker that refused named the leader of a partition. False if that is nothing new. */
  hint(partition: number, leader: number, epoch: number): boolean {
    if (leader < 0 || epoch <= (this.epochs[partition] as number)) return false
    this.leaders[partition] = leader
    this.epochs[partition] = epoch
    return true
  }

  /** The program died. */
  forget(): void {
    this.leaders.fill(-1)
    this.epochs.fill(-1)
    this.isKnown = false
    this.isNeeded = true
    this.isAsked = false
    this.lastAt = 0
    this.pause = 0
    this.unchanged = 0
  }

  /** Asks when it is time, or says when it will be. */
  refresh(sim: Sim, client: KafkaClient): void {
    if (this.isAsked) return
    const at = this.lastAt + (this.isNeeded ? this.pause : client.timing.metadataMaxAge)
    if (sim.now < at) {
      client.wakeBy(at)
      return
    }
    const link = client.leastLoaded(sim)
    if (link === null || link.connection === null) return
    const request: MetadataRequest = { connection: link.connection, client, onAnswer: metadataAnswered }
    link.connection.send(sim, client, client.cluster.requests.metadata, request, REQUEST_BYTES)
    client.await(sim, link, ASKS_METADATA, request)
    this.isAsked = true
    this.isNeeded = false
  }

  /** An answer came. */
  update(sim: Sim, client: KafkaClient, answer: MetadataAnswer): void {
    let hasChanged = !this.isKnown
    for (let p = 0; p < this.leaders.length; p++) {
      const epoch = answer.epochs[p] as number
      if (epoch < (this.epochs[p] as number)) continue
      if (epoch !== this.epochs[p] || answer.leaders[p] !== this.leaders[p]) hasChanged = true
      this.epochs[p] = epoch
      this.leaders[p] = answer.leaders[p] as number
    }
    this.isKnown = true
    this.isAsked = false
    this.unchanged = hasChanged ? 0 : this.unchanged + 1
    this.rest(sim, client)
  }

  /** The request was lost with its connection. */
  failed(sim: Sim, client: KafkaClient): void {
    this.isAsked = false
    this.isNeeded = true
    this.unchanged++
    this.rest(sim, client)
  }

  private rest(sim: Sim, client: KafkaClient): void {
    const config = client.timing
    this.lastAt = sim.now
    this.pause = client.backOff(config.retryBackoff, config.retryBackoffMax, this.unchanged)
  }
}

const metadataAnswered = eventKind<Unit, MetadataAnswer>('kafka.client-metadata', (sim, unit, answer) => {
  // The request carried the client itself, and answers are handled on what it carried.
  ;(unit as KafkaClient).metadataAnswered(sim, answer)
})
