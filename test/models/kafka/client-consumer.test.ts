import { describe, expect, it } from 'vitest'
import { crash, eventKind, Process, startUnit, type Sim, type Unit } from '../../../src/kernel/index.ts'
import { forEachSlice } from '../../../src/contract/slice.ts'
import type { ConsumerConfig } from '../../../models/parts/kafka/client-config.ts'
import { KafkaConsumer } from '../../../models/parts/kafka/consumer.ts'
import { ABORT_MARKER, Batch, COMMIT_MARKER, DATA_BATCH, READ_COMMITTED } from '../../../models/parts/kafka/protocol.ts'
import { clientWorld, consumerDefaults, MS, runTo, SECOND, TinyCluster } from './client-kit.ts'

/** Takes all it is told of, unless it is full. */
class Reader extends Process {
  consumer: KafkaConsumer | null = null
  readonly got: string[] = []
  readonly chunks: number[] = []
  isFull = false
  maxRecords = 500
  take(sim: Sim): void {
    const consumer = this.consumer as KafkaConsumer
    while (!this.isFull) {
      const chunk = consumer.next(sim, this.maxRecords)
      if (chunk === null) return
      this.chunks.push(chunk.toRecord - chunk.fromRecord)
      let at = 0
      forEachSlice(chunk.batch.slices, (lane, first, count) => {
        for (let i = 0; i < count; i++, at++) {
          if (at >= chunk.fromRecord && at < chunk.toRecord) this.got.push(`${lane}:${first + i}`)
        }
      })
    }
  }
}
const onData = eventKind<Unit, null>('test.kafka-data', (sim, unit) => (unit as Reader).take(sim))

function scene(over: Partial<ConsumerConfig> = {}, brokers = 2, partitions = 4) {
  const { sim, facts } = clientWorld()
  const cluster = new TinyCluster(sim, brokers, partitions)
  const reader = new Reader(sim, 'reader', sim.host('reader', 'zone-a', 1.25e9))
  const consumer = new KafkaConsumer(sim, reader, cluster.bootstrap, consumerDefaults({ onData, ...over }), 'reader-consumer')
  reader.consumer = consumer
  return { sim, cluster, reader, consumer, facts }
}

let index = 0
/** Appends records of lane 0 to a partition, as if a producer had. */
function put(sim: Sim, cluster: TinyCluster, partition: number, count: number, o: { producerId?: number; control?: number } = {}): void {
  const control = o.control ?? DATA_BATCH
  const batch = new Batch(partition, control === DATA_BATCH ? [0, index, count, 0] : [], count, 100, o.producerId ?? -1, 0, 0, o.producerId !== undefined, control, { replaced: false }, -1)
  if (control === DATA_BATCH) index += count
  batch.baseOffset = cluster.endOf(partition)
  batch.leaderEpoch = 0
  cluster.logs[partition]!.push(batch)
  cluster.wakeFetches(sim)
}

describe('fetching', () => {
  it('one fetch per broker waits there for data, and data is answered at once', () => {
    const { sim, cluster, reader, consumer } = scene()
    index = 0
    consumer.assign(sim, [0, 0, 1, 0, 2, 0, 3, 0])
    runTo(sim, 200 * MS)
    expect(cluster.brokers.map((broker) => broker.waiting.length)).toEqual([1, 1])
    expect(cluster.broker(1).fetches[0]?.changed).toEqual([0, 0, -1, 2, 0, -1])
    put(sim, cluster, 0, 3)
    runTo(sim, 201 * MS)
    expect(reader.got).toEqual(['0:0', '0:1', '0:2'])
    expect(consumer.position(0)).toBe(3)
    // The next fetch of the session carries only the partition whose position changed.
    expect(cluster.broker(1).fetches[1]?.changed).toEqual([0, 3, 0])
  })

  it('an idle fetch comes back after fetch.max.wait.ms and is sent again, carrying nothing', () => {
    const { sim, cluster, consumer } = scene({ maxWait: 500 * MS }, 1, 2)
    consumer.assign(sim, [0, 0, 1, 0])
    runTo(sim, 2200 * MS)
    const { fetches } = cluster.broker(1)
    expect(fetches.length).toBe(5)
    expect(fetches.slice(1).every((one) => one.changed.length === 0)).toBe(true)
    expect(((fetches[2] as { at: number }).at - (fetches[1] as { at: number }).at) / MS).toBeCloseTo(500.5, 0)
  })

  it('while data of a broker is not taken, that broker is not asked; the others are', () => {
    const { sim, cluster, reader, consumer } = scene()
    reader.isFull = true
    consumer.assign(sim, [0, 0, 1, 0])
    runTo(sim, 200 * MS)
    put(sim, cluster, 0, 3)
    runTo(sim, 3 * SECOND)
    expect(cluster.broker(1).waiting.length).toBe(0)
    expect(cluster.broker(1).fetches.length).toBe(1)
    expect(cluster.broker(2).fetches.length).toBeGreaterThan(4)
    reader.isFull = false
    reader.take(sim)
    runTo(sim, sim.now + 10 * MS)
    expect(cluster.broker(1).waiting.length).toBe(1)
  })

  it('records are handed out at most maxRecords at a time, from the position on', () => {
    const { sim, cluster, reader, consumer } = scene({}, 1, 1)
    index = 0
    reader.maxRecords = 4
    put(sim, cluster, 0, 10)
    consumer.assign(sim, [0, 3])
    runTo(sim, SECOND)
    expect(reader.chunks).toEqual([4, 3])
    expect(reader.got[0]).toBe('0:3')
    expect(reader.got.length).toBe(7)
  })

  it('a leader that moved is found through metadata, and nothing is read twice or skipped', () => {
    const { sim, cluster, reader, consumer } = scene({}, 2, 1)
    index = 0
    consumer.assign(sim, [0, 0])
    put(sim, cluster, 0, 3)
    runTo(sim, 300 * MS)
    cluster.elect(0, 2)
    put(sim, cluster, 0, 3)
    runTo(sim, 3 * SECOND)
    expect(reader.got).toEqual(['0:0', '0:1', '0:2', '0:3', '0:4', '0:5'])
    expect(cluster.broker(2).waiting.length).toBe(1)
  })

  it('a broken connection ends the session: the next fetch carries every partition again', () => {
    const { sim, cluster, consumer } = scene({}, 1, 2)
    consumer.assign(sim, [0, 0, 1, 0])
    runTo(sim, 200 * MS)
    crash(sim, cluster.broker(1), 100 * MS)
    runTo(sim, 2 * SECOND)
    const full = cluster.broker(1).fetches.filter((one) => one.changed.length === 6)
    expect(full.length).toBe(2)
  })
})

describe('positions that jump', () => {
  it.each([['earliest', 20], ['latest', 25]] as const)('OFFSET_OUT_OF_RANGE moves to %s', (offsetReset, to) => {
    const { sim, cluster, reader, consumer, facts } = scene({ offsetReset }, 1, 1)
    index = 0
    put(sim, cluster, 0, 20)
    put(sim, cluster, 0, 5)
    cluster.starts[0] = 20
    consumer.assign(sim, [0, 7])
    runTo(sim, SECOND)
    expect(reader.got).toEqual(cluster.starts[0] === to ? ['0:20', '0:21', '0:22', '0:23', '0:24'] : [])
    expect(consumer.position(0)).toBe(25)
    expect(facts).toContain('kafka.position-reset')
  })

  it('auto.offset.reset=none stops reading and says so', () => {
    const { sim, cluster, reader, consumer, facts } = scene({ offsetReset: 'none' }, 1, 1)
    put(sim, cluster, 0, 5)
    consumer.assign(sim, [0, 7])
    runTo(sim, 5 * SECOND)
    expect(facts).toContain('kafka.position-reset')
    put(sim, cluster, 0, 5)
    runTo(sim, 10 * SECOND)
    expect(reader.got).toEqual([])
    expect(cluster.broker(1).fetches.length).toBe(1)
  })
})

describe('read_committed', () => {
  it('skips aborted data of the producer from its first aborted offset to the marker, and all markers', () => {
    const { sim, cluster, reader, consumer } = scene({ isolation: READ_COMMITTED }, 1, 1)
    index = 0
    put(sim, cluster, 0, 2, { producerId: 7 })
    put(sim, cluster, 0, 1, { producerId: 8 })
    put(sim, cluster, 0, 1, { producerId: 7, control: ABORT_MARKER })
    put(sim, cluster, 0, 2, { producerId: 7 })
    put(sim, cluster, 0, 1)
    put(sim, cluster, 0, 1, { producerId: 7, control: COMMIT_MARKER })
    put(sim, cluster, 0, 1, { producerId: 8, control: COMMIT_MARKER })
    cluster.aborted[0] = [7, 0]
    consumer.assign(sim, [0, 0])
    runTo(sim, SECOND)
    expect(reader.got).toEqual(['0:2', '0:3', '0:4', '0:5'])
    // Markers occupy offsets: the position is behind the last of them.
    expect(consumer.position(0)).toBe(9)
  })

  it('read_uncommitted hands out aborted data too', () => {
    const { sim, cluster, reader, consumer } = scene({}, 1, 1)
    index = 0
    put(sim, cluster, 0, 2, { producerId: 7 })
    put(sim, cluster, 0, 1, { producerId: 7, control: ABORT_MARKER })
    consumer.assign(sim, [0, 0])
    runTo(sim, SECOND)
    expect(reader.got).toEqual(['0:0', '0:1'])
  })
})

describe('death', () => {
  it('a dead consumer forgets everything; a new assignment starts it again', () => {
    const { sim, cluster, reader, consumer } = scene({}, 1, 1)
    index = 0
    put(sim, cluster, 0, 3)
    consumer.assign(sim, [0, 0])
    runTo(sim, 200 * MS)
    crash(sim, reader, 100 * MS)
    expect(consumer.position(0)).toBe(-1)
    runTo(sim, SECOND)
    startUnit(sim, consumer)
    consumer.assign(sim, [0, 1])
    runTo(sim, 2 * SECOND)
    expect(reader.got).toEqual(['0:0', '0:1', '0:2', '0:1', '0:2'])
  })
})
