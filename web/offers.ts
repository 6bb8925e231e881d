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
