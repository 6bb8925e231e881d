/** Planted: a leader acknowledges before the in-sync set has the records: nothing waits for the high watermark. */
import { expect, test, vi } from 'vitest'
import recipe from '../../models/kafka-flink/index.ts'
import { hunt, type Bug } from './hunt.ts'

const bug = vi.hoisted<Bug>(() => ({ planted: false }))

vi.mock(import('../../models/parts/kafka/purgatory.ts'), async (importOriginal) => {
  const real = await importOriginal()
  return {
    ...real,
    park: (...args: Parameters<typeof real.park>) => {
      if (!bug.planted) real.park(...args)
    },
  }
})

test('an acknowledgement before the in-sync set has it is found as loss by the guarantee', { timeout: 240_000 }, () => {
  expect(hunt(recipe, bug, 38).by).toContain('guarantee')
})
