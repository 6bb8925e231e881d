/** The workload of a simulation block; what it leaves out is as the constraints and the defaults say. */
import type { Constraint, Workload, WorkloadShape } from '../contract/scenario.ts'
import { quoted } from '../contract/issue.ts'
import { parseRate, parseSize } from '../contract/quantity.ts'
import { MILLISECOND, nanos } from '../kernel/time.ts'
import type { Fields } from './fields.ts'
import { runMaxNanos, traceSecondsMax } from './limits.ts'

export const sourcesMax = 64
export const keysMax = 10_000_000
export const recordBytesMax = 1_048_576
const factorMax = 1_000

/** The workload without a block: the rate of the throughput constraint, else 1 000/s; the rest assumed. */
export function defaultWorkload(constraints: readonly Constraint[]): Workload {
  let ratePerSecond = 1_000
  for (const { meaning } of constraints) {
    if (meaning.kind === 'throughput') ratePerSecond = meaning.perSecond
  }
  return {
    ratePerSecond,
    shape: { kind: 'poisson' },
    recordBytes: 500,
    keys: { count: 50_000, distribution: 'zipf', exponent: 0.5 },
    sources: 4,
    eventTimeDelay: nanos(0),
    malformedPerMillion: 0,
    upstream: 'journal',
  }
}

/** Reads the `workload` map over the defaults. */
export function readWorkload(fields: Fields | null, base: Workload): Workload {
  if (fields === null) return base
  const workload: Workload = {
    ratePerSecond: fields.quantity('rate', parseRate) ?? base.ratePerSecond,
    shape: readShape(fields) ?? base.shape,
    recordBytes: readRecordBytes(fields) ?? base.recordBytes,
    keys: readKeys(fields.map('keys'), base.keys),
    sources: fields.whole('sources', 1, sourcesMax) ?? base.sources,
    eventTimeDelay: fields.duration('event_time_delay', 0, runMaxNanos) ?? base.eventTimeDelay,
    malformedPerMillion: fields.whole('malformed_per_million', 0, 1_000_000) ?? base.malformedPerMillion,
    upstream: fields.choice('upstream', ['once', 'journal']) ?? base.upstream,
  }
  fields.end()
  return workload
}

function readRecordBytes(fields: Fields): number | null {
  const bytes = fields.quantity('record_size', parseSize)
  if (bytes === null || (bytes >= 1 && bytes <= recordBytesMax)) return bytes
  fields.note('scenario.range', 'record_size', `expected a record of 1B to 1MiB, found ${bytes} bytes`)
  return null
}

function readKeys(fields: Fields | null, base: Workload['keys']): Workload['keys'] {
  if (fields === null) return base
  const distribution = fields.choice('distribution', ['uniform', 'zipf']) ?? base.distribution
  const count = fields.whole('count', 1, keysMax) ?? base.count
  const exponent = fields.number('exponent', 0, 3)
  const hotKeyPercent = fields.whole('hot_key_percent', 1, 100)
  if (distribution === 'uniform' && exponent !== null) {
    fields.note('scenario.conflict', 'exponent', 'expected no exponent for uniform keys, found one')
  }
  fields.end()
  const keys = { count, distribution, exponent: distribution === 'zipf' ? exponent ?? base.exponent : 0 }
  return hotKeyPercent === null ? keys : { ...keys, hotKeyPercent }
}

function readShape(fields: Fields): WorkloadShape | null {
  const placed = fields.get('shape')
  if (placed === null) return null
  if (placed.tree.kind === 'scalar') {
    const kind = fields.choice('shape', ['poisson', 'constant'])
    return kind === null ? null : { kind }
  }
  const shape = fields.map('shape')
  if (shape === null) return null
  if (!shape.has('kind')) shape.missing('kind', 'poisson, constant, step, spike, diurnal, on-off or trace')
  const kind = shape.choice('kind', ['poisson', 'constant', 'step', 'spike', 'diurnal', 'on-off', 'trace'])
  const read = kind === null ? null : readShapeOf(shape, kind)
  if (kind !== null) shape.end()
  return read
}

function readShapeOf(shape: Fields, kind: WorkloadShape['kind']): WorkloadShape | null {
  const duration = (key: string, min = MILLISECOND) => nanos(needed(shape, key, shape.duration(key, min, runMaxNanos)))
  const factor = () => needed(shape, 'factor', shape.number('factor', 0, factorMax))
  switch (kind) {
    case 'poisson':
    case 'constant': return { kind }
    case 'step': return { kind, atNanos: duration('at', 0), factor: factor() }
    case 'spike': return { kind, atNanos: duration('at', 0), forNanos: duration('for'), factor: factor() }
    case 'diurnal': {
      const percent = needed(shape, 'amplitude_percent', shape.whole('amplitude_percent', 0, 100))
      return { kind, periodNanos: duration('period'), amplitude: percent / 100 }
    }
    case 'on-off': return { kind, onNanos: duration('on'), offNanos: duration('off') }
    case 'trace': return { kind, perSecond: readTrace(shape) }
  }
}

function needed(shape: Fields, key: string, value: number | null): number {
  if (!shape.has(key)) shape.missing(key, 'a value for this shape')
  return value ?? 0
}

function readTrace(shape: Fields): number[] {
  const rates: number[] = []
  if (!shape.has('rates')) shape.missing('rates', 'a list of rates, one for each second')
  for (const { tree, path } of shape.list('rates', traceSecondsMax)) {
    const text = tree.kind === 'scalar' ? tree.text : ''
    // Silence is a rate too, which parseRate refuses elsewhere.
    const parsed = text === '0/s' ? 0 : parseRate(text)
    if (parsed === 0) rates.push(0)
    else if (parsed.ok) rates.push(parsed.value)
    else shape.notes.take(parsed.issues, path, tree.line)
  }
  if (rates.length === 0 && shape.has('rates')) {
    shape.note('scenario.empty', 'rates', `expected at least one rate, found ${quoted('')}`)
  }
  return rates
}
