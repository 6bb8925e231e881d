/** The runs of a demonstration as RunSpecs, and their judgement: a demonstration is a test. */
import { formatFault } from '../contract/fault.ts'
import type { Demonstration, Expectation, Scenario } from '../contract/scenario.ts'
import type { ArchitectureSpec, ColumnReport, RunSpec } from '../contract/spec.ts'
import { judge, readMetric } from './metric.ts'

/** `shown` as the file says, `calm` without its faults, `prevented` with the settings that prevent it. */
export type DemonstrationVariant = 'shown' | 'calm' | 'prevented'

/** The columns of one seed, by variant; `prevented` is missing where nothing prevents it. */
export interface DemonstrationRuns {
  readonly seed: string
  readonly shown: readonly ColumnReport[]
  readonly calm: readonly ColumnReport[]
  readonly prevented: readonly ColumnReport[] | null
}

/** The RunSpec of one variant on one seed; `source` is the scenario's id or its whole text. */
export function demonstrationSpec(
  scenario: Scenario,
  demonstration: Demonstration,
  options: { readonly source: string; readonly model: string; readonly seed: string; readonly variant: DemonstrationVariant },
): RunSpec {
  const { source, model, seed, variant } = options
  const extra = variant === 'prevented' ? demonstration.preventedBy?.settings ?? {} : {}
  const architectures = demonstration.architectures.map((column): ArchitectureSpec => {
    const settings = { ...scenario.simulation.settings[column.id], ...column.settings, ...extra[column.label] }
    return { ...column, settings }
  })
  const faults = variant === 'calm' ? [] : scenario.simulation.faults.map(formatFault)
  return { version: 1, model, scenario: source, seed, architectures, faults, changes: [] }
}

/** What a demonstration failed to show, prevent or leave alone, in sentences; empty when it holds. */
export function judgeDemonstration(demonstration: Demonstration, runs: readonly DemonstrationRuns[]): string[] {
  const failures: string[] = []
  for (const expectation of demonstration.expect) {
    failures.push(...unmet('shown', expectation, runs.map(({ seed, shown }) => ({ seed, columns: shown }))))
  }
  for (const expectation of demonstration.preventedBy?.expect ?? []) {
    failures.push(...unmet('prevented', expectation, runs.map(({ seed, prevented }) => ({ seed, columns: prevented ?? [] }))))
  }
  for (const { label, metric } of demonstration.unmoved) {
    for (const { seed, shown, calm } of runs) {
      const [there, without] = [shown, calm].map((columns) => {
        const column = columns.find((candidate) => candidate.label === label)
        return column === undefined ? undefined : readMetric(column, metric)
      })
      if (there === undefined || there !== without) {
        failures.push(`seed ${seed}: ${label} ${metric} must not move: ${String(without)} without faults, ${String(there)} with them`)
      }
    }
  }
  return failures
}

function unmet(
  variant: string,
  expectation: Expectation,
  runs: readonly { readonly seed: string; readonly columns: readonly ColumnReport[] }[],
): string[] {
  const misses: string[] = []
  for (const { seed, columns } of runs) {
    const finding = judge(expectation, columns)
    if (!finding.held) misses.push(`seed ${seed}: ${finding.text}`)
  }
  // With fewer runs than the file asks for, each of them counts.
  const needed = Math.min(expectation.onSeeds, runs.length)
  if (runs.length - misses.length >= needed) return []
  return [`${variant}: expected on ${needed} of ${runs.length} seeds (line ${expectation.line}); ${misses.join('; ')}`]
}
