/** Planted: InitProducerId forgets an open transaction of its predecessor instead of aborting it. */
import { expect, test, vi } from 'vitest'
import recipe from '../../models/kafka-flink/index.ts'
import { EMPTY, ONGOING } from '../../models/parts/kafka/transaction-log.ts'
import { hunt, type Bug } from './hunt.ts'

const bug = vi.hoisted<Bug>(() => ({ planted: false }))

vi.mock(import('../../models/parts/kafka/init-producer-id.ts'), async (importOriginal) => {
  const real = await importOriginal()
  return {
    ...real,
    handleInitProducerId: (...args: Parameters<typeof real.handleInitProducerId>) => {
      const [, broker, , { transactionalId }] = args
      const known = transactionalId < 0 ? undefined : broker.coordinator.find(transactionalId)?.transaction(transactionalId)
      if (bug.planted && known?.state === ONGOING && !known.isChanging) known.state = EMPTY
      real.handleInitProducerId(...args)
    },
  }
})

test('a predecessor that is not fenced is found: its open transaction holds every reader of committed records back', { timeout: 240_000 }, () => {
  expect(hunt(recipe, bug, 1).by).toContain('liveness')
})
