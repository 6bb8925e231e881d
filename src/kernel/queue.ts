import { invariant } from './invariant.ts'

/**
 * The pending events in order of time, equal times in push order, always.
 * A 4-ary heap in typed arrays; ties are broken by 32-bit sequence numbers.
 */
export class EventQueue {
  size = 0
  /** The time of the event popped last; 0 before the first pop. */
  time = 0
  private times = new Float64Array(1024)
  private sequences = new Int32Array(1024)
  private slots = new Int32Array(1024)
  private nextSequence = 0

  /** Adds an event; `time` must not be NaN or before the last popped time, `slot` a non-negative int32. */
  push(time: number, slot: number): void {
    invariant(time >= this.time && time < Infinity, 'queue-time-not-in-the-past')
    if (this.size === this.times.length) this.grow()
    const times = this.times
    const sequences = this.sequences
    const slots = this.slots
    let hole = this.size++
    // A new event never goes before an equal one, so `<=` needs no look at the sequence.
    while (hole > 0) {
      const parent = (hole - 1) >> 2
      if (times[parent]! <= time) break
      times[hole] = times[parent]!
      sequences[hole] = sequences[parent]!
      slots[hole] = slots[parent]!
      hole = parent
    }
    times[hole] = time
    sequences[hole] = this.nextSequence
    slots[hole] = slot
    this.nextSequence = (this.nextSequence + 1) | 0
  }

  /** Removes the first event, sets `time` to its time and returns its slot. The queue must not be empty. */
  pop(): number {
    invariant(this.size > 0, 'queue-pop-not-empty')
    const times = this.times
    const sequences = this.sequences
    const slots = this.slots
    const slot = slots[0]!
    this.time = times[0]!
    const last = --this.size
    const time = times[last]!
    const sequence = sequences[last]!
    let hole = 0
    for (;;) {
      const first = 4 * hole + 1
      if (first >= last) break
      const end = first + 4 < last ? first + 4 : last
      let best = first
      for (let child = first + 1; child < end; child++) {
        const less = times[child]! < times[best]!
          || (times[child] === times[best] && ((sequences[child]! - sequences[best]!) | 0) < 0)
        if (less) best = child
      }
      const stop = time < times[best]!
        || (time === times[best] && ((sequence - sequences[best]!) | 0) < 0)
      if (stop) break
      times[hole] = times[best]!
      sequences[hole] = sequences[best]!
      slots[hole] = slots[best]!
      hole = best
    }
    times[hole] = time
    sequences[hole] = sequence
    slots[hole] = slots[last]!
    return slot
  }

  /** The time of the first event; Infinity when there is none. */
  nextTime(): number {
    return this.size === 0 ? Infinity : this.times[0]!
  }

  private grow(): void {
    const capacity = 2 * this.times.length
    const times = new Float64Array(capacity)
    const sequences = new Int32Array(capacity)
    const slots = new Int32Array(capacity)
    times.set(this.times)
    sequences.set(this.sequences)
    slots.set(this.slots)
    this.times = times
    this.sequences = sequences
    this.slots = slots
  }
}
