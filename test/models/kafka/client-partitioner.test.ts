import { describe, expect, it } from 'vitest'
import { clientWorld } from './client-kit.ts'
import { KeyPartitioner, murmur2, partitionOfKey, utf8 } from '../../../models/parts/kafka/partitioner.ts'

/** Vectors of Kafka's own UtilsTest#testMurmur2. */
const vectors: readonly (readonly [string, number])[] = [
  ['21', -973932308], ['foobar', -790332482], ['a-little-bit-long-string', -985981536],
  ['a-little-bit-longer-string', -1486304829],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971], ['abc', 479470107],
]

describe('the partition of a key', () => {
  it.each(vectors)('murmur2 of %s is %d', (key, hash) => {
    expect(murmur2(utf8(key))).toBe(hash)
  })

  it('a negative hash is made positive by clearing the sign, not by abs', () => {
    expect(partitionOfKey('21', 12)).toBe((-973932308 & 0x7fffffff) % 12)
    expect(partitionOfKey('abc', 12)).toBe(479470107 % 12)
  })

  it('text is hashed as UTF-8', () => {
    for (const text of ['card-7', 'ß', '€', '𝄞', 'a€𝄞z']) expect([...utf8(text)]).toEqual([...new TextEncoder().encode(text)])
  })

  it('the table by key number agrees with the hash of the key text, from the first partition of the topic on', () => {
    const { world } = clientWorld()
    const table = KeyPartitioner.of(world.births, 5, 12)
    for (let key = 0; key < world.births.keyCount; key++) {
      expect(table.partitionOf(key)).toBe(5 + partitionOfKey(world.births.keyText(key), 12))
    }
  })
})
