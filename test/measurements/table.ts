/** The table of measured against simulated that the tests print, misses included. */

/** One line: what was measured on the real product, what the model did, and whether they agree. */
export interface Row {
  readonly id: string
  readonly what: string
  readonly measured: string
  readonly simulated: string
  readonly agrees: boolean
  /** Why a known miss is one; asserted as such, so that a repaired model is noticed. */
  readonly miss?: string
}

/** Numbers as they are read: seconds with two digits, counts as they are. */
export function figures(values: readonly number[], digits = 2): string {
  return values.map((value) => (Number.isInteger(value) ? String(value) : value.toFixed(digits))).join(', ')
}

/** Rows under each other; a known miss is marked and explained below the table. */
export function tableText(rows: readonly Row[]): string {
  const head = ['row', 'what', 'measured', 'simulated', '']
  const lines = rows.map((row) => [row.id, row.what, row.measured, row.simulated, row.agrees ? 'agrees' : 'MISS'])
  const widths = head.map((title, i) => Math.max(title.length, ...lines.map((line) => (line[i] as string).length)))
  const text = [head, ...lines].map((line) => line.map((cell, i) => cell.padEnd(widths[i] as number)).join('  ').trimEnd())
  const reasons = rows.flatMap((row) => (row.miss === undefined ? [] : [`  ${row.id} ${row.what}: ${row.miss}`]))
  return [...text, ...(reasons.length === 0 ? [] : ['known misses:', ...reasons])].join('\n')
}

/** Rows that neither agree nor are known to miss, and known misses that agree by now. */
export function surprises(rows: readonly Row[]): string[] {
  return rows.flatMap((row) => {
    if (row.agrees === (row.miss === undefined)) return []
    return [`${row.id} ${row.what}: measured ${row.measured}, simulated ${row.simulated}${row.miss === undefined ? '' : ' (no longer a miss)'}`]
  })
}

/** True when each value lies within a share of the nearest of the measured ones (or of their range). */
export function within(values: readonly number[], measured: { readonly from: number; readonly to: number }, share: number): boolean {
  return values.length > 0 && values.every((value) => value >= measured.from * (1 - share) && value <= measured.to * (1 + share))
}
