/** Checks a RunSpec as a whole: every issue is listed, and what comes out can be run. */
import type { Recipe } from '../contract/architecture.ts'
import type { Change, Fault } from '../contract/fault.ts'
import { failAll, ok, quoted, type Result } from '../contract/issue.ts'
import type { Scenario, Simulation, Sizing, Workload } from '../contract/scenario.ts'
import type { RunSpec } from '../contract/spec.ts'
import { Notes } from '../scenario/notes.ts'
import { withOverrides } from '../scenario/overrides.ts'
import { loadScenario } from '../scenario/scenario.ts'
import { checkColumns, type CheckedColumn } from './check-columns.ts'
import { checkChanges, checkFaults, type FaultGround } from './check-faults.ts'
import { nearestNames } from './nearest.ts'
import { shapeOfSpec } from './spec-shape.ts'

export type { CheckedColumn } from './check-columns.ts'

/** The version of the models; a RunSpec of another version may give other numbers. */
export const modelVersion = '1'
/** Above this rate records are no longer followed one by one; records a second. */
export const recordDetailMax = 100_000

/** A RunSpec with everything it means. Times in nanoseconds. */
export interface CheckedSpec {
  readonly spec: RunSpec
  readonly scenario: Scenario
  readonly workload: Workload
  readonly sizing: Sizing
  readonly durationNanos: number
  readonly warmupNanos: number
  readonly quietNanos: number
  readonly faults: readonly Fault[]
  readonly changes: readonly Change[]
  readonly columns: readonly CheckedColumn[]
  readonly detail: 'record'
}

/** `scenarios` holds the text of every known scenario file by its id. */
export function checkSpec(
  value: unknown, recipes: readonly Recipe[], scenarios: Readonly<Record<string, string>>,
): Result<CheckedSpec> {
  const shape = shapeOfSpec(value)
  if (!shape.ok) return shape
  const spec = shape.value
  const notes = new Notes()
  const scenario = scenarioOf(spec.scenario, scenarios, notes)
  if (scenario === null) return failAll(notes.list())
  const overridden = withOverrides(scenario.simulation, spec)
  if (!overridden.ok) notes.take(overridden.issues, '', null)
  const simulation = overridden.ok ? overridden.value : scenario.simulation
  checkDetail(spec, simulation, notes)
  const columns = checkColumns(spec.architectures, recipes, scenario, notes)
  const ground: FaultGround = {
    columns, workload: simulation.workload, sizing: simulation.sizing,
    // A duration that is wrong itself makes no fault late.
    durationNanos: overridden.ok ? simulation.duration : Infinity, notes,
  }
  const { faults, byColumn } = checkFaults(spec.faults, ground)
  const changes = checkChanges(spec.changes, ground)
  if (notes.count > 0) return failAll(notes.list())
  if (spec.model !== modelVersion) {
    for (const column of columns) column.notes.push(`made for version ${spec.model} of the models, this is version ${modelVersion}: numbers may differ`)
  }
  return ok({
    spec, scenario, faults, changes, detail: 'record',
    workload: simulation.workload, sizing: simulation.sizing,
    durationNanos: simulation.duration, warmupNanos: simulation.warmup, quietNanos: simulation.quiet,
    columns: columns.map((column, i) => ({ ...column, faults: byColumn[i] as Fault[] })),
  })
}

/** A known id, or the whole text of a file. */
function scenarioOf(given: string, scenarios: Readonly<Record<string, string>>, notes: Notes): Scenario | null {
  const known = Object.hasOwn(scenarios, given) ? scenarios[given] : undefined
  if (known === undefined && !given.includes('\n')) {
    const nearest = nearestNames(given, Object.keys(scenarios), 5)
    notes.add('spec.scenario', 'scenario', null, `${quoted(given)} is no known scenario: the nearest are ${nearest.join(', ')}`)
    return null
  }
  const loaded = loadScenario(known ?? given, known === undefined ? 'scenario' : given)
  if (loaded.ok) return loaded.value
  notes.take(loaded.issues, 'scenario', null)
  return null
}

function checkDetail(spec: RunSpec, simulation: Simulation, notes: Notes): void {
  const { detail = 'auto' } = spec
  if (!['record', 'bulk', 'auto'].includes(detail)) {
    notes.add('spec.detail', 'detail', null, `expected record, bulk or auto, found ${quoted(detail)}`)
  } else if (detail === 'bulk') {
    notes.add('spec.bulk', 'detail', null, 'expected record or auto: runs in bulk detail are not there yet')
  } else if (simulation.workload.ratePerSecond > recordDetailMax) {
    const rate = simulation.workload.ratePerSecond
    notes.add('spec.bulk', 'workload.rate', null, `expected at most ${recordDetailMax}/s, found ${rate}/s: higher rates need bulk detail, which is not there yet`)
  }
}
