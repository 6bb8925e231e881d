/** A sweep for people and for tables: estimates with their intervals, paired differences, shares of seeds, the worst runs. */
import { countText, durationText } from '../measure/measured.ts'
import type { SweepFile } from '../search/rows.ts'
import type { Estimate } from '../search/statistics.ts'
import { summaryOf, type VariantSummary } from '../search/summary.ts'
import { figures, type Figure, type Row } from '../search/sweep.ts'
import { encodeLink } from './link.ts'

/** Figures whose worst run is worth opening. */
const worstOf = ['visible.p99', 'lost', 'duplicated']

/** The summary as text; links open the worst run of each kind. */
export async function sweepText({ head, rows }: SweepFile): Promise<string> {
  const all = summaryOf(rows)
  const lines = [`${rows.length} of ${head.seeds.length * head.variants.length} runs, ${new Set(rows.map(({ seed }) => seed)).size} seeds; mean ± half of its 95 % interval (smallest to largest)`, '']
  for (const [i, summary] of all.entries()) {
    lines.push(`${summary.variant}  (${summary.runs} runs)`)
    for (const [id, { hits, n, low, high }] of Object.entries(summary.met)) {
      if (n > 0) lines.push(`  ${id.padEnd(20)} met on ${hits} of ${n} seeds (${percent(low)} to ${percent(high)})`)
    }
    for (const figure of figures) lines.push(...figureLines(figure, summary, i > 0 ? (all[0] as VariantSummary).variant : null))
    lines.push(...(await worstLines(summary, head.specs[head.variants.indexOf(summary.variant)])), '')
  }
  return lines.join('\n')
}

function figureLines({ name, unit }: Figure, { figures: estimates, differences }: VariantSummary, first: string | null): string[] {
  const one = estimates[name] ?? null
  if (one === null || (one.max === 0 && one.min === 0)) return []
  const apart = differences[name] ?? null
  const line = `  ${name.padEnd(20)} ${estimateText(one, unit)} (${valueText(one.min, unit)} to ${valueText(one.max, unit)})`
  if (first === null || apart === null || !Number.isFinite(apart.half)) return [line]
  const isClear = Math.abs(apart.mean) > apart.half
  const word = isClear ? `${valueText(Math.abs(apart.mean), unit)} ± ${valueText(apart.half, unit)} ${apart.mean > 0 ? 'more' : 'less'} than ${first}` : `no clear difference from ${first}`
  return [line, `  ${' '.repeat(20)} ${word}, seed by seed`]
}

async function worstLines({ worst }: VariantSummary, spec: SweepFile['head']['specs'][number] | undefined): Promise<string[]> {
  const lines: string[] = []
  for (const name of worstOf) {
    const row = worst[name]
    if (row === undefined || spec === undefined || row.figures[name] === 0) continue
    lines.push(`  worst ${name.padEnd(14)} seed ${row.seed}: #${await encodeLink({ ...spec, seed: row.seed })}`)
  }
  return lines
}

function estimateText({ mean, half }: Estimate, unit: Figure['unit']): string {
  return Number.isFinite(half) ? `${valueText(mean, unit)} ± ${valueText(half, unit)}` : valueText(mean, unit)
}

function valueText(value: number, unit: Figure['unit']): string {
  if (unit === 's') return durationText(value)
  const count = Math.abs(value) < 100 && !Number.isInteger(value) ? value.toFixed(1) : countText(Math.round(value))
  return `${count}${unit === 'records' ? '' : '/s'}`
}

function percent(part: number): string {
  return `${(part * 100).toFixed(0)} %`
}

/** Tables: a line a run, and a line a variant and figure. Labels and keys cannot begin a formula. */
export function sweepTables({ rows }: SweepFile): { readonly name: string; readonly text: string }[] {
  const ids = Object.keys(rows[0]?.met ?? {})
  const runs = rows.map((row: Row) => [
    row.n, quoted(row.variant), row.seed, row.digest, ...ids.map((id) => row.met[id] ?? ''), ...figures.map(({ name }) => row.figures[name] ?? ''),
  ].join(','))
  const estimates = summaryOf(rows).flatMap(({ variant, figures: own, differences }) => figures.flatMap(({ name, unit }) => {
    const [one, apart] = [own[name] ?? null, differences[name] ?? null]
    return one === null ? [] : [[quoted(variant), name, unit, one.n, one.mean, finite(one.half), one.min, one.max, apart?.mean ?? '', finite(apart?.half)].join(',')]
  }))
  return [
    { name: 'runs.csv', text: table(['n', 'variant', 'seed', 'digest', ...ids.map((id) => `met.${id}`), ...figures.map(({ name }) => name)].join(','), runs) },
    { name: 'summary.csv', text: table('variant,figure,unit,n,mean,half95,min,max,difference,differenceHalf95', estimates) },
  ]
}

function finite(value: number | undefined): number | '' {
  return value === undefined || !Number.isFinite(value) ? '' : value
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`
}

function table(head: string, lines: readonly string[]): string {
  return `${[head, ...lines].join('\n')}\n`
}
