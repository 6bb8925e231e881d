import { describe, expect, test } from 'vitest'
import { Log } from '../../../models/parts/kafka/log.ts'
import { Batch, COMMIT_MARKER, DATA_BATCH, ABORT_MARKER } from '../../../models/parts/kafka/protocol.ts'
import { NOBODY, Shelf, WINDOW } from '../../../models/parts/kafka/segment.ts'

/** Appends batch after batch in the given epochs; every third producer writes in transactions. */
function filled(shelf: Shelf, epochs: readonly [number, number][]): Log {
  const log = new Log(0, shelf, false)
  let i = 0
  const next = [0, 0, 0]
  for (const [epoch, batches] of epochs) {
    for (let n = 0; n < batches; n++, i++) {
      const producer = i % 3
      const records = 1 + (i % 4)
      const batch = new Batch(
        0, [producer, next[producer] ?? 0, records, i % 50 === 0 ? 7 : 0], records, 61 + 100 * records, producer, 0, next[producer] ?? 0,
        false, DATA_BATCH, { replaced: i % 97 === 0 }, -1,
      )
      next[producer] = (next[producer] ?? 0) + records
      log.appendAsLeader(batch, epoch, i * 1_234_000)
    }
  }
  return log
}

function contents(log: Log, from = 0): object[] {
  const all: object[] = []
  log.forEachBatch(from, (batch) => all.push({ ...batch, appendedAt: Math.round(batch.appendedAt / 1000) }))
  return all
}

/** A follower that takes over everything up to a number of batches. */
function copied(log: Log, shelf: Shelf, batches: number): Log {
  const follower = new Log(0, shelf, false)
  let n = 0
  log.forEachBatch(0, (batch) => { if (n++ < batches) follower.append(batch) })
  return follower
}

describe('a log', () => {
  test('gives back from its closed part exactly what was appended', () => {
    const log = filled(new Shelf(), [[0, 3000]])
    expect(log.segments.length).toBeGreaterThan(5)
    expect(log.tail.length).toBeLessThan(2 * WINDOW)
    const plain: Batch[] = []
    let at = 0
    for (let i = 0; i < 3000; i++) {
      const records = 1 + (i % 4)
      plain.push(log.batchAt(at))
      expect(plain[i]).toMatchObject({ baseOffset: at, records, producerId: i % 3, writerReplaced: i % 97 === 0 })
      expect(plain[i]?.slices[3]).toBe(i % 50 === 0 ? 7 : 0)
      at += records
    }
    expect(at).toBe(log.end)
    const sequences = [0, 0, 0]
    for (const batch of plain) {
      expect(batch.baseSequence).toBe(sequences[batch.producerId])
      sequences[batch.producerId] = batch.baseSequence + batch.records
    }
  })

  test('shares closed segments with replicas of the same content', () => {
    const shelf = new Shelf()
    const leader = filled(shelf, [[0, 3000]])
    const follower = copied(leader, shelf, 3000)
    expect(follower.segments.length).toBe(leader.segments.length)
    for (let i = 0; i < leader.segments.length; i++) expect(follower.segments[i]).toBe(leader.segments[i])
  })

  test('reads whole batches up to the bound and the size, at least one', () => {
    const log = filled(new Shelf(), [[0, 3000]])
    for (const [from, upTo, bytes] of [[0, 100, 1], [37, 5000, 4000], [WINDOW - 3, log.end, 20_000], [log.end - 5, log.end, 1e9]] as const) {
      const out: Batch[] = []
      log.read(from, upTo, bytes, out)
      expect(out.length).toBeGreaterThan(0)
      expect((out[0] as Batch).baseOffset).toBeLessThanOrEqual(from)
      let end = (out[0] as Batch).baseOffset
      let size = 0
      for (const batch of out) {
        expect(batch.baseOffset).toBe(end)
        end += batch.records
        size += batch.bytes
      }
      expect(end).toBeGreaterThan(from)
      expect(end).toBeLessThanOrEqual(upTo)
      if (out.length > 1) expect(size).toBeLessThanOrEqual(bytes)
    }
  })

  test('cut anywhere it is the log that it was then, producers included', () => {
    for (const batches of [2990, 1500, 700, 3, 0]) {
      const shelf = new Shelf()
      const log = filled(shelf, [[0, 1000], [2, 2000]])
      const then = copied(log, shelf, batches)
      log.truncate(then.end)
      expect(log.end).toBe(then.end)
      expect(log.epochs).toEqual(then.epochs)
      expect(contents(log)).toEqual(contents(then))
      for (const producer of [0, 1, 2]) {
        expect(log.producers.entry(producer)?.lastSequence).toBe(then.producers.entry(producer)?.lastSequence)
        expect(log.producers.entry(producer)?.lastOffset).toBe(then.producers.entry(producer)?.lastOffset)
      }
    }
  })

  test('an open transaction whose marker is cut off is open again', () => {
    const log = new Log(0, new Shelf(), false)
    const add = (control: number, epoch: number, sequence: number) => log.appendAsLeader(
      new Batch(0, control === DATA_BATCH ? [0, sequence, 1, 0] : [], 1, 100, 5, epoch, sequence, true, control, NOBODY, 0), 0, 0)
    add(DATA_BATCH, 0, 0)
    add(ABORT_MARKER, 1, -1)
    add(DATA_BATCH, 1, 0)
    add(COMMIT_MARKER, 2, -1)
    expect(log.producers.firstUnstable()).toBe(0)
    log.producers.replicated(4)
    expect(log.producers.firstUnstable()).toBe(Infinity)
    expect(log.producers.isAborted(log.batchAt(0))).toBe(true)
    expect(log.producers.isAborted(log.batchAt(2))).toBe(false)
    log.truncate(3)
    log.producers.replicated(3)
    expect(log.producers.firstUnstable()).toBe(2)
    log.truncate(1)
    expect(log.producers.firstUnstable()).toBe(0)
    expect(log.producers.isAborted(log.batchAt(0))).toBe(false)
  })

  test('two logs are equal up to where their epochs part', () => {
    const shelf = new Shelf()
    const one = filled(shelf, [[0, 100], [1, 100]])
    const two = copied(one, shelf, 150)
    expect(one.commonWith(two)).toBe(two.end)
    const parted = two.end
    two.appendAsLeader(new Batch(0, [0, 900, 1, 0], 1, 100, -1, -1, -1, false, DATA_BATCH, NOBODY, -1), 3, 0)
    expect(one.commonWith(two)).toBe(parted)
    expect(two.commonWith(one)).toBe(parted)
    one.findEpochEnd(3)
    expect([one.foundEpoch, one.foundEnd]).toEqual([1, one.end])
  })

  test('folding keeps offsets, bytes and epochs and forgets the records', () => {
    const log = filled(new Shelf(), [[0, 1000], [4, 2000]])
    const bytes = log.segments.reduce((sum, segment) => sum + segment.bytes, 0)
    const { end } = log
    const kept = contents(log, 3 * WINDOW)
    log.fold(3 * WINDOW + 5)
    expect(log.segments.reduce((sum, segment) => sum + segment.bytes, 0)).toBe(bytes)
    expect(log.batchAt(10).slices).toEqual([])
    let at = 0
    log.forEachBatch(0, (batch) => {
      expect(batch.baseOffset).toBe(at)
      at += batch.records
    })
    expect(at).toBe(end)
    expect(contents(log, 3 * WINDOW).slice(-kept.length + 2)).toEqual(kept.slice(2))
    const follower = copied(log, new Shelf(), 1e9)
    expect(follower.end).toBe(end)
    expect(follower.commonWith(log)).toBe(end)
  })

  test('a batch that was appended once is another batch when it is sent again', () => {
    const log = new Log(0, new Shelf(), false)
    const batch = new Batch(0, [0, 0, 1, 0], 1, 100, -1, -1, -1, false, DATA_BATCH, NOBODY, -1)
    log.appendAsLeader(batch, 0, 5)
    const again = log.appendAsLeader(batch, 1, 9)
    expect([batch.baseOffset, batch.leaderEpoch, batch.appendedAt]).toEqual([0, 0, 5])
    expect([again.baseOffset, again.leaderEpoch, again.appendedAt]).toEqual([1, 1, 9])
  })
})
