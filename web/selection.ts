/** What the reader has chosen: a number to be explained, an object to be struck. */

import type { ObjectKind } from './texts/objects.ts'

/** A number that the reader asked about. */
export interface Selection {
  readonly column: number
  readonly kind: string
}

/** A setting that was looked up from elsewhere. */
export interface KnobWanted {
  readonly column: number
  readonly key: string
}

/** What the fault menu lists: everything, or what can befall one object of one column. */
export interface MenuOpen {
  readonly title: string
  readonly targets: readonly string[] | null
  readonly kinds: readonly string[] | null
  /** What was struck at, for its explanation: a kind of object in a column. */
  readonly object?: { readonly kind: ObjectKind; readonly column: number }
}
