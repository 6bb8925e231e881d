/**
 * Models: nothing; the hops of a followed record through Kafka, in words.
 * Source: Kafka 4.2 documentation, Design ("The Producer", "Replication", "The Consumer").
 * Leaves out: hops inside a process that take no time.
 */
import { hopCode } from '../../../src/kernel/index.ts'

export const accumulated = hopCode('kafka.hop-accumulated', '{who} puts it into its open batch for partition {partition}', ['partition'])
export const waited = hopCode('kafka.hop-waits', '{who} blocks: no memory for it, or no metadata')
export const produced = hopCode('kafka.hop-sent', '{who} sends its batch to broker-{broker}', ['broker'])
export const appendedHop = hopCode('kafka.hop-appended', '{who} appends it to partition {partition} at offset {offset}', ['partition', 'offset'], produced)
export const replicated = hopCode('kafka.hop-replicated', '{who} has a replica of it: partition {partition}, offset {offset}', ['partition', 'offset'], appendedHop)
export const belowWatermark = hopCode('kafka.hop-below-high-watermark', '{who}: the high watermark of partition {partition} has passed its offset {offset}', ['partition', 'offset'])
export const fetchedHop = hopCode('kafka.hop-fetched', '{who} has fetched it from partition {partition}, offset {offset}', ['partition', 'offset'], belowWatermark)
