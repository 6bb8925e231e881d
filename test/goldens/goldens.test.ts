/** Digests that are written down: a change of any run's outcome shows here, and is written down again on purpose. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from '../tidy/tree.ts'
import { digestOf, goldens } from './specs.ts'

const file = join(root, 'test/goldens/digests.json')
const found: Record<string, string> = {}

test.each(goldens)('$name', { timeout: 60_000 }, (golden) => {
  found[golden.name] = digestOf(golden)
  if (process.env['GOLDENS'] === 'write') return
  const written = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>
  // Changed on purpose? `npm run goldens` writes all of them down again; say in the commit why.
  expect(found[golden.name]).toBe(written[golden.name])
})

test('every written digest is of a golden, and there are at least fifty', () => {
  if (process.env['GOLDENS'] === 'write') writeFileSync(file, `${JSON.stringify(found, null, 1)}\n`)
  const written = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>
  expect(Object.keys(written)).toEqual(goldens.map(({ name }) => name))
  expect(goldens.length).toBeGreaterThanOrEqual(50)
  for (const digest of Object.values(written)) expect(digest).toMatch(/^[0-9a-f]{16}$/)
})
