/** One line of what `validate` prints: what the models say beside what is known, and how far apart they may be. */

export interface Row {
  /** Section and number, such as `mm1/W/0.8`. */
  readonly id: string
  readonly what: string
  /** What the simulation came to. */
  readonly predicted: string
  /** What is known: a closed form, a documented limit, a published or measured figure. */
  readonly expected: string
  /** In words: an interval, a share, exact. */
  readonly tolerance: string
  readonly agrees: boolean
  /** Where the known figure is from. */
  readonly source: string
  /** Why a known miss is one. Such a row must miss, so that a repaired model is noticed. */
  readonly miss?: string
}

/** A part of the validation; it yields its rows one by one, for they take time. */
export interface Section {
  readonly id: string
  readonly title: string
  readonly rows: () => Iterable<Row>
}

/** Rows that neither agree nor are known to miss, and known misses that agree by now. */
export function surprises(rows: readonly Row[]): readonly Row[] {
  return rows.filter(({ agrees, miss }) => agrees === (miss !== undefined))
}

/** A number with four significant digits. */
export function figure(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e15 ? String(value) : value.toPrecision(4)
}

/** A row of a number that may be off by an absolute amount. */
export function numberRow(id: string, what: string, predicted: number, expected: number, most: number, tolerance: string, source: string): Row {
  return { id, what, predicted: figure(predicted), expected: figure(expected), tolerance, agrees: Math.abs(predicted - expected) <= most, source }
}
