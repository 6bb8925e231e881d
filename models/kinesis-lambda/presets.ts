/** Named settings: what an expert sets for this pipeline, and what the products ship with. */
import { formatDuration, formatSize } from '../../src/contract/quantity.ts'
import type { Pipeline, Sizing } from '../../src/contract/scenario.ts'
import type { PresetValue } from '../../src/contract/knob.ts'

const tuned: Readonly<Record<string, PresetValue>> = {
  'client.linger': { value: '20ms', reason: 'Calls of about 50 records; the wait is small beside the second that is allowed.' },
  'client.calls-in-flight': { value: '1', reason: 'Two calls under way can swap two records of one card.' },
  'client.retries': { value: '20', reason: 'Refused entries are the caller\'s to send again; three tries are over in a second.' },
  'client.timeout': { value: '1s', reason: 'The default of two minutes leaves a cut unnoticed for two minutes.' },
  'consumer.type': { value: 'enhanced', reason: 'A poll a second alone breaks a p99 below one second.' },
  BatchSize: { value: '100', reason: 'Four rounds of writes stay far from the time-out, and a repeated batch is small.' },
  MaximumBatchingWindowInSeconds: { value: '0', reason: 'Waiting for full batches costs latency and saves only invocations.' },
  ParallelizationFactor: { value: '1', reason: 'A lane decides about 1500 records/s, a shard brings 417.' },
  MemorySize: { value: '1769', reason: 'One whole vCPU; at 128 MB a record costs 14 times as long.' },
  MaximumRetryAttempts: { value: '6', reason: 'Half a minute of a failing table is survived, and a record that can never be decided stops its shard for no longer.' },
  BisectBatchOnFunctionError: { value: 'true', reason: 'Leads to the one bad record instead of discarding its whole batch.' },
  'DestinationConfig.OnFailure': { value: 's3', reason: 'What is given up is kept with its payload.' },
  'sink.write': {
    value: 'append',
    reason: 'What most functions do. A repeated batch then decides twice; conditional would refuse the repeats, at the same write cost.',
  },
}

const asShipped: Readonly<Record<string, PresetValue>> = {
  'client.retries': { value: '0', reason: 'The SDK retries failed calls, never failed entries: nobody does unless you write it.' },
}

/** `as-shipped` is not sized either: a new stream and a cold table. */
export const presets: Readonly<Record<string, Readonly<Record<string, PresetValue>>>> = {
  defaults: {},
  tuned,
  'as-shipped': asShipped,
}

/** What the scenario's size means here: shards, a table warmed up for what they let in, work and items. */
export function sized(sizing: Sizing, pipeline: Pipeline): Readonly<Record<string, string>> {
  return {
    ShardCount: String(sizing.shards),
    'WarmThroughput.WriteUnitsPerSecond': String(1000 * sizing.shards),
    'handler.work': formatDuration(pipeline.work),
    'sink.item-size': formatSize(pipeline.outputBytes),
  }
}
