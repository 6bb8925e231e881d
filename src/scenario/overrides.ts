/** What a RunSpec may say over its scenario: durations and parts of the workload, as texts with units. */
import { failAll, ok, quoted, type Result } from '../contract/issue.ts'
import { parseDuration, parsePercent, parseRate, parseSize } from '../contract/quantity.ts'
import type { Simulation, Workload } from '../contract/scenario.ts'
import type { RunSpec } from '../contract/spec.ts'
import { MILLISECOND, nanos, type Nanos } from '../kernel/time.ts'
import { runMaxNanos } from './limits.ts'
import { Notes } from './notes.ts'
import { keysMax, recordBytesMax, sourcesMax } from './workload.ts'

type Overrides = Pick<RunSpec, 'duration' | 'warmup' | 'quiet' | 'workload'>
type Writable<T> = { -readonly [K in keyof T]: T[K] }

/** The keys of `RunSpec.workload`. */
export const workloadKeys = [
  'rate', 'shape', 'record_size', 'keys', 'distribution', 'exponent', 'hot_key_percent', 'sources',
  'malformed_per_million', 'upstream',
] as const

/**
 * The simulation with the overrides of a RunSpec, or every issue of them. A warm-up that is not given is
 * shortened to a quarter of a shorter run. The sizing stays the scenario's.
 */
export function withOverrides(simulation: Simulation, spec: Overrides): Result<Simulation> {
  const notes = new Notes()
  const duration = read(spec.duration, simulation.duration, 'duration', MILLISECOND, notes)
  const quarter = nanos(Math.floor(duration / 4 / MILLISECOND) * MILLISECOND)
  const usual = simulation.warmup > quarter ? quarter : simulation.warmup
  const warmup = read(spec.warmup, usual, 'warmup', 0, notes)
  const quiet = read(spec.quiet, simulation.quiet, 'quiet', 0, notes)
  if (warmup >= duration) {
    notes.add('spec.warmup', 'warmup', null, `expected a warm-up shorter than the run, found ${warmup / 1e9}s of ${duration / 1e9}s`)
  }
  const workload = overridden(simulation.workload, spec.workload ?? {}, notes)
  return notes.count > 0 ? failAll(notes.list()) : ok({ ...simulation, duration, warmup, quiet, workload })
}

function read(text: string | undefined, usual: Nanos, path: string, min: number, notes: Notes): Nanos {
  if (text === undefined) return usual
  const parsed = parseDuration(text)
  if (!parsed.ok) notes.take(parsed.issues, path, null)
  else if (parsed.value < min || parsed.value > runMaxNanos) {
    notes.add('spec.range', path, null, `expected a ${path} from ${min / 1e9}s to ${runMaxNanos / 1e9}s, found ${quoted(text)}`)
  }
  return parsed.ok ? parsed.value : usual
}

function overridden(base: Workload, given: Readonly<Record<string, string>>, notes: Notes): Workload {
  const workload: Writable<Workload> = { ...base }
  const keys: Writable<Workload['keys']> = { ...base.keys }
  for (const [key, text] of Object.entries(given)) {
    const path = `workload.${key}`
    const take = <T>(parsed: Result<T>, set: (value: T) => void) => {
      if (parsed.ok) set(parsed.value)
      else notes.take(parsed.issues, path, null)
    }
    const whole = (min: number, max: number, set: (value: number) => void) => {
      const value = /^\d{1,10}$/.test(text) ? Number(text) : NaN
      if (value >= min && value <= max) set(value)
      else notes.add('spec.range', path, null, `expected a whole number from ${min} to ${max} for ${key}, found ${quoted(text)}`)
    }
    const choice = <T extends string>(options: readonly T[], set: (value: T) => void) => {
      const found = options.find((option) => option === text)
      if (found !== undefined) set(found)
      else notes.add('spec.choice', path, null, `expected one of ${options.join(', ')} for ${key}, found ${quoted(text)}`)
    }
    switch (key) {
      case 'rate': take(parseRate(text), (value) => { workload.ratePerSecond = value }); break
      case 'shape': choice(['poisson', 'constant'], (kind) => { workload.shape = { kind } }); break
      case 'record_size': take(recordSize(text), (value) => { workload.recordBytes = value }); break
      case 'keys': whole(1, keysMax, (value) => { keys.count = value }); break
      case 'distribution': choice(['uniform', 'zipf'], (value) => { keys.distribution = value }); break
      case 'exponent': take(exponent(text), (value) => { keys.exponent = value }); break
      case 'hot_key_percent': take(parsePercent(text), (value) => { keys.hotKeyPercent = value }); break
      case 'sources': whole(1, sourcesMax, (value) => { workload.sources = value }); break
      case 'malformed_per_million': whole(0, 1_000_000, (value) => { workload.malformedPerMillion = value }); break
      case 'upstream': choice(['once', 'journal'], (value) => { workload.upstream = value }); break
      default: notes.add('spec.unknown-key', path, null, `expected one of ${workloadKeys.join(', ')}; found ${quoted(key)}`)
    }
  }
  if (keys.distribution === 'uniform') keys.exponent = 0
  return { ...workload, keys }
}

function recordSize(text: string): Result<number> {
  const parsed = parseSize(text)
  if (!parsed.ok || (parsed.value >= 1 && parsed.value <= recordBytesMax)) return parsed
  return failAll([{ code: 'spec.range', path: '', line: null, message: `expected a record of 1B to 1MiB, found ${quoted(text)}` }])
}

function exponent(text: string): Result<number> {
  const value = /^\d(?:\.\d{1,3})?$/.test(text) ? Number(text) : NaN
  if (value <= 3) return ok(value)
  return failAll([{ code: 'spec.range', path: '', line: null, message: `expected an exponent from 0 to 3, found ${quoted(text)}` }])
}
