/** Planted: the sink does not flush at the barrier, so offsets are in the checkpoint before the write is in Kafka. */
import { expect, test, vi } from 'vitest'
import recipe from '../../models/kafka-flink/index.ts'
import type { OperatorTask } from '../../models/parts/flink/operator-task.ts'
import type { Sim } from '../../src/kernel/index.ts'
import { hunt, type Bug } from './hunt.ts'

const bug = vi.hoisted<Bug>(() => ({ planted: false }))

vi.mock(import('../../models/parts/flink/kafka-sink.ts'), async (importOriginal) => {
  const real = await importOriginal()
  // The task is private to the writer; only the planted bug reaches for it.
  type Writer = { task: OperatorTask; prepare: (sim: Sim) => void }
  const writer = real.PlainKafkaWriter.prototype as unknown as Writer
  const prepare = writer.prepare
  writer.prepare = function (this: Writer, sim) {
    if (bug.planted) this.task.sinkPrepared(sim)
    else prepare.call(this, sim)
  }
  return real
})

test('offsets committed before the write are found as loss by the guarantee', { timeout: 240_000 }, () => {
  expect(hunt(recipe, bug, 19).by).toContain('guarantee')
})
