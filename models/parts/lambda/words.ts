/**
 * Models: the causes and facts that the event source mapping, the function service and the function state.
 * Source: Lambda Developer Guide, Using Lambda with Kinesis.
 * Leaves out: the names of CloudWatch's metrics, which measure the same things.
 */
import { causeCode } from '../../../src/contract/cause.ts'
import { factCode } from '../../../src/kernel/index.ts'

export const batchRetry = causeCode('lambda.batch-retry', 'The whole batch was handed over again after a failure', 'Lambda Developer Guide, Using Lambda with Kinesis')
export const batchBisected = causeCode('lambda.batch-bisected', 'The failed batch was cut in two and handed over again', 'Lambda Developer Guide, Using Lambda with Kinesis')
export const batchFromFailure = causeCode('lambda.batch-from-failure', 'Everything from the lowest reported failure on was handed over again', 'Lambda Developer Guide, Using Lambda with Kinesis')
export const zombieWriter = causeCode('lambda.zombie', 'Written for an invocation that had been given up', 'Lambda Developer Guide, Execution environment and scaling')
export const writesTogether = causeCode('lambda.writes-together', 'Sent in one go with a later record of its key, whose write was applied first', 'SDK for JavaScript v3, concurrent requests: DynamoDB orders nothing between them')
export const environmentDied = causeCode('lambda.environment-died', 'In an environment when it died', 'Lambda Developer Guide, Execution environment and scaling')
export const batchDiscarded = causeCode('lambda.batch-discarded', 'Discarded: MaximumRetryAttempts were used up', 'Lambda Developer Guide, Using Lambda with Kinesis')
export const recordTooOld = causeCode('lambda.record-too-old', 'Discarded: older than MaximumRecordAgeInSeconds', 'Lambda Developer Guide, Using Lambda with Kinesis')
export const batchExpired = causeCode('lambda.batch-expired', 'Expired in the stream while its batch was retried', 'Lambda Developer Guide, Using Lambda with Kinesis')

export const environmentStarted = factCode('lambda.environment-started', 2, '{who} is ready after {init:s}, cold start {starts}', ['init', 'starts'])
export const environmentLost = factCode('lambda.environment-died', 1, '{who} died at write {position} of {size}', ['position', 'size'])
export const invocationTimedOut = factCode('lambda.timeout', 1, '{who} was stopped at its time-out: {position} of {size} written', ['position', 'size'])
export const environmentsReplaced = factCode('lambda.deployed', 1, 'A new version: {environments} environments are replaced', ['environments'])
export const lambdaThrottled = factCode('lambda.throttled', 2, 'Shard {shard}: 429, {executing} of {limit} environments are in use', ['shard', 'executing', 'limit'])
export const invokeFailed = factCode('lambda.service-error', 2, 'Shard {shard}: the service failed before the function ran', ['shard'])
export const functionFailed = factCode('lambda.function-error', 2, 'Shard {shard}: the function failed on a batch of {size}', ['shard', 'size'])
export const batchRetried = factCode('lambda.batch-retried', 1, 'Shard {shard}: the same {records} records again, retry {retry} after {waited:s}', ['shard', 'records', 'retry', 'waited'])
export const batchSplit = factCode('lambda.batch-bisected', 2, 'Shard {shard}: {records} records are cut in two', ['shard', 'records'])
export const batchCut = factCode('lambda.batch-partly-failed', 2, 'Shard {shard}: {done} of {records} are done, the rest is handed over again', ['shard', 'done', 'records'])
export const batchRecovered = factCode('lambda.batch-done', 1, 'Shard {shard}: batch of {records} done after {failures} failures', ['shard', 'records', 'failures'])
export const recordsDiscarded = factCode('lambda.batch-discarded', 1, 'Shard {shard}: {records} records discarded after {invocations} invocations', ['shard', 'records', 'invocations'])
export const recordsTooOld = factCode('lambda.record-age-exceeded', 1, 'Shard {shard}: {records} records are too old and discarded', ['shard', 'records'])
export const iteratorAge = factCode('lambda.iterator-age', 2, 'Shard {shard}: iterator age {age:s}', ['shard', 'age'])
export const destinationSent = factCode('lambda.sent-to-destination', 2, 'Shard {shard}: {records} records went to the failure destination', ['shard', 'records'])
export const batchWriteApplied = factCode('lambda.write-applied', 3, '{who}: write {position} of {size} is applied', ['position', 'size'])
