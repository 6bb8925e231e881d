import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkChange, checkFault, faultKinds, faultTextMax, formatFault, parseFault, type Fault } from '../../src/contract/fault.ts'
import { faultConditionsMax, faultPeersMax } from '../../src/contract/fault-draft.ts'
import type { Result } from '../../src/contract/issue.ts'
import { durationMaxNanos } from '../../src/contract/quantity.ts'
import { nanos, type Nanos } from '../../src/kernel/time.ts'

const seconds = (n: number): Nanos => nanos(Math.round(n * 1e9))

function faultOf(result: Result<Fault>): Fault {
  if (!result.ok) throw new Error(JSON.stringify(result.issues))
  return result.value
}

function codesOf<T>(result: Result<T>): string[] {
  if (result.ok) throw new Error(`understood as ${JSON.stringify(result.value)}`)
  for (const { message } of result.issues) expect(message.length).toBeGreaterThan(10)
  return result.issues.map(({ code }) => code)
}

describe('the text of a fault', () => {
  test.each<[string, Fault]>([
    ['crash broker-1 at 30s for 20s', { kind: 'crash', target: 'broker-1', at: seconds(30), duration: seconds(20) }],
    ['cut broker-1 -> broker-2,broker-3 at 30s for 4s', { kind: 'cut', target: 'broker-1', to: ['broker-2', 'broker-3'], at: seconds(30), duration: seconds(4) }],
    ['cut broker-1->broker-2, broker-3 at 30s', { kind: 'cut', target: 'broker-1', to: ['broker-2', 'broker-3'], at: seconds(30), duration: null }],
    ['cut broker-1 <-> broker-2 at 30s', { kind: 'cut', target: 'broker-1', to: ['broker-2'], bothWays: true, at: seconds(30), duration: null }],
    ['cut broker-1 at 30s', { kind: 'cut', target: 'broker-1', at: seconds(30), duration: null }],
    ['slow processor-1 x4 at 30s', { kind: 'slow', target: 'processor-1', factor: 4, at: seconds(30), duration: null }],
    ['crash leader:0 on kafka.transaction-prepared after 30s only eo', {
      kind: 'crash', target: 'leader:0', on: { code: 'kafka.transaction-prepared', nth: 1, after: seconds(30) }, duration: null, only: 'eo',
    }],
    ['crash processor-1 on dynamodb.write-applied #50 after 20s', {
      kind: 'crash', target: 'processor-1', on: { code: 'dynamodb.write-applied', nth: 50, after: seconds(20) }, duration: null,
    }],
    ['crash on dynamodb.write-applied where position = 50 and size>50 after 20s', {
      kind: 'crash', target: null, duration: null,
      on: { code: 'dynamodb.write-applied', nth: 1, after: seconds(20), where: [{ name: 'position', op: '=', value: 50 }, { name: 'size', op: '>', value: 50 }] },
    }],
    ['loss zone-a 5% at 10s for 5s', { kind: 'loss', target: 'zone-a', percent: 5, at: seconds(10), duration: seconds(5) }],
    ['delay broker-1 200ms at 10s', { kind: 'delay', target: 'broker-1', amount: seconds(0.2), at: seconds(10), duration: null }],
    ['spike x5 at 20s for 10s', { kind: 'spike', target: null, factor: 5, at: seconds(20), duration: seconds(10) }],
    ['spike source-1 x0.25 at 20s', { kind: 'spike', target: 'source-1', factor: 0.25, at: seconds(20), duration: null }],
    ['hot-key 20% key 17 at 10s', { kind: 'hot-key', target: null, percent: 20, key: 17, at: seconds(10), duration: null }],
    ['poison at 20s', { kind: 'poison', target: null, count: 1, at: seconds(20), duration: null }],
    ['poison 3 at 20s', { kind: 'poison', target: null, count: 3, at: seconds(20), duration: null }],
    ['late-burst 10% 30s at 20s for 5s', { kind: 'late-burst', target: null, percent: 10, amount: seconds(30), at: seconds(20), duration: seconds(5) }],
    ['throttle sink to 20% at 1s', { kind: 'throttle', target: 'sink', percent: 20, at: seconds(1), duration: null }],
    ['clock-skew processor-1 by 2s at 1s', { kind: 'clock-skew', target: 'processor-1', amount: seconds(2), at: seconds(1), duration: null }],
    ['  pause   processor-1  for 15s at 1m ', { kind: 'pause', target: 'processor-1', at: seconds(60), duration: seconds(15) }],
    ['checkpoint-fail at 3s', { kind: 'checkpoint-fail', target: null, at: seconds(3), duration: null }],
    ['deploy processor at 3s', { kind: 'deploy', target: 'processor', at: seconds(3), duration: null }],
  ])('%s', (text, expected) => {
    expect(faultOf(parseFault(text))).toEqual(expected)
  })

  test.each<[string, string[]]>([
    ['', ['fault.kind']],
    ['gibberish', ['fault.kind']],
    ['explode broker-1 at soon with style', ['fault.kind']],
    ['crash', ['fault.target', 'fault.moment']],
    ['crash at 10s', ['fault.target']],
    ['crash broker-1', ['fault.moment']],
    ['crash broker-1 at 10', ['duration.unit']],
    ['crash broker-1 at 10s for 20', ['duration.unit']],
    ['crash broker-1 at -10s', ['duration.text']],
    ['crash broker-1 at NaN', ['duration.text']],
    ['crash broker-1 at 1e99s', ['duration.text']],
    ['crash broker-1 at 200d', ['duration.long']],
    ['crash broker-1 at 10s for 0s', ['duration.zero']],
    ['crash broker-1 at', ['fault.word', 'fault.moment']],
    ['crash broker-1 at 10s at 20s', ['fault.word']],
    ['crash broker-1 broker-2 at 10s', ['fault.word']],
    ['crash broker-1 at 10s on kafka.leader-elected', ['fault.moment']],
    ['crash broker-1 at 10s after 5s', ['fault.moment']],
    ['crash broker-1 #50 at 10s', ['fault.moment']],
    ['crash broker-1 on Leader!', ['fault.fact']],
    ['crash broker-1 on kafka.leader-elected #0', ['fault.number']],
    ['crash broker-1 on kafka.leader-elected where', ['fault.word']],
    ['crash broker-1 on kafka.leader-elected where a = x', ['fault.where']],
    ['crash broker-1 on kafka.leader-elected where a = 1 and b', ['fault.word']],
    ['crash broker-1 on kafka.leader-elected where a is 1', ['fault.where']],
    ['crash broker-1 on kafka.leader-elected where 1 = 1', ['fault.where']],
    ['crash broker_1; at 10s', ['fault.target']],
    ['crash broker-1 -> broker-2 at 10s', ['fault.link']],
    ['cut broker-1 -> at 10s', ['fault.moment', 'fault.target', 'fault.intensity']],
    ['cut -> broker-2 at 10s', ['fault.target', 'fault.link']],
    ['cut broker-1 -> broker-1 at 10s', ['fault.link']],
    ['cut broker-1 -> broker-2,broker-2 at 10s', ['fault.link']],
    ['slow processor-1 at 10s', ['fault.intensity']],
    ['slow processor-1 x0.5 at 10s', ['fault.factor']],
    ['slow processor-1 x4000 at 10s', ['fault.factor']],
    ['slow processor-1 x1.23456 at 10s', ['fault.factor']],
    ['slow processor-1 x-4 at 10s', ['fault.word', 'fault.intensity']],
    ['slow x4 at 10s', ['fault.target']],
    ['crash processor-1 x4 at 10s', ['fault.intensity']],
    ['loss zone-a 0.5% at 10s', ['fault.percent']],
    ['loss zone-a 0% at 10s', ['fault.percent']],
    ['loss zone-a 101% at 10s', ['fault.percent']],
    ['loss zone-a 5 at 10s', ['fault.intensity', 'fault.intensity']],
    ['delay broker-1 200 at 10s', ['fault.intensity', 'fault.intensity']],
    ['delay broker-1 200parsecs at 10s', ['duration.unit']],
    ['hot-key card-1 20% at 10s', ['fault.target']],
    ['hot-key 20% key first at 10s', ['fault.number']],
    ['poison 0 at 10s', ['fault.number']],
    ['poison 1 at 10s for 5s', ['fault.lasts']],
    ['poison #12345 at 10s', ['fault.moment']],
    ['poison on kafka.leader-elected', ['fault.common']],
    ['spike x5 at 10s only eo', ['fault.common']],
    ['crash broker-1 at 10s only e.o', ['fault.label']],
  ])('%s is refused', (text, codes) => {
    expect(codesOf(parseFault(text))).toEqual(codes)
  })

  test('a message names the text that was wrong and what was expected instead', () => {
    const said = (text: string) => {
      const parsed = parseFault(text)
      return parsed.ok ? '' : parsed.issues.map(({ message }) => message).join(' ')
    }
    expect(said('gibberish')).toContain('"gibberish" is no kind of fault: expected one of crash, power-loss')
    expect(said('crash broker-1 at 10')).toContain('"10" has no unit: give a unit')
    expect(said('slow processor-1 at 3s')).toContain('slow processor-1 x4')
  })

  test('texts, peers and conditions have limits', () => {
    expect(codesOf(parseFault(`crash ${'a'.repeat(faultTextMax)} at 1s`))).toEqual(['fault.long'])
    const peers = Array.from({ length: faultPeersMax + 1 }, (_, i) => `b${i}`).join(',')
    expect(codesOf(parseFault(`cut a -> ${peers} at 1s`))).toEqual(['fault.link'])
    const conditions = Array.from({ length: faultConditionsMax + 1 }, (_, i) => `n${i} = 1`).join(' and ')
    expect(codesOf(parseFault(`crash a on b.c where ${conditions}`))).toEqual(['fault.where'])
  })

  test('no text whatever makes it throw (seed 4)', () => {
    const word = fc.constantFrom('crash', 'cut', 'at', 'on', 'for', 'where', 'and', '->', '<->', '10s', '10', 'x4', '5%', '#5', 'a,b', '=', 'only', 'key', '__proto__')
    fc.assert(fc.property(fc.oneof(fc.string(), fc.array(word, { maxLength: 14 }).map((words) => words.join(' '))), (text) => {
      const parsed = parseFault(text)
      if (parsed.ok) expect(faultOf(parseFault(formatFault(parsed.value)))).toEqual(parsed.value)
      else expect(parsed.issues.length).toBeGreaterThan(0)
    }), { seed: 4, numRuns: 3_000 })
  })
})

describe('the table of kinds', () => {
  test('every example is a fault of its kind that is printed as it is written', () => {
    for (const { kind, example } of faultKinds) {
      const fault = faultOf(parseFault(example))
      expect(fault.kind).toBe(kind)
      expect(faultOf(parseFault(formatFault(fault)))).toEqual(fault)
    }
    expect(new Set(faultKinds.map(({ kind }) => kind)).size).toBe(21)
  })

  test('every kind refuses what its row does not allow and needs what its row requires', () => {
    for (const info of faultKinds) {
      const target = info.target === 'none' ? '' : ' processor-1'
      const pieces = [info.factor && 'x2', info.percent && '20%', info.amount && '2s'].filter((piece) => piece !== null)
      const whole = `${info.kind}${target} ${pieces.join(' ')} at 5s`
      expect(parseFault(whole).ok, whole).toBe(true)
      for (const piece of pieces) expect(codesOf(parseFault(whole.replace(` ${piece}`, ''))), `${whole} without ${piece}`).toContain('fault.intensity')
      expect(parseFault(`${whole} for 3s`).ok, whole).toBe(info.lasts)
      expect(parseFault(`${whole} key 3`).ok, whole).toBe(info.key)
      if (info.target === 'needed') expect(codesOf(parseFault(whole.replace(target, '')))).toContain('fault.target')
      if (info.factor === null) expect(parseFault(whole.replace(' at', ' x2 at')).ok, whole).toBe(false)
    }
  })
})

const time = fc.integer({ min: 1, max: durationMaxNanos }).map(nanos)
const name = fc.tuple(fc.constantFrom('broker', 'processor', 'zone', 'x', 'shardId-000', 'task_manager'), fc.nat(40), fc.nat(3))
  .map(([word, n, form]) => (form === 0 ? word : form === 1 ? `${word}:${n}` : `${word}-${n}`))
const label = fc.constantFrom('eo', 'alo', 'kafka-flink', 'kafka-flink-2')
const where = fc.array(fc.record({
  name: fc.constantFrom('position', 'size', 'partitionId'),
  op: fc.constantFrom('=' as const, '>' as const, '<' as const, '>=' as const, '<=' as const),
  value: fc.integer({ min: -1_000_000, max: 1_000_000 }),
}), { minLength: 1, maxLength: 4 })
const trigger = fc.record({
  code: fc.constantFrom('kafka.leader-elected', 'dynamodb.write-applied', 'null.ack'),
  nth: fc.integer({ min: 1, max: 999 }),
  after: fc.nat().map(nanos),
})

/** Any fault that the table allows. */
const anyFault: fc.Arbitrary<Fault> = fc.oneof(...faultKinds.map((info) => {
  const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })
  return fc.record({
    target: info.target === 'none' ? fc.constant(null) : info.target === 'optional' ? fc.option(name) : name,
    to: info.link ? optional(fc.uniqueArray(fc.nat(30).map((n) => `peer.${n}`), { minLength: 1, maxLength: 4 })) : fc.constant(undefined),
    bothWays: fc.boolean(),
    duration: info.lasts ? fc.option(time) : fc.constant(null),
    factor: info.factor ? fc.integer({ min: info.factor.min * 1000, max: info.factor.max * 1000 }).map((n) => n / 1000) : fc.constant(undefined),
    percent: info.percent ? fc.integer({ min: info.percent.min, max: info.percent.max }) : fc.constant(undefined),
    amount: info.amount ? time : fc.constant(undefined),
    count: info.count ? fc.integer({ min: 1, max: info.count.max }) : fc.constant(undefined),
    key: info.key ? optional(fc.nat(1_000_000)) : fc.constant(undefined),
    only: info.strikes === 'plant' ? optional(label) : fc.constant(undefined),
    at: time,
    on: info.strikes === 'plant' ? optional(fc.tuple(trigger, optional(where))) : fc.constant(undefined),
  }).map(({ on, at, to, bothWays, target, duration, ...rest }): Fault => ({
    kind: info.kind, target, duration,
    ...(on === undefined ? { at } : { on: { ...on[0], ...(on[1] === undefined ? {} : { where: on[1] }) } }),
    ...(to === undefined ? {} : { to, ...(bothWays ? { bothWays: true as const } : {}) }),
    ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)),
  }))
}))

describe('round trips', () => {
  test('a printed fault is read back as the same fault (seed 5)', () => {
    fc.assert(fc.property(anyFault, (fault) => {
      expect(faultOf(parseFault(formatFault(fault)))).toEqual(fault)
    }), { seed: 5, numRuns: 2_000 })
  })

  test('the object form says the same as the text form', () => {
    const text = 'cut broker-1 <-> broker-2 on kafka.leader-elected #3 where partition = 0 after 5s for 4s only eo'
    const fault = faultOf(checkFault({
      kind: 'cut', target: 'broker-1', to: ['broker-2'], bothWays: true, on: 'kafka.leader-elected', nth: 3,
      where: [{ name: 'partition', op: '=', value: 0 }], after: '5s', for: '4s', only: 'eo',
    }, 'faults[0]'))
    expect(fault).toEqual(faultOf(checkFault(text, 'faults[0]')))
    expect(formatFault(fault)).toBe(text)
  })
})

describe('faults and changes that came as data', () => {
  test.each<[unknown, string[], string]>([
    [7, ['fault.form'], 'faults[2]'],
    [null, ['fault.form'], 'faults[2]'],
    [{ kind: 'crash', target: 'at', at: '10s' }, ['fault.target'], 'faults[2].target'],
    [[], ['fault.form'], 'faults[2]'],
    ['gibberish', ['fault.kind'], 'faults[2].kind'],
    [{}, ['fault.kind'], 'faults[2].kind'],
    [{ kind: 'crash', target: 'broker-1', at: 10 }, ['fault.form', 'fault.moment'], 'faults[2].at'],
    [{ kind: 'crash', target: 'broker-1', at: '10' }, ['duration.unit'], 'faults[2].at'],
    [{ kind: 'crash', target: 'broker-1', at: '10s', why: 'fun' }, ['fault.field'], 'faults[2].why'],
    [{ kind: 'cut', target: 'broker-1', to: 'broker-2', at: '10s' }, ['fault.form'], 'faults[2].to'],
    [{ kind: 'cut', target: 'a', to: ['b'], bothWays: 1, at: '10s' }, ['fault.form'], 'faults[2].bothWays'],
    [{ kind: 'crash', on: 'a.b', where: [{ name: 'x' }] }, ['fault.form'], 'faults[2].where'],
    [{ kind: 'loss', target: 'a', percent: 2.5, at: '10s' }, ['fault.percent'], 'faults[2].percent'],
    [JSON.parse('{"kind":"crash","target":"a","at":"1s","__proto__":{"x":1}}'), ['fault.field'], 'faults[2].__proto__'],
  ])('%j is refused with its place', (json, codes, path) => {
    const checked = checkFault(json, 'faults[2]')
    expect(codesOf(checked)).toEqual(codes)
    expect(checked.ok ? '' : checked.issues[0]?.path).toBe(path)
  })

  test('a change is four texts, its moment a duration', () => {
    const good = { at: '10s', label: 'eo', key: 'linger.ms', value: '5' }
    expect(checkChange(good, 'changes[0]')).toEqual({ ok: true, value: { ...good, at: seconds(10) } })
    expect(codesOf(checkChange({ ...good, at: '10' }, 'changes[0]'))).toEqual(['duration.unit'])
    expect(codesOf(checkChange({ ...good, value: 5, more: 1 }, 'changes[0]'))).toEqual(['change.field', 'change.form'])
    expect(codesOf(checkChange('soon', 'changes[0]'))).toEqual(['change.form'])
  })
})
