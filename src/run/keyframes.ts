/** Keyframes of one column: copies of its state to go back to; a cache, because running again gives the same. */
import type { ColumnState } from './column-state.ts'

/** Events between two keyframes at first; the distance doubles whenever there are too many. */
const EVENTS_APART = 250_000
/** Each is a few million bytes. */
const MOST = 12

export class Keyframes {
  private list: ColumnState[] = []
  private apart = EVENTS_APART

  /** True when enough has happened since the last one. */
  isDue(state: ColumnState): boolean {
    const last = this.list.at(-1)
    return last === undefined || state.sim.events - last.sim.events >= this.apart
  }

  add(keyframe: ColumnState): void {
    this.list.push(keyframe)
    if (this.list.length <= MOST) return
    // The first one, at the beginning, always stays.
    this.list = this.list.filter((_, i) => i % 2 === 0)
    this.apart *= 2
  }

  /** The latest from which everything from `at` (nanoseconds) on can be changed; later ones are forgotten. */
  before(at: number): ColumnState | null {
    while (this.list.length > 0 && !isBefore(this.list.at(-1) as ColumnState, at)) this.list.pop()
    return this.list.at(-1) ?? null
  }

  /** The latest of which this is true; none is forgotten. */
  latest(isTrue: (keyframe: ColumnState) => boolean): ColumnState | null {
    return this.list.findLast(isTrue) ?? null
  }

  clear(): void {
    this.list = []
    this.apart = EVENTS_APART
  }
}

/**
 * True when nothing that a fault at `at` could change has been decided in this state: no event of that moment has
 * run, and each source's next birth, which is already scheduled, comes before it.
 */
export function isBefore(state: ColumnState, at: number): boolean {
  if (state.sim.now >= at) return false
  for (let lane = 0; lane < state.births.lanes; lane++) {
    const next = state.births.nextAt(lane)
    if (next >= at && next !== Infinity) return false
  }
  return true
}
