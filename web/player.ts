/** The playhead: simulated seconds, moved by wall time, never beyond what every column has computed. */

export interface Playback {
  /** Simulated seconds shown now. */
  readonly playhead: number
  readonly playing: boolean
  /** Simulated seconds a wall second; Infinity is "as fast as the engines go". */
  readonly speed: number
}

export interface Bounds {
  /** Least time that every column has reached, seconds. */
  readonly reached: number
  /** Earliest frame that every column still has. */
  readonly oldest: number
  /** True once no column has anything left to run. */
  readonly finished: boolean
}

/** Simulated seconds between two frames. */
export const frameSeconds = 0.1
/** How far the engines may be ahead of the playhead while playing, simulated seconds. */
export const aheadSeconds = 0.25
/** Longest wall time that one tick counts; a tab that slept does not jump. */
export const tickSecondsMax = 0.1

/** Moves the playhead by one tick of wall time; stops at the end of a finished run. */
export function tick(now: Playback, wallSeconds: number, bounds: Bounds): Playback {
  if (!now.playing) return now
  const wall = Math.min(Math.max(0, wallSeconds), tickSecondsMax)
  const free = now.speed === Infinity ? bounds.reached : now.playhead + wall * now.speed
  const playhead = Math.max(now.playhead, Math.min(free, bounds.reached))
  if (bounds.finished && playhead >= bounds.reached) return { ...now, playhead: bounds.reached, playing: false }
  return playhead === now.playhead ? now : { ...now, playhead }
}

/** How far the engines should be driven: the playhead when it stands, a little further while it moves. */
export function wanted(now: Playback): number {
  return now.playhead + (now.playing ? aheadSeconds : 0)
}

/** The instant a click binds to: the playhead, rounded up to the next whole millisecond. */
export function bindClick(playhead: number): number {
  return Math.max(0, Math.ceil(playhead * 1000 - 1e-6)) / 1000
}

/** Where a scrub may go: between the oldest frame kept and the last one computed. */
export function seek(now: Playback, to: number, bounds: Bounds): Playback {
  return { ...now, playhead: Math.min(Math.max(to, bounds.oldest, 0), bounds.reached) }
}

/** Speeds of the slider, three a decade, the last one unbounded. */
export const speeds: readonly number[] = [
  0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, Infinity,
]

/** The next slower speed of the slider. */
export function slower(speed: number): number {
  return speeds.findLast((one) => one < speed) ?? speeds[0]!
}

/** The next faster speed of the slider. */
export function faster(speed: number): number {
  return speeds.find((one) => one > speed) ?? Infinity
}

/** A speed as text: "1/10", "1×", "max". */
export function speedText(speed: number): string {
  if (speed === Infinity) return 'max'
  if (speed >= 1) return `${speed}×`
  return `1/${Math.round(1 / speed)}`
}
