/**
 * Models: what a producer sends again: only the entries that failed, as they were; all of a call without an
 *   answer, as new copies, because the first may have been stored. Back-off doubles, with jitter and a cap.
 * Source: Kinesis API Reference, PutRecords; Kinesis Developer Guide, Producers; retry base 100 ms [source: SDK]; cap 5 s and jitter: assumed.
 * Leaves out: a retry budget shared by calls.
 */
import type { Copies } from '../../../src/contract/cause.ts'
import { pushSlice, STRIDE, type Slices } from '../../../src/contract/slice.ts'
import { invariant, type Process, type Stream } from '../../../src/kernel/index.ts'
import { putRetry } from './words.ts'

const BACKOFF_FIRST = 100e6
const BACKOFF_LONGEST = 5e9

/** One PutRecords call as the producer keeps it; `retry` counts from 0. */
export class Call {
  readonly slices: Slices
  readonly records: number
  readonly retry: number

  constructor(slices: Slices, records: number, retry: number) {
    invariant(records > 0, 'kinesis.call-not-empty')
    this.slices = slices
    this.records = records
    this.retry = retry
  }
}

/** Nanoseconds before retry n (from 1): between half of 100 ms x 2^(n-1) and all of it, at most 5 s. One draw. */
export function backoffNanos(stream: Stream, retry: number): number {
  let longest = BACKOFF_FIRST
  for (let i = 1; i < retry && longest < BACKOFF_LONGEST; i++) longest *= 2
  return Math.floor(Math.min(longest, BACKOFF_LONGEST) * (0.5 + 0.5 * stream.uniform()))
}

/** Parts the records at the given rising positions from the others; both keep their order. */
export function split(slices: Slices, failedAt: readonly number[]): { kept: Slices; failed: Slices } {
  const kept: Slices = []
  const failed: Slices = []
  let position = 0
  let next = 0
  for (let i = 0; i < slices.length; i += STRIDE) {
    const first = slices[i + 1] as number
    const end = first + (slices[i + 2] as number)
    for (let index = first; index < end; index++, position++) {
      const isFailed = failedAt[next] === position
      if (isFailed) next++
      pushSlice(isFailed ? failed : kept, slices[i] as number, index, 1, slices[i + 3] as number)
    }
  }
  invariant(next === failedAt.length, 'kinesis.failed-position-in-call')
  return { kept, failed }
}

/** The same records as new copies, one id per parent. */
export function resent(copies: Copies, slices: Slices, at: number, writer: Process): Slices {
  const again: Slices = []
  const parents: number[] = []
  const minted: number[] = []
  for (let i = 0; i < slices.length; i += STRIDE) {
    const parent = slices[i + 3] as number
    let known = parents.indexOf(parent)
    if (known < 0) {
      known = parents.push(parent) - 1
      minted.push(copies.mint(putRetry, parent, at, writer))
    }
    pushSlice(again, slices[i] as number, slices[i + 1] as number, slices[i + 2] as number, minted[known] as number)
  }
  return again
}

/** Calls back for each slice. */
export function eachSlice(slices: Slices, visit: (lane: number, first: number, count: number) => void): void {
  for (let i = 0; i < slices.length; i += STRIDE) {
    visit(slices[i] as number, slices[i + 1] as number, slices[i + 2] as number)
  }
}
