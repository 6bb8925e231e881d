/** What a sweep's rows say together: estimates by variant, differences seed by seed, shares of constraints met, the worst run. */
import type { Row } from './sweep.ts'
import { estimate, share, type Estimate } from './statistics.ts'

export interface VariantSummary {
  readonly variant: string
  readonly runs: number
  /** By name of the figure; null where no run had it. */
  readonly figures: Readonly<Record<string, Estimate | null>>
  /** This variant minus the first one on the same seeds. */
  readonly differences: Readonly<Record<string, Estimate | null>>
  /** Constraints by id: the share of runs that met it, of those where it could be told. */
  readonly met: Readonly<Record<string, { readonly hits: number; readonly n: number; readonly low: number; readonly high: number }>>
  /** The run with the largest figure of each name. */
  readonly worst: Readonly<Record<string, Row>>
}

export function summaryOf(rows: readonly Row[]): readonly VariantSummary[] {
  const variants = [...new Set(rows.map(({ variant }) => variant))]
  const names = Object.keys(rows[0]?.figures ?? {})
  const first = new Map(rows.filter(({ variant }) => variant === variants[0]).map((row) => [row.seed, row]))
  return variants.map((variant) => {
    const own = rows.filter((row) => row.variant === variant)
    return {
      variant, runs: own.length,
      figures: byName(names, (name) => estimate(own.flatMap(({ figures }) => figures[name] ?? []))),
      differences: byName(names, (name) => estimate(own.flatMap(({ seed, figures }) => {
        const other = first.get(seed)?.figures[name] ?? null
        const value = figures[name] ?? null
        return value === null || other === null ? [] : [value - other]
      }))),
      met: byName(Object.keys(own[0]?.met ?? {}), (id) => {
        const told = own.flatMap(({ met }) => met[id] ?? [])
        const hits = told.filter(Boolean).length
        const { low, high } = told.length === 0 ? { low: 0, high: 1 } : share(hits, told.length)
        return { hits, n: told.length, low, high }
      }),
      worst: byName(names, (name) => own.reduce((most, row) => ((row.figures[name] ?? Infinity) > (most.figures[name] ?? Infinity) ? row : most), own[0] as Row)),
    }
  })
}

/** True once half the interval of this figure is at most `part` of its mean, in every variant that has the figure. */
export function isNarrow(rows: readonly Row[], name: string, part: number): boolean {
  return summaryOf(rows).every(({ figures }) => {
    const one = figures[name] ?? null
    return one === null || one.half <= part * Math.abs(one.mean)
  })
}

function byName<T>(names: readonly string[], of: (name: string) => T): Record<string, T> {
  return Object.fromEntries(names.map((name) => [name, of(name)]))
}
