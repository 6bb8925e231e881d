/**
 * Models: nothing of Kafka: the copy ids of a producer's resends, one per moment and parent copy, so that a round of
 *   retries over many batches is one cause with one id.
 * Source: ours; the words are those of the contract's causes.
 * Leaves out: nothing.
 */
import type { CauseCode, Copies } from '../../../src/contract/cause.ts'
import { Copyable, type Process, type Sim } from '../../../src/kernel/index.ts'

export class RetryCopies extends Copyable {
  private readonly copies: Copies
  private readonly process: Process
  private madeAt = -1
  private readonly parents: number[] = []
  private readonly minted: number[] = []

  constructor(copies: Copies, process: Process) {
    super()
    this.copies = copies
    this.process = process
  }

  /** The copy that stands for what is emitted again now out of `parent`. */
  of(sim: Sim, cause: CauseCode, parent: number): number {
    if (this.madeAt !== sim.now) {
      this.madeAt = sim.now
      this.parents.length = 0
      this.minted.length = 0
    }
    const known = this.parents.indexOf(parent)
    if (known >= 0) return this.minted[known] as number
    const copy = this.copies.mint(cause, parent, sim.now, this.process)
    this.parents.push(parent)
    this.minted.push(copy)
    return copy
  }
}
