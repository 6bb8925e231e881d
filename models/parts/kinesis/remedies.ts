/**
 * Models: nothing; what can be set against what a stream and its producer state as causes.
 * Source: Kinesis Developer Guide, Producers and Retention; Kinesis API Reference, PutRecords.
 * Leaves out: on-demand streams, which grow by themselves.
 */
import { atLeast, atMost, set, type Remedies } from '../../../src/contract/remedy.ts'

export const kinesisRemedies: Remedies = {
  'kinesis.put-retry': { settings: [
    set('sink.write', 'put', 'A stream has no memory of what it was sent. Writing by the event\'s id turns the repeat into a rewrite of the same item.'),
    atLeast('client.timeout', '5s', 'An answer that is merely late is then not taken for none.'),
  ] },
  'kinesis.put-refused': { settings: [
    atLeast('ShardCount', '48', 'Each shard takes 1 000 records/s and 1 MiB/s; above that it refuses entries.'),
    atLeast('client.retries', '20', 'Refused entries are the caller\'s to send again; this is how often it does.'),
  ] },
  'kinesis.put-unanswered': { settings: [
    atLeast('client.retries', '20', 'The producer then tries for longer than the stream is out of reach.'),
    atMost('client.timeout', '1s', 'A call that hangs is given up and tried again sooner.'),
  ] },
  'kinesis.buffer-full': { settings: [atLeast('client.buffer', '256MiB', 'There is then room for what arrives while the stream does not take it.')] },
  'kinesis.producer-died': { settings: [atMost('client.linger', '0ms', 'Records then wait less in the memory that dies with the process. What is on its way is still lost with it.')] },
  'kinesis.expired': { settings: [
    atLeast('RetentionPeriodHours', '168', 'Records can then be read for a week, which an outage of a day does not use up.'),
  ] },
  'client.refused': { settings: [
    atLeast('client.retries', '20', 'The producer then tries for longer than the stream refuses or is out of reach.'),
    atLeast('client.buffer', '256MiB', 'More fits into its memory while it tries.'),
  ] },
  'ledger.overtaken': { settings: [
    atMost('client.calls-in-flight', '1', 'With two calls under way, a refused entry of the first comes behind the second.'),
  ] },
}
