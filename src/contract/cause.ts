/** Causes: why a record was lost, repeated, reordered or late; and the table of copies that mechanisms mint. */
import { invariant, type Process } from '../kernel/index.ts'

/** A reason that a mechanism states, e.g. "kafka.leader-changed-truncation". */
export interface CauseCode {
  readonly code: string
  /** What happened, in a sentence for people. */
  readonly text: string
  /** The document that describes the mechanism, e.g. "Kafka 4.2 documentation, acks". */
  readonly source: string
  readonly id: number
}

/** Room for every index of a lane; 2 to the power of 40. */
const LANE_STEP = 1_099_511_627_776
/** Far more than are under way at once: what was sent is answered within seconds. */
const UNORDERED_MAX = 4096

const codes: CauseCode[] = []

/** Declares a cause; unique in the program. */
export function causeCode(code: string, text: string, source: string): CauseCode {
  invariant(!codes.some((known) => known.code === code), 'contract.cause-twice', code)
  const cause = Object.freeze({ code, text, source, id: codes.length })
  codes.push(cause)
  return cause
}

/** The cause of this id (ids are for memory only: reports carry the code). */
export function causeOf(id: number): CauseCode {
  return codes[id] as CauseCode
}

/** The cause of this code, or undefined. */
export function findCause(code: string): CauseCode | undefined {
  return codes.find((cause) => cause.code === code)
}

/**
 * Copy ids: 0 is the original of every record; each retry, replay or redelivery mints one per restart or retry
 * and parent. Ids rise in order of creation. Plant state: the ids travel in slices and in the digest.
 */
export class Copies {
  private readonly causes: number[] = [-1]
  private readonly parents: number[] = [-1]
  private readonly times: number[] = [0]
  private readonly writers: number[] = [-1]
  private readonly incarnations: number[] = [0]
  /** By record (lane and index in one number): sent without an order among them, and why; the latest only. */
  private readonly unordered = new Map<number, CauseCode>()

  /** A new copy id for what `writer` emits again at `at` because of `cause`, made from copies `parent`. */
  mint(cause: CauseCode, parent: number, at: number, writer: Process): number {
    invariant(parent >= 0 && parent < this.causes.length, 'contract.copy-parent', String(parent))
    this.causes.push(cause.id)
    this.parents.push(parent)
    this.times.push(at)
    this.writers.push(writer.id)
    this.incarnations.push(writer.incarnation)
    return this.causes.length - 1
  }

  /** This record was sent together with a later one of its key, which may overtake it; remembered for a while. */
  sentUnordered(cause: CauseCode, lane: number, index: number): void {
    this.unordered.set(lane * LANE_STEP + index, cause)
    if (this.unordered.size <= UNORDERED_MAX) return
    for (const oldest of this.unordered.keys()) {
      this.unordered.delete(oldest)
      return
    }
  }

  /** Why a record may have been overtaken; undefined when nobody has said. */
  unorderedBy(lane: number, index: number): CauseCode | undefined {
    return this.unordered.get(lane * LANE_STEP + index)
  }

  /** The cause of a copy; undefined for the original. */
  causeOf(copy: number): CauseCode | undefined {
    return codes[this.causes[copy] as number]
  }

  /**
   * Why there are two copies: the cause of the link at which the history of `newer` leaves that of `older`.
   * Undefined when `newer` is itself in the history of `older`, which no mechanism makes.
   */
  partingCause(newer: number, older: number): CauseCode | undefined {
    let at = newer
    while (at > 0) {
      const parent = this.parents[at] as number
      if (this.isInHistory(parent, older)) return this.causeOf(at)
      at = parent
    }
    return undefined
  }

  /** True when `ancestor` is `copy` or one of those it was made from; parents are older, so ids only fall. */
  private isInHistory(ancestor: number, copy: number): boolean {
    let at = copy
    while (at > ancestor) at = this.parents[at] as number
    return at === ancestor
  }

  parentOf(copy: number): number {
    return this.parents[copy] as number
  }

  madeAt(copy: number): number {
    return this.times[copy] as number
  }

  /** Id of the process that made it. */
  writerOf(copy: number): number {
    return this.writers[copy] as number
  }

  get size(): number {
    return this.causes.length
  }
}
