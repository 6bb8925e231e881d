/** Planted: the sink does not flush at the barrier, so offsets are in the checkpoint before the write is in Kafka. */
import { expect, test, vi } from 'vitest'
import recipe from '../../models/kafka-flink/index.ts'
import type { OperatorTask } from '../../models/parts/flink/operator-task.ts'
import { hunt, type Bug } from './hunt.ts'

const bug = vi.hoisted<Bug>(() => ({ planted: false }))

vi.mock(import('../../models/parts/flink/kafka-sink.ts'), async (importOriginal) => {
  const real = await importOriginal()
  const prepare = real.PlainKafkaWriter.prototype.prepare
  real.PlainKafkaWriter.prototype.prepare = function (this: InstanceType<typeof real.PlainKafkaWriter>, sim) {
    // The task is private to the writer; only the planted bug reaches for it.
    if (bug.planted) (this as unknown as { task: OperatorTask }).task.sinkPrepared(sim)
    else prepare.call(this, sim)
  }
  return real
})

test('offsets committed before the write are found as loss by the guarantee', { timeout: 240_000 }, () => {
  expect(hunt(recipe, bug, 11).by).toContain('guarantee')
})
