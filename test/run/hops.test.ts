/** The life of one record, hop by hop, in each architecture, with a crash in between: nothing of it changes the run. */
import { describe, expect, it } from 'vitest'
import kafkaFlink from '../../models/kafka-flink/index.ts'
import kinesisLambda from '../../models/kinesis-lambda/index.ts'
import type { Recipe } from '../../src/contract/architecture.ts'
import { checkSpec } from '../../src/run/check.ts'
import { Column } from '../../src/run/column.ts'
import { lifeOf } from '../../src/run/life.ts'
import { columnPlan } from '../../src/run/run.ts'
import { nobody, type LifeLine, type RecordName } from '../../src/run/trace.ts'
import { smallScenario } from './swarm.ts'

function runOf(recipe: Recipe, settings: Readonly<Record<string, string>>, faults: readonly string[], follow: RecordName | null): Column {
  const checked = checkSpec({
    version: 1, model: '1', scenario: smallScenario, seed: 'hops', duration: '6s', workload: { rate: '200/s' },
    architectures: [{ id: recipe.id, settings }], faults, changes: [],
  }, [recipe], {})
  if (!checked.ok) throw new Error(checked.issues.map((issue) => issue.message).join('; '))
  const column = new Column(columnPlan(checked.value, checked.value.columns[0] as never, follow === null ? {} : { follow }))
  column.finish()
  return column
}

/** Codes without the products' names; a hop that brought several replicas stands once. */
function codesOf(life: readonly LifeLine[]): string[] {
  const codes = life.filter(({ kind }) => kind !== 'headline').map(({ code }) => code)
  return codes.filter((code, i) => code !== codes[i - 1])
}

const append = ['kafka.hop-sent', 'kafka.hop-appended', 'kafka.hop-replicated', 'kafka.hop-below-high-watermark']
const read = ['kafka.hop-fetched', 'flink.hop-emitted', 'flink.hop-received', 'flink.hop-processed', 'kafka.hop-accumulated', ...append, 'reader.visible']
const commit = ['flink.hop-prepared', 'flink.hop-committed', 'reader.visible']
const invoke = [
  'lambda.hop-invoked', 'lambda.hop-begun', 'lambda.hop-decided', 'dynamodb.hop-sent', 'dynamodb.hop-arrived', 'dynamodb.hop-applied',
]

const cases = [
  {
    recipe: kafkaFlink, faults: ['crash processor-1 at 3s'], calm: 104, struck: 244,
    settings: { 'execution.checkpointing.interval': '1s', 'taskmanager.restart-time': '1s', 'heartbeat.interval': '500ms', 'pekko.ask.timeout': '1s' },
    before: ['record.born', 'kafka.hop-accumulated', ...append, 'client.answered-ok', ...read],
    after: commit,
    again: ['kafka.transaction-aborted', 'flink.restore-replay', ...read, ...commit],
  },
  {
    recipe: kinesisLambda, faults: ['crash on lambda.write-applied #20 after 3s'], calm: 104, struck: 200,
    settings: { MaximumBatchingWindowInSeconds: '1' },
    before: [
      'record.born', 'kinesis.hop-put', 'kinesis.hop-stored', 'client.answered-ok', 'kinesis.hop-read',
      ...invoke, 'reader.visible',
    ],
    after: ['lambda.hop-answered'],
    again: ['lambda.environment-died', 'lambda.batch-bisected', ...invoke, 'reader.visible', 'lambda.hop-answered'],
  },
]

describe.each(cases)('a followed record in $recipe.id', ({ recipe, settings, faults, calm, struck, before, after, again }) => {
  const life = (index: number): LifeLine[] => lifeOf(runOf(recipe, settings, faults, { lane: 0, index }))

  it('passes every hop once, in order and each at a process, when nothing fails', () => {
    const lines = life(calm)
    expect(codesOf(lines)).toEqual([...before, ...after])
    for (const line of lines) if (line.kind === 'hop') expect(line.where).not.toBe('')
  })

  it('read again after a crash it passes the hops behind the log once more, as another copy', () => {
    const lines = life(struck).filter(({ kind }) => kind !== 'headline')
    expect(codesOf(lines)).toEqual([...before, ...again])
    const { copy } = lines.find(({ kind }) => kind === 'again') as LifeLine
    expect(copy).toBeGreaterThan(0)
    expect(lines.findLast(({ kind }) => kind === 'hop')?.copy).toBe(copy)
  })

  it('arrives after it was sent, from another process', () => {
    const arrivals = life(calm).flatMap(({ from, at, where }) => (from === null ? [] : [{ from, at, where }]))
    expect(arrivals.length).toBeGreaterThan(2)
    for (const { from, at, where } of arrivals) {
      expect(from.at).toBeLessThan(at)
      expect(from.where).not.toBe(where)
    }
  })

  it('arrives from the log that it is read from, though its result has gone through another since', () => {
    const partitionOf = (line: LifeLine | undefined): string | undefined => /(?:partition|shard) (\d+)/.exec(line?.text ?? '')?.[1]
    const lines = life(struck)
    const read = lines.filter(({ code }) => code === 'kafka.hop-fetched' || code === 'kinesis.hop-read')
    expect(read.length).toBeGreaterThan(0)
    for (const line of read) {
      const sent = lines.find(({ at, where, code }) => at === line.from?.at && where === line.from.where && /below-high-watermark|stored/.test(code))
      expect(partitionOf(sent), line.text).toBe(partitionOf(line))
    }
  })

  it('does not change the run: its digest is the same with it, with nobody, and without', () => {
    const digests = [{ lane: 0, index: struck }, nobody, null].map((follow) => runOf(recipe, settings, faults, follow).state.sim.digest.text())
    expect(new Set(digests).size).toBe(1)
  })
})
