/** What differs: between the columns, and in each from what its products ship with. Pure. */
import type { OpenKnob } from './knob-list.ts'

/** A key that several columns have, with its value in each; "" where a column has no such key. */
export interface DifferentKey {
  readonly key: string
  readonly values: readonly string[]
}

/** Keys that at least two columns have and that are not set alike, in the order of the first column. */
export function betweenColumns(columns: readonly (readonly OpenKnob[])[]): DifferentKey[] {
  const keys = [...new Set(columns.flatMap((knobs) => knobs.map(({ key }) => key)))]
  return keys.flatMap((key) => {
    const found = columns.map((knobs) => knobs.find((knob) => knob.key === key))
    const known = found.filter((knob) => knob !== undefined)
    if (known.length < 2 || known.every(({ value }) => value === known[0]!.value)) return []
    return [{ key, values: found.map((knob) => knob?.value ?? '') }]
  })
}

/** Whether a value stands in no document: assumed by us, or a key that the product does not have. */
export function originOf({ source }: Pick<OpenKnob, 'source'>): 'documented' | 'assumed' | 'ours' {
  if (/\bassumed\b/i.test(source)) return 'assumed'
  return /^ours\b/i.test(source) ? 'ours' : 'documented'
}
