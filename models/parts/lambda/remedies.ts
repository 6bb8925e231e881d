/**
 * Models: nothing; what can be set against what an event source mapping and its function state as causes.
 * Source: Lambda Developer Guide, Using Lambda with Kinesis.
 * Leaves out: what a handler could do with a store of its own for ids.
 */
import { atLeast, atMost, each, set, type Remedies } from '../../../src/contract/remedy.ts'

const byId = set('sink.write', 'put', 'An item per event id: the repeat overwrites it with the same content. An append writes a second item.')
const conditional = set('sink.write', 'conditional', 'The table refuses an id that it has already, at the same write cost.')

export const lambdaRemedies: Remedies = {
  'lambda.batch-retry': { settings: [
    byId, conditional,
    atMost('BatchSize', '25', 'Less is handed over again with each failed invocation.'),
  ] },
  ...each(['lambda.batch-bisected', 'lambda.batch-from-failure'], { settings: [
    byId, conditional,
    set('ReportBatchItemFailures', 'true', 'Only what comes from the first failed record on is handed over again.'),
  ] }),
  'lambda.zombie': { settings: [
    conditional,
    atLeast('Timeout', '30', 'An invocation that is merely slow is then not given up while it still writes.'),
  ] },
  'lambda.writes-together': { settings: [
    atMost('sink.parallel', '1', 'With one write at a time none can overtake another; a batch then takes as many times as long.'),
  ] },
  'lambda.environment-died': { settings: [
    set('MaximumRetryAttempts', '-1', 'What an environment held is handed over again until it succeeds or expires; nothing is given up.'),
    set('DestinationConfig.OnFailure', 's3', 'What is given up is then kept with its payload.'),
  ] },
  'lambda.batch-discarded': { settings: [
    set('DestinationConfig.OnFailure', 's3', 'What is given up is then kept with its payload.'),
    set('MaximumRetryAttempts', '-1', 'A batch is then tried until its records expire; one that can never succeed blocks its shard for as long.'),
    set('BisectBatchOnFunctionError', 'true', 'The batch is cut down to the one bad record, and the others go on.'),
  ] },
  'lambda.record-too-old': { settings: [
    set('MaximumRecordAgeInSeconds', '-1', 'Age alone is then no reason to discard a record.'),
    set('DestinationConfig.OnFailure', 's3', 'What is given up is then kept.'),
  ] },
  'lambda.batch-expired': { settings: [
    atLeast('RetentionPeriodHours', '168', 'There is then a week to repair what fails.'),
    set('BisectBatchOnFunctionError', 'true', 'One bad record then no longer holds its whole batch back.'),
  ] },
  'late.calm': { settings: [
    set('consumer.type', 'enhanced', 'A shard is then pushed; a standard reader polls it once a second.'),
    atMost('MaximumBatchingWindowInSeconds', '0', 'A batch then goes as soon as there is anything, full or not.'),
    atMost('client.linger', '20ms', 'Records wait for this long in the producer for others to be sent with.'),
  ] },
  'late.outage': { settings: [
    atMost('client.timeout', '1s', 'A call without an answer is tried again after this.'),
    set('BisectBatchOnFunctionError', 'true', 'A record that always fails is then cut out of its batch, and its shard goes on.'),
    set('MaximumRetryAttempts', '6', 'A batch that can never succeed then blocks its shard for no longer than these take.'),
    atMost('Timeout', '3', 'An invocation that hangs is killed after this, and its batch comes again.'),
  ] },
  'late.behind': { settings: [
    atLeast('ParallelizationFactor', '10', 'That many batches of one shard run at once; the order of each key is kept.'),
    atLeast('MemorySize', '1769', 'One whole vCPU: the function gets through a record faster.'),
    atLeast('ShardCount', '48', 'More shards, more batches at once.'),
  ] },
}
