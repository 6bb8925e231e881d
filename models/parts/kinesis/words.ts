/**
 * Models: the causes and facts that Kinesis and its producer's client state.
 * Source: Kinesis Developer Guide, Quotas and limits; Kinesis Developer Guide, Retention; Lambda Developer Guide, Using Lambda with Kinesis.
 * Leaves out: the names of CloudWatch's metrics, which measure the same things.
 */
import { causeCode } from '../../../src/contract/cause.ts'
import { factCode } from '../../../src/kernel/index.ts'

export const putRetry = causeCode('kinesis.put-retry', 'The producer sent again what had not been answered in time', 'Kinesis Developer Guide, Producers')
export const putRefused = causeCode('kinesis.put-refused', 'Refused by the shard until the producer gave up', 'Kinesis API Reference, PutRecords')
export const putUnanswered = causeCode('kinesis.put-unanswered', 'Not answered until the producer gave up', 'Kinesis Developer Guide, Producers')
export const bufferFull = causeCode('kinesis.buffer-full', 'The buffer of the producer was full', 'ours: client.buffer')
export const clientDied = causeCode('kinesis.producer-died', 'In the memory of the producer when it died', 'Lambda Developer Guide, Using Lambda with Kinesis')
export const recordExpired = causeCode('kinesis.expired', 'Not read before its retention was over', 'Kinesis Developer Guide, Retention')

export const entriesRefused = factCode('kinesis.throttled', 2, '{refused} of {records} entries of a PutRecords call were refused', ['refused', 'records'])
export const entriesFailed = factCode('kinesis.internal-failure', 2, '{failed} of {records} entries of a PutRecords call failed inside the service', ['failed', 'records'])
export const putRetried = factCode('kinesis.put-retried', 2, '{who} sends {records} records again, retry {retry}', ['records', 'retry'])
export const putTimedOut = factCode('kinesis.put-timed-out', 1, '{who} got no answer for {records} records: outcome unknown', ['records'])
export const putGivenUp = factCode('kinesis.put-given-up', 1, '{who} gave up on {records} records after {retries} retries', ['records', 'retries'])
export const clientFull = factCode('kinesis.buffer-full', 1, '{who} refuses: its buffer of {records} records is full', ['records'])
export const clientHasRoom = factCode('kinesis.buffer-has-room', 2, '{who} takes records again after {refused} refusals', ['refused'])
export const recordsExpired = factCode('kinesis.expired', 1, 'Shard {shard}: {records} records were older than the retention', ['shard', 'records'])
export const subscriptionRenewed = factCode('kinesis.subscription-renewed', 2, 'The subscription to shard {shard} ended after five minutes and is renewed', ['shard'])
