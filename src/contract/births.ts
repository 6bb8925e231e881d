/**
 * Births: when each record comes into the world, with its key and flags; a pure function of workload, seed and
 * workload faults, drawn per source in birth order with a fixed number of draws a record, from streams that no
 * plant shares. Nothing in a plant delays a birth. (design: births)
 */
import { Alias, Digest, exponentialFixed, hashText, invariant, shared, sin, Stream, streamSeed, zipfWeights } from '../kernel/index.ts'
import type { Fault } from './fault.ts'
import type { Workload } from './scenario.ts'

/** Flags drawn at birth; what an operator branches on is known here and nowhere drawn again. */
export const MALFORMED = 1
export const HOT = 2
export const LATE = 4

const CHUNK = 4096
const SECOND = 1e9
/** A changing rate is constant inside steps of this length. */
const RATE_STEP = 10e6

/** Columns of 4096 consecutive births of one lane. */
class BirthChunk {
  readonly times = new Float64Array(CHUNK)
  readonly keys = new Int32Array(CHUNK)
  readonly flags = new Uint8Array(CHUNK)
  full = false

  /** A full chunk never changes again, so keyframes share it. */
  get [shared](): boolean {
    return this.full
  }
}

/** Rate multipliers and marks inflicted on the workload itself; the same for every column. */
export class Births {
  /** Number of lanes; a lane is a source, a record's name is `source:n`. */
  readonly lanes: number
  readonly recordBytes: number
  readonly keyCount: number
  private readonly workload: Workload
  private readonly until: number
  private readonly streams: Stream[] = []
  /** One a lane: which lane's births are taken first must not show. */
  private readonly digests: Digest[] = []
  private readonly alias: Alias | null
  private readonly chunks: (BirthChunk | null)[][] = []
  private readonly counts: number[] = []
  private readonly lastAt: number[] = []
  private readonly unitGaps: number[] = []
  private readonly nextTimes: number[] = []
  private faults: readonly Fault[] = []
  private readonly isEven: boolean
  /** Records per second of one lane where the workload's shape never changes it, else NaN. */
  private readonly steadyRate: number

  /** Births run from 0 up to but excluding `until` nanoseconds. */
  constructor(workload: Workload, seed: string, faults: readonly Fault[], until: number) {
    this.workload = workload
    this.until = until
    this.lanes = workload.sources
    this.recordBytes = workload.recordBytes
    this.keyCount = workload.keys.count
    this.alias = workload.keys.distribution === 'zipf' ? new Alias(zipfWeights(this.keyCount, workload.keys.exponent)) : null
    this.faults = faults
    const { kind } = workload.shape
    this.isEven = kind === 'constant'
    this.steadyRate = kind === 'constant' || kind === 'poisson' ? workload.ratePerSecond / this.lanes : NaN
    for (let lane = 0; lane < this.lanes; lane++) {
      const stream = new Stream(streamSeed(seed, `births/source-${lane + 1}`))
      this.streams.push(stream)
      this.digests.push(new Digest())
      this.chunks.push([])
      this.counts.push(0)
      this.lastAt.push(0)
      // Evenly spaced sources start apart, else all would speak at once.
      this.unitGaps.push(this.isEven ? (lane + 1) / this.lanes : exponentialFixed(stream))
      this.nextTimes.push(0)
      this.nextTimes[lane] = this.nextAfter(lane)
    }
  }

  /** When the lane's next record is born; Infinity when there will be none. */
  nextAt(lane: number): number {
    return this.nextTimes[lane] as number
  }

  /** How many records of the lane are born. */
  born(lane: number): number {
    return this.counts[lane] as number
  }

  /** Brings the lane's next record into the world; returns its index. */
  take(lane: number): number {
    const index = this.counts[lane] as number
    const at = this.nextTimes[lane] as number
    invariant(at < this.until, 'contract.birth-after-end')
    const stream = this.streams[lane] as Stream
    // The same draws for every record of a workload: key, heat, malformed, lateness, and the gap to the next.
    let key = this.alias === null ? stream.below(this.keyCount) : this.alias.draw(stream)
    const heat = stream.uniform()
    let flags = stream.uniform() * 1e6 < this.workload.malformedPerMillion ? MALFORMED : 0
    const lateness = stream.uniform()
    if (heat * 100 < (this.workload.keys.hotKeyPercent ?? 0)) {
      key = 0
      flags |= HOT
    }
    for (let i = 0; i < this.faults.length; i++) {
      const fault = this.faults[i] as Fault
      const start = fault.at ?? Infinity
      if (at < start || !concerns(fault, lane)) continue
      if (fault.kind === 'hot-key' && at < start + (fault.duration ?? Infinity) && heat * 100 < (fault.percent ?? 0)) {
        key = fault.key ?? 0
        flags |= HOT
      } else if (fault.kind === 'late-burst' && at < start + (fault.duration ?? SECOND) && lateness * 100 < (fault.percent ?? 0)) {
        flags |= LATE
      } else if (fault.kind === 'poison' && this.isFirstAfter(lane, index, start, fault.count ?? 1)) {
        flags |= MALFORMED
      }
    }
    let column = this.chunks[lane]?.[index >> 12]
    if (column === undefined || column === null) {
      column = new BirthChunk()
      ;(this.chunks[lane] as (BirthChunk | null)[]).push(column)
    }
    const slot = index & (CHUNK - 1)
    column.times[slot] = at
    column.keys[slot] = key
    column.flags[slot] = flags
    if (slot === CHUNK - 1) column.full = true
    this.counts[lane] = index + 1
    this.lastAt[lane] = at
    this.unitGaps[lane] = this.isEven ? 1 : exponentialFixed(stream)
    this.nextTimes[lane] = this.nextAfter(lane)
    const digest = this.digests[lane] as Digest
    digest.mixTime(at)
    digest.mix(Math.imul(key, 0x9e3779b1) ^ flags)
    return index
  }

  /** Brings all of the lane's records into the world that are due at `now` or before. */
  reach(lane: number, now: number): void {
    while ((this.nextTimes[lane] as number) <= now) this.take(lane)
  }

  /** The fingerprint of all births so far. */
  digestText(): string {
    const all = new Digest()
    for (const digest of this.digests) all.mix(hashText(digest.text()))
    return all.text()
  }

  /** Records per second that the lane brings at a moment. */
  rateOf(lane: number, at: number): number {
    return (this.rateAt(at) / this.lanes) * this.spikeAt(at, lane)
  }

  /** Birth time in nanoseconds; an invariant once forgotten. */
  timeOf(lane: number, index: number): number {
    return (this.chunk(lane, index).times[index & (CHUNK - 1)]) as number
  }

  /** Number of the key, 0 the most frequent one. */
  keyOf(lane: number, index: number): number {
    return (this.chunk(lane, index).keys[index & (CHUNK - 1)]) as number
  }

  flagsOf(lane: number, index: number): number {
    return (this.chunk(lane, index).flags[index & (CHUNK - 1)]) as number
  }

  /** The key as its producer sends it: text whose bytes a partitioner hashes. */
  keyText(key: number): string {
    return `card-${key}`
  }

  /** Drops what lies below an index that nothing will ask for again. */
  forget(lane: number, below: number): void {
    const chunks = this.chunks[lane] as (BirthChunk | null)[]
    for (let i = (below >> 12) - 1; i >= 0 && chunks[i] !== null; i--) chunks[i] = null
  }

  /** Replaces the workload faults from now on; births that already were stay as they are. */
  setFaults(faults: readonly Fault[]): void {
    this.faults = faults
    for (let lane = 0; lane < this.lanes; lane++) this.nextTimes[lane] = this.nextAfter(lane)
  }

  private chunk(lane: number, index: number): BirthChunk {
    const chunk = (this.chunks[lane] as (BirthChunk | null)[])[index >> 12]
    if (chunk === undefined || chunk === null) invariant(false, 'contract.birth-forgotten', `${lane}:${index}`)
    return chunk
  }

  /** True for the first `count` records of a lane born at or after `start`. */
  private isFirstAfter(lane: number, index: number, start: number, count: number): boolean {
    return index < count || this.timeOf(lane, index - count) < start
  }

  /** The birth after the lane's last one: its unit gap spent along the rate. */
  private nextAfter(lane: number): number {
    let left = this.unitGaps[lane] as number
    let at = this.lastAt[lane] as number
    if (this.steadyRate > 0 && this.faults.length === 0 && at < this.until) {
      // What the loop below comes to when there is no edge.
      const born = Math.round(at + (left / this.steadyRate) * SECOND)
      return born < this.until ? born : Infinity
    }
    for (;;) {
      const rate = this.rateOf(lane, at)
      const edge = this.nextEdge(at)
      if (at >= this.until) return Infinity
      const need = rate > 0 ? (left / rate) * SECOND : Infinity
      if (at + need <= edge) {
        const born = Math.round(at + need)
        return born < this.until ? born : Infinity
      }
      left -= ((edge - at) / SECOND) * rate
      at = edge
    }
  }

  /** Records per second of all sources by the workload's shape alone. */
  private rateAt(at: number): number {
    const shape = this.workload.shape
    const rate = this.workload.ratePerSecond
    switch (shape.kind) {
      case 'poisson':
      case 'constant':
        return rate
      case 'step':
        return at < shape.atNanos ? rate : rate * shape.factor
      case 'spike':
        return at >= shape.atNanos && at < shape.atNanos + shape.forNanos ? rate * shape.factor : rate
      case 'diurnal':
        return rate * (1 + shape.amplitude * sin((2 * Math.PI * this.step(at)) / shape.periodNanos))
      case 'on-off':
        return at % (shape.onNanos + shape.offNanos) < shape.onNanos ? rate : 0
      case 'trace': {
        const i = Math.min(shape.perSecond.length - 1, Math.floor(at / SECOND))
        return shape.perSecond[i] as number
      }
    }
  }

  private step(at: number): number {
    return Math.floor(at / RATE_STEP) * RATE_STEP
  }

  private spikeAt(at: number, lane: number): number {
    let factor = 1
    for (const fault of this.faults) {
      const start = fault.at ?? Infinity
      if (fault.kind === 'spike' && concerns(fault, lane) && at >= start && at < start + (fault.duration ?? Infinity)) factor *= fault.factor ?? 1
    }
    return factor
  }

  /** The next moment at which the rate may change; Infinity when it never does. */
  private nextEdge(at: number): number {
    const shape = this.workload.shape
    let edge = Infinity
    if (shape.kind !== 'poisson' && shape.kind !== 'constant') edge = this.step(at) + RATE_STEP
    for (const fault of this.faults) {
      if (fault.kind !== 'spike' || fault.at === undefined) continue
      if (fault.at > at) edge = Math.min(edge, fault.at)
      const end = fault.at + (fault.duration ?? Infinity)
      if (end > at) edge = Math.min(edge, end)
    }
    return edge
  }
}

/** Workload faults strike every source unless one is named; poison strikes the first one then. */
function concerns(fault: Fault, lane: number): boolean {
  if (fault.target === null || fault.target === 'source') return fault.kind !== 'poison' || lane === 0
  return fault.target === `source-${lane + 1}`
}
