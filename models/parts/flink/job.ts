/**
 * Models: the submitted job: source -> keyBy -> operator chained with sink writer and committer, with its settings;
 *   the tables that follow from keys and parallelism.
 * Source: Flink 2.1 documentation, Flink Architecture; FLIP-27 split assignment as in KafkaSourceEnumerator.
 * Leaves out: other topologies, rescaling, operators that filter or derive (each record gives one result).
 */
import type { World } from '../../../src/contract/architecture.ts'
import { invariant, smallInts, type SmallInts } from '../../../src/kernel/index.ts'
import { defaultMaxParallelism, splitOwner, subtaskOfKey } from './key-group.ts'
import { OutageWatch } from './outage.ts'
import { taskDied } from './facts.ts'
import type { NetworkBuffer } from './buffer.ts'
import type { Connectors } from './connectors.ts'
import type { RestartSettings } from './restart-backoff.ts'

/** All durations in nanoseconds; Infinity is "off". */
export interface JobSettings {
  readonly parallelism: number
  readonly checkpointInterval: number
  /** False for execution.checkpointing.mode AT_LEAST_ONCE. */
  readonly isAligned: boolean
  readonly checkpointTimeout: number
  readonly minPause: number
  readonly tolerableFailedCheckpoints: number
  /** 0: after each step; Infinity: only full buffers. */
  readonly bufferTimeout: number
  readonly heartbeatInterval: number
  readonly heartbeatTimeout: number
  readonly rpcFailureThreshold: number
  readonly rpcTimeout: number
  readonly slotRequestTimeout: number
  readonly spreadSlots: boolean
  readonly restart: RestartSettings
  readonly highAvailability: boolean
  readonly sourceRecordNanos: number
  readonly operatorRecordNanos: number
  readonly taskStartNanos: number
  readonly stateBytesPerKey: number
  readonly storageBytesPerSecond: number
  readonly storageNanos: number
}

/** Tables by split and by key, and what outlives every execution of the job. */
export class Job {
  readonly world: World
  readonly settings: JobSettings
  readonly connectors: Connectors
  readonly parallelism: number
  readonly splits: number
  /** Subtask of the operator by key. */
  readonly keySubtask: SmallInts
  /** The key's number inside its subtask's state. */
  readonly keyPlace: SmallInts
  /** Number of keys by subtask. */
  readonly keysOf: Int32Array
  /** Source subtask by split. */
  readonly splitSubtask: number[] = []
  /** Highest offset emitted so far plus one, by split: for causes and pictures, no mechanism reads it. */
  readonly reached: Float64Array
  readonly outage = new OutageWatch()

  constructor(world: World, settings: JobSettings, connectors: Connectors, topic: string, splits: number) {
    const p = settings.parallelism
    invariant(p >= 1 && p <= 65536 && splits >= 1, 'flink.job-size')
    this.world = world
    this.settings = settings
    this.connectors = connectors
    this.parallelism = p
    this.splits = splits
    const keys = world.births.keyCount
    this.keySubtask = smallInts(keys, p - 1)
    this.keyPlace = smallInts(keys, keys - 1)
    this.keysOf = new Int32Array(p)
    const groups = defaultMaxParallelism(p)
    for (let key = 0; key < keys; key++) {
      const subtask = subtaskOfKey(world.births.keyText(key), groups, p)
      this.keySubtask[key] = subtask
      this.keyPlace[key] = this.keysOf[subtask] as number
      this.keysOf[subtask] = (this.keysOf[subtask] as number) + 1
    }
    for (let split = 0; split < splits; split++) this.splitSubtask.push(splitOwner(topic, split, p))
    this.reached = new Float64Array(splits)
  }

  /** A buffer is destroyed with the task that held it. */
  dropBuffer(buffer: NetworkBuffer): void {
    const slices = buffer.slices
    for (let i = 0; i < slices.length; i += 4) {
      this.world.outside.dropped(taskDied, slices[i] as number, slices[i + 1] as number, slices[i + 2] as number)
    }
  }
}
