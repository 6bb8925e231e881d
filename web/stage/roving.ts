/** The keyboard on a stage: Tab goes from row to row, arrow keys to the next object that way. */

export interface Place {
  readonly x: number
  readonly y: number
}

const ways: Readonly<Record<string, Place>> = {
  ArrowLeft: { x: -1, y: 0 }, ArrowRight: { x: 1, y: 0 }, ArrowUp: { x: 0, y: -1 }, ArrowDown: { x: 0, y: 1 },
}

/** Index of the nearest place that way from `from`, -1 when there is none; what lies aside counts more. */
export function nextThatWay(places: readonly Place[], from: Place, key: string): number {
  const way = ways[key]
  if (way === undefined) return -1
  let best = -1
  let least = Infinity
  places.forEach((place, i) => {
    const dx = place.x - from.x
    const dy = place.y - from.y
    const ahead = dx * way.x + dy * way.y
    const aside = Math.abs(dx * way.y) + Math.abs(dy * way.x)
    const cost = ahead + 3 * aside
    if (ahead > 1 && cost < least) [best, least] = [i, cost]
  })
  return best
}

/** Makes one stop for Tab in each part, the object that had the focus last; answers what a key did. */
export class Roving {
  private readonly parts: readonly Element[]

  constructor(parts: readonly Element[]) {
    this.parts = parts
    for (const part of parts) {
      this.stopAt(part, part.querySelector('.object'))
      part.addEventListener('focusin', (event) => this.stopAt(part, (event.target as Element).closest('.object')))
    }
  }

  private stopAt(part: Element, object: Element | null): void {
    if (object === null) return
    for (const other of part.querySelectorAll('.object')) other.setAttribute('tabindex', other === object ? '0' : '-1')
  }

  /** Moves the focus by an arrow key; false when the key is none or leads nowhere. */
  move(from: Element, key: string): boolean {
    if (ways[key] === undefined) return false
    const all = this.parts.flatMap((part) => [...part.querySelectorAll<SVGElement>('.object')]).filter((one) => one !== from)
    const middle = (one: Element): Place => {
      const { left, top, width, height } = one.getBoundingClientRect()
      return { x: left + width / 2, y: top + height / 2 }
    }
    const to = all[nextThatWay(all.map(middle), middle(from), key)]
    to?.focus()
    return to !== undefined
  }
}
