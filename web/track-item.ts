/** One entry of the fault track: its block, its name, and the handles by which mouse and keyboard move it. */
import { drawSign } from './icons.ts'
import { make, nameObject, set, text } from './svg.ts'
import { texts } from './texts.ts'

/** Where an entry stands, seconds. */
export interface Span {
  readonly at: number
  /** null where the platform ends it or it is an instant. */
  readonly lasts: number | null
}

export interface Entry extends Span {
  /** Names the entry while the track is drawn again. */
  readonly key: string
  /** The whole entry as written. */
  readonly name: string
  /** What stands on the track where there is room. */
  readonly label: string
  readonly kind: 'fault' | 'change'
  readonly mayLast: boolean
}

/** What the reader does to an entry; the track decides what becomes of it. */
export interface Hands {
  nudge(entry: Entry, by: { readonly at?: number; readonly lasts?: number }): void
  drag(entry: Entry, part: 'at' | 'lasts', event: PointerEvent): void
  settle(): void
  cancel(): void
  remove(entry: Entry): void
  open(entry: Entry): void
}

/** Pixels for the track's own geometry. */
export interface Place {
  readonly x: (seconds: number) => number
  readonly top: number
  readonly width: number
  /** Pixels to the next entry. */
  readonly room: number
}

export class TrackItem {
  private readonly place: Place
  private readonly entry: Entry
  private readonly group: SVGElement
  private readonly block: SVGElement
  private readonly handle: SVGElement | null = null
  /** Above the handles, so that it can be read. */
  private readonly label: SVGElement | null = null

  constructor(svg: Element, entry: Entry, place: Place, hands: Hands) {
    this.entry = entry
    this.place = place
    this.group = make(svg, 'g', { tabindex: 0, role: 'button', class: `object entry ${entry.kind}`, 'data-key': entry.key, 'aria-describedby': 'track-keys' })
    nameObject(this.group, entry.name)
    const { top } = place
    this.block = make(this.group, 'rect', { x: 0, y: top + 1, width: 2, height: 20, class: 'lasting' })
    make(this.group, 'rect', { x: 0, y: top + 1, width: 2, height: 20, class: 'struck' })
    if (entry.kind === 'fault') drawSign(this.group, 6, top + 7, 9, 'bad sign')('cross')
    else make(this.group, 'path', { d: `M10 ${top + 6}L15 ${top + 11}L10 ${top + 16}L5 ${top + 11}Z`, class: 'turned' })
    const wide = entry.label.length * 6.6 + 26
    const isNearEnd = place.x(entry.at) > place.width - wide - 4
    make(this.group, 'rect', { x: isNearEnd ? -wide : -3, y: top, width: Math.min(wide, Math.max(20, place.room)), height: 22, class: 'hit' })
    this.group.addEventListener('pointerdown', (event) => hands.drag(entry, 'at', event as PointerEvent))
    this.group.addEventListener('keydown', (event) => this.key(event as KeyboardEvent, 'at', hands))
    this.group.addEventListener('blur', () => hands.settle())
    if (entry.mayLast) this.handle = this.makeHandle(svg, hands)
    // Where the next entry is too close its sign alone tells; the name is in the title and in the list.
    if (place.room > wide || isNearEnd) {
      const look = `${entry.kind === 'fault' ? 'bad' : ''} st halo label`
      this.label = text(svg, isNearEnd ? -5 : 20, top + 15, entry.label, { class: look, anchor: isNearEnd ? 'end' : 'start' })
      this.label.setAttribute('aria-hidden', 'true')
    }
    this.show(entry)
  }

  /** Draws it elsewhere, as it will be once that is settled. */
  show({ at, lasts }: Span): void {
    const { x, top } = this.place
    const width = Math.max(2, x(lasts ?? 0))
    set(this.group, 'transform', `translate(${x(at).toFixed(1)} 0)`)
    set(this.block, 'width', width)
    if (this.label !== null) set(this.label, 'transform', `translate(${x(at).toFixed(1)} 0)`)
    if (this.handle === null) return
    set(this.handle, 'transform', `translate(${(x(at) + width).toFixed(1)} ${top})`)
    set(this.handle, 'aria-valuenow', Math.round((lasts ?? 0) * 10) / 10)
    set(this.handle, 'aria-valuetext', lasts === null ? texts.byPlatform : `${lasts.toFixed(1)} s`)
  }

  private makeHandle(svg: Element, hands: Hands): SVGElement {
    const { entry } = this
    const handle = make(svg, 'g', {
      tabindex: 0, role: 'slider', class: 'length', 'data-key': `${entry.key}/length`, 'aria-label': texts.lengthOf(entry.label),
      'aria-valuemin': 0, 'aria-valuemax': 3600, 'aria-valuenow': 0,
    })
    make(handle, 'rect', { x: -4, y: 0, width: 9, height: 22, class: 'hit' })
    make(handle, 'path', { d: 'M0 6V16', class: 'grab' })
    handle.addEventListener('pointerdown', (event) => hands.drag(entry, 'lasts', event as PointerEvent))
    handle.addEventListener('keydown', (event) => this.key(event as KeyboardEvent, 'lasts', hands))
    handle.addEventListener('blur', () => hands.settle())
    return handle
  }

  private key(event: KeyboardEvent, part: 'at' | 'lasts', hands: Hands): void {
    const size = event.shiftKey ? 1 : 0.1
    const { entry } = this
    const acts: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => hands.nudge(entry, { [part]: -size }), ArrowRight: () => hands.nudge(entry, { [part]: size }),
      ArrowDown: () => hands.nudge(entry, { lasts: -size }), ArrowUp: () => hands.nudge(entry, { lasts: size }),
      Delete: () => hands.remove(entry), Backspace: () => hands.remove(entry),
      Enter: () => hands.open(entry), ' ': () => hands.open(entry), Escape: () => hands.cancel(),
    }
    const act = acts[event.key]
    if (act === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    event.stopPropagation()
    act()
  }
}
