/**
 * Models: the SDK sends throttled and failed writes again: three attempts in all, waiting a random share of a
 *   doubling time in between.
 * Source: DynamoDB Developer Guide, Read/write capacity and partitions (SDK for JavaScript v3: 3 attempts); base 100 ms, cap 20 s [assumed].
 * Leaves out: the SDK's retry quota across calls.
 */
import type { Stream } from '../../../src/kernel/index.ts'

const FIRST = 100e6
const LONGEST = 20e9

/** Nanoseconds before attempt n (from 2). One draw. */
export function sdkBackoffNanos(stream: Stream, attempt: number): number {
  let longest = FIRST
  for (let i = 2; i < attempt && longest < LONGEST; i++) longest *= 2
  return Math.floor(Math.min(longest, LONGEST) * stream.uniform())
}

/** The refused writes of a group, as the items of the next one. */
export function refusedItems(items: readonly number[], refused: readonly number[]): number[] {
  const again: number[] = []
  for (let i = 0; i < refused.length; i++) {
    const at = (refused[i] as number) * 4
    again.push(items[at] as number, items[at + 1] as number, items[at + 2] as number, items[at + 3] as number)
  }
  return again
}
