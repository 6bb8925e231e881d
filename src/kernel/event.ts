/** Event kinds: declared once with a name, an owner and a typed handler, then scheduled with a payload. */
import { invariant } from './invariant.ts'
import { hashText } from './digest.ts'
import type { Sim } from './sim.ts'
import type { Unit } from './unit.ts'

/** A declared kind of event; frozen, so keyframes share it. `hash` stands for the name in digests. */
export interface EventKind<U extends Unit, P> {
  readonly name: string
  readonly id: number
  readonly hash: number
  readonly handler: (sim: Sim, unit: U, payload: P) => void
}

/** Any kind, as the queue sees it. */
export type AnyKind = EventKind<Unit, unknown>

const declared: AnyKind[] = []
const names = new Set<string>()

/** Declares a kind; the name is unique in the program ("kafka.fetch"), an invariant otherwise. */
export function eventKind<U extends Unit, P>(
  name: string,
  handler: (sim: Sim, unit: U, payload: P) => void,
): EventKind<U, P> {
  invariant(!names.has(name), 'kernel.event-name-twice', name)
  names.add(name)
  const kind = Object.freeze({ name, id: declared.length, hash: hashText(name), handler })
  // The queue pairs each unit with the kind that was scheduled for it, so the types meet again at dispatch.
  declared.push(kind as unknown as AnyKind)
  return kind
}

/** All declared kinds by id; for the simulator, which reads it with every event. */
export const declaredKinds: readonly AnyKind[] = declared
