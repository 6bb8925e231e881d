/** A 4-ary heap with the interface of EventQueue: what the ladder queue is compared with. */
export class HeapQueue {
  size = 0
  time = 0
  private times = new Float64Array(1024)
  private sequences = new Int32Array(1024)
  private slots = new Int32Array(1024)
  private nextSequence = 0

  push(time: number, slot: number): void {
    if (this.size === this.times.length) this.grow()
    const times = this.times
    const sequences = this.sequences
    const slots = this.slots
    let hole = this.size++
    while (hole > 0) {
      const parent = (hole - 1) >> 2
      if (times[parent]! <= time) break
      times[hole] = times[parent]!
      sequences[hole] = sequences[parent]!
      slots[hole] = slots[parent]!
      hole = parent
    }
    times[hole] = time
    // Compared by the sign of the wrapped difference, a sequence survives passing 2^31.
    sequences[hole] = this.nextSequence
    slots[hole] = slot
    this.nextSequence = (this.nextSequence + 1) | 0
  }

  pop(): number {
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
        const isLess = times[child]! < times[best]!
          || (times[child] === times[best] && ((sequences[child]! - sequences[best]!) | 0) < 0)
        if (isLess) best = child
      }
      const isPlace = time < times[best]!
        || (time === times[best] && ((sequence - sequences[best]!) | 0) < 0)
      if (isPlace) break
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

  nextTime(): number {
    return this.size === 0 ? Infinity : this.times[0]!
  }

  private grow(): void {
    const length = 2 * this.times.length
    const times = new Float64Array(length)
    const sequences = new Int32Array(length)
    const slots = new Int32Array(length)
    times.set(this.times)
    sequences.set(this.sequences)
    slots.set(this.slots)
    this.times = times
    this.sequences = sequences
    this.slots = slots
  }
}
