import { describe, expect, it } from 'vitest'
import { hashKeyRange, md5, md5Hex, shardOfKey } from '../../../models/parts/kinesis/index.ts'

describe('the hash of a partition key', () => {
  it.each([
    ['', 'd41d8cd98f00b204e9800998ecf8427e'],
    ['a', '0cc175b9c0f1b6a831c399e269772661'],
    ['abc', '900150983cd24fb0d6963f7d28e17f72'],
    ['message digest', 'f96b697d7cb7938d525a2f31aaf161d0'],
    ['abcdefghijklmnopqrstuvwxyz', 'c3fcd3d76192e4007dfb496cca67e13b'],
    ['ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789', 'd174ab98d277d9f5a5611c2c9f419d9f'],
    ['1234567890'.repeat(8), '57edf4a22be3c955ac49da2e2107b67a'],
  ])('MD5 of %j is that of RFC 1321', (text, hex) => {
    expect(md5Hex(text)).toBe(hex)
  })

  it('is taken of the UTF-8 bytes: two for a letter with an accent, four for a pictograph', () => {
    // Printed by coreutils md5sum for the bytes c3 a9 and f0 9f 92 b3.
    expect(md5Hex('\u00e9')).toBe('66ddcd97cfdeabb2f6fb8a999b4bc76f')
    expect(md5Hex('\u{1f4b3}')).toBe('0a41b2123b82fccde6d80c4881813424')
  })
})

describe('shards of a new stream', () => {
  it('tile the hash keys from 0 to 2^128 - 1 without a gap', () => {
    for (const shards of [1, 3, 7, 24]) {
      let next = 0n
      for (let shard = 0; shard < shards; shard++) {
        const { first, last } = hashKeyRange(shard, shards)
        expect(first).toBe(next)
        next = last + 1n
      }
      expect(next).toBe(1n << 128n)
    }
  })

  it('three shards have the ranges that the service prints for three shards', () => {
    expect(hashKeyRange(0, 3).last).toBe(113427455640312821154458202477256070484n)
    expect(hashKeyRange(1, 3).first).toBe(113427455640312821154458202477256070485n)
  })

  it('a key belongs to the shard whose range holds its hash', () => {
    for (const shards of [1, 3, 24, 1000]) {
      for (let i = 0; i < 2000; i++) {
        const { first, last } = hashKeyRange(shardOfKey(`card-${i}`, shards), shards)
        const hash = md5(`card-${i}`)
        expect(hash >= first && hash <= last).toBe(true)
      }
    }
  })
})
