/** What an object is, what it does now, and its real keys: beside it for pointers and keyboards, in its menu for touch. */
import type { Opened } from '../../src/host/api.ts'
import type { Column } from '../column-data.ts'
import { nameOf } from '../svg.ts'
import { objects, type ObjectKind, type ObjectText } from '../texts/objects.ts'
import { texts } from '../texts.ts'

const keysMax = 4

export interface About {
  readonly what: string
  readonly keys: readonly { readonly key: string; readonly value: string; readonly changed: boolean }[]
}

/** The sentence and the keys of a kind that this column has, under its own names. */
export function aboutOf(kind: ObjectKind, knobs: Opened['knobs']): About {
  const text: ObjectText = objects[kind]
  const keys = text.keys.flatMap((end) => knobs.filter((knob) => knob.key === end || knob.key.endsWith(`.${end}`)).slice(0, 1))
  return { what: text.what, keys: keys.slice(0, keysMax).map(({ key, value, changed }) => ({ key, value, changed })) }
}

const apart = 6
/** A pointer must rest so long, milliseconds; the keyboard asks at once. */
const restMillis = 350
const leaveMillis = 150

/** The card of one stage; it follows focus and a resting pointer, and goes by Escape. */
export class AboutCard {
  private readonly card: HTMLElement
  private readonly column: Column
  private shown: Element | null = null
  private timer = 0
  private title: Element | null = null

  constructor(card: HTMLElement, svg: SVGElement, column: Column) {
    this.card = card
    this.column = column
    svg.addEventListener('pointerover', (event) => {
      if (event.pointerType !== 'touch') this.later(objectAt(event.target), restMillis)
    })
    svg.addEventListener('pointerleave', () => this.later(null, leaveMillis))
    svg.addEventListener('focusin', (event) => {
      const group = objectAt(event.target)
      if (group?.matches(':focus-visible') === true) this.show(group)
    })
    svg.addEventListener('focusout', () => this.show(null))
    // The pointer may go over the card itself, to read or to select.
    card.addEventListener('pointerenter', () => clearTimeout(this.timer))
    card.addEventListener('pointerleave', () => this.later(null, leaveMillis))
  }

  /** True when there was a card to take away. */
  dismiss(): boolean {
    const was = this.shown !== null
    this.show(null)
    return was
  }

  /** Says anew what the object does now. */
  update(): void {
    const line = this.card.querySelector('.now')
    if (this.shown !== null && line !== null) line.textContent = saysNow(this.shown)[1]
  }

  private later(group: Element | null, millis: number): void {
    clearTimeout(this.timer)
    if (group === this.shown) return
    this.timer = window.setTimeout(() => this.show(group), this.shown === null ? millis : leaveMillis)
  }

  private show(group: Element | null): void {
    clearTimeout(this.timer)
    if (group === this.shown) return
    this.shown?.removeAttribute('aria-describedby')
    if (this.title !== null) this.shown?.prepend(this.title)
    this.title = null
    const kind = group?.getAttribute('data-kind') ?? ''
    this.shown = group !== null && kind in objects ? group : null
    this.card.togglePopover(this.shown !== null)
    if (this.shown === null) return
    this.fill(this.shown, kind as ObjectKind)
    this.shown.setAttribute('aria-describedby', this.card.id)
    // Under a pointer the browser would put its own note with the same words over the card.
    if (this.shown.matches(':hover')) {
      this.title = this.shown.querySelector('title')
      this.title?.remove()
    }
    this.place(this.shown.getBoundingClientRect())
  }

  private fill(group: Element, kind: ObjectKind): void {
    const { what, keys } = aboutOf(kind, this.column.opened.knobs)
    const [name, now] = saysNow(group)
    const make = (tag: string, words: string, look = ''): HTMLElement => {
      const element = document.createElement(tag)
      element.textContent = words
      if (look !== '') element.className = look
      return element
    }
    const list = document.createElement('dl')
    for (const { key, value, changed } of keys) list.append(make('dt', key), make('dd', value, changed ? 'st' : ''))
    this.card.replaceChildren(make('b', name), make('p', now, 'now'), make('p', what), ...(keys.length > 0 ? [list] : []),
      make('p', group.getAttribute('role') === 'button' ? (kind === 'number' ? texts.cardWhy : texts.cardBreak) : texts.cardOnly, 'i3'))
  }

  /** Below the object, or above it; never over it, always inside the window. */
  private place(at: DOMRect): void {
    const { width, height } = this.card.getBoundingClientRect()
    const below = at.bottom + apart
    const top = below + height <= innerHeight - apart ? below : at.top - apart - height
    this.card.style.left = `${Math.max(apart, Math.min(at.left, innerWidth - width - apart))}px`
    this.card.style.top = `${Math.max(apart, top)}px`
  }
}

function objectAt(target: EventTarget | null): Element | null {
  return target instanceof Element ? target.closest('.object') : null
}

/** Name and state out of an object's own name: "TaskManager 1, up, 4 / 4". */
function saysNow(group: Element): readonly [string, string] {
  const [name = '', ...rest] = nameOf(group).split(', ')
  return [name, rest.join(', ')]
}
