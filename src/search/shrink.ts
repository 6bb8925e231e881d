/**
 * Shrinks a list that fails to a part of it that still fails and of which nothing can be left out: delta debugging,
 * "ddmin" (Zeller and Hildebrandt, Simplifying and Isolating Failure-Inducing Input, IEEE TSE 28 (2), 2002).
 */

/** Tells whether a part of the list, in the list's order, still fails. */
export type Fails<T> = (part: readonly T[]) => Promise<boolean>

export interface Shrunk<T> {
  readonly part: readonly T[]
  /** How often the question was asked. */
  readonly runs: number
  /** Every list with one item less was asked about and passes. */
  readonly isMinimal: boolean
}

/** Asks at most `runsMax` times, never about the same part twice; `whole` is taken to fail. */
export async function shrink<T>(whole: readonly T[], fails: Fails<T>, runsMax: number): Promise<Shrunk<T>> {
  const known = new Map<string, boolean>()
  let left = whole.map((_item, i) => i)
  const itemsOf = (indices: readonly number[]): readonly T[] => indices.map((i) => whole[i] as T)
  /** null when nothing may be asked any more. */
  const ask = async (indices: readonly number[]): Promise<boolean | null> => {
    const key = indices.join()
    const answer = known.get(key)
    if (answer !== undefined) return answer
    if (known.size >= runsMax) return null
    const fresh = await fails(itemsOf(indices))
    known.set(key, fresh)
    return fresh
  }
  let pieces = 2
  // With as many pieces as items, a round that finds nothing is the proof.
  while (left.length >= 1) {
    pieces = Math.min(pieces, left.length)
    const smaller = await firstFailing(left, pieces, ask)
    if (smaller === undefined) return { part: itemsOf(left), runs: known.size, isMinimal: false }
    if (smaller !== null) {
      // A single piece that fails is cut afresh; a complement keeps the size of its pieces.
      pieces = smaller.length * 2 <= left.length ? 2 : Math.max(2, pieces - 1)
      left = smaller
    } else if (pieces === left.length) break
    else pieces *= 2
  }
  return { part: itemsOf(left), runs: known.size, isMinimal: true }
}

/** A piece or the complement of one that fails; null when none does, undefined when the questions are spent. */
async function firstFailing(
  left: readonly number[], pieces: number, ask: (indices: readonly number[]) => Promise<boolean | null>,
): Promise<number[] | null | undefined> {
  const edges = Array.from({ length: pieces + 1 }, (_none, i) => Math.floor((i * left.length) / pieces))
  const parts: number[][] = []
  if (pieces > 1) for (let i = 0; i < pieces; i++) parts.push(left.slice(edges[i], edges[i + 1]))
  // Of two pieces each is the other's complement.
  if (pieces !== 2) for (let i = 0; i < pieces; i++) parts.push([...left.slice(0, edges[i]), ...left.slice(edges[i + 1])])
  for (const part of parts) {
    const answer = await ask(part)
    if (answer === null) return undefined
    if (answer) return part
  }
  return null
}
