/**
 * The method under this symbol returns an independent copy of its object at the same state. Keyframes
 * call it instead of copying field by field; only objects that hold a closure need it.
 */
export const copied: unique symbol = Symbol('copied')

/**
 * An object whose property under this symbol is true is immutable, with all that it holds, and is
 * shared by keyframes instead of copied. Frozen objects are shared too.
 */
export const shared: unique symbol = Symbol('shared')

/**
 * A class that extends this one, however deeply, has copies as fast as what its own constructor makes: a
 * keyframe can allocate them with the class's hidden shape and without running any constructor but this.
 * Copies of other classes are right too, but the engine takes them for objects of another shape.
 */
export class Copyable {}
