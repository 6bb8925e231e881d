/**
 * Models: the MD5 hash of a partition key, read as an unsigned 128-bit number.
 * Source: RFC 1321; Kinesis API, PutRecord ("an MD5 hash function is used to map partition keys").
 * Leaves out: nothing; keys are encoded as UTF-8.
 */
import { invariant } from '../../../src/kernel/index.ts'

/** floor(2^32 |sin(i + 1)|), as RFC 1321 prints them: computed sines would differ between engines. */
const SINES = new Int32Array([
  0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
  0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
  0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
  0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
  0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
  0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
  0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
  0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
])
const SHIFTS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21]

/** The hash of a text as four words, the most significant first. */
export function md5Words(text: string): Int32Array {
  const words = padded(text)
  const state = new Int32Array([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476])
  for (let block = 0; block < words.length; block += 16) mixBlock(state, words, block)
  for (let i = 0; i < 4; i++) state[i] = swapped(state[i]!)
  return state
}

/** Four rounds of sixteen steps, each round a loop of its own: a step that asks for its round is twice as slow. */
function mixBlock(state: Int32Array, words: Int32Array, block: number): void {
  let a = state[0]!
  let b = state[1]!
  let c = state[2]!
  let d = state[3]!
  for (let i = 0; i < 16; i++) {
    const next = step(a + ((b & c) | (~b & d)), words[block + i]!, i, b)
    a = d
    d = c
    c = b
    b = next
  }
  for (let i = 16; i < 32; i++) {
    const next = step(a + ((d & b) | (~d & c)), words[block + ((5 * i + 1) & 15)]!, i, b)
    a = d
    d = c
    c = b
    b = next
  }
  for (let i = 32; i < 48; i++) {
    const next = step(a + (b ^ c ^ d), words[block + ((3 * i + 5) & 15)]!, i, b)
    a = d
    d = c
    c = b
    b = next
  }
  for (let i = 48; i < 64; i++) {
    const next = step(a + (c ^ (b | ~d)), words[block + ((7 * i) & 15)]!, i, b)
    a = d
    d = c
    c = b
    b = next
  }
  state[0] = (state[0]! + a) | 0
  state[1] = (state[1]! + b) | 0
  state[2] = (state[2]! + c) | 0
  state[3] = (state[3]! + d) | 0
}

function step(mixed: number, word: number, i: number, b: number): number {
  const sum = (mixed + SINES[i]! + word) | 0
  const shift = SHIFTS[((i >> 4) << 2) + (i & 3)]!
  return (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0
}

/** The hash as one number from 0 to 2^128 - 1. */
export function md5(text: string): bigint {
  let hash = 0n
  for (const word of md5Words(text)) hash = (hash << 32n) | BigInt(word >>> 0)
  return hash
}

/** The hash as 32 hexadecimal digits. */
export function md5Hex(text: string): string {
  return md5(text).toString(16).padStart(32, '0')
}

/** MD5 writes its words with the low byte first. */
function swapped(word: number): number {
  return ((word & 255) << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24)
}

/** The message, a one bit, zeros, and the length in bits, as little-endian words. */
function padded(text: string): Int32Array {
  const length = utf8Length(text)
  const words = new Int32Array((((length + 8) >> 6) + 1) * 16)
  let at = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.codePointAt(i) as number
    if (code > 0xffff) i++
    if (code < 0x80) put(words, at++, code)
    else {
      // The lead byte says how many follow, six bits in each.
      const more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3
      put(words, at++, ((0xf80 >> more) & 0xff) | (code >> (6 * more)))
      for (let left = more - 1; left >= 0; left--) put(words, at++, 0x80 | ((code >> (6 * left)) & 63))
    }
  }
  invariant(at === length, 'kinesis.key-encoded')
  put(words, length, 0x80)
  words[words.length - 2] = length * 8
  return words
}

/** Sets the byte at a position, low byte first; it was 0. */
function put(words: Int32Array, at: number, byte: number): void {
  words[at >> 2] = words[at >> 2]! | (byte << ((at & 3) * 8))
}

function utf8Length(text: string): number {
  let length = text.length
  for (let i = 0; i < text.length; i++) {
    const code = text.codePointAt(i) as number
    if (code > 0xffff) i++
    // A pair of two units has four bytes.
    length += code < 0x80 ? 0 : code < 0x800 ? 1 : 2
  }
  return length
}
