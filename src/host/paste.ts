/**
 * What somebody pastes as settings, held against the knobs of a column: known keys with their values in the knob's
 * own form, unknown ones, refused ones with the reason. Pure: nothing is set here.
 */
import type { Knob } from '../contract/knob.ts'
import { expectationOf, parseKnob } from '../run/settings.ts'
import { plainText, readText, type PastedEntry, type PastedText } from './paste-text.ts'

type OpenKnob = Knob & { readonly value: string }

/** A line that names a knob. */
export interface PastedValue {
  readonly key: string
  readonly value: string
  /** The key as it was pasted, where the knob is called otherwise. */
  readonly from: string
  readonly line: number
}

export interface Pasted {
  readonly format: PastedText['format']
  /** What it was taken for, in words: "consumer properties". */
  readonly readAs: string
  /** New values, the last one of each key, in the order of the text. */
  readonly set: readonly PastedValue[]
  /** Known, and already so. */
  readonly same: readonly PastedValue[]
  readonly unknown: readonly { readonly key: string; readonly line: number }[]
  readonly refused: readonly { readonly key: string; readonly value: string; readonly line: number; readonly message: string }[]
  readonly problems: readonly string[]
}

/** Keys that only a file of this kind has. */
const consumerKeys = /^(?:group\.id|group\.protocol|auto\.offset\.reset|isolation\.level|max\.poll\.|fetch\.(?:min|max)\.|max\.partition\.fetch|key\.deserializer|value\.deserializer|enable\.auto\.commit|session\.timeout\.ms)/
const producerKeys = /^(?:acks|enable\.idempotence|linger\.ms|batch\.size|buffer\.memory|max\.in\.flight|delivery\.timeout\.ms|transactional\.id|compression\.type|key\.serializer|value\.serializer)$/

/** Names that the products used before, or that stand for ours. */
const aliases: ReadonlyMap<string, string> = new Map([
  ['restart-strategy', 'restart-strategy.type'],
  ['high-availability', 'high-availability.type'],
  ['akka.ask.timeout', 'pekko.ask.timeout'],
  ['execution.checkpointing.tolerable-failed-checkpoints.number', 'execution.checkpointing.tolerable-failed-checkpoints'],
  ['DestinationConfig.OnFailure.Destination', 'DestinationConfig.OnFailure'],
  ['FunctionResponseTypes', 'ReportBatchItemFailures'],
  ['StreamModeDetails.ShardCount', 'ShardCount'],
])

/** What stands before a key in other files: a connector's options, a framework's, a template's. */
const wrappers = /^(?:properties|producer|consumer|Properties|EventSourceMappings|spring\.kafka\.(?:producer|consumer)(?:\.properties)?)\./

/** Reads a text against the knobs of one column, with the values that they have now. */
export function readPasted(text: string, knobs: readonly OpenKnob[]): Pasted {
  const { format, entries, problems } = readText(text)
  const prefix = prefixOf(entries)
  const byKey = new Map(knobs.map((knob) => [knob.key, knob]))
  const found = new Map<string, PastedValue>()
  const unknown: { key: string; line: number }[] = []
  const refused: { key: string; value: string; line: number; message: string }[] = []
  for (const entry of entries) {
    const knob = knobFor(entry.key, prefix, byKey)
    if (knob === undefined) {
      unknown.push({ key: plainText(entry.key), line: entry.line })
      continue
    }
    const value = valueFor(knob, entry, format)
    if (parseKnob(knob, value).ok) {
      // Behind what came before, so that the last line of a key decides and stands where it was written.
      found.delete(knob.key)
      found.set(knob.key, { key: knob.key, value, from: entry.key === knob.key ? '' : plainText(entry.key), line: entry.line })
      continue
    }
    const message = `expected ${expectationOf(knob.type)}`
    refused.push({ key: knob.key, value: plainText(entry.value), line: entry.line, message })
  }
  const isSame = ({ key, value }: PastedValue): boolean => {
    const knob = byKey.get(key)!
    const [now, next] = [parseKnob(knob, knob.value), parseKnob(knob, value)]
    return now.ok && next.ok && now.value === next.value
  }
  const all = [...found.values()]
  return {
    format, readAs: wordsOf(format, prefix, entries), set: all.filter((value) => !isSame(value)), same: all.filter(isSame),
    unknown, refused, problems,
  }
}

/** Which of two equally named knobs is meant: a job's source where the file is a consumer's. */
function prefixOf(entries: readonly PastedEntry[]): 'source.properties.' | '' {
  const isConsumer = entries.some(({ key }) => consumerKeys.test(key) || /^(?:spring\.kafka\.)?consumer\./.test(key))
  const isProducer = entries.some(({ key }) => producerKeys.test(key) || /^(?:spring\.kafka\.)?producer\./.test(key))
  return isConsumer && !isProducer ? 'source.properties.' : ''
}

function knobFor(written: string, prefix: string, byKey: ReadonlyMap<string, OpenKnob>): OpenKnob | undefined {
  for (const key of [written, written.replace(wrappers, '')]) {
    const known = aliases.get(key) ?? key
    const isConsumers = prefix !== '' || /(?:^|\.)consumer\./.test(written) || consumerKeys.test(key)
    const tries = isConsumers ? [`source.properties.${known}`, known] : [known, `source.properties.${known}`, `sink.properties.${known}`]
    for (const name of tries) {
      const knob = byKey.get(name)
      if (knob !== undefined) return knob
    }
  }
  return undefined
}

/** A value in the form that the knob takes, if it means one; else as it was written, to be refused in its own words. */
function valueFor({ key, type }: Knob, { value }: PastedEntry, format: Pasted['format']): string {
  const text = value.trim()
  if (key === 'ReportBatchItemFailures' && !/^(?:true|false)$/i.test(text)) return String(text.split(',').includes('ReportBatchItemFailures'))
  if (key === 'DestinationConfig.OnFailure') return /^arn:aws[\w-]*:(sqs|s3):/.exec(text)?.[1] ?? text
  switch (type.kind) {
    case 'boolean': return text.toLowerCase()
    case 'choice': return type.options.includes(text) ? text : (type.options.find((option) => folded(option) === folded(text)) ?? text)
    case 'duration': return durationFor(text, type.bare, type.off)
    case 'size': return format === 'yaml' ? binarySize(text) : text
    case 'integer': return /^\d{1,15}\.0+$/.test(text) ? text.replace(/\.0+$/, '') : text
    default: {
      const rest: never = type
      return rest
    }
  }
}

function folded(text: string): string {
  return text.toLowerCase().replace(/[-_]/g, '')
}

const longUnits: ReadonlyMap<string, string> = new Map([
  ['milli', 'ms'], ['millis', 'ms'], ['millisecond', 'ms'], ['milliseconds', 'ms'], ['sec', 's'], ['second', 's'], ['seconds', 's'],
  ['minute', 'm'], ['minutes', 'm'], ['hour', 'h'], ['hours', 'h'], ['day', 'd'], ['days', 'd'], ['micro', 'us'], ['micros', 'us'],
  ['microsecond', 'us'], ['microseconds', 'us'], ['nano', 'ns'], ['nanos', 'ns'], ['nanosecond', 'ns'], ['nanoseconds', 'ns'],
])

/** Flink writes "10 seconds", "10s", PT10S or bare milliseconds; a knob of seconds or milliseconds takes bare numbers itself. */
function durationFor(text: string, bare: 'ms' | 's' | null, off: string | null): string {
  if (text === off) return text
  const iso = /^PT(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6}(?:\.\d{1,9})?)S)?$/i.exec(text)
  if (iso !== null && text.length > 2) {
    const seconds = Number(iso[1] ?? 0) * 3600 + Number(iso[2] ?? 0) * 60 + Number(iso[3] ?? 0)
    return `${Math.round(seconds * 1000)}ms`
  }
  const found = /^(\d{1,15}(?:\.\d{1,6})?)\s*([a-zA-Zµ]*)$/.exec(text)
  if (found === null) return text
  const unit = found[2]!.toLowerCase()
  if (unit === '') return bare === null ? `${found[1]}ms` : text
  return `${found[1]}${longUnits.get(unit) ?? unit}`
}

/** Flink counts in powers of two whatever the unit's case: "32kb" is 32 KiB. */
function binarySize(text: string): string {
  const found = /^(\d{1,15})\s*([kmg])i?b?$/i.exec(text)
  return found === null ? text : `${found[1]}${found[2]!.toUpperCase()}iB`
}

function wordsOf(format: Pasted['format'], prefix: string, entries: readonly PastedEntry[]): string {
  if (format === 'properties') {
    if (prefix !== '') return 'consumer properties'
    return entries.some(({ key }) => producerKeys.test(key)) ? 'producer properties' : 'properties'
  }
  return format === 'yaml' ? 'YAML' : format === 'json' ? 'JSON' : ''
}
