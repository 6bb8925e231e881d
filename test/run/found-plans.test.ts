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
  {
    rule: 'all in-sync replicas end uncleanly and the last leader lost its disk: what is lost is lost by the unclean election',
    seed: 58, upstream: 'once', settings: {},
    faults: ['crash leader:1 at 5492ms for 1874ms', 'crash leader:3 at 8148ms', 'disk-loss leader:2 at 9774ms for 3983ms'],
  },
  {
    rule: 'a journal hands over again what its client gave up after an unclean election',
    seed: 162, upstream: 'journal',
    settings: { 'unclean.leader.election.enable': 'true', 'replica.lag.time.max.ms': '2000', 'broker.session.timeout.ms': '3000' },
    faults: [
      'cut leader:3 at 8594ms for 2495ms', 'crash broker-3 at 2569ms', 'delay leader:3 321ms at 8138ms for 6781ms',
      'pause checkpoint-storage at 7891ms for 5222ms', 'crash broker-1 at 2923ms for 5756ms', 'spike x2 at 6974ms for 6474ms',
      'hot-key 52% at 6437ms for 3563ms',
    ],
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
