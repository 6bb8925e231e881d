/**
 * Models: keyed state on the heap: one value per key that a record changes, held by the subtask of the key's
 *   group; a snapshot copies it whole, its size is the number of keys seen times the size of one.
 * Source: Flink 2.1 documentation, State Backends (hashmap state backend: full snapshot every time).
 * Leaves out: RocksDB, incremental snapshots, time to live; the state's bytes per key are a setting.
 */
import { invariant } from '../../../src/kernel/index.ts'

/** The state of one subtask: how many records it has counted for each of its keys. */
export class KeyedState {
  /** By the key's number inside its subtask. */
  private readonly counts: Int32Array
  /** Number of keys that have a value. */
  keys = 0
  /** Sum of all counts: how many records have taken effect in the state. */
  total = 0

  /** `from` is a snapshot's content, or null for an empty state. */
  constructor(size: number, from: Int32Array | null) {
    this.counts = from === null ? new Int32Array(size) : from.slice()
    invariant(this.counts.length === size, 'flink.state-size', `${this.counts.length} instead of ${size}`)
    for (let i = 0; i < size; i++) {
      const count = this.counts[i] as number
      if (count > 0) this.keys++
      this.total += count
    }
  }

  /** One record of this key takes effect. */
  add(key: number): void {
    const count = this.counts[key] as number
    if (count === 0) this.keys++
    this.counts[key] = count + 1
    this.total++
  }

  /** How many records of the key have taken effect. */
  countOf(key: number): number {
    return this.counts[key] as number
  }

  snapshot(): Int32Array {
    return this.counts.slice()
  }
}
