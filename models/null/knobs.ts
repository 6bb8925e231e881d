/** Settings of the null pipeline. There is no such product: the keys are ours and the defaults assumed. */
import type { Knob, KnobType } from '../../src/contract/knob.ts'

const seconds = 1e9
const duration = (minNanos: number, maxNanos: number): KnobType => ({ kind: 'duration', minNanos, maxNanos, bare: null, off: null })
const integer = (min: number, max: number, unit: string): KnobType => ({ kind: 'integer', min, max, unit })

function knob(group: string, key: string, type: KnobType, value: string, unit: string, help: string, live = false): Knob {
  return { key, type, default: value, unit, help, source: 'ours, assumed', group, live }
}

export const knobs: readonly Knob[] = [
  knob('source', 'source.acks', { kind: 'choice', options: ['stored', 'none'] }, 'stored', '',
    'What the client waits for: the answer that the queue has stored a batch, or nothing.'),
  knob('source', 'source.linger', duration(0, 10 * seconds), '5ms', 'time', 'How long a batch waits for more records.'),
  knob('source', 'source.batch-records', integer(1, 10_000, 'records'), '500', 'records', 'Most records in one batch.'),
  knob('source', 'source.buffer-records', integer(1, 10_000_000, 'records'), '100000', 'records',
    'Most records that the client keeps; more are refused.'),
  knob('source', 'source.request-timeout', duration(10e6, 600 * seconds), '2s', 'time',
    'How long the client waits for an answer before it connects anew and sends again.'),
  knob('source', 'source.delivery-timeout', duration(10e6, 3600 * seconds), '30s', 'time',
    'How long the client tries at all; then it tells the application that it does not know.'),
  knob('source', 'source.retry-backoff', duration(1e6, 60 * seconds), '100ms', 'time', 'Pause before a batch is sent again.', true),
  knob('queue', 'queue.window', integer(1, 10_000, 'batches'), '16', 'batches', 'Batches delivered and not yet acknowledged.'),
  knob('queue', 'queue.ack-timeout', duration(100e6, 3600 * seconds), '5s', 'time',
    'Without an acknowledgement for so long the queue takes its reader for dead and delivers again.'),
  knob('sink', 'sink.acks', { kind: 'choice', options: ['after-write', 'before-write'] }, 'after-write', '',
    'When the sink acknowledges a batch: once it is written, or as soon as it has come.'),
  knob('sink', 'sink.work', duration(0, seconds), '20us', 'time', 'Time that the sink needs for one record.', true),
  knob('sink', 'sink.heartbeat', duration(10e6, 60 * seconds), '1s', 'time', 'How often the sink asks the queue whether it is there.'),
  knob('sink', 'sink.session-timeout', duration(20e6, 600 * seconds), '3s', 'time', 'Without an answer for so long the sink connects anew.'),
]
