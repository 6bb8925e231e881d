/**
 * Models: which items a table holds, by event id: what the condition attribute_not_exists looks at.
 * Source: DynamoDB Developer Guide, "Condition expressions".
 * Leaves out: the items' contents.
 */
import { invariant } from '../../../src/kernel/index.ts'

const BITS = 15
const WORDS = 1 << (BITS - 5)

/** One bit per event id, in chunks of 32 768 ids of a lane. */
export class Items {
  /** Distinct ids. */
  count = 0
  private readonly chunks: (Int32Array | null)[][] = []

  constructor(lanes: number) {
    for (let i = 0; i < lanes; i++) this.chunks.push([])
  }

  has(lane: number, index: number): boolean {
    const chunk = (this.chunks[lane] as (Int32Array | null)[])[index >> BITS]
    if (chunk === undefined || chunk === null) return false
    return ((chunk[(index >> 5) & (WORDS - 1)] as number) & (1 << (index & 31))) !== 0
  }

  /** Puts an id in; true when it was not there. */
  add(lane: number, index: number): boolean {
    invariant(index >= 0, 'dynamodb.item-index')
    const chunks = this.chunks[lane] as (Int32Array | null)[]
    const at = index >> BITS
    while (chunks.length <= at) chunks.push(null)
    let chunk = chunks[at] as Int32Array | null
    if (chunk === null) {
      chunk = new Int32Array(WORDS)
      chunks[at] = chunk
    }
    const word = (index >> 5) & (WORDS - 1)
    const bit = 1 << (index & 31)
    const before = chunk[word] as number
    if ((before & bit) !== 0) return false
    chunk[word] = before | bit
    this.count++
    return true
  }
}
