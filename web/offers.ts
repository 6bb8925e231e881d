/** What can be struck: the offers of all columns side by side, one row a target and kind. Pure. */
import type { FaultOffer } from '../src/host/api.ts'

export interface OfferRow {
  readonly target: string
  readonly kind: string
  /** One entry a column; null where that column does not know the target. */
  readonly columns: readonly (FaultOffer | null)[]
}

export interface OfferFilter {
  readonly targets: readonly string[] | null
  readonly kinds: readonly string[] | null
}

const rowsMax = 5000

/** Rows in the order of the offers, first column first; a filter that is null lets all pass. */
export function offersFor(columns: readonly (readonly FaultOffer[])[], filter: OfferFilter): OfferRow[] {
  const rows = new Map<string, { target: string; kind: string; columns: (FaultOffer | null)[] }>()
  columns.forEach((offers, i) => {
    for (const offer of offers) {
      if (filter.targets !== null && !filter.targets.includes(offer.target)) continue
      if (filter.kinds !== null && !filter.kinds.includes(offer.kind)) continue
      const key = `${offer.kind} ${offer.target}`
      const row = rows.get(key) ?? { target: offer.target, kind: offer.kind, columns: columns.map(() => null) }
      row.columns[i] = offer
      if (rows.size < rowsMax) rows.set(key, row)
    }
  })
  return [...rows.values()]
}

export interface TargetGroup {
  /** Letters of the columns in which something can befall these targets; empty: in none. */
  readonly letters: readonly string[]
  readonly targets: readonly string[]
}

/** Targets by the columns that they mean something in, those of most columns first. */
export function groupsOf(rows: readonly OfferRow[], letters: readonly string[]): TargetGroup[] {
  const known = new Map<string, Set<number>>()
  for (const row of rows) {
    const columns = known.get(row.target) ?? new Set()
    known.set(row.target, columns)
    row.columns.forEach((offer, i) => {
      if (offer?.refused === null) columns.add(i)
    })
  }
  const groups = new Map<string, { letters: string[]; targets: string[] }>()
  for (const [target, columns] of known) {
    const own = letters.filter((_, i) => columns.has(i))
    const group = groups.get(own.join()) ?? { letters: own, targets: [] }
    groups.set(own.join(), group)
    group.targets.push(target)
  }
  return [...groups.values()].sort((a, b) => b.letters.length - a.letters.length)
}
