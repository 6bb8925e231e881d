import { describe, expect, it } from 'vitest'
import { crash, cut, heal, losePower, pause, resume } from '../../src/kernel/index.ts'
import { closed, connected, opened, pair, say } from './kit.ts'

const MS = 1e6

describe('a connection', () => {
  it('opens after one round trip', () => {
    const { sim, a, b } = pair(3 * MS)
    sim.network.connect(sim, a, b, opened, closed)
    sim.run(1e9, true, 100)
    expect(a.texts()).toEqual(['opened'])
    expect(a.heard[0]?.at).toBeGreaterThanOrEqual(6 * MS)
    expect(a.heard[0]?.at).toBeLessThan(6.1 * MS)
  })

  it('delivers in order what was sent in order, whatever the sizes', () => {
    const { sim, a, b, line } = connected()
    line.send(sim, a, say, 'big', 10_000_000)
    line.send(sim, a, say, 'small', 10)
    sim.run(2e9, true, 100)
    expect(b.texts()).toEqual(['big', 'small'])
    expect(b.heard[0]?.at).toBeGreaterThan(1e9 + 8 * MS)
  })

  it('keeps what is sent before it is open until it is', () => {
    const { sim, a, b } = pair()
    const line = sim.network.connect(sim, a, b, opened, closed)
    line.send(sim, a, say, 'early', 10)
    sim.run(1e9, true, 100)
    expect(b.texts()).toEqual(['early'])
    expect(b.heard[0]?.at).toBeGreaterThanOrEqual(3 * MS)
  })

  it('is refused after one round trip by a host whose process is dead', () => {
    const { sim, a, b } = pair(2 * MS)
    crash(sim, b, Infinity)
    sim.network.connect(sim, a, b, opened, closed)
    sim.run(1e9, true, 100)
    expect(a.texts()).toEqual(['closed'])
    expect(a.heard[0]?.at).toBeLessThan(4.1 * MS)
  })

  it('to a host without power stays silent', () => {
    const { sim, a, b } = pair()
    losePower(sim, b.host, Infinity, 'power-loss')
    sim.network.connect(sim, a, b, opened, closed)
    sim.run(30e9, true, 1000)
    expect(a.heard).toHaveLength(0)
  })
})

describe('a crash', () => {
  it('is seen as a reset after the bytes already sent', () => {
    const { sim, a, b, line } = connected()
    line.send(sim, b, say, 'last words', 10)
    crash(sim, b, Infinity)
    sim.run(2e9, true, 100)
    expect(a.texts()).toEqual(['last words', 'closed'])
  })

  it('is unknown to the peer until the reset arrives: it can still send', () => {
    const { sim, a, b, line } = connected(5 * MS)
    crash(sim, b, Infinity)
    expect(line.send(sim, a, say, 'x', 10)).toBe(true)
    sim.run(2e9, true, 100)
    expect(line.send(sim, a, say, 'y', 10)).toBe(false)
    expect(b.heard).toHaveLength(0)
  })

  it('lets nothing cross to the later incarnation', () => {
    const { sim, a, b, line } = connected(5 * MS)
    line.send(sim, a, say, 'for the first life', 10)
    crash(sim, b, 1 * MS)
    sim.run(2e9, true, 100)
    expect(b.alive).toBe(true)
    expect(b.heard).toHaveLength(0)
  })

  it('behind a cut is silent; data sent later is answered by a reset once the cut heals', () => {
    const { sim, a, b, line } = connected()
    cut(sim, a.host, b.host)
    cut(sim, b.host, a.host)
    crash(sim, b, Infinity)
    sim.run(5e9, true, 100)
    expect(a.heard).toHaveLength(0)
    line.send(sim, a, say, 'x', 10)
    sim.run(5.1e9, true, 100)
    heal(sim, a.host, b.host)
    heal(sim, b.host, a.host)
    sim.run(10e9, true, 100)
    expect(a.texts()).toEqual(['closed'])
  })

  it('of power tells nobody; after the host is back the peer learns it with its next data', () => {
    const { sim, a, b, line } = connected()
    losePower(sim, b.host, 3e9, 'power-loss')
    line.send(sim, a, say, 'x', 10)
    sim.run(3.9e9, true, 100)
    expect(a.heard).toHaveLength(0)
    sim.run(20e9, true, 100)
    expect(a.texts()).toEqual(['closed'])
    expect(b.heard).toHaveLength(0)
  })
})

describe('a cut', () => {
  it('delays data to the retransmission after it heals: 200 ms, doubling', () => {
    const { sim, a, b, line } = connected()
    cut(sim, a.host, b.host)
    line.send(sim, a, say, 'x', 10)
    line.send(sim, a, say, 'y', 10)
    sim.run(2e9, true, 100)
    heal(sim, a.host, b.host)
    sim.run(10e9, true, 100)
    expect(b.texts()).toEqual(['x', 'y'])
    // Stalled at 1.001 s; tries 0.2, 0.6, 1.4 s later: the third finds the path open.
    expect(b.heard[0]?.at).toBeGreaterThan(2.4e9)
    expect(b.heard[0]?.at).toBeLessThan(2.41e9)
  })

  it('one way lets the other direction flow until the window of 1 MiB is full', () => {
    const { sim, a, b, line } = connected()
    cut(sim, a.host, b.host)
    for (let i = 0; i < 20; i++) line.send(sim, b, say, String(i), 100_000)
    sim.run(2e9, true, 1000)
    const before = a.heard.length
    expect(before).toBeLessThan(12)
    heal(sim, a.host, b.host)
    sim.run(10e9, true, 1000)
    expect(a.heard).toHaveLength(20)
  })
})

describe('loss', () => {
  it('that is over loses nothing more: what is sent again comes within about as long as it lasted', () => {
    const { sim, a, b, line } = connected()
    const path = sim.network.path(a.host, b.host)
    path.addLoss(900)
    for (let i = 0; i < 20; i++) line.send(sim, a, say, String(i), 100)
    sim.run(4e9, true, 10_000)
    path.removeLoss(900)
    sim.run(100e9, true, 10_000)
    expect(b.heard).toHaveLength(20)
    expect((b.heard[19] as { at: number }).at).toBeLessThan(9e9)
  })

  it('overlaps: a message passes only if it gets past each, and what ends takes only its own share', () => {
    const { sim, a, b } = pair()
    const path = sim.network.path(a.host, b.host)
    path.addLoss(590)
    path.addLoss(640)
    expect(path.lossPerMille).toBe(852)
    path.removeLoss(590)
    expect(path.lossPerMille).toBe(640)
  })

  it('is retransmission: everything arrives, in order, later', () => {
    const { sim, a, b, line } = connected()
    sim.network.path(a.host, b.host).addLoss(300)
    for (let i = 0; i < 100; i++) line.send(sim, a, say, String(i), 100)
    sim.run(100e9, true, 10_000)
    expect(b.texts()).toEqual(Array.from({ length: 100 }, (_, i) => String(i)))
    expect((b.heard[99] as { at: number }).at).toBeGreaterThan(1.2e9)
  })
})

describe('a frozen process', () => {
  it('has its data taken in by its host and handles it on resume', () => {
    const { sim, a, b, line } = connected()
    pause(sim, b)
    line.send(sim, a, say, 'x', 10)
    sim.run(3e9, true, 100)
    expect(b.heard).toHaveLength(0)
    resume(sim, b)
    sim.run(3e9, true, 100)
    expect(b.heard).toEqual([{ at: 3e9, text: 'x' }])
  })

  it('still has its connections accepted by its host', () => {
    const { sim, a, b } = pair()
    pause(sim, b)
    sim.network.connect(sim, a, b, opened, closed)
    sim.run(1e9, true, 100)
    expect(a.texts()).toEqual(['opened'])
  })
})

describe('messages on the wire', () => {
  it('can be listed until they are handled', () => {
    const { sim, a, b, line } = connected()
    line.send(sim, a, say, 'x', 10)
    const seen: unknown[] = []
    line.forEachInFlight(b, (payload) => seen.push(payload))
    expect(seen).toEqual(['x'])
    sim.run(2e9, true, 100)
    line.forEachInFlight(b, (payload) => seen.push(payload))
    expect(seen).toEqual(['x'])
  })
})
