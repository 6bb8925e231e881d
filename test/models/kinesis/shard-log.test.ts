import { describe, expect, it } from 'vitest'
import { ShardLog } from '../../../models/parts/kinesis/index.ts'

describe('a shard that everybody has read to its end', () => {
  it.each([1, 1023, 1024, 1025, 2048])('still shows when its newest record came, after %i records', (records) => {
    const log = new ShardLog(1)
    for (let i = 0; i < records; i++) log.append(0, i, 0, 5 * i)
    log.release(records)
    expect(log.arrivedMillis(records - 1)).toBe(5 * (records - 1))
  })

  it('forgets whole segments before it', () => {
    const log = new ShardLog(1)
    for (let i = 0; i < 3000; i++) log.append(0, i, 0, i)
    log.release(2050)
    expect(log.lowestFrom(0, 0)).toBe(2048)
    expect(() => log.arrivedMillis(2047)).toThrow('kinesis.position-in-log')
  })
})
