/** Where the time of one record went: its visible latency cut at the hops that its trace tells. Pure. */
import type { FactLine } from '../../src/host/api.ts'

export interface Stage {
  /** The hop that ends the stage, in words. */
  readonly text: string
  /** Seconds since birth. */
  readonly from: number
  readonly to: number
}

/** Lines of others that fell into the record's life stand in brackets. */
const isOwn = (line: FactLine): boolean => !line.text.trimStart().startsWith('(')

/** Stages from birth to the last reader; empty while the record is not visible. What no hop tells is not a stage. */
export function stagesOf(life: readonly FactLine[]): Stage[] {
  const hops = life.filter(isOwn)
  const born = hops[0]
  const last = hops.findLastIndex((hop) => hop.code === 'reader.visible')
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
