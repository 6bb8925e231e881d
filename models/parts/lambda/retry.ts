/**
 * Models: what the mapping does with a failed batch: the whole of it again, or its halves, or everything from the
 *   lowest reported failure on; records too old are cut off the front before each try; a batch whose attempts
 *   are used up is discarded. Throttling and errors before the function ran use up no attempt.
 * Source: Lambda Developer Guide, Using Lambda with Kinesis; recorded on AWS: n retries are n+1 invocations, 8 invocations in 60 s.
 *   Back-off 0.5 s x 2^k, at most 16 s, 20 % jitter: assumed so that it gives those eight.
 * Leaves out: what attempts and back-off mean after a cut is not published: both begin anew [assumed].
 */
import type { CauseCode, Copies } from '../../../src/contract/cause.ts'
import { invariant, type Process, type Stream } from '../../../src/kernel/index.ts'
import { Batch } from './batch.ts'
import { batchBisected, batchFromFailure, batchRetry } from './words.ts'

const BACKOFF_FIRST = 0.5e9
const BACKOFF_LONGEST = 16e9

/** Nanoseconds before the try after `failures` (from 1) in a row. One draw. */
export function retryBackoffNanos(stream: Stream, failures: number): number {
  invariant(failures >= 1, 'lambda.backoff-after-failure')
  let nanos = BACKOFF_FIRST
  for (let i = 1; i < failures && nanos < BACKOFF_LONGEST; i++) nanos *= 2
  return Math.floor(Math.min(nanos, BACKOFF_LONGEST) * (0.8 + 0.4 * stream.uniform()))
}

/** What the user set; -1 for no limit on attempts, Infinity for none on age. */
export interface RetryOptions {
  readonly attemptsMax: number
  readonly bisects: boolean
}

/** What follows a failed try. `deliver` are batches in order; `discarded` is dropped; `cause` is why again. */
export interface AfterFailure {
  readonly deliver: readonly Batch[]
  readonly discarded: Batch | null
  readonly cause: CauseCode
}

/**
 * Decides after a failure of `batch`. `doneBelow` is the count of records before the lowest reported failure;
 * 0 when nothing was reported.
 */
export function afterFailure(batch: Batch, doneBelow: number, options: RetryOptions): AfterFailure {
  invariant(doneBelow >= 0 && doneBelow < batch.size, 'lambda.failure-in-batch')
  if (doneBelow > 0) {
    return { deliver: [batch.part(doneBelow, batch.size, 0)], discarded: null, cause: batchFromFailure }
  }
  if (options.bisects && batch.size > 1) {
    const middle = Math.ceil(batch.size / 2)
    const halves = [batch.part(0, middle, batch.attempts), batch.part(middle, batch.size, batch.attempts)]
    return { deliver: halves, discarded: null, cause: batchBisected }
  }
  batch.attempts++
  if (options.attemptsMax >= 0 && batch.attempts > options.attemptsMax) return { deliver: [], discarded: batch, cause: batchRetry }
  return { deliver: [batch], discarded: null, cause: batchRetry }
}

/** How many records at the front arrived longer than `ageMillis` before `nowMillis`. */
export function tooOld(batch: Batch, arrivedMillis: (position: number) => number, nowMillis: number, ageMillis: number): number {
  let old = 0
  while (old < batch.size && nowMillis - arrivedMillis(batch.positions[old] as number) > ageMillis) old++
  return old
}

/** The same records as new copies, one id per parent: they are handed over again. */
export function redelivered(copies: Copies, batch: Batch, cause: CauseCode, at: number, writer: Process): Batch {
  const slices = batch.slices.slice()
  const parents: number[] = []
  const minted: number[] = []
  for (let i = 3; i < slices.length; i += 4) {
    const parent = slices[i] as number
    let known = parents.indexOf(parent)
    if (known < 0) {
      known = parents.push(parent) - 1
      minted.push(copies.mint(cause, parent, at, writer))
    }
    slices[i] = minted[known] as number
  }
  return new Batch(batch.lane, batch.positions, slices, batch.attempts, batch.invocations)
}
