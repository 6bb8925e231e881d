/** Presets of this column, each value with its reason, and what the scenario's sizing sets. */
import type { PresetValue } from '../../src/contract/knob.ts'
import type { Sizing } from '../../src/contract/scenario.ts'

const tuned: Readonly<Record<string, PresetValue>> = {
  'linger.ms': { value: '10', reason: 'Ten milliseconds of waiting save most requests.' },
  'delivery.timeout.ms': { value: '300000', reason: 'A record outlives any election or restart of a broker.' },
}

export const presets: Readonly<Record<string, Readonly<Record<string, PresetValue>>>> = { tuned, defaults: {} }

/** What follows from the scenario: one replica may be missing, no more. */
export function sized(sizing: Sizing): Readonly<Record<string, string>> {
  return { 'min.insync.replicas': String(Math.max(1, Math.min(2, sizing.replication - 1))) }
}
