import { describe, expect, it } from 'vitest'
import { Copyable, copyGraph, crash, endUnit, eventKind, pause, resume, Sim, startProcess, Timer, Unit } from '../../src/kernel/index.ts'
import { Listener, pair, say } from './kit.ts'

describe('events', () => {
  it('run in order of time, equal times in the order in which they were scheduled', () => {
    const { sim, a } = pair()
    sim.schedule(20, a, say, 'late')
    sim.schedule(10, a, say, 'first')
    sim.schedule(10, a, say, 'second')
    sim.run(100, true, 100)
    expect(a.texts()).toEqual(['first', 'second', 'late'])
  })

  it('cannot be scheduled in the past', () => {
    const { sim, a } = pair()
    sim.run(100, true, 100)
    expect(() => sim.schedule(99, a, say, 'x')).toThrow(/schedule-in-the-past/)
  })

  it('at the limit run when it is inclusive and wait when it is not', () => {
    const { sim, a } = pair()
    sim.schedule(100, a, say, 'x')
    expect(sim.run(100, false, 100)).toBe('time')
    expect(a.heard).toHaveLength(0)
    expect(sim.now).toBe(100)
    sim.run(100, true, 100)
    expect(a.heard).toHaveLength(1)
  })

  it('stop at the budget and go on from there with the same digest', () => {
    const make = (): { sim: Sim; a: Listener } => {
      const { sim, a } = pair()
      for (let i = 0; i < 50; i++) sim.schedule(i * 7, a, say, String(i))
      return { sim, a }
    }
    const whole = make()
    whole.sim.run(1e6, true, 1e6)
    const parts = make()
    while (parts.sim.run(1e6, true, 1) === 'budget') continue
    expect(parts.sim.digest.text()).toBe(whole.sim.digest.text())
    expect(parts.a.heard).toEqual(whole.a.heard)
  })

  it('for a dead incarnation are dropped and counted, also when it has been restarted', () => {
    const { sim, a } = pair()
    sim.schedule(100, a, say, 'to the first life')
    crash(sim, a, 50)
    sim.run(60, true, 100)
    expect(a.alive).toBe(true)
    expect(a.starts).toBe(1)
    sim.schedule(100, a, say, 'to the second life')
    sim.run(200, true, 100)
    expect(a.texts()).toEqual(['to the second life'])
    expect(sim.dropped).toBe(1)
  })

  it('scheduled for a unit while it is dead never reach its next life', () => {
    const { sim, a } = pair()
    crash(sim, a, Infinity)
    sim.schedule(100, a, say, 'x')
    startProcess(sim, a)
    sim.run(200, true, 100)
    expect(a.heard).toHaveLength(0)
  })
})

describe('units', () => {
  it('a death ends the subtree, children first', () => {
    const order: string[] = []
    class Part extends Unit {
      override died(): void {
        order.push(this.name)
      }
    }
    const { sim, a } = pair()
    const part = new Part(sim, 'part', a)
    new Part(sim, 'leaf', part)
    endUnit(sim, a, 'crash')
    expect(order).toEqual(['leaf', 'part'])
    expect(part.alive).toBe(false)
  })
})

describe('pause', () => {
  it('holds due events and hands them over at resume in their order', () => {
    const { sim, a } = pair()
    sim.schedule(10, a, say, 'one')
    sim.schedule(20, a, say, 'two')
    pause(sim, a)
    sim.run(100, true, 100)
    expect(a.heard).toHaveLength(0)
    resume(sim, a)
    sim.run(100, true, 100)
    expect(a.heard).toEqual([{ at: 100, text: 'one' }, { at: 100, text: 'two' }])
  })

  it('a periodic timer fires once at resume', () => {
    const { sim, a } = pair()
    const tick = eventKind<Listener, null>(`test.tick-${sim.units.length}`, (s, unit) => {
      unit.note(s, 'tick')
      timer.set(s, s.now + 10)
    })
    const timer = new Timer<Listener, null>(a, tick, null)
    timer.set(sim, 10)
    sim.run(25, true, 100)
    pause(sim, a)
    sim.run(95, true, 100)
    resume(sim, a)
    sim.run(114, true, 100)
    expect(a.heard.map((line) => line.at)).toEqual([10, 20, 95, 105])
  })

  it('a crash while frozen forgets what was due', () => {
    const { sim, a } = pair()
    sim.schedule(10, a, say, 'x')
    pause(sim, a)
    sim.run(20, true, 100)
    crash(sim, a, 5)
    sim.run(100, true, 100)
    expect(a.heard).toHaveLength(0)
    expect(a.paused).toBe(false)
  })
})

describe('timers', () => {
  const fired = eventKind<Listener, string>('test.timer-fired', (sim, unit, text) => unit.note(sim, text))

  it('fire once at the time set last, whether moved earlier or later', () => {
    const { sim, a } = pair()
    const timer = new Timer(a, fired, 'x')
    timer.set(sim, 100)
    timer.set(sim, 50)
    timer.set(sim, 70)
    sim.run(1000, true, 100)
    expect(a.heard).toEqual([{ at: 70, text: 'x' }])
  })

  it('do not fire when stopped, and can be set again', () => {
    const { sim, a } = pair()
    const timer = new Timer(a, fired, 'x')
    timer.set(sim, 100)
    timer.stop()
    sim.run(90, true, 100)
    timer.set(sim, 200)
    sim.run(1000, true, 100)
    expect(a.heard).toEqual([{ at: 200, text: 'x' }])
  })

  it('of a dead incarnation are silent; set again in the next life they fire', () => {
    const { sim, a } = pair()
    const timer = new Timer(a, fired, 'x')
    timer.set(sim, 100)
    crash(sim, a, 10)
    sim.run(50, true, 100)
    expect(timer.isSet()).toBe(false)
    timer.set(sim, 300)
    sim.run(1000, true, 100)
    expect(a.heard).toEqual([{ at: 300, text: 'x' }])
  })
})

describe('keyframes', () => {
  it('restore and run gives the digest of the run that went straight on', () => {
    const { sim, a } = pair()
    const stream = sim.random('test/gaps')
    const root = { sim, a, stream }
    const hop = eventKind<Listener, { stream: typeof stream }>('test.hop', (s, unit, payload) => {
      unit.note(s, 'hop')
      s.after(1 + payload.stream.below(50), unit, hop, payload)
    })
    sim.schedule(1, a, hop, { stream })
    sim.run(1000, true, 1e6)
    const keyframe = copyGraph(root)
    sim.run(5000, true, 1e6)
    for (let i = 0; i < 2; i++) {
      const again = copyGraph(keyframe)
      again.sim.run(5000, true, 1e6)
      expect(again.sim.digest.text()).toBe(sim.digest.text())
      expect(again.a.heard).toEqual(a.heard)
      expect(again.a).not.toBe(a)
    }
  })

  it('refuse a function in the state', () => {
    expect(() => copyGraph({ f: () => 1 })).toThrow(/keyframe-function/)
  })

  it('copy an object of a class that extends Copyable without running its constructor', () => {
    let made = 0
    class Base extends Copyable {
      readonly list = [1]
      constructor() {
        super()
        made++
      }
    }
    class Sub extends Base {
      own = 2.5
      at(): number {
        return this.own + this.list.length
      }
    }
    const root = new Sub()
    root.own = 7.5
    const copy = copyGraph({ root, again: root })
    expect(made).toBe(1)
    expect(copy.root).toBeInstanceOf(Sub)
    expect(copy.root.at()).toBe(8.5)
    expect(copy.again).toBe(copy.root)
    copy.root.list.push(2)
    expect(root.list).toEqual([1])
    expect(Object.keys(copy.root)).toEqual(Object.keys(root))
  })

  it('copy objects without a prototype, sets, and nested arrays with holes in their values', () => {
    const bare = Object.assign(Object.create(null) as Record<string, unknown>, { inner: { x: 1 } })
    const root = { bare, set: new Set([bare]), table: [[1, undefined], [bare, null]] }
    const copy = copyGraph(root)
    expect(Object.getPrototypeOf(copy.bare)).toBe(null)
    expect(copy.bare).toEqual(bare)
    expect(copy.bare.inner).not.toBe(bare.inner)
    expect(copy.set.has(copy.bare)).toBe(true)
    expect(copy.table).toEqual(root.table)
    expect((copy.table[1] as unknown[])[0]).toBe(copy.bare)
  })

  it('share what is frozen and copy what is not', () => {
    const frozen = Object.freeze({ x: 1 })
    const root = { frozen, list: [1, 2], map: new Map([[1, { y: 2 }]]), cycle: null as unknown }
    root.cycle = root
    const copy = copyGraph(root)
    expect(copy.frozen).toBe(frozen)
    expect(copy.list).not.toBe(root.list)
    expect(copy.map.get(1)).toEqual({ y: 2 })
    expect(copy.map.get(1)).not.toBe(root.map.get(1))
    expect(copy.cycle).toBe(copy)
  })
})
