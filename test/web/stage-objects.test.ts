import { describe, expect, it } from 'vitest'
import { recipes } from '../../models/index.ts'
import type { Moment } from '../../web/column-data.ts'
import { aboutOf } from '../../web/stage/about.ts'
import { crossingAt } from '../../web/stage/moments.ts'
import { nextThatWay } from '../../web/stage/roving.ts'
import { objects, type ObjectKind } from '../../web/texts/objects.ts'

const all = recipes.flatMap((recipe) => recipe.knobs.map((knob) => knob.key))

describe('an object of the stage', () => {
  it.each(Object.keys(objects) as ObjectKind[])('%s is explained in sentences, and its keys are keys of some architecture', (kind) => {
    const { what, keys } = objects[kind]
    expect(what).toMatch(/^[A-Z].*\.$/s)
    for (const key of keys) expect(all.some((one) => one === key || one.endsWith(`.${key}`)), key).toBe(true)
  })
  it('shows only the keys that its own column has, at most four, with their values', () => {
    const [recipe] = recipes.filter(({ id }) => id === 'kinesis-lambda')
    const knobs = recipe!.knobs.map((knob) => ({ ...knob, value: knob.default, changed: false, reason: null }))
    const about = aboutOf('poller', knobs)
    expect(about.keys.map((one) => one.key).slice(0, 2)).toEqual(['BatchSize', 'MaximumBatchingWindowInSeconds'])
    expect(about.keys.length).toBeLessThanOrEqual(4)
    expect(aboutOf('broker', knobs).keys).toEqual([])
  })
})

describe('arrow keys on the stage', () => {
  const places = [{ x: 0, y: 0 }, { x: 100, y: 0 }, { x: 10, y: 50 }, { x: 200, y: 5 }]
  it('lead to the nearest object that way, and nowhere beyond the last', () => {
    expect(nextThatWay(places, { x: 0, y: 0 }, 'ArrowRight')).toBe(1)
    expect(nextThatWay(places, { x: 100, y: 0 }, 'ArrowRight')).toBe(3)
    expect(nextThatWay(places, { x: 0, y: 0 }, 'ArrowDown')).toBe(2)
    expect(nextThatWay(places, { x: 200, y: 5 }, 'ArrowRight')).toBe(-1)
    expect(nextThatWay(places, { x: 0, y: 0 }, 'Enter')).toBe(-1)
  })
})

describe('barriers', () => {
  const moments = (...list: readonly (readonly [number, Moment['kind'], number])[]): Moment[] => list.map(([at, kind, which]) => ({ at, kind, which, text: '' }))
  it('cross from the trigger to the end, long enough to be seen, and are gone after it', () => {
    const one = moments([10, 'triggered', 4], [10.1, 'completed', 4])
    expect(crossingAt(one, 9.9, 1)).toBeNull()
    expect(crossingAt(one, 10.25, 1)).toEqual({ part: 0.5, isAborted: false })
    expect(crossingAt(one, 10.6, 1)).toBeNull()
    expect(crossingAt(one, 10.05, 0.001)?.part).toBeCloseTo(0.9)
  })
  it('stand before the sink while the checkpoint does not end, and say when it is aborted', () => {
    expect(crossingAt(moments([10, 'triggered', 4]), 60, 1)).toEqual({ part: 0.9, isAborted: false })
    expect(crossingAt(moments([10, 'triggered', 4], [20, 'aborted', 4]), 20, 1)).toEqual({ part: 1, isAborted: true })
  })
})
