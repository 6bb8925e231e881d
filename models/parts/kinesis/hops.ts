/**
 * Models: nothing; the hops of a followed record through Kinesis, in words.
 * Source: Kinesis API Reference, PutRecords, SubscribeToShard, GetRecords.
 * Leaves out: hops inside the service that nobody sees; when a client puts a record into its open call (its birth, unless it was down).
 */
import { hopCode } from '../../../src/kernel/index.ts'

export const putSent = hopCode('kinesis.hop-put', '{who} sends PutRecords with {records} records', ['records'])
export const stored = hopCode('kinesis.hop-stored', '{who}: shard {shard} stores it as number {number}', ['shard', 'number'], putSent)
export const shardRefused = hopCode('kinesis.hop-refused', '{who}: shard {shard} is over its limit and refuses it', ['shard'], putSent)
export const read = hopCode('kinesis.hop-read', '{who} has read it from shard {shard}', ['shard'], stored)
