/**
 * Models: the last stable offset: the high watermark, or the first offset of a transaction that is open or whose marker
 *   is not replicated yet, whichever is less.
 * Source: Kafka 4.2 `UnifiedLog#fetchLastStableOffsetMetadata`, `ProducerStateManager#firstUnstableOffset`.
 * Leaves out: nothing known.
 */
import { invariant } from '../../../src/kernel/index.ts'
import type { Replica } from './replica.ts'

/** Sets the leader's last stable offset anew; true when it has moved. */
export function updateLastStable(replica: Replica): boolean {
  const producers = replica.log.producers
  if (producers.ended.length > 0) producers.replicated(replica.highWatermark)
  const unstable = producers.firstUnstable()
  const next = unstable < replica.highWatermark ? unstable : replica.highWatermark
  if (next === replica.lastStable) return false
  if (next < replica.lastStable) invariant(false, 'kafka.last-stable-never-falls', String(replica.partition))
  replica.lastStable = next
  return true
}
