/** Everything that `validate` prints: laws on the recipes, and theory on as many customers as the command takes; about a minute. */
import { afterAll, expect, test } from 'vitest'
import { recipes } from '../../models/index.ts'
import { laws } from '../../src/validate/laws.ts'
import { surprises, type Row } from '../../src/validate/row.ts'
import { theory } from '../../src/validate/theory.ts'

const rows: Row[] = []
afterAll(() => console.log(rows.map(({ id, predicted, expected, tolerance, agrees }) => `${agrees ? 'agrees' : 'MISS'} ${id}: ${predicted}, expected ${expected} (${tolerance})`).join('\n')))

test('plants keep to arithmetic', { timeout: 120_000 }, () => {
  for (const row of laws(recipes).rows()) rows.push(row)
  expect(surprises(rows).map(({ id, predicted, expected, tolerance }) => `${id}: ${predicted}, expected ${expected} (${tolerance})`)).toEqual([])
})

test('servers keep to queueing theory in every row', { timeout: 300_000 }, () => {
  const found = surprises([...theory().rows()])
  expect(found.map(({ id, predicted, expected, tolerance }) => `${id}: ${predicted}, expected ${expected} (${tolerance})`)).toEqual([])
})
