/** Frames of one column in a bounded ring, ten a simulated second; the oldest make room. */

export interface RingOptions {
  /** Channels of one frame. */
  readonly width: number
  /** Most frames kept. */
  readonly rowsMax: number
  /** Slot of the `time` channel. */
  readonly timeSlot: number
}

export class Ring {
  readonly width: number
  private readonly rowsMax: number
  private readonly timeSlot: number
  private readonly rows: Float64Array[] = []
  private first = 0
  private count = 0

  constructor(options: RingOptions) {
    this.width = options.width
    this.rowsMax = options.rowsMax
    this.timeSlot = options.timeSlot
  }

  get length(): number {
    return this.count
  }

  /** Frame `i` from the oldest kept one. */
  row(i: number): Float64Array {
    return this.rows[(this.first + i) % this.rowsMax]!
  }

  /** Time of frame `i` in seconds; NaN outside. */
  timeOf(i: number): number {
    return i >= 0 && i < this.count ? this.row(i)[this.timeSlot]! : Number.NaN
  }

  get oldest(): number {
    return this.timeOf(0)
  }

  get newest(): number {
    return this.timeOf(this.count - 1)
  }

  /** Appends rows; a row that is not later than what is kept replaces it and all after it. */
  append(frames: Float64Array, rows: number): void {
    for (let r = 0; r < rows; r++) {
      const row = frames.subarray(r * this.width, (r + 1) * this.width)
      const time = row[this.timeSlot]!
      if (this.count > 0 && time <= this.newest + 1e-9) this.discardFrom(time - 1e-9)
      if (this.count < this.rowsMax) {
        this.rows[(this.first + this.count) % this.rowsMax] = row
        this.count++
      } else {
        this.rows[this.first] = row
        this.first = (this.first + 1) % this.rowsMax
      }
    }
  }

  /** Drops every frame later than `time`. */
  discardFrom(time: number): void {
    while (this.count > 0 && this.newest > time) this.count--
  }

  clear(): void {
    this.first = 0
    this.count = 0
  }

  /** Index of the last frame at or before `time`, -1 if there is none. */
  indexAt(time: number): number {
    let low = 0
    let high = this.count
    while (low < high) {
      const mid = (low + high) >> 1
      if (this.timeOf(mid) <= time + 1e-9) low = mid + 1
      else high = mid
    }
    return low - 1
  }
}
