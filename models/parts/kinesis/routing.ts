/**
 * Models: a record belongs to the one open shard whose hash-key range holds the MD5 of its partition key; n new
 *   shards tile [0, 2^128 - 1] in equal ranges, the last one takes the remainder.
 * Source: Kinesis API Reference, PutRecord; Kinesis API, PutRecord and CreateStream.
 * Leaves out: ExplicitHashKey, resharding, RecordDistributionStrategy AUTO.
 */
import type { Births } from '../../../src/contract/births.ts'
import { invariant, shared } from '../../../src/kernel/index.ts'
import { md5, md5Words } from './md5.ts'

const HASHES = 1n << 128n
const UNKNOWN = -1

/** First and last hash key of a shard among `shards` equal ones. */
export function hashKeyRange(shard: number, shards: number): { readonly first: bigint; readonly last: bigint } {
  invariant(shard >= 0 && shard < shards, 'kinesis.shard-number')
  const width = HASHES / BigInt(shards)
  const first = width * BigInt(shard)
  return { first, last: shard === shards - 1 ? HASHES - 1n : first + width - 1n }
}

/** The shard of a partition key. */
export function shardOfKey(key: string, shards: number): number {
  return shardOfWords(md5Words(key), shards, key)
}

function shardOfWords(words: Int32Array, shards: number, key: string): number {
  // The top 48 bits decide, unless they come near a border of two shards; then all 128 do.
  const top = (words[0]! >>> 0) * 65536 + (words[1]! >>> 16)
  const place = (top / 281474976710656) * shards
  const shard = Math.floor(place)
  if (place - shard > 1e-9 && place - shard < 1 - 1e-9) return shard
  return Math.min(shards - 1, Number(md5(key) / (HASHES / BigInt(shards))))
}

/** Shard and hash of each key of a workload; both are pure functions of the key, kept once computed. */
export class Routing {
  readonly shards: number
  private readonly births: Births
  /** Memo of a pure function, so keyframes may share it. */
  private readonly shardByKey: Int16Array
  private readonly hashByKey: Int32Array

  constructor(births: Births, shards: number) {
    invariant(shards >= 1 && shards <= 10_000, 'kinesis.shard-count', String(shards))
    this.births = births
    this.shards = shards
    this.shardByKey = new Int16Array(births.keyCount).fill(UNKNOWN)
    this.hashByKey = new Int32Array(births.keyCount)
    Object.defineProperty(this.shardByKey, shared, { value: true })
    Object.defineProperty(this.hashByKey, shared, { value: true })
  }

  /** The shard of key number `key`. */
  shardOf(key: number): number {
    const known = this.shardByKey[key] as number
    return known === UNKNOWN ? this.learn(key) : known
  }

  /** Another whole hash of the key, not negative: what a reader shares a shard's records out by. */
  hashOf(key: number): number {
    if (this.shardByKey[key] === UNKNOWN) this.learn(key)
    return this.hashByKey[key] as number
  }

  private learn(key: number): number {
    const text = this.births.keyText(key)
    const words = md5Words(text)
    const shard = shardOfWords(words, this.shards, text)
    this.shardByKey[key] = shard
    // The low bits: the high ones are what keeps the keys of one shard together.
    this.hashByKey[key] = words[3]! & 0x7fffffff
    return shard
  }
}
