import { readPasted } from '../../src/host/paste.ts'
import { beforeEach, describe, expect, it } from 'vitest'
import type { RunSpec } from '../../src/host/api.ts'
import type { Host } from '../../web/host.ts'
import { Store } from '../../web/store.ts'
import { FakeEngine } from './fake-engine.ts'

const spec: RunSpec = {
  version: 1, model: 'made-up', scenario: 'fraud-detection', seed: '7', architectures: [{ id: 'kafka-flink' }, { id: 'kinesis-lambda' }], faults: [], changes: [],
}

function host(): Host & { opened: FakeEngine[]; closed: number } {
  const made: FakeEngine[] = []
  const self = {
    opened: made, closed: 0, firstSpec: spec, eventsMax: 1000, sceneTitle: () => '', paste: readPasted,
    open: () => {
      const engine = new FakeEngine()
      made.push(engine)
      return engine
    },
    close: () => {
      self.closed++
    },
    encode: async () => '',
    decode: async () => ({ ok: true as const, value: spec }),
    csv: () => [],
  }
  return self
}

/** Lets the store's calls to its engines settle; the made-up engines answer at once. */
async function settle(): Promise<void> {
  for (let i = 0; i < 50; i++) await Promise.resolve()
}

describe('store', () => {
  let store: Store
  beforeEach(async () => {
    store = new Store(host())
    await store.open(spec, 10, false)
  })

  it('opens with ten seconds already simulated in both columns', () => {
    expect(store.columns.map((column) => column.reached)).toEqual([10, 10])
    expect(store.play.playhead).toBe(10)
    expect(store.columns[0]!.ring.length).toBe(100)
    expect(store.columns[1]!.value('m.offeredRate', 10)).toBeGreaterThan(9000)
  })

  it('plays on and keeps the engines at most 250 ms ahead', async () => {
    store.toggle()
    for (let i = 0; i < 40; i++) {
      store.frame(0.05)
      await settle()
      for (const column of store.columns) expect(column.reached - store.play.playhead).toBeLessThanOrEqual(0.25 + 1e-9)
    }
    expect(store.play.playhead).toBeGreaterThan(11.5)
  })

  it('binds a strike to the playhead, in both columns, and discards what lay beyond', async () => {
    store.toggle()
    for (let i = 0; i < 6; i++) {
      store.frame(0.05)
      await settle()
    }
    const at = Math.ceil(store.play.playhead * 1000 - 1e-6) / 1000
    const done = store.strike({ kind: 'crash', target: 'processor-1' })
    await settle()
    expect(await done).toBe(true)
    expect(store.spec.faults).toEqual([`crash processor-1 at ${Math.round(at * 1000)}ms`])
    for (const column of store.columns) {
      expect(column.reached).toBeLessThanOrEqual(at)
      expect(column.ring.newest).toBeLessThanOrEqual(at)
    }
    for (let i = 0; i < 40; i++) {
      store.frame(0.05)
      await settle()
    }
    expect(store.columns[0]!.value('node.taskmanager-1.state', store.play.playhead)).toBe(0)
    expect(store.columns[1]!.marks.filter((mark) => mark.kind === 'again')).toMatchObject([{ amount: 50 }])
  })

  it('takes the last fault back and returns to its moment', async () => {
    await store.addFault('crash processor-1 at 10050ms')
    await store.goTo(12)
    expect(store.columns[0]!.facts.some((fact) => fact.code === 'flink.taskmanager-died')).toBe(true)
    expect(await store.undo()).toBe(true)
    expect(store.spec.faults).toEqual([])
    expect(store.play.playhead).toBe(10.05)
    await store.goTo(12)
    expect(store.columns[0]!.facts.some((fact) => fact.code === 'flink.taskmanager-died')).toBe(false)
    expect(store.columns[1]!.marks.some((mark) => mark.kind === 'again')).toBe(false)
  })

  it('puts an edit that was taken back in force again, and replays for a setting', async () => {
    await store.addFault('crash processor-1 at 10050ms')
    await store.setKnob(0, 'acks', '1')
    await store.undo()
    expect(store.spec).toMatchObject({ faults: ['crash processor-1 at 10050ms'], architectures: [{ id: 'kafka-flink' }, {}] })
    expect(store.spec.architectures[0]!.settings).toBeUndefined()
    await store.redo()
    expect(store.spec.architectures[0]!.settings).toEqual({ acks: '1' })
    expect(await store.redo()).toBe(false)
  })

  it('puts edits in force one after another, each made of the one before', async () => {
    await store.addFault('crash processor-1 at 10050ms')
    const edits = [
      store.setFault(0, (text) => `${text} for 3s`), store.addFault('crash processor-2 at 10100ms'),
      store.setFault(0, (text) => text.replace('10050ms', '9s')), store.setFault(1, () => null),
    ]
    expect(await Promise.all(edits)).toEqual([true, true, true, true])
    expect(store.spec.faults).toEqual(['crash processor-1 at 9s for 3s'])
    await Promise.all([store.undo(), store.undo(), store.undo(), store.undo(), store.undo(), store.undo()])
    expect(store.spec).toBe(spec)
  })

  it('keeps what an edit takes back as a ghost, of a fault from its moment, of a setting from the start', async () => {
    await store.goTo(20)
    await store.addFault('crash processor-1 at 12s')
    expect(store.ghost).toMatchObject({ at: 12, spec: { faults: [] } })
    const [column] = store.columns
    expect([column!.ghost.length, column!.ghost[0]![column!.slot('time')]]).toEqual([80, 12.1])
    store.toggleGhost()
    expect([store.ghostShown, column!.ghost.length]).toEqual([false, 0])
    await store.setKnob(0, 'acks', '1')
    expect(store.ghost).toMatchObject({ at: 0 })
    expect(store.columns[0]!.ghost.length).toBe(120)
    store.dropGhost()
    expect([store.ghost, store.columns[0]!.ghost.length]).toEqual([null, 0])
  })

  it('does not take the run-ahead of the engines for a future', async () => {
    store.toggle()
    for (let i = 0; i < 6; i++) {
      store.frame(0.05)
      await settle()
    }
    await store.strike({ kind: 'crash', target: 'processor-1' })
    expect(store.ghost).toBeNull()
  })

  it('moves a fault and takes one out, each as one step', async () => {
    await store.addFault('crash processor-1 at 10050ms')
    await store.setFault(0, () => 'crash processor-1 at 9s')
    expect(store.spec.faults).toEqual(['crash processor-1 at 9s'])
    expect(store.play.playhead).toBe(9)
    await store.setFault(0, () => null)
    expect(store.spec.faults).toEqual([])
    await store.undo()
    await store.undo()
    expect(store.spec.faults).toEqual(['crash processor-1 at 10050ms'])
  })

  it('shows every issue of a fault that is refused and keeps spec and scene', async () => {
    expect(await store.addFault('what is this')).toBe(false)
    expect(store.issues.length).toBeGreaterThan(0)
    expect(store.spec).toBe(spec)
    expect(store.columns[0]!.ring.length).toBe(100)
    await store.goTo(10.5)
    expect(store.columns.map((column) => column.reached)).toEqual([10.5, 10.5])
  })

  it('keeps the running scene when a changed setting is refused, replays when it is accepted', async () => {
    const before = store.columns
    expect(await store.setKnob(0, 'acks', 'wrong')).toBe(false)
    expect(store.columns).toBe(before)
    expect(store.issues[0]!.path).toContain('acks')
    expect(await store.setKnob(0, 'acks', '1')).toBe(true)
    expect(store.columns).not.toBe(before)
    expect(store.spec.architectures[0]!.settings).toEqual({ acks: '1' })
    expect(store.play.playhead).toBe(10)
    expect(store.columns[0]!.opened.knobs.find((knob) => knob.key === 'acks')).toMatchObject({ value: '1', changed: true })
  })

  it('stops at an engine that fails, says so, and does not ask it again and again', async () => {
    const engine = store.columns[0]!.engine as FakeEngine
    let asked = 0
    engine.advance = async () => {
      asked++
      return { ok: false, issues: [{ code: 'engine.bug', path: '', line: null, message: 'broken rule' }] }
    }
    store.toggle()
    for (let i = 0; i < 20; i++) {
      store.frame(0.05)
      await settle()
    }
    expect(store.issues).toMatchObject([{ code: 'engine.bug' }])
    expect(store.play.playing).toBe(false)
    expect(asked).toBe(1)
  })

  it('steps by one frame, back without computing, to the next protocol moment, fault and record', async () => {
    await store.step(1)
    expect(store.play.playhead).toBeCloseTo(10.1, 9)
    await store.step(-1)
    expect(store.play.playhead).toBeCloseTo(10, 9)
    expect(store.columns[0]!.reached).toBeCloseTo(10.1, 9)
    await store.addFault('crash processor-1 at 15s')
    await store.nextFact()
    expect(store.play.playhead).toBe(10.2)
    expect(store.moment).toContain('heckpoint')
    await store.nextFault()
    expect(store.play.playhead).toBe(15)
    expect(store.columns[0]!.reached).toBe(15)
    await store.nextRecord()
    expect(store.play.playhead).toBe(15.0001)
    expect(store.record).toBe('source-1:100')
    store.toggle()
    expect(store.moment).toBe('')
  })

  it('goes on in pictures a second apart where no motion is wanted', async () => {
    const painted: number[] = []
    store.onPaint((playhead) => painted.push(playhead))
    store.reducedMotion = true
    store.toggle()
    for (let i = 0; i < 45; i++) {
      store.frame(0.1)
      await settle()
    }
    expect(store.play.playhead).toBeGreaterThan(13)
    expect(painted.length).toBe(4)
  })

  it('widens the lanes of both columns with the oldest debt', async () => {
    expect(store.span).toBe(2)
    await store.addFault('crash processor-1 at 10s')
    await store.goTo(16)
    expect(store.span).toBe(10)
  })

  it('runs to the end, says so, and starts again from the oldest frame', async () => {
    await store.goTo(200)
    expect(store.bounds).toMatchObject({ finished: true, reached: 120 })
    expect(store.play.playhead).toBe(120)
    store.toggle()
    expect(store.play).toMatchObject({ playing: true })
    expect(store.play.playhead).toBeLessThan(1)
  })
})
