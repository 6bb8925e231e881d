/**
 * Paths into a column of the Report: "totals.duplicates", "latency.visible.p99",
 * "views[decisions/read_uncommitted].totals.duplicates", "constraints[latency].met", "outages.length".
 * An item of a list is named by its place, or by its sink/reader, id, code or fault.
 */
import { quoted } from '../contract/issue.ts'
import type { Expectation } from '../contract/scenario.ts'
import type { ColumnReport } from '../contract/spec.ts'

const roots = ['totals', 'views', 'latency', 'throughput', 'lag', 'outages', 'recovery', 'causes', 'constraints', 'facts', 'notes', 'events']
const pathText = /^[a-zA-Z][a-zA-Z0-9]*(?:\[[^[\]]{1,100}\])?(?:\.[a-zA-Z][a-zA-Z0-9]*(?:\[[^[\]]{1,100}\])?)*$/

/** What is wrong with a path, or null. */
export function metricProblem(path: string): string | null {
  const root = /^[a-zA-Z]*/.exec(path)?.[0] ?? ''
  if (pathText.test(path) && roots.includes(root)) return null
  return `expected a path in the report that starts with ${roots.join(', ')}; found ${quoted(path)}`
}

/** The value at a path; undefined when there is none. A cause that never arose has 0 records. */
export function readMetric(column: ColumnReport, path: string): number | boolean | string | null | undefined {
  let value: unknown = column
  for (const step of path.match(/[^.[\]]+(?=[.[]|$)|\[[^\]]*\]/g) ?? []) {
    value = step.startsWith('[') ? itemOf(value, step.slice(1, -1)) : fieldOf(value, step)
  }
  if (value === undefined && /^causes\[[^\]]*\]\.records$/.test(path)) return 0
  return isMetric(value) ? value : undefined
}

function fieldOf(value: unknown, name: string): unknown {
  if (Array.isArray(value)) return name === 'length' ? value.length : undefined
  return isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined
}

function itemOf(value: unknown, name: string): unknown {
  if (!Array.isArray(value)) return undefined
  if (/^\d+$/.test(name)) return value[Number(name)]
  return value.find((item: unknown) => isRecord(item)
    && [item['id'], item['code'], item['fault'], `${String(item['sink'])}/${String(item['reader'])}`].includes(name))
}

/** One expectation against the columns of a run, with what was found, for messages. */
export interface Finding {
  readonly held: boolean
  readonly text: string
}

/** Judges an expectation on one run. */
export function judge(expectation: Expectation, columns: readonly ColumnReport[]): Finding {
  const found = metricOf(columns, expectation.label, expectation.metric)
  const { value } = expectation
  const other = typeof value === 'object' && value !== null ? metricOf(columns, value.label, value.metric) : value
  const text = `${expectation.label} ${expectation.metric} ${expectation.op} ${String(other)}, found ${String(found)}`
  return { held: found !== undefined && other !== undefined && compare(found, expectation.op, other), text }
}

function metricOf(columns: readonly ColumnReport[], label: string, path: string): ReturnType<typeof readMetric> {
  const column = columns.find((candidate) => candidate.label === label)
  return column === undefined ? undefined : readMetric(column, path)
}

function compare(found: unknown, op: Expectation['op'], other: unknown): boolean {
  if (op === '=') return found === other
  if (op === '!=') return found !== other
  if (typeof found !== 'number' || typeof other !== 'number') return false
  switch (op) {
    case '>': return found > other
    case '>=': return found >= other
    case '<': return found < other
    case '<=': return found <= other
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function isMetric(value: unknown): value is number | boolean | string | null {
  return value === null || ['number', 'boolean', 'string'].includes(typeof value)
}
