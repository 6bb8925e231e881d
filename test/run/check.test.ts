import { describe, expect, test } from 'vitest'
import { recipes } from '../../models/index.ts'
import type { RunSpec } from '../../src/contract/spec.ts'
import { checkSpec } from '../../src/run/check.ts'
import { checkedSpec, specFor } from './checked-run.ts'
import { small, smallWith } from './small-scenario.ts'

const good = specFor('null', small)

function messages(value: unknown): string[] {
  const checked = checkSpec(value, recipes, { small })
  return checked.ok ? [] : checked.issues.map(({ path, message }) => `${path}: ${message}`)
}

describe('a RunSpec is refused, with the place and what was expected', () => {
  test.each<[string, unknown, string]>([
    ['no object', 7, ': expected a RunSpec'],
    ['a field too many', { ...good, extra: 1 }, 'extra: expected one of version'],
    ['another version', { ...good, version: 2 }, 'version: expected version 1'],
    ['a number for a text', { ...good, seed: 7 }, 'seed: expected a text, found number'],
    ['an empty text', { ...good, seed: '' }, 'seed: expected a text, found an empty one'],
    ['no column', { ...good, architectures: [] }, 'architectures: expected a list of 1 to 8'],
    ['too many columns', { ...good, architectures: Array.from({ length: 9 }, () => ({ id: 'null' })) }, 'architectures: expected a list of 1 to 8'],
    ['a field too many in a column', { ...good, architectures: [{ id: 'null', colour: 'red' }] }, 'architectures[0].colour: expected one of id'],
    ['settings that are no texts', { ...good, architectures: [{ id: 'null', settings: { a: 1 } }] }, 'architectures[0].settings.a: expected a text, found number'],
    ['an unknown scenario', { ...good, scenario: 'smal' }, 'scenario: "smal" is no known scenario: the nearest are small'],
    ['a scenario with an issue', { ...good, scenario: smallWith({ duration: '8' }) }, 'scenario.simulation.duration'],
    ['an unknown architecture', { ...good, architectures: [{ id: 'nope' }] }, 'architectures[0].id: "nope" is no architecture: expected one of kafka-flink, kinesis-lambda'],
    ['a label twice', { ...good, architectures: [{ id: 'null', label: 'a' }, { id: 'null', label: 'a' }] }, 'architectures[1].label: expected each label once'],
    ['a label with a dot', { ...good, architectures: [{ id: 'null', label: 'a.b' }] }, '"a.b" is no label'],
    ['an unknown preset', { ...good, architectures: [{ id: 'null', preset: 'fast' }] }, '"fast" is no preset of null: expected one of defaults, tuned, as-shipped'],
    ['a wrong value', { ...good, architectures: [{ id: 'null', settings: { 'source.acks': 'all' } }] }, 'architectures[0].settings: source.acks: expected one of stored, none'],
    ['an unknown key', { ...good, architectures: [{ id: 'null', settings: { 'source.ack': 'all' } }] }, 'the nearest are source.acks'],
    ['a bare number for a time', { ...good, duration: '30' }, 'duration: "30" has no unit'],
    ['a warm-up longer than the run', { ...good, duration: '5s', warmup: '6s' }, 'warmup: expected a warm-up shorter than the run'],
    ['gibberish for a fault', { ...good, faults: ['gibberish'] }, 'faults[0].kind: "gibberish" is no kind of fault'],
    ['a target that means nothing', { ...good, faults: ['crash broker-99 at 3s'] }, 'faults[0]: "crash broker-99 at 3s" strikes nothing: "broker-99" means nothing in Null pipeline; the nearest are broker-1'],
    ['a peer that means nothing', { ...good, faults: ['cut sink -> nobody at 3s'] }, '"nobody" means nothing'],
    ['a fault that no column can have', { ...good, faults: ['rebalance sink at 3s'] }, 'it has one reader; the nearest is "crash sink"'],
    ['a fault after the end', { ...good, faults: ['crash sink at 9s'] }, 'expected a fault before the end at 8s'],
    ['a source that is not there', { ...good, faults: ['spike source-3 x2 at 3s'] }, '"source-3" is no source: expected source-1 to source-2'],
    ['a fault for a label that is no column', { ...good, faults: ['crash sink at 3s only other'] }, '"other" is no column: expected one of null'],
    ['a fact that nobody states', { ...good, faults: ['crash sink on null.writen'] }, '"null.writen" is no fact: the nearest are null.written'],
    ['a number that the fact does not have', { ...good, faults: ['crash sink on null.written where bytes > 3'] }, 'null.written has no number "bytes": it has records'],
    ['a change of a fixed setting', { ...good, changes: [{ at: '3s', label: 'null', key: 'queue.window', value: '3' }] }, 'queue.window belongs to the whole run; settings that can change while running: '],
    ['a change with a wrong value', { ...good, changes: [{ at: '3s', label: 'null', key: 'sink.work', value: '3' }] }, 'changes[0]: sink.work: expected a duration'],
    ['a change of nobody', { ...good, changes: [{ at: '3s', label: 'x', key: 'sink.work', value: '3us' }] }, 'changes[0].label: "x" is no column'],
    ['bulk detail', { ...good, detail: 'bulk' }, 'detail: expected record or auto'],
    ['a rate beyond record detail', { ...good, workload: { rate: '200000/s' } }, 'workload.rate: expected at most 100000/s'],
  ])('%s', (_, value, expected) => {
    expect(messages(value).join('\n')).toContain(expected)
  })

  test('every issue is listed, not the first', () => {
    const bad: RunSpec = { ...good, duration: '30', faults: ['gibberish', 'crash broker-99 at 3s'], architectures: [{ id: 'null', settings: { 'source.acks': '7', 'no.key': '1' } }] }
    expect(messages(bad)).toHaveLength(5)
  })
})

describe('a RunSpec is understood', () => {
  test('labels that are not given are the id, then id-2, and never one that is taken', () => {
    const { columns } = checkedSpec({ ...good, architectures: [{ id: 'null' }, { id: 'null', label: 'null-2' }, { id: 'null' }] }, recipes)
    expect(columns.map(({ label }) => label)).toEqual(['null', 'null-2', 'null-3'])
  })

  test('settings come from default, preset, scenario and spec, the more particular winning', () => {
    const withSettings = small.replace('simulation:', 'simulation:\n  settings:\n    "null": { source.linger: 3ms, queue.window: 7 }').replace('architecture_options: []',
      'architecture_options:\n  - { id: "null", name: "Null", description: "x", valid_when: [], feedback_if_wrong: "x" }')
    const values = (preset: string, settings: Record<string, string>) =>
      checkedSpec({ ...good, scenario: withSettings, architectures: [{ id: 'null', preset, settings }] }, recipes).columns[0]!.values
    expect(values('tuned', {})['source.linger']).toBe('3ms')
    expect(values('tuned', { 'source.linger': '9ms' })['source.linger']).toBe('9ms')
    expect(values('defaults', {})['queue.window']).toBe('7')
    expect(checkedSpec({ ...good, architectures: [{ id: 'null' }] }, recipes).columns[0]!.values['source.linger']).toBe('2ms')
    expect(checkedSpec({ ...good, architectures: [{ id: 'null', preset: 'defaults' }] }, recipes).columns[0]!.values['source.linger']).toBe('5ms')
  })

  test('the sizing sets every preset but as-shipped', () => {
    const interval = (preset: string) => checkedSpec(specFor('kafka-flink', smallWith({ checkpoint_interval: '3s' }), { architectures: [{ id: 'kafka-flink', preset }] }), recipes)
      .columns[0]!.values['execution.checkpointing.interval']
    expect(interval('tuned')).toBe('3s')
    expect(interval('defaults')).toBe('3s')
    expect(interval('as-shipped')).not.toBe('3s')
  })

  test('a fault that only some columns can have is theirs alone, and the others say so', () => {
    const { columns } = checkedSpec({ ...good, architectures: [{ id: 'kinesis-lambda' }, { id: 'null' }], faults: ['crash broker-1 at 3s', 'crash processor-1 at 4s'] }, recipes)
    expect(columns.map(({ faults }) => faults.length)).toEqual([1, 2])
    expect(columns[0]!.notes).toEqual([expect.stringContaining('faults differ: "crash broker-1 at 3s" does nothing here:')])
    expect(columns[1]!.notes).toEqual([])
  })

  test('another version of the models is said, not refused', () => {
    expect(checkedSpec({ ...good, model: '0' }, recipes).columns[0]!.notes[0]).toContain('made for version 0')
  })
})
