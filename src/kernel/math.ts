// Elementary functions from + - * / and bit operations only. Engines differ in the last bit of their
// own Math.log and friends, and one bit is enough to swap two events; IEEE arithmetic is the same in
// all. Each result is within 2 units in the last place of the true value. Tables: math-tables.ts.
import { invariant } from './invariant.ts'
import {
  inverse, ln2High, ln2Low, logHigh, logLow, powersOfTwo, rootHigh, rootLow,
} from './math-tables.ts'

const smallestNormal = 2.2250738585072014e-308
const bits = new Float64Array(1)
const words = new Int32Array(bits.buffer)
bits[0] = 1
/** Where the half with sign and exponent lies: 1 on little-endian machines. */
const highWord = words[1] !== 0 ? 1 : 0

/** The natural logarithm; -Infinity at 0, NaN below. */
export function log(x: number): number {
  if (!(x >= smallestNormal && x < Infinity)) return logAtEdge(x)
  const k = exponentOf(x)
  // x = 2^k y with y in [sqrt(1/2), sqrt(2)); c = i / 128 is the centre next to y; y = c (1 + f).
  const y = x * powersOfTwo[1075 - k]!
  const i = (y * 128 + 0.5) | 0
  const f = (y - i * 0.0078125) * inverse[i]!
  const rest = log1pRest(f) + (logLow[i]! + k * ln2Low)
  return k * ln2High + (logHigh[i]! + (f + rest))
}

function logAtEdge(x: number): number {
  if (x === 0) return -Infinity
  if (x === Infinity) return Infinity
  if (!(x > 0)) return NaN
  return log(x * 18014398509481984) - 54 * 0.6931471805599453
}

/** log(1 + x) without loss for small x; -Infinity at -1, NaN below. */
export function log1p(x: number): number {
  if (x > -0.00390625 && x < 0.00390625) return x + log1pRest(x)
  const sum = 1 + x
  if (!(sum > 0 && sum < Infinity)) return logAtEdge(sum)
  // The second term gives back what rounding took from the sum.
  const lost = sum > 2 ? 1 - (sum - x) : x - (sum - 1)
  return log(sum) + lost / sum
}

// log(1 + f) - f for |f| < 2^-7.
function log1pRest(f: number): number {
  const g = f * f
  return g * (-1 / 2 + f * (1 / 3) + g * (-1 / 4 + f * (1 / 5) + g * (-1 / 6 + f * (1 / 7 - f / 8))))
}

// The whole number k with x / 2^k in [sqrt(1/2), sqrt(2)), for normal x > 0.
function exponentOf(x: number): number {
  bits[0] = x
  const high = words[highWord]!
  const k = (high >>> 20) - 1023
  return (high & 0xfffff) >= 0x6a09f ? k + 1 : k
}

/** e^x; 0 below -745.14 and Infinity above 709.79. */
export function exp(x: number): number {
  return expOfSum(x, 0)
}

// e^(x + low) for a low part that is small beside x's last place times 2^10.
function expOfSum(x: number, low: number): number {
  if (x > 709.7828) return x < 709.7828 + 1e-4 ? expScaled(x, low) : Infinity
  if (!(x >= -745.2)) return x < 0 ? 0 : NaN
  return expScaled(x, low)
}

// x + low = k ln 2 / 64 + r; e^x = 2^(k >> 6) * 2^((k & 63) / 64) * e^r.
function expScaled(x: number, low: number): number {
  const k = Math.floor(x * 92.33248261893243 + 0.5)
  const r = x - k * (ln2High / 64) - k * (ln2Low / 64) + low
  const j = k & 63
  const root = rootHigh[j]!
  const value = root + (rootLow[j]! + root * expm1Near0(r))
  const exponent = k >> 6
  if (exponent >= -1021 && exponent <= 1023) return value * powersOfTwo[1075 + exponent]!
  // Two steps where one power of two would overflow, or where the result loses bits by being tiny.
  if (exponent > 0) return value * powersOfTwo[1075 + 1023]! * powersOfTwo[1075 + exponent - 1023]!
  return value * powersOfTwo[1075 + exponent + 200]! * powersOfTwo[1075 - 200]!
}

// e^r - 1 for |r| < 0.0055.
function expm1Near0(r: number): number {
  const q = r * r
  return r + q * (1 / 2 + r * (1 / 6) + q * (1 / 24 + r * (1 / 120) + q * (1 / 720)))
}

/** e^x - 1 without loss for small x. */
export function expm1(x: number): number {
  if (x > -0.0054 && x < 0.0054) return expm1Near0(x)
  if (!(x > -40 && x < 40)) return exp(x) - 1
  const k = Math.floor(x * 92.33248261893243 + 0.5)
  const r = x - k * (ln2High / 64) - k * (ln2Low / 64)
  const j = k & 63
  const scale = powersOfTwo[1075 + (k >> 6)]!
  const root = scale * rootHigh[j]!
  return root - 1 + (scale * rootLow[j]! + root * expm1Near0(r))
}

/** a^b; a whole power of a negative number is allowed, any other is NaN; a^0 is 1. */
export function pow(a: number, b: number): number {
  if (b === 0) return 1
  if (a !== a || b !== b) return NaN
  const isWhole = Math.floor(b) === b
  if (a < 0 && !isWhole) return NaN
  const isOdd = isWhole && Math.abs(b) < 9007199254740992 && b % 2 !== 0
  const size = powOfPositive(a < 0 ? -a : a, b)
  return a < 0 && isOdd ? -size : size
}

function powOfPositive(a: number, b: number): number {
  if (a === 1) return 1
  if (a === 0 || a === Infinity) return (a === 0) === b > 0 ? 0 : Infinity
  // |log a| > 1e-16, so nothing between 0 and Infinity is left for an exponent this large.
  if (b > 1e22 || b < -1e22) return a > 1 === b > 0 ? Infinity : 0
  logInTwoParts(a)
  const high = logPair[0]!
  const product = high * b
  // The product may be as large as 745: its rounding error must not be dropped.
  const low = productError(high, b, product) + logPair[1]! * b
  return expOfSum(product, low)
}

const logPair = new Float64Array(2)

// log(x) as a sum of two doubles in logPair, to about 68 bits, for finite x > 0.
function logInTwoParts(x: number): void {
  const isTiny = x < smallestNormal
  const normal = isTiny ? x * 18014398509481984 : x
  const e = exponentOf(normal)
  const y = normal * powersOfTwo[1075 - e]!
  const k = isTiny ? e - 54 : e
  const i = (y * 128 + 0.5) | 0
  const c = i * 0.0078125
  const d = y - c
  const f = d * inverse[i]!
  const back = f * c
  const fLow = (d - back - productError(f, c, back)) * inverse[i]!
  const g = f * f
  const gLow = productError(f, f, g) + 2 * f * fLow
  const tail = g * f * (1 / 3 - f * (1 / 4 - f * (1 / 5 - f * (1 / 6 - f * (1 / 7 - f * (1 / 8
    - f * (1 / 9 - f * (1 / 10))))))))
  const sum1 = k * ln2High + logHigh[i]!
  const error1 = sumError(k * ln2High, logHigh[i]!, sum1)
  const sum2 = sum1 + f
  const error2 = sumError(sum1, f, sum2)
  const sum3 = sum2 - 0.5 * g
  const error3 = sumError(sum2, -0.5 * g, sum3)
  const low = error1 + error2 + error3 + (k * ln2Low + logLow[i]! + (fLow - 0.5 * gLow + tail))
  const high = sum3 + low
  logPair[0] = high
  logPair[1] = low - (high - sum3)
}

// What rounding took from sum = a + b (Knuth), exactly.
function sumError(a: number, b: number, sum: number): number {
  const part = sum - a
  return a - (sum - part) + (b - part)
}

// What rounding took from product = a * b (Dekker, by halves of 26 bits), exactly.
function productError(a: number, b: number, product: number): number {
  const aScaled = a * 134217729
  const bScaled = b * 134217729
  const a1 = aScaled - (aScaled - a)
  const b1 = bScaled - (bScaled - b)
  const a2 = a - a1
  const b2 = b - b1
  return a1 * b1 - product + a1 * b2 + a2 * b1 + a2 * b2
}

/** The sine of x radians, for |x| up to a million. */
export function sin(x: number): number {
  return sinOfQuarter(x, 0)
}

/** The cosine of x radians, for |x| up to a million. */
export function cos(x: number): number {
  return sinOfQuarter(x, 1)
}

// sin(x + shift * pi / 2). pi / 2 is taken off in three parts of 33, 33 and 53 bits.
function sinOfQuarter(x: number, shift: number): number {
  invariant(x >= -1e6 && x <= 1e6, 'math-angle-in-range')
  const n = Math.floor(x * 0.6366197723675814 + 0.5)
  const first = x - n * 1.5707963267341256
  const second = n * 6.077100506303966e-11
  const high = first - second
  const low = sumError(first, -second, high) - n * 2.0222662487959506e-21
  const quarter = (n + shift) & 3
  const value = (quarter & 1) === 0 ? sinNear0(high, low) : cosNear0(high, low)
  return quarter < 2 ? value : -value
}

// Taylor's series for |x| <= pi / 4, plus the effect of the low part.
function sinNear0(x: number, low: number): number {
  const z = x * x
  const series = -1 / 6 + z * (1 / 120 + z * (-1 / 5040 + z * (1 / 362880 + z * (-1 / 39916800
    + z * (1 / 6227020800 + z * (-1 / 1307674368000 + z / 355687428096000))))))
  return x + (x * z * series + low * (1 - 0.5 * z))
}

function cosNear0(x: number, low: number): number {
  const z = x * x
  const series = 1 / 24 + z * (-1 / 720 + z * (1 / 40320 + z * (-1 / 3628800 + z * (1 / 479001600
    + z * (-1 / 87178291200 + z * (1 / 20922789888000 - z / 6402373705728000))))))
  const half = 0.5 * z
  const rounded = 1 - half
  // 1 - half loses bits to rounding; they are given back before the small terms are added.
  return rounded + (1 - rounded - half + (z * z * series - x * low))
}
