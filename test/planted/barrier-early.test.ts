/** Planted: a task takes its snapshot and forwards the barrier at the first one, and does not wait for the others. */
import { expect, test, vi } from 'vitest'
import recipe from '../../models/kafka-flink/index.ts'
import { hunt, type Bug } from './hunt.ts'

const bug = vi.hoisted<Bug>(() => ({ planted: false }))

vi.mock(import('../../models/parts/flink/barrier.ts'), async (importOriginal) => {
  const real = await importOriginal()
  type Alignment = { doneBelow: number; receive: (now: number, channel: number, checkpoint: number) => boolean }
  const alignment = real.BarrierAlignment.prototype as unknown as Alignment
  const receive = alignment.receive
  alignment.receive = function (this: Alignment, now, channel, checkpoint) {
    if (!bug.planted) return receive.call(this, now, channel, checkpoint)
    // The first barrier of a checkpoint is taken for all of them; the others are of the past.
    if (checkpoint < this.doneBelow) return false
    this.doneBelow = checkpoint + 1
    return true
  }
  return real
})

test('a barrier that is forwarded early is found by the guarantee', { timeout: 240_000 }, () => {
  expect(hunt(recipe, bug, 48).by).toContain('guarantee')
})
