/** A chip: one process with its name, its state as fill and sign, and the ring of a running restart. */
import { drawSign, type Sign } from '../icons.ts'
import { seconds } from '../format.ts'
import { states, texts } from '../texts.ts'
import type { ObjectKind } from '../texts/objects.ts'
import { box, make, nameObject, object, set, show, text, write } from '../svg.ts'

export interface ChipPlace {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  /** Inner margin at the left and right. */
  readonly inset: number
  /** Baseline of the first line, from the chip's top. */
  readonly baseline: number
}

export interface ChipState {
  /** 0 dead, 1 up, 2 paused, 3 restarting, 4 fenced, 5 slow; NaN unknown. */
  readonly state: number
  /** Seconds until it is back, NaN when unknown or not due. */
  readonly restartIn: number
  readonly incarnation: number
  /** Seconds until it is given up by who watches it, NaN when unknown. */
  readonly sessionIn: number
  /** That time-out as a whole. */
  readonly sessionFor: number
  readonly right: string
  readonly detail: string
}

/** A healthy node is heard of long before this share of its time-out is left. */
const uneasyShare = 0.72
/** Width of a letter of the figure, stage units. */
const letterWidth = 5.8

const signs: readonly Sign[] = ['cross', 'tick', 'pause', 'forward', 'cross', 'slow']

export class Chip {
  readonly group: SVGElement
  private readonly name: string
  private readonly frame: SVGElement
  private readonly sign: (sign: Sign) => void
  private readonly right: SVGElement
  private readonly detail: SVGElement
  private readonly ring: SVGElement
  private readonly ringBack: SVGElement
  private readonly words: SVGElement
  private readonly short: string
  private readonly tight: string
  private readonly nameFits: boolean
  private readonly ringFits: boolean
  private readonly fuse: SVGElement
  private readonly fuseWidth: number
  /** Room for the figure at the right, in letters. */
  private readonly letters: number
  private longest = 0

  constructor(parent: Element, name: { full: string; short: string; tight: string }, place: ChipPlace, act: () => void, kind: ObjectKind) {
    this.name = name.full
    const { x, y, width, height, inset, baseline } = place
    this.group = object(parent, name.full, act, kind)
    this.frame = box(this.group, x, y, width, height, 'chip')
    this.fuseWidth = width - 4
    this.fuse = make(this.group, 'rect', { x: x + 2, y: y + height - 3, width: 0, height: 2, class: 'fuse' })
    this.sign = drawSign(this.group, x + inset, y + baseline - 9, 10, 'sign')
    this.words = text(this.group, x + inset + 14, y + baseline, name.short, { class: 'st' })
    this.short = name.short
    this.tight = name.tight
    this.right = text(this.group, x + width - inset, y + baseline, '', { class: 'i2', anchor: 'end' })
    this.detail = text(this.group, x + inset + 14, y + baseline + 12, '', { class: 'i2' })
    const ringX = x + width - inset - 46
    // Measured once, when the chip is made: a name that a ring would touch gives way to a shorter one.
    const end = (): number => x + inset + 14 + (this.words as SVGTextElement).getComputedTextLength() + 8
    this.nameFits = end() < ringX
    write(this.words, name.tight)
    this.ringFits = end() < ringX
    write(this.words, name.short)
    this.letters = (x + width - inset - end() + 8) / letterWidth - 0.5
    this.ringBack = make(this.group, 'circle', { cx: ringX, cy: y + baseline - 4, r: 4.5, class: 'ring back' })
    this.ring = make(this.group, 'circle', {
      cx: ringX, cy: y + baseline - 4, r: 4.5, class: 'ring', pathLength: 100,
      transform: `rotate(-90 ${ringX} ${y + baseline - 4})`,
    })
  }

  update(now: ChipState): void {
    const known = Number.isNaN(now.state) ? 1 : now.state
    const word = states[known] ?? ''
    set(this.group, 'class', `object state-${known}`)
    this.sign(signs[known] ?? 'tick')
    const waiting = now.restartIn > 0
    this.longest = waiting ? Math.max(this.longest, now.restartIn) : 0
    show(this.ring, waiting && this.ringFits)
    show(this.ringBack, waiting && this.ringFits)
    write(this.words, waiting && !this.nameFits ? this.tight : this.short)
    if (waiting) set(this.ring, 'stroke-dasharray', `${Math.round(100 * (1 - now.restartIn / this.longest))} 100`)
    const isWatched = now.sessionIn > 0 && (known !== 1 || now.sessionIn < uneasyShare * now.sessionFor)
    show(this.fuse, isWatched)
    if (isWatched) set(this.fuse, 'width', this.fuseWidth * Math.min(1, now.sessionIn / now.sessionFor))
    const right = waiting ? seconds(now.restartIn) : known === 1 ? now.right : word
    // A figure that would touch the name is left out; while a restart is due the name gives way.
    write(this.right, waiting || right.length <= this.letters ? right : '')
    write(this.detail, now.detail)
    const again = now.incarnation > 1 ? `, incarnation ${now.incarnation}` : ''
    const back = waiting ? `, back in ${seconds(now.restartIn)}` : ''
    const session = isWatched ? `, ${texts.givenUpIn(seconds(now.sessionIn))}` : ''
    nameObject(this.group, `${this.name}, ${word}${again}${back}${session}${now.right === '' ? '' : `, ${now.right}`}`)
    set(this.frame, 'class', 'chip')
  }
}
