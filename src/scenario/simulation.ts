/** The optional `simulation:` block; without it a sensible run is derived from the constraints. */
import { parseFault, type Fault } from '../contract/fault.ts'
import { quoted } from '../contract/issue.ts'
import { parseSize } from '../contract/quantity.ts'
import type {
  Constraint, Pipeline, Simulation, SinkSpec, Sizing, ViewSpec,
} from '../contract/scenario.ts'
import { MICROSECOND, MILLISECOND, SECOND, nanos } from '../kernel/time.ts'
import { readConstraints } from './constraint-numbers.ts'
import { readDemonstration } from './demonstration.ts'
import { Fields, textOf } from './fields.ts'
import { readId, type Interview } from './interview.ts'
import { faultsMax, runMaxNanos, shortTextMax, sinksMax } from './limits.ts'
import { readSettingsOf } from './settings.ts'
import { defaultWorkload, readWorkload } from './workload.ts'
import { sizingFor } from './sizing.ts'

export const partitionsMax = 1_000
const quietMax = 3_600 * SECOND

/** What is done with a record when nothing is said: a look at the card's state and one decision [assumed]. */
const defaultPipeline: Pipeline = {
  keyBy: 'card', state: 'local', stateBytesPerKey: 200, work: nanos(200 * MICROSECOND), outputBytes: 200,
}
const defaultSinks: readonly SinkSpec[] = [{ name: 'decisions', primary: true }]

/** The run that the constraints alone ask for. */
export function deriveSimulation(constraints: readonly Constraint[]): Simulation {
  const workload = defaultWorkload(constraints)
  return {
    workload,
    pipeline: defaultPipeline,
    sinks: defaultSinks,
    views: [{ sink: 'decisions', isolation: 'committed' }],
    sizing: sizingFor(workload, constraints),
    faults: [],
    duration: nanos(60 * SECOND),
    warmup: nanos(10 * SECOND),
    quiet: nanos(180 * SECOND),
    settings: {},
    constraints,
    demonstration: null,
    stated: false,
  }
}

/** Reads the block; what it leaves out is derived from its constraints and its workload. */
export function readSimulation(block: Fields, interview: Interview): Simulation {
  const constraints = readConstraints(block, interview.constraints)
  const base = deriveSimulation(constraints)
  const workload = readWorkload(block.map('workload'), base.workload)
  const sinks = readSinks(block)
  const duration = block.duration('duration', SECOND, runMaxNanos) ?? base.duration
  const warmup = block.duration('warmup', 0, runMaxNanos) ?? base.warmup
  if (warmup >= duration) {
    block.note('scenario.conflict', 'warmup', `expected a warm-up shorter than the run, found ${warmup / SECOND}s of ${duration / SECOND}s`)
  }
  const simulation: Simulation = {
    workload,
    pipeline: readPipeline(block.map('pipeline')),
    sinks,
    views: readViews(block, sinks),
    sizing: readSizing(block.map('sizing'), sizingFor(workload, constraints)),
    faults: readFaults(block, duration),
    duration,
    warmup,
    quiet: block.duration('quiet', 0, quietMax) ?? base.quiet,
    settings: readSettingsOf(block, 'settings', interview.options.map(({ id }) => id)),
    constraints,
    demonstration: readDemonstration(block),
    stated: true,
  }
  block.end()
  return simulation
}

function readPipeline(fields: Fields | null): Pipeline {
  if (fields === null) return defaultPipeline
  const pipeline: Pipeline = {
    keyBy: fields.optionalText('key_by', shortTextMax) ?? defaultPipeline.keyBy,
    state: fields.choice('state', ['none', 'local']) ?? defaultPipeline.state,
    stateBytesPerKey: fields.quantity('state_per_key', parseSize) ?? defaultPipeline.stateBytesPerKey,
    work: fields.duration('work_per_record', 0, SECOND) ?? defaultPipeline.work,
    outputBytes: fields.quantity('output_size', parseSize) ?? defaultPipeline.outputBytes,
  }
  fields.end()
  return pipeline
}

function readSinks(block: Fields): readonly SinkSpec[] {
  if (!block.has('sinks')) return defaultSinks
  const seen = new Map<string, number>()
  const sinks: SinkSpec[] = []
  for (const placed of block.list('sinks', sinksMax)) {
    const item = Fields.of(placed, block.notes)
    if (item === null) continue
    sinks.push({ name: readId(item, 'name', seen), primary: item.flag('primary') ?? false })
    item.end()
  }
  const primaries = sinks.filter(({ primary }) => primary).length
  if (primaries !== 1) block.note('scenario.conflict', 'sinks', `expected exactly one sink with primary: true, found ${primaries}`)
  return sinks
}

function readViews(block: Fields, sinks: readonly SinkSpec[]): readonly ViewSpec[] {
  if (!block.has('views')) return sinks.map(({ name }) => ({ sink: name, isolation: 'committed' }))
  const views: ViewSpec[] = []
  for (const placed of block.list('views', sinksMax)) {
    const item = Fields.of(placed, block.notes)
    if (item === null) continue
    const sink = readId(item, 'sink', null)
    if (sink !== '' && !sinks.some(({ name }) => name === sink)) {
      item.note('scenario.reference', 'sink', `expected one of ${sinks.map(({ name }) => name).join(', ')}, found ${quoted(sink)}`)
    }
    if (!item.has('isolation')) item.missing('isolation', 'committed or uncommitted')
    const isolation = item.choice('isolation', ['committed', 'uncommitted'])
    item.end()
    if (isolation !== null) views.push({ sink, isolation })
  }
  return views
}

function readSizing(fields: Fields | null, base: Sizing): Sizing {
  if (fields === null) return base
  const whole = (key: string, max: number) => fields.whole(key, 1, max)
  const sizing: Sizing = {
    partitions: whole('partitions', partitionsMax) ?? base.partitions,
    shards: whole('shards', partitionsMax) ?? base.shards,
    replication: whole('replication', 7) ?? base.replication,
    parallelism: whole('parallelism', partitionsMax) ?? base.parallelism,
    taskManagers: whole('task_managers', partitionsMax) ?? base.taskManagers,
    slotsPerTaskManager: whole('slots_per_task_manager', 64) ?? base.slotsPerTaskManager,
    checkpointInterval: fields.duration('checkpoint_interval', 10 * MILLISECOND, runMaxNanos) ?? base.checkpointInterval,
    guarantee: fields.choice('guarantee', ['exactly-once', 'at-least-once', 'none']) ?? base.guarantee,
    brokers: whole('brokers', 30) ?? base.brokers,
    zones: whole('zones', 3) ?? base.zones,
  }
  if (sizing.replication > sizing.brokers) {
    fields.note('scenario.conflict', 'replication', `expected at most ${sizing.brokers} replicas on ${sizing.brokers} brokers, found ${sizing.replication}`)
  }
  const slots = sizing.taskManagers * sizing.slotsPerTaskManager
  if (sizing.parallelism > slots) {
    fields.note('scenario.conflict', 'parallelism', `expected at most ${slots} subtasks in ${slots} slots, found ${sizing.parallelism}`)
  }
  fields.end()
  return sizing
}

function readFaults(block: Fields, duration: number): Fault[] {
  const faults: Fault[] = []
  for (const placed of block.list('faults', faultsMax)) {
    const text = textOf(placed, shortTextMax * 2, block.notes)
    if (text === null) continue
    const fault = parseFault(text)
    if (!fault.ok) {
      block.notes.take(fault.issues, placed.path, placed.tree.line)
    } else if (fault.value.at !== undefined && fault.value.at >= duration) {
      block.notes.add('scenario.range', placed.path, placed.tree.line, `expected a fault before the end at ${duration / SECOND}s, found ${quoted(text)}`)
    } else {
      faults.push(fault.value)
    }
  }
  return faults
}
