import { Copyable } from './copied.ts'

/**
 * A rolling 64-bit fingerprint of a sequence of whole numbers, in two 32-bit lanes. It depends on
 * every value and on their order. It finds differences between runs; it is no cryptographic hash.
 */
export class Digest extends Copyable {
  // Two lanes and the count of numbers mixed in. A typed array, because fields that outgrow a small
  // integer are boxed by some engines at each write.
  private readonly lanes = Int32Array.of(0x243f6a88, 0x85a308d3, 0)

  /** Mixes in one int32; larger values lose their upper bits. */
  mix(value: number): void {
    // Two multiply-rotate lanes (the round of MurmurHash3), with different constants, crossed.
    let k = Math.imul(value, 0xcc9e2d51 | 0)
    k = (k << 15) | (k >>> 17)
    const lanes = this.lanes
    let a = lanes[0]! ^ Math.imul(k, 0x1b873593)
    a = (a << 13) | (a >>> 19)
    a = (Math.imul(a, 5) + 0xe6546b64) | 0
    const b = Math.imul((lanes[1]! ^ value) + a, 0x9e3779b1 | 0)
    lanes[0] = a
    lanes[1] = b ^ (b >>> 15)
    lanes[2] = lanes[2]! + 1
  }

  /** Mixes in a whole number from 0 to 2^53, such as a time in nanoseconds. */
  mixTime(time: number): void {
    const high = Math.floor(time * 2.3283064365386963e-10)
    this.mix(time - high * 4294967296 | 0)
    this.mix(high)
  }

  /**
   * Mixes in an event: a whole number from 0 to 2^53, its time, and an int32. One round of its own for
   * both, for the one place that runs with every event; otherwise as good as mixTime() and mix().
   */
  mixEvent(time: number, tag: number): void {
    const lanes = this.lanes
    const b = lanes[1]!
    // The lower 32 bits of the time, whose conversion to int32 drops the upper ones, and those upper ones.
    const k = Math.imul((time | 0) ^ Math.imul(time * 2.3283064365386963e-10 | 0, 0x85ebca6b | 0), 0xcc9e2d51 | 0)
    let a = lanes[0]! ^ k
    a = (Math.imul((a << 13) | (a >>> 19), 5) + b) | 0
    const c = Math.imul((b ^ tag) + a, 0x9e3779b1 | 0)
    lanes[0] = a
    lanes[1] = c ^ (c >>> 15)
  }

  /** The fingerprint so far as 16 hexadecimal digits. Changes nothing. */
  text(): string {
    const a = this.lanes[0]!
    const b = this.lanes[1]!
    const count = this.lanes[2]!
    return hex(finalise(a ^ Math.imul(b, 0x85ebca6b | 0) ^ count))
      + hex(finalise(b ^ Math.imul(a, 0xc2b2ae35 | 0) ^ (count + 0x9e3779b9)))
  }
}

/** A fingerprint of a text as an int32: FNV-1a over its UTF-16 units, then Murmur's finaliser. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5 | 0
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    hash = Math.imul(hash ^ (unit & 255), 0x01000193)
    hash = Math.imul(hash ^ (unit >>> 8), 0x01000193)
  }
  return finalise(hash)
}

// Murmur3's finaliser: each input bit changes each output bit with a chance near one half.
function finalise(value: number): number {
  let x = value ^ (value >>> 16)
  x = Math.imul(x, 0x85ebca6b | 0)
  x ^= x >>> 13
  x = Math.imul(x, 0xc2b2ae35 | 0)
  return x ^ (x >>> 16)
}

function hex(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0')
}
