/**
 * Models: nothing; the hops of a followed record to a table, in words.
 * Source: DynamoDB API Reference, PutItem, UpdateItem.
 * Leaves out: hops inside the service that nobody sees.
 */
import { hopCode } from '../../../src/kernel/index.ts'

export const writeSent = hopCode('dynamodb.hop-sent', '{who} sends the write of it')
export const writeAdmitted = hopCode('dynamodb.hop-arrived', '{who} has the write of it', [], writeSent)
export const applied = hopCode('dynamodb.hop-applied', '{who} applies the write of it')
