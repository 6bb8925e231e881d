/** Cards of the scenario files that come with the project, and of texts that somebody brings. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { recipes } from '../../models/index.ts'
import { cardsOf, readCard } from '../../src/host/cards.ts'
import { checkSpec } from '../../src/run/check.ts'
import { root } from '../tidy/tree.ts'

const folders = ['scenarios', 'scenarios/demos']
const scenarios = Object.fromEntries(folders.flatMap((folder) => readdirSync(join(root, folder))
  .filter((name) => name.endsWith('.md') && name !== 'README.md')
  .map((name) => [name.slice(0, -3), readFileSync(join(root, folder, name), 'utf8')] as const)))
const cards = cardsOf(scenarios, recipes)

describe('the cards of a gallery', () => {
  test('there is one for each scenario file, and each of its runs can be opened', () => {
    expect(cards.map((card) => card.shown.scenario).sort()).toEqual(Object.keys(scenarios).sort())
    for (const card of cards) {
      for (const spec of [card.shown, ...(card.prevented === null ? [] : [card.prevented.spec])]) {
        const checked = checkSpec(spec, recipes, scenarios)
        expect({ scenario: spec.scenario, issues: checked.ok ? [] : checked.issues }).toEqual({ scenario: spec.scenario, issues: [] })
      }
    }
  })

  test('each demonstration asks a question, says what will be seen and what prevents it', () => {
    for (const card of cards.filter(({ demonstrates }) => demonstrates !== null)) {
      expect({ of: card.title, asks: card.asks.endsWith('?') }).toEqual({ of: card.title, asks: true })
      expect(card.prevented?.because ?? '').not.toBe('')
      expect(card.prevented?.settings.length).toBeGreaterThan(0)
    }
  })

  test('a demonstration of one column is prevented in a second column beside it', () => {
    const card = cards.find(({ shown }) => shown.scenario === 'at-least-once-duplicates')!
    expect(card.shown.architectures.map(({ label }) => label)).toEqual(['alo'])
    expect(card.prevented?.spec.architectures.map(({ label }) => label)).toEqual(['alo', 'alo-prevented'])
    expect(card.prevented?.spec.architectures[0]).toEqual(card.shown.architectures[0])
  })

  test('one of two columns is prevented in its place', () => {
    const card = cards.find(({ shown }) => shown.scenario === 'acks-one-loses')!
    expect(card.prevented?.spec.architectures.map(({ label }) => label)).toEqual(['one', 'all'])
    expect(card.prevented?.spec.architectures[0]?.settings?.['acks']).toBe('all')
  })

  test('a scenario opens on those of its options that are simulated', () => {
    const card = cards.find(({ shown }) => shown.scenario === 'fraud-detection')!
    expect(card.shown.architectures.map(({ id }) => id)).toEqual(['kafka-flink', 'kinesis-lambda'])
    expect(card.options.filter(({ isSimulated }) => !isSimulated).length).toBeGreaterThan(0)
  })
})

describe('a text that somebody brings', () => {
  test('a scenario file becomes a card whose run holds the whole text', () => {
    const text = scenarios['poison-stalls-a-shard']!
    const card = readCard(text, recipes)
    expect(card.ok && card.value.shown.scenario).toBe(text)
    expect(card.ok && card.value.asks).toBe('What does one bad record hold up?')
  })

  test('a RunSpec as JSON is the run itself', () => {
    const { shown } = cards[0]!
    const card = readCard(JSON.stringify(shown), recipes)
    expect(card.ok && card.value.shown).toEqual(shown)
  })

  test.each([
    ['nothing', '  \n', 'found nothing', null],
    ['no front matter', 'hello', 'expected', 1],
    ['a wrong quantity', scenarios['poison-stalls-a-shard']!.replace('rate: 400/s', 'rate: 400'), '400', 16],
    ['JSON that is cut', '{"version":1,', 'JSON', null],
    ['JSON of something else', '{"version":2,"what":1}', 'version', null],
    ['names that reach into prototypes', '{"version":1,"__proto__":{"x":1}}', '__proto__', null],
  ])('is refused with its place: %s', (_, text, words, line) => {
    const card = readCard(text, recipes)
    expect(card.ok).toBe(false)
    if (card.ok) return
    expect(card.issues.map(({ message, path }) => `${path} ${message}`).join('\n')).toContain(words)
    if (line !== null) expect(card.issues[0]?.line).toBe(line)
  })
})
