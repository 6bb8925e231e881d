/** The few signs of the page, drawn as paths on a 12 x 12 field; colour is never the only sign. */
import { svg, html, type TemplateResult } from 'lit'
import { make } from './svg.ts'

export type Sign =
  | 'tick' | 'cross' | 'dash' | 'twice' | 'twist' | 'pause' | 'play' | 'forward' | 'back' | 'start' | 'next' | 'slow' | 'record' | 'fault' | 'undo' | 'redo' | 'fork'

const strokes: Readonly<Record<Sign, string>> = {
  tick: 'M1.5 6.5 4.7 9.7 10.5 2.8',
  cross: 'M2 2 10 10M10 2 2 10',
  dash: 'M2 6H10',
  twice: 'M4 4V1.2H10.8V8H8M1.2 4H8V10.8H1.2Z',
  twist: 'M4 2 8.5 6 4 10',
  pause: 'M3.4 1.5V10.5M8.6 1.5V10.5',
  play: '',
  forward: 'M10 1.5V10.5',
  back: 'M2 1.5V10.5',
  start: 'M1 1.5V10.5',
  next: 'M2 6H10M7 2.6 10.4 6 7 9.4',
  record: 'M10 1.5V10.5',
  fault: 'M1 3 6.5 8.5M6.5 3 1 8.5M10 1.5V10.5',
  undo: 'M4.5 1.5 1.8 4.4 4.5 7.3M2 4.4H7.5a2.9 2.9 0 0 1 0 5.8H5',
  redo: 'M7.5 1.5 10.2 4.4 7.5 7.3M10 4.4H4.5a2.9 2.9 0 0 0 0 5.8H7',
  fork: 'M1 10V8.5C1 6 10.5 6.5 10.5 2M1 8.5V2',
  slow: 'M2 6a4 4 0 1 1 8 0M6 6 8 4M1.5 9.8H10.5',
}

const fills: Partial<Record<Sign, string>> = {
  play: 'M2.5 1 11 6 2.5 11Z',
  forward: 'M1.5 1.5 7.5 6 1.5 10.5Z',
  back: 'M10.5 1.5 4.5 6 10.5 10.5Z',
  record: 'M7.6 6a2.8 2.8 0 1 1-5.6 0a2.8 2.8 0 1 1 5.6 0Z',
  start: 'M11 1.5 6.5 6 11 10.5ZM6.5 1.5 2 6 6.5 10.5Z',
}

/** A sign for a template; it takes the colour of the text around it. */
export function icon(sign: Sign, size = 12): TemplateResult {
  return html`<svg width=${size} height=${size} viewBox="0 0 12 12" aria-hidden="true" class="sign">
    ${svg`<path d=${strokes[sign]} fill="none" stroke="currentColor" stroke-width="2"></path>
    <path d=${fills[sign] ?? ''} fill="currentColor"></path>`}</svg>`
}

/** A sign inside a drawing; the answer swaps it for another one. */
export function drawSign(parent: Element, x: number, y: number, size: number, className: string): (sign: Sign) => void {
  const path = make(parent, 'path', {
    class: className, transform: `translate(${x} ${y}) scale(${size / 12})`, fill: 'none', stroke: 'currentColor',
    'stroke-width': 2.1,
  })
  let shown = ''
  return (sign) => {
    if (shown === sign) return
    shown = sign
    path.setAttribute('d', strokes[sign])
  }
}
