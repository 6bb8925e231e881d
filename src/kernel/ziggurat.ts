// Exponential and normal numbers by the ziggurat method: 256 layers of equal area, one 32-bit draw in
// about 99 of 100 cases (8 bits choose the layer, the rest the place in it).
// Source: Marsaglia, Tsang, "The ziggurat method for generating random variables", 2000.
import { exp, log } from './math.ts'
import type { Stream } from './random.ts'

const layers = 256
/** Where the tail starts, and the area of each layer, for the density e^-x (the paper's constants). */
const exponentialTail = 7.69711747013105
const exponentialArea = 0.0039496598225815572
const exponentialEdge = new Float64Array(layers + 1)
const exponentialDensity = new Float64Array(layers + 1)
/** The same for the density e^(-x^2 / 2). */
const normalTail = 3.6541528853610088
const normalArea = 0.00492867323399
const normalEdge = new Float64Array(layers + 1)
const normalDensity = new Float64Array(layers + 1)

// Edges fall from index 1 to 0 at index 256; index 0 is the box that stands for the base with its tail.
fill(exponentialEdge, exponentialDensity, exponentialTail, exponentialArea,
  (x) => exp(-x), (y) => -log(y))
fill(normalEdge, normalDensity, normalTail, normalArea,
  (x) => exp(-0.5 * x * x), (y) => Math.sqrt(-2 * log(y)))

function fill(
  edge: Float64Array, density: Float64Array, tail: number, area: number,
  densityAt: (x: number) => number, edgeAt: (y: number) => number,
): void {
  edge[0] = area / densityAt(tail)
  edge[1] = tail
  for (let i = 2; i < layers; i++) edge[i] = edgeAt(area / edge[i - 1]! + densityAt(edge[i - 1]!))
  edge[layers] = 0
  for (let i = 0; i <= layers; i++) density[i] = densityAt(edge[i]!)
}

/** An exponential number with mean 1, above 0. One draw in 99 of 100 cases, else two or more. */
export function exponential(stream: Stream): number {
  for (;;) {
    const word = stream.int32()
    const layer = word & 255
    const x = ((word >>> 8) + 0.5) * 5.960464477539063e-8 * exponentialEdge[layer]!
    if (x < exponentialEdge[layer + 1]!) return x
    // The tail of e^-x is e^-x again, moved.
    if (layer === 0) return exponentialTail + exponentialFixed(stream)
    if (isUnder(stream, exponentialDensity, layer, exp(-x))) return x
  }
}

/** An exponential number with mean 1, from 1.1e-10 to 22.9. Exactly one draw. */
export function exponentialFixed(stream: Stream): number {
  return -log(((stream.int32() >>> 0) + 0.5) * 2.3283064365386963e-10)
}

/** A normal number with mean 0 and deviation 1. One draw in 98 of 100 cases, else two or more. */
export function normal(stream: Stream): number {
  for (;;) {
    const word = stream.int32()
    const layer = word & 255
    // The 24 bits above the layer, as a signed number.
    const x = ((word >> 8) + 0.5) * 1.1920928955078125e-7 * normalEdge[layer]!
    const size = x < 0 ? -x : x
    if (size < normalEdge[layer + 1]!) return x
    if (layer === 0) return x < 0 ? -normalFromTail(stream) : normalFromTail(stream)
    if (isUnder(stream, normalDensity, layer, exp(-0.5 * x * x))) return x
  }
}

// Marsaglia's tail method: a number beyond the tail's start.
function normalFromTail(stream: Stream): number {
  for (;;) {
    const beyond = exponentialFixed(stream) / normalTail
    const height = exponentialFixed(stream)
    if (height + height >= beyond * beyond) return normalTail + beyond
  }
}

// Whether a random height inside the layer lies under the curve.
function isUnder(stream: Stream, density: Float64Array, layer: number, curve: number): boolean {
  const lower = density[layer]!
  return lower + stream.uniform() * (density[layer + 1]! - lower) < curve
}
