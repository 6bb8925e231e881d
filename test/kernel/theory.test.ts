/** Servers against the closed forms of queueing theory, each with a fixed seed and a stated tolerance. */
import { describe, expect, it } from 'vitest'
import { eventKind, exponential, gamma, Process, Server, Sim, type Stream } from '../../src/kernel/index.ts'

const MEAN = 1e6

type Law = 'exponential' | 'constant' | 'erlang-4'

/** One station: Poisson arrivals to a server of some width that refuses at a length. */
class Desk extends Process {
  server: Server | null = null
  arrivals: Stream | null = null
  services: Stream | null = null
  law: Law = 'exponential'
  gapNanos = 0
  lengthMax = Infinity
  left = 0
  offered = 0
  refused = 0
  served = 0
  waitSum = 0
  timeSum = 0
}

const leave = eventKind<Desk, { at: number; service: number }>('test.theory-leave', (sim, desk, customer) => {
  desk.served++
  desk.timeSum += sim.now - customer.at
  desk.waitSum += sim.now - customer.at - customer.service
})

const enter = eventKind<Desk, null>('test.theory-enter', (sim, desk) => {
  const server = desk.server as Server
  desk.offered++
  if (server.length >= desk.lengthMax) desk.refused++
  else {
    const service = Math.ceil(drawn(desk.services as Stream, desk.law) * MEAN)
    server.submit(sim, service, desk, leave, { at: sim.now, service })
  }
  if (--desk.left > 0) sim.after(Math.ceil(exponential(desk.arrivals as Stream) * desk.gapNanos), desk, enter, null)
})

function drawn(stream: Stream, law: Law): number {
  switch (law) {
    case 'exponential': return exponential(stream)
    case 'constant': return 1
    case 'erlang-4': return gamma(stream, 4) / 4
  }
}

/** Means in service times, and the share refused; `load` is per server. */
function station(of: { width: number; load: number; law: Law; lengthMax: number; customers: number }): {
  wait: number; time: number; refused: number
} {
  const sim = new Sim(`theory/${of.width}/${of.load}/${of.law}/${of.lengthMax}`)
  const desk = new Desk(sim, 'desk', sim.host('host', 'a', 1e9))
  desk.server = new Server(desk, of.width)
  desk.arrivals = sim.random('arrivals')
  desk.services = sim.random('services')
  desk.law = of.law
  desk.lengthMax = of.lengthMax
  desk.gapNanos = MEAN / (of.load * of.width)
  desk.left = of.customers
  sim.schedule(0, desk, enter, null)
  sim.run(1e15, true, Infinity)
  expect(desk.served + desk.refused).toBe(of.customers)
  expect(desk.server.length).toBe(0)
  return {
    wait: desk.waitSum / desk.served / MEAN,
    time: desk.timeSum / desk.served / MEAN,
    refused: desk.refused / desk.offered,
  }
}

/** Erlang's C: the chance to wait at c servers with the given load each. */
function chanceToWait(c: number, load: number): number {
  const offered = c * load
  let term = 1
  let sum = 0
  for (let k = 0; k < c; k++) {
    sum += term
    term *= offered / (k + 1)
  }
  const waiting = term / (1 - load)
  return waiting / (sum + waiting)
}

const within = (value: number, expected: number, share: number): void => {
  expect(Math.abs(value / expected - 1), `${value}, expected ${expected}`).toBeLessThan(share)
}

describe('a server with Poisson arrivals', () => {
  const customers = 200_000

  it.each([[2, 0.7], [4, 0.8], [8, 0.8]])('M/M/%d at load %d: mean wait within a twentieth of Erlang C', (width, load) => {
    const { wait, time } = station({ width, load, law: 'exponential', lengthMax: Infinity, customers })
    const expected = chanceToWait(width, load) / (width * (1 - load))
    within(wait, expected, 0.05)
    within(time, expected + 1, 0.03)
  })

  it('M/D/1 at load 0.7: mean wait within 3 % of load / (2 (1 - load))', () => {
    const { wait } = station({ width: 1, load: 0.7, law: 'constant', lengthMax: Infinity, customers })
    within(wait, 0.7 / 0.6, 0.03)
  })

  it('M/G/1, Erlang-4 service at load 0.7: mean wait within 4 % of Pollaczek and Khinchine', () => {
    const { wait } = station({ width: 1, load: 0.7, law: 'erlang-4', lengthMax: Infinity, customers })
    // load (1 + squared coefficient of variation) / (2 (1 - load)), which is 1/4 here.
    within(wait, (0.7 * 1.25) / 0.6, 0.04)
  })

  it.each([[0.8, 5], [1.2, 4]])('M/M/1/K at load %d, refusing at length %d: share refused and mean time within 3 in 100', (load, lengthMax) => {
    const { refused, time } = station({ width: 1, load, law: 'exponential', lengthMax, customers })
    let sum = 0
    let customersHere = 0
    let term = 1
    for (let k = 0; k <= lengthMax; k++) {
      sum += term
      customersHere += k * term
      if (k < lengthMax) term *= load
    }
    const blocked = term / sum
    within(refused, blocked, 0.03)
    within(time, customersHere / sum / (load * (1 - blocked)), 0.03)
  })
})
