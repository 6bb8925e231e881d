import alea from 'seedrandom/lib/alea.js'
import { copied } from './copied.ts'
import { invariant } from './invariant.ts'

/** The four numbers that determine all further draws of a stream. */
export type StreamState = { c: number; s0: number; s1: number; s2: number }

/** The seed text of the stream `name` in a run; different (seed, name) pairs give different texts. */
export function streamSeed(runSeed: string, name: string): string {
  invariant(typeof runSeed === 'string', 'random-seed-is-text')
  invariant(name.length > 0, 'random-stream-has-name')
  // The length in front keeps ('a', 'b:c') and ('a:b', 'c') apart.
  return `${runSeed.length}:${runSeed}:${name}`
}

/** A named stream of uniform random numbers (seedrandom's alea, 32 bits a draw). */
export class Stream {
  readonly name: string
  // Alea keeps its state in a closure, hence [copied] below for keyframes.
  private readonly generator: ReturnType<typeof alea>

  constructor(seed: string, state?: StreamState) {
    // Alea would turn an absent seed into text; a run without a seed is a bug of the caller.
    invariant(typeof seed === 'string' && seed.length > 0, 'random-seed-is-text')
    this.name = seed
    this.generator = alea(seed, { state: state ?? true })
  }

  /** A stream that goes on from a state saved by `state()`. */
  static restore(name: string, state: StreamState): Stream {
    const inUnit = (x: number) => x >= 0 && x < 1
    invariant(inUnit(state.s0) && inUnit(state.s1) && inUnit(state.s2), 'random-state-in-range')
    invariant(Number.isInteger(state.c) && state.c >= 0, 'random-state-in-range')
    return new Stream(name, state)
  }

  /** A whole number in [-2^31, 2^31), all equally likely. One draw. */
  int32(): number {
    return this.generator.int32()
  }

  /** A multiple of 2^-32 in [0, 1). One draw. */
  uniform(): number {
    return this.generator()
  }

  /**
   * A whole number in [0, n), for whole n from 1 to 2^32. One draw; the chances of any two results
   * differ by less than n / 2^32 of themselves.
   */
  below(n: number): number {
    invariant(n >= 1 && n <= 4294967296, 'random-below-in-range')
    // The product stays below n after rounding too: u is at most 1 - 2^-32.
    return Math.floor(this.generator() * n)
  }

  /** True with chance p / 1000, for whole p from 0 (never) to 1000 (always). One draw. */
  perMille(p: number): boolean {
    invariant(p >= 0 && p <= 1000, 'random-per-mille-in-range')
    return this.generator() * 1000 < p
  }

  /** The state as plain numbers. Draws nothing. */
  state(): StreamState {
    return this.generator.state()
  }

  /** An independent stream with the same name and state. */
  copy(): Stream {
    return new Stream(this.name, this.generator.state())
  }

  [copied](): Stream {
    return this.copy()
  }
}
