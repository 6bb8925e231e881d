/**
 * Copies a whole object graph: a keyframe of a run, or the run again from a keyframe. Frozen objects and those
 * marked `shared` are immutable and not copied; a method named by `copied` copies what holds foreign state.
 */
import { Copyable, copied, shared } from './copied.ts'
import { invariant } from './invariant.ts'

type Marked = { readonly [shared]?: boolean; readonly [copied]?: () => object }
type Fields = Record<string, unknown>

const OBJECT = 0
const COPYABLE = 1
const ARRAY = 2
const TYPED = 3
const MAP = 4
const SET = 5

/** How objects with one prototype are copied. */
type Way = { readonly kind: number; readonly make: new () => object }

const nothing: [] = []

/** A deep copy that keeps identity inside the graph; functions under the root are an invariant. */
export function copyGraph<T extends object>(root: T): T {
  const copier = new Copier()
  const copy = copier.shell(root)
  copier.fillAll()
  return copy as T
}

class Copier {
  private readonly made = new Map<object, object>()
  private readonly ways = new Map<object | null, Way>()
  // No object has the prototype that it is asked about first, so the first question fills both.
  private lastPrototype: object | null = this
  private lastWay: Way = { kind: OBJECT, make: Object as unknown as new () => object }
  /** Objects whose copies are made but empty, each followed by its copy. */
  private readonly todo: object[] = []

  /** The copy of an object, to be filled later when it is new; the object itself when it is shared. */
  shell(from: object): object {
    const known = this.made.get(from)
    if (known !== undefined) return known
    const marked = from as Marked
    if (marked[shared] === true) return from
    let to: object
    const copyItself = marked[copied]
    if (copyItself !== undefined) to = copyItself.call(from)
    else {
      const way = this.wayOf(from)
      if (way.kind === TYPED) to = (from as Int32Array).slice()
      else if (Object.isFrozen(from)) return from
      else {
        if (way.kind === COPYABLE) to = Reflect.construct(Copyable, nothing, way.make)
        // A slice keeps what the engine knows of an array's elements.
        else if (way.kind === ARRAY) to = (from as unknown[]).slice()
        else if (way.kind === MAP) to = new Map()
        else if (way.kind === SET) to = new Set()
        else to = Object.create(Object.getPrototypeOf(from) as object | null) as object
        this.todo.push(from, to)
      }
    }
    this.made.set(from, to)
    return to
  }

  fillAll(): void {
    for (let to = this.todo.pop(); to !== undefined; to = this.todo.pop()) {
      const from = this.todo.pop() as object
      if (Array.isArray(to)) this.fillArray(to)
      else if (to instanceof Map) {
        for (const [key, item] of from as Map<unknown, unknown>) to.set(this.value(key), this.value(item))
      } else if (to instanceof Set) for (const item of from as Set<unknown>) to.add(this.value(item))
      else this.fillFields(from as Fields, to as Fields)
    }
  }

  private fillFields(from: Fields, to: Fields): void {
    const keys = Object.keys(from)
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i] as string
      const value = from[key]
      // In the order of the original, numbers as they are: so the copy goes through the same hidden shapes.
      to[key] = typeof value === 'number' ? value : this.value(value)
    }
  }

  private fillArray(to: unknown[]): void {
    for (let i = 0; i < to.length; i++) {
      const value = to[i]
      if (typeof value === 'object' ? value !== null : typeof value === 'function') to[i] = this.value(value)
    }
  }

  private value(from: unknown): unknown {
    if (typeof from === 'function') invariant(false, 'kernel.keyframe-function', from.name)
    return typeof from === 'object' && from !== null ? this.shell(from) : from
  }

  private wayOf(from: object): Way {
    const prototype = Object.getPrototypeOf(from) as object | null
    if (prototype === this.lastPrototype) return this.lastWay
    let way = this.ways.get(prototype)
    if (way === undefined) {
      way = { kind: kindOf(from, prototype), make: (prototype?.constructor ?? Object) as new () => object }
      this.ways.set(prototype, way)
    }
    this.lastPrototype = prototype
    this.lastWay = way
    return way
  }
}

function kindOf(from: object, prototype: object | null): number {
  if (Array.isArray(from)) return ARRAY
  if (ArrayBuffer.isView(from)) return TYPED
  if (from instanceof Map) return MAP
  if (from instanceof Set) return SET
  const maker = prototype === null ? undefined : prototype.constructor
  return from instanceof Copyable && maker?.prototype === prototype ? COPYABLE : OBJECT
}
