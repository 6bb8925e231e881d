/**
 * Random fault plans: a seed gives an architecture, its settings and one to six overlapping faults of many kinds;
 * the run is then held to every invariant, to what its settings promise, and to liveness after the faults heal.
 * A failing plan is a RunSpec: keep it as a test of its own.
 */
import type { Recipe } from '../../src/contract/architecture.ts'
import { findFaultKind, parseFault, type FaultKind } from '../../src/contract/fault.ts'
import type { RunSpec } from '../../src/contract/spec.ts'
import { Stream, streamSeed } from '../../src/kernel/index.ts'
import type { ViewTally } from '../../src/measure/view.ts'
import { checkSpec } from '../../src/run/check.ts'
import { Column } from '../../src/run/column.ts'
import { columnPlan } from '../../src/run/run.ts'

/** A small plant at teaching rates, so that hundreds of plans fit into a test run. */
export const smallScenario = `---
title: "Small"
difficulty: "Easy"
tags: ["test"]
prompt: "Small"
clarifying_questions: []
architecture_options: []
max_questions: 1
simulation:
  duration: 14s
  warmup: 1s
  quiet: 150s
  workload:
    rate: 150/s
    shape: poisson
    record_size: 200B
    sources: 2
    upstream: once
    keys: { count: 200, distribution: uniform }
  pipeline: { key_by: card, state: local, state_per_key: 100B, work_per_record: 50us, output_size: 100B }
  sinks:
    - { name: decisions, primary: true }
  views:
    - { sink: decisions, isolation: committed }
    - { sink: decisions, isolation: uncommitted }
  sizing:
    brokers: 3
    zones: 3
    partitions: 4
    replication: 3
    shards: 3
    parallelism: 4
    task_managers: 3
    slots_per_task_manager: 2
    checkpoint_interval: 1s
    guarantee: exactly-once
---

Small.
`

/** Settings to choose from, by architecture; the first is the preset as it is. */
const settingsOf: Readonly<Record<string, readonly Readonly<Record<string, string>>[]>> = {
  'kafka-flink': [
    {},
    { 'sink.delivery-guarantee': 'at-least-once' },
    { 'sink.delivery-guarantee': 'at-least-once', 'execution.checkpointing.mode': 'AT_LEAST_ONCE' },
    { 'sink.delivery-guarantee': 'none' },
    { acks: '1', 'enable.idempotence': 'false' },
    { acks: '0', 'enable.idempotence': 'false' },
    { acks: 'all', 'enable.idempotence': 'false' },
  ],
  'kinesis-lambda': [
    {},
    { 'sink.write': 'put' },
    { 'sink.write': 'conditional' },
    { 'sink.write': 'increment', 'consumer.type': 'standard' },
    { 'sink.write': 'append', ParallelizationFactor: '4', BisectBatchOnFunctionError: 'true' },
  ],
}

const kinds: readonly FaultKind[] = [
  'crash', 'crash', 'pause', 'slow', 'cut', 'cut', 'delay', 'loss', 'power-loss', 'zone-outage', 'spike', 'hot-key',
  'throttle', 'error-rate', 'disk-slow', 'checkpoint-fail', 'deploy',
]

/** The plan of a seed, for one recipe. */
export function swarmPlan(recipe: Recipe, seed: number): RunSpec {
  const stream = new Stream(streamSeed('swarm', `${recipe.id}/${seed}`))
  const choices = settingsOf[recipe.id] ?? [{}]
  const settings = choices[stream.below(choices.length)] as Readonly<Record<string, string>>
  const targets = targetsOf(recipe)
  const faults: string[] = []
  const count = 1 + stream.below(6)
  for (let tries = 0; faults.length < count && tries < 60; tries++) {
    const text = randomFault(stream, targets)
    const parsed = parseFault(text)
    if (!parsed.ok) throw new Error(`${text}: ${parsed.issues.map((issue) => issue.message).join('; ')}`)
    if (recipe.refuses(parsed.value.kind, parsed.value.target) === null) faults.push(text)
  }
  return {
    version: 1, model: '1', scenario: smallScenario, seed: `swarm-${seed}`,
    architectures: [{ id: recipe.id, settings }], faults, changes: [],
  }
}

function targetsOf(recipe: Recipe): readonly string[] {
  const sizing = {
    partitions: 4, shards: 3, replication: 3, parallelism: 4, taskManagers: 3, slotsPerTaskManager: 2,
    checkpointInterval: 1e9, guarantee: 'exactly-once', brokers: 3, zones: 3,
  } as unknown as Parameters<Recipe['targets']>[0]
  return recipe.targets(sizing).map((role) => role.target)
}

function randomFault(stream: Stream, targets: readonly string[]): string {
  const kind = kinds[stream.below(kinds.length)] as FaultKind
  const info = findFaultKind(kind) as NonNullable<ReturnType<typeof findFaultKind>>
  const nodes = targets.filter((target) => !target.startsWith('zone-'))
  const zones = targets.filter((target) => target.startsWith('zone-'))
  let text: string = kind
  if (kind === 'zone-outage') text += ` ${zones[stream.below(zones.length)] as string}`
  const node = stream.below(nodes.length)
  if (kind !== 'zone-outage' && info.target === 'needed') text += ` ${nodes[node] as string}`
  // A peer that is never the node itself.
  if (kind === 'cut' && stream.below(2) === 0) text += ` -> ${nodes[(node + 1 + stream.below(nodes.length - 1)) % nodes.length] as string}`
  if (info.factor !== null) text += ` x${2 + stream.below(8)}`
  if (info.percent !== null) text += ` ${5 + stream.below(60)}%`
  if (info.amount !== null) text += ` ${10 + stream.below(400)}ms`
  text += ` at ${2000 + stream.below(9000)}ms`
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

/** Causes that may lose or repeat records under a setting: what its guarantee does not promise. */
function allowed(id: string, settings: Readonly<Record<string, string>>, faults: readonly string[]): { lost: RegExp; duplicate: RegExp } {
  // Whatever the setting, a source without a journal loses what its process held.
  let lost = 'source\\.|kafka\\.producer-memory|kinesis\\.producer-died'
  let duplicate = 'never^'
  if (id === 'kafka-flink') {
    const guarantee = settings['sink.delivery-guarantee'] ?? 'exactly-once'
    if (settings['acks'] === '0') lost += '|kafka\\.acks0'
    if (settings['acks'] === '0' || settings['acks'] === '1') lost += '|kafka\\.leader-changed|kafka\\.trunc'
    if (faults.some((fault) => /power-loss|zone-outage|disk-loss/.test(fault))) lost += '|kafka\\.'
    if (guarantee === 'none') lost += '|flink\\.|kafka\\.'
    if (guarantee !== 'exactly-once') duplicate += '|flink\\.'
    if (settings['enable.idempotence'] === 'false') duplicate += '|kafka\\.producer-retry'
  } else {
    lost += '|kinesis\\.put|lambda\\.batch-discarded'
    duplicate += '|kinesis\\.|lambda\\.'
    if (settings['sink.write'] === 'put' || settings['sink.write'] === 'conditional') duplicate = 'never^'
  }
  return { lost: new RegExp(`^(${lost})`), duplicate: new RegExp(`^(${duplicate})`) }
}

/** Runs a plan with strict judging and checks it; `observe` false leaves frames out. */
export function runSwarm(recipe: Recipe, spec: RunSpec): SwarmOutcome {
  const checked = checkSpec(spec, [recipe], {})
  if (!checked.ok) throw new Error(checked.issues.map((issue) => issue.message).join('; '))
  const column = new Column(columnPlan(checked.value, checked.value.columns[0] as never, { strict: true }))
  const problems: string[] = []
  try {
    let end = column.advance(1e9, 30_000_000)
    for (let second = 2; end === 'time'; second++) {
      column.state.plant.audit(column.state.sim)
      end = column.advance(second * 1e9, 30_000_000)
    }
    if (end === 'budget') problems.push(`events: more than 30 million in ${(column.now / 1e9).toFixed(1)} s`)
    check(recipe, spec, column, problems)
  } catch (error) {
    problems.push(`thrown: ${error instanceof Error ? error.message : String(error)}`)
  }
  return { spec, problems, digest: column.state.sim.digest.text(), column }
}

function check(recipe: Recipe, spec: RunSpec, column: Column, problems: string[]): void {
  const { ledger, births, limbo, limboExamples } = column.state
  if (limbo > 0) problems.push(`limbo: ${limbo} records neither held nor dropped, ${limboExamples.join(' ')}`)
  let born = 0
  for (let lane = 0; lane < births.lanes; lane++) born += births.born(lane)
  const settings = spec.architectures[0]?.settings ?? {}
  const promise = allowed(recipe.id, settings, spec.faults)
  ledger.views.forEach((tally: ViewTally, view) => {
    const name = `${tally.declaration.sink}/${tally.declaration.reader}`
    if (tally.declaration.side) return
    if (tally.unexplained > 0) problems.push(`unexplained: ${tally.unexplained} in ${name}`)
    if (tally.settled + ledger.unsettled(view) !== born) problems.push(`conservation: ${name}`)
    // Liveness: all faults have healed by the end of births, and 150 s have passed since.
    if (ledger.unsettled(view) > 0) problems.push(`liveness: ${ledger.unsettled(view)} of ${born} still unsettled in ${name}`)
    for (const line of tally.bookings.lines()) {
      if (line.kind === 'lost' && !promise.lost.test(line.code)) problems.push(`guarantee: ${line.records} lost by ${line.code} in ${name}`)
      const isPrimary = tally.declaration.primary
      if (line.kind === 'duplicate' && isPrimary && !promise.duplicate.test(line.code)) {
        problems.push(`guarantee: ${line.records} duplicated by ${line.code} in ${name}`)
      }
    }
  })
}
