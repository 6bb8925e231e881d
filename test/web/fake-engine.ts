/**
 * A made-up ColumnEngine for tests of the page alone: every channel is a formula of time and of the faults
 * written in the spec. It simulates nothing and is never shipped.
 */
import type { Chunk, ColumnEngine, FactLine, FaultOffer, Followed, Knob, LifeLine, Opened, Reply, RunSpec, ScenarioCard, Stage } from '../../src/host/api.ts'
import { faultTimes } from '../../web/faults.ts'

const rate = 10_012

const kafkaStage: Stage = {
  title: 'Kafka + Flink',
  sources: ['source-1', 'source-2', 'source-3', 'source-4'],
  brokers: {
    kind: 'nodes',
    nodes: (['a', 'b', 'c'] as const).map((zone, i) => ({ id: `broker-${i + 1}`, name: `broker-${i + 1}`, zone, slots: 0, roles: [] })),
  },
  lanes: {
    kind: 'partitions', names: Array.from({ length: 12 }, (_, i) => `partition ${i}`), replicas: 3,
    replicaZones: Array.from({ length: 12 }, () => ['a', 'b', 'c'] as const),
  },
  processing: {
    kind: 'slots',
    nodes: [
      { id: 'taskmanager-1', name: 'TaskManager 1', zone: 'a', slots: 4, roles: ['processor-1'] },
      { id: 'taskmanager-2', name: 'TaskManager 2', zone: 'b', slots: 4, roles: ['processor-2'] },
      { id: 'taskmanager-3', name: 'TaskManager 3', zone: 'c', slots: 4, roles: ['processor-3'] },
      { id: 'taskmanager-4', name: 'TaskManager 4', zone: 'a', slots: 4, roles: ['processor-4'] },
      { id: 'jobmanager', name: 'JobManager', zone: 'b', slots: 0, roles: ['coordinator'] },
    ],
  },
  coordination: 'checkpoints',
  output: { kind: 'log', name: 'decisions', reader: 'read_committed' },
}

const kinesisStage: Stage = {
  title: 'Kinesis + Lambda',
  sources: ['source-1', 'source-2', 'source-3', 'source-4'],
  brokers: { kind: 'managed', text: 'Kinesis stream: managed, not yours to crash', nearestFaults: ['throttle kinesis 20%', 'error-rate kinesis 20%', 'delay kinesis 200ms'] },
  lanes: { kind: 'shards', names: Array.from({ length: 24 }, (_, i) => `shard ${i}`), replicas: 0, replicaZones: [] },
  processing: { kind: 'functions', pollers: 24, environments: 24 },
  coordination: 'functions',
  output: { kind: 'table', name: 'decisions', reader: 'table' },
}

function wave(i: number, t: number): number {
  return Math.sin(i * 12.9898 + t * 3.1) * 0.5 + Math.sin(i * 4.1 + t * 7.7) * 0.5
}

type Values = Record<string, number>

function common(t: number, values: Values): void {
  Object.assign(values, {
    time: t, 'm.offered': Math.round(rate * t), 'm.offeredRate': t < 0.3 ? 0 : rate + 60 * wave(3, t), 'm.refusedRate': 0, 'm.refused': 0,
    'm.answeredOk': Math.round(rate * t), 'm.lost': 0, 'm.retracted': 0,
  })
}

function kafka(t: number, crash: number | null): Values {
  const values: Values = {}
  common(t, values)
  const down = crash !== null && t >= crash && t < crash + 9
  const last = down ? Math.floor(crash - 0.2) + 0.2 : Math.floor(t - 0.2) + 0.2
  const start = down ? Math.floor(crash) - 1 : t
  const lag = down ? t - start : 0.01
  Object.assign(values, {
    'm.delivered': Math.round(rate * last), 'm.unsettled': Math.round(rate * (t - last)), 'm.duplicated': 0, 'm.duplicates': 0,
    'm.visibleRate': down && t > crash + 1.2 ? 0 : rate, 'm.visibleP50': down && t > crash + 0.2 ? Number.NaN : 0.655 + 0.01 * wave(1, t),
    'm.visibleP99': down && t > crash + 0.2 ? Number.NaN : 1.15 + 0.02 * wave(2, t), 'm.processedP99': down ? Number.NaN : 0.031,
    'm.processedP50': 0.02, 'm.lagRecords': Math.round(lag * rate), 'm.lagSeconds': lag, 'm.drainSeconds': down ? Number.NaN : 0,
    'm.outage': down ? 1 : 0,
    'v.0.state': -1, 'v.0.observed': down ? lag - 0.3 : 1.15, 'v.0.atLeast': down ? 1 : 0,
    'v.1.state': down ? 0 : 1, 'v.1.observed': 9998, 'v.1.atLeast': 0,
    'v.2.state': down ? 0 : 1, 'v.2.observed': 0, 'v.2.atLeast': 0, 'v.3.state': down ? 0 : 1, 'v.3.observed': 0, 'v.3.atLeast': 0,
  })
  for (let i = 1; i <= 3; i++) Object.assign(values, {
    [`node.broker-${i}.state`]: 1, [`node.broker-${i}.restartIn`]: Number.NaN, [`node.broker-${i}.incarnation`]: 1,
    [`node.broker-${i}.bytesRate`]: 5e6, [`node.broker-${i}.controller`]: i === 2 ? 1 : 0,
  })
  for (let i = 0; i < 12; i++) {
    const end = t - 0.002
    for (let r = 0; r < 3; r++) values[`lane.${i}.replica.${r}`] = r === i % 3 ? 3 : 2
    Object.assign(values, {
      [`lane.${i}.leader`]: i % 3, [`lane.${i}.end`]: end, [`lane.${i}.visible`]: end - 0.004, [`lane.${i}.read`]: down ? start : t - 0.02,
      [`lane.${i}.again`]: down ? start : last, [`lane.${i}.reached`]: down ? crash : Number.NaN,
      [`lane.${i}.lagRecords`]: Math.round((lag * rate) / 12 + 80 * wave(i, 1)), [`lane.${i}.lagSeconds`]: lag, [`lane.${i}.blocked`]: 0,
    })
  }
  for (const [n, name] of ['taskmanager-1', 'taskmanager-2', 'taskmanager-3', 'taskmanager-4', 'jobmanager'].entries()) {
    const dead = n === 0 && down
    Object.assign(values, {
      [`node.${name}.state`]: dead ? 0 : 1, [`node.${name}.restartIn`]: dead ? crash + 20 - t : Number.NaN, [`node.${name}.incarnation`]: 1,
    })
    for (let s = 0; s < 4 && n < 4; s++) Object.assign(values, {
      [`slot.${n}.${s}.subtask`]: s < 3 ? n * 3 + s : down && n > 0 ? n - 1 : -1,
      [`slot.${n}.${s}.state`]: dead ? 3 : s < 3 ? 1 : down ? 2 : 0, [`slot.${n}.${s}.busy`]: down ? 0 : 0.28 + 0.08 * wave(n * 4 + s, t),
      [`slot.${n}.${s}.back`]: down ? 0 : 0.05,
    })
  }
  const id = Math.floor(last)
  Object.assign(values, {
    'cp.id': id + 1, 'cp.acks': down ? 0 : Math.min(12, Math.floor((t % 1) * 60)), 'cp.tasks': 12, 'cp.running': down ? 0 : t % 1 < 0.2 ? 1 : 0,
    'cp.lastDuration': 0.13 + 0.02 * wave(id, 0), 'cp.lastId': id, 'cp.failed': crash !== null && t >= crash ? 1 : 0,
    'cp.restartAttempt': down ? (t > crash + 3.7 ? 2 : 1) : 0, 'cp.openTransactions': 1, 'cp.oldestOpen': t - last,
    'out.visible': Math.round(rate * last), 'out.waiting': Math.round(rate * ((down ? crash : t) - last)), 'out.duplicated': 0, 'out.lost': 0,
    'out.end': down ? crash : t - 0.03, 'out.stable': last, 'out.commits': id,
  })
  for (let i = 0; i < 12; i++) {
    values[`flow.0.${i}.rate`] = rate / 12
    values[`flow.1.${i}.rate`] = down ? 0 : rate / 12
    values[`flow.2.${i}.rate`] = down ? 0 : rate / 12
    for (let g = 0; g < 3; g++) values[`flow.${g}.${i}.retries`] = values[`flow.${g}.${i}.errors`] = 0
  }
  return values
}

function kinesis(t: number, crash: number | null): Values {
  const values: Values = {}
  common(t, values)
  const struck = crash !== null && t >= crash
  const retrying = struck && t < crash + 0.56
  const doubled = struck && t >= crash + 0.5 ? 50 : 0
  Object.assign(values, {
    'm.delivered': Math.round(rate * (t - 0.19)), 'm.unsettled': Math.round(rate * 0.19), 'm.duplicated': doubled, 'm.duplicates': doubled,
    'm.visibleRate': retrying ? rate * 0.958 : rate + 50 * wave(5, t), 'm.visibleP50': 0.19 + 0.004 * wave(8, t),
    'm.visibleP99': struck && t < crash + 1.2 ? 0.7 : 0.31 + 0.01 * wave(9, t), 'm.processedP99': 0.28, 'm.processedP50': 0.17,
    'm.lagRecords': 1800, 'm.lagSeconds': retrying ? 0.19 + (t - crash) : 0.19, 'm.drainSeconds': 0.2, 'm.outage': struck && t < crash + 1.1 ? 1 : 0,
    'v.0.state': 1, 'v.0.observed': 0.32, 'v.0.atLeast': 0, 'v.1.state': 1, 'v.1.observed': 9996, 'v.1.atLeast': 0,
    'v.2.state': 1, 'v.2.observed': 0, 'v.2.atLeast': 0, 'v.3.state': doubled > 0 ? -1 : 1, 'v.3.observed': doubled, 'v.3.atLeast': 0,
  })
  let executing = 0
  for (let i = 0; i < 24; i++) {
    const age = 0.15 + 0.04 * wave(i, t)
    const busy = wave(i, Math.floor(t * 5)) > 0 ? 1 : 0
    executing += busy
    Object.assign(values, {
      [`lane.${i}.end`]: t - 0.003, [`lane.${i}.visible`]: t - 0.003, [`lane.${i}.read`]: t - age, [`lane.${i}.again`]: t - age,
      [`lane.${i}.reached`]: Number.NaN, [`lane.${i}.lagRecords`]: Math.round((age * rate) / 24), [`lane.${i}.lagSeconds`]: age,
      [`lane.${i}.blocked`]: 0, [`poller.${i}.level`]: Math.abs(wave(i, t * 2)), [`poller.${i}.retries`]: i === 7 && struck && t < crash + 3 ? 1 : 0,
      [`poller.${i}.blocked`]: 0, [`env.${i}.state`]: i === 0 && struck && t < crash + 1 ? 4 : busy === 1 ? 2 : 1,
      [`env.${i}.incarnation`]: i === 0 && struck ? 2 : 1,
    })
    for (let g = 0; g < 3; g++) {
      values[`flow.${g}.${i}.rate`] = rate / 24
      values[`flow.${g}.${i}.retries`] = g === 1 && i === 7 && retrying ? 62 : 0
      values[`flow.${g}.${i}.errors`] = g === 2 && i === 7 && retrying ? 4 : 0
    }
  }
  Object.assign(values, {
    'fn.executing': executing, 'fn.limit': 1000, 'fn.throttles': 0, 'fn.retries': struck ? 1 : 0,
    'out.visible': Math.round(rate * (t - 0.19)), 'out.waiting': 0, 'out.duplicated': doubled, 'out.lost': 0,
    'out.end': t - 0.03, 'out.stable': t - 0.03, 'out.commits': 0,
  })
  return values
}

function factsOf(column: number, crash: number | null): FactLine[] {
  const line = (at: number, code: string, text: string, level: 1 | 2 = 1): FactLine => ({ at, code, subject: '', text, numbers: [], level })
  const all: FactLine[] = []
  if (column === 0) for (let k = 1; k < 130; k++) {
    if (crash !== null && k + 0.2 > crash && k < crash + 9) continue
    all.push(line(k + 0.2, 'flink.checkpoint-complete', `Checkpoint ${k} committed`, 2))
  }
  if (crash === null) return all
  if (column === 0) all.push(
    line(crash, 'flink.taskmanager-died', 'TaskManager 1 died with 3 of 12 subtasks'),
    line(crash + 0.01, 'flink.job-restarting', `The whole job restarts from checkpoint ${Math.floor(crash) - 1}`),
    line(crash + 1.03, 'flink.restart-failed', 'Restart 1 failed: slots of TaskManager 1 still counted'),
    line(crash + 3.74, 'flink.restart', `Restart 2, from checkpoint ${Math.floor(crash) - 1}`),
    line(crash + 9, 'flink.recovered', 'All 12 tasks restored, reading again'))
  else all.push(
    line(crash, 'lambda.environment-died', 'Environment 1 died at write 50 of 62: the batch will run again'),
    line(crash + 0.41, 'lambda.batch-retried', 'The same 62 records sent again, retry 1'),
    line(crash + 0.56, 'lambda.duplicated', 'Batch done: 50 decisions duplicated'))
  return all.sort((a, b) => a.at - b.at)
}

const offers = (column: number): FaultOffer[] => {
  const offer = (target: string, kind: string, meaning: string, refused: string | null = null): FaultOffer =>
    ({ target, kind, label: `${kind} ${target}`, meaning, refused })
  const worker = column === 0 ? 'TaskManager 1' : 'the lowest-numbered environment executing at that moment'
  const list = ['crash', 'pause', 'slow', 'cut'].map((kind) => offer('processor-1', kind, `${worker} is struck.`))
  for (const i of [1, 2, 3]) for (const kind of ['crash', 'power-loss', 'pause', 'cut', 'disk-slow']) {
    list.push(column === 0 ? offer(`broker-${i}`, kind, `Broker ${i} of the cluster.`)
      : offer(`broker-${i}`, kind, '', 'nobody can crash a Kinesis shard; throttle is the nearest real fault'))
  }
  list.push(offer('coordinator', 'crash', column === 0 ? 'The JobManager dies.' : '', column === 0 ? null : 'the event source mapping is managed'))
  if (column === 1) for (const kind of ['throttle', 'error-rate', 'delay']) list.push(offer('broker', kind, 'The stream as a whole.'))
  list.push(offer('source', 'spike', 'Three times as many records are born.'), offer('source', 'poison', 'One record that cannot be processed.'))
  return list
}

function knobs(column: number, spec: RunSpec): Opened['knobs'] {
  const knob = (key: string, group: string, type: Knob['type'], value: string, help: string, reason: string | null): Opened['knobs'][number] => {
    const set = spec.architectures[column]?.settings?.[key]
    return { key, group, type, default: value, unit: type.kind === 'duration' ? 'time' : '', help, source: 'product documentation', live: false, value: set ?? value, changed: set !== undefined || reason !== null, reason }
  }
  const time: Knob['type'] = { kind: 'duration', minNanos: 0, maxNanos: 3.6e12, bare: 'ms', off: null }
  return column === 0
    ? [knob('execution.checkpointing.interval', 'Flink', time, '1s', 'Time between two checkpoints.', null),
      knob('acks', 'source producer', { kind: 'choice', options: ['0', '1', 'all'] }, 'all', 'Which replicas must have a batch before it is acknowledged.', null),
      knob('linger.ms', 'source producer', time, '5ms', 'How long a batch waits for more records.', 'Fuller batches at 10 000 records a second.')]
    : [knob('BatchSize', 'Lambda', { kind: 'integer', min: 1, max: 10_000, unit: 'records' }, '100', 'Most records of one invocation.', null),
      knob('sink.write', 'ours', { kind: 'choice', options: ['append', 'put', 'increment', 'conditional'] }, 'append', 'How a decision is written.', null)]
}

const rowsMax = 400

export class FakeEngine implements ColumnEngine {
  private spec: RunSpec | null = null
  private column = 0
  private names: string[] = []
  private row = 0

  private get crash(): number | null {
    const fault = this.spec?.faults.find((text) => text.startsWith('crash processor-1'))
    return fault === undefined ? null : faultTimes(fault).at
  }

  private values(t: number): Values {
    return this.column === 0 ? kafka(t, this.crash) : kinesis(t, this.crash)
  }

  async open(spec: RunSpec, column: number): Promise<Reply<Opened>> {
    const bad = Object.entries(spec.architectures[column]?.settings ?? {}).filter(([, value]) => value === 'wrong')
    if (bad.length > 0) return { ok: false, issues: bad.map(([key]) => ({ code: 'knob.value', path: `architectures[${column}].settings.${key}`, line: null, message: 'expected a duration such as 500ms, found "wrong"' })) }
    this.spec = spec
    this.column = column
    this.row = 0
    this.names = Object.keys(this.values(1))
    return {
      ok: true,
      value: {
        stage: column === 0 ? kafkaStage : kinesisStage, layout: { names: this.names }, label: column === 0 ? 'kafka-flink' : 'kinesis-lambda',
        architecture: column === 0 ? 'kafka-flink' : 'kinesis-lambda', title: column === 0 ? 'Kafka + Flink' : 'Kinesis + Lambda',
        subtitle: column === 0 ? 'tuned, exactly-once, checkpoint every 1 s' : 'tuned, append writes, enhanced fan-out', knobs: knobs(column, spec), faults: offers(column), causes: [], preset: 'tuned', presets: [],
        constraints: [
          { id: 'latency', text: 'sub-second', limit: 1, unit: 's', declared: false }, { id: 'throughput', text: '10 000 TPS', limit: 9900, unit: 'records/s', declared: false },
          { id: 'durability', text: 'zero message loss', limit: 0, unit: 'records', declared: false }, { id: 'semantics', text: 'exactly once', limit: 0, unit: 'records', declared: false },
          { id: 'cloud', text: 'AWS', limit: null, unit: '', declared: true },
        ],
        durationSeconds: 120, warmupSeconds: 10, seed: spec.seed,
      },
    }
  }

  async advance(to: number, _events: number): Promise<Reply<Chunk>> {
    const from = this.row
    const last = Math.min(Math.floor(Math.min(to, 120) * 10 + 1e-6), from + rowsMax)
    const width = this.names.length
    const rows = Math.max(0, last - from)
    const frames = new Float64Array(rows * width)
    for (let r = 0; r < rows; r++) {
      const values = this.values((from + r + 1) / 10)
      this.names.forEach((name, i) => { frames[r * width + i] = values[name] ?? Number.NaN })
    }
    this.row = Math.max(from, last)
    const reached = last === from + rowsMax ? last / 10 : Math.min(to, 120)
    const facts = factsOf(this.column, this.crash).filter((fact) => fact.at > from / 10 && fact.at <= this.row / 10)
    return { ok: true, value: { frames, rows, facts, reached, finished: reached >= 120, digest: 'made-up' } }
  }

  async amend(spec: RunSpec, at: number): Promise<Reply<Chunk>> {
    const odd = spec.faults.filter((fault) => !/^[a-z-]+ .*at [\d.]+(ms|s)/.test(fault))
    if (odd.length > 0) return { ok: false, issues: odd.map((fault) => ({ code: 'fault.word', path: 'faults', line: null, message: `"${fault}" is not understood: expected "KIND TARGET at TIME"` })) }
    this.spec = spec
    this.row = Math.min(this.row, Math.floor(at * 10 + 1e-6))
    return { ok: true, value: { frames: new Float64Array(0), rows: 0, facts: [], reached: at, finished: false, digest: 'made-up' } }
  }

  async report(): ReturnType<ColumnEngine['report']> {
    const doubled = this.column === 1 && this.crash !== null ? 50 : 0
    const totals = {
      offered: 360_000, answered: { ok: 360_000, failed: 0, unknown: 0, none: 0 }, delivered: 358_000, retracted: 0, deadLettered: 0, late: 0, filtered: 0,
      refused: 0, lost: 0, pending: 2000, deliveredOnce: 358_000 - doubled, duplicated: doubled, duplicates: doubled, rewrites: 0, repeatsRefused: 0, outOfOrder: 0, lostAcknowledged: 0,
    }
    const latency = { n: 262_103, p50: 0.19, p90: 0.25, p99: 0.32, p999: 0.6, max: 0.9, atLeast: [] }
    const causes = doubled > 0 ? [{ code: 'lambda.batch-retried', kind: 'duplicate' as const, records: doubled, source: 'Lambda documentation, event source mappings', since: this.crash, examples: ['source-2:74391', 'source-4:74506'] }] : []
    return {
      ok: true,
      value: {
        architecture: 'made-up', label: 'made-up', digest: '', checkpoints: [], totals, causes, outages: [], recovery: [], facts: [], series: {}, notes: [], events: 0,
        views: [{ sink: 'decisions', reader: 'table', primary: true, totals, latency, causes, unexplained: 0 }],
        latency: { processed: latency, visible: latency, visibleOutsideFaults: latency }, throughput: { offered: 10_012, visible: 10_006 },
        lag: { maxRecords: 3000, maxSeconds: 0.8, endRecords: 1800 },
        constraints: [{ id: 'semantics', value: 'exactly-once', met: doubled === 0, observed: doubled, limit: 0, unit: 'records', evidence: {
          n: 262_103, text: 'Batch sent again after a crash.', atLeast: false, firstViolation: doubled > 0 ? (this.crash ?? 0) + 0.5 : null, longestViolation: null,
          examples: doubled > 0 ? ['source-2:74391', 'source-4:74506'] : [], cause: null } }],
      },
    }
  }

  async ended(): ReturnType<ColumnEngine['ended']> {
    const reply = await this.report()
    return reply.ok ? { ok: true, value: { report: reply.value, offeredDigest: 'made-up', endedAt: 0, isWhole: false } } : reply
  }

  async whole(columns: Parameters<ColumnEngine['whole']>[0]): ReturnType<ColumnEngine['whole']> {
    return { ok: true, value: { version: 1, spec: this.spec!, digest: 'made-up', offeredDigest: 'made-up', detail: 'record', engine: { events: 0, simulatedSeconds: 0 }, runs: columns.map(({ report }) => report) } }
  }

  async follow(record: string, until: number): Promise<Reply<Followed>> {
    if (!/^source-\d+:\d+$/.test(record)) return { ok: false, issues: [{ code: 'record.name', path: 'record', line: null, message: `expected source:n such as source-2:74391, found "${record}"` }] }
    const line = (text: string, i: number): LifeLine => ({ at: 29.78 + i * 0.05, code: 'hop', text, kind: i === 0 ? 'born' : 'hop', where: 'source-2', from: null, copy: 0 })
    return { ok: true, value: { reached: until, lines: ['born at source-2', 'appended to the log', 'processed', 'visible'].map(line) } }
  }

  async cards(): Promise<Reply<readonly ScenarioCard[]>> {
    return { ok: true, value: [] }
  }

  async readCard(text: string): Promise<Reply<ScenarioCard>> {
    return { ok: false, issues: [{ code: 'file', path: '', line: 1, message: `expected a scenario, found "${text}"` }] }
  }

  async recordAfter(at: number): ReturnType<ColumnEngine['recordAfter']> {
    return { ok: true, value: { at: at + 0.0001, record: 'source-1:100' } }
  }

  async fidelity(): ReturnType<ColumnEngine['fidelity']> {
    return { ok: true, value: [] }
  }

  async ping(): Promise<number> {
    return this.row
  }
}
