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
  {
    rule: 'while nobody leads, a record that only a replica outside of ISR, ELR and last leader has is held',
    seed: 319, upstream: 'journal',
    settings: {
      'min.insync.replicas': '1', 'execution.checkpointing.interval': '2500ms', 'heartbeat.interval': '1s', 'heartbeat.timeout': '4s',
      'taskmanager.restart-time': '1s', 'execution.buffer-timeout.interval': '0ms',
    },
    faults: ['crash leader:2 at 2533ms', 'crash leader:3 at 7622ms for 2023ms', 'zone-outage zone-b at 9942ms for 4051ms'],
  },
  {
    rule: 'offsets that a shorter leader gives again are skipped with a cause by a job that resumes behind them',
    seed: 258, upstream: 'once',
    settings: {
      'min.insync.replicas': '3', 'execution.checkpointing.interval': '2500ms', 'heartbeat.interval': '1s', 'heartbeat.timeout': '4s',
      'taskmanager.restart-time': '1s', 'taskmanager.load-balance.mode': 'SLOTS', 'execution.checkpointing.tolerable-failed-checkpoints': '3',
      'unclean.leader.election.enable': 'true', 'unclean.leader.election.interval.ms': '2000',
    },
    faults: [
      'zone-outage zone-b at 3736ms for 6872ms', 'disk-loss leader:2 at 5300ms for 5026ms', 'checkpoint-fail at 3836ms for 2940ms',
      'crash leader:3 at 6165ms for 1299ms',
    ],
  },
  {
    rule: 'a live reader that a shorter leader will send back holds what it will read again',
    seed: 830, upstream: 'once',
    settings: {
      'min.insync.replicas': '1', 'execution.checkpointing.interval': '1s', 'heartbeat.interval': '1s', 'heartbeat.timeout': '4s',
      'taskmanager.restart-time': '3s', 'taskmanager.load-balance.mode': 'SLOTS', 'execution.checkpointing.tolerable-failed-checkpoints': '3',
      'unclean.leader.election.enable': 'true', 'unclean.leader.election.interval.ms': '2000', 'replica.lag.time.max.ms': '2000',
      'broker.session.timeout.ms': '3000', 'broker.heartbeat.interval.ms': '500', 'execution.buffer-timeout.interval': '0ms',
      'sink.properties.transaction.timeout.ms': '8000', 'transaction.abort.timed.out.transaction.cleanup.interval.ms': '1000',
    },
    faults: [
      'disk-loss broker-1 at 5324ms for 4807ms', 'cut leader:2 at 4839ms for 5381ms', 'hot-key 18% at 4073ms for 4586ms',
      'delay sink 381ms at 9211ms for 1219ms', 'power-loss leader:2 at 8636ms for 4815ms',
      'disk-loss broker-2 on kafka.leader-elected #24 after 2816ms for 4041ms',
    ],
  },
  {
    rule: 'losses that overlap on a link are one loss, and what they held back comes soon after they end',
    seed: 597, upstream: 'once', settings: { 'sink.delivery-guarantee': 'none', 'execution.checkpointing.interval': '2500ms' },
    faults: ['loss processor-1 61% at 4022ms for 5472ms', 'loss processor-2 64% at 4500ms for 984ms'],
  },
  {
    rule: 'acks=1: what only a leader had that lost power is lost, though min.insync.replicas is 3',
    seed: 357, upstream: 'journal',
    settings: {
      'sink.delivery-guarantee': 'at-least-once', acks: '1', 'enable.idempotence': 'false', 'min.insync.replicas': '3',
      'execution.checkpointing.interval': '2500ms', 'heartbeat.interval': '1s', 'heartbeat.timeout': '4s',
    },
    faults: [
      'cut leader:2 at 2363ms for 3371ms', 'crash leader:2 at 3638ms', 'crash leader:3 at 7307ms for 4278ms',
      'zone-outage zone-a at 5328ms for 4946ms', 'zone-outage zone-b at 5927ms for 5122ms',
    ],
  },
  {
    rule: 'a transaction whose coordinator lost its state hangs, and only what stands behind it waits',
    seed: 58, upstream: 'once',
    settings: {
      'taskmanager.restart-time': '10s', 'unclean.leader.election.enable': 'true', 'unclean.leader.election.interval.ms': '2000',
    },
    faults: [
      'crash leader:1 at 5492ms for 1874ms', 'crash leader:3 at 8148ms', 'disk-loss leader:2 at 9774ms for 3983ms',
      'crash on kafka.leader-elected #16 after 5978ms', 'cut leader:0 on kafka.isr-shrunk #38 after 8775ms for 6563ms',
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
