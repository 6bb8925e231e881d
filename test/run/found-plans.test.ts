/** Fault plans that broke a promise once, reduced to what broke it. */
import { describe, expect, it } from 'vitest'
import recipe from '../../models/kafka-flink/index.ts'
import { runSwarm, smallScenario } from './swarm.ts'

interface Found {
  readonly rule: string
  readonly seed: number
  readonly upstream: 'once' | 'journal'
  readonly settings: Readonly<Record<string, string>>
  readonly faults: readonly string[]
}

const found: readonly Found[] = [
  {
    rule: 'acks=0: what was on its way to a leader that lost power is lost with a cause',
    seed: 109, upstream: 'once', settings: { 'acks': '0', 'enable.idempotence': 'false' }, faults: ['power-loss leader:2 at 3565ms for 638ms'],
  },
  {
    rule: 'acks=0: what a frozen leader has not read is held',
    seed: 17, upstream: 'once', settings: { 'acks': '0', 'enable.idempotence': 'false' }, faults: ['pause leader:1 at 5472ms for 5287ms'],
  },
  {
    rule: 'a sink that never waits for Kafka: what its dead task has on the wire is held',
    seed: 180, upstream: 'journal', settings: { 'sink.delivery-guarantee': 'none' },
    faults: ['cut sink at 6011ms for 3680ms', 'disk-loss processor-1 at 8599ms for 3183ms'],
  },
]

describe('plans found', () => {
  it.each(found)('$rule', ({ seed, upstream, settings, faults }) => {
    const outcome = runSwarm(recipe, {
      version: 1, model: '1', scenario: smallScenario, seed: `swarm-${seed}`, workload: { upstream }, quiet: '150s',
      architectures: [{ id: recipe.id, settings }], faults, changes: [],
    })
    expect(outcome.problems).toEqual([])
  })
})
