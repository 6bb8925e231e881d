/**
 * Random fault plans: a seed gives an architecture, its settings and two to seven overlapping faults of many kinds;
 * the run is then held to every invariant, to conservation in each frame, to what its settings promise, and to
 * liveness after the faults have healed. A failing plan is a RunSpec: keep it as a test of its own.
 */
import type { Recipe } from '../../src/contract/architecture.ts'
import { findFaultKind, parseFault, type FaultKind } from '../../src/contract/fault.ts'
import type { RunSpec } from '../../src/contract/spec.ts'
import { Stream, streamSeed } from '../../src/kernel/index.ts'
import { checkSpec } from '../../src/run/check.ts'
import { Column } from '../../src/run/column.ts'
import { columnPlan } from '../../src/run/run.ts'
import { conservation, promises } from './promises.ts'
import { smallScenario } from './swarm-scenario.ts'
import { randomSettings } from './swarm-settings.ts'

export { smallScenario }

/** Kinds by architecture; a kind that stands twice is drawn twice as often. */
const kindsOf: Readonly<Record<string, readonly FaultKind[]>> = {
  'kafka-flink': [
    'crash', 'crash', 'crash', 'pause', 'pause', 'slow', 'cut', 'cut', 'cut', 'delay', 'loss', 'power-loss', 'zone-outage',
    'disk-loss', 'spike', 'hot-key', 'disk-slow', 'checkpoint-fail', 'deploy', 'clock-skew',
  ],
  'kinesis-lambda': [
    'crash', 'crash', 'pause', 'slow', 'cut', 'cut', 'delay', 'loss', 'power-loss', 'zone-outage', 'spike', 'hot-key',
    'throttle', 'throttle', 'error-rate', 'error-rate', 'deploy', 'poison', 'crash', 'pause', 'slow', 'power-loss',
  ],
}

/** Moments of a protocol that a fault may wait for; its subject is struck where no target is named. */
const momentsOf: Readonly<Record<string, readonly string[]>> = {
  'kafka-flink': [
    'flink.transaction-prepared', 'flink.checkpoint-triggered', 'flink.checkpoint-completed', 'flink.alignment-done',
    'flink.committed', 'flink.restored', 'flink.slots-acquired', 'kafka.leader-elected', 'kafka.isr-shrunk',
  ],
  'kinesis-lambda': ['lambda.write-applied', 'lambda.write-applied', 'lambda.environment-started', 'lambda.batch-retried'],
}

/** The plan of a seed, for one recipe. */
export function swarmPlan(recipe: Recipe, seed: number): RunSpec {
  const stream = new Stream(streamSeed('swarm', `${recipe.id}/${seed}`))
  const settings = randomSettings(recipe.id, stream)
  const targets = targetsOf(recipe)
  const faults: string[] = []
  const count = 2 + stream.below(6)
  for (let tries = 0; faults.length < count && tries < 80; tries++) {
    const text = randomFault(recipe, stream, targets)
    const parsed = parseFault(text)
    if (!parsed.ok) throw new Error(`${text}: ${parsed.issues.map((issue) => issue.message).join('; ')}`)
    const { kind, target, on } = parsed.value
    if (recipe.refuses(kind, target) === null && !isIdle(recipe.id, kind, target, on !== undefined)) faults.push(text)
  }
  return {
    version: 1, model: '1', scenario: smallScenario, seed: `swarm-${seed}`,
    workload: { upstream: stream.below(3) === 0 ? 'journal' : 'once' },
    // Lambda's retries of a poisoned or throttled batch wait up to a minute each.
    quiet: recipe.id === 'kinesis-lambda' ? '1200s' : '150s',
    architectures: [{ id: recipe.id, settings }], faults, changes: [],
  }
}

/** What exists in the small scenario, so that most faults strike something; the same thing under two names once. */
function targetsOf(recipe: Recipe): readonly string[] {
  const sizing = {
    partitions: 4, shards: 3, replication: 3, parallelism: 4, taskManagers: 3, slotsPerTaskManager: 2,
    checkpointInterval: 1e9, guarantee: 'exactly-once', brokers: 3, zones: 3,
  } as unknown as Parameters<Recipe['targets']>[0]
  const names = recipe.targets(sizing).map((role) => role.target)
  return names.filter((target) => {
    const numbered = /^([a-z]+)-(\d+)$/.exec(target)
    if (numbered === null) return !['jobmanager', 'kinesis', 'dynamodb'].includes(target)
    if (numbered[1] === 'taskmanager' || numbered[1] === 'environment') return false
    return Number(numbered[2]) <= (numbered[1] === 'source' ? 2 : 3)
  })
}

/** Understood, and yet without anything to strike, always or mostly. */
function isIdle(id: string, kind: FaultKind, target: string | null, waits: boolean): boolean {
  if (id !== 'kinesis-lambda' || target === null) return false
  if (target.startsWith('shard:')) return kind !== 'throttle'
  if (target === 'processor') return !['throttle', 'error-rate', 'deploy'].includes(kind)
  // Which environments execute is known only at a write of theirs.
  return kind === 'deploy' || /^processor-[23]$/.test(target) || (target === 'processor-1' && !waits)
}

function randomFault(recipe: Recipe, stream: Stream, targets: readonly string[]): string {
  const kinds = kindsOf[recipe.id] ?? ['crash', 'pause', 'cut']
  const kind = kinds[stream.below(kinds.length)] as FaultKind
  const info = findFaultKind(kind) as NonNullable<ReturnType<typeof findFaultKind>>
  const zones = targets.filter((target) => target.startsWith('zone-'))
  const nodes = targets.filter((target) => !target.startsWith('zone-'))
  const node = stream.below(nodes.length)
  const moments = momentsOf[recipe.id] ?? []
  // An environment is struck while it executes: bodily faults wait for a write there more often.
  const isBodily = ['crash', 'pause', 'power-loss', 'slow'].includes(kind)
  const often = isBodily && recipe.id === 'kinesis-lambda' ? 2 : 4
  const waits = moments.length > 0 && info.strikes === 'plant' && stream.below(often) === 0
  // What a moment's subject is depends on its code, and bodily faults fit every process.
  const isSubject = waits && isBodily && stream.below(often) !== 0
  let text: string = kind
  if (kind === 'zone-outage') text += ` ${zones[stream.below(zones.length)] as string}`
  else if (info.target === 'needed' && !isSubject) text += ` ${nodes[node] as string}`
  // A peer that is never the node itself.
  if (kind === 'cut' && stream.below(2) === 0) text += ` -> ${nodes[(node + 1 + stream.below(nodes.length - 1)) % nodes.length] as string}`
  if (info.factor !== null) text += ` x${2 + stream.below(8)}`
  if (info.percent !== null) text += ` ${5 + stream.below(60)}%`
  if (info.amount !== null) text += ` ${10 + stream.below(400)}ms`
  if (waits) text += ` on ${moments[stream.below(moments.length)] as string} #${1 + stream.below(40)} after ${2000 + stream.below(7000)}ms`
  else text += ` at ${2000 + stream.below(9000)}ms`
  if (info.lasts && (kind !== 'crash' || stream.below(2) === 0)) text += ` for ${200 + stream.below(7000)}ms`
  return text
}

/** What a finished plan did wrong; empty when it kept every promise. */
export interface SwarmOutcome {
  readonly spec: RunSpec
  readonly problems: readonly string[]
  readonly digest: string
  readonly column: Column
}

/** How a plan is run: a test of planted bugs looks away from invariants, which may see the bug first. */
export interface SwarmOptions {
  readonly audits: boolean
}

/** Runs a plan with strict judging and checks it in each frame and at its end. */
export function runSwarm(recipe: Recipe, spec: RunSpec, options: SwarmOptions = { audits: true }): SwarmOutcome {
  const checked = checkSpec(spec, [recipe], {})
  if (!checked.ok) throw new Error(checked.issues.map((issue) => issue.message).join('; '))
  const column = new Column(columnPlan(checked.value, checked.value.columns[0] as never, { strict: true }))
  const problems: string[] = []
  let known = ''
  column.onFrame = () => {
    // A frame in which nothing was born or settled has been counted already.
    const marks = column.state.ledger.views.map((tally, view) => `${tally.settled} ${tally.retracted} ${column.state.ledger.unsettled(view)}`).join()
    if (marks === known || problems.length > 0) return
    known = marks
    conservation(column, problems)
  }
  try {
    let end = column.advance(1e9, eventsMax)
    for (let second = 2; end === 'time'; second++) {
      if (options.audits) column.state.plant.audit(column.state.sim)
      end = column.advance(second * 1e9, eventsMax)
    }
    if (end === 'budget') problems.push(`events: more than ${eventsMax} in a second, at ${(column.now / 1e9).toFixed(1)} s`)
    conservation(column, problems)
    promises(recipe.id, spec, column, problems)
  } catch (error) {
    problems.push(`thrown: ${error instanceof Error ? error.message : String(error)}`)
  }
  return { spec, problems, digest: column.state.sim.digest.text(), column }
}

/** A simulated second of this small plant takes a few thousand. */
const eventsMax = 2_000_000
