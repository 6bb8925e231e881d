import { growInts, growTimes } from './growth.ts'

/** Up to this many events are kept sorted; more are first spread over buckets. Measured: 24 to 64 fit. */
export const sortedMax = 48

/** The nearest events of an EventQueue, sorted, in [first, end) of two arrays; equal times in push order. */
export class QueueBottom {
  times = new Float64Array(4 * sortedMax)
  slots = new Int32Array(4 * sortedMax)
  first = 0
  end = 0

  /** Inserts behind all events that are not later, moving those before or those behind the place. */
  push(time: number, slot: number): void {
    const first = this.first
    const end = this.end
    if (first > 0 && first < end && time < this.times[(first + end) >> 1]!) {
      this.pushFromFirst(time, slot)
      return
    }
    if (end === this.times.length) this.makeRoomAtEnd()
    this.pushFromEnd(time, slot)
  }

  private pushFromFirst(time: number, slot: number): void {
    const times = this.times
    const slots = this.slots
    let i = this.first
    this.first = i - 1
    // Ends before the middle, whose time is later.
    for (; times[i]! <= time; i++) {
      times[i - 1] = times[i]!
      slots[i - 1] = slots[i]!
    }
    times[i - 1] = time
    slots[i - 1] = slot
  }

  private pushFromEnd(time: number, slot: number): void {
    const times = this.times
    const slots = this.slots
    const first = this.first
    let i = this.end
    this.end = i + 1
    for (; i > first && times[i - 1]! > time; i--) {
      times[i] = times[i - 1]!
      slots[i] = slots[i - 1]!
    }
    times[i] = time
    slots[i] = slot
  }

  private makeRoomAtEnd(): void {
    const count = this.end - this.first
    if (2 * count > this.times.length) this.grow(2 * this.times.length)
    this.times.copyWithin(0, this.first, this.end)
    this.slots.copyWithin(0, this.first, this.end)
    this.first = 0
    this.end = count
  }

  private grow(length: number): void {
    this.times = growTimes(this.times, length)
    this.slots = growInts(this.slots, length)
  }

  /** The index of the first event that is later than `time`; `end` when there is none. */
  firstAfter(time: number): number {
    let low = this.first
    let high = this.end
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.times[middle]! <= time) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Replaces what is here, nothing any more, by [from, end) of `times` and `slots`, in push order. */
  fill(times: Float64Array, slots: Int32Array, from: number, end: number): void {
    const count = end - from
    if (count > this.times.length) this.grow(2 * count)
    this.first = 0
    this.end = 0
    if (count > sortedMax && !isSorted(times, from, end)) {
      this.fillByOrder(times, slots, from, end)
      return
    }
    for (let i = from; i < end; i++) this.pushFromEnd(times[i]!, slots[i]!)
  }

  // For many events whose times cannot be divided any further, or only in more rungs than there are.
  private fillByOrder(times: Float64Array, slots: Int32Array, from: number, end: number): void {
    const order = new Int32Array(end - from)
    for (let i = 0; i < order.length; i++) order[i] = from + i
    order.sort((a, b) => times[a]! - times[b]! || a - b)
    for (let i = 0; i < order.length; i++) {
      this.times[i] = times[order[i]!]!
      this.slots[i] = slots[order[i]!]!
    }
    this.end = order.length
  }
}

function isSorted(times: Float64Array, from: number, end: number): boolean {
  for (let i = from + 1; i < end; i++) if (times[i - 1]! > times[i]!) return false
  return true
}
