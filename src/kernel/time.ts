/** Simulated time: whole nanoseconds in a number, exact for 104 days. */
import { invariant } from './invariant.ts'

declare const brand: unique symbol

/** Whole, never negative nanoseconds, at most 2^53 - 1; made by `nanos()`. */
export type Nanos = number & { readonly [brand]: true }

/** Brands a number as Nanos; an invariant if it is not whole, negative or beyond 2^53 - 1. */
export function nanos(n: number): Nanos {
  invariant(Number.isSafeInteger(n) && n >= 0, 'nanos-whole-and-not-negative', () => String(n))
  return n as Nanos
}

export const MICROSECOND = 1_000
export const MILLISECOND = 1_000_000
export const SECOND = 1_000_000_000
export const MINUTE = 60_000_000_000
export const HOUR = 3_600_000_000_000
