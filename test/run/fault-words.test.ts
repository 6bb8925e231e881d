/** What the story says of faults and the deaths they cause, and whom it blames for order. */
import { describe, expect, it } from 'vitest'
import kafkaFlink from '../../models/kafka-flink/index.ts'
import kinesisLambda from '../../models/kinesis-lambda/index.ts'
import type { Recipe } from '../../src/contract/architecture.ts'
import { checkSpec } from '../../src/run/check.ts'
import { Column } from '../../src/run/column.ts'
import { factReport } from '../../src/run/fact-log.ts'
import { columnPlan } from '../../src/run/run.ts'
import { smallScenario } from './swarm-scenario.ts'

function run(recipe: Recipe, faults: readonly string[], settings: Readonly<Record<string, string>>, rate: string): Column {
  const checked = checkSpec({
    version: 1, model: '1', scenario: smallScenario, seed: 'words', duration: '5s', workload: { rate },
    architectures: [{ id: recipe.id, settings }], faults, changes: [],
  }, [recipe], {})
  if (!checked.ok) throw new Error(checked.issues.map((issue) => issue.message).join('; '))
  const column = new Column(columnPlan(checked.value, checked.value.columns[0] as never))
  column.advance(5e9, 10_000_000)
  return column
}

/** Codes and texts of the facts of a short run, in order. */
function story(recipe: Recipe, faults: readonly string[]): { code: string; text: string }[] {
  return run(recipe, faults, {}, '100/s').state.log.facts.map((fact) => factReport(fact))
}

describe('the facts of faults', () => {
  it('name what was struck, whatever the fault calls it', () => {
    const told = story(kafkaFlink, ['crash processor-1 at 3s', 'pause leader:0 at 4s for 200ms'])
    const struck = told.filter(({ code }) => code === 'fault.inflicted').map(({ text }) => text)
    expect(struck[0]).toBe('Fault on taskmanager-1')
    expect(struck[1]).toMatch(/^Fault on broker-\d$/)
  })

  it('name each process of a zone that goes dark', () => {
    const told = story(kafkaFlink, ['zone-outage zone-a at 3s'])
    const struck = told.filter(({ code }) => code === 'fault.inflicted').map(({ text }) => text)
    expect(struck).toContain('Fault on broker-1')
    expect(struck.length).toBe(told.filter(({ code }) => code === 'process.died').length)
  })

  it('say that nothing was there to strike', () => {
    expect(story(kinesisLambda, ['crash processor-1 at 1ms']).map(({ code }) => code)).toContain('fault.hit-nothing')
  })

  it('tell one death once: by its own words where it has some', () => {
    const told = story(kinesisLambda, ['crash on lambda.write-applied #1 after 3s'])
    const deaths = told.filter(({ code }) => code === 'process.died' || code === 'lambda.environment-died')
    expect(deaths.map(({ code }) => code)).toEqual(['lambda.environment-died'])
  })
})

describe('the facts of a job', () => {
  it('speak of a failure only after one', () => {
    const told = story(kafkaFlink, ['crash processor-1 at 3s'])
    const running = told.filter(({ code }) => code === 'flink.running').map(({ text }) => text)
    expect(running[0]).toBe('All tasks of execution 1 run')
    expect(told.filter(({ code }) => code === 'flink.caught-up')[0]?.text).not.toContain('after the failure')
  })
})

describe('records out of order', () => {
  const causes = (settings: Readonly<Record<string, string>>): string[] => {
    const { ledger } = run(kinesisLambda, [], { MaximumBatchingWindowInSeconds: '1', ...settings }, '2000/s').state
    const lines = ledger.views[ledger.primary]?.bookings.lines() ?? []
    return lines.filter(({ kind, records }) => kind === 'reorder' && records > 0).map(({ code }) => code)
  }

  it('are booked to the handler that sends writes of one key together, and are none where it sends one at a time', () => {
    expect(causes({})).toEqual(['lambda.writes-together'])
    expect(causes({ 'sink.parallel': '1', 'handler.work': '0ms' })).toEqual([])
  })
})
