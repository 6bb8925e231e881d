/** Where the time of one record went: its visible latency cut at the hops that its trace tells. Pure. */
import type { LifeLine } from '../../src/host/api.ts'

export interface Stage {
  /** The hop that ends the stage, in words. */
  readonly text: string
  /** Seconds since birth. */
  readonly from: number
  readonly to: number
}

/** Stages from birth to the last reader; empty while the record is not visible. What no hop tells is not a stage. */
export function stagesOf(life: readonly LifeLine[]): Stage[] {
  // What befell others meanwhile is told, but is no hop of this record.
  const hops = life.filter((line) => line.kind !== 'headline')
  const born = hops[0]
  const last = hops.findLastIndex((hop) => hop.kind === 'visible')
  if (born === undefined || last < 1) return []
  const stages: Stage[] = []
  let from = 0
  for (const hop of hops.slice(1, last + 1)) {
    const to = hop.at - born.at
    stages.push({ text: hop.text, from, to })
    from = to
  }
  return stages
}
