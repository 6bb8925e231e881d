import { describe, expect, it } from 'vitest'
import type { RunSpec } from '../../src/host/api.ts'
import { edited, editText, noHistory, parting, redone, undone } from '../../web/history.ts'

const spec = (faults: readonly string[], more: Partial<RunSpec> = {}): RunSpec => ({
  version: 1, model: 'made-up', scenario: 'fraud-detection', seed: '7', architectures: [{ id: 'kafka-flink' }], faults, changes: [], ...more,
})

describe('history', () => {
  it('goes back through edits and forth again, and an edit in between ends the way forth', () => {
    const [one, two, three] = [spec([]), spec(['a']), spec(['b'])]
    const history = edited(edited(noHistory, one), two)
    const back = undone(history, three)!
    expect(back.spec).toBe(two)
    expect(redone(back.history, back.spec)).toMatchObject({ spec: three, history })
    expect(undone(undone(history, three)!.history, two)!.spec).toBe(one)
    expect(undone(noHistory, one)).toBeNull()
    expect(edited(back.history, two).future).toEqual([])
  })

  it('knows up to which moment two specs give the same run', () => {
    const crash = 'crash processor-1 at 30s'
    expect(parting(spec([crash]), spec([crash]))).toBe(Infinity)
    expect(parting(spec([crash]), spec([crash, 'pause broker-1 at 20500ms for 1s']))).toBe(20.5)
    expect(parting(spec([crash]), spec(['crash processor-1 at 25s']))).toBe(25)
    expect(parting(spec([crash]), spec([]))).toBe(30)
    expect(parting(spec([]), spec(['crash leader:0 on kafka.leader-elected after 12s']))).toBe(12)
    expect(parting(spec([]), spec(['crash leader:0 on kafka.leader-elected']))).toBe(0)
    expect(parting(spec([]), spec([], { changes: [{ at: '1500ms', label: 'kafka-flink', key: 'k', value: 'v' }] }))).toBe(1.5)
  })

  it('tells what an edit took out and put in', () => {
    const words = { out: (entry: string) => `out: ${entry}`, in: (entry: string) => `in: ${entry}`, setting: 'a setting' }
    expect(editText(spec(['a', 'b']), spec(['b', 'c']), words)).toBe('out: a, in: c')
    expect(editText(spec([]), spec([], { changes: [{ at: '5s', label: 'l', key: 'k', value: 'v' }] }), words)).toBe('in: l: k = v')
    expect(editText(spec([]), spec([], { seed: '8' }), words)).toBe('a setting')
  })

  it('begins anew when more than faults and changes differ', () => {
    expect(parting(spec([]), spec([], { seed: '8' }))).toBeNull()
    expect(parting(spec([]), spec([], { architectures: [{ id: 'kafka-flink', settings: { acks: '1' } }] }))).toBeNull()
  })
})
