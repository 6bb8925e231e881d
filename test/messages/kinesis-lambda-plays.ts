/** Short runs of Kinesis, Lambda and DynamoDB with what each promises. */
import type { Elsewhere, Play } from './kit.ts'

const quick: Readonly<Record<string, string>> = { MaximumRetryAttempts: '2', 'handler.work': '2ms' }

const again: readonly string[] = ['lambda.batch-retry', 'lambda.batch-bisected']

export const plays: readonly Play[] = [
  { name: 'calm', settings: quick, within: 9, p50: 0.15, p99: 0.33, tellsOnly: ['lambda.environment-started'] },
  { name: 'standard with a window', settings: { ...quick, 'consumer.type': 'standard', MaximumBatchingWindowInSeconds: '1' }, within: 10, p99: 2.4 },
  { name: 'environment crashes', settings: quick, faults: ['crash on lambda.write-applied #50 after 2s'], within: 9, p99: 0.5, may: again },
  { name: 'environment loses power', settings: quick, faults: ['power-loss on lambda.write-applied #50 after 2s'], within: 9, p99: 1.4, may: again },
  {
    name: 'environment pauses', settings: { ...quick, Timeout: '1' }, faults: ['pause on lambda.write-applied #50 after 2s for 4s'],
    within: 9, p99: 2, may: [...again, 'lambda.zombie'],
  },
  {
    name: 'poison', settings: quick, faults: ['poison at 2s'], within: 9, p99: 3.2, may: [...again, 'lambda.batch-discarded'],
    tells: { 'lambda.batch-discarded': 1, 'lambda.sent-to-destination': 1 },
  },
  { name: 'table throttles', settings: quick, faults: ['throttle sink 0% at 2s for 1s'], within: 9, p99: 1.7, may: again },
  { name: 'table errs', settings: quick, faults: ['error-rate sink 30% at 2s for 1s'], within: 9, p99: 0.85, may: again },
  { name: 'function throttles', settings: quick, faults: ['throttle processor 0% at 2s for 2s'], within: 9, p99: 4.3 },
  { name: 'stream errs', settings: quick, faults: ['error-rate kinesis 40% at 2s for 2s'], within: 9, p99: 1.3 },
  // Retransmissions come 3.0 and 6.2 s after the first sending; a client that gave up connects anew within a second.
  { name: 'source is cut off', settings: quick, faults: ['cut source-1 at 1s for 3300ms'], within: 9, p99: 4.4, may: ['kinesis.put-retry'] },
  { name: 'deploy', settings: quick, faults: ['deploy processor at 2s'], within: 9, p99: 0.55 },
  // Births end while the source is frozen: no later one takes the waiting ones along.
  { name: 'source pauses', settings: quick, faults: ['pause source-1 at 5s for 2s'], within: 9, p99: 1.3 },
  { name: 'source crashes', settings: quick, faults: ['crash source-1 at 2s for 1s'], workload: { upstream: 'journal' }, within: 9, p99: 1.3, may: ['source.journal-replay'] },
]

export const showsIn: Readonly<Record<string, string>> = {
  'dynamodb.group-refused': 'table throttles',
  'kinesis.answer-overdue': 'source is cut off',
  'kinesis.put-again': 'stream errs',
  'kinesis.get-records': 'standard with a window',
  'kinesis.get-records-answered': 'standard with a window',
  'lambda.write-again': 'table errs',
  'lambda.destination-reached': 'poison',
  'lambda.window-over': 'standard with a window',
  'lambda.backoff-over': 'environment crashes',
  'lambda.worker-lost': 'environment crashes',
  'lambda.time-over': 'environment pauses',
  'lambda.health-check': 'environment loses power',
  'source.after-pause': 'source pauses',
}

export const exceptions: Readonly<Record<string, Elsewhere>> = {
  'source.send-again': {
    why: 'no play refuses a journal for good', file: 'test/run/found-plans.test.ts',
    test: 'a journal hands over again what its client gave up after an unclean election',
  },
  'kinesis.socket-down': {
    why: 'no fault of the recipe makes the service close a socket', file: 'test/models/kinesis/put-records.test.ts',
    test: 'a socket that the service closes in mid-call leaves the outcome unknown: the call is sent again',
  },
  'lambda.table-down': {
    why: 'no fault of the recipe makes the table close a connection', file: 'test/models/lambda/environment.test.ts',
    test: 'a connection to the table that breaks in mid-write',
  },
}
