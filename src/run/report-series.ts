/** The series of a Report: one row a simulated second, null where a value is unknown. */
import type { Series } from '../measure/series.ts'

type Row = (number | null)[]

/** Counts are cumulative, times in seconds. */
export function seriesOf(series: Series): Readonly<Record<string, Row>> {
  const perSecond = Math.round(1e9 / series.stepNanos)
  const rows: number[] = []
  for (let i = perSecond - 1; i < series.length; i += perSecond) rows.push(i)
  const counts = (values: readonly number[]): Row => rows.map((i) => values[i] as number)
  const seconds = (values: readonly number[]): Row => rows.map((i) => {
    const value = values[i] as number
    return value === value ? value / 1e9 : null
  })
  return {
    time: rows.map((i) => (i + 1) / perSecond),
    offered: counts(series.offered), visible: counts(series.visible), answered: counts(series.answered),
    refused: counts(series.refused), lost: counts(series.lost), duplicates: counts(series.duplicates),
    lagRecords: counts(series.lagRecords), lagSeconds: seconds(series.lagNanos),
    visibleP50: seconds(series.p50), visibleP99: seconds(series.p99),
    processedP50: seconds(series.processedP50), processedP99: seconds(series.processedP99),
    oldestUnsettled: seconds(series.oldestUnsettled),
  }
}
