/** Planted: after a failed batch the mapping goes on behind it, and nobody hears of its records. */
import { expect, test, vi } from 'vitest'
import recipe from '../../models/kinesis-lambda/index.ts'
import { hunt, type Bug } from './hunt.ts'

const bug = vi.hoisted<Bug>(() => ({ planted: false }))

vi.mock(import('../../models/parts/lambda/event-source-mapping.ts'), async (importOriginal) => {
  const real = await importOriginal()
  // Both are private to the mapping; only the planted bug takes one for the other.
  type Loop = Record<'failed' | 'succeeded', (...args: unknown[]) => void>
  const loop = real.EventSourceMapping.prototype as unknown as Loop
  const failed = loop.failed
  loop.failed = function (this: Loop, ...args: unknown[]) {
    if (bug.planted) this.succeeded(...args)
    else failed.apply(this, args)
  }
  return real
})

test('an iterator that moves past a failed batch is found: its records are nowhere', { timeout: 240_000 }, () => {
  expect(hunt(recipe, bug, 3).by).toContain('limbo')
})
