/**
 * Models: the in-sync replicas: the leader drops followers that have not caught up for replica.lag.time.max.ms (looked
 *   at every half of it), takes in those that reached the high watermark, and counts a change only when the controller
 *   has committed it; one proposal a partition at a time.
 * Source: Kafka 4.2 `Partition#maybeShrinkIsr`, `#maybeExpandIsr`, `AlterPartitionManager`.
 * Leaves out: nothing known.
 */
import { Copyable, eventKind, type EventKind, type Sim, type Unit } from '../../../src/kernel/index.ts'
import type { Broker } from './broker.ts'
import { alterPartitionRequest } from './controller-requests.ts'
import { advanceHighWatermark, isCaughtUp, isEligible } from './high-watermark.ts'
import { applyPartition } from './leadership.ts'
import { type AlterPartitionAnswer, IsrProposal, type PartitionRecord } from './protocol-internal.ts'
import { LEADER, type Replica } from './replica.ts'
import { settle } from './settle.ts'

/** Proposals of one broker; one request to the controller at a time carries all that wait. */
export class IsrManager extends Copyable {
  private readonly broker: Broker
  private readonly waiting: IsrProposal[] = []
  private inFlight: readonly IsrProposal[] | null = null

  constructor(broker: Broker) {
    super()
    this.broker = broker
  }

  /** Every half lag limit: followers that lag leave. */
  check(sim: Sim): void {
    const broker = this.broker
    broker.isrTimer.set(sim, sim.now + Math.ceil(broker.cluster.config.lagTimeMax / 2))
    for (let p = 0; p < broker.replicas.length; p++) {
      const replica = broker.replicas[p] as Replica | null
      if (replica === null || replica.role !== LEADER || replica.pendingIsr !== null || replica.isr.length < 2) continue
      const kept: number[] = []
      for (const member of replica.isr) {
        if (member === broker.number || isInSync(sim, broker, replica, member)) kept.push(member)
      }
      if (kept.length < replica.isr.length) this.propose(sim, replica, kept)
    }
  }

  /** A follower outside the set has fetched: it joins if it reaches the high watermark and this epoch's start. */
  maybeExpand(sim: Sim, replica: Replica, index: number): void {
    const broker = this.broker
    const follower = replica.brokers[index] as number
    if (replica.pendingIsr !== null || replica.isr.includes(follower)) return
    const end = replica.followerEnd[index] as number
    if (end < replica.highWatermark || end < replica.epochStart || !isEligible(broker, replica, index)) return
    this.propose(sim, replica, [...replica.isr, follower].sort((a, b) => a - b))
  }

  private propose(sim: Sim, replica: Replica, isr: readonly number[]): void {
    replica.pendingIsr = isr
    this.waiting.push(new IsrProposal(replica.partition, replica.leaderEpoch, replica.partitionEpoch, isr))
    this.send(sim)
  }

  /** Sends what waits; what was in flight on a lost connection goes again. */
  send(sim: Sim): void {
    const broker = this.broker
    const connection = broker.lifecycle.connection
    if (this.inFlight !== null || this.waiting.length === 0 || connection === null || !connection.isUsableBy(broker)) return
    this.inFlight = this.waiting.splice(0)
    connection.send(sim, broker, alterPartitionRequest, {
      connection, client: broker, onAnswer: altered as EventKind<Unit, AlterPartitionAnswer>, broker: broker.number,
      brokerEpoch: broker.lifecycle.epoch, proposals: this.inFlight,
    }, 60 + 40 * this.inFlight.length)
  }

  /** The controller connection is gone: the outcome is unknown, so the same is proposed again. */
  disconnected(): void {
    if (this.inFlight !== null) this.waiting.unshift(...this.inFlight)
    this.inFlight = null
  }

  answered(sim: Sim, answer: AlterPartitionAnswer): void {
    if (this.inFlight !== answer.request.proposals) return
    this.inFlight = null
    if (answer.error !== 'NONE') {
      this.waiting.unshift(...answer.request.proposals)
      return
    }
    for (let i = 0; i < answer.errors.length; i++) {
      if (answer.errors[i] === 'NONE') continue
      const proposal = answer.request.proposals[i] as IsrProposal
      const replica = this.broker.replica(proposal.partition)
      // What the controller refuses is void; the metadata log brings what it knows better.
      if (replica !== null && replica.pendingIsr === proposal.isr) replica.pendingIsr = null
    }
    for (const record of answer.records) applyPartition(sim, this.broker, record as PartitionRecord)
    this.send(sim)
  }

  clear(): void {
    this.waiting.length = 0
    this.inFlight = null
  }
}

function isInSync(sim: Sim, broker: Broker, replica: Replica, member: number): boolean {
  return isCaughtUp(sim, broker, replica, replica.brokers.indexOf(member))
}

/** The committed in-sync set of a led partition has changed. */
export function isrChanged(sim: Sim, broker: Broker, replica: Replica, record: PartitionRecord): void {
  replica.isr = record.isr
  replica.pendingIsr = null
  advanceHighWatermark(sim, broker, replica)
}

const altered = eventKind<Broker, AlterPartitionAnswer>('kafka.partition-altered', (sim, broker, answer) => {
  broker.isr.answered(sim, answer)
  broker.lifecycle.heard(sim, answer.active, answer.error)
  settle(sim, broker)
})
