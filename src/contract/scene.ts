/**
 * What a column shows: a static stage, described once, and channels of numbers, sampled ten times a
 * simulated second. The page draws channels and never computes a result; a recipe fills them and never
 * learns of the page. A channel that is not known is NaN, which is drawn as blank, never as zero.
 *
 * Channel names (i, s, n count from 0):
 * - `time` seconds.
 * - measures, the same for every recipe, filled by src/measure: `m.offered m.answeredOk m.answeredFailed
 *   m.answeredUnknown m.delivered m.refused m.lost m.lostAcknowledged m.retracted m.unsettled m.duplicated
 *   m.duplicates m.rewrites m.repeatsRefused m.deadLettered` (counts so far), `m.offeredRate m.answeredRate
 *   m.visibleRate m.refusedRate` (records/s over the last second), `m.visibleP50 m.visibleP99 m.processedP50
 *   m.processedP99` (seconds, of what became visible or was processed in the last second), `m.lagRecords
 *   m.lagSeconds m.drainSeconds`, `m.outage` (1 while nothing born since the fault is visible).
 * - verdicts, one group a constraint in scenario order: `v.<i>.state` (1 tick, 0 dash, -1 cross),
 *   `v.<i>.observed`, `v.<i>.atLeast` (1: observed is a lower bound).
 * - nodes of the stage by their id: `node.<id>.state` (0 dead, 1 up, 2 paused, 3 restarting, 4 fenced,
 *   5 slow), `node.<id>.restartIn` (seconds), `node.<id>.sessionIn` (seconds until who watches it gives it up, if it
 *   stays silent), `node.<id>.sessionFor` (that time-out), `node.<id>.incarnation`, `node.<id>.bytesRate` (B/s),
 *   `node.<id>.controller` (1 on the active controller).
 * - lanes of the input log: `lane.<i>.leader` (replica index or -1), `lane.<i>.replica.<r>` (3 leads, 2 in
 *   sync, 1 out of sync, 0 dead), and, as append times in seconds, `lane.<i>.end` (newest record),
 *   `lane.<i>.visible` (high watermark), `lane.<i>.read` (the reader's position), `lane.<i>.again` (where it
 *   would start again after a failure), `lane.<i>.reached` (highest position read before the last restart);
 *   `lane.<i>.lagRecords`, `lane.<i>.lagSeconds`, `lane.<i>.blocked` (1: cannot append).
 * - task slots: `slot.<n>.<s>.subtask` (-1 none), `.state` (0 free, 1 running, 2 restoring, 3 dead), `.busy`,
 *   `.back` (shares 0..1, the rest is idle).
 * - pollers: `poller.<i>.level` (share of the next batch that waits), `.batch` (share of a full batch that executes),
 *   `.retries`, `.blocked`.
 * - environments: `env.<i>.state` (0 none, 1 frozen, 2 executing, 3 starting, 4 struck), `.incarnation`.
 * - checkpoints: `cp.id cp.acks cp.tasks cp.running cp.lastDuration cp.lastId cp.failed cp.restartAttempt
 *   cp.openTransactions cp.oldestOpen` (seconds); functions: `fn.executing fn.limit fn.throttles fn.retries`.
 * - output: `out.visible out.waiting out.duplicated out.lost`, `out.end out.stable` (append times, seconds),
 *   `out.commits` (count so far).
 * - traffic over a gutter to target i: `flow.<g>.<i>.rate` records/s, `.retries`, `.errors` (1/s); g = 0
 *   sources to log, 1 log to processing, 2 processing to sink.
 */

export type ZoneId = 'a' | 'b' | 'c'

/** A box that can be pointed at and struck; `id` is its target text in a fault, e.g. "broker-1". */
export interface StageNode {
  readonly id: string
  readonly name: string
  readonly zone: ZoneId
  /** Number of task slots, 0 where the node has none. */
  readonly slots: number
  /** Other target texts that mean the same node, e.g. "processor-1". */
  readonly roles: readonly string[]
}

/** One column's boxes; they never move while the run goes on. */
export interface Stage {
  readonly title: string
  readonly sources: readonly string[]
  readonly brokers:
    | { readonly kind: 'nodes'; readonly nodes: readonly StageNode[] }
    | { readonly kind: 'managed'; readonly text: string; readonly nearestFaults: readonly string[] }
  readonly lanes: {
    readonly kind: 'partitions' | 'shards' | 'queue'
    readonly names: readonly string[]
    /** Replicas per lane, 0 where replication is not visible to its users. */
    readonly replicas: number
    /** Zone of each replica pip per lane, or an empty list. */
    readonly replicaZones: readonly (readonly ZoneId[])[]
  }
  readonly processing:
    | { readonly kind: 'slots'; readonly nodes: readonly StageNode[] }
    | { readonly kind: 'functions'; readonly pollers: number; readonly environments: number }
    | { readonly kind: 'workers'; readonly nodes: readonly StageNode[] }
  readonly coordination: 'checkpoints' | 'functions' | 'none'
  readonly output: { readonly kind: 'log' | 'table'; readonly name: string; readonly reader: string }
}

/** A frame is one Float64Array whose slots are named by the layout; NaN is unknown. */
export interface FrameLayout {
  readonly names: readonly string[]
}

/** Writes channels by handles that were resolved once, so that sampling makes no strings. */
export class Channels {
  readonly names: string[] = []
  private readonly index = new Map<string, number>()

  /** Declares a channel and returns its handle; the same name returns the same handle. */
  declare(name: string): number {
    const known = this.index.get(name)
    if (known !== undefined) return known
    const handle = this.names.length
    this.names.push(name)
    this.index.set(name, handle)
    return handle
  }

  layout(): FrameLayout {
    return { names: [...this.names] }
  }
}
