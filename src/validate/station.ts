/** Stations of the kernel's servers under drawn arrivals, with everything noted that queueing theory speaks of. */
import { eventKind, exponential, gamma, invariant, Process, Server, Sim, type Stream } from '../kernel/index.ts'

/** One unit of time in the formulas, nanoseconds: rounding to whole ones is below a millionth. */
const UNIT = 1e6

/** Laws with mean 1: of service times, or of the gaps between arrivals. */
export type Law = 'exponential' | 'constant' | 'erlang-4' | 'hyperexponential'

/** The squared coefficient of variation of each law. */
export const variation: Readonly<Record<Law, number>> = { exponential: 1, constant: 0, 'erlang-4': 0.25, hyperexponential: 4 }

/** Two exponentials with balanced means: chance p of the shorter ones, squared coefficient of variation 4. */
const hyperShare = (1 + Math.sqrt(3 / 5)) / 2

export interface StationPlan {
  readonly name: string
  /** Customers per unit of time, each needing 1 unit of service on average at the first stage. */
  readonly rate: number
  readonly arrivals: Law
  /** Service law, mean and number of servers of each stage in turn. */
  readonly stages: readonly { readonly law: Law; readonly mean: number; readonly width: number }[]
  /** Refuses at this many customers in the first stage. */
  readonly lengthMax?: number
  /** Chance that a customer comes back to the first stage when it leaves the last. */
  readonly returns?: number
  readonly customers: number
}

/** What became of the customers; times in units. */
export interface StationRun {
  /** From arrival to the last departure, in order of departure. */
  readonly times: Float64Array
  /** The same without the services. */
  readonly waits: Float64Array
  readonly offered: number
  readonly refused: number
  /** Time-average number present, and the share of arrivals that found at least `i` present. */
  readonly present: number
  readonly foundAtLeast: (count: number) => number
  /** Visits to the first stage, per unit of time. */
  readonly visits: number
  readonly span: number
  /** The integral of the number present and the sum of all times, whole nanoseconds: equal by Little's law. */
  readonly integral: number
  readonly sum: number
}

class Customer {
  readonly at: number
  service = 0
  stage = 0

  constructor(at: number) {
    this.at = at
  }
}

class Desk extends Process {
  readonly plan: StationPlan
  readonly desks: Server[] = []
  readonly arrivals: Stream
  readonly services: Stream
  left: number
  offered = 0
  refused = 0
  visits = 0
  present = 0
  integral = 0
  sum = 0
  changedAt = 0
  done = 0
  readonly times: Float64Array
  readonly waits: Float64Array
  readonly found: number[] = []

  constructor(sim: Sim, plan: StationPlan) {
    super(sim, 'desk', sim.host('host', 'a', 1e9))
    this.plan = plan
    this.arrivals = sim.random('arrivals')
    this.services = sim.random('services')
    this.left = plan.customers
    this.times = new Float64Array(plan.customers)
    this.waits = new Float64Array(plan.customers)
    for (const { width } of plan.stages) this.desks.push(new Server(this, width))
  }

  /** Notes that one more, or one less, is here from now on. */
  change(sim: Sim, by: number): void {
    this.integral += this.present * (sim.now - this.changedAt)
    this.changedAt = sim.now
    this.present += by
  }

  arrive(sim: Sim): void {
    const { plan } = this
    this.offered++
    this.found[this.present] = (this.found[this.present] ?? 0) + 1
    const first = this.desks[0] as Server
    if (first.length >= (plan.lengthMax ?? Infinity)) this.refused++
    else {
      this.change(sim, 1)
      this.serve(sim, new Customer(sim.now))
    }
    if (--this.left > 0) sim.after(whole(drawn(this.arrivals, plan.arrivals) / plan.rate), this, enter, null)
  }

  serve(sim: Sim, customer: Customer): void {
    const { law, mean } = this.plan.stages[customer.stage] as StationPlan['stages'][number]
    if (customer.stage === 0) this.visits++
    const service = whole(drawn(this.services, law) * mean)
    customer.service += service
    const server = this.desks[customer.stage] as Server
    server.submit(sim, service, this, leave, customer)
  }

  leave(sim: Sim, customer: Customer): void {
    customer.stage++
    if (customer.stage === this.plan.stages.length) {
      const { returns } = this.plan
      if (returns === undefined || this.services.uniform() >= returns) {
        this.finish(sim, customer)
        return
      }
      customer.stage = 0
    }
    this.serve(sim, customer)
  }

  finish(sim: Sim, customer: Customer): void {
    this.change(sim, -1)
    const time = sim.now - customer.at
    this.sum += time
    this.times[this.done] = time / UNIT
    this.waits[this.done] = (time - customer.service) / UNIT
    this.done++
  }
}

const enter = eventKind<Desk, null>('validate.enter', (sim, desk) => desk.arrive(sim))
const leave = eventKind<Desk, Customer>('validate.leave', (sim, desk, customer) => desk.leave(sim, customer))

function whole(units: number): number {
  return Math.round(units * UNIT)
}

function drawn(stream: Stream, law: Law): number {
  switch (law) {
    case 'exponential': return exponential(stream)
    case 'constant': return 1
    case 'erlang-4': return gamma(stream, 4) / 4
    case 'hyperexponential': {
      const isShort = stream.uniform() < hyperShare
      return exponential(stream) / (2 * (isShort ? hyperShare : 1 - hyperShare))
    }
  }
}

/** Runs a station from empty to empty. */
export function runStation(plan: StationPlan): StationRun {
  const sim = new Sim(`validate/${plan.name}`)
  const desk = new Desk(sim, plan)
  sim.schedule(0, desk, enter, null)
  sim.run(1e15, true, Infinity)
  invariant(desk.present === 0 && desk.done + desk.refused === plan.customers, 'validate.empty', plan.name)
  const { found, offered } = desk
  return {
    times: desk.times.subarray(0, desk.done), waits: desk.waits.subarray(0, desk.done),
    offered, refused: desk.refused, present: desk.integral / sim.now,
    foundAtLeast: (count) => found.reduce((sum, times, i) => (i >= count ? sum + times : sum), 0) / offered,
    visits: desk.visits / (sim.now / UNIT), span: sim.now / UNIT, integral: desk.integral, sum: desk.sum,
  }
}

/** A closed ring: a fixed number of customers thinks, then visits each stage once, again and again; cycles per unit of time. */
export function closedRing(name: string, stages: readonly number[], think: number, customers: number, cycles: number): number {
  const sim = new Sim(`validate/${name}`)
  const ring = new Ring(sim, stages, think, cycles)
  for (let i = 0; i < customers; i++) sim.schedule(0, ring, advance, { stage: -1 })
  sim.run(1e15, true, Infinity)
  return ring.done / (ring.endedAt / UNIT)
}

class Ring extends Process {
  readonly stages: readonly number[]
  readonly think: number
  readonly cycles: number
  readonly desks: Server[] = []
  readonly services: Stream
  done = 0
  endedAt = 0

  constructor(sim: Sim, stages: readonly number[], think: number, cycles: number) {
    super(sim, 'ring', sim.host('host', 'a', 1e9))
    this.stages = stages
    this.think = think
    this.cycles = cycles
    this.services = sim.random('services')
    for (let i = 0; i < stages.length; i++) this.desks.push(new Server(this, 1))
  }

  advance(sim: Sim, customer: { stage: number }): void {
    customer.stage++
    if (customer.stage === this.stages.length) {
      this.done++
      this.endedAt = sim.now
      if (this.done >= this.cycles) return
      customer.stage = -1
      sim.after(whole(exponential(this.services) * this.think), this, advance, customer)
      return
    }
    if (this.done >= this.cycles) return
    const service = whole(exponential(this.services) * (this.stages[customer.stage] as number))
    const server = this.desks[customer.stage] as Server
    server.submit(sim, service, this, advance, customer)
  }
}

const advance = eventKind<Ring, { stage: number }>('validate.advance', (sim, ring, customer) => ring.advance(sim, customer))
