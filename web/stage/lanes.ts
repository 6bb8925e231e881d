/** Lanes: the right edge is now, the width the same seconds everywhere, colour is debt. Pure geometry. */

/** Widths of a lane in seconds. */
export const spans: readonly number[] = [2, 5, 10, 30, 60]

/** The width that shows the oldest debt with room to spare; it shrinks late, so that it does not flicker. */
export function nextSpan(now: number, oldestDebt: number): number {
  const fit = (room: number): number => spans.find((span) => oldestDebt <= span * room) ?? spans.at(-1)!
  if (oldestDebt > now * 0.9) return fit(0.75)
  const smaller = fit(0.5)
  return smaller < now ? smaller : now
}

export interface LaneValues {
  /** Append times in seconds; NaN is unknown. */
  readonly end: number
  readonly visible: number
  readonly read: number
  readonly again: number
  readonly reached: number
}

/** Parts of a bar as pixels from its left edge; an unknown part is NaN at both ends. */
export interface LaneParts {
  /** Read: quiet grey from 0. */
  readonly done: number
  /** Read once, to be read again: up to here, from `done`. */
  readonly again: number
  /** Unread and readable: up to here, from `again`. */
  readonly unread: number
  /** Appended and not yet readable: up to here, from `unread`. */
  readonly hidden: number
  /** Where a reader would start after a failure. */
  readonly restart: number
}

/** Cuts a lane of `width` pixels and `span` seconds that ends at `now`; a missing position leaves the bar blank. */
export function laneParts(values: LaneValues, now: number, span: number, width: number): LaneParts {
  const x = (time: number): number =>
    Number.isNaN(time) ? Number.NaN : Math.min(width, Math.max(0, width * (1 - (now - time) / span)))
  const hidden = x(values.end)
  const unread = Number.isNaN(values.visible) ? hidden : Math.min(x(values.visible), hidden)
  const read = x(values.read)
  if (Number.isNaN(hidden) || Number.isNaN(read)) {
    return { done: Number.NaN, again: Number.NaN, unread: Number.NaN, hidden: Number.NaN, restart: Number.NaN }
  }
  const done = Math.min(read, hidden)
  const reached = x(values.reached)
  const again = Number.isNaN(reached) ? done : Math.min(Math.max(done, reached), Math.max(unread, done))
  return { done, again, unread: Math.max(unread, again), hidden: Math.max(hidden, unread, again), restart: x(values.again) }
}

/** How many lanes share one drawn row, so that at most 24 rows are drawn. */
export function lanesPerRow(lanes: number): number {
  return Math.max(1, Math.ceil(lanes / 24))
}

/** Between two frames: straight, and the earlier value where either is unknown or the value fell. */
export function between(before: number, after: number, part: number): number {
  if (Number.isNaN(after) || Number.isNaN(before) || after < before) return before
  return before + (after - before) * part
}
