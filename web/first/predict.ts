/** The pause before the effect: the run stops where a fault acts, and a class may say what will happen. */
import { faultName, faultTimes } from '../faults.ts'
import { frameSeconds } from '../player.ts'
import type { Store } from '../store.ts'
import { texts } from '../texts.ts'
import type { Outcome } from './outcome.ts'

/** What may become of a column; of these, exactly one comes true. */
export const ends = ['loses', 'repeats', 'waits', 'nothing'] as const
export type End = (typeof ends)[number]

/** Which end came true. */
export function endOf({ lost, repeated, silent, recovered }: Outcome): End {
  if (lost > 0) return 'loses'
  if (repeated > 0) return 'repeats'
  return silent > 0 || recovered !== 0 ? 'waits' : 'nothing'
}

/** A fault that was struck so long ago, or less, is one that nobody was asked about; simulated seconds. */
const lateSeconds = 1

export class Prediction {
  /** The fault that is about to act, in words; '' while none is. */
  fault = ''
  /** The choices are shown. */
  isOpen = false
  /** What was chosen, by column. */
  guesses: readonly (End | null)[] = []
  private readonly store: Store
  private readonly asked = new Set<string>()
  private last = Number.NaN
  private isAmended = false

  constructor(store: Store) {
    this.store = store
  }

  /** Watches the playhead until the answer is called. */
  watch(): () => void {
    const stops = [
      this.store.onPaint((playhead) => this.cross(playhead)),
      this.store.on('open', () => this.forget()),
      this.store.on('spec', () => {
        this.isAmended = true
      }),
      this.store.on('player', () => {
        if (this.store.play.playing) this.reveal()
      }),
    ]
    return () => {
      for (const stop of stops) stop()
    }
  }

  /** Shows the choices, or hides them again. */
  choices(): void {
    if (this.fault === '') return
    this.isOpen = !this.isOpen
    this.store.emit('guide')
  }

  /** Marks what the class expects of a column; the same again takes it back. */
  guess(column: number, end: End): void {
    if (this.fault === '' || column >= this.store.columns.length) return
    this.isOpen = true
    this.guesses = this.store.columns.map((_, i) => (i !== column ? this.guesses[i] ?? null : this.guesses[i] === end ? null : end))
    this.store.emit('guide')
  }

  private forget(): void {
    this.asked.clear()
    this.last = Number.NaN
    this.fault = ''
    this.guesses = []
    this.store.emit('guide')
  }

  private reveal(): void {
    if (this.fault === '') return
    this.fault = ''
    this.isOpen = false
    this.store.emit('guide')
  }

  private cross(playhead: number): void {
    // A strike is put in force a little later, and the playhead may have moved on meanwhile.
    const from = this.isAmended || playhead < this.last ? playhead - lateSeconds : this.last
    this.isAmended = false
    this.last = playhead
    if (!this.store.play.playing || !(playhead > from)) return
    const due = this.store.spec.faults.find((text) => {
      const { at } = faultTimes(text)
      return at !== null && at > from - 1e-9 && at <= playhead && !this.asked.has(text)
    })
    if (due === undefined) return
    this.asked.add(due)
    this.store.pause()
    // The frame before the fault: nothing of its effect is seen yet.
    this.store.seek((faultTimes(due).at ?? playhead) - frameSeconds)
    this.fault = this.store.isHidden(due) ? texts.hiddenFault : faultName(due)
    this.guesses = []
    this.store.emit('guide')
  }
}
