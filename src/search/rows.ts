/**
 * The file of a sweep: a line that says which sweep it is, then a line a run, in the order of the sweep. Parts of one
 * sweep merge to the very bytes that one machine would have written; a file that was cut short is gone on with.
 */
import { fail, failAll, ok, quoted, type Issue, type Result } from '../contract/issue.ts'
import type { RunSpec } from '../contract/spec.ts'
import { hashText } from '../kernel/index.ts'
import type { Row, Task, Variant } from './sweep.ts'

/** What makes two files parts of the same sweep. */
export interface SweepHead {
  readonly sweep: 1
  readonly key: string
  readonly seeds: readonly string[]
  readonly variants: readonly string[]
  readonly specs: readonly RunSpec[]
}

export interface SweepFile {
  readonly head: SweepHead
  /** In the order of the sweep, each run once. */
  readonly rows: readonly Row[]
}

export function headOf(variants: readonly Variant[], seeds: readonly string[]): SweepHead {
  const body = { seeds, variants: variants.map(({ name }) => name), specs: variants.map(({ spec }) => spec) }
  const text = JSON.stringify(body)
  const half = (salt: string): string => (hashText(salt + text) >>> 0).toString(16).padStart(8, '0')
  return { sweep: 1, key: half('a') + half('b'), ...body }
}

export const lineOf = (value: SweepHead | Row): string => `${JSON.stringify(value)}\n`

/** The whole file, whatever order the runs ended in. */
export function textOf({ head, rows }: SweepFile): string {
  return lineOf(head) + inOrder(rows).map(lineOf).join('')
}

/** Reads a file; a last line that was cut off is left out, anything else that is no row is an issue. */
export function readSweep(text: string): Result<SweepFile> {
  const lines = text.split('\n')
  const head = parsed(lines[0] ?? '')
  if (!isHead(head)) return fail('sweep.head', 'expected the file of a sweep, found another first line')
  const issues: Issue[] = []
  const rows: Row[] = []
  const most = head.seeds.length * head.variants.length
  // Behind the last end of a line stands nothing, or what was being written when the sweep was killed.
  for (let i = 1; i < lines.length - 1; i++) {
    const row = parsed(lines[i] as string)
    if (isRow(row, most)) rows.push(row)
    else issues.push({ code: 'sweep.row', path: '', line: i + 1, message: `expected a run of the sweep, found ${quoted((lines[i] as string).slice(0, 60))}` })
  }
  return issues.length > 0 ? failAll(issues) : ok({ head, rows: inOrder(rows) })
}

/** Several parts of one sweep as one; the same run in two parts must have the same digest. */
export function mergeSweeps(files: readonly SweepFile[]): Result<SweepFile> {
  const [first] = files
  if (first === undefined) return fail('sweep.none', 'expected at least one file of a sweep')
  const rows = new Map<number, Row>()
  const issues: Issue[] = []
  for (const [i, { head, rows: part }] of files.entries()) {
    if (head.key !== first.head.key) issues.push({ code: 'sweep.other', path: `file ${i + 1}`, line: null, message: `expected a part of sweep ${first.head.key}, found one of ${head.key}` })
    else {
      for (const row of part) {
        const other = rows.get(row.n)
        if (other !== undefined && JSON.stringify(other) !== JSON.stringify(row)) {
          issues.push({ code: 'sweep.differs', path: `file ${i + 1}`, line: null, message: `run ${row.n} (${row.variant}, seed ${row.seed}) differs from the one in an earlier file` })
        }
        rows.set(row.n, row)
      }
    }
  }
  return issues.length > 0 ? failAll(issues) : ok({ head: first.head, rows: inOrder([...rows.values()]) })
}

/** The tasks that the rows have not done yet. */
export function missing(tasks: readonly Task[], rows: readonly Row[]): readonly Task[] {
  const done = new Set(rows.map(({ n }) => n))
  return tasks.filter(({ n }) => !done.has(n))
}

/** Each run once, in the order of the sweep. */
export function inOrder(rows: readonly Row[]): readonly Row[] {
  const once = new Map(rows.map((row) => [row.n, row]))
  return [...once.values()].sort((a, b) => a.n - b.n)
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}

function isHead(value: unknown): value is SweepHead {
  return typeof value === 'object' && value !== null && 'sweep' in value && value.sweep === 1 && 'key' in value && typeof value.key === 'string'
    && 'seeds' in value && Array.isArray(value.seeds) && 'variants' in value && Array.isArray(value.variants) && 'specs' in value && Array.isArray(value.specs)
}

function isRow(value: unknown, most: number): value is Row {
  if (typeof value !== 'object' || value === null || !('n' in value) || !Number.isInteger(value.n)) return false
  const { n } = value as { n: number }
  return n >= 0 && n < most && 'variant' in value && typeof value.variant === 'string' && 'seed' in value && typeof value.seed === 'string'
    && 'figures' in value && typeof value.figures === 'object' && value.figures !== null && 'met' in value && typeof value.met === 'object' && value.met !== null
    && 'digest' in value && typeof value.digest === 'string'
}
