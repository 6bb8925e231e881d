/** How far each lane is settled without a gap, by view: what lies below has its end state. */
import { CHUNK, CHUNK_BITS, SIDE, UNSEEN, type LaneStore } from './chunks.ts'

/** Moves only forward; cost follows what was settled since it was asked last. */
export class Frontier {
  /** By state column and lane. */
  private readonly below: number[][] = []

  start(columns: number, lanes: number): void {
    for (let column = 0; column < columns; column++) this.below.push(new Array<number>(lanes).fill(0))
  }

  /** Everything below the answer is settled; `born` records of the lane are born. */
  upTo(column: number, lane: number, store: LaneStore, born: number): number {
    const row = this.below[column] as number[]
    let at = row[lane] as number
    while (at < born && isSettled(store, column, at)) {
      // A folded chunk is settled as a whole.
      if ((at & (CHUNK - 1)) === 0 && store.chunks[at >> CHUNK_BITS] === null) at += CHUNK
      else at++
    }
    row[lane] = at
    return at
  }
}

function isSettled(store: LaneStore, column: number, index: number): boolean {
  return store.state(column, index) !== UNSEEN || (store.answer(index) & SIDE) !== 0
}
