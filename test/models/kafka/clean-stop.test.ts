/**
 * A clean stop as in runs of the real product (Kafka 4.3.1: three brokers, 12 partitions, replication 3,
 * min.insync.replicas 2; producers with acks=all, 1 and 0 of 600 records/s each): lost 0 / 5 to 20 / 10 to 30, gap of
 * acks=all 0.5 to 2.2 s.
 */
import { describe, expect, test } from 'vitest'
import { Sim } from '../../../src/kernel/index.ts'
import type { World } from '../../../src/contract/architecture.ts'
import { Births } from '../../../src/contract/births.ts'
import { Copies, type CauseCode } from '../../../src/contract/cause.ts'
import type { Answer, Outside } from '../../../src/contract/outside.ts'
import type { Workload } from '../../../src/contract/scenario.ts'
import { KnobSettings } from '../../../src/run/settings.ts'
import { brokerKnobs, KafkaCluster, KafkaProducer, KafkaSourceClient, KeyPartitioner } from '../../../models/parts/kafka/index.ts'
import { SourceApplication } from '../../../models/parts/source/index.ts'
import { producerDefaults } from './client-kit.ts'

const SECOND = 1e9
const PARTITIONS = 12
const RATE = 600
/** Lanes by their acks. */
const ALL = 0
const ONE = 1
const NONE = 2

class RunLedger implements Outside {
  readonly sim: Sim
  /** By lane: answers and times, first visible time and count, drops, all by index. */
  readonly answers: (Answer | undefined)[][] = [[], [], []]
  readonly answeredAt: number[][] = [[], [], []]
  readonly shownAt: number[][] = [[], [], []]
  readonly shows: number[][] = [[], [], []]
  readonly dropped_: Set<number>[] = [new Set(), new Set(), new Set()]
  constructor(sim: Sim) { this.sim = sim }
  view(): number { return 0 }
  answered(lane: number, first: number, count: number, answer: Answer): void {
    for (let i = first; i < first + count; i++) {
      (this.answers[lane] as Answer[])[i] = answer
      ;(this.answeredAt[lane] as number[])[i] = this.sim.now
    }
  }
  processed(): void {}
  visible(view: number, lane: number, first: number, count: number): void {
    if (view !== 0) return
    for (let i = first; i < first + count; i++) {
      (this.shownAt[lane] as number[])[i] ??= this.sim.now
      ;(this.shows[lane] as number[])[i] = ((this.shows[lane] as number[])[i] ?? 0) + 1
    }
  }
  retracted(): void { throw new Error('nothing that was readable may go here') }
  repeatRefused(): void {}
  dropped(_cause: CauseCode, lane: number, first: number, count: number): void {
    for (let i = first; i < first + count; i++) this.dropped_[lane]?.add(i)
  }
  filtered(): void {}
  deadLettered(): void {}
  late(): void {}
}

interface Run { sim: Sim; cluster: KafkaCluster; ledger: RunLedger; world: World }

function run(seed: string, births = 60): Run {
  const sim = new Sim(seed)
  const ledger = new RunLedger(sim)
  const settings = new KnobSettings(brokerKnobs)
  settings.set('min.insync.replicas', '2')
  const workload: Workload = {
    ratePerSecond: 3 * RATE, shape: { kind: 'poisson' }, recordBytes: 200, keys: { count: 5000, distribution: 'uniform', exponent: 0 },
    sources: 3, eventTimeDelay: 0 as Workload['eventTimeDelay'], malformedPerMillion: 0, upstream: 'once',
  }
  const world = {
    sim, births: new Births(workload, seed, [], births * SECOND), copies: new Copies(), outside: ledger, workload, settings,
  } as unknown as World
  const cluster = new KafkaCluster(world, {
    brokers: 3, zones: ['a'], topics: [{ name: 't', partitions: PARTITIONS, replicationFactor: 3, sink: { viewUncommitted: 0, viewCommitted: -1 } }],
  })
  for (const lane of [ALL, ONE, NONE]) {
    const source = new SourceApplication(world, lane, sim.host(`source-${lane}`, 'a', 1.25e9))
    const producer = new KafkaProducer(sim, world, source, cluster.bootstrap(), producerDefaults({
      source, acks: lane === ALL ? -1 : lane === ONE ? 1 : 0, idempotent: lane === ALL, recordBytes: 200,
    }), `producer-${lane}`)
    source.client = new KafkaSourceClient(world, producer, KeyPartitioner.of(world.births, 0, PARTITIONS))
    source.listen(sim)
  }
  return { sim, cluster, ledger, world }
}

function to(one: Run, seconds: number): void {
  one.sim.run(seconds * SECOND, true, 1e9)
}

/** Acknowledged (or handed over without an answer) and never readable. */
function lost(one: Run, lane: number): number {
  let count = 0
  const answers = one.ledger.answers[lane] as (Answer | undefined)[]
  for (let i = 0; i < one.world.births.born(lane); i++) {
    if ((answers[i] === 'ok' || answers[i] === 'none') && one.ledger.shownAt[lane]?.[i] === undefined) {
      count++
      expect(one.ledger.dropped_[lane]?.has(i), `${lane}:${i} has a cause`).toBe(true)
    }
  }
  return count
}

/** The longest time without an event among those of some partitions, from `from` on. */
function longestGap(one: Run, lane: number, times: readonly number[], from: number, onVictim: boolean | null, to = 60): number {
  const partitioner = KeyPartitioner.of(one.world.births, 0, PARTITIONS)
  let at = from * SECOND
  let gap = 0
  const sorted: number[] = []
  for (let i = 0; i < times.length; i++) {
    const time = times[i]
    if (time === undefined || time < at) continue
    if (onVictim !== null && (partitioner.partitionOf(one.world.births.keyOf(lane, i)) % 3 === 0) !== onVictim) continue
    sorted.push(time)
  }
  sorted.sort((a, b) => a - b)
  for (const time of [...sorted, to * SECOND]) {
    gap = Math.max(gap, time - at)
    at = time
  }
  return gap / SECOND
}

describe('K-b\': a broker is stopped cleanly', () => {
  test('acks=all loses nothing, and the gap is short', { timeout: 60_000 }, () => {
    let lostByOne = 0
    let lostByNone = 0
    for (const seed of ['kb2-1', 'kb2-2', 'kb2-3', 'kb2-4']) {
      const one = run(seed, 30)
      to(one, 15)
      one.cluster.shutDown(one.sim, 0, 5 * SECOND)
      to(one, 50)
      expect(lost(one, ALL)).toBe(0)
      expect(longestGap(one, ALL, one.ledger.answeredAt[ALL] as number[], 15, true, 30)).toBeLessThan(2.5)
      lostByOne += lost(one, ONE)
      lostByNone += lost(one, NONE)
    }
    // What followers had not fetched when they turned to the new leader.
    expect(lostByOne).toBeGreaterThan(0)
    expect(lostByOne).toBeLessThan(120)
    expect(lostByNone).toBeGreaterThan(0)
    expect(lostByNone).toBeLessThan(180)
  })
})
