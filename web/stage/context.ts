/** What every part of a stage is built from. */
import type { Column } from '../column-data.ts'
import type { Store } from '../store.ts'
import type { ObjectKind } from '../texts/objects.ts'
import type { Geometry, Rows } from './geometry.ts'

export interface StageContext {
  readonly store: Store
  readonly column: Column
  readonly g: Geometry
  readonly rows: Rows
}

/** A part redraws its figures four times a second from the frame at `time`. */
export interface StagePart {
  figures(frame: Float64Array, time: number): void
}

/** Reads a slot that may be absent (-1) as unknown. */
export function at(frame: Float64Array, slot: number): number {
  return slot < 0 ? Number.NaN : frame[slot]!
}

/** Opens the fault menu of an object. */
export function strikeMenu(c: StageContext, title: string, targets: readonly string[], kind: ObjectKind): () => void {
  return () => c.store.openMenu({ title: `${c.column.letter}: ${title}`, targets, kinds: null, object: { kind, column: c.column.number } })
}
