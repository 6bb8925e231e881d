import { describe, expect, it } from 'vitest'
import { crash, exponential, eventKind, pause, resume, Server, slow } from '../../src/kernel/index.ts'
import { Listener, pair } from './kit.ts'

const served = eventKind<Listener, string>('test.served', (sim, unit, text) => unit.note(sim, text))

describe('a server', () => {
  it('serves first come first served, each job for its service time', () => {
    const { sim, a } = pair()
    const server = new Server(a, 1)
    server.submit(sim, 100, a, served, 'one')
    server.submit(sim, 50, a, served, 'two')
    sim.run(1000, true, 100)
    expect(a.heard).toEqual([{ at: 100, text: 'one' }, { at: 150, text: 'two' }])
    expect(server.length).toBe(0)
  })

  it('of width k serves k at a time', () => {
    const { sim, a } = pair()
    const server = new Server(a, 2)
    for (const text of ['one', 'two', 'three']) server.submit(sim, 100, a, served, text)
    sim.run(1000, true, 100)
    expect(a.heard.map((line) => line.at)).toEqual([100, 100, 200])
  })

  it('keeps the remaining time of its jobs while its process is frozen', () => {
    const { sim, a } = pair()
    const server = new Server(a, 1)
    server.submit(sim, 100, a, served, 'one')
    server.submit(sim, 100, a, served, 'two')
    sim.run(30, true, 100)
    pause(sim, a)
    sim.run(1030, true, 100)
    resume(sim, a)
    sim.run(5000, true, 100)
    expect(a.heard.map((line) => line.at)).toEqual([1100, 1200])
  })

  it('stretches only what is left when its process slows, and goes back to speed', () => {
    const { sim, a } = pair()
    const server = new Server(a, 1)
    const job = server.submit(sim, 100, a, served, 'one')
    sim.run(40, true, 100)
    slow(sim, a, 4)
    sim.run(80, true, 100)
    expect(server.progress(sim, job)).toBeCloseTo(0.5)
    slow(sim, a, 1)
    sim.run(5000, true, 100)
    expect(a.heard[0]?.at).toBe(130)
  })

  it('forgets its jobs when its owner dies, and serves in the next life', () => {
    const { sim, a } = pair()
    const server = new Server(a, 1)
    server.submit(sim, 100, a, served, 'lost')
    crash(sim, a, 10)
    sim.run(50, true, 100)
    server.submit(sim, 100, a, served, 'kept')
    sim.run(5000, true, 100)
    expect(a.heard).toEqual([{ at: 150, text: 'kept' }])
  })

  it('M/M/1 at load 0.8: mean time in system 5 service times within 3 %', () => {
    const { sim, a } = pair(1e6, 'mm1')
    const server = new Server(a, 1)
    const stream = sim.random('test/mm1')
    const state = { sum: 0, count: 0 }
    const leave = eventKind<Listener, number>('test.mm1-leave', (s, _unit, at) => {
      state.sum += s.now - at
      state.count++
    })
    const enter = eventKind<Listener, null>('test.mm1-enter', (s, unit) => {
      server.submit(s, Math.round(exponential(stream) * 1e6), unit, leave, s.now)
      s.after(Math.round(exponential(stream) * 1.25e6), unit, enter, null)
    })
    sim.schedule(0, a, enter, null)
    sim.run(400e9, true, 1e7)
    expect(state.count).toBeGreaterThan(300_000)
    expect(state.sum / state.count / 5e6).toBeGreaterThan(0.97)
    expect(state.sum / state.count / 5e6).toBeLessThan(1.03)
  })
})
