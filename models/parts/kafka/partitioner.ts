/**
 * Models: the partition of a key: murmur2 of its UTF-8 bytes, made positive, modulo the topic's partitions.
 * Source: Kafka 4.2 Utils#murmur2, #toPositive, BuiltInPartitioner#partitionForKey.
 * Leaves out: records without a key (the sticky partitioner of KIP-794).
 */
import { shared, smallInts, type SmallInts } from '../../../src/kernel/index.ts'
import type { Births } from '../../../src/contract/births.ts'

/** Kafka's murmur2 of bytes, as a signed 32-bit number. */
export function murmur2(data: Uint8Array): number {
  const m = 0x5bd1e995
  const length = data.length
  let h = 0x9747b28c ^ length
  const words = length >> 2
  for (let i = 0; i < words; i++) {
    const at = i * 4
    let k = (data[at] as number) | ((data[at + 1] as number) << 8) | ((data[at + 2] as number) << 16)
      | ((data[at + 3] as number) << 24)
    k = Math.imul(k, m)
    k ^= k >>> 24
    k = Math.imul(k, m)
    h = Math.imul(h, m) ^ k
  }
  const tail = words * 4
  const left = length - tail
  if (left >= 3) h ^= (data[tail + 2] as number) << 16
  if (left >= 2) h ^= (data[tail + 1] as number) << 8
  if (left >= 1) h = Math.imul(h ^ (data[tail] as number), m)
  h ^= h >>> 13
  h = Math.imul(h, m)
  return h ^ (h >>> 15)
}

/** Index of the partition of a key within its topic. */
export function partitionOfKey(key: string, partitions: number): number {
  return (murmur2(utf8(key)) & 0x7fffffff) % partitions
}

/** Partitions by key number. `firstPartition` is the number of the topic's first one. */
export class KeyPartitioner {
  readonly [shared] = true
  private readonly firstPartition: number
  /** Index of the partition within its topic. */
  private readonly table: SmallInts

  constructor(firstPartition: number, table: SmallInts) {
    this.firstPartition = firstPartition
    this.table = table
  }

  /** Computes the table once. */
  static of(births: Births, firstPartition: number, partitions: number): KeyPartitioner {
    const table = smallInts(births.keyCount, partitions - 1)
    for (let key = 0; key < births.keyCount; key++) table[key] = partitionOfKey(births.keyText(key), partitions)
    return new KeyPartitioner(firstPartition, table)
  }

  /** The same keys over another topic with as many partitions. */
  for(firstPartition: number): KeyPartitioner {
    return new KeyPartitioner(firstPartition, this.table)
  }

  partitionOf(key: number): number {
    return this.firstPartition + (this.table[key] as number)
  }
}

/** UTF-8 of a text, written out because the core uses no host's encoder; lone surrogates become U+FFFD. */
export function utf8(text: string): Uint8Array {
  const bytes: number[] = []
  for (const character of text) {
    let point = character.codePointAt(0) as number
    if (point >= 0xd800 && point <= 0xdfff) point = 0xfffd
    if (point < 0x80) bytes.push(point)
    else if (point < 0x800) bytes.push(0xc0 | (point >> 6), 0x80 | (point & 63))
    else if (point < 0x10000) bytes.push(0xe0 | (point >> 12), 0x80 | ((point >> 6) & 63), 0x80 | (point & 63))
    else bytes.push(0xf0 | (point >> 18), 0x80 | ((point >> 12) & 63), 0x80 | ((point >> 6) & 63), 0x80 | (point & 63))
  }
  return Uint8Array.from(bytes)
}
