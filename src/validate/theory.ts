/**
 * The kernel's servers against closed forms. Each simulated figure is the mean of thirty batches of customers, and
 * must lie within their 99.9 % interval of the formula: of a hundred rows one in ten runs would miss one by chance,
 * and the seeds are fixed. Little's law has to hold to the nanosecond.
 */
import { invariant } from '../kernel/index.ts'
import { log, pow } from '../kernel/math.ts'
import { estimate } from '../search/statistics.ts'
import {
  erlangB, erlangC, exponentialQuantile, meanWait, ringThroughput, shares, sigmaOf, sumAtMost, waitAtMost, whereReaches,
} from './closed-forms.ts'
import { figure, type Row, type Section } from './row.ts'
import { closedRing, runStation, variation, type Law, type StationPlan, type StationRun } from './station.ts'

const batches = 30
/** Two-sided 99.9 % point of Student's t with 29 degrees of freedom. */
const student = 3.659
/** Customers of the full section; the quick tests take fewer. */
const customersUsual = 200_000
const source = 'closed form'

/** The section with so many customers a station. */
export function theory(customers = customersUsual): Section {
  return { id: 'theory', title: 'Servers against queueing theory', rows: () => rowsOf(customers) }
}

function* rowsOf(customers: number): Iterable<Row> {
  yield* single(customers)
  yield* several(customers)
  yield* refusing(customers)
  yield* constantService(customers)
  yield* evenArrivals(customers)
  yield* generalService(customers)
  yield* networks(customers)
}

/** A station of one stage; near saturation it remembers longer, and gets more customers. */
function stationOf(name: string, rate: number, law: Law, customers: number, more: Partial<StationPlan> & { readonly width?: number } = {}): StationRun {
  const { width = 1, ...plan } = more
  const enough = rate / width > 0.85 ? 4 * customers : customers
  return runStation({ name, rate, arrivals: 'exponential', stages: [{ law, mean: 1, width }], customers: enough, ...plan })
}

function* single(customers: number): Iterable<Row> {
  for (const load of [0.1, 0.3, 0.5, 0.7, 0.8, 0.9]) {
    const name = `M/M/1 at load ${load}`
    const run = stationOf(`mm1/${load}`, load, 'exponential', customers)
    const mean = 1 / (1 - load)
    yield meanRow(`mm1/W/${load}`, `${name}: mean time`, run.times, mean)
    yield meanRow(`mm1/Wq/${load}`, `${name}: mean wait`, run.waits, load * mean)
    for (const q of [0.5, 0.9, 0.99]) {
      yield quantileRow(`mm1/W_p${q * 100}/${load}`, `${name}: p${q * 100} of the time`, run.times, q, exponentialQuantile(mean, q))
      // Where the share that does not wait ends exactly there, any small value is a right answer.
      if (Math.abs(load - (1 - q)) > 0.01) yield quantileRow(`mm1/Wq_p${q * 100}/${load}`, `${name}: p${q * 100} of the wait`, run.waits, q, Math.max(0, log(load / (1 - q)) * mean))
    }
    // Arrivals see time averages.
    yield shareRow(`mm1/P10/${load}`, `${name}: ten or more present`, run.foundAtLeast(10), pow(load, 10), run, load)
    yield littleRow(`mm1/little/${load}`, name, run)
  }
}

function* several(customers: number): Iterable<Row> {
  for (const [width, load] of [[2, 0.5], [2, 0.8], [4, 0.5], [4, 0.8], [8, 0.8], [16, 0.9]] as const) {
    const name = `M/M/${width} at load ${load}`
    const run = stationOf(`mmc/${width}/${load}`, load * width, 'exponential', customers, { width })
    const waits = erlangC(load * width, width)
    const wait = waits / (width * (1 - load))
    yield meanRow(`mmc/Wq/${width}/${load}`, `${name}: mean wait`, run.waits, wait)
    yield meanRow(`mmc/W/${width}/${load}`, `${name}: mean time`, run.times, wait + 1)
    yield meanRow(`mmc/C/${width}/${load}`, `${name}: share that waits`, run.waits.map((time) => (time > 0 ? 1 : 0)), waits)
    yield quantileRow(`mmc/Wq_p99/${width}/${load}`, `${name}: p99 of the wait`, run.waits, 0.99, Math.max(0, log(waits / 0.01) / (width * (1 - load))))
    yield littleRow(`mmc/little/${width}/${load}`, name, run)
  }
}

function* refusing(customers: number): Iterable<Row> {
  for (const [load, most] of [[0.5, 1], [0.9, 1], [0.5, 5], [0.8, 5], [1, 5], [1.2, 5], [0.9, 20], [2, 20]] as const) {
    const name = `M/M/1/${most} at load ${load}`
    const run = stationOf(`mm1k/${load}/${most}`, load, 'exponential', customers, { lengthMax: most })
    const all = shares(load, most)
    const blocked = all[most] as number
    const present = all.reduce((sum, share, n) => sum + n * share, 0)
    yield shareRow(`mm1k/loss/${load}/${most}`, `${name}: share refused`, run.refused / run.offered, blocked, run, load)
    yield meanRow(`mm1k/W/${load}/${most}`, `${name}: mean time of the accepted`, run.times, present / (load * (1 - blocked)))
    yield littleRow(`mm1k/little/${load}/${most}`, name, run)
  }
  // The share that is lost does not depend on the law of service.
  for (const [offered, width, law] of [[0.5, 1, 'constant'], [5, 10, 'hyperexponential'], [8, 10, 'erlang-4']] as const) {
    const run = stationOf(`mgcc/${offered}/${width}`, offered, law, customers, { width, lengthMax: width })
    yield shareRow(`mgcc/B/${offered}/${width}`, `M/G/${width}/${width} (${law}), ${offered} offered: share refused`, run.refused / run.offered, erlangB(offered, width), run, offered / width)
  }
}

function* constantService(customers: number): Iterable<Row> {
  for (const load of [0.1, 0.3, 0.5, 0.7, 0.9]) {
    const name = `M/D/1 at load ${load}`
    const run = stationOf(`md1/${load}`, load, 'constant', customers)
    yield meanRow(`md1/Wq/${load}`, `${name}: mean wait`, run.waits, meanWait(load, 0))
    for (const q of [0.9, 0.99]) {
      // The alternating series loses its digits beyond some thirty services.
      const expected = 1 - load >= q ? 0 : whereReaches((t) => waitAtMost(t, load), q, 25)
      if (expected < 24) yield quantileRow(`md1/Wq_p${q * 100}/${load}`, `${name}: p${q * 100} of the wait`, run.waits, q, expected)
    }
    yield littleRow(`md1/little/${load}`, name, run)
  }
}

function* evenArrivals(customers: number): Iterable<Row> {
  for (const load of [0.1, 0.3, 0.5, 0.7, 0.8, 0.9]) {
    const name = `D/M/1 at load ${load}`
    const run = stationOf(`dm1/${load}`, load, 'exponential', customers, { arrivals: 'constant' })
    const sigma = sigmaOf(load)
    yield meanRow(`dm1/Wq/${load}`, `${name}: mean wait`, run.waits, sigma / (1 - sigma))
    yield meanRow(`dm1/sigma/${load}`, `${name}: share that waits`, run.waits.map((time) => (time > 0 ? 1 : 0)), sigma)
    yield quantileRow(`dm1/W_p99/${load}`, `${name}: p99 of the time`, run.times, 0.99, exponentialQuantile(1 / (1 - sigma), 0.99))
  }
}

function* generalService(customers: number): Iterable<Row> {
  for (const law of ['constant', 'erlang-4', 'exponential', 'hyperexponential'] as const) {
    for (const load of [0.3, 0.5, 0.8]) {
      const run = stationOf(`mg1/${law}/${load}`, load, law, customers)
      yield meanRow(`mg1/Wq/${law}/${load}`, `M/G/1, ${law}, at load ${load}: mean wait`, run.waits, meanWait(load, variation[law]))
    }
  }
}

function* networks(customers: number): Iterable<Row> {
  const rates = [1, 1.25, 2]
  for (const rate of [0.5, 0.8]) {
    const run = runStation({
      name: `tandem/${rate}`, rate, arrivals: 'exponential', customers, stages: rates.map((mu) => ({ law: 'exponential', mean: 1 / mu, width: 1 })),
    })
    const left = rates.map((mu) => mu - rate)
    yield meanRow(`tandem/W/${rate}`, `three stations in a row at ${rate}: mean time (Burke)`, run.times, left.reduce((sum, one) => sum + 1 / one, 0))
    for (const q of [0.5, 0.99]) {
      yield quantileRow(`tandem/W_p${q * 100}/${rate}`, `three stations in a row at ${rate}: p${q * 100} (Reich)`, run.times, q, whereReaches((t) => sumAtMost(t, left), q, 1000))
    }
    yield littleRow(`tandem/little/${rate}`, `three stations in a row at ${rate}`, run)
  }
  for (const [rate, returns] of [[0.5, 0.1], [0.5, 0.3], [0.7, 0.2]] as const) {
    const run = stationOf(`feedback/${rate}/${returns}`, rate, 'exponential', customers, { returns })
    const visits = rate / (1 - returns)
    yield meanRow(`feedback/W/${rate}/${returns}`, `M/M/1 at ${rate}, ${returns * 100} % come back: mean time (Jackson)`, run.times, visits / (1 - visits) / rate)
  }
  for (const [stages, think, population] of [[[1, 1, 1], 0, 1], [[1, 1, 1], 0, 3], [[1, 1, 1], 0, 10], [[1, 0.5, 0.25], 2, 3], [[1, 0.5, 0.25], 2, 5]] as const) {
    const name = `closed/${stages.join('-')}/${think}/${population}`
    const found = closedRing(name, stages, think, population, customers)
    const expected = ringThroughput(stages, think, population)
    yield {
      id: name, what: `${population} customers go round ${stages.length} stations${think > 0 ? ' and think' : ''}: cycles a unit`,
      predicted: figure(found), expected: figure(expected), tolerance: '1 %', agrees: Math.abs(found / expected - 1) < 0.01, source: `${source}, exact mean value analysis`,
    }
  }
}

function meanRow(id: string, what: string, values: Float64Array, expected: number): Row {
  return batchRow(id, what, values, expected, (part) => part.reduce((sum, value) => sum + value, 0) / part.length)
}

/** The quantile of all customers; batches only say how uncertain it is, for each is too short to have its tail. */
function quantileRow(id: string, what: string, values: Float64Array, q: number, expected: number): Row {
  const of = (part: Float64Array): number => Float64Array.from(part).sort()[Math.ceil(q * part.length) - 1] as number
  return batchRow(id, what, values, expected, of, of(values))
}

/** The mean of the batches' figures, and its interval; the first batch starts empty and is left out. */
function batchRow(id: string, what: string, values: Float64Array, expected: number, of: (part: Float64Array) => number, whole: number | null = null): Row {
  const size = Math.floor(values.length / (batches + 1))
  const found = Array.from({ length: batches }, (_none, i) => of(values.subarray((i + 1) * size, (i + 2) * size)))
  const all = estimate(found)
  invariant(all !== null, 'validate.batches', id)
  const half = student * all.error
  // A whole nanosecond in a unit of a million: times are rounded.
  const most = half + 2e-6
  const predicted = whole ?? all.mean
  return { id, what, predicted: figure(predicted), expected: figure(expected), tolerance: `± ${half.toPrecision(2)}`, agrees: Math.abs(predicted - expected) <= most, source }
}

/** A share of arrivals; neighbours see nearly the same, so its interval is widened by how long a station remembers. */
function shareRow(id: string, what: string, share: number, expected: number, run: StationRun, load: number): Row {
  const memory = (1 + load) / Math.max(0.05, (1 - load) * (1 - load))
  const half = 3.291 * Math.sqrt((expected * (1 - expected) * Math.max(1, memory)) / run.offered)
  return { id, what, predicted: figure(share), expected: figure(expected), tolerance: `± ${half.toPrecision(2)}`, agrees: Math.abs(share - expected) <= half, source }
}

function littleRow(id: string, name: string, { integral, sum }: StationRun): Row {
  return {
    id, what: `${name}: integral of those present, ns`, predicted: figure(integral), expected: figure(sum), tolerance: 'exact', agrees: integral === sum, source: 'Little 1961: the sum of their times',
  }
}
