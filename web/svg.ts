/** Small SVG helpers: make once, then set only what changed. */

import type { ObjectKind } from './texts/objects.ts'

const space = 'http://www.w3.org/2000/svg'
const last = new WeakMap<Element, Map<string, string>>()

const titles = new WeakMap<Element, Element>()

export type Attributes = Readonly<Record<string, string | number>>

/** Makes an element with attributes inside `parent`. */
export function make(parent: Element, tag: string, attributes: Attributes = {}): SVGElement {
  const element = document.createElementNS(space, tag)
  for (const name of Object.keys(attributes)) element.setAttribute(name, String(attributes[name]))
  parent.append(element)
  return element
}

/** Sets an attribute if it differs from what was set here before. */
export function set(element: Element, name: string, value: string | number): void {
  // An unknown number never reaches the drawing; what stood there stays, and its owner hides it.
  if (typeof value === 'number' && !Number.isFinite(value)) return
  const text = typeof value === 'number' ? String(Math.round(value * 100) / 100) : value
  let known = last.get(element)
  if (known === undefined) last.set(element, (known = new Map()))
  if (known.get(name) === text) return
  known.set(name, text)
  element.setAttribute(name, text)
}

/** Sets the text of an element if it differs. */
export function write(element: Element, text: string): void {
  let known = last.get(element)
  if (known === undefined) last.set(element, (known = new Map()))
  if (known.get('#') === text) return
  known.set('#', text)
  const node = element.firstChild
  // New letters in the old node cost no new style.
  if (node instanceof Text && node.nextSibling === null) node.data = text
  else element.textContent = text
}

export interface TextStyle {
  readonly class?: string
  readonly anchor?: 'start' | 'middle' | 'end'
}

export function text(parent: Element, x: number, y: number, content: string, style: TextStyle = {}): SVGElement {
  const element = make(parent, 'text', { x, y, class: style.class ?? '', 'text-anchor': style.anchor ?? 'start' })
  // The object around it already has a name that says this and more.
  if (parent.classList.contains('object')) element.setAttribute('aria-hidden', 'true')
  write(element, content)
  return element
}

/** A rounded outline on whole pixels. */
export function box(parent: Element, x: number, y: number, width: number, height: number, className: string): SVGElement {
  return make(parent, 'rect', { x: x + 0.5, y: y + 0.5, width: width - 1, height: height - 1, rx: 3, class: className })
}

/** A thing that can be reached by keyboard and opens its menu; `kind` is what its card tells of it. */
export function object(parent: Element, name: string, act: (() => void) | null, kind: ObjectKind): SVGElement {
  const group = make(parent, 'g', { tabindex: 0, role: act === null ? 'img' : 'button', class: 'object', 'data-kind': kind })
  nameObject(group, name)
  if (act === null) return group
  group.addEventListener('click', act)
  group.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' && event.key !== ' ') return
    event.preventDefault()
    event.stopPropagation()
    act()
  })
  return group
}

/** Names an object for screen readers and for its card. */
export function nameObject(group: Element, name: string): void {
  // The title alone gives the name: an attribute beside it would have to repeat every text drawn inside.
  let title = titles.get(group)
  if (title === undefined) {
    title = make(group, 'title')
    group.prepend(title)
    titles.set(group, title)
  }
  write(title, name)
}

/** The name of an object as it stands now. */
export function nameOf(group: Element): string {
  return titles.get(group)?.textContent ?? ''
}

export function show(element: Element, visible: boolean): void {
  set(element, 'visibility', visible ? 'visible' : 'hidden')
}
