/**
 * Models: what a process takes with it when it dies: every record in its producer's memory, waiting, queued or without
 *   an answer; nobody is told. A journal upstream still has them, so that they have no answer yet.
 * Source: Kafka 4.2 KafkaProducer (no persistence in the client).
 * Leaves out: shutdown hooks.
 */
import { COUNT, FIRST, LANE, STRIDE } from '../../../src/contract/slice.ts'
import type { Sim } from '../../../src/kernel/index.ts'
import { memoryLost, producerMemory } from './client-causes.ts'
import type { KafkaProducer } from './producer.ts'

/** States the drop of all that the producer holds; the caller clears it. */
export function dropMemory(sim: Sim, producer: KafkaProducer): void {
  const { outside, workload } = producer.world
  const isAnswered = producer.config.source !== null && workload.upstream !== 'journal'
  let records = producer.accumulator.waitingRecords
  producer.forEachBatch((batch) => { records += batch.records })
  if (records === 0) return
  sim.fact(memoryLost, producer, records)
  const lose = (lane: number, first: number, count: number): void => {
    if (isAnswered) outside.answered(lane, first, count, 'none')
    outside.dropped(producerMemory, lane, first, count)
  }
  producer.accumulator.forEachWaiting(lose)
  producer.forEachBatch((batch) => {
    const s = batch.slices
    for (let i = 0; i < s.length; i += STRIDE) lose(s[i + LANE] as number, s[i + FIRST] as number, s[i + COUNT] as number)
  })
}
