/**
 * Models: nothing; the hops of a followed record through a function, in words.
 * Source: Lambda Developer Guide, Using Lambda with Kinesis.
 * Leaves out: hops inside the service that take no time.
 */
import { hopCode } from '../../../src/kernel/index.ts'

export const invoked = hopCode('lambda.hop-invoked', '{who} hands a batch of {records} records with it to an environment', ['records'])
export const begun = hopCode('lambda.hop-begun', '{who} begins with its batch', [], invoked)
export const decidedHop = hopCode('lambda.hop-decided', '{who} has decided it')
export const answeredHop = hopCode('lambda.hop-answered', '{who}: the function has answered for its batch')
