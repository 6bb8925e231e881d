/** The written digests in every engine that is here, each in a process of its own: about a minute. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { builtGoldens, digestsIn, engines } from '../goldens/engines.ts'
import { root } from '../tidy/tree.ts'

const written = JSON.parse(readFileSync(join(root, 'test/goldens/digests.json'), 'utf8')) as Record<string, string>
let goldens: Awaited<ReturnType<typeof builtGoldens>>

beforeAll(async () => { goldens = await builtGoldens() }, 120_000)
afterAll(() => { goldens.remove() })

test('at least two families of engines are here beside Node\'s', () => {
  console.log(engines.map(({ name, family, path }) => `${name} (${family}): ${path}`).join('\n'))
  expect(new Set(engines.map(({ family }) => family)).size).toBeGreaterThanOrEqual(2)
})

test.each(engines)('$name ($family) comes to the written digests', { timeout: 300_000 }, async (engine) => {
  const found = await digestsIn(engine, goldens.script, 240_000)
  expect(Object.keys(found).length).toBeGreaterThanOrEqual(50)
  expect(found).toEqual(written)
})
