/** A copy of the given length, at least that of `from`, with zeros behind. */
export function growTimes(from: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const to = new Float64Array(length)
  to.set(from)
  return to
}

/** A copy of the given length, at least that of `from`, with zeros behind. */
export function growInts(from: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const to = new Int32Array(length)
  to.set(from)
  return to
}
