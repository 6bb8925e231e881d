import { describe, expect, test } from 'vitest'
import { Stream } from '../../src/kernel/index.ts'
import { shrink } from '../../src/search/shrink.ts'

/** A list of `length` numbers that fails while it holds one of the cores whole. */
function failing(cores: readonly (readonly number[])[]): { fails: (part: readonly number[]) => Promise<boolean>; asked: number[][] } {
  const asked: number[][] = []
  return {
    asked,
    fails: async (part) => {
      asked.push([...part])
      return cores.some((core) => core.every((item) => part.includes(item)))
    },
  }
}

const upTo = (length: number): number[] => Array.from({ length }, (_none, i) => i)

describe('shrinking', () => {
  test('finds a single culprit among fifty', async () => {
    const { fails } = failing([[37]])
    expect(await shrink(upTo(50), fails, 250)).toMatchObject({ part: [37], isMinimal: true })
  })

  test('finds two that break only together, far apart', async () => {
    const { fails } = failing([[3, 48]])
    expect(await shrink(upTo(50), fails, 250)).toMatchObject({ part: [3, 48], isMinimal: true })
  })

  test('a list that fails as nothing shrinks to nothing only if nothing fails', async () => {
    expect((await shrink([1], async (part) => part.length >= 0, 10)).part).toEqual([])
    expect((await shrink([1], async (part) => part.length > 0, 10)).part).toEqual([1])
  })

  test('asks about no part twice, and only about parts in the list\'s order', async () => {
    const { fails, asked } = failing([[1, 20, 33], [2, 5]])
    await shrink(upTo(40), fails, 250)
    expect(new Set(asked.map((part) => part.join())).size).toBe(asked.length)
    for (const part of asked) expect(part).toEqual([...part].sort((a, b) => a - b))
  })

  test('says so when the questions were spent before the proof', async () => {
    const { fails } = failing([[0, 10, 20, 30, 40]])
    const cut = await shrink(upTo(50), fails, 9)
    expect(cut).toMatchObject({ isMinimal: false, runs: 9 })
    expect(cut.part).toEqual(expect.arrayContaining([0, 10, 20, 30, 40]))
  })

  test('at least 95 of 100 failing lists of up to fifty become minimal within 250 runs', async () => {
    const stream = new Stream('shrink corpus')
    let minimal = 0
    let most = 0
    for (let i = 0; i < 100; i++) {
      const length = 2 + stream.below(49)
      const cores = Array.from({ length: 1 + stream.below(3) }, () => {
        const size = 1 + stream.below(Math.min(5, length))
        return [...new Set(Array.from({ length: size }, () => stream.below(length)))]
      })
      const { fails } = failing(cores)
      const { part, runs, isMinimal } = await shrink(upTo(length), fails, 250)
      expect(await fails(part)).toBe(true)
      let isProved = isMinimal
      for (const left of part) if (await fails(part.filter((item) => item !== left))) isProved = false
      expect(isProved).toBe(isMinimal)
      if (isProved) minimal++
      most = Math.max(most, runs)
    }
    console.log(`${minimal} of 100 minimal, at most ${most} runs`)
    expect(minimal).toBeGreaterThanOrEqual(95)
  })
})
