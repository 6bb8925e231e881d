/**
 * Models: a shard admits a record only while both its limits do: 1000 records/s and 1 MiB/s, each a bucket that
 *   fills evenly; the order of arrival decides who is refused.
 * Source: Kinesis Developer Guide, Quotas and limits; Kinesis Developer Guide, "Quotas and Limits". Depth of 1 s: assumed.
 * Leaves out: rounding of single PutRecord calls up to a KiB (this client sends PutRecords), on-demand scaling.
 */
import { invariant } from '../../../src/kernel/index.ts'

export const RECORDS_PER_SECOND = 1000
export const BYTES_PER_SECOND = 1_048_576
const DEPTH_SECONDS = 1

/** Both buckets of every shard. */
export class WriteLimits {
  private readonly records: Float64Array
  private readonly bytes: Float64Array
  private readonly filledAt: Float64Array
  /** Share of the capacity that is left, per cent; 100 unless throttled by a fault. */
  private readonly percent: Float64Array

  constructor(shards: number) {
    this.records = new Float64Array(shards).fill(RECORDS_PER_SECOND * DEPTH_SECONDS)
    this.bytes = new Float64Array(shards).fill(BYTES_PER_SECOND * DEPTH_SECONDS)
    this.filledAt = new Float64Array(shards)
    this.percent = new Float64Array(shards).fill(100)
  }

  /** Takes one record of `bytes` at time `now`, or refuses it and takes nothing. */
  admit(shard: number, now: number, bytes: number): boolean {
    const passed = now - (this.filledAt[shard] as number)
    if (passed > 0) this.fill(shard, now, passed)
    const records = this.records[shard] as number
    const room = this.bytes[shard] as number
    if (records < 1 || room < bytes) return false
    this.records[shard] = records - 1
    this.bytes[shard] = room - bytes
    return true
  }

  /** Leaves a share of a shard's capacity, whole per cent; 100 ends it. */
  throttle(shard: number, percent: number): void {
    invariant(percent >= 0 && percent <= 100, 'kinesis.throttle-percent')
    this.percent[shard] = percent
  }

  /** Tokens never exceed a bucket's depth nor fall below zero. */
  audit(): void {
    for (let shard = 0; shard < this.records.length; shard++) {
      const records = this.records[shard] as number
      const bytes = this.bytes[shard] as number
      invariant(records >= 0 && records <= RECORDS_PER_SECOND * DEPTH_SECONDS, 'kinesis.record-tokens')
      invariant(bytes >= 0 && bytes <= BYTES_PER_SECOND * DEPTH_SECONDS, 'kinesis.byte-tokens')
    }
  }

  private fill(shard: number, now: number, passed: number): void {
    const share = (this.percent[shard] as number) / 100
    const seconds = (passed / 1e9) * share
    const records = (this.records[shard] as number) + seconds * RECORDS_PER_SECOND
    const bytes = (this.bytes[shard] as number) + seconds * BYTES_PER_SECOND
    this.records[shard] = Math.min(records, RECORDS_PER_SECOND * DEPTH_SECONDS * share)
    this.bytes[shard] = Math.min(bytes, BYTES_PER_SECOND * DEPTH_SECONDS * share)
    this.filledAt[shard] = now
  }
}
