import { describe, expect, test } from 'vitest'
import type { Knob, KnobType } from '../../src/contract/knob.ts'
import { copyGraph } from '../../src/kernel/index.ts'
import { KnobSettings, parseKnob } from '../../src/run/settings.ts'

const knob = (key: string, type: KnobType, value: string): Knob => ({ key, type, default: value, unit: '', help: 'x', source: 'x', group: 'x', live: false })
const linger = knob('linger.ms', { kind: 'duration', minNanos: 0, maxNanos: 10e9, bare: 'ms', off: null }, '5')
const interval = knob('execution.checkpointing.interval', { kind: 'duration', minNanos: 10e6, maxNanos: 3600e9, bare: null, off: 'off' }, '1s')
const acks = knob('acks', { kind: 'choice', options: ['0', '1', 'all'] }, 'all')
const batch = knob('batch.size', { kind: 'size', minBytes: 1, maxBytes: 1e6 }, '16KiB')
const retries = knob('retries', { kind: 'integer', min: -1, max: 100, unit: 'times' }, '10')
const idempotence = knob('enable.idempotence', { kind: 'boolean' }, 'true')
const all = [linger, interval, acks, batch, retries, idempotence]

describe('the value of a knob', () => {
  test.each([
    [linger, '5', 5e6], [linger, '1.5', 1.5e6], [linger, '10s', 10e9], [linger, '250us', 250e3], [interval, '2m', 120e9], [interval, 'off', Infinity],
    [acks, '1', '1'], [batch, '32KiB', 32768], [batch, '16384', 16384], [retries, '-1', -1], [idempotence, 'false', false],
  ])('%s takes %s', ({ key: _key, ...rest }, text, value) => {
    expect(parseKnob({ key: _key, ...rest }, text)).toEqual({ ok: true, value })
  })

  test.each([
    [linger, '-5', 'linger.ms: expected a duration from 0s to 10s with its unit, a bare number being milliseconds, found "-5"'],
    [linger, '11s', 'found "11s"'],
    [interval, '30', 'execution.checkpointing.interval: expected a duration from 10ms to 1h with its unit, or off, found "30"'],
    [acks, '7', 'acks: expected one of 0, 1, all, found "7"'],
    [batch, '2MB', 'batch.size: expected a size from 1B to 1000000B'],
    [retries, '1.5', 'retries: expected a whole number from -1 to 100 (times), found "1.5"'],
    [idempotence, 'yes', 'enable.idempotence: expected true or false, found "yes"'],
  ])('%s refuses %s and says what it expects', (refusing, text, message) => {
    const parsed = parseKnob(refusing, text)
    expect(parsed.ok ? '' : parsed.issues[0]!.message).toContain(message)
  })
})

describe('the settings of a column', () => {
  test('start with the defaults and are read by kind', () => {
    const settings = new KnobSettings(all)
    expect([settings.number('linger.ms'), settings.number('batch.size'), settings.text('acks'), settings.flag('enable.idempotence')]).toEqual([5e6, 16384, 'all', true])
    expect(() => settings.number('acks')).toThrow('run.knob-number')
    expect(() => settings.text('no.such.key')).toThrow('run.knob-text')
  })

  test('keep their value when a wrong one is refused, and name the nearest keys of an unknown one', () => {
    const settings = new KnobSettings(all)
    expect(settings.set('acks', '7')?.message).toContain('found "7"')
    expect(settings.text('acks')).toBe('all')
    expect(settings.set('ack', '1')?.message).toMatch(/"ack" is no setting here: the nearest are acks, /)
  })

  test('are copied by keyframes, apart from the original', () => {
    const settings = new KnobSettings(all)
    const copy = copyGraph(settings)
    expect(settings.set('acks', '1')).toBeNull()
    expect([settings.text('acks'), copy.text('acks'), copy.written('linger.ms')]).toEqual(['1', 'all', '5'])
  })
})
