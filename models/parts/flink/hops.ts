/**
 * Models: nothing; the hops of a followed record through a Flink job, in words.
 * Source: Flink 2.1 documentation, Flink Architecture; flink-connector-kafka `KafkaSink`.
 * Leaves out: hops inside a task that take no time.
 */
import { hopCode } from '../../../src/kernel/index.ts'

export const emitted = hopCode('flink.hop-emitted', '{who} has read it and writes it into the buffer for operator-task-{subtask}', ['subtask'])
export const received = hopCode('flink.hop-received', '{who} has the buffer with it for operator-task-{subtask}', ['subtask'], emitted)
export const processedHop = hopCode('flink.hop-processed', '{who} changes the state of its key and gives the result to the sink')
export const prepared = hopCode('flink.hop-prepared', '{who}: its transaction is flushed and goes into checkpoint {checkpoint}', ['checkpoint'])
export const committedHop = hopCode('flink.hop-committed', '{who}: checkpoint {checkpoint} is complete, its transaction is committed', ['checkpoint'])
