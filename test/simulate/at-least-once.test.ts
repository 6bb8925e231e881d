/**
 * At least once, a checkpoint every 10 s, ten crashes at different moments of the interval: the duplicates are, by
 * identity, the outputs already visible for input at positions from the restored one to the last one emitted.
 * Long tier: takes about 30 s on a quiet machine.
 */
import { expect, test } from 'vitest'
import { EXCEPTIONAL, UNSEEN } from '../../src/measure/chunks.ts'
import { Column } from '../../src/run/column.ts'
import { planOf, plantOf } from '../models/flink/column-kit.ts'

const LANE_STEP = 4294967296

/** Names of the input records at positions in [restored, emitted) of every split, before the crash. */
function readAgain(column: Column): Set<number> {
  const { storage, job, cluster, input } = plantOf(column).built
  const names = new Set<number>()
  for (let split = 0; split < input.partitions; split++) {
    const from = storage.pointer?.positionOf(split) ?? 0
    const to = job.reached[split] as number
    cluster.servingLog(input.first + split)?.forEachBatch(from, (batch) => {
      let offset = batch.baseOffset
      for (let i = 0; i < batch.slices.length; i += 4) {
        for (let n = 0; n < (batch.slices[i + 2] as number); n++, offset++) {
          if (offset >= from && offset < to) names.add((batch.slices[i] as number) * LANE_STEP + (batch.slices[i + 1] as number) + n)
        }
      }
    })
  }
  return names
}

test('duplicates are the outputs that were visible for input between the restored and the emitted position', { timeout: 300_000 }, () => {
  const counts: number[] = []
  for (let seed = 0; seed < 10; seed++) {
    const at = 21.3e9 + seed * 0.97e9
    const settings = { 'sink.delivery-guarantee': 'at-least-once', 'execution.checkpointing.interval': '10s', 'execution.checkpointing.mode': 'AT_LEAST_ONCE' }
    const column = new Column(planOf({
      rate: 300, duration: 40, strict: false, seed: `alo-${seed}`, settings, faults: [`crash processor-1 at ${at / 1e6}ms`],
    }))
    column.advance(at - 1, 1e9)
    const again = readAgain(column)
    // All that dead and cancelled tasks had sent has arrived; the first restart is still to come.
    column.advance(at + 1e9, 1e9)
    const { ledger, births } = column.state
    const wanted: number[] = []
    for (const name of again) if (ledger.stateOf(0, Math.floor(name / LANE_STEP), name % LANE_STEP) !== UNSEEN) wanted.push(name)
    column.finish()
    const found: number[] = []
    for (let lane = 0; lane < births.lanes; lane++) {
      for (let index = 0; index < births.born(lane); index++) {
        if (ledger.stateOf(0, lane, index) !== EXCEPTIONAL) continue
        const entry = ledger.views[0]?.exceptional.get(lane * LANE_STEP + index)
        if (entry !== undefined && entry.copies.length > 1) found.push(lane * LANE_STEP + index)
      }
    }
    expect(found.sort((a, b) => a - b), `seed ${seed}`).toEqual(wanted.sort((a, b) => a - b))
    for (const tally of ledger.views) expect([tally.lost, tally.unexplained, tally.duplicates]).toEqual([0, 0, found.length])
    counts.push(found.length)
  }
  console.log(`at least once, interval 10 s: duplicates by moment of the crash ${counts.join(', ')}`)
  expect(counts.filter((count) => count > 0).length).toBeGreaterThanOrEqual(8)
})
