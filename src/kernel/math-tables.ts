// The tables of math.ts, computed once at start in double-double arithmetic (two doubles whose sum
// carries about 106 bits) from + - * / alone, so that they have the same bits in every engine.

/** An unevaluated sum of two doubles, the first being the sum rounded. */
export type Pair = readonly [high: number, low: number]

/** ln 2 to 33 bits, so that its product with a whole number below 2^20 is exact, and the rest. */
export const ln2High = 0.6931471803691238
export const ln2Low = 1.9082149292705877e-10

/** 2^exponent at index exponent + 1075, for exponents from -1074 to 1023; exact. */
export const powersOfTwo = new Float64Array(2099)
/** log(i / 128) rounded, at index i from 90 to 182; and what the rounding left. */
export const logHigh = new Float64Array(192)
export const logLow = new Float64Array(192)
/** 128 / i. */
export const inverse = new Float64Array(192)
/** 2^(j / 64) rounded, for j from 0 to 63; and what the rounding left. */
export const rootHigh = new Float64Array(64)
export const rootLow = new Float64Array(64)

const ln2: Pair = [0.6931471805599453, 2.3190468138462996e-17]

fillPowers()
fillLogarithms()
fillRoots()

function fillPowers(): void {
  let power = 1
  for (let exponent = 0; exponent <= 1023; exponent++, power *= 2) powersOfTwo[1075 + exponent] = power
  power = 1
  for (let exponent = 0; exponent >= -1074; exponent--, power /= 2) powersOfTwo[1075 + exponent] = power
}

// log((1 + s) / (1 - s)) = 2 (s + s^3 / 3 + s^5 / 5 + ...) with s = (i - 128) / (i + 128), |s| < 0.18.
function fillLogarithms(): void {
  for (let i = 90; i <= 182; i++) {
    const s = divide([i - 128, 0], i + 128)
    const square = multiply(s, s)
    let power = s
    let sum = s
    for (let n = 3; n <= 49; n += 2) {
      power = multiply(power, square)
      sum = add(sum, divide(power, n))
    }
    logHigh[i] = 2 * sum[0]
    logLow[i] = 2 * sum[1]
    inverse[i] = 128 / i
  }
}

// exp(x) = 1 + x (1 + x / 2 (1 + x / 3 (...))) with x = j ln 2 / 64 < 0.7.
function fillRoots(): void {
  for (let j = 0; j < 64; j++) {
    const x = multiply(ln2, [j / 64, 0])
    let sum: Pair = [1, 0]
    for (let n = 28; n >= 1; n--) sum = add([1, 0], divide(multiply(x, sum), n))
    rootHigh[j] = sum[0]
    rootLow[j] = sum[1]
  }
}

/** The sum and its exact rounding error (Knuth). */
function twoSum(a: number, b: number): Pair {
  const sum = a + b
  const part = sum - a
  return [sum, a - (sum - part) + (b - part)]
}

/** The product and its exact rounding error (Dekker, by halves of 26 bits). */
function twoProduct(a: number, b: number): Pair {
  const product = a * b
  const a1 = upperHalf(a)
  const b1 = upperHalf(b)
  const a2 = a - a1
  const b2 = b - b1
  return [product, a1 * b1 - product + a1 * b2 + a2 * b1 + a2 * b2]
}

function upperHalf(x: number): number {
  const scaled = x * 134217729
  return scaled - (scaled - x)
}

function add(a: Pair, b: Pair): Pair {
  const sum = twoSum(a[0], b[0])
  return twoSum(sum[0], sum[1] + (a[1] + b[1]))
}

function multiply(a: Pair, b: Pair): Pair {
  const product = twoProduct(a[0], b[0])
  return twoSum(product[0], product[1] + (a[0] * b[1] + a[1] * b[0]))
}

function divide(a: Pair, divisor: number): Pair {
  const quotient = a[0] / divisor
  const back = twoProduct(quotient, divisor)
  const rest = a[0] - back[0] - back[1] + a[1]
  return twoSum(quotient, rest / divisor)
}
