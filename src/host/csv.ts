/** The series and totals of a Report as tables: comma, point, one header line; unknown is empty. */
import type { ColumnReport, Report } from '../contract/spec.ts'

/** File names and texts: one of totals for all columns, one of series for each. */
export function csvFiles(report: Report): { readonly name: string; readonly text: string }[] {
  return [
    { name: 'totals.csv', text: totals(report) },
    ...report.runs.map((run) => ({ name: `series-${run.label}.csv`, text: series(run) })),
  ]
}

function series({ series: rows }: ColumnReport): string {
  const names = Object.keys(rows)
  const lines = [names.join(',')]
  const length = rows['time']?.length ?? 0
  for (let i = 0; i < length; i++) lines.push(names.map((name) => rows[name]?.[i] ?? '').join(','))
  return `${lines.join('\n')}\n`
}

function totals({ runs }: Report): string {
  const lines = ['label,sink,reader,metric,value']
  for (const { label, views } of runs) {
    for (const { sink, reader, totals: counts } of views) {
      const { answered, ...others } = counts
      const flat = { ...others, ...Object.fromEntries(Object.entries(answered).map(([name, count]) => [`answered.${name}`, count])) }
      for (const [name, count] of Object.entries(flat)) lines.push(`${label},${sink},${reader},${name},${count}`)
    }
  }
  return `${lines.join('\n')}\n`
}
