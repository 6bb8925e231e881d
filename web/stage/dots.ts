/** Traffic: a dot is a record below 50 a second, else n records; n is printed. Dots show rates, never identity. */

/** Most dots on the way in one column. */
export const dotsMax = 150
/** Wall seconds that a dot needs to cross its gutter. */
export const crossSeconds = 0.5

const steps: readonly number[] = [1, 2, 5]

/** Most dots on the way to one target: two files of four, apart enough to be told from a bar. */
const perTargetMax = 8

/**
 * Records a dot stands for, 1-2-5 steps, from records a wall second over all gutters of a column and over the busiest
 * way to one target.
 */
export function recordsPerDot(wallRate: number, busiest = 0): number {
  if (!(wallRate >= 50)) return 1
  // A tenth of slack, so that rates that wander about a step do not flip the mapping.
  const least = 0.9 * crossSeconds * Math.max(wallRate / dotsMax, (busiest || 0) / perTargetMax)
  for (let decade = 1; decade < 1e12; decade *= 10) {
    for (const step of steps) if (decade * step >= least) return decade * step
  }
  return 1e12
}

export type DotKind = 'record' | 'retry' | 'error'
const kinds: readonly DotKind[] = ['record', 'retry', 'error']

export interface Dot {
  readonly gutter: number
  readonly target: number
  readonly kind: DotKind
  /** -1 or 1: which of the two files over its target. */
  readonly side: number
  /** Wall seconds on its way. */
  age: number
}

/** The dots of one column: each target sends one when its records add up to a dot. */
export class Dots {
  readonly alive: Dot[] = []
  perDot = 1
  /** Dots to one target go in two files, because in one they would touch. */
  twin = false
  private readonly owed = new Map<number, number>()
  private side = 1

  /** Moves all dots by wall time and drops those that have arrived. */
  move(wallSeconds: number): void {
    let kept = 0
    for (const dot of this.alive) {
      dot.age += wallSeconds
      if (dot.age < crossSeconds) this.alive[kept++] = dot
    }
    this.alive.length = kept
  }

  /** Adds `records` to what a target is owed; sends the dots due, spread over this tick. */
  send(gutter: number, target: number, kind: DotKind, records: number): void {
    if (!(records > 0)) return
    const key = (target * 4 + gutter) * 4 + kinds.indexOf(kind)
    const weight = kind === 'record' ? this.perDot : 1
    const before = this.owed.get(key) ?? ((target * 0.618) % 1)
    let due = before + Math.min(records / weight, 8)
    while (due >= 1) {
      due -= 1
      if (this.alive.length < dotsMax) this.alive.push({ gutter, target, kind, side: (this.side = -this.side), age: 0 })
    }
    this.owed.set(key, due)
  }

  /** Puts as many dots on the way as a steady flow would have, for a picture that was jumped to. */
  fill(gutter: number, target: number, wallRate: number): void {
    const onTheWay = (wallRate / this.perDot) * crossSeconds
    const phase = (target * 0.618 + gutter * 0.37) % 1
    for (let k = 0; k + phase < onTheWay && this.alive.length < dotsMax; k++) {
      this.alive.push({ gutter, target, kind: 'record', side: k % 2 === 0 ? 1 : -1, age: ((k + phase) / Math.max(onTheWay, 1)) * crossSeconds })
    }
  }

  clear(): void {
    this.alive.length = 0
    this.owed.clear()
  }
}
