import { describe, expect, it } from 'vitest'
import type { LifeKind, LifeLine } from '../../src/host/api.ts'
import { diagramOf, isTold, legsOf, processesMax, seenAt, shortName } from '../../web/panel/space-time.ts'

const line = (at: number, kind: LifeKind, where: string, more: Partial<LifeLine> = {}): LifeLine => ({ at, kind, where, code: kind, text: `${kind} at ${where}`, from: null, copy: 0, ...more })
const reader = 'decisions/read_committed'
/** Born, sent, seen; its writer dies; written again by another, seen again. */
const life: readonly LifeLine[] = [
  line(10, 'born', 'source-1'),
  line(10.02, 'hop', 'broker-1', { from: { where: 'source-1', at: 10.005 } }),
  line(10.03, 'answer', 'source-1', { from: { where: 'broker-1', at: 10.025 } }),
  line(10.9, 'visible', reader),
  line(11, 'headline', 'taskmanager-1', { code: 'process.died' }),
  line(11.5, 'headline', 'broker-3', { code: 'kafka.leader-elected' }),
  line(14, 'headline', 'taskmanager-1', { code: 'process.started' }),
  line(18, 'again', 'taskmanager-2', { copy: 3 }),
  line(18.4, 'visible', reader, { copy: 3 }),
]

describe('the space-time diagram of a life', () => {
  const diagram = diagramOf(life, 300)
  it('has a line per process from the birth on, readers last, and none for headlines about others', () => {
    expect(diagram.processes.map(({ name }) => name)).toEqual(['source-1', 'broker-1', 'taskmanager-2', 'taskmanager-1', reader])
    const xs = diagram.processes.map(({ x }) => x)
    expect(xs).toEqual(xs.toSorted((a, b) => a - b))
    expect([xs[0]! > 50, xs.at(-1)! < 300]).toEqual([true, true])
  })
  it('has time downwards, a step for each moment, and says how long a gap is', () => {
    const ys = diagram.rows.map(({ y }) => y)
    expect(ys).toEqual(ys.toSorted((a, b) => a - b))
    expect(new Set(ys).size).toBe(8)
    expect(diagram.rows.filter(({ gap }) => gap !== null).map(({ gap }) => gap)).toEqual([3, 4])
    expect(diagram.height).toBeGreaterThan(ys.at(-1)!)
  })
  it('draws a told message from where and when it was sent, later than that to where it arrives', () => {
    const told = diagram.arrows.filter((arrow) => arrow.told)
    expect(told).toHaveLength(2)
    for (const { y1, y2, x1, x2 } of told) expect([y1 < y2, x1 === x2]).toEqual([true, false])
  })
  it('lets what lay long at its sender stand there, and travel at the end', () => {
    const waited = diagramOf([line(0, 'born', 'a'), ...[1, 2, 3].map((at) => line(at, 'hop', 'b')), line(4, 'hop', 'c', { from: { where: 'b', at: 1 } })], 300)
    const [arrow] = waited.arrows
    expect(arrow!.since).toBe(waited.rows[1]!.y)
    expect([arrow!.y1 > arrow!.since, arrow!.y2 - arrow!.y1]).toEqual([true, 23])
  })
  it('draws a line to a reader from where that copy was last', () => {
    const x = (name: string) => diagram.processes.find((process) => process.name === name)!.x
    const untold = diagram.arrows.filter((arrow) => !arrow.told).map(({ x1, x2, copy }) => [x1, x2, copy])
    expect(untold).toEqual([[x('broker-1'), x(reader), 0], [x('taskmanager-2'), x(reader), 3]])
  })
  it('draws a copy from where the record was, where no hop is told at all', () => {
    const bare = life.filter(({ kind }) => kind !== 'hop' && kind !== 'answer')
    const { arrows, processes } = diagramOf(bare, 300)
    const names = arrows.map(({ x1, x2 }) => [x1, x2].map((at) => processes.find(({ x }) => x === at)!.name).join(' > '))
    expect(names).toEqual([`source-1 > ${reader}`, 'source-1 > taskmanager-2', `taskmanager-2 > ${reader}`])
  })
  it('says a time once beside rows that follow each other closely', () => {
    const close = diagramOf([line(0, 'born', 'a'), line(0.0121, 'hop', 'b'), line(0.0122, 'hop', 'c'), line(2, 'visible', reader)], 300)
    expect(close.rows.map(({ text }) => text)).toEqual(['', '+12 ms', '', '+2.0 s'])
  })
  it('marks the crash and the time until the process is back', () => {
    const [dead] = diagram.dead
    const died = diagram.marks.find(({ sign }) => sign === 'died')!
    const started = diagram.marks.find(({ sign }) => sign === 'started')!
    expect(dead).toEqual({ x: died.x, y1: died.y, y2: started.y })
    expect(diagramOf(life.slice(0, 6), 300).dead[0]!.y2).toBe(diagramOf(life.slice(0, 6), 300).height)
  })
  it('takes a death for one in the words of a product as well', () => {
    const [, mark] = diagramOf([line(0, 'born', 'a'), line(1, 'headline', 'environment-1', { code: 'lambda.environment-died' })], 300).marks
    expect(mark?.sign).toBe('died')
  })
  it('tells copies apart and has no sign that another kind has', () => {
    expect(diagram.marks.map(({ sign, copy }) => `${sign} ${copy}`)).toEqual(['born 0', 'dot 0', 'dot 0', 'seen 0', 'died 0', 'started 0', 'again 3', 'seen 3'])
  })
  it('leaves processes that do not fit to the text, never the birth, the readers, or where it came most often', () => {
    const hops = Array.from({ length: 24 }, (_, i) => line(i + 1, 'hop', `p${i < 12 ? i : 11}`))
    const { processes, marks } = diagramOf([line(0, 'born', 'source-1'), ...hops, line(30, 'visible', reader)], 300)
    expect(processes.map(({ name }) => name)).toEqual(['source-1', 'p0', 'p1', 'p2', 'p3', 'p4', 'p5', 'p11', reader].slice(0, processesMax))
    expect(marks).toHaveLength(21)
  })
  it('tells of others only what became of their processes', () => {
    expect(life.filter((one) => !isTold(one)).map(({ code }) => code)).toEqual(['kafka.leader-elected'])
  })
  it('of nothing is empty', () => {
    expect(diagramOf([], 300)).toMatchObject({ processes: [], rows: [], marks: [], arrows: [], dead: [] })
  })
})

describe('where the time went', () => {
  it('are the stretches up to the first time that it was visible, answers to the client apart', () => {
    const legs = legsOf(life, reader)
    expect(legs.map(({ line: index }) => index)).toEqual([1, 3])
    expect(legs.reduce((sum, { seconds }) => sum + seconds, 0)).toBeCloseTo(0.9, 9)
  })
  it('end where the wanted reader sees it, though another could before', () => {
    const early = [...life.slice(0, 2), line(10.1, 'visible', 'decisions/read_uncommitted'), ...life.slice(2)]
    expect(early[seenAt(early, reader)]!.at).toBe(10.9)
    expect(seenAt(early.slice(0, 3), reader)).toBe(2)
  })
  it('is nothing for what was never visible', () => {
    expect(legsOf(life.slice(0, 3), reader)).toEqual([])
  })
})

describe('names of processes', () => {
  it('are short over the diagram', () => {
    expect(['taskmanager-2', 'broker-1', 'decisions/read_committed', 'decisions/table', 'jobmanager'].map(shortName)).toEqual(['TM 2', 'broker 1', 'committed', 'table', 'JM'])
  })
})
