/**
 * Where a followed record is handed on inside a product. Mechanisms ask `sim.tracer !== null` before they call these, so
 * that it costs one comparison a batch while nobody is followed.
 */
import type { HopCode, Sim, Unit } from '../kernel/index.ts'
import { COPY, COUNT, FIRST, STRIDE, type Slices } from './slice.ts'

/** Consecutive records are here. */
export function hopOf(sim: Sim, code: HopCode, who: Unit, lane: number, first: number, count: number, copy: number, a = NaN, b = NaN): void {
  const { tracer } = sim
  if (tracer === null || tracer.line !== lane || tracer.index < first || tracer.index >= first + count) return
  tracer.passed(code, who, copy, a, b)
}

/** A list of slices is here; `base` is the offset or position of its first record, told as that of the one followed. */
export function hopOfSlices(sim: Sim, code: HopCode, who: Unit, slices: Slices | readonly number[], a = NaN, base = NaN): void {
  const { tracer } = sim
  if (tracer === null) return
  let at = base
  for (let i = 0; i < slices.length; i += STRIDE) {
    const first = slices[i + FIRST] as number
    const count = slices[i + COUNT] as number
    const isIn = slices[i] === tracer.line && tracer.index >= first && tracer.index < first + count
    if (isIn) tracer.passed(code, who, slices[i + COPY] as number, a, at + tracer.index - first)
    at += count
  }
}
