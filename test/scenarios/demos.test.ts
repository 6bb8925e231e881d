/**
 * Every file in scenarios/demos is a test: on each of its seeds it shows what it says, leaves alone what it says, and
 * its prevention prevents it. What is judged is the Report, by the scenario's own words.
 */
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { recipes } from '../../models/index.ts'
import type { Demonstration, Scenario } from '../../src/contract/scenario.ts'
import type { ColumnReport } from '../../src/contract/spec.ts'
import { checkSpec, modelVersion } from '../../src/run/check.ts'
import { reportOf } from '../../src/run/report.ts'
import { runColumns } from '../../src/run/run.ts'
import { demonstrationSpec, judgeDemonstration, type DemonstrationRuns, type DemonstrationVariant } from '../../src/scenario/demonstration-spec.ts'
import { loaded, readProjectFile } from '../scenario/kit.ts'

const folder = fileURLToPath(new URL('../../scenarios/demos/', import.meta.url))
const names = readdirSync(folder).filter((name) => name.endsWith('.md')).map((name) => name.replace(/\.md$/, ''))

function demonstrationOf(name: string): { source: string; scenario: Scenario; demonstration: Demonstration } {
  const source = readProjectFile(`scenarios/demos/${name}.md`)
  const scenario = loaded(source, `${name}.md`)
  const { demonstration } = scenario.simulation
  if (demonstration === null) throw new Error(`${name} demonstrates nothing`)
  return { source, scenario, demonstration }
}

/** One run; whatever it shows, its ledger adds up and leaves nothing unexplained. */
function columnsOf(from: ReturnType<typeof demonstrationOf>, seed: string, variant: DemonstrationVariant): readonly ColumnReport[] {
  const { source, scenario, demonstration } = from
  const spec = demonstrationSpec(scenario, demonstration, { source, model: modelVersion, seed, variant })
  const checked = checkSpec(spec, recipes, {})
  if (!checked.ok) throw new Error(checked.issues.map(({ path, message }) => `${path}: ${message}`).join('\n'))
  const { runs } = reportOf(checked.value, runColumns(checked.value, {}, () => {}))
  for (const { label, views } of runs) {
    for (const { reader, totals, unexplained } of views) {
      const { delivered, retracted, deadLettered, late, filtered, refused, lost, pending, offered } = totals
      expect(delivered + retracted + deadLettered + late + filtered + refused + lost + pending, `${label} ${reader}`).toBe(offered)
      expect(unexplained, `${label} ${reader} seed ${seed}`).toBe(0)
    }
  }
  return runs
}

test('the six demonstrations are there', () => {
  expect(names).toEqual([
    'acks-one-loses', 'as-shipped', 'at-least-once-duplicates', 'exactly-once-waits', 'poison-stalls-a-shard', 'zombie-writer-fenced',
  ])
})

describe.each(names)('%s', (name) => {
  const from = demonstrationOf(name)
  const { demonstration } = from

  let runs: DemonstrationRuns[] = []

  beforeAll(() => {
    runs = demonstration.seeds.map((seed) => {
      const shown = columnsOf(from, seed, 'shown')
      return {
        seed, shown,
        // Only what must not move is compared with the run without faults.
        calm: demonstration.unmoved.length === 0 ? shown : columnsOf(from, seed, 'calm'),
        prevented: demonstration.preventedBy === null ? null : columnsOf(from, seed, 'prevented'),
      }
    })
  }, 180_000)

  test(demonstration.demonstrates, () => {
    expect(judgeDemonstration(demonstration, runs)).toEqual([])
  })

  test('is a test that can fail: where it is prevented, it is not shown', () => {
    expect(demonstration.seeds.length).toBeGreaterThan(1)
    const prevented = runs.map(({ seed, prevented: columns }) => ({ seed, shown: columns ?? [], calm: [], prevented: null }))
    expect(prevented.every(({ shown }) => shown.length > 0)).toBe(true)
    expect(judgeDemonstration({ ...demonstration, unmoved: [], preventedBy: null }, prevented)).not.toEqual([])
  })

  test('teaches: it asks, says what to look at and what to try', () => {
    const headings = from.scenario.guidance.flatMap((block) => {
      if (block.kind !== 'heading') return []
      return [block.inlines.map(({ text }) => text).join('')]
    })
    expect(headings.slice(1)).toEqual(['What to look at', 'What to try'])
    expect(from.scenario.prompt.length).toBeGreaterThan(80)
  })
})
