/** What happens at a moment, painted where it happens: barriers that cross the gutters, batches handed over again. */
import type { Moment } from '../column-data.ts'
import type { Palette } from '../palette.ts'
import type { StageContext } from './context.ts'

/** Wall seconds that a barrier is in sight at least: a checkpoint may be over within a few frames. */
const sightSeconds = 0.5

export interface Crossing {
  /** 0 at the trigger, 1 at the end of the checkpoint. */
  readonly part: number
  readonly isAborted: boolean
}

/** The checkpoint that is under way at `time`, or was so recently that its barriers are still shown. */
export function crossingAt(moments: readonly Moment[], time: number, speed: number): Crossing | null {
  for (let i = moments.length - 1; i >= 0; i--) {
    const begun = moments[i]!
    if (begun.kind !== 'triggered' || begun.at > time) continue
    const end = endOf(moments, i)
    // While it runs on, its barriers stand before the sink; only its end lets them arrive.
    const isOver = end !== undefined && end.at <= time
    const length = Math.max((isOver ? end.at : time) - begun.at, sightSeconds * Math.min(speed, 10))
    const part = (time - begun.at) / length
    if (isOver && part > 1) return null
    return { part: Math.min(isOver ? 1 : 0.9, part), isAborted: isOver && end.kind === 'aborted' }
  }
  return null
}

function endOf(moments: readonly Moment[], from: number): Moment | undefined {
  const { which } = moments[from]!
  for (let i = from + 1; i < moments.length; i++) {
    const moment = moments[i]!
    if (moment.which === which && (moment.kind === 'completed' || moment.kind === 'aborted')) return moment
  }
  return undefined
}

/** Barriers as bars: first over the way into processing, then over the way to the sink. */
export function paintBarriers(
  paint: CanvasRenderingContext2D, colours: Palette, c: StageContext, xs: readonly (readonly number[])[], crossing: Crossing,
): void {
  const { g, rows } = c
  const isLate = crossing.part > 0.5
  const top = isLate ? rows.gutter2 : rows.gutter1
  const y = top + 1 + (crossing.part * 2 - (isLate ? 1 : 0)) * (g.gutter - 3)
  paint.fillStyle = crossing.isAborted ? colours.bad : colours.ink
  const width = Math.max(8, Math.min(28, g.zone / 8))
  for (const x of xs[isLate ? 2 : 1] ?? []) paint.fillRect(x - width / 2, y, width, 2)
}

/** A square on the lane whose batch was handed over again; the latest has a line down to its words. */
export function paintRetries(
  paint: CanvasRenderingContext2D, colours: Palette, c: StageContext,
  what: { readonly playhead: number; readonly per: number; readonly height: number },
): void {
  const { g, rows, column, store } = c
  const { moments } = column
  let isLatest = true
  paint.fillStyle = colours.bad
  for (let i = moments.length - 1; i >= 0; i--) {
    const moment = moments[i]!
    if (moment.at < what.playhead - store.span) return
    if (moment.kind !== 'retried' || moment.at > what.playhead) continue
    const x = g.barX + g.barWidth * (1 - (what.playhead - moment.at) / store.span)
    const y = rows.log + (Math.floor(moment.which / what.per) + 0.5) * what.height
    paint.fillRect(x - 3, y - 3, 6, 6)
    if (isLatest) paint.fillRect(x - 0.6, y, 1.2, rows.axis + 4 - y)
    isLatest = false
  }
}
