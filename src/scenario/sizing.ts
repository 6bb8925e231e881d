/**
 * The size that a scenario gets when it states none: room for twice the load, by rules of thumb that are
 * named here. 10 000 records/s of 500 bytes give 12 partitions, 24 shards and 4 TaskManagers of 4 slots.
 */
import type { Constraint, Sizing, Workload } from '../contract/scenario.ts'
import { SECOND, nanos } from '../kernel/time.ts'

/** The load that everything is sized for, as a multiple of the offered one. */
const headroom = 2
/** Records a second that one subtask is counted on for [assumed]. */
const subtaskPerSecond = 2_000
const slotsPerTaskManager = 4
/** Write limits of one Kinesis shard: the service's published quota. */
const shardRecordsPerSecond = 1_000
const shardBytesPerSecond = 1_048_576
/** More shards than an even spread needs, because hashed keys do not spread evenly [assumed]. */
const shardSkew = 1.2
const lanesMax = 1_000

/** The sizing of a workload whose guarantee follows from the constraints. */
export function sizingFor(workload: Workload, constraints: readonly Constraint[]): Sizing {
  const load = workload.ratePerSecond * headroom
  const taskManagersBusy = Math.ceil(load / subtaskPerSecond / slotsPerTaskManager)
  const parallelism = Math.min(lanesMax, taskManagersBusy * slotsPerTaskManager)
  const shardsByRecords = Math.ceil((load * shardSkew) / shardRecordsPerSecond)
  const shardsByBytes = Math.ceil((load * workload.recordBytes * shardSkew) / shardBytesPerSecond)
  const guarantee = constraints.some(({ meaning }) => meaning.kind === 'exactly-once') ? 'exactly-once' : 'at-least-once'
  return {
    partitions: parallelism,
    shards: Math.min(lanesMax, Math.max(1, shardsByRecords, shardsByBytes)),
    replication: 3,
    parallelism,
    // One TaskManager's worth of slots is spare, so that the loss of one leaves room for its tasks.
    taskManagers: Math.ceil(parallelism / slotsPerTaskManager) + 1,
    slotsPerTaskManager,
    // Under exactly-once a result waits for its checkpoint, so that the interval is a part of the latency.
    checkpointInterval: nanos(guarantee === 'exactly-once' ? SECOND : 10 * SECOND),
    guarantee,
    brokers: 3,
    zones: 3,
  }
}
