/**
 * Copies a whole object graph: a keyframe of a run, or the run again from a keyframe. Frozen objects and those
 * marked `shared` are immutable and not copied; a method named by `copied` copies what holds foreign state.
 */
import { copied, shared } from './copied.ts'
import { invariant } from './invariant.ts'

type Marked = { readonly [shared]?: boolean; readonly [copied]?: () => object }

/** A deep copy that keeps identity inside the graph; functions under the root are an invariant. */
export function copyGraph<T extends object>(root: T): T {
  const made = new Map<object, object>()
  const todo: object[] = []

  const shell = (from: object): object => {
    const known = made.get(from)
    if (known !== undefined) return known
    const marked = from as Marked
    let to: object
    if (marked[shared] === true) return from
    if (marked[copied] !== undefined) to = (marked[copied] as () => object).call(from)
    else if (ArrayBuffer.isView(from)) to = (from as Int32Array).slice()
    else if (Object.isFrozen(from)) return from
    else {
      if (Array.isArray(from)) to = new Array<unknown>(from.length)
      else if (from instanceof Map) to = new Map()
      else if (from instanceof Set) to = new Set()
      else to = Object.create(Object.getPrototypeOf(from) as object) as object
      todo.push(from)
    }
    made.set(from, to)
    return to
  }

  const value = (from: unknown): unknown => {
    if (typeof from === 'function') invariant(false, 'kernel.keyframe-function', from.name)
    return typeof from === 'object' && from !== null ? shell(from) : from
  }

  const copy = shell(root)
  for (let from = todo.pop(); from !== undefined; from = todo.pop()) {
    const to = made.get(from)
    if (Array.isArray(from)) {
      const target = to as unknown[]
      for (let i = 0; i < from.length; i++) target[i] = value(from[i])
    } else if (from instanceof Map) {
      const target = to as Map<unknown, unknown>
      for (const [key, item] of from) target.set(value(key), value(item))
    } else if (from instanceof Set) {
      const target = to as Set<unknown>
      for (const item of from) target.add(value(item))
    } else {
      const source = from as Record<string, unknown>
      const target = to as Record<string, unknown>
      const keys = Object.keys(source)
      for (let i = 0; i < keys.length; i++) {
        const key = keys[i] as string
        target[key] = value(source[key])
      }
    }
  }
  return copy as T
}
