/** From the words of the command line to a RunSpec, before anything in it is checked. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { formatFault } from '../contract/fault.ts'
import { fail, failAll, ok, quoted, type Issue, type Result } from '../contract/issue.ts'
import type { Scenario } from '../contract/scenario.ts'
import type { ArchitectureSpec, RunSpec } from '../contract/spec.ts'
import { modelVersion } from '../run/check.ts'
import { nearestNames } from '../run/nearest.ts'
import { fileLengthMax } from '../scenario/limits.ts'
import { loadScenario } from '../scenario/scenario.ts'
import { valueOf, type Arguments } from './cli-args.ts'
import { scenarios } from './scenarios.ts'
import { usualColumns } from './usual.ts'

/** A scenario by id or file: what a RunSpec says of it, and what is in it. */
export interface FoundScenario {
  /** A known id, or the whole text. */
  readonly source: string
  readonly scenario: Scenario
}

/** Reads a file of bounded size as text. */
export function readText(path: string): Result<string> {
  try {
    if (!existsSync(path) || !statSync(path).isFile()) return fail('file.missing', `${quoted(path)} is no file that can be read`)
    if (statSync(path).size > 64 * fileLengthMax) return fail('file.long', `${quoted(path)} is too long to be read`)
    return ok(readFileSync(path, 'utf8'))
  } catch (error) {
    return fail('file.unreadable', `${quoted(path)} cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** Finds a scenario; issues of a file carry its name and line. */
export function findScenario(word: string): Result<FoundScenario> {
  const known = Object.hasOwn(scenarios, word) ? scenarios[word] : undefined
  if (known === undefined && !existsSync(word)) {
    const nearest = nearestNames(word, Object.keys(scenarios), 3).join(', ')
    return fail('cli.scenario', `${quoted(word)} is neither a file nor a scenario: the nearest are ${nearest}`)
  }
  const text = known === undefined ? readText(word) : ok(known)
  if (!text.ok) return text
  const scenario = loadScenario(text.value, word)
  if (!scenario.ok) return failAll(scenario.issues.map((issue) => ({ ...issue, path: `${word}: ${issue.path}` })))
  const id = known === undefined ? Object.keys(scenarios).find((name) => scenarios[name] === text.value) : word
  return ok({ source: id ?? text.value, scenario: scenario.value })
}

/** The RunSpec of `run` and `trace`: the scenario's own faults come first, then those of the command line. */
export function specOf(args: Arguments, found: FoundScenario): Result<RunSpec> {
  const issues: Issue[] = []
  const architectures = columnsOf(args, found.scenario, issues)
  const changes = (args.values['--change'] ?? []).flatMap((text) => changeOf(text, issues))
  const workload = Object.fromEntries((args.values['--workload'] ?? []).flatMap((text) => {
    const cut = text.indexOf('=')
    if (cut > 0) return [[text.slice(0, cut), text.slice(cut + 1)] as const]
    issues.push({ code: 'cli.workload', path: '--workload', line: null, message: `expected key=value, found ${quoted(text)}` })
    return []
  }))
  if (issues.length > 0) return failAll(issues)
  const texts = (['duration', 'warmup', 'quiet'] as const).flatMap((name) => {
    const value = valueOf(args, `--${name}`)
    return value === undefined ? [] : [[name, value] as const]
  })
  return ok({
    version: 1, model: modelVersion, scenario: found.source, seed: valueOf(args, '--seed') ?? '1',
    ...Object.fromEntries(texts),
    ...(Object.keys(workload).length === 0 ? {} : { workload }),
    architectures,
    faults: [...found.scenario.simulation.faults.map(formatFault), ...(args.values['--fault'] ?? [])],
    changes,
  })
}

function columnsOf(args: Arguments, scenario: Scenario, issues: Issue[]): ArchitectureSpec[] {
  const preset = valueOf(args, '--preset')
  const given = (args.values['-a'] ?? []).map((text) => {
    const cut = text.indexOf('=')
    return cut < 0 ? { id: text } : { id: text.slice(cut + 1), label: text.slice(0, cut) }
  })
  const shown = scenario.simulation.demonstration?.architectures ?? usualColumns.map((id) => ({ id }))
  const columns: readonly ArchitectureSpec[] = given.length > 0 ? given : shown
  const labels = labelled(columns)
  const settings = settingsOf(args, labels, issues)
  return columns.map((column, i) => {
    const own = { ...column.settings, ...settings.get(labels[i] as string) }
    return {
      ...column, label: labels[i] as string,
      ...(preset === undefined ? {} : { preset }),
      ...(Object.keys(own).length === 0 ? {} : { settings: own }),
    }
  })
}

/** The same rule as the check's: the id, then id-2, id-3 … */
function labelled(columns: readonly ArchitectureSpec[]): string[] {
  const taken = new Set(columns.flatMap(({ label }) => (label === undefined ? [] : [label])))
  return columns.map(({ id, label }) => {
    if (label !== undefined) return label
    let free = id
    for (let n = 2; taken.has(free); n++) free = `${id}-${n}`
    taken.add(free)
    return free
  })
}

/** label.key=value: the first dot splits, so that keys may have dots of their own. */
function settingsOf(args: Arguments, labels: readonly string[], issues: Issue[]): Map<string, Record<string, string>> {
  const settings = new Map<string, Record<string, string>>()
  for (const text of args.values['--set'] ?? []) {
    const found = splitSetting(text)
    if (found === null) {
      issues.push({ code: 'cli.set', path: '--set', line: null, message: `expected label.key=value, found ${quoted(text)}` })
    } else if (!labels.includes(found.label)) {
      const message = `${quoted(found.label)} is no column in ${quoted(text)}: expected one of ${labels.join(', ')}`
      issues.push({ code: 'cli.set', path: '--set', line: null, message })
    } else settings.set(found.label, { ...settings.get(found.label), [found.key]: found.value })
  }
  return settings
}

/** label.key=value; the first dot splits. */
export function splitSetting(text: string): { label: string; key: string; value: string } | null {
  const dot = text.indexOf('.')
  const cut = text.indexOf('=', dot)
  if (dot <= 0 || cut <= dot + 1) return null
  return { label: text.slice(0, dot), key: text.slice(dot + 1, cut), value: text.slice(cut + 1) }
}

/** "30s label.key=value". */
function changeOf(text: string, issues: Issue[]): RunSpec['changes'][number][] {
  const [at = '', ...rest] = text.trim().split(/\s+/)
  const found = splitSetting(rest.join(' '))
  if (found !== null) return [{ at, ...found }]
  issues.push({ code: 'cli.change', path: '--change', line: null, message: `expected "TIME label.key=value", found ${quoted(text)}` })
  return []
}
