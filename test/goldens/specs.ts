/** RunSpecs whose digests are written down: both architectures and the null pipeline, calm and struck, small and large. */
import { recipes } from '../../models/index.ts'
import type { RunSpec } from '../../src/contract/spec.ts'
import { scenarios } from '../../src/host/scenarios.ts'
import { checkSpec } from '../../src/run/check.ts'
import { reportOf } from '../../src/run/report.ts'
import { runColumns } from '../../src/run/run.ts'
import { small } from '../run/small-scenario.ts'
import { swarmPlan } from '../run/swarm.ts'

export interface Golden {
  readonly name: string
  readonly spec: RunSpec
}

const plain = { version: 1, model: '1', seed: '1', faults: [], changes: [] } as const
const both = [{ id: 'kafka-flink' }, { id: 'kinesis-lambda' }]

/** Plans of the swarm: random settings and two to seven faults each. */
const swarm: readonly Golden[] = ['kafka-flink', 'kinesis-lambda'].flatMap((id) => {
  const recipe = recipes.find((one) => one.id === id)
  if (recipe === undefined) throw new Error(`no recipe ${id}`)
  return Array.from({ length: 16 }, (_none, i): Golden => ({ name: `swarm ${id} ${i + 1}`, spec: swarmPlan(recipe, i + 1) }))
})

/** The same small run over every kind of arrivals. */
const shapes: readonly Golden[] = [
  'poisson', 'constant', '{ kind: diurnal, period: 4s, amplitude_percent: 50 }', '{ kind: on-off, on: 1s, off: 1s }',
  '{ kind: step, at: 4s, factor: 2 }', '{ kind: spike, at: 3s, for: 2s, factor: 4 }', '{ kind: trace, rates: [50/s, 400/s, 0/s, 200/s] }',
].map((shape): Golden => ({
  name: `arrivals ${shape}`,
  spec: { ...plain, scenario: small.replace('    rate:', `    shape: ${shape}\n    rate:`), architectures: [...both, { id: 'null' }, { id: 'kafka' }] },
}))

/** Rates far apart: batches of one and batches of hundreds. */
const rates: readonly Golden[] = ['10/s', '1000/s', '10000/s'].map((rate): Golden => ({
  name: `fraud ${rate}`,
  spec: { ...plain, scenario: 'fraud-detection', duration: '6s', warmup: '2s', quiet: '60s', workload: { rate }, architectures: both, faults: ['crash processor-1 at 4s'] },
}))

/** Every demonstration, in few records. */
const demonstrations: readonly Golden[] = Object.keys(scenarios).filter((id) => id !== 'fraud-detection').map((id): Golden => ({
  name: `demonstration ${id}`,
  spec: { ...plain, scenario: id, workload: { rate: '100/s' }, architectures: both },
}))

const presets: readonly Golden[] = ['defaults', 'as-shipped'].map((preset): Golden => ({
  name: `preset ${preset}`,
  spec: { ...plain, scenario: small, architectures: both.map((one) => ({ ...one, preset })), faults: ['pause leader:0 at 3s for 2s'] },
}))

const seeds: readonly Golden[] = [' ', 'ß', '\u{1F525}', '0', '-1', '4294967296'].map((seed): Golden => ({
  name: `seed ${JSON.stringify(seed)}`,
  spec: { ...plain, seed, scenario: small, architectures: both, faults: ['zone-outage zone-a at 3s for 2s', 'hot-key 30% at 4s for 2s'] },
}))

export const goldens: readonly Golden[] = [...swarm, ...shapes, ...rates, ...demonstrations, ...presets, ...seeds]

/** Runs a golden; its digest, or what is wrong with it. */
export function digestOf({ spec }: Golden): string {
  const checked = checkSpec(spec, recipes, scenarios)
  if (!checked.ok) return checked.issues.map(({ path, message }) => `${path}: ${message}`).join('; ')
  return reportOf(checked.value, runColumns(checked.value, {}, () => undefined)).digest
}
