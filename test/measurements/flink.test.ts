/** Runs of a real Flink job between Kafka topics, repeated: latency without a fault, and what a death costs. */
import { afterAll, describe, expect, test } from 'vitest'
import kafkaFlink from '../../models/kafka-flink/index.ts'
import { brokerKilledUnderJob, noFault, taskManagerKilled, taskManagerKilledTuned } from './facts.ts'
import { factsAfter, firstAfter, longestSilence, quantile, runOne, scenarioOf, type Run } from './kit.ts'
import { figures, surprises, tableText, within, type Row } from './table.ts'

const share = 0.3
const rows: Row[] = []
/** Two slots are in use, one TaskManager is spare; nothing is far from anything on one machine. */
const sizing = (interval: string): string => `sizing: { brokers: 3, zones: 1, partitions: 12, replication: 3, parallelism: 2, `
  + `task_managers: 3, slots_per_task_manager: 1, checkpoint_interval: ${interval}, guarantee: exactly-once }`
const pipeline = 'pipeline: { state: local, state_per_key: 100B, work_per_record: 20us, output_size: 200B }'
/** Producers wait 20 ms for more, the source up to 40 ms; all else as shipped. */
const settings = {
  'linger.ms': '20', 'sink.properties.linger.ms': '20',
  'source.properties.fetch.min.bytes': '1MiB', 'source.properties.fetch.max.wait.ms': '40',
}
const ms = (seconds: number): string => `${Math.round(seconds * 1000)}ms`
const ends = (values: readonly number[]): { from: number; to: number } => ({ from: Math.min(...values), to: Math.max(...values) })
const judged = (id: string, ...found: Row[]): void => {
  rows.push(...found)
  expect(surprises(found), id).toEqual([])
}

function run(options: { seed: number; interval: string; duration: number; faults?: readonly string[]; more?: Readonly<Record<string, string>> }): Run {
  const { seed, interval, duration, faults = [], more = {} } = options
  return runOne(kafkaFlink, {
    scenario: scenarioOf({ rate: taskManagerKilled.rate, duration, lines: [sizing(interval), pipeline] }), seed: String(seed),
    architectures: [{ id: 'kafka-flink', preset: 'defaults', settings: { ...settings, ...more } }], faults,
  })
}

afterAll(() => {
  console.log(`\nMeasured on real Flink and Kafka against simulated:\n${tableText(rows)}\n`)
})

describe('F-a: latency without a fault', () => {
  test.each([
    ['1 s', 1, noFault.interval1, 22, [1, 2, 3]],
    ['5 s', 5, noFault.interval5, 36, [1, 2]],
  ] as const)('interval %s: committed results wait for the checkpoint, uncommitted ones do not', (name, interval, measured, duration, seeds) => {
    const found = { p50: [] as number[], p99: [] as number[], max: [] as number[], dirty50: [] as number[], dirty99: [] as number[] }
    for (const seed of seeds) {
      const { sights, column } = run({ seed, interval: `${interval}s`, duration })
      const waits = sights.map((view) => view.filter(({ born }) => born >= 6).map(({ at, born }) => at - born))
      const [committed = [], uncommitted = []] = waits
      found.p50.push(quantile(committed, 0.5))
      found.p99.push(quantile(committed, 0.99))
      found.max.push(quantile(committed, 1))
      found.dirty50.push(quantile(uncommitted, 0.5))
      found.dirty99.push(quantile(uncommitted, 0.99))
      expect(column.state.ledger.views.map(({ lost, duplicates, unexplained }) => lost + duplicates + unexplained)).toEqual([0, 0])
    }
    const row = (what: string, value: number, simulated: readonly number[]): Row =>
      ({ id: 'F-a', what: `interval ${name}: ${what}, s`, measured: value.toFixed(2), simulated: figures(simulated), agrees: within(simulated, { from: value, to: value }, share) })
    judged('F-a',
      row('read_committed p50', measured.committed.p50, found.p50),
      row('read_committed p99', measured.committed.p99, found.p99),
      row('read_committed max', measured.committed.max, found.max),
      row('read_uncommitted p50', measured.uncommitted.p50, found.dirty50),
      row('read_uncommitted p99', measured.uncommitted.p99, found.dirty99))
  })
})

describe('F-b: a TaskManager is killed, a spare one is there', () => {
  const killAt = (seed: number): number => 12 + 0.61 * seed

  /** The killed one does not come back while it counts. */
  function killed(seed: number, duration: number, more: Readonly<Record<string, string>> = {}): Run {
    return run({ seed, interval: '2s', duration, faults: [`crash processor-1 at ${ms(killAt(seed))} for 10m`], more })
  }

  /** Seconds from the trigger of the last completed checkpoint to the kill. */
  function sinceTrigger({ column }: Run, seed: number): number {
    const before = column.state.log.facts.filter(({ at }) => at < killAt(seed) * 1e9)
    const completed = before.filter(({ code }) => code.code === 'flink.checkpoint-completed').at(-1)
    const triggered = before.find(({ code, numbers }) => code.code === 'flink.checkpoint-triggered' && numbers[0] === completed?.numbers[0])
    return killAt(seed) - (triggered?.at ?? NaN) / 1e9
  }

  const outage = (made: Run, seed: number, view: number): number => longestSilence(made.sights[view] ?? [], killAt(seed), killAt(seed) + 28)

  /** What read_uncommitted saw twice under exactly-once, by seed. */
  const repeatsOf = new Map<number, number>()

  test('every redeployment goes to the dead slot until two heartbeat calls have failed: about 14 or about 22 s', () => {
    const seeds = [1, 2, 3]
    const runs = seeds.map((seed) => ({ seed, made: killed(seed, 42) }))
    const seen = runs.map(({ seed, made }) => firstAfter(made, 'flink.failure-detected', killAt(seed)))
    const first = runs.map(({ seed, made }) => firstAfter(made, 'flink.slots-acquired', killAt(seed)))
    const attempts = runs.map(({ seed, made }) => factsAfter(made, 'flink.restart-attempt', killAt(seed)).length)
    const running = runs.map(({ seed, made }) => firstAfter(made, 'flink.running', killAt(seed)))
    const committed = runs.map(({ seed, made }) => outage(made, seed, 0))
    const uncommitted = runs.map(({ seed, made }) => outage(made, seed, 1))
    const wrong = runs.map(({ made }) => {
      const tally = made.column.state.ledger.views[0]
      return (tally?.lost ?? NaN) + (tally?.duplicates ?? NaN)
    })
    const repeats = runs.map(({ made }) => made.column.state.ledger.views[1]?.duplicates ?? NaN)
    for (const [i, seed] of seeds.entries()) repeatsOf.set(seed, repeats[i] as number)
    const replayed = runs.map(({ seed, made }) => Math.round(taskManagerKilled.rate * sinceTrigger(made, seed)))
    // The measured share of what was read since the trigger and had left the task by the kill.
    const shares = taskManagerKilled.repeats.map(([since, count]) => count / (taskManagerKilled.rate * since))
    const simulatedShares = repeats.map((count, i) => count / (replayed[i] as number))
    const m = taskManagerKilled
    judged('F-b',
      { id: 'F-b', what: 'the failure is seen after, s', measured: '0.07 to 0.17', simulated: figures(seen, 4), agrees: seen.every((after) => after <= m.seenAfter.to) },
      { id: 'F-b', what: 'first redeployment (it fails) after, s', measured: '1.1 to 1.2', simulated: figures(first), agrees: within(first, m.firstRedeployment, share) },
      { id: 'F-b', what: 'redeployments', measured: '5 to 6', simulated: figures(attempts), agrees: within(attempts, m.attempts, share) },
      { id: 'F-b', what: 'running again after, s', measured: figures(m.runningAgain, 1), simulated: figures(running, 1), agrees: within(running, ends(m.runningAgain), share) && nothingBetween(running) },
      { id: 'F-b', what: 'read_committed silent, s', measured: figures(m.committedSilent, 1), simulated: figures(committed, 1), agrees: within(committed, ends(m.committedSilent), share) },
      { id: 'F-b', what: 'read_uncommitted silent, s', measured: figures(m.uncommittedSilent, 1), simulated: figures(uncommitted, 1), agrees: within(uncommitted, ends(m.uncommittedSilent), share) },
      { id: 'F-b', what: 'exactly-once: lost + repeated, read_committed', measured: '0', simulated: figures(wrong), agrees: wrong.every((count) => count === 0) },
      { id: 'F-b', what: `repeated, read_uncommitted; 500/s since the trigger is ${figures(replayed)}`, measured: '167 to 865', simulated: figures(repeats), agrees: repeats.every((count, i) => count > 0 && count <= (replayed[i] as number)) },
      { id: 'F-b', what: 'repeated as a share of what was read since', measured: figures(shares), simulated: figures(simulatedShares), agrees: within(simulatedShares, ends(shares), 0.1) })
  })

  test('an at-least-once sink repeats the same records that read_uncommitted sees twice', () => {
    const seed = 2
    const exactly = repeatsOf.get(seed) ?? killed(seed, 42).column.state.ledger.views[1]?.duplicates ?? NaN
    const { views } = killed(seed, 42, { 'sink.delivery-guarantee': 'at-least-once' }).column.state.ledger
    const counts = views.map(({ duplicates }) => duplicates)
    judged('F-b alo', {
      id: 'F-b', what: `at-least-once repeats (read_uncommitted: ${exactly})`, measured: 'the same', simulated: figures(counts),
      agrees: counts.every((count) => count === counts[0] && Math.abs(count - exactly) <= 0.1 * exactly),
    })
    expect(views.map(({ lost }) => lost)).toEqual([0, 0])
  })

  test('F-b2: with heartbeat.interval 2 s the slot is given up, and the job restored, within seconds', () => {
    const seeds = [1, 2, 3]
    const runs = seeds.map((seed) => ({ seed, made: killed(seed, 32, { 'heartbeat.interval': '2s', 'heartbeat.timeout': '10s' }) }))
    const attempts = runs.map(({ seed, made }) => factsAfter(made, 'flink.restart-attempt', killAt(seed)).length)
    const running = runs.map(({ seed, made }) => firstAfter(made, 'flink.running', killAt(seed)))
    const silent = [0, 1].map((view) => runs.map(({ seed, made }) => longestSilence(made.sights[view] ?? [], killAt(seed), killAt(seed) + 16)))
    const [committed = [], uncommitted = []] = silent
    const wrong = runs.map(({ made }) => (made.column.state.ledger.views[0]?.lost ?? NaN) + (made.column.state.ledger.views[0]?.duplicates ?? NaN))
    const m = taskManagerKilledTuned
    judged('F-b2',
      { id: 'F-b2', what: 'redeployments', measured: '2 to 3', simulated: figures(attempts), agrees: within(attempts, m.attempts, share) },
      { id: 'F-b2', what: 'running again after, s', measured: figures(m.runningAgain, 1), simulated: figures(running, 1), agrees: within(running, ends(m.runningAgain), share) },
      { id: 'F-b2', what: 'read_committed silent, s', measured: figures(m.committedSilent, 1), simulated: figures(committed, 1), agrees: within(committed, ends(m.committedSilent), share) },
      { id: 'F-b2', what: 'read_uncommitted silent, s', measured: figures(m.uncommittedSilent, 1), simulated: figures(uncommitted, 1), agrees: within(uncommitted, ends(m.uncommittedSilent), share) },
      { id: 'F-b2', what: 'lost + repeated, read_committed', measured: '0', simulated: figures(wrong), agrees: wrong.every((count) => count === 0) })
  })
})

describe('F-j: a broker is killed under the exactly-once job', () => {
  test('nothing is lost or repeated, and both readers are silent until the broker is fenced', () => {
    const seeds = [1, 2, 3]
    const killAt = (seed: number): number => 10 + 0.61 * seed
    const silent: [number[], number[]] = [[], []]
    const wrong: number[] = []
    for (const seed of seeds) {
      const { column, sights } = run({ seed, interval: '2s', duration: 28, faults: [`crash broker-1 at ${ms(killAt(seed))} for 60s`] })
      for (const view of [0, 1] as const) silent[view].push(longestSilence(sights[view] ?? [], killAt(seed), killAt(seed) + 15))
      wrong.push((column.state.ledger.views[0]?.lost ?? NaN) + (column.state.ledger.views[0]?.duplicates ?? NaN))
    }
    const m = brokerKilledUnderJob
    judged('F-j',
      { id: 'F-j', what: 'lost + repeated, read_committed', measured: '0', simulated: figures(wrong), agrees: wrong.every((count) => count === 0) },
      { id: 'F-j', what: 'read_committed silent, s', measured: figures(m.committedSilent, 1), simulated: figures(silent[0], 1), agrees: within(silent[0], ends(m.committedSilent), share) },
      { id: 'F-j', what: 'read_uncommitted silent, s', measured: figures(m.uncommittedSilent, 1), simulated: figures(silent[1], 1), agrees: within(silent[1], ends(m.uncommittedSilent), share) })
  })
})

/** Runs end in one of two groups: the fifth redeployment succeeds, or only the sixth. */
function nothingBetween(values: readonly number[]): boolean {
  return values.every((value) => value < 17 || value > 19)
}
