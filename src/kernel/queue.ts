import { copied } from './copied.ts'
import { copyFields, growInts, growTimes } from './growth.ts'
import { invariant } from './invariant.ts'
import { QueueBottom, sortedMax } from './queue-bottom.ts'
import { QueueRungs } from './queue-rungs.ts'

/**
 * The pending events in order of time, equal times in push order, always.
 *
 * Models: nothing; a ladder queue. The nearest events lie sorted in the bottom, farther ones in the
 * buckets of rungs, of which each divides one bucket of the rung above it, and all later than
 * `topAfter` lie unsorted in the top. When the bottom is empty, the next bucket is sorted into it, or
 * divided by a new rung if it is full. So an event moves a few times, whatever the number of events
 * and the spread of their times. No sequence numbers are needed: each list and each move keeps push
 * order, and an event's place is a function of its time that never decreases, so equal times are
 * always in one list.
 * Source: Tang, Goh, Thng, "Ladder queue: an O(1) priority queue structure for large-scale discrete
 * event simulation", ACM TOMACS 15(3), 2005.
 * Leaves out: removal. The owner of a slot marks it and skips it when it is popped.
 */
export class EventQueue {
  /** How many events are pending. */
  size = 0
  /** The time of the event popped last; 0 before the first pop. */
  time = 0
  private readonly bottom = new QueueBottom()
  private readonly rungs = new QueueRungs()
  private topAfter = Infinity
  private topCount = 0
  private topTimes = new Float64Array(1024)
  private topSlots = new Int32Array(1024)

  /** Adds an event; `time` is finite and not before the last popped time, `slot` a non-negative int32. */
  push(time: number, slot: number): void {
    invariant(time >= this.time && time < Infinity, 'queue-time-not-in-the-past')
    this.size++
    if (time > this.topAfter) {
      this.pushToTop(time, slot)
      return
    }
    if (this.rungs.push(time, slot)) return
    this.bottom.push(time, slot)
    if (this.bottom.end - this.bottom.first > 2 * sortedMax) this.spillBottom()
  }

  /** Removes the first event, sets `time` to its time and returns its slot. The queue must not be empty. */
  pop(): number {
    invariant(this.size > 0, 'queue-pop-not-empty')
    if (this.bottom.first === this.bottom.end) this.refill()
    return this.take()
  }

  /** The same right after nextTime() has given a time that is not Infinity: nothing is looked up twice. */
  take(): number {
    const bottom = this.bottom
    const first = bottom.first
    bottom.first = first + 1
    this.size--
    this.time = bottom.times[first]!
    return bottom.slots[first]!
  }

  /** The time of the first event; Infinity when there is none. */
  nextTime(): number {
    const bottom = this.bottom
    if (bottom.first === bottom.end) {
      if (this.size === 0) return Infinity
      this.refill()
    }
    return bottom.times[bottom.first]!
  }

  /** An independent copy at the same state. */
  [copied](): EventQueue {
    const copy = copyFields(this, new EventQueue())
    copyFields(this.bottom, copy.bottom)
    copyFields(this.rungs, copy.rungs)
    return copy
  }

  private pushToTop(time: number, slot: number): void {
    const count = this.topCount
    if (count === this.topTimes.length) {
      this.topTimes = growTimes(this.topTimes, 2 * count)
      this.topSlots = growInts(this.topSlots, 2 * count)
    }
    this.topTimes[count] = time
    this.topSlots[count] = slot
    this.topCount = count + 1
  }

  // Moves all but the nearest events of an overfull bottom to a new rung or to the top. Events of one
  // time stay together.
  private spillBottom(): void {
    const bottom = this.bottom
    const times = bottom.times
    const slots = bottom.slots
    const end = bottom.end
    const from = bottom.firstAfter(times[bottom.first + (sortedMax >> 1)]!)
    if (from === end) return
    if (this.rungs.count === 0) {
      for (let i = from; i < end; i++) this.pushToTop(times[i]!, slots[i]!)
      this.topAfter = times[from - 1]!
    } else if (!this.rungs.addFrom(times, slots, from, end, times[from]!, this.rungs.nextEdge())) return
    bottom.end = from
  }

  // Fills the empty bottom with the nearest events. The queue must not be empty.
  private refill(): void {
    const rungs = this.rungs
    for (;;) {
      if (rungs.count === 0) {
        if (this.takeTop()) return
      } else if (rungs.takeBucket(this.bottom)) return
    }
  }

  // Sorts the top into the bottom (true) or spreads it over a new first rung (false).
  private takeTop(): boolean {
    const count = this.topCount
    invariant(count > 0, 'queue-top-not-empty')
    const times = this.topTimes
    const slots = this.topSlots
    this.topCount = 0
    if (count > sortedMax && this.rungs.addFrom(times, slots, 0, count, Infinity, 0)) {
      this.topAfter = this.rungs.latest
      return false
    }
    this.topAfter = Infinity
    this.bottom.fill(times, slots, 0, count)
    return true
  }
}
