import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { recipes } from '../../models/index.ts'
import type { Recipe } from '../../src/contract/architecture.ts'
import { findCause } from '../../src/contract/cause.ts'
import { waits } from '../../src/contract/remedy.ts'
import { adviceOf } from '../../src/host/advice.ts'
import { KnobSettings, parseKnob } from '../../src/run/settings.ts'
import '../../src/measure/ledger.ts'
import { root } from '../tidy/tree.ts'

const textsIn = (folder: string): string[] =>
  readdirSync(join(root, folder)).filter((name) => name.endsWith('.ts')).map((name) => readFileSync(join(root, folder, name), 'utf8'))

/** The folders that a recipe is made of: its own, the parts it imports, and theirs. */
function foldersOf(id: string): string[] {
  const found = [`models/${id}`]
  for (const folder of found) {
    for (const text of textsIn(folder)) {
      for (const [, part] of text.matchAll(/'(?:\.\.\/)+(?:parts\/)?([a-z]+)\/index\.ts'/g)) {
        const next = `models/parts/${part}`
        if (part !== 'kernel' && !found.includes(next)) found.push(next)
      }
    }
  }
  return found
}

/** Every cause that is declared in what a recipe is made of, and in the ledger. */
function causesOf(id: string): string[] {
  return [...foldersOf(id), 'src/measure'].flatMap((folder) => textsIn(folder))
    .flatMap((text) => [...text.matchAll(/causeCode\(\s*'([a-z0-9.-]+)'/g)].map(([, code]) => code!))
}

const advice = (recipe: Recipe, preset: string) => {
  const settings = new KnobSettings(recipe.knobs)
  for (const [key, { value }] of Object.entries(recipe.presets[preset] ?? {})) settings.set(key, value)
  return { settings, advice: adviceOf(recipe, settings) }
}

describe.each(recipes.map((recipe) => [recipe.id, recipe] as const))('advice of %s', (id, recipe) => {
  it('stands for every cause that it can book, and for every wait', () => {
    const causes = causesOf(id)
    expect(causes.length).toBeGreaterThan(8)
    expect([...causes, ...Object.keys(waits)].filter((code) => recipe.remedies[code] === undefined)).toEqual([])
  })
  it('is of causes that exist', () => {
    expect(Object.keys(recipe.remedies).filter((code) => findCause(code) === undefined && !(code in waits))).toEqual([])
  })
  it('names knobs that exist, with values that they take, and says why in whole sentences', () => {
    for (const [code, { settings, nothing }] of Object.entries(recipe.remedies)) {
      if (nothing !== undefined) expect(nothing, code).toMatch(/^[A-Z].*\.$/)
      for (const { key, value, why } of settings ?? []) {
        const knob = recipe.knobs.find((candidate) => candidate.key === key)
        expect(knob, `${code}: ${key}`).toBeDefined()
        expect(parseKnob(knob!, value), `${code}: ${key}=${value}`).toMatchObject({ ok: true })
        expect(why, `${code}: ${key}`).toMatch(/^[A-Z].*\.$/)
      }
      expect(new Set(settings?.map(({ key, value }) => `${key}=${value}`)).size, code).toBe(settings?.length ?? 0)
    }
  })
  it.each(Object.keys(recipe.presets))('proposes under preset %s only values that change something', (preset) => {
    const { settings, advice: all } = advice(recipe, preset)
    for (const { code, text, settings: lines } of all) {
      expect(text, code).not.toBe('')
      for (const { key, value } of lines) {
        if (value === null) continue
        const knob = recipe.knobs.find((candidate) => candidate.key === key)!
        const [now, next] = [parseKnob(knob, settings.written(key)), parseKnob(knob, value)]
        expect(next.ok && now.ok && next.value !== now.value, `${code}: ${key} ${settings.written(key)} -> ${value}`).toBe(true)
      }
    }
  })
})

describe('advice', () => {
  const recipe = recipes.find(({ id }) => id === 'kafka-flink')!
  const interval = (value: string) => {
    const settings = new KnobSettings(recipe.knobs)
    settings.set('execution.checkpointing.interval', value)
    return adviceOf(recipe, settings).find(({ code }) => code === 'late.calm')?.settings[0]
  }
  it('goes on from what is set: half of it once the first proposal holds', () => {
    expect(interval('off')).toMatchObject({ value: '500ms', holds: false })
    expect(interval('1s')).toMatchObject({ value: '500ms', holds: false })
    expect(interval('400ms')).toMatchObject({ value: '200ms', holds: true })
  })
  // What the demonstrations remove, and by which keys (scenarios/demos, prevented_by).
  it.each([
    ['kafka-flink', 'flink.restore-replay', 'sink.delivery-guarantee'],
    ['kafka-flink', 'flink.zombie', 'sink.delivery-guarantee'],
    ['kafka-flink', 'late.calm', 'execution.checkpointing.interval'],
    ['kafka-flink', 'late.outage', 'heartbeat.timeout'],
    ['kafka-flink', 'flink.task-died', 'execution.checkpointing.interval'],
    ['kafka-flink', 'flink.committable-failed', 'sink.properties.transaction.timeout.ms'],
    ['kafka', 'kafka.leader-changed-truncation', 'acks'],
    ['kafka', 'kafka.leader-changed-truncation', 'min.insync.replicas'],
    ['kinesis-lambda', 'late.outage', 'BisectBatchOnFunctionError'],
    ['kinesis-lambda', 'lambda.batch-retry', 'sink.write'],
  ])('in %s names for %s the key that a demonstration repairs it with: %s', (id, code, key) => {
    expect(recipes.find((one) => one.id === id)?.remedies[code]?.settings?.map((remedy) => remedy.key)).toContain(key)
  })
})
