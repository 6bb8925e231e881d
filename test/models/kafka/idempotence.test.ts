import { describe, expect, test } from 'vitest'
import { crash, type Process } from '../../../src/kernel/index.ts'
import { Batch, DATA_BATCH } from '../../../models/parts/kafka/protocol.ts'
import { NOBODY } from '../../../models/parts/kafka/segment.ts'
import { lab, replicaOf, runTo, SECOND, type Lab } from './broker-kit.ts'

function batch(sequence: number, epoch = 0, id = 7, transactional = false): Batch {
  return new Batch(0, [0, sequence, 1, 0], 1, 100, id, epoch, sequence, transactional, DATA_BATCH, NOBODY, -1)
}

function send(one: Lab, batches: readonly Batch[], acks = -1): void {
  for (const each of batches) one.client.produce(one.sim, [each], acks)
  runTo(one, one.sim.now / SECOND + 1)
}

function errors(one: Lab): string[] {
  return one.client.acks.map((ack) => ack.error)
}

describe('sequences of an idempotent producer', () => {
  test('a batch that is in the log is not appended again and gets its old offset', () => {
    const one = lab()
    send(one, [batch(0), batch(1), batch(2)])
    send(one, [batch(1)])
    expect(errors(one)).toEqual(['NONE', 'NONE', 'NONE', 'NONE'])
    expect(one.client.acks[3]?.offset).toBe(1)
    expect(replicaOf(one, 0).log.end).toBe(3)
  })

  test('only the last five batches are known: an older repeat is out of order', () => {
    const one = lab()
    send(one, [batch(0), batch(1), batch(2), batch(3), batch(4), batch(5)])
    send(one, [batch(1)])
    send(one, [batch(0)])
    expect(errors(one).slice(6)).toEqual(['NONE', 'OUT_OF_ORDER_SEQUENCE_NUMBER'])
  })

  test('a gap is refused', () => {
    const one = lab()
    send(one, [batch(0)])
    send(one, [batch(2)])
    expect(errors(one)).toEqual(['NONE', 'OUT_OF_ORDER_SEQUENCE_NUMBER'])
  })

  test('a later epoch starts at 0 and fences the earlier one', () => {
    const one = lab()
    send(one, [batch(0), batch(1)])
    send(one, [batch(2, 1)])
    send(one, [batch(0, 1)])
    send(one, [batch(2, 0)])
    expect(errors(one)).toEqual(['NONE', 'NONE', 'OUT_OF_ORDER_SEQUENCE_NUMBER', 'NONE', 'INVALID_PRODUCER_EPOCH'])
  })

  test('an unknown producer may start anywhere', () => {
    const one = lab()
    send(one, [batch(500)])
    expect(errors(one)).toEqual(['NONE'])
  })

  test('the next leader knows the sequences too', () => {
    const one = lab()
    send(one, [batch(0), batch(1)])
    crash(one.sim, one.cluster.brokers[0] as Process, Infinity)
    runTo(one, 15)
    send(one, [batch(1)])
    send(one, [batch(3)])
    send(one, [batch(2)])
    expect(errors(one).slice(2)).toEqual(['NONE', 'OUT_OF_ORDER_SEQUENCE_NUMBER', 'NONE'])
    expect(replicaOf(one, 1).log.end).toBe(3)
  })

  test('every producer id is given once', () => {
    const one = lab()
    one.client.initProducer(one.sim, -1, 60 * SECOND, 0)
    one.client.initProducer(one.sim, -1, 60 * SECOND, 1)
    runTo(one, 1)
    expect(one.client.ids.map((id) => id.error)).toEqual(['NONE', 'NONE'])
    expect(new Set(one.client.ids.map((id) => id.producerId)).size).toBe(2)
  })
})
