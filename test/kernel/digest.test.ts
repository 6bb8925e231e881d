import { describe, expect, test } from 'vitest'
import { Digest, hashText } from '../../src/kernel/digest.ts'

function digestOf(values: readonly number[]): string {
  const digest = new Digest()
  for (const value of values) digest.mix(value)
  return digest.text()
}

function bitsThatDiffer(left: string, right: string): number {
  let bits = 0
  for (let i = 0; i < 16; i++) {
    let x = parseInt(left[i]!, 16) ^ parseInt(right[i]!, 16)
    for (; x !== 0; x >>>= 1) bits += x & 1
  }
  return bits
}

describe('Digest', () => {
  test('is 16 hexadecimal digits, and the same for the same sequence', () => {
    expect(digestOf([1, 2, 3])).toMatch(/^[0-9a-f]{16}$/)
    expect(digestOf([1, 2, 3])).toBe(digestOf([1, 2, 3]))
  })

  test('depends on order, on length and on zeros', () => {
    const texts = [[], [0], [0, 0], [1], [1, 0], [0, 1], [1, 2], [2, 1], [-1]].map(digestOf)
    expect(new Set(texts).size).toBe(texts.length)
  })

  test('reading the text changes nothing', () => {
    const digest = new Digest()
    digest.mix(7)
    expect(digest.text()).toBe(digest.text())
  })

  test('one changed bit changes about half of the digest, at every place', () => {
    let sum = 0
    let pairs = 0
    for (let place = 0; place < 12; place++) {
      for (let bit = 0; bit < 32; bit++) {
        const values = Array.from({ length: 12 }, (_, i) => Math.imul(i + 1, 0x9e3779b1 | 0))
        const before = digestOf(values)
        values[place]! ^= 1 << bit
        const differ = bitsThatDiffer(before, digestOf(values))
        expect(differ).toBeGreaterThanOrEqual(10)
        sum += differ
        pairs++
      }
    }
    expect(sum / pairs).toBeGreaterThan(31)
    expect(sum / pairs).toBeLessThan(33)
  })

  test('100 000 short sequences that differ little have no equal digests', () => {
    const texts = new Set<string>()
    for (let i = 0; i < 100_000; i++) texts.add(digestOf([i & 7, i >> 3, 0]))
    expect(texts.size).toBe(100_000)
  })

  test('times differ in every bit up to 2^53, and differ from a single number', () => {
    const texts = new Set<string>()
    for (let power = 0; power < 53; power++) {
      const digest = new Digest()
      digest.mixTime(Number(1n << BigInt(power)))
      texts.add(digest.text())
    }
    texts.add(digestOf([1]))
    expect(texts.size).toBe(54)
  })

  test('golden: the digest of a fixed sequence never changes', () => {
    const digest = new Digest()
    for (let i = 0; i < 1000; i++) digest.mix(Math.imul(i, 0x9e3779b1 | 0))
    digest.mixTime(123_456_789_012_345)
    expect(digest.text()).toBe('d262cb6822439fa9')
  })
})

describe('hashText', () => {
  test('is an int32 that depends on every character and on their order', () => {
    const texts = ['', 'a', 'b', 'ab', 'ba', 'broker-1', 'broker-2', '\u0100', '\u0001\u0000']
    const hashes = texts.map(hashText)
    for (const hash of hashes) expect(hash).toBe(hash | 0)
    expect(new Set(hashes).size).toBe(texts.length)
  })

  test('golden: known hashes never change', () => {
    expect(hashText('')).toBe(-1421968373)
    expect(hashText('kafka/broker-1/election')).toBe(1532716914)
  })
})
