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

/** The 128-bit hash of a text, from 0 to 2^128 - 1. */
export function md5(text: string): bigint {
  const words = padded(utf8(text))
  let a = 0x67452301 | 0
  let b = 0xefcdab89 | 0
  let c = 0x98badcfe | 0
  let d = 0x10325476 | 0
  for (let block = 0; block < words.length; block += 16) {
    const [a0, b0, c0, d0] = [a, b, c, d]
    for (let i = 0; i < 64; i++) {
      const round = i >> 4
      const f = round === 0 ? (b & c) | (~b & d)
        : round === 1 ? (d & b) | (~d & c)
          : round === 2 ? b ^ c ^ d : c ^ (b | ~d)
      const at = round === 0 ? i : round === 1 ? (5 * i + 1) & 15 : round === 2 ? (3 * i + 5) & 15 : (7 * i) & 15
      const sum = (a + f + SINES[i]! + words[block + at]!) | 0
      const shift = SHIFTS[round * 4 + (i & 3)]!
      a = d
      d = c
      c = b
      b = (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0
    }
    a = (a + a0) | 0
    b = (b + b0) | 0
    c = (c + c0) | 0
    d = (d + d0) | 0
  }
  return (big(a) << 96n) | (big(b) << 64n) | (big(c) << 32n) | big(d)
}

/** The hash as 32 hexadecimal digits. */
export function md5Hex(text: string): string {
  return md5(text).toString(16).padStart(32, '0')
}

/** MD5 writes its words with the low byte first. */
function big(word: number): bigint {
  const swapped = ((word & 255) << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24)
  return BigInt(swapped >>> 0)
}

/** The message, a one bit, zeros, and the length in bits, as little-endian words. */
function padded(bytes: readonly number[]): Int32Array {
  const blocks = ((bytes.length + 8) >> 6) + 1
  const words = new Int32Array(blocks * 16)
  for (let i = 0; i < bytes.length; i++) words[i >> 2] = words[i >> 2]! | (bytes[i]! << ((i & 3) * 8))
  words[bytes.length >> 2] = words[bytes.length >> 2]! | (0x80 << ((bytes.length & 3) * 8))
  words[blocks * 16 - 2] = bytes.length * 8
  return words
}

function utf8(text: string): number[] {
  const bytes: number[] = []
  for (let i = 0; i < text.length; i++) {
    const code = text.codePointAt(i) as number
    if (code > 0xffff) i++
    if (code < 0x80) bytes.push(code)
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63))
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63))
    else bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63))
  }
  invariant(bytes.length >= text.length, 'kinesis.key-encoded')
  return bytes
}
