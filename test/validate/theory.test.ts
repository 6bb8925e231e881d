/** The closed forms themselves against known values, and the servers against them on few customers. */
import { expect, onTestFinished, test } from 'vitest'
import { Server, type EventKind, type Sim, type Unit } from '../../src/kernel/index.ts'
import { erlangB, erlangC, ringThroughput, sigmaOf, sumAtMost, waitAtMost, whereReaches } from '../../src/validate/closed-forms.ts'
import { surprises } from '../../src/validate/row.ts'
import { theory } from '../../src/validate/theory.ts'

test('closed forms come to values of the literature', () => {
  // Erlang's own table: 5 erlangs on 10 lines lose 1.84 %; C(2 servers, 1.6 erlangs) = 0.7111.
  expect(erlangB(5, 10)).toBeCloseTo(0.018385, 6)
  expect(erlangC(1.6, 2)).toBeCloseTo(0.711111, 6)
  expect(sigmaOf(0.5)).toBeCloseTo(0.203188, 6)
  // M/D/1 at 0.5: P(wait = 0) = 0.5, P(wait <= 1) = 0.5 (e^0.5 - 0) at t just below 1.
  expect(waitAtMost(0, 0.5)).toBe(0.5)
  expect(waitAtMost(0.999999, 0.5)).toBeCloseTo(0.5 * Math.exp(0.4999995), 6)
  expect(whereReaches((t) => sumAtMost(t, [0.5, 0.75, 1.5]), 0.5, 100)).toBeCloseTo(3.471079, 5)
  // N customers at M equal stations: N / (N + M - 1).
  expect(ringThroughput([1, 1, 1], 0, 3)).toBeCloseTo(0.6, 12)
})

const few = 12_000

test('on 12 000 customers a station at most three rows of all lie outside their interval, and Little\'s law holds to the nanosecond', { timeout: 120_000 }, () => {
  const rows = [...theory(few).rows()]
  expect(rows.length).toBeGreaterThan(150)
  expect(rows.filter(({ id }) => id.includes('little')).filter(({ agrees }) => !agrees)).toEqual([])
  expect(surprises(rows).map(({ id, predicted, expected, tolerance }) => `${id}: ${predicted}, expected ${expected} ${tolerance}`).slice(3)).toEqual([])
})

test('a server that is fifteen in a hundred slower than it says is found out by many rows', { timeout: 120_000 }, () => {
  type Submit = (this: Server, sim: Sim, service: number, unit: Unit, kind: EventKind<Unit, unknown>, payload: unknown) => ReturnType<Server['submit']>
  const real = Object.getOwnPropertyDescriptor(Server.prototype, 'submit')?.value as Submit
  const slower: Submit = function slower(sim, service, unit, kind, payload) {
    return real.call(this, sim, Math.round(service * 1.15), unit, kind, payload)
  }
  Object.defineProperty(Server.prototype, 'submit', { value: slower, configurable: true, writable: true })
  onTestFinished(() => { Object.defineProperty(Server.prototype, 'submit', { value: real, configurable: true, writable: true }) })
  expect(surprises([...theory(few).rows()]).length).toBeGreaterThan(30)
})
