import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rowsOf, wideFor, zoneX } from '../../web/stage/geometry.ts'

describe('the stage', () => {
  it('has its smallest form at 528 x 464, and is scaled down where there is less width', () => {
    const smallest = wideFor(528, 464)
    expect([smallest.width, rowsOf(smallest).height, smallest.log, smallest.processing]).toEqual([528, 464, 168, 96])
    expect(wideFor(448, 394)).toEqual(smallest)
  })
  it('gives the room of a large screen to bars, lanes and cells, not to gaps', () => {
    const large = wideFor(1044, 900)
    const smallest = wideFor(528, 464)
    expect(large.barWidth / large.width).toBeGreaterThan(smallest.barWidth / smallest.width)
    expect(large.log / 12).toBeGreaterThan(20)
    expect(large.slotHeight).toBeGreaterThan(smallest.slotHeight * 1.3)
    expect([large.zoneGap, large.slotGap, large.barX]).toEqual([smallest.zoneGap, smallest.slotGap, smallest.barX])
    expect(large.gutter - smallest.gutter).toBeLessThanOrEqual(8)
  })
  it('never draws beyond the box it was given', () => {
    fc.assert(fc.property(fc.integer({ min: 528, max: 1600 }), fc.integer({ min: 464, max: 1600 }), (width, height) => {
      const g = wideFor(width, height)
      const scale = width / g.width
      expect(rowsOf(g).height * scale).toBeLessThanOrEqual(height + 1)
      expect(zoneX(g, 'c') + g.zone).toBeLessThanOrEqual(g.width + 1e-9)
      expect(g.pollerPitch * 24).toBeLessThanOrEqual(g.width + 1e-9)
    }))
  })
})
