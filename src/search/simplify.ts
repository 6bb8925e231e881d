/** Makes single faults of a failing plan simpler: shorter, rounder, at a time instead of at a moment of the protocol. */
import { formatFault, parseFault, type Fault } from '../contract/fault.ts'
import { nanos } from '../kernel/index.ts'
import type { Fails } from './shrink.ts'

const SECOND = 1e9

export interface Simplified {
  readonly plan: readonly string[]
  readonly runs: number
}

/** Asks at most `runsMax` times; every step makes one fault's text shorter or its length smaller. */
export async function simplify(plan: readonly string[], fails: Fails<string>, runsMax: number): Promise<Simplified> {
  let current = [...plan]
  let runs = 0
  for (let i = 0; i < current.length; i++) {
    // Starts again with the simpler fault until none of its variants fails.
    for (let isSimpler = true; isSimpler;) {
      isSimpler = false
      for (const variant of variantsOf(current[i] as string)) {
        if (runs >= runsMax) return { plan: current, runs }
        const candidate = current.map((text, n) => (n === i ? variant : text))
        runs++
        if (!(await fails(candidate))) continue
        current = candidate
        isSimpler = true
        break
      }
    }
  }
  return { plan: current, runs }
}

/** Simpler forms of a fault, the boldest first. */
export function variantsOf(text: string): readonly string[] {
  const parsed = parseFault(text)
  if (!parsed.ok) return []
  const fault = parsed.value
  const { at, on, duration } = fault
  const drafts: Fault[] = []
  if (duration !== null) {
    drafts.push({ ...fault, duration: null })
    const half = Math.floor(duration / 2 / SECOND) * SECOND
    if (half >= SECOND) drafts.push({ ...fault, duration: nanos(half) })
    const round = Math.ceil(duration / SECOND) * SECOND
    if (round !== duration) drafts.push({ ...fault, duration: nanos(round) })
  }
  if (on !== undefined) {
    const { where: _where, ...plain } = on
    if (on.nth > 1) drafts.push({ ...fault, on: { ...on, nth: 1 } })
    if (on.where !== undefined) drafts.push({ ...fault, on: plain })
    const whole = Math.floor(on.after / SECOND) * SECOND
    if (whole !== on.after) drafts.push({ ...fault, on: { ...on, after: nanos(whole) } })
  }
  if (at !== undefined) {
    for (const whole of [Math.floor(at / SECOND) * SECOND, Math.ceil(at / SECOND) * SECOND]) {
      if (whole !== at && whole > 0) drafts.push({ ...fault, at: nanos(whole) })
    }
  }
  return drafts.filter((draft) => isSimpler(draft, fault)).map(formatFault)
}

function isSimpler(draft: Fault, than: Fault): boolean {
  const shorter = formatFault(draft).length - formatFault(than).length
  return shorter < 0 || (shorter === 0 && (draft.duration ?? 0) < (than.duration ?? 0))
}
