/**
 * Models: key -> key group (murmur of the key's Java hash, modulo the maximal parallelism) -> subtask.
 * Source: Flink 2.1 documentation, Flink Architecture; Flink 2.1 KeyGroupRangeAssignment, MathUtils.murmurHash; java.lang.String.hashCode.
 * Leaves out: nothing.
 */
import { invariant } from '../../../src/kernel/index.ts'

/** `String.hashCode` of Java, an int32. */
export function javaHash(text: string): number {
  let hash = 0
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0
  return hash
}

/** `MathUtils.murmurHash` of Flink: a whole number from 0 to 2^31 - 1. */
export function murmurHash(value: number): number {
  let code = Math.imul(value, 0xcc9e2d51)
  code = (code << 15) | (code >>> 17)
  code = Math.imul(code, 0x1b873593)
  code = (code << 13) | (code >>> 19)
  code = (Math.imul(code, 5) + 0xe6546b64) | 0
  code ^= 4
  code ^= code >>> 16
  code = Math.imul(code, 0x85ebca6b)
  code ^= code >>> 13
  code = Math.imul(code, 0xc2b2ae35)
  code ^= code >>> 16
  if (code >= 0) return code
  return code === -0x80000000 ? 0 : -code
}

/** 1.5 times the parallelism, rounded up to a power of two, from 128 to 32768. */
export function defaultMaxParallelism(parallelism: number): number {
  let power = 1
  while (power < parallelism + Math.floor(parallelism / 2)) power *= 2
  return Math.min(32768, Math.max(128, power))
}

/** The subtask that holds the key group of this key. */
export function subtaskOfKey(keyText: string, maxParallelism: number, parallelism: number): number {
  invariant(parallelism <= maxParallelism, 'flink.parallelism-above-key-groups', String(parallelism))
  const keyGroup = murmurHash(javaHash(keyText)) % maxParallelism
  return Math.floor((keyGroup * parallelism) / maxParallelism)
}

/** Owner of a partition of a topic among the source's subtasks: round robin from a start that the name gives. */
export function splitOwner(topic: string, partition: number, parallelism: number): number {
  const start = (Math.imul(javaHash(topic), 31) & 0x7fffffff) % parallelism
  return (start + partition) % parallelism
}
