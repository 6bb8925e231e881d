/**
 * Models: a batch is closed by the first of BatchSize, 6 MB, and the end of MaximumBatchingWindowInSeconds, which
 *   begins when the previous invocation completes; a window that ends empty is followed by the next.
 * Source: Lambda Developer Guide, Using Lambda with Kinesis; Lambda Developer Guide, "Batching behavior".
 * Leaves out: tumbling windows.
 */
import { eventKind, type EventKind } from '../../../src/kernel/index.ts'
import type { EventSourceMapping } from './event-source-mapping.ts'
import type { Lane } from './lane.ts'

/** True when a lane with `waiting` records may close a batch without waiting for its window. */
export function closesNow(waiting: number, recordsMax: number, windowNanos: number): boolean {
  return waiting >= recordsMax || (waiting > 0 && windowNanos === 0)
}

/** End of the window that runs at `now`, the first one having begun at `since`. */
export function windowEnd(since: number, now: number, windowNanos: number): number {
  return since + (Math.floor((now - since) / windowNanos) + 1) * windowNanos
}

/** A lane's window is over: what it has goes. */
export const windowOver: EventKind<EventSourceMapping, Lane> = eventKind('lambda.window-over', (sim, mapping, lane) => {
  mapping.closeBatch(sim, lane)
})
