/**
 * Models: a new environment is placed (50-250 ms) and initialised (a measured distribution by runtime) before its
 *   first invocation.
 * Source: Lambda Developer Guide, Using Lambda with Kinesis (INIT of a hello-world zip, p50, p90, p99, max over 500 samples a day);
 *   placement [assumed].
 * Leaves out: dependencies of the function (2 to 10 times as long), SnapStart, provisioned concurrency.
 */
import { invariant, type Stream } from '../../../src/kernel/index.ts'

/** Milliseconds at shares 0, 50, 90, 99 and 100 %; the lowest is assumed to be two thirds of the median. */
const initMillis: Readonly<Record<string, readonly [number, number, number, number, number]>> = {
  'nodejs24.x': [90, 134, 155, 194, 546],
  'python3.13': [56, 84, 105, 202, 400],
  java21: [160, 240, 285, 616, 900],
  java25: [127, 191, 283, 496, 800],
  dotnet8: [169, 253, 370, 656, 900],
  'provided.al2023-go': [33, 50, 58, 69, 120],
  'provided.al2023-rust': [11, 16, 25, 48, 90],
  'ruby3.4': [149, 224, 389, 455, 700],
}
const shares = [0, 0.5, 0.9, 0.99, 1]

/** The values of the knob `Runtime`. */
export const runtimes: readonly string[] = Object.keys(initMillis)

/** Nanoseconds from the decision to start until the first invocation can be sent. Two draws. */
export function coldStartNanos(stream: Stream, runtime: string): number {
  const millis = initMillis[runtime]
  invariant(millis !== undefined, 'lambda.runtime', runtime)
  const placement = 50e6 + stream.uniform() * 200e6
  const u = stream.uniform()
  let i = 1
  while (i < 4 && u > (shares[i] as number)) i++
  const low = shares[i - 1] as number
  const part = (u - low) / ((shares[i] as number) - low)
  const from = millis[i - 1] as number
  return Math.ceil(placement + (from + part * ((millis[i] as number) - from)) * 1e6)
}
