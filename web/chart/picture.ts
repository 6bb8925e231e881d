/** A chart as a picture of its own: the same paint calls into SVG text or onto a canvas, and the words on top. */
import type { Palette } from '../palette.ts'
import { SvgBrush, type Brush } from './brush.ts'
import { paintPlot, type Plot } from './paint.ts'

export interface Word {
  readonly text: string
  readonly x: number
  readonly y: number
  readonly anchor: 'start' | 'middle' | 'end'
  readonly colour: string
  readonly size: number
  readonly weight: string
}

export interface Picture {
  readonly width: number
  readonly height: number
  readonly words: readonly Word[]
  readonly plot: Plot
  readonly colours: Palette
}

const font = 'Inter, system-ui, sans-serif'
const escape = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;')

/** The words of a drawing where they stand now; hidden ones and those outside are left out. */
export function wordsOf(drawing: Element, width: number, height: number): Word[] {
  const root = drawing.getBoundingClientRect()
  return [...drawing.querySelectorAll('text')].flatMap((element) => {
    const style = getComputedStyle(element)
    const matrix = element.getScreenCTM()
    const text = element.textContent
    if (style.visibility === 'hidden' || text === '' || matrix === null) return []
    const point = new DOMPoint(Number(element.getAttribute('x')), Number(element.getAttribute('y'))).matrixTransform(matrix)
    const box = element.getBoundingClientRect()
    const anchor = style.textAnchor === 'end' || style.textAnchor === 'middle' ? style.textAnchor : 'start'
    // Its box knows where it was moved to; only the base line has to come from its own coordinates.
    const x = (anchor === 'start' ? box.left : anchor === 'end' ? box.right : (box.left + box.right) / 2) - root.left
    const y = point.y - root.top
    if (x < -20 || x > width + 20 || y < 0 || y > height + 4) return []
    return [{ text, x, y, anchor, colour: style.fill, size: Number.parseFloat(style.fontSize), weight: style.fontWeight } as const]
  })
}

/** A whole SVG file. */
export function svgText(picture: Picture): string {
  const { width, height, words, plot, colours } = picture
  const brush = new SvgBrush()
  paintPlot(brush, colours, plot)
  const texts = words.map((word) => `<text x="${word.x.toFixed(1)}" y="${word.y.toFixed(1)}" text-anchor="${word.anchor}" fill="${word.colour}" font-size="${word.size}" font-weight="${word.weight}">${escape(word.text)}</text>`)
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${font}">
<rect width="${width}" height="${height}" fill="${colours.bg}"/>
${[...brush.parts, ...texts].join('\n')}
</svg>
`
}

/** A PNG of twice the size, null where the browser makes none. */
export async function pngOf(picture: Picture): Promise<Blob | null> {
  const { width, height, words, plot, colours } = picture
  const canvas = document.createElement('canvas')
  canvas.width = width * 2
  canvas.height = height * 2
  const paint = canvas.getContext('2d')
  if (paint === null) return null
  paint.scale(2, 2)
  paint.fillStyle = colours.bg
  paint.fillRect(0, 0, width, height)
  const brush: Brush = paint
  paintPlot(brush, colours, plot)
  for (const word of words) {
    paint.font = `${word.weight} ${word.size}px ${font}`
    paint.textAlign = word.anchor === 'middle' ? 'center' : word.anchor
    paint.fillStyle = word.colour
    paint.fillText(word.text, word.x, word.y)
  }
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/png'))
}
