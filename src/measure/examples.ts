/** Names of a few records, as evidence that can be followed. */
import { EXCEPTIONAL, LOST } from './chunks.ts'
import { LANE_STEP, recordName } from './record-name.ts'
import { primaryOf, type Measured } from './measured.ts'

const MOST = 5

/** Records lost or retracted in the primary view, in order of their birth by lane. */
export function lostNames(measured: Measured): string[] {
  const { ledger, births } = measured
  const tally = primaryOf(measured)
  const names: string[] = []
  for (let lane = 0; lane < births.lanes && names.length < MOST; lane++) {
    for (let i = 0; i < births.born(lane) && names.length < MOST; i++) {
      const state = ledger.stateOf(ledger.primary, lane, i)
      const isRetracted = state === EXCEPTIONAL && tally.exceptional.get(lane * LANE_STEP + i)?.readable === 0
      if (state === LOST || isRetracted) names.push(recordName(lane, i))
    }
  }
  return names
}

/** Records with more than one effect in the primary view, in the order in which that was seen. */
export function repeatedNames(measured: Measured): string[] {
  const names: string[] = []
  for (const [name, { copies }] of primaryOf(measured).exceptional) {
    if (names.length === MOST) break
    if (copies.length > 1) names.push(recordName(Math.floor(name / LANE_STEP), name % LANE_STEP))
  }
  return names
}
