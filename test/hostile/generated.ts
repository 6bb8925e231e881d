/**
 * Hostile input by the thousand: good scenario files, RunSpecs, links, faults and configurations with parts cut out,
 * doubled, swapped or replaced by what breaks parsers. Each reader must answer: quickly, without throwing, without
 * touching what all objects share, and with words for everything that it refuses.
 */
import { deflateRawSync } from 'node:zlib'
import { recipes } from '../../models/index.ts'
import { parseFault, formatFault } from '../../src/contract/fault.ts'
import type { Issue, Result } from '../../src/contract/issue.ts'
import { decodeLink } from '../../src/host/link.ts'
import { readPasted } from '../../src/host/paste.ts'
import { scenarios } from '../../src/host/scenarios.ts'
import { Stream } from '../../src/kernel/index.ts'
import { checkSpec } from '../../src/run/check.ts'
import { replayOf } from '../../src/run/replay.ts'
import { loadScenario } from '../../src/scenario/scenario.ts'
import { readSweep } from '../../src/search/rows.ts'

/** What parsers stumble over. */
const poisons: readonly string[] = [
  '', ' ', '\0', '\u202e', '\u200b', '\ud800', '\ufeff', '\r', '\t', '\u2028', '\u{e0041}', '__proto__', 'constructor', 'prototype', 'toString', '{"__proto__":{"a":1}}',
  'NaN', 'Infinity', '-Infinity', '.inf', '-.inf', '.nan', '1e999', '-1e999', '1e-999', '0x7fffffff', '0o17', '-0', '9007199254740993', '1_000', '٣', '１', '1e3s', '99999999999d', '-5s', '0s', '5', '5 s', '5S',
  '<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', 'javascript:alert(1)', '${1+1}', '{{7*7}}', '$(touch x)', '`id`', '=1+1', '@SUM(A1)', '../../etc/passwd', 'file:///etc/passwd', '%00', '%n%s',
  '&a [*a]', '*a', '!!js/function "x"', '<<: *a', '? [a]\n: b', '---', '...', '%YAML 1.1', '|\n x', '> x', '[', '{', '[[[[[[[[[[[[[[[[[[[[', '{a: {a: {a: {a: ', '- - - - - - - - - - - -', '"', "'", '#', ':', ',', '\\', '\\u0000', 'null', 'true', '~', '[]', '{}',
  'x'.repeat(5000), '9'.repeat(400), '('.repeat(2000), 'a,'.repeat(3000), `${'at '.repeat(200)}5s`, 'crash '.repeat(100), '-> '.repeat(100), 'a'.repeat(50) + '!', ' '.repeat(5000),
]

/** One change, or several, of a text. */
function mutated(text: string, stream: Stream): string {
  let result = text
  const times = 1 + stream.below(4)
  for (let i = 0; i < times; i++) {
    const from = stream.below(result.length + 1)
    const to = Math.min(result.length, from + stream.below(1 + stream.below(60)))
    const poison = poisons[stream.below(poisons.length)] as string
    switch (stream.below(7)) {
      case 0: result = result.slice(0, from); break
      case 1: result = result.slice(0, from) + result.slice(to); break
      case 2: result = result.slice(0, from) + poison + result.slice(to); break
      case 3: result = result.slice(0, to) + result.slice(from); break
      case 4: {
        // A whole value: what stands between a colon and the end of its line.
        const colon = result.indexOf(':', from)
        const end = colon < 0 ? -1 : result.indexOf('\n', colon)
        if (end > 0) result = `${result.slice(0, colon)}: ${poison}${result.slice(end)}`
        break
      }
      case 5: result = result.slice(0, from) + String.fromCharCode(stream.below(65536)) + result.slice(from); break
      default: {
        const lines = result.split('\n')
        const one = stream.below(lines.length)
        lines.splice(one, 1 + stream.below(2), ...(stream.below(2) === 0 ? [] : [poison]))
        result = lines.join('\n')
      }
    }
  }
  return result
}

/** A value of JSON with one part replaced, at any depth. */
function poisoned(value: unknown, stream: Stream): unknown {
  const odd: readonly unknown[] = [
    ...poisons, null, true, 0, -1, 1e308, 1.5, [], {}, [[]], [null], { length: 3 }, JSON.parse('{"__proto__":{"polluted":true}}'), JSON.parse('{"constructor":{"prototype":{"polluted":true}}}'),
    Array.from({ length: 3000 }, () => 'crash'),
  ]
  if (typeof value !== 'object' || value === null || stream.below(4) === 0) return odd[stream.below(odd.length)]
  if (Array.isArray(value)) {
    const copy: unknown[] = [...(value as unknown[])]
    const at = stream.below(copy.length + 1)
    copy[at] = poisoned(copy[at], stream)
    return copy
  }
  const entries = Object.entries(value)
  const at = stream.below(entries.length + 1)
  if (at === entries.length) return { ...value, [poisons[stream.below(poisons.length)] as string]: odd[stream.below(odd.length)] }
  const [key, inner] = entries[at] as [string, unknown]
  return { ...value, [key]: poisoned(inner, stream) }
}

const spec = {
  version: 1, model: '1', scenario: 'fraud-detection', seed: '1', duration: '20s', warmup: '2s', quiet: '30s', workload: { rate: '100/s', record_size: '200B' },
  architectures: [{ id: 'kafka-flink', label: 'a', preset: 'tuned', settings: { 'linger.ms': '5ms', acks: 'all' } }, { id: 'kinesis-lambda', settings: { BatchSize: '10' } }],
  faults: ['crash processor-1 at 5s for 3s', 'cut broker-1 -> broker-2 at 6s for 2s only a', 'pause leader:0 on kafka.leader-elected #2 where partition > 1 after 3s'],
  changes: [{ at: '4s', label: 'a', key: 'min.insync.replicas', value: '1' }],
}

const configurations: readonly string[] = [
  'acks=all\nlinger.ms=5\nenable.idempotence=true\n# a note\nrequest.timeout.ms = 30000\n',
  'execution:\n  checkpointing:\n    interval: 10s\n    mode: EXACTLY_ONCE\nstate.backend.type: rocksdb\n',
  '{"BatchSize":100,"MaximumBatchingWindowInSeconds":1,"ParallelizationFactor":2,"DestinationConfig":{"OnFailure":{"Destination":"x"}}}',
]

const knobs = recipes.flatMap((recipe) => recipe.knobs).map((knob) => ({ ...knob, value: knob.default, changed: false, reason: null }))

/** A reader of input from strangers; null when it took the input. */
export interface Reader {
  readonly name: string
  readonly input: (stream: Stream) => unknown
  readonly read: (input: unknown) => Promise<readonly Issue[] | null>
}

function issuesOf<T>(result: Result<T>): readonly Issue[] | null {
  return result.ok ? null : result.issues
}

const files = Object.values(scenarios)

export const readers: readonly Reader[] = [
  {
    name: 'scenario files', input: (stream) => mutated(files[stream.below(files.length)] as string, stream),
    read: async (input) => issuesOf(loadScenario(input as string, 'a.md')),
  },
  { name: 'RunSpecs', input: (stream) => poisoned(spec, stream), read: async (input) => issuesOf(checkSpec(input, recipes, scenarios)) },
  {
    name: 'files to replay', input: (stream) => mutated(JSON.stringify(spec, null, stream.below(2)), stream),
    read: async (input) => issuesOf(replayOf(input as string)),
  },
  {
    name: 'links with changed letters',
    input: (stream) => {
      const link = `run1.${deflateRawSync(Buffer.from(JSON.stringify(spec))).toString('base64url')}`
      const at = stream.below(link.length)
      return stream.below(2) === 0 ? mutated(link, stream) : link.slice(0, at) + 'AZaz09-_'[stream.below(8)] + link.slice(at + 1)
    },
    read: async (input) => issuesOf(await decodeLink(input as string)),
  },
  {
    name: 'links with changed contents',
    input: (stream) => `#run1.${deflateRawSync(Buffer.from(stream.below(2) === 0 ? mutated(JSON.stringify(spec), stream) : JSON.stringify(poisoned(spec, stream)) ?? '')).toString('base64url')}`,
    read: async (input) => issuesOf(await decodeLink(input as string)),
  },
  {
    name: 'faults', input: (stream) => mutated(spec.faults[stream.below(spec.faults.length)] as string, stream),
    read: async (input) => {
      const parsed = parseFault(input as string)
      // What is understood is said again in words that mean the same.
      if (parsed.ok) {
        const again = parseFault(formatFault(parsed.value))
        if (!again.ok || formatFault(again.value) !== formatFault(parsed.value)) throw new Error(`${JSON.stringify(input)} is not read back`)
      }
      return issuesOf(parsed)
    },
  },
  {
    name: 'pasted configurations', input: (stream) => mutated(configurations[stream.below(configurations.length)] as string, stream),
    read: async (input) => {
      // Whatever it is, it becomes values that the knobs take, and a list of the rest; its shape is another test's.
      readPasted(input as string, knobs)
      return null
    },
  },
  {
    name: 'files of sweeps', input: (stream) => mutated('{"sweep":1,"key":"k","seeds":["1"],"variants":["a"],"specs":[{}]}\n{"n":0,"variant":"a","seed":"1","digest":"d","met":{},"figures":{}}\n', stream),
    read: async (input) => issuesOf(readSweep(input as string)),
  },
]

/** Everything that all objects share, to be compared before and after. */
export function shared(): string {
  return [Object.prototype, Array.prototype, Function.prototype, String.prototype, Number.prototype, Map.prototype]
    .map((one) => Reflect.ownKeys(one).map(String).join()).join('\n')
}

/** Milliseconds within which everything is answered on a machine with nothing else to do. */
const millisecondsMax = 50

/** Reads `count` inputs of a reader; every misbehaviour in words. */
export async function misbehaviours(reader: Reader, seed: string, count: number): Promise<{ readonly wrong: readonly string[]; readonly refused: number; readonly slowest: number }> {
  const stream = new Stream(`${seed}/${reader.name}`)
  const wrong: string[] = []
  const before = shared()
  let refused = 0
  let slowest = 0
  for (let i = 0; i < count; i++) {
    const input = reader.input(stream)
    const said = `${i}: ${JSON.stringify(input)?.slice(0, 200) ?? String(input)}`
    try {
      const start = process.cpuUsage()
      const issues = await reader.read(input)
      const { user, system } = process.cpuUsage(start)
      let cost = (user + system) / 1000
      // Compiling and collecting come and go, the input's own cost comes each time.
      for (let again = 0; again < 20 && cost > millisecondsMax; again++) {
        const before = process.cpuUsage()
        await reader.read(input)
        const spent = process.cpuUsage(before)
        cost = Math.min(cost, (spent.user + spent.system) / 1000)
      }
      slowest = Math.max(slowest, cost)
      if (cost > millisecondsMax) wrong.push(`${cost.toFixed(0)} ms for ${said}`)
      if (issues === null) continue
      refused++
      if (issues.length === 0) wrong.push(`refused without a word: ${said}`)
      for (const { code, message } of issues) {
        if (!/^[a-z][a-z-]*(?:\.[a-z-]+)+$/.test(code)) wrong.push(`code ${code}: ${said}`)
        if (message.length > 2000 || /undefined|\[object/.test(message.replace(/"[^"]*"/g, ''))) wrong.push(`message ${message.slice(0, 200)}: ${said}`)
      }
    } catch (error) {
      wrong.push(`threw ${error instanceof Error ? error.message : String(error)}: ${said}`)
    }
  }
  if (shared() !== before || 'polluted' in {}) wrong.push('what all objects share has changed')
  return { wrong, refused, slowest }
}
