/** The track of faults and changes: every entry of the RunSpec that has a moment, moved by mouse or keyboard. */
import { changeMoment } from './history.ts'
import { faultName, faultTimes, retimed, usualOf } from './faults.ts'
import { drawSign } from './icons.ts'
import type { Store } from './store.ts'
import { make, nameObject, text } from './svg.ts'
import { texts } from './texts.ts'
import { TrackItem, type Entry, type Hands, type Span } from './track-item.ts'

/** After the last key so long nothing more is expected and the edit is put in force, milliseconds. */
const settleAfter = 450
/** A pointer that moved less than this has clicked, pixels. */
const clickPixels = 3

/** Every fault and change that has a moment, in the order of the RunSpec. */
export function entriesOf(store: Pick<Store, 'spec' | 'isHidden'>): Entry[] {
  const faults = store.spec.faults.flatMap((fault, i): Entry[] => {
    const { at, lasts } = faultTimes(fault)
    if (at === null || store.isHidden(fault)) return []
    return [{ key: `fault:${i}`, kind: 'fault', name: fault, label: faultName(fault), at, lasts, mayLast: usualOf(fault.split(' ')[0] ?? '').mayLast }]
  })
  const changes = store.spec.changes.map((change, i): Entry => ({
    key: `change:${i}`, kind: 'change', name: texts.changeName(change.label, change.key, change.value),
    label: texts.changeShort(change.key, change.value), at: changeMoment(change), lasts: null, mayLast: false,
  }))
  return [...faults, ...changes]
}

export class Track implements Hands {
  private readonly store: Store
  private readonly items = new Map<string, TrackItem>()
  private perSecond = 1
  private svg: SVGElement | null = null
  private draft: { readonly entry: Entry; readonly span: Span } | null = null
  private timer: ReturnType<typeof setTimeout> | undefined
  private held = false

  constructor(store: Store) {
    this.store = store
  }

  /** True while a hand is on an entry: the track is not to be drawn anew. */
  get isHeld(): boolean {
    return this.held || this.draft !== null
  }

  /** Draws all entries into `svg`, with their upper edge at `top`. */
  build(svg: SVGElement, place: { readonly x: (seconds: number) => number; readonly top: number; readonly width: number }): void {
    this.svg = svg
    this.perSecond = place.x(1)
    this.items.clear()
    this.old(svg, place)
    const entries = entriesOf(this.store)
    const xs = entries.map((entry) => place.x(entry.at))
    entries.forEach((entry, i) => {
      const room = Math.min(place.width, ...xs.filter((x) => x > xs[i]! + 0.5)) - xs[i]!
      this.items.set(entry.key, new TrackItem(svg, entry, { ...place, room }, this))
    })
  }

  /** The old future: where it parts, and what struck it that does not any more. */
  private old(svg: SVGElement, { x, top }: { readonly x: (seconds: number) => number; readonly top: number }): void {
    const { ghost, ghostShown, spec } = this.store
    if (ghost === null || !ghostShown) return
    const fork = make(svg, 'g', { role: 'img', class: 'fork' })
    nameObject(fork, texts.forkHere(ghost.at))
    make(fork, 'line', { x1: x(ghost.at), x2: x(ghost.at), y1: 0, y2: top + 22 })
    for (const fault of ghost.spec.faults) {
      const { at, lasts } = faultTimes(fault)
      if (at === null || spec.faults.includes(fault) || this.store.isHidden(fault)) continue
      const group = make(svg, 'g', { role: 'img', class: 'old' })
      nameObject(group, texts.ghostWas(fault))
      make(group, 'rect', { x: x(at), y: top + 2.5, width: Math.max(17, x(lasts ?? 0)), height: 17, rx: 2 })
      drawSign(group, x(at) + 4, top + 7, 9, 'sign')('cross')
      const free = entriesOf(this.store).every((entry) => entry.at < at - 0.001 || x(entry.at) > x(at) + faultName(fault).length * 6.6 + 26)
      if (free) text(group, x(at) + 20, top + 15, faultName(fault), { class: 'i3 halo' })
    }
  }

  nudge(entry: Entry, by: { readonly at?: number; readonly lasts?: number }): void {
    const from = this.draft?.entry.key === entry.key ? this.draft.span : entry
    this.sketch(entry, {
      at: Math.max(0, from.at + (by.at ?? 0)), lasts: by.lasts === undefined || !entry.mayLast ? from.lasts : lasting((from.lasts ?? 0) + by.lasts),
    })
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.settle(), settleAfter)
  }

  drag(entry: Entry, part: 'at' | 'lasts', down: PointerEvent): void {
    if (this.svg === null || down.button > 0) return
    const { svg } = this
    down.stopPropagation()
    this.held = true
    let moved = false
    const move = (event: Event): void => {
      const by = (event as PointerEvent).clientX - down.clientX
      moved ||= Math.abs(by) > clickPixels
      if (!moved) return
      const seconds = by / this.perSecond
      this.sketch(entry, part === 'at' ? { at: Math.max(0, entry.at + seconds), lasts: entry.lasts } : { at: entry.at, lasts: lasting((entry.lasts ?? 0) + seconds) })
    }
    const end = (event: Event): void => {
      for (const name of ['pointerup', 'pointercancel']) svg.removeEventListener(name, end)
      svg.removeEventListener('pointermove', move)
      this.held = false
      if (event.type === 'pointercancel') this.cancel()
      else if (moved) this.settle()
      else if (part === 'at') this.open(entry)
    }
    svg.setPointerCapture(down.pointerId)
    svg.addEventListener('pointermove', move)
    for (const name of ['pointerup', 'pointercancel']) svg.addEventListener(name, end)
  }

  /** Puts what was sketched in force, as one step that can be undone. */
  settle(): void {
    clearTimeout(this.timer)
    const { draft } = this
    if (draft === null || this.held) return
    this.draft = null
    const [kind, index] = draft.entry.key.split(':')
    const { at, lasts } = draft.span
    const done = kind === 'change' ? this.store.setChange(Number(index), at)
      : this.store.setFault(Number(index), (text) => retimed(text, { at, ...(lasts === draft.entry.lasts ? {} : { lasts }) }))
    // A refused edit leaves the spec alone: the track is drawn as it was.
    void done.then((accepted) => {
      if (!accepted) this.store.emit('spec')
    })
  }

  cancel(): void {
    clearTimeout(this.timer)
    if (this.draft === null) return
    this.items.get(this.draft.entry.key)?.show(this.draft.entry)
    this.draft = null
    this.store.tellMoment('')
  }

  remove(entry: Entry): void {
    this.cancel()
    const [kind, index] = entry.key.split(':')
    void (kind === 'change' ? this.store.setChange(Number(index), null) : this.store.setFault(Number(index), () => null))
  }

  open(_entry: Entry): void {
    this.settle()
    this.store.showDialog('faults')
  }

  private sketch(entry: Entry, span: Span): void {
    const rounded = { at: Math.round(span.at * 1000) / 1000, lasts: span.lasts === null ? null : Math.round(span.lasts * 1000) / 1000 }
    this.draft = { entry, span: rounded }
    this.items.get(entry.key)?.show(rounded)
    this.store.tellMoment(texts.moving(`${entry.label}, ${rounded.at.toFixed(2)} s${rounded.lasts === null ? '' : `, ${rounded.lasts.toFixed(2)} s`}`))
  }
}

/** A length from a hand: nothing below a frame's tenth, which leaves the end to the platform. */
function lasting(seconds: number): number | null {
  return seconds < 0.01 ? null : seconds
}
