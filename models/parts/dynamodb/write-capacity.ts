/**
 * Models: a write costs a unit per KiB begun; the table takes as many units a second as it is warmed up for and
 *   each partition at most 1000; more is throttled. On demand, capacity grows to twice the traffic's peak.
 * Source: DynamoDB Developer Guide, Read/write capacity and partitions; Lambda Developer Guide, Using Lambda with Kinesis; DynamoDB Developer Guide, "Read/Write Capacity Mode", "Burst and adaptive
 *   capacity". Bucket depth of 1 s and growth once a minute: assumed.
 * Leaves out: provisioned mode and its 300 s of burst, splitting for heat (keys are event ids, evenly spread).
 */
import { invariant } from '../../../src/kernel/index.ts'

export const PARTITION_UNITS = 1000
const UNIT_BYTES = 1024
const GROWTH_INTERVAL = 60e9

/** Write units of an item: every KiB begun counts. */
export function writeUnits(itemBytes: number): number {
  return Math.max(1, Math.ceil(itemBytes / UNIT_BYTES))
}

/** Buckets of the table and of its partitions. */
export class WriteCapacity {
  /** Units a second that the table is warmed up for. */
  unitsPerSecond: number
  /** Share of the capacity that is left, per cent; 100 unless throttled by a fault. */
  percent = 100
  private tableTokens: number
  private tableFilledAt = 0
  private partitionTokens: Float64Array
  private partitionFilledAt: Float64Array
  /** Units written since the minute began. */
  private written = 0
  private minuteAt = 0

  constructor(unitsPerSecond: number) {
    invariant(unitsPerSecond >= 1, 'dynamodb.capacity-positive')
    this.unitsPerSecond = unitsPerSecond
    this.tableTokens = unitsPerSecond
    const partitions = Math.ceil(unitsPerSecond / PARTITION_UNITS)
    this.partitionTokens = new Float64Array(partitions).fill(PARTITION_UNITS)
    this.partitionFilledAt = new Float64Array(partitions)
  }

  get partitions(): number {
    return this.partitionTokens.length
  }

  /** Takes `units` for the item whose key hashes to `hash` (not negative), or refuses and takes nothing. */
  admit(now: number, hash: number, units: number): boolean {
    const share = this.percent / 100
    const partition = hash % this.partitionTokens.length
    const seconds = (now - (this.partitionFilledAt[partition] as number)) / 1e9
    const full = PARTITION_UNITS * share
    const tokens = Math.min(full, (this.partitionTokens[partition] as number) + seconds * full)
    this.partitionFilledAt[partition] = now
    this.partitionTokens[partition] = tokens
    const passed = (now - this.tableFilledAt) / 1e9
    const rate = this.unitsPerSecond * share
    this.tableTokens = Math.min(rate, this.tableTokens + passed * rate)
    this.tableFilledAt = now
    if (tokens < units || this.tableTokens < units) return false
    this.partitionTokens[partition] = tokens - units
    this.tableTokens -= units
    this.written += units
    return true
  }

  /** At most once a minute: twice the last minute's traffic, if that is more. True when it grew. */
  grow(now: number): boolean {
    if (now < this.minuteAt + GROWTH_INTERVAL) return false
    const perSecond = this.written / ((now - this.minuteAt) / 1e9)
    this.minuteAt = now
    this.written = 0
    const wanted = Math.floor(2 * perSecond)
    if (wanted <= this.unitsPerSecond) return false
    this.unitsPerSecond = wanted
    const partitions = Math.ceil(wanted / PARTITION_UNITS)
    this.partitionTokens = new Float64Array(partitions).fill(PARTITION_UNITS)
    this.partitionFilledAt = new Float64Array(partitions).fill(now)
    return true
  }

  audit(): void {
    invariant(this.tableTokens >= 0 && this.tableTokens <= this.unitsPerSecond, 'dynamodb.table-tokens')
    for (const tokens of this.partitionTokens) {
      invariant(tokens >= 0 && tokens <= PARTITION_UNITS, 'dynamodb.partition-tokens')
    }
  }
}
