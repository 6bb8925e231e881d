/** What a plot is painted with: a canvas, or a file of SVG that takes the same calls. */

export type Brush = Pick<CanvasRenderingContext2D,
  'fillStyle' | 'strokeStyle' | 'lineWidth' | 'globalAlpha' | 'lineDashOffset' | 'lineJoin' | 'fillRect' | 'beginPath' | 'moveTo' | 'lineTo'
  | 'stroke' | 'fill' | 'setLineDash'>

const number = (value: number): string => String(Math.round(value * 100) / 100)

/** Collects SVG elements as text; colours are those of the canvas. */
export class SvgBrush implements Brush {
  fillStyle: Brush['fillStyle'] = '#000'
  strokeStyle: Brush['strokeStyle'] = '#000'
  lineWidth = 1
  globalAlpha = 1
  lineDashOffset = 0
  lineJoin: CanvasLineJoin = 'miter'
  readonly parts: string[] = []
  private dash: readonly number[] = []
  private path = ''

  setLineDash(dash: number[]): void {
    this.dash = dash
  }

  fillRect(x: number, y: number, width: number, height: number): void {
    if (width > 0 && height > 0) this.parts.push(`<rect x="${number(x)}" y="${number(y)}" width="${number(width)}" height="${number(height)}" fill="${this.colour(this.fillStyle)}"${this.alpha()}/>`)
  }

  beginPath(): void {
    this.path = ''
  }

  moveTo(x: number, y: number): void {
    this.path += `M${number(x)} ${number(y)}`
  }

  lineTo(x: number, y: number): void {
    this.path += `L${number(x)} ${number(y)}`
  }

  stroke(): void {
    if (this.path === '') return
    const dash = this.dash.length === 0 ? '' : ` stroke-dasharray="${this.dash.join(' ')}" stroke-dashoffset="${number(this.lineDashOffset)}"`
    this.parts.push(`<path d="${this.path}" fill="none" stroke="${this.colour(this.strokeStyle)}" stroke-width="${number(this.lineWidth)}" stroke-linejoin="${this.lineJoin}"${dash}${this.alpha()}/>`)
  }

  fill(): void {
    if (this.path !== '') this.parts.push(`<path d="${this.path}Z" fill="${this.colour(this.fillStyle)}"${this.alpha()}/>`)
  }

  private colour(style: Brush['fillStyle']): string {
    return typeof style === 'string' ? style : '#888'
  }

  private alpha(): string {
    return this.globalAlpha === 1 ? '' : ` opacity="${number(this.globalAlpha)}"`
  }
}
