/** Keys, key groups and splits go where Flink sends them. */
import { describe, expect, test } from 'vitest'
import { defaultMaxParallelism, javaHash, murmurHash, splitOwner, subtaskOfKey } from '../../../models/parts/flink/index.ts'

describe('key groups', () => {
  test('the hash of a text is Java\'s', () => {
    expect(javaHash('')).toBe(0)
    expect(javaHash('a')).toBe(97)
    expect(javaHash('hello')).toBe(99162322)
    expect(javaHash('polygenelubricants')).toBe(-2147483648)
  })

  test('the murmur hash is never negative and spreads evenly over 128 key groups', () => {
    const counts = new Array<number>(128).fill(0)
    for (let i = 0; i < 12_800; i++) {
      const hash = murmurHash(javaHash(`card-${i}`))
      expect(hash).toBeGreaterThanOrEqual(0)
      counts[hash % 128]!++
    }
    expect(Math.min(...counts)).toBeGreaterThan(60)
    expect(Math.max(...counts)).toBeLessThan(145)
  })

  test('max parallelism is 1.5 times the parallelism as a power of two, from 128 to 32768', () => {
    expect([1, 12, 85, 86, 200, 30_000].map(defaultMaxParallelism)).toEqual([128, 128, 128, 256, 512, 32768])
  })

  test('a subtask holds a contiguous range of key groups: 10 or 11 of 128 at parallelism 12', () => {
    const groups = new Map<number, Set<number>>()
    for (let i = 0; i < 20_000; i++) {
      const key = `card-${i}`
      const subtask = subtaskOfKey(key, 128, 12)
      const group = murmurHash(javaHash(key)) % 128
      if (!groups.has(subtask)) groups.set(subtask, new Set())
      groups.get(subtask)!.add(group)
    }
    expect(groups.size).toBe(12)
    for (const [, set] of groups) {
      expect(set.size === 10 || set.size === 11).toBe(true)
      expect(Math.max(...set) - Math.min(...set)).toBe(set.size - 1)
    }
  })

  test('splits go round robin from a start that the topic\'s name gives', () => {
    const owners = Array.from({ length: 12 }, (_none, split) => splitOwner('transactions', split, 5))
    for (let i = 1; i < owners.length; i++) expect(owners[i]).toBe((owners[i - 1]! + 1) % 5)
    expect(owners[0]).toBe((Math.imul(javaHash('transactions'), 31) & 0x7fffffff) % 5)
  })
})
