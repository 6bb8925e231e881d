import { describe, expect, it } from 'vitest'
import { recipes } from '../../models/index.ts'
import { pasteCharactersMax, pasteEntriesMax, plainText, readText } from '../../src/host/paste-text.ts'
import { readPasted, type Pasted } from '../../src/host/paste.ts'
import { parseKnob } from '../../src/run/settings.ts'

function knobsOf(id: string) {
  return recipes.find((recipe) => recipe.id === id)!.knobs.map((knob) => ({ ...knob, value: knob.default }))
}
const flink = knobsOf('kafka-flink')
const lambda = knobsOf('kinesis-lambda')
/** Key and meaning of what would be set: text of a choice, nanoseconds, bytes, a number, a truth. */
function meanings(pasted: Pasted, knobs = flink): Record<string, unknown> {
  return Object.fromEntries([...pasted.set, ...pasted.same].map(({ key, value }) => {
    const parsed = parseKnob(knobs.find((knob) => knob.key === key)!, value)
    return [key, parsed.ok ? parsed.value : parsed.issues]
  }))
}

describe('producer properties', () => {
  const text = `
# our producer
acks=1
linger.ms = 25
request.timeout.ms:15000
batch.size 65536
enable.idempotence=FALSE
delivery.timeout.ms=\\
  60000
compression.type=lz4
bootstrap.servers=broker\\:9092
`
  const pasted = readPasted(text, flink)
  it('set known keys in the units of the product, whatever stands between key and value', () => {
    expect(pasted).toMatchObject({ format: 'properties', readAs: 'producer properties', refused: [], problems: [] })
    expect(meanings(pasted)).toEqual({
      acks: '1', 'linger.ms': 25e6, 'request.timeout.ms': 15e9, 'batch.size': 65_536, 'enable.idempotence': false, 'delivery.timeout.ms': 60e9,
    })
  })
  it('have unknown keys listed with their line', () => {
    expect(pasted.unknown).toEqual([{ key: 'compression.type', line: 10 }, { key: 'bootstrap.servers', line: 11 }])
  })
  it('keep apart what is so already', () => {
    const same = readPasted('acks=all\nlinger.ms=5\nretries=7', flink)
    expect([same.same.map(({ key }) => key), same.set.map(({ key }) => key)]).toEqual([['acks', 'linger.ms'], ['retries']])
  })
  it('count the last line of a key', () => {
    expect(readPasted('linger.ms=1\nlinger.ms=2\n', flink).set).toEqual([{ key: 'linger.ms', value: '2', from: '', line: 2 }])
  })
  it('may come as options of a command line', () => {
    expect(meanings(readPasted('--producer-property acks=0\n-Dheartbeat.timeout=20s', flink))).toEqual({ acks: '0', 'heartbeat.timeout': 20e9 })
  })
})

describe('consumer properties', () => {
  it('belong to the reader, also where a producer has a key of that name', () => {
    const pasted = readPasted('group.id=decider\nisolation.level=read_committed\nrequest.timeout.ms=9000\nfetch.max.wait.ms=40', flink)
    expect(pasted.readAs).toBe('consumer properties')
    expect(meanings(pasted)).toEqual({
      'source.properties.isolation.level': 'read_committed', 'source.properties.request.timeout.ms': 9e9, 'source.properties.fetch.max.wait.ms': 40e6,
    })
    expect(pasted.set[0]).toMatchObject({ from: 'isolation.level', line: 2 })
    expect(pasted.unknown).toEqual([{ key: 'group.id', line: 1 }])
  })
  it('are told from the producer\'s in a file that has both', () => {
    const both = 'spring.kafka.producer.acks=all\nspring.kafka.consumer.properties.request.timeout.ms=7000\nproducer.request.timeout.ms=8000'
    expect(meanings(readPasted(both, flink))).toEqual({ acks: 'all', 'source.properties.request.timeout.ms': 7e9, 'request.timeout.ms': 8e9 })
  })
})

describe('broker properties', () => {
  it('set the topic\'s and the broker\'s keys', () => {
    expect(meanings(readPasted('min.insync.replicas=2\nunclean.leader.election.enable=true\nbroker.session.timeout.ms=6000\nnum.io.threads=16', flink))).toEqual({
      'min.insync.replicas': 2, 'unclean.leader.election.enable': true, 'broker.session.timeout.ms': 6e9, 'num.io.threads': 16,
    })
  })
})

describe('Flink YAML', () => {
  const wanted = {
    'execution.checkpointing.interval': 10e9, 'execution.checkpointing.mode': 'AT_LEAST_ONCE', 'execution.checkpointing.timeout': 600e9,
    'heartbeat.timeout': 20e9, 'restart-strategy.type': 'fixed-delay', 'restart-strategy.fixed-delay.delay': 1500e6,
  }
  it('is read flat', () => {
    const pasted = readPasted(`
execution.checkpointing.interval: 10s
execution.checkpointing.mode: at_least_once   # lower case is fine
execution.checkpointing.timeout: 10 min
heartbeat.timeout: 20000
restart-strategy: "fixed-delay"
restart-strategy.fixed-delay.delay: PT1.5S
`, flink)
    expect([pasted.format, pasted.refused, pasted.unknown, pasted.problems]).toEqual(['yaml', [], [], []])
    expect(meanings(pasted)).toEqual(wanted)
  })
  it('is read nested', () => {
    const pasted = readPasted(`---
execution:
  checkpointing:
    interval: 10 seconds
    mode: AT_LEAST_ONCE
    timeout: 600 s
heartbeat.timeout: 20000 ms
restart-strategy:
  type: fixed-delay
  fixed-delay:
    delay: 1500ms
`, flink)
    expect([pasted.refused, pasted.unknown, pasted.problems]).toEqual([[], [], []])
    expect(meanings(pasted)).toEqual(wanted)
  })
  it('takes a bare number for milliseconds, as Flink does', () => {
    expect(meanings(readPasted('execution.checkpointing.interval: 500', flink))).toEqual({ 'execution.checkpointing.interval': 500e6 })
  })
  it('counts sizes in powers of two', () => {
    expect(meanings(readPasted('sink.properties.batch.size: 32kb\nstate.bytes-per-key: 1 mb', flink))).toEqual({ 'sink.properties.batch.size': 32_768, 'state.bytes-per-key': 1_048_576 })
  })
  it('says which lines it did not understand, and reads the others', () => {
    const pasted = readPasted('heartbeat.interval: 3s\n- a list\n\tx: y\njust words\nheartbeat.timeout: 9s', flink)
    expect(meanings(pasted)).toEqual({ 'heartbeat.interval': 3e9, 'heartbeat.timeout': 9e9 })
    expect(pasted.problems.map((text) => text.slice(0, 7))).toEqual(['line 2:', 'line 3:', 'line 4:'])
  })
})

describe('a Lambda event source mapping', () => {
  const mapping = {
    BatchSize: 250, MaximumBatchingWindowInSeconds: 1, ParallelizationFactor: 2, MaximumRetryAttempts: -1, MaximumRecordAgeInSeconds: 120,
    BisectBatchOnFunctionError: true, FunctionResponseTypes: ['ReportBatchItemFailures'], TumblingWindowInSeconds: 0, LastProcessingResult: null,
    DestinationConfig: { OnFailure: { Destination: 'arn:aws:sqs:eu-central-1:123456789012:failed' } },
  }
  const wanted = {
    BatchSize: 250, MaximumBatchingWindowInSeconds: 1e9, ParallelizationFactor: 2, MaximumRetryAttempts: -1, MaximumRecordAgeInSeconds: 120e9,
    BisectBatchOnFunctionError: true, ReportBatchItemFailures: true, 'DestinationConfig.OnFailure': 'sqs',
  }
  it('is read with seconds as seconds, lists of response types and the kind of a destination', () => {
    const pasted = readPasted(JSON.stringify(mapping), lambda)
    expect(meanings(pasted, lambda)).toEqual(wanted)
    expect([pasted.unknown, pasted.refused]).toEqual([[{ key: 'TumblingWindowInSeconds', line: 0 }], []])
  })
  it('may be the first of a list, or stand in a template', () => {
    expect(meanings(readPasted(JSON.stringify({ EventSourceMappings: [mapping] }), lambda), lambda)).toEqual(wanted)
    expect(meanings(readPasted('Properties:\n  BatchSize: 250\n  FunctionResponseTypes:\n    - ReportBatchItemFailures\n', lambda), lambda)).toEqual({
      BatchSize: 250, ReportBatchItemFailures: true,
    })
  })
  it('has no response types when the list is empty', () => {
    expect(meanings(readPasted('{"FunctionResponseTypes":[]}', lambda), lambda)).toEqual({ ReportBatchItemFailures: false })
  })
  it('is refused a destination that is not modelled', () => {
    const pasted = readPasted('{"DestinationConfig":{"OnFailure":{"Destination":"arn:aws:sns:eu-central-1:1:t"}}}', lambda)
    expect(pasted.refused).toEqual([{ key: 'DestinationConfig.OnFailure', value: 'arn:aws:sns:eu-central-1:1:t', line: 0, message: 'expected one of none, sqs, s3' }])
  })
})

describe('what is refused', () => {
  it.each([
    ['acks=2', 'expected one of all, -1, 1, 0'],
    ['linger.ms=-5', 'expected a duration from'],
    ['min.insync.replicas=1.5', 'expected a whole number from'],
    ['enable.idempotence=yes', 'expected true or false'],
    ['batch.size=lots', 'expected a size from'],
    ['execution.checkpointing.interval: soon', 'expected a duration from'],
    ['heartbeat.timeout: 10 fortnights', 'expected a duration from'],
    ['execution.checkpointing.interval: ${INTERVAL}', 'expected a duration from'],
  ])('%s says what was expected, and is not set', (text, message) => {
    const pasted = readPasted(text, flink)
    expect(pasted.refused[0]?.message).toContain(message)
    expect([pasted.set, pasted.same]).toEqual([[], []])
  })
})

describe('hostile text', () => {
  it('is not looked at when it is too long', () => {
    const long = `acks=1\n${'x'.repeat(pasteCharactersMax)}`
    expect(readPasted(long, flink)).toMatchObject({ set: [], problems: [`expected at most ${pasteCharactersMax} characters, found ${long.length}`] })
  })
  it('is read up to a limit of keys', () => {
    const many = Array.from({ length: pasteEntriesMax + 5 }, (_, i) => `k${i}=1`).join('\n')
    expect(readPasted(many, flink)).toMatchObject({ problems: [`only the first ${pasteEntriesMax} keys were read`] })
    expect(readPasted(many, flink).unknown).toHaveLength(pasteEntriesMax)
  })
  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'prototype'])('finds no knob and no property under %s', (key) => {
    for (const text of [`${key}=1`, `${key}: 1`, `{"${key}": 1}`, `{"${key}": {"acks": "0"}}`]) {
      const pasted = readPasted(text, flink)
      expect([pasted.set, pasted.refused], text).toEqual([[], []])
    }
    expect(({} as Record<string, unknown>)['acks']).toBeUndefined()
  })
  it('shows marks that turn the direction of writing, and control characters, as what they are', () => {
    expect(plainText('a\u202egnp.exe\u0000b\u2066c')).toBe('a\ufffdgnp.exe\ufffdb\ufffdc')
    expect(readPasted('ac\u202eks=1', flink).unknown).toEqual([{ key: 'ac\ufffdks', line: 1 }])
  })
  it('stays text: markup is a key like any other', () => {
    const key = '<img/src=x'
    expect(readPasted(`${key}\n<script>alert(1)</script>: 1`, flink).unknown.map((line) => line.key)).toEqual(['<img/src', '<script>alert(1)</script>'])
  })
  it('may be nested without end', () => {
    const deep = `${'{"a":'.repeat(4000)}1${'}'.repeat(4000)}`
    expect(readPasted(deep, flink)).toMatchObject({ set: [], problems: ['expected at most 8 levels'] })
    expect(readPasted('[['.repeat(20_000), flink).problems).toEqual(['expected JSON, found text that is none'])
    const yaml = Array.from({ length: 40 }, (_, i) => `${' '.repeat(i)}k:`).join('\n')
    expect(readText(yaml).problems[0]).toContain('expected at most 8 levels')
  })
  it('costs little whatever it is made of', () => {
    const started = performance.now()
    for (const piece of ['"', '\'', '#', ' #', '\\', ':', '=', ' ', 'a', '- ', '{', '"a"', 'a b ']) readPasted(piece.repeat(pasteCharactersMax / piece.length), flink)
    for (const piece of ['"', ' #', '\\', ' ', 'a b ', 'a\\']) readPasted(Array.from({ length: 80 }, () => piece.repeat(800 / piece.length)).join('\n'), flink)
    expect(performance.now() - started).toBeLessThan(2000)
  })
  it('that is nothing gives nothing', () => {
    for (const text of ['', ' \n ', '# only words', '---', 'null', '[]', '{}']) expect(readPasted(text, flink)).toMatchObject({ set: [], same: [], unknown: [], refused: [] })
  })
})
