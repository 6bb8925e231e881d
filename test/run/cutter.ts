/** Passes what a plant says on in pieces cut at random, to the ledger and to a shadow counter beside it. */
import type { Recipe } from '../../src/contract/architecture.ts'
import type { CauseCode } from '../../src/contract/cause.ts'
import type { Answer, Outside, ViewDeclaration } from '../../src/contract/outside.ts'
import { Stream, streamSeed } from '../../src/kernel/index.ts'
import { Shadow } from '../measure/shadow.ts'

export class Cutter implements Outside {
  private readonly inner: Outside
  private readonly shadow: Outside
  private readonly stream: Stream

  constructor(inner: Outside, shadow: Outside, seed: string) {
    this.inner = inner
    this.shadow = shadow
    this.stream = new Stream(streamSeed(seed, 'cutter'))
  }

  view(declaration: ViewDeclaration): number {
    this.shadow.view(declaration)
    return this.inner.view(declaration)
  }

  answered(lane: number, first: number, count: number, answer: Answer): void {
    this.cut(first, count, (from, n) => {
      this.inner.answered(lane, from, n, answer)
      this.shadow.answered(lane, from, n, answer)
    })
  }

  processed(lane: number, first: number, count: number): void {
    this.cut(first, count, (from, n) => this.inner.processed(lane, from, n))
  }

  visible(view: number, lane: number, first: number, count: number, copy: number, writerReplaced: boolean): void {
    this.cut(first, count, (from, n) => {
      this.inner.visible(view, lane, from, n, copy, writerReplaced)
      this.shadow.visible(view, lane, from, n, copy, writerReplaced)
    })
  }

  retracted(view: number, lane: number, first: number, count: number, copy: number, cause: CauseCode): void {
    this.cut(first, count, (from, n) => {
      this.inner.retracted(view, lane, from, n, copy, cause)
      this.shadow.retracted(view, lane, from, n, copy, cause)
    })
  }

  repeatRefused(view: number, lane: number, first: number, count: number, copy: number): void {
    this.cut(first, count, (from, n) => this.inner.repeatRefused(view, lane, from, n, copy))
  }

  dropped(cause: CauseCode, lane: number, first: number, count: number): void {
    this.cut(first, count, (from, n) => this.inner.dropped(cause, lane, from, n))
  }

  filtered(lane: number, first: number, count: number): void {
    this.cut(first, count, (from, n) => this.inner.filtered(lane, from, n))
  }

  deadLettered(cause: CauseCode, lane: number, first: number, count: number): void {
    this.cut(first, count, (from, n) => this.inner.deadLettered(cause, lane, from, n))
  }

  late(lane: number, first: number, count: number): void {
    this.cut(first, count, (from, n) => this.inner.late(lane, from, n))
  }

  private cut(first: number, count: number, tell: (from: number, count: number) => void): void {
    for (let left = count; left > 0;) {
      const n = 1 + this.stream.below(left)
      tell(first + count - left, n)
      left -= n
    }
  }
}

/** The same architecture, whose words are cut; `shadow` counts along. */
export function cutRecipe(recipe: Recipe, seed: string): { readonly recipe: Recipe; readonly shadow: Shadow } {
  const shadow = new Shadow()
  return { shadow, recipe: { ...recipe, build: (world) => recipe.build({ ...world, outside: new Cutter(world.outside, shadow, seed) }) } }
}
