import { describe, expect, test } from 'vitest'
import { simplify, variantsOf } from '../../src/search/simplify.ts'

describe('simpler faults', () => {
  test('are shorter as text, or last less', () => {
    expect(variantsOf('crash broker-1 at 7300ms for 12500ms')).toEqual([
      'crash broker-1 at 7.3s', 'crash broker-1 at 7.3s for 6s', 'crash broker-1 at 7.3s for 13s',
      'crash broker-1 at 7s for 12.5s', 'crash broker-1 at 8s for 12.5s',
    ])
    expect(variantsOf('pause broker-1 on kafka.leader-elected #7 where partition = 2 after 5500ms')).toEqual([
      'pause broker-1 on kafka.leader-elected where partition = 2 after 5.5s',
      'pause broker-1 on kafka.leader-elected #7 after 5.5s',
      'pause broker-1 on kafka.leader-elected #7 where partition = 2 after 5s',
    ])
    expect(variantsOf('crash broker-1 at 7s')).toEqual([])
    expect(variantsOf('no fault at all')).toEqual([])
  })

  test('a plan keeps failing at each step, and its other faults as they are', async () => {
    const asked: string[][] = []
    const { plan, runs } = await simplify(['crash broker-1 at 7300ms for 12500ms', 'pause broker-2 at 2s for 9s'], async (part) => {
      asked.push([...part])
      return part[0]?.includes('for') === true && !part[0].includes('for 1s') && part[1] === 'pause broker-2 at 2s for 9s'
    }, 100)
    expect(plan).toEqual(['crash broker-1 at 7s for 3s', 'pause broker-2 at 2s for 9s'])
    expect(runs).toBe(asked.length)
  })

  test('it stops when its runs are spent', async () => {
    const { runs } = await simplify(['crash broker-1 at 7300ms for 12500ms'], async () => true, 2)
    expect(runs).toBe(2)
  })
})
