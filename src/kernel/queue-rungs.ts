import { growInts, growTimes } from './growth.ts'
import { invariant } from './invariant.ts'
import { sortedMax, type QueueBottom } from './queue-bottom.ts'

/** Deeper nesting gains nothing: from there on, buckets of any size are sorted. */
const rungsMax = 10

/**
 * The rungs of an EventQueue: a stack of rows of buckets, each row dividing one bucket of the row
 * above. Bucket b of rung r is a linked list with its newest event first, headed by
 * heads[base[r] + b]; the buckets before next[r] are used up. Node 0 ends a list.
 */
export class QueueRungs {
  /** How many rungs there are. */
  count = 0
  /** The latest time that the rung added last was made of. */
  latest = 0
  private readonly start = new Float64Array(rungsMax)
  /** Buckets per unit of time. */
  private readonly scale = new Float64Array(rungsMax)
  private readonly base = new Int32Array(rungsMax)
  private readonly next = new Int32Array(rungsMax)
  private readonly length = new Int32Array(rungsMax)
  private heads = new Int32Array(1024)
  private nodeTimes = new Float64Array(1024)
  private nodeSlots = new Int32Array(1024)
  private nodeAfter = new Int32Array(1024)
  private nodeFree = 0
  private nodesUsed = 1
  // The list that is being moved, in push order, at the end of these arrays.
  private movedTimes = new Float64Array(1024)
  private movedSlots = new Int32Array(1024)

  /** Puts the event into the highest rung that has not yet come to its time; false when there is none. */
  push(time: number, slot: number): boolean {
    for (let rung = 0; rung < this.count; rung++) {
      const place = (time - this.start[rung]!) * this.scale[rung]!
      if (place >= this.next[rung]!) {
        this.put(rung, place, time, slot)
        return true
      }
    }
    return false
  }

  private put(rung: number, place: number, time: number, slot: number): void {
    // What lies beyond the last bucket, yet before the next one of the rung above, is in the last.
    const length = this.length[rung]!
    const bucket = this.base[rung]! + (place < length ? place | 0 : length - 1)
    let node = this.nodeFree
    if (node !== 0) this.nodeFree = this.nodeAfter[node]!
    else {
      node = this.nodesUsed++
      if (node === this.nodeTimes.length) this.growNodes()
    }
    this.nodeTimes[node] = time
    this.nodeSlots[node] = slot
    this.nodeAfter[node] = this.heads[bucket]!
    this.heads[bucket] = node
  }

  private growNodes(): void {
    const length = 2 * this.nodeTimes.length
    this.nodeTimes = growTimes(this.nodeTimes, length)
    this.nodeSlots = growInts(this.nodeSlots, length)
    this.nodeAfter = growInts(this.nodeAfter, length)
  }

  /** Where the part of the lowest rung that is not yet used up begins. */
  nextEdge(): number {
    const rung = this.count - 1
    return this.start[rung]! + this.next[rung]! / this.scale[rung]!
  }

  /**
   * Adds a lowest rung for the events in [from, end) of the given arrays, which are in push order,
   * that reaches to `stop` at least. It begins at `start`, which is not above their times; Infinity
   * means at the first of them. False, with nothing done, when there are too many rungs, or when the
   * times do not differ and so cannot be divided.
   */
  addFrom(
    times: Float64Array, slots: Int32Array, from: number, end: number, start: number, stop: number,
  ): boolean {
    const rung = this.count
    if (rung === rungsMax) return false
    let first = start
    let last = stop
    this.latest = -Infinity
    for (let i = from; i < end; i++) {
      const time = times[i]!
      if (time < first) first = time
      if (time > this.latest) this.latest = time
    }
    if (this.latest > last) last = this.latest
    const scale = (end - from) / (last - first)
    // Events of one time are worth a rung only where they make way for earlier ones.
    const isOfUse = first < this.latest || start < Infinity
    if (!isOfUse || !(scale < 1e300)) return false
    invariant(start === Infinity || first === start, 'queue-rung-starts-before-its-events')
    this.add(first, scale, end - from + 1)
    for (let i = from; i < end; i++) {
      this.put(rung, (times[i]! - first) * scale, times[i]!, slots[i]!)
    }
    return true
  }

  private add(start: number, scale: number, length: number): void {
    const rung = this.count
    const base = rung === 0 ? 0 : this.base[rung - 1]! + this.length[rung - 1]!
    if (base + length > this.heads.length) this.heads = growInts(this.heads, 2 * (base + length))
    this.heads.fill(0, base, base + length)
    this.start[rung] = start
    this.scale[rung] = scale
    this.base[rung] = base
    this.next[rung] = 0
    this.length[rung] = length
    this.count = rung + 1
  }

  /**
   * Takes the next bucket of the lowest rung: sorts it into the empty bottom (true), or spreads it
   * over a new rung, or finds the rung used up and removes it (false).
   */
  takeBucket(bottom: QueueBottom): boolean {
    const rung = this.count - 1
    invariant(rung >= 0, 'queue-has-rungs')
    const base = this.base[rung]!
    const length = this.length[rung]!
    const heads = this.heads
    let bucket = this.next[rung]!
    while (bucket < length && heads[base + bucket] === 0) bucket++
    if (bucket === length) {
      this.count = rung
      return false
    }
    this.next[rung] = bucket + 1
    const isLast = bucket + 1 === length
    const edge = isLast ? 0 : this.nextEdge()
    // A rung whose last bucket is taken would only be in the way.
    if (isLast) this.count = rung
    const from = this.moveOut(heads[base + bucket]!)
    const end = this.movedTimes.length
    const isFull = end - from > sortedMax
    if (isFull && this.addFrom(this.movedTimes, this.movedSlots, from, end, Infinity, edge)) return false
    bottom.fill(this.movedTimes, this.movedSlots, from, end)
    return true
  }

  // Empties a list into the end of the moved arrays, the newest last; returns where they begin.
  private moveOut(head: number): number {
    let from = this.movedTimes.length
    let last = head
    for (let node = head; node !== 0; node = this.nodeAfter[node]!) {
      if (from === 0) from = this.growMoved()
      from--
      this.movedTimes[from] = this.nodeTimes[node]!
      this.movedSlots[from] = this.nodeSlots[node]!
      last = node
    }
    this.nodeAfter[last] = this.nodeFree
    this.nodeFree = head
    return from
  }

  private growMoved(): number {
    const length = this.movedTimes.length
    const times = new Float64Array(2 * length)
    const slots = new Int32Array(2 * length)
    times.set(this.movedTimes, length)
    slots.set(this.movedSlots, length)
    this.movedTimes = times
    this.movedSlots = slots
    return length
  }
}
