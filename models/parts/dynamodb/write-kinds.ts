/**
 * Models: four ways to write a decision: a new item per attempt (append), an item by event id (put), an addition
 *   to a counter (increment), a put with attribute_not_exists (conditional). What a repeat does follows from the
 *   way and from what the table holds.
 * Source: DynamoDB Developer Guide, Condition expressions; documentation of the sinks; DynamoDB API, PutItem and UpdateItem.
 * Leaves out: transactions, idempotency tables of libraries.
 */
import type { Effect } from '../../../src/contract/outside.ts'
import { invariant } from '../../../src/kernel/index.ts'
import type { Items } from './items.ts'

export const APPEND = 0
export const PUT = 1
export const INCREMENT = 2
export const CONDITIONAL = 3

export const writeKinds = ['append', 'put', 'increment', 'conditional'] as const
const effects: readonly Effect[] = ['append', 'upsert', 'increment', 'conditional']

/** The number of a `sink.write` value. */
export function writeKind(name: string): number {
  const kind = writeKinds.indexOf(name as (typeof writeKinds)[number])
  invariant(kind >= 0, 'dynamodb.write-kind', name)
  return kind
}

/** How a reader of the table counts what such writes do. */
export function effectOf(kind: number): Effect {
  return effects[kind] as Effect
}

/** Whether the table takes the write; ids are kept in every case, so that audits can count both ways. */
export function takes(kind: number, items: Items, lane: number, index: number): boolean {
  const isNew = items.add(lane, index)
  // Only the condition looks at what is there: a new item per attempt has a key of its own, a put replaces,
  // an addition adds.
  return kind !== CONDITIONAL || isNew
}
