/** Finding knobs and saying their range in words. Pure. */
import type { Opened } from '../../src/host/api.ts'

export type OpenKnob = Opened['knobs'][number]

/** Knobs that have all the words in key, group or help; changed ones first, else in their own order. */
export function findKnobs(knobs: readonly OpenKnob[], words: string): OpenKnob[] {
  const wanted = words.toLowerCase().split(/\s+/).filter((word) => word !== '')
  const found = knobs.filter((knob) => {
    const text = `${knob.key} ${knob.group} ${knob.help}`.toLowerCase()
    return wanted.every((word) => text.includes(word))
  })
  return [...found.filter((knob) => knob.changed), ...found.filter((knob) => !knob.changed)]
}

/** What a knob accepts: "0 ms to 1 h", "1 to 1000", "one of none, all". */
export function rangeText(knob: OpenKnob): string {
  const { type } = knob
  switch (type.kind) {
    case 'duration':
      return `${duration(type.minNanos)} to ${duration(type.maxNanos)}${type.off === null ? '' : `, or ${type.off}`}`
    case 'integer':
      return `${type.min} to ${type.max}`
    case 'size':
      return `${size(type.minBytes)} to ${size(type.maxBytes)}`
    case 'choice':
      return `one of ${type.options.join(', ')}`
    case 'boolean':
      return 'true or false'
    default: {
      const rest: never = type
      return rest
    }
  }
}

function duration(nanos: number): string {
  if (!Number.isFinite(nanos)) return 'without end'
  if (nanos >= 3.6e12 && nanos % 3.6e12 === 0) return `${nanos / 3.6e12} h`
  if (nanos >= 1e9) return `${nanos / 1e9} s`
  return nanos >= 1e6 || nanos === 0 ? `${nanos / 1e6} ms` : `${nanos / 1e3} µs`
}

function size(bytes: number): string {
  if (bytes >= 1_048_576) return `${Number((bytes / 1_048_576).toPrecision(4))} MiB`
  return bytes >= 1024 ? `${Number((bytes / 1024).toPrecision(4))} KiB` : `${bytes} B`
}
