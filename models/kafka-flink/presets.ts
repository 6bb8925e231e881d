/** Presets of this column, each value with its reason, and what the scenario's sizing sets. */
import type { PresetValue } from '../../src/contract/knob.ts'
import { formatDuration, formatSize } from '../../src/contract/quantity.ts'
import type { Pipeline, Sizing } from '../../src/contract/scenario.ts'

const tuned: Readonly<Record<string, PresetValue>> = {
  'linger.ms': { value: '20', reason: 'Twenty milliseconds of waiting save most requests; the checkpoint interval dwarfs them.' },
  'delivery.timeout.ms': { value: '300000', reason: 'A record outlives any election or restart of a broker.' },
  'source.properties.fetch.min.bytes': { value: '64KiB', reason: 'Fewer and larger fetches at this rate.' },
  'source.properties.fetch.max.wait.ms': { value: '40', reason: 'No record waits longer than this for others to be fetched with.' },
  'execution.buffer-timeout.interval': { value: '10ms', reason: 'The default of 100 ms is most of the way from log to operator.' },
  'execution.checkpointing.timeout': { value: '1m', reason: 'A checkpoint that hangs is given up before the transactions are.' },
  'execution.checkpointing.tolerable-failed-checkpoints': { value: '3', reason: 'One slow write to the store is no reason to restart the job.' },
  'heartbeat.interval': { value: '2s', reason: 'A dead TaskManager keeps its slots for up to two intervals, and every restart fails until then.' },
  'heartbeat.timeout': { value: '10s', reason: 'A frozen or cut-off TaskManager is noticed after this, not after 50 s.' },
  'high-availability.type': { value: 'kubernetes', reason: 'Without it the job is gone with its JobManager.' },
  'taskmanager.load-balance.mode': { value: 'NONE', reason: 'Full TaskManagers first, so that one stays free as a spare.' },
  'sink.properties.linger.ms': { value: '100', reason: 'Results become visible at the commit, so larger batches cost no time.' },
  'sink.properties.transaction.timeout.ms': { value: '600000', reason: 'Longer than any outage that the job survives, below the 15 min that brokers allow.' },
}

export const presets: Readonly<Record<string, Readonly<Record<string, PresetValue>>>> = { tuned, defaults: {}, 'as-shipped': {} }

/** What follows from the scenario: guarantee, interval, durability of the topics, cost of a record. */
export function sized(sizing: Sizing, pipeline: Pipeline): Readonly<Record<string, string>> {
  const values: Record<string, string> = {
    'execution.checkpointing.interval': formatDuration(sizing.checkpointInterval),
    'sink.delivery-guarantee': sizing.guarantee,
    'min.insync.replicas': String(Math.max(1, Math.min(2, sizing.replication - 1))),
    'operator.record-time': formatDuration(pipeline.work),
    'state.bytes-per-key': formatSize(pipeline.state === 'none' ? 0 : pipeline.stateBytesPerKey),
    'sink.record-bytes': formatSize(pipeline.outputBytes),
  }
  // The sink's own default of one hour is refused by every broker with default settings: the job would never start.
  if (sizing.guarantee === 'exactly-once') values['sink.properties.transaction.timeout.ms'] = '900000'
  return values
}
