import { describe, expect, it } from 'vitest'
import { aheadSeconds, bindClick, seek, speedText, tick, wanted, type Bounds, type Playback } from '../../web/player.ts'

const playing: Playback = { playhead: 10, playing: true, speed: 1 }
const bounds: Bounds = { reached: 10.2, oldest: 2, finished: false }

describe('player', () => {
  it('moves by wall time times speed', () => {
    expect(tick(playing, 0.05, bounds).playhead).toBeCloseTo(10.05, 9)
    expect(tick({ ...playing, speed: 0.001 }, 0.05, bounds).playhead).toBeCloseTo(10.00005, 9)
  })
  it('never passes what the slowest column has reached', () => {
    expect(tick({ ...playing, speed: 10 }, 0.1, bounds).playhead).toBe(10.2)
    expect(tick({ ...playing, speed: Infinity }, 0.001, bounds).playhead).toBe(10.2)
  })
  it('does not jump after a tab slept', () => {
    expect(tick(playing, 60, { ...bounds, reached: 99 }).playhead).toBeCloseTo(10.1, 9)
  })
  it('does not fall back when a column was taken back behind the playhead', () => {
    expect(tick(playing, 0.05, { ...bounds, reached: 9 }).playhead).toBe(10)
  })
  it('stops at the end of a finished run and stands still while paused', () => {
    const end = tick({ ...playing, playhead: 10.19 }, 0.05, { ...bounds, finished: true })
    expect(end).toMatchObject({ playhead: 10.2, playing: false })
    const paused = { ...playing, playing: false }
    expect(tick(paused, 1, bounds)).toBe(paused)
  })
  it('drives the engines at most 250 ms ahead while playing, and not at all while paused', () => {
    expect(aheadSeconds).toBeLessThanOrEqual(0.25)
    expect(wanted(playing)).toBeCloseTo(10 + aheadSeconds, 9)
    expect(wanted({ ...playing, playing: false })).toBe(10)
  })
  it.each([[36.2, 36.2], [36.2001, 36.201], [36.2009999, 36.201], [0, 0], [0.0000001, 0.001], [30.000000000000004, 30]])(
    'binds a click at %d to the next whole millisecond', (at, bound) => {
      expect(bindClick(at)).toBe(bound)
    })
  it('scrubs only between the oldest frame kept and the last one computed', () => {
    expect(seek(playing, 0, bounds).playhead).toBe(2)
    expect(seek(playing, 99, bounds).playhead).toBe(10.2)
    expect(seek(playing, 5, bounds).playhead).toBe(5)
  })
  it('says speeds as fractions, factors or max', () => {
    expect([0.001, 0.5, 1, 10, Infinity].map(speedText)).toEqual(['1/1000', '1/2', '1×', '10×', 'max'])
  })
})
