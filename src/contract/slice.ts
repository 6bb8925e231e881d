/**
 * Records travel as slices: (lane, first, count, copy), consecutive records of one lane in one physical copy.
 * A list of slices is one flat array of numbers, four a slice, so that no object is made per record. Order in
 * the list is the order of the records.
 */
import { invariant } from '../kernel/index.ts'

export const STRIDE = 4
export const LANE = 0
export const FIRST = 1
export const COUNT = 2
export const COPY = 3

/** A flat list of slices; its length is a multiple of STRIDE. Handed-over lists are never changed. */
export type Slices = number[]

/** Appends a slice, joining it to the last one where lane, copy and index run on. */
export function pushSlice(slices: Slices, lane: number, first: number, count: number, copy: number): void {
  const n = slices.length
  if (
    n > 0 && slices[n - 4] === lane && slices[n - 1] === copy &&
    (slices[n - 3] as number) + (slices[n - 2] as number) === first
  ) {
    slices[n - 2] = (slices[n - 2] as number) + count
    return
  }
  slices.push(lane, first, count, copy)
}

/** Number of records in a list. */
export function countRecords(slices: Slices): number {
  let count = 0
  for (let i = COUNT; i < slices.length; i += STRIDE) count += slices[i] as number
  return count
}

/** The records [from, to) of a list, counted from its start; slices are cut where needed. */
export function cutSlices(slices: Slices, from: number, to: number): Slices {
  invariant(from >= 0 && from <= to, 'slice.cut-range', `${from}..${to}`)
  const out: Slices = []
  let at = 0
  for (let i = 0; i < slices.length && at < to; i += STRIDE) {
    const count = slices[i + COUNT] as number
    const a = Math.max(from, at)
    const b = Math.min(to, at + count)
    if (a < b) out.push(slices[i] as number, (slices[i + FIRST] as number) + a - at, b - a, slices[i + COPY] as number)
    at += count
  }
  return out
}

/** Calls back for each slice of a list. Not for hot loops: those index the array. */
export function forEachSlice(slices: Slices, visit: (lane: number, first: number, count: number, copy: number) => void): void {
  for (let i = 0; i < slices.length; i += STRIDE) {
    visit(slices[i] as number, slices[i + FIRST] as number, slices[i + COUNT] as number, slices[i + COPY] as number)
  }
}
