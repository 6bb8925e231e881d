/** Token colours as the canvas needs them: read once per theme, never in the frame loop. */

const names = [
  'bg', 'bg-2', 'hair', 'edge', 'ink', 'ink-2', 'ink-3', 'a', 'a-fill', 'a-soft', 'b', 'b-fill', 'b-soft',
  'done', 'bad', 'bad-soft', 'on-fill', 'idle', 'busy', 'back',
] as const

export type ColourName = (typeof names)[number]
export type Palette = Readonly<Record<ColourName, string>>

/** Resolves every colour token for the theme in force, light-dark() included. */
export function readPalette(): Palette {
  const probe = document.createElement('span')
  document.body.append(probe)
  const colours: Record<string, string> = {}
  for (const name of names) {
    probe.style.setProperty('color', `var(--${name})`)
    colours[name] = getComputedStyle(probe).color
  }
  probe.remove()
  return colours as Palette
}

/** Diagonal stripes of two colours. */
export function stripes(context: CanvasRenderingContext2D, ground: string, stripe: string): CanvasPattern | string {
  const tile = document.createElement('canvas')
  tile.width = 8
  tile.height = 8
  const paint = tile.getContext('2d')
  if (paint === null) return stripe
  paint.fillStyle = ground
  paint.fillRect(0, 0, 8, 8)
  paint.strokeStyle = stripe
  paint.lineWidth = 3
  for (const shift of [-8, 0, 8]) {
    paint.beginPath()
    paint.moveTo(shift, 0)
    paint.lineTo(shift + 8, 8)
    paint.stroke()
  }
  return context.createPattern(tile, 'repeat') ?? stripe
}
