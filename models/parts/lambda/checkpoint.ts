/**
 * Models: the service keeps a checkpoint per lane: what is behind it will not be handed over again, what is
 *   before it will.
 * Source: Lambda Developer Guide, "Using Lambda with Kinesis".
 * Leaves out: disabling and deleting a mapping.
 */
import { invariant } from '../../../src/kernel/index.ts'
import type { KinesisStream, ShardLog } from '../kinesis/index.ts'
import type { Lane } from './lane.ts'

/** Position of the oldest record that is not done, among lanes [from, to) of one shard and what it has not read. */
export function oldestOpen(lanes: readonly Lane[], from: number, to: number, received: number): number {
  let oldest = received
  for (let i = from; i < to; i++) {
    const position = (lanes[i] as Lane).oldest()
    if (position >= 0 && position < oldest) oldest = position
  }
  return oldest
}

/** Visits every record before a checkpoint: in a batch that is not done, waiting in a lane, or unread. */
export function visitOpen(
  lanes: readonly Lane[], stream: KinesisStream, received: Float64Array,
  visit: (lane: number, first: number, count: number) => void,
): void {
  for (const lane of lanes) {
    for (const batch of lane.pending) {
      for (let i = 0; i < batch.slices.length; i += 4) visit(batch.slices[i] as number, batch.slices[i + 1] as number, 1)
    }
    const log = stream.logs[lane.shard] as ShardLog
    for (let i = 0; i < lane.queue.count; i++) {
      const position = lane.queue.at(i)
      log.visit(position, position + 1, visit)
    }
  }
  for (let shard = 0; shard < stream.shards; shard++) {
    const log = stream.logs[shard] as ShardLog
    log.visit(received[shard] as number, log.end, visit)
  }
}

/** How many records of one shard are not done, counted one by one; checks its lanes on the way. */
export function countOpenOf(lanes: readonly Lane[], log: ShardLog, received: number): number {
  let open = log.end - received
  for (const lane of lanes) {
    for (const batch of lane.pending) open += batch.size
    open += lane.queue.count
    invariant(!(lane.isInvoking && lane.isWaiting), 'lambda.lane-invokes-or-waits')
    invariant(lane.pending.length > 0 || !(lane.isInvoking || lane.isWaiting), 'lambda.busy-lane-has-batch')
  }
  return open
}
