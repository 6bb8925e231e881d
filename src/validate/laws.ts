/**
 * Plants against laws that hold whatever the product: what a full buffer, an overloaded stage, a backlog, a poll and a
 * commit do to latency; and the services' own hard limits, at the limit and one above. The predictions come from runs
 * of the recipes; the other side is arithmetic.
 */
import type { Recipe } from '../contract/architecture.ts'
import type { ColumnReport } from '../contract/spec.ts'
import { invariant } from '../kernel/index.ts'
import { modelVersion } from '../run/check.ts'
import { runOnly } from '../run/only.ts'
import { figure, type Row, type Section } from './row.ts'

interface Trial {
  readonly id: string
  /** Lines of the simulation block below its workload. */
  readonly workload: string
  readonly sizing: string
  readonly pipeline?: string
  readonly duration: string
  readonly settings?: Readonly<Record<string, string>>
  readonly faults?: readonly string[]
}

export function laws(recipes: readonly Recipe[]): Section {
  return {
    id: 'laws', title: 'Plants against arithmetic',
    * rows() {
      yield* shardLimits(recipes)
      yield* timers(recipes)
      yield* overload(recipes)
      yield* buffer(recipes)
      yield* crash(recipes)
    },
  }
}

const small = '{ brokers: 3, zones: 3, partitions: 4, replication: 3, shards: 1, parallelism: 2, task_managers: 2, slots_per_task_manager: 2, checkpoint_interval: 1s, guarantee: exactly-once }'

/** How much a count grows a second between two moments of a run, seconds. */
function rateOf({ series }: ColumnReport, count: 'answered' | 'visible', from: number, to: number): number {
  const counts = series[count] ?? []
  return ((counts[to - 1] ?? NaN) - (counts[from - 1] ?? NaN)) / (to - from)
}

function* shardLimits(recipes: readonly Recipe[]): Iterable<Row> {
  const source = 'Kinesis Data Streams Developer Guide, Quotas and limits'
  const run = (rate: number, bytes: number): ColumnReport => runTrial(recipes, {
    id: 'kinesis-lambda', sizing: small, duration: '30s', settings: { 'consumer.type': 'enhanced', MaximumBatchingWindowInSeconds: '0', ParallelizationFactor: '10' },
    workload: `{ rate: ${rate}/s, shape: constant, record_size: ${bytes}B, sources: 4, keys: { count: 2000, distribution: uniform } }`,
  })
  const above = run(1500, 100)
  yield share('kinesis/shard-records/above', 'one shard, 1500 records/s of 100 B offered: records/s taken', rateOf(above, 'answered', 10, 30), 1000, 0.01, source)
  const below = run(990, 100)
  yield exact('kinesis/shard-records/below', 'one shard, 990 records/s offered: longest lag of the stream, whole seconds', Math.floor(below.lag.maxSeconds ?? NaN), 0, source)
  // A record counts with its partition key.
  const heavy = run(150, 10_000)
  const key = 'card-1000'.length
  yield share('kinesis/shard-bytes/above', 'one shard, 1.5 MB/s of 10 kB records offered: MB/s taken', (rateOf(heavy, 'answered', 10, 30) * (10_000 + key)) / 1e6, 1.048576, 0.02, source)
}

function* timers(recipes: readonly Recipe[]): Iterable<Row> {
  const workload = '{ rate: 100/s, shape: poisson, record_size: 200B, sources: 2, keys: { count: 200, distribution: uniform } }'
  const lambda = (type: string): ColumnReport => runTrial(recipes, {
    id: 'kinesis-lambda', workload, sizing: small, duration: '60s', settings: { 'consumer.type': type, MaximumBatchingWindowInSeconds: '0' },
  })
  const polled = lambda('standard').latency.visible.p50 ?? NaN
  const pushed = lambda('enhanced').latency.visible.p50 ?? NaN
  yield share('timer/poll', 'standard iterator, one poll a second: how much later the median is than pushed, s', polled - pushed, 0.5, 0.15, 'Lambda Developer Guide, using Lambda with Kinesis: polls once a second; mean wait half of it')
  for (const interval of [0.5, 1, 2]) {
    const { processed, visible } = runTrial(recipes, {
      id: 'kafka-flink', workload, sizing: small, duration: '60s', settings: { 'execution.checkpointing.interval': `${interval * 1000}ms` },
    }).latency
    yield share(`timer/commit/${interval}`, `transactions of ${interval} s: median from processed to visible, s`, (visible.p50 ?? NaN) - (processed.p50 ?? NaN), interval / 2, 0.25, 'a record waits for the rest of its interval: half of it on average')
    const p99 = visible.p99 ?? NaN
    yield share(`timer/commit-p99/${interval}`, `transactions of ${interval} s: p99 of visible, s`, p99, 0.99 * interval + (processed.p50 ?? NaN), 0.15, '0.99 of the interval, and what came before')
  }
}

function* overload(recipes: readonly Recipe[]): Iterable<Row> {
  const pipeline = '{ key_by: card, state: local, state_per_key: 100B, work_per_record: 2ms, output_size: 100B }'
  // Two subtasks of 2 ms a record.
  const capacity = 1000
  for (const rate of [1100, 1250, 1500]) {
    const seconds = 40
    const { series } = runTrial(recipes, {
      id: 'kafka-flink', pipeline, sizing: small, duration: `${seconds}s`,
      workload: `{ rate: ${rate}/s, shape: constant, record_size: 200B, sources: 2, keys: { count: 4000, distribution: uniform } }`,
    })
    // Births stop at the end: until then the oldest unread record grows older by this share of each second.
    yield share(`overload/${rate}`, `capacity ${capacity}/s, ${rate}/s offered for ${seconds} s: lag at the end, s`, series['lagSeconds']?.[seconds - 1] ?? NaN, seconds * (1 - capacity / rate), 0.15, 'T (1 - C / rate), a fluid stage')
  }
  const report = runTrial(recipes, {
    id: 'kafka-flink', pipeline, sizing: small, duration: '60s',
    workload: '{ rate: 600/s, shape: { kind: spike, at: 10s, for: 10s, factor: 3 }, record_size: 200B, sources: 2, keys: { count: 4000, distribution: uniform } }',
  })
  const [time = [], lag = []] = [report.series['time'], report.series['lagRecords']]
  const drained = time.find((at, i) => (at ?? 0) > 20 && (lag[i] ?? Infinity) < 100) ?? NaN
  yield share('drain', '8 000 records behind after a spike, 400/s to spare: drained after, s', drained - 20, 8000 / 400, 0.15, 'backlog / (capacity - arrivals)')
}

function* buffer(recipes: readonly Recipe[]): Iterable<Row> {
  // One broker thread takes 1 ms a kilobyte: about 1 MB/s. Each producer may hold 1 MiB.
  for (const producers of [1, 2, 4]) {
    const report = runTrial(recipes, {
      id: 'kafka', sizing: '{ brokers: 1, zones: 1, partitions: 1, replication: 1 }', duration: '40s',
      workload: `{ rate: 3000/s, shape: constant, record_size: 1000B, sources: ${producers}, upstream: once, keys: { count: 100, distribution: uniform } }`,
      settings: {
        'buffer.memory': '1048576', 'max.block.ms': '0', 'num.io.threads': '1', 'broker.per.kilobyte.service': '1ms', 'linger.ms': '1', 'min.insync.replicas': '1',
        'request.timeout.ms': '120000', 'delivery.timeout.ms': '300000',
      },
    })
    const accepted = rateOf(report, 'visible', 10, 40)
    yield share(
      `buffer/${producers}`, `${producers} full producer${producers > 1 ? 's' : ''} of 1 MiB, ${figure(accepted)} records/s accepted: median latency, s`, report.latency.visible.p50 ?? NaN,
      (producers * 1048576) / (accepted * 1000), 0.1, 'producers x buffer.memory / accepted bytes a second',
    )
  }
}

function* crash(recipes: readonly Recipe[]): Iterable<Row> {
  const report = runTrial(recipes, {
    id: 'kafka-flink', sizing: small, duration: '20s', faults: ['crash processor-1 at 8s', 'crash leader:0 at 13s'],
    workload: '{ rate: 500/s, shape: poisson, record_size: 200B, sources: 2, keys: { count: 500, distribution: uniform } }',
  })
  yield exact('exactly-once/lost', 'exactly once under two crashes: lost in read_committed', report.totals.lost + report.totals.retracted, 0, 'Flink documentation, fault tolerance guarantees')
  yield exact('exactly-once/duplicated', 'exactly once under two crashes: duplicated in read_committed', report.totals.duplicated, 0, 'Flink documentation, fault tolerance guarantees')
  yield exact('conservation', 'the end states of all views sum to what was offered: views that do not', report.views.filter(({ totals }) => totals.delivered + totals.retracted + totals.deadLettered + totals.late + totals.filtered + totals.refused + totals.lost + totals.pending !== totals.offered).length, 0, 'every record has exactly one end')
}

/** The Report of a trial's only column. */
function runTrial(recipes: readonly Recipe[], { id, workload, sizing, pipeline, duration, settings = {}, faults = [] }: Trial): ColumnReport {
  const scenario = [
    '---', 'title: "A law"', 'simulation:', `  duration: ${duration}`, '  warmup: 5s', '  quiet: 120s', `  workload: ${workload}`,
    ...(pipeline === undefined ? [] : [`  pipeline: ${pipeline}`]), `  sizing: ${sizing}`, '---', '', 'See src/validate.', '',
  ].join('\n')
  const ran = runOnly({ version: 1, model: modelVersion, scenario, seed: 'validate', architectures: [{ id, settings }], faults, changes: [] }, recipes, {})
  invariant(ran.ok, 'validate.trial', () => (ran.ok ? '' : ran.issues.map(({ path, message }) => `${path}: ${message}`).join('; ')))
  return ran.value.report
}

function share(id: string, what: string, predicted: number, expected: number, most: number, source: string): Row {
  return { id, what, predicted: figure(predicted), expected: figure(expected), tolerance: `${figure(most * 100)} %`, agrees: Math.abs(predicted / expected - 1) <= most, source }
}

function exact(id: string, what: string, predicted: number, expected: number, source: string): Row {
  return { id, what, predicted: figure(predicted), expected: figure(expected), tolerance: 'exact', agrees: predicted === expected, source }
}
