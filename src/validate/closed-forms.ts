/** What queueing theory says, computed from the formulas; rates in customers a unit of time, service means in units. */
import { exp, log, pow } from '../kernel/math.ts'

/** The chance that all `servers` are busy and nobody waits (Erlang B), for `offered` = rate times service. */
export function erlangB(offered: number, servers: number): number {
  let blocked = 1
  for (let n = 1; n <= servers; n++) blocked = (offered * blocked) / (n + offered * blocked)
  return blocked
}

/** The chance to wait at `servers` with an endless queue (Erlang C). */
export function erlangC(offered: number, servers: number): number {
  const blocked = erlangB(offered, servers)
  const load = offered / servers
  return blocked / (1 - load * (1 - blocked))
}

/** Shares of time with 0 to `most` customers in M/M/1/K. */
export function shares(load: number, most: number): readonly number[] {
  const terms = Array.from({ length: most + 1 }, (_none, n) => pow(load, n))
  const sum = terms.reduce((all, term) => all + term, 0)
  return terms.map((term) => term / sum)
}

/** The root of sigma = exp(-(1 - sigma) / load), the chance to wait in D/M/1. */
export function sigmaOf(load: number): number {
  let sigma = load
  for (let i = 0; i < 500; i++) sigma = exp(-(1 - sigma) / load)
  return sigma
}

/** Mean wait in M/G/1 by Pollaczek and Khinchine; `variation` is the service's squared coefficient of variation. */
export function meanWait(load: number, variation: number): number {
  return (load * (1 + variation)) / (2 * (1 - load))
}

/** The chance to wait at most `t` in M/D/1 with service 1 (Erlang, Crommelin). */
export function waitAtMost(t: number, load: number): number {
  let sum = 0
  for (let k = 0; k <= Math.floor(t); k++) {
    // Terms alternate and grow: in logarithms, and only as far as a double carries them.
    const x = load * (t - k)
    let factor = 1
    for (let i = 1; i <= k; i++) factor *= -x / i
    sum += factor * exp(x)
  }
  return (1 - load) * sum
}

/** Where a growing function first reaches `wanted`. */
export function whereReaches(of: (t: number) => number, wanted: number, most: number): number {
  let low = 0
  let high = most
  for (let i = 0; i < 80; i++) {
    const middle = (low + high) / 2
    if (of(middle) < wanted) low = middle
    else high = middle
  }
  return high
}

/** The chance that a sum of exponentials with these different rates is at most `t`. */
export function sumAtMost(t: number, rates: readonly number[]): number {
  return 1 - rates.reduce((sum, rate, i) => {
    const weight = rates.reduce((product, other, j) => (i === j ? product : (product * other) / (other - rate)), 1)
    return sum + weight * exp(-rate * t)
  }, 0)
}

/** Cycles per unit of time in a closed ring of exponential stations, by exact mean value analysis. */
export function ringThroughput(stages: readonly number[], think: number, customers: number): number {
  let queues = stages.map(() => 0)
  let throughput = 0
  for (let n = 1; n <= customers; n++) {
    const times = stages.map((mean, i) => mean * (1 + (queues[i] as number)))
    throughput = n / (think + times.reduce((sum, time) => sum + time, 0))
    queues = times.map((time) => throughput * time)
  }
  return throughput
}

/** The quantile of an exponential with this mean. */
export function exponentialQuantile(mean: number, quantile: number): number {
  return -log(1 - quantile) * mean
}
