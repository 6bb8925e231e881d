/**
 * Models: an event source mapping: it reads every shard, shares records out over lanes, closes batches, invokes
 *   synchronously, moves a lane's checkpoint past a batch that is done, and tries again what failed.
 * Source: Lambda Developer Guide, Using Lambda with Kinesis; Lambda Developer Guide, "Invoking functions with event source mappings".
 * Leaves out: filters, starting positions, the takeover of a failed poller, tumbling windows.
 */
import type { World } from '../../../src/contract/architecture.ts'
import type { CauseCode } from '../../../src/contract/cause.ts'
import { eventKind, invariant, Process, type EventKind, type Host, type Sim, type Stream } from '../../../src/kernel/index.ts'
import type { KinesisStream, ShardConsumer, ShardLog } from '../kinesis/index.ts'
import { batchRecordsMax, takeBatch, type Batch } from './batch.ts'
import { countOpenOf, oldestOpen, visitOpen } from './checkpoint.ts'
import { FailureDestination } from './destination.ts'
import type { FunctionService, Invoker } from './function-service.ts'
import { ACCEPTED, SERVICE_ERROR, SUCCEEDED, THROTTLED } from './invocation.ts'
import { Lane, shareOut } from './lane.ts'
import { afterFailure, redelivered, retryBackoffNanos, tooOld, type RetryOptions } from './retry.ts'
import { closesNow, windowEnd } from './window.ts'
import {
  batchCut, batchDiscarded, batchExpired, batchRecovered, batchRetried, batchSplit, functionFailed, invokeFailed,
  iteratorAge, lambdaThrottled, recordsDiscarded, recordsTooOld, recordTooOld,
} from './words.ts'

/** What the user set; nanoseconds; Infinity and -1 for no limit. */
export interface MappingOptions extends RetryOptions {
  readonly batchSize: number
  readonly windowNanos: number
  readonly lanesPerShard: number
  readonly recordAgeNanos: number
}

/** Records that a poller keeps ready for each lane beside the batch at hand: this many batches. Assumed. */
const READY_BATCHES = 2
/** Beyond this many waiting records of a blocked lane, the shard is not read any further. */
const LANE_RECORDS_MAX = 1_000_000

/** The pollers of all shards: on a host that no user can strike. */
export class EventSourceMapping extends Process implements ShardConsumer, Invoker {
  readonly lanes: Lane[] = []
  options: MappingOptions
  readonly destination: FailureDestination
  /** Records done (or discarded, or expired), and retries, so far. */
  done = 0
  retries = 0
  /** Of each shard: behind the last record received. */
  readonly received: Float64Array
  readonly retriesByShard: Float64Array
  private readonly world: World
  private readonly stream: KinesisStream
  private readonly functions: FunctionService
  private readonly backoff: Stream
  /** Most records of one batch. */
  recordsMax: number

  constructor(
    world: World, host: Host, stream: KinesisStream, functions: FunctionService, destinationView: number | null,
    options: MappingOptions,
  ) {
    super(world.sim, 'event-source-mapping', host)
    this.isManaged = true
    this.world = world
    this.stream = stream
    this.functions = functions
    this.options = options
    this.destination = new FailureDestination(world, this, destinationView)
    this.received = new Float64Array(stream.shards)
    this.retriesByShard = new Float64Array(stream.shards)
    this.backoff = world.sim.random('lambda/retry-backoff')
    this.recordsMax = batchRecordsMax(options.batchSize, world.births.recordBytes)
    for (let shard = 0; shard < stream.shards; shard++) {
      for (let i = 0; i < options.lanesPerShard; i++) this.lanes.push(new Lane(this, this.lanes.length, shard))
    }
    functions.invoker = this
  }

  /** Other settings from now on; the number of lanes stays. */
  configure(options: MappingOptions): void {
    invariant(options.lanesPerShard === this.options.lanesPerShard, 'lambda.lanes-stay')
    this.options = options
    this.recordsMax = batchRecordsMax(options.batchSize, this.world.births.recordBytes)
  }

  /** Lanes of one shard. */
  lanesOf(shard: number): readonly Lane[] {
    const perShard = this.options.lanesPerShard
    return this.lanes.slice(shard * perShard, (shard + 1) * perShard)
  }

  /** Records of a shard that are not done. */
  openRecords(shard: number): number {
    return countOpenOf(this.lanesOf(shard), this.stream.logs[shard] as ShardLog, this.received[shard] as number)
  }

  room(shard: number): number {
    const perShard = this.options.lanesPerShard
    let least = Infinity
    for (let i = shard * perShard; i < (shard + 1) * perShard; i++) {
      const count = (this.lanes[i] as Lane).queue.count
      if (count >= LANE_RECORDS_MAX) return 0
      if (count < least) least = count
    }
    const onTheWay = (this.stream.reader?.positionOf(shard) ?? 0) - (this.received[shard] as number)
    return perShard * (READY_BATCHES * this.recordsMax - least) - onTheWay
  }

  receive(sim: Sim, shard: number, from: number, to: number): void {
    this.received[shard] = to
    const perShard = this.options.lanesPerShard
    const first = shard * perShard
    if (perShard === 1) {
      const queue = (this.lanes[first] as Lane).queue
      for (let position = from; position < to; position++) queue.push(position)
    } else shareOut(this.lanesOf(shard), this.stream.logs[shard] as ShardLog, from, to, this.stream.routing, this.world.births)
    for (let i = first; i < first + perShard; i++) this.proceed(sim, this.lanes[i] as Lane)
  }

  receivedUpTo(shard: number): number {
    return this.received[shard] as number
  }

  expired(_sim: Sim, shard: number, from: number, to: number): void {
    invariant(this.received[shard] === from, 'lambda.expired-behind-received', () => `shard ${shard}`)
    this.received[shard] = to
    this.done += to - from
  }

  /** Lets an idle lane close a batch, or wait for its window. */
  proceed(sim: Sim, lane: Lane): void {
    if (lane.isInvoking || lane.isWaiting) return
    if (lane.pending.length > 0) {
      this.deliver(sim, lane)
      return
    }
    if (closesNow(lane.queue.count, this.recordsMax, this.options.windowNanos)) this.closeBatch(sim, lane)
    else if (lane.queue.count > 0 && !lane.window.isSet()) {
      lane.window.set(sim, windowEnd(lane.idleSince, sim.now, this.options.windowNanos))
    }
  }

  /** Makes a batch of what waits in a lane, as much as fits, and delivers it. */
  closeBatch(sim: Sim, lane: Lane): void {
    if (lane.isInvoking || lane.isWaiting || lane.queue.count === 0) return
    lane.window.stop()
    const log = this.stream.logs[lane.shard] as ShardLog
    lane.pending.push(takeBatch(lane, log, Math.min(lane.queue.count, this.recordsMax)))
    this.stream.wakeReader(sim, lane.shard)
    this.deliver(sim, lane)
  }

  /** Tries the first pending batch, without what is too old. */
  deliver(sim: Sim, lane: Lane): void {
    while (lane.pending.length > 0) {
      const batch = this.cutOld(sim, lane.pending[0] as Batch)
      if (batch === null) lane.pending.shift()
      else {
        lane.pending[0] = batch
        this.invoke(sim, lane, batch)
        return
      }
    }
    this.idle(sim, lane)
  }

  finished(sim: Sim, batch: Batch, outcome: number, failedAt: number): void {
    const lane = batch.lane
    invariant(lane.isInvoking && lane.pending[0] === batch, 'lambda.finished-is-at-hand', () => `lane ${lane.number}`)
    lane.isInvoking = false
    if (outcome === SUCCEEDED && failedAt < 0) this.succeeded(sim, lane, batch)
    else if (outcome === SERVICE_ERROR) this.postpone(sim, lane)
    else this.failed(sim, lane, batch, failedAt < 0 ? 0 : failedAt)
  }

  /** A back-off is over. */
  again(sim: Sim, lane: Lane): void {
    lane.isWaiting = false
    this.deliver(sim, lane)
  }

  private invoke(sim: Sim, lane: Lane, batch: Batch): void {
    const result = this.functions.invoke(sim, batch)
    if (result === ACCEPTED) {
      lane.isInvoking = true
      if (lane.failures > 0) {
        sim.fact(batchRetried, this.functions.chosen ?? this, lane.shard, batch.size, lane.failures, sim.now - lane.waitingSince)
        sim.fact(iteratorAge, this, lane.shard, this.ageNanos(sim, lane.shard, batch.positions[batch.size - 1] as number))
      }
      lane.throttles = 0
      return
    }
    const { inUse, allowed } = this.functions.concurrency
    if (result === THROTTLED) sim.fact(lambdaThrottled, this, lane.shard, inUse, allowed)
    else sim.fact(invokeFailed, this, lane.shard)
    this.postpone(sim, lane)
  }

  /** The function did not run: no attempt is used up. */
  private postpone(sim: Sim, lane: Lane): void {
    lane.throttles++
    this.wait(sim, lane, lane.throttles)
  }

  private succeeded(sim: Sim, lane: Lane, batch: Batch): void {
    lane.pending.shift()
    if (lane.failures > 0) sim.fact(batchRecovered, this, lane.shard, batch.size, lane.failures)
    lane.failures = 0
    this.passed(lane, batch.size)
    if (lane.pending.length > 0) this.deliver(sim, lane)
    else this.idle(sim, lane)
  }

  private failed(sim: Sim, lane: Lane, batch: Batch, doneBelow: number): void {
    lane.pending.shift()
    sim.fact(functionFailed, this, lane.shard, batch.size)
    const { deliver, discarded, cause } = afterFailure(batch, doneBelow, this.options)
    if (doneBelow > 0) sim.fact(batchCut, this, lane.shard, doneBelow, batch.size)
    if (deliver.length > 1) sim.fact(batchSplit, this, lane.shard, batch.size)
    for (let i = deliver.length - 1; i >= 0; i--) {
      lane.pending.unshift(redelivered(this.world.copies, deliver[i] as Batch, cause, sim.now, this))
    }
    // Only now, because the checkpoint stands at the oldest pending record.
    if (doneBelow > 0) this.passed(lane, doneBelow)
    if (discarded !== null) {
      sim.fact(recordsDiscarded, this, lane.shard, discarded.size, discarded.invocations)
      this.discard(sim, discarded, batchDiscarded)
      lane.failures = 0
      this.deliver(sim, lane)
      return
    }
    lane.failures++
    this.retries++
    this.retriesByShard[lane.shard] = (this.retriesByShard[lane.shard] as number) + 1
    this.wait(sim, lane, Math.max(1, (lane.pending[0] as Batch).attempts))
  }

  private wait(sim: Sim, lane: Lane, failures: number): void {
    lane.isWaiting = true
    lane.waitingSince = sim.now
    sim.after(retryBackoffNanos(this.backoff, failures), this, backoffOver, lane)
  }

  private idle(sim: Sim, lane: Lane): void {
    lane.idleSince = sim.now
    this.proceed(sim, lane)
  }

  /** Discards from the front what is older than the limits; null when nothing is left. */
  private cutOld(sim: Sim, batch: Batch): Batch | null {
    const log = this.stream.logs[batch.lane.shard] as ShardLog
    const ageMillis = this.options.recordAgeNanos / 1e6
    const limit = Math.min(ageMillis, this.stream.retentionMillis)
    const nowMillis = Math.floor(sim.now / 1e6)
    if (nowMillis - log.arrivedMillis(batch.positions[0] as number) <= limit) return batch
    const old = tooOld(batch, (position) => log.arrivedMillis(position), nowMillis, limit)
    if (old === 0) return batch
    sim.fact(recordsTooOld, this, batch.lane.shard, old)
    const cause = ageMillis <= this.stream.retentionMillis ? recordTooOld : batchExpired
    this.discard(sim, batch.part(0, old, batch.attempts), cause)
    batch.lane.failures = 0
    return old === batch.size ? null : batch.part(old, batch.size, batch.attempts)
  }

  private discard(sim: Sim, batch: Batch, cause: CauseCode): void {
    this.destination.discard(sim, batch, cause)
    this.passed(batch.lane, batch.size)
  }

  /** The checkpoint moves: `records` of a lane will not be handed over again. */
  private passed(lane: Lane, records: number): void {
    this.done += records
    ;(this.stream.logs[lane.shard] as ShardLog).release(this.oldest(lane.shard))
  }

  /** Position of the oldest record of a shard that is not done. */
  oldest(shard: number): number {
    const perShard = this.options.lanesPerShard
    return oldestOpen(this.lanes, shard * perShard, (shard + 1) * perShard, this.received[shard] as number)
  }

  /** Age of the record at a position, nanoseconds. */
  ageNanos(sim: Sim, shard: number, position: number): number {
    const arrived = (this.stream.logs[shard] as ShardLog).arrivedMillis(position)
    return Math.max(0, sim.now - arrived * 1e6)
  }

  /** Every record that will still be handed over: unread, waiting, or in a batch that is not done. */
  holdings(visit: (lane: number, first: number, count: number) => void): void {
    visitOpen(this.lanes, this.stream, this.received, visit)
    this.destination.holdings(visit)
  }

  audit(): void {
    let open = 0
    for (let shard = 0; shard < this.stream.shards; shard++) open += this.openRecords(shard)
    invariant(this.done + open === this.stream.stored, 'lambda.stored-is-done-or-open', () => `${this.done} ${open}`)
  }
}

const backoffOver: EventKind<EventSourceMapping, Lane> = eventKind('lambda.backoff-over', (sim, mapping, lane) => {
  mapping.again(sim, lane)
})
