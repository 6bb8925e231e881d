/**
 * Models: what readers at the serving leader could return from when on, and which copies are destroyed. It watches the
 *   brokers from outside and tells the ledger; no mechanism reads it.
 * Source: design of the ledger; Kafka 4.2 documentation, "isolation.level", "Replication".
 * Leaves out: clients that still read from a deposed leader on their side of a cut.
 */
import { Copyable, copyGraph, empty, objects, type Connection, type Sim } from '../../../src/kernel/index.ts'
import type { CauseCode } from '../../../src/contract/cause.ts'
import type { Outside } from '../../../src/contract/outside.ts'
import type { KafkaCluster } from './cluster.ts'
import type { Broker } from './broker.ts'
import { Acks0Sent } from './acks0-sent.ts'
import { acks0Refused, leaderChangedTruncation, offsetReused, transactionAbortedCause, uncleanElection } from './causes.ts'
import type { Log } from './log.ts'
import { DATA_BATCH, type Batch, type KafkaError, ProduceRequest } from './protocol.ts'
import type { Replica } from './replica.ts'
import type { RequestChannel } from './request-channel.ts'
import { WireHoldings } from './wire-holdings.ts'

/** One partition as the outside world sees it. */
export class PartitionView extends Copyable {
  /** View numbers of the ledger, -1 for a topic that is no sink. */
  readonly uncommitted: number
  readonly committed: number
  /** The replica that became leader last. */
  serving: Replica | null = null
  /** Readers of uncommitted records have seen everything below, in the serving replica's log or in `kept`. */
  shownTo = 0
  /** The serving replica's log as readers saw it, from when its host lost some of that until the next election. */
  kept: Log | null = null
  /** Readers of committed records have seen everything below. */
  committedTo = 0
  /** What the last election made of records that the leader does not have. */
  cutCause: CauseCode = leaderChangedTruncation
  /** Why a log lost records lately: the next election may retract them. */
  lastLoss: CauseCode | null = null
  /** How far readers of any leader before this one may have come: below it, offsets that are given again are skipped. */
  passed = 0

  constructor(uncommitted: number, committed: number) {
    super()
    this.uncommitted = uncommitted
    this.committed = committed
  }

  /** True when somebody is told of this partition. */
  get isSink(): boolean {
    return this.uncommitted >= 0 || this.committed >= 0
  }
}

/** The watcher of all partitions. */
export class Visibility extends Copyable {
  readonly views: PartitionView[] = []
  private readonly cluster: KafkaCluster
  private readonly outside: Outside
  private readonly batches: Batch[] = objects()
  /** What was written and will not be answered. */
  readonly acks0: Acks0Sent
  /** What clients that are gone have on the wire. */
  readonly wire = new WireHoldings()

  constructor(cluster: KafkaCluster, outside: Outside, brokers: number) {
    super()
    this.acks0 = new Acks0Sent(brokers)
    this.cluster = cluster
    this.outside = outside
  }

  /**
   * A leader's log has grown. What a deposed leader takes in goes when it learns of the other; and a reader that resumes
   * from a position it stored under an earlier leader skips what stands at offsets given a second time.
   */
  appended(replica: Replica, batch: Batch): void {
    const view = this.views[replica.partition] as PartitionView
    if (view.serving !== replica) this.drop(view.cutCause, batch)
    else if (batch.baseOffset < view.passed) this.drop(offsetReused, batch)
  }

  /** A leader's high watermark or last stable offset has moved. */
  advanced(replica: Replica): void {
    const view = this.views[replica.partition] as PartitionView
    if (!view.isSink || view.serving !== replica) return
    const { log } = replica
    const batches = this.batches
    if (view.shownTo < replica.highWatermark) {
      log.read(view.shownTo, replica.highWatermark, Infinity, batches)
      for (let i = 0; i < batches.length; i++) {
        const batch = batches[i] as Batch
        view.shownTo = batch.baseOffset + batch.records
        if (view.uncommitted >= 0 && batch.control === DATA_BATCH) this.show(view.uncommitted, batch)
      }
      empty(batches)
    }
    const stable = replica.lastStable < view.shownTo ? replica.lastStable : view.shownTo
    if (view.committedTo >= stable) return
    log.read(view.committedTo, stable, Infinity, batches)
    view.committedTo = stable
    for (let i = 0; i < batches.length; i++) {
      const batch = batches[i] as Batch
      if (batch.control !== DATA_BATCH) continue
      if (batch.isTransactional && log.producers.isAborted(batch)) this.drop(transactionAbortedCause, batch)
      else if (view.committed >= 0) this.show(view.committed, batch)
    }
    empty(batches)
  }

  /** A replica leads from now on: what only others hold, and what readers saw and it does not have, is gone. */
  elected(replica: Replica, isUnclean: boolean): void {
    const view = this.views[replica.partition] as PartitionView
    const cause = isUnclean ? uncleanElection : leaderChangedTruncation
    if (view.serving !== null) view.passed = Math.max(view.passed, view.serving.highWatermark)
    const seen = view.kept ?? view.serving?.log ?? null
    view.serving = replica
    view.cutCause = cause
    let stated: Log | null = null
    for (const broker of replica.brokers) {
      const other = (this.cluster.brokers[broker] as Broker).replica(replica.partition) as Replica
      if (other === replica) continue
      let from = other.log.commonWith(replica.log)
      if (stated !== null) from = Math.max(from, other.log.commonWith(stated))
      if (from >= other.log.end) continue
      stated ??= other.log
      other.log.forEachBatch(from, (batch) => {
        if (batch.baseOffset >= from) this.drop(cause, batch)
      })
    }
    if (view.isSink && seen !== null) this.retract(view, seen, replica, view.lastLoss ?? cause)
    view.lastLoss = null
    view.kept = null
  }

  private retract(view: PartitionView, seen: Log, replica: Replica, cause: CauseCode): void {
    const from = seen.commonWith(replica.log)
    if (from >= view.shownTo) return
    seen.forEachBatch(from, (batch) => {
      if (batch.control !== DATA_BATCH || batch.baseOffset < from || batch.baseOffset >= view.shownTo) return
      if (view.uncommitted >= 0) this.hide(view.uncommitted, batch, cause)
      const wasShown = batch.baseOffset < view.committedTo && !(batch.isTransactional && seen.producers.isAborted(batch))
      if (view.committed >= 0 && wasShown) this.hide(view.committed, batch, cause)
    })
    view.shownTo = from
    view.committedTo = Math.min(view.committedTo, from)
  }

  /** A follower cuts what its leader does not have. */
  truncated(replica: Replica, to: number): void {
    const view = this.views[replica.partition] as PartitionView
    const { cutCause } = view
    keep(view, replica, to)
    replica.log.forEachBatch(to, (batch) => {
      if (batch.baseOffset >= to) this.drop(cutCause, batch)
    })
  }

  /** A host lost what lay in its memory or on its disk: copies that no other replica holds are gone. */
  destroyed(replica: Replica, to: number, cause: CauseCode): void {
    const view = this.views[replica.partition] as PartitionView
    if (view.serving === replica) view.passed = Math.max(view.passed, replica.highWatermark)
    keep(view, replica, to)
    let from = to
    for (const broker of replica.brokers) {
      const other = (this.cluster.brokers[broker] as Broker).replica(replica.partition) as Replica
      if (other !== replica) from = Math.max(from, replica.log.commonWith(other.log))
    }
    if (from >= replica.log.end) return
    view.lastLoss = cause
    replica.log.forEachBatch(from, (batch) => {
      if (batch.baseOffset >= from) this.drop(cause, batch)
    })
  }

  /** A request without an answer was refused. */
  refused(batches: readonly Batch[], errors: readonly KafkaError[]): void {
    for (let i = 0; i < batches.length; i++) if (errors[i] !== 'NONE') this.drop(acks0Refused, batches[i] as Batch)
  }

  /** Requests that were never begun: those without an answer are lost with the channel. */
  unread(channel: RequestChannel, cause: CauseCode): void {
    for (const request of channel.waitingRequests()) {
      if (!(request instanceof ProduceRequest) || request.acks !== 0) continue
      for (const batch of request.batches) this.drop(cause, batch)
    }
  }

  /** A broker died, or hung up: what was written to it without an answer is gone. */
  unansweredGone(sim: Sim, broker: number, connection: Connection | null): void {
    if (connection === null) this.acks0.brokerDied(sim, this.outside, broker)
    else this.acks0.connectionLost(sim, this.outside, broker, connection)
  }

  private show(view: number, batch: Batch): void {
    const s = batch.slices
    for (let i = 0; i < s.length; i += 4) {
      this.outside.visible(view, s[i] as number, s[i + 1] as number, s[i + 2] as number, s[i + 3] as number, batch.writerReplaced)
    }
  }

  private hide(view: number, batch: Batch, cause: CauseCode): void {
    const s = batch.slices
    for (let i = 0; i < s.length; i += 4) {
      this.outside.retracted(view, s[i] as number, s[i + 1] as number, s[i + 2] as number, s[i + 3] as number, cause)
    }
  }

  private drop(cause: CauseCode, batch: Batch): void {
    const s = batch.slices
    for (let i = 0; i < s.length; i += 4) this.outside.dropped(cause, s[i] as number, s[i + 1] as number, s[i + 2] as number)
  }
}

/** The serving replica's log is about to be cut: what readers saw of it is kept for the next election. */
function keep(view: PartitionView, replica: Replica, to: number): void {
  if (view.isSink && view.serving === replica && view.kept === null && to < view.shownTo) view.kept = copyGraph(replica.log)
}
