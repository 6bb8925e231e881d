/**
 * The ledger's store for record detail: a few bytes a record in chunks of 4 096, which fold to one mark once
 * every record of the chunk is ordinary: answered ok, processed, readable once in every view as its original.
 */

export const CHUNK_BITS = 12
export const CHUNK = 1 << CHUNK_BITS

/** Answer in the low bits of `answers`. */
export const UNANSWERED = 0
export const OK = 1
export const FAILED = 2
export const UNKNOWN = 3
export const NONE = 4
export const ANSWER_MASK = 7
/** Marks beside the answer. */
export const PROCESSED = 8
export const DEAD_LETTERED = 16
export const IS_LATE = 32
export const FILTERED = 64
/** Marks that settle a record without its being readable. */
export const SIDE = DEAD_LETTERED | IS_LATE | FILTERED

/** State of a record in a view. */
export const UNSEEN = 0
/** Readable, once, as copy 0. */
export const ONCE = 1
/** More to say: see the view's exceptional records. */
export const EXCEPTIONAL = 2
export const LOST = 3
export const REFUSED = 4

/** 4 096 consecutive records of one lane. */
export class Chunk {
  readonly answers = new Uint8Array(CHUNK)
  /** By view. */
  readonly states: Uint8Array[] = []
  /** How many records are answered ok and processed and nothing else. */
  plain = 0
  /** By view: how many are ONCE. */
  readonly once: number[] = []

  constructor(views: number) {
    for (let view = 0; view < views; view++) {
      this.states.push(new Uint8Array(CHUNK))
      this.once.push(0)
    }
  }

  /** A folded chunk again in full: every record ordinary. */
  static unfolded(views: number): Chunk {
    const chunk = new Chunk(views)
    chunk.answers.fill(OK | PROCESSED)
    chunk.plain = CHUNK
    for (let view = 0; view < views; view++) {
      ;(chunk.states[view] as Uint8Array).fill(ONCE)
      chunk.once[view] = CHUNK
    }
    return chunk
  }

  isOrdinary(): boolean {
    if (this.plain !== CHUNK) return false
    for (let view = 0; view < this.once.length; view++) if (this.once[view] !== CHUNK) return false
    return true
  }
}

/** All chunks of one lane; `null` is a folded one. */
export class LaneStore {
  readonly chunks: (Chunk | null)[] = []
  private readonly views: number

  constructor(views: number) {
    this.views = views
  }

  /** The chunk of a record for writing; a folded one is opened again. */
  open(index: number): Chunk {
    const i = index >> CHUNK_BITS
    const known = i < this.chunks.length ? this.chunks[i] : null
    return known === null || known === undefined ? this.reopen(i) : known
  }

  /** Every record of its chunk is ordinary: there is nothing to write. */
  private isFolded(index: number): boolean {
    const i = index >> CHUNK_BITS
    return i < this.chunks.length && this.chunks[i] === null
  }

  private reopen(i: number): Chunk {
    while (this.chunks.length <= i) this.chunks.push(new Chunk(this.views))
    let chunk = this.chunks[i] as Chunk | null
    if (chunk === null) {
      chunk = Chunk.unfolded(this.views)
      this.chunks[i] = chunk
    }
    return chunk
  }

  answer(index: number): number {
    const chunk = this.chunks[index >> CHUNK_BITS]
    if (chunk === null) return OK | PROCESSED
    return chunk === undefined ? UNANSWERED : (chunk.answers[index & (CHUNK - 1)] as number)
  }

  state(view: number, index: number): number {
    const chunk = this.chunks[index >> CHUNK_BITS]
    if (chunk === null) return ONCE
    return chunk === undefined ? UNSEEN : ((chunk.states[view] as Uint8Array)[index & (CHUNK - 1)] as number)
  }

  setState(view: number, index: number, state: number): void {
    const chunk = this.open(index)
    const states = chunk.states[view] as Uint8Array
    const slot = index & (CHUNK - 1)
    if (states[slot] === ONCE) chunk.once[view] = (chunk.once[view] as number) - 1
    if (state === ONCE) chunk.once[view] = (chunk.once[view] as number) + 1
    states[slot] = state
    if (state === ONCE && chunk.once[view] === CHUNK && chunk.isOrdinary()) this.chunks[index >> CHUNK_BITS] = null
  }

  /**
   * The usual case of a first effect in one look: an unseen record that no side took becomes ONCE. False, with
   * nothing done, for any other record.
   */
  showOnce(view: number, index: number): boolean {
    const at = index >> CHUNK_BITS
    if (at >= this.chunks.length) return false
    const chunk = this.chunks[at] as Chunk | null
    if (chunk === null) return false
    const states = chunk.states[view] as Uint8Array
    const slot = index & (CHUNK - 1)
    if (states[slot] !== UNSEEN || ((chunk.answers[slot] as number) & SIDE) !== 0) return false
    states[slot] = ONCE
    const once = (chunk.once[view] as number) + 1
    chunk.once[view] = once
    if (once === CHUNK && chunk.isOrdinary()) this.chunks[at] = null
    return true
  }

  /** The usual answer in one look: to a record that had none. False, with nothing done, for any other record. */
  answerFirst(index: number, answer: number): boolean {
    if (this.isFolded(index)) return false
    const chunk = this.open(index)
    const before = chunk.answers[index & (CHUNK - 1)] as number
    if ((before & ANSWER_MASK) !== UNANSWERED) return false
    this.put(chunk, index, before, before | answer)
    return true
  }

  /** Replaces the answer, keeps the marks. */
  setAnswer(index: number, answer: number): void {
    this.write(index, (this.answer(index) & ~ANSWER_MASK) | answer)
  }

  /** Adds marks. */
  mark(index: number, bits: number): void {
    this.write(index, this.answer(index) | bits)
  }

  /** Marks a record as processed; false when it was before. */
  markProcessed(index: number): boolean {
    if (this.isFolded(index)) return false
    const chunk = this.open(index)
    const before = chunk.answers[index & (CHUNK - 1)] as number
    if ((before & PROCESSED) !== 0) return false
    this.put(chunk, index, before, before | PROCESSED)
    return true
  }

  private write(index: number, after: number): void {
    const chunk = this.open(index)
    this.put(chunk, index, chunk.answers[index & (CHUNK - 1)] as number, after)
  }

  private put(chunk: Chunk, index: number, before: number, after: number): void {
    chunk.answers[index & (CHUNK - 1)] = after
    if (before !== (OK | PROCESSED) && after === (OK | PROCESSED)) {
      chunk.plain++
      if (chunk.plain === CHUNK && chunk.isOrdinary()) this.chunks[index >> CHUNK_BITS] = null
    } else if (before === (OK | PROCESSED) && after !== before) chunk.plain--
  }
}
