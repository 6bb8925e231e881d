/**
 * Lost or pending: a record that no holding contains, and that was dropped, is lost, at once and for good; one
 * that its client gave up is refused. What is neither held nor dropped is in limbo: our own bug.
 */
import type { Plant } from '../contract/architecture.ts'
import type { Births } from '../contract/births.ts'
import { ANSWER_MASK, FAILED, SIDE, UNKNOWN, UNSEEN } from './chunks.ts'
import type { Ledger } from './ledger.ts'

/** What one judgement of one view found. */
export interface Judgement {
  readonly held: number
  readonly lost: number
  readonly refused: number
  /** Neither held nor dropped nor given up; 0 in a right model. The first few by name. */
  readonly limbo: number
  readonly limboExamples: readonly string[]
}

/**
 * Judges every unsettled record of a main view. `final`: the run is over, so limbo is said lost, unexplained.
 * Cost follows what is unsettled and what the holdings name.
 */
export function judge(ledger: Ledger, births: Births, plant: Plant, view: number, final: boolean): Judgement {
  const from: number[] = []
  const held: Uint8Array[] = []
  for (let lane = 0; lane < births.lanes; lane++) {
    const below = ledger.settledUpTo(view, lane)
    from.push(below)
    held.push(new Uint8Array(births.born(lane) - below))
  }
  plant.holdings(view, (lane, first, count) => {
    const marks = held[lane] as Uint8Array
    const base = from[lane] as number
    const end = Math.min(first + count - base, marks.length)
    for (let i = Math.max(first - base, 0); i < end; i++) marks[i] = 1
  })
  const found = { held: 0, lost: 0, refused: 0, limbo: 0, limboExamples: [] as string[] }
  for (let lane = 0; lane < births.lanes; lane++) {
    const marks = held[lane] as Uint8Array
    const base = from[lane] as number
    for (let i = 0; i < marks.length; i++) {
      const index = base + i
      const answer = ledger.answerOf(lane, index)
      if (ledger.stateOf(view, lane, index) !== UNSEEN || (answer & SIDE) !== 0) continue
      if (marks[i] === 1) {
        found.held++
        continue
      }
      const told = answer & ANSWER_MASK
      if (told === FAILED || told === UNKNOWN) {
        ledger.sayRefused(view, lane, index)
        found.refused++
      } else if (ledger.dropOf(lane, index) !== undefined || final) {
        ledger.sayLost(view, lane, index)
        found.lost++
      } else {
        found.limbo++
        if (found.limboExamples.length < 5) found.limboExamples.push(`source-${lane + 1}:${index}`)
      }
    }
  }
  return found
}
