/**
 * Models: nothing; which of Flink's settings prevents or shortens what its mechanisms state as causes.
 * Source: Flink 2.1 documentation, Task Failure Recovery and Checkpointing; Flink Kafka connector documentation.
 * Leaves out: savepoints, and settings of other state backends.
 */
import { atLeast, atMost, each, set, type Remedies } from '../../../src/contract/remedy.ts'

const exactlyOnce = set('sink.delivery-guarantee', 'exactly-once', 'What is written between two checkpoints then stays in a transaction: a restart aborts it before the records are written again. Readers must read committed, and wait for the commit.')

export const flinkRemedies: Remedies = {
  'flink.restore-replay': { settings: [
    exactlyOnce,
    atMost('execution.checkpointing.interval', '250ms', 'Less has been read since the last checkpoint, so less is read again. Repeats become fewer, not none.'),
  ] },
  'flink.zombie': { settings: [
    exactlyOnce,
    atLeast('heartbeat.timeout', '50s', 'A frozen worker is then replaced later, so that fewer are replaced that were only slow; a dead one is noticed as late.'),
  ] },
  'flink.task-died': { settings: [
    atMost('execution.checkpointing.interval', '1s', 'Without checkpoints a restarted job has no position to read again from.'),
    set('sink.delivery-guarantee', 'exactly-once', 'With "none" a checkpoint does not wait for what is still in the sink\'s producer; at-least-once waits as well.'),
  ] },
  'flink.committable-failed': { settings: [
    atLeast('sink.properties.transaction.timeout.ms', '900000', 'A prepared transaction then outlives the outage, and its commit is accepted after it.'),
    atLeast('transaction.max.timeout.ms', '3600000', 'Brokers then allow transactions of up to an hour.'),
  ] },
  // A job in transactions owns these two causes: its own producers are the only transactional ones.
  ...each(['kafka.transaction-aborted', 'kafka.producer-aborted'], { settings: [
    atLeast('sink.properties.transaction.timeout.ms', '900000', 'What its time-out aborts after its checkpoint is complete is never written again: a transaction must outlive any outage. Brokers allow 15 min.'),
    atLeast('transaction.max.timeout.ms', '3600000', 'Brokers then allow transactions of up to an hour.'),
  ] }),
  'late.calm': { settings: [
    atMost('execution.checkpointing.interval', '500ms', 'A result in a transaction becomes visible at the commit, and a commit follows a checkpoint: on average half an interval and the checkpoint itself is waited for.'),
    set('sink.delivery-guarantee', 'at-least-once', 'Results are then readable as they are written. The price is repeats after a failure.'),
    atMost('execution.buffer-timeout.interval', '10ms', 'A buffer between two tasks goes off after this even when it is not full.'),
  ] },
  'late.outage': { settings: [
    atMost('heartbeat.timeout', '10s', 'A worker that does not answer is given up after this; where its connections break, it is noticed sooner.'),
    atMost('restart-strategy.exponential-delay.initial-backoff', '100ms', 'The job waits for this before it starts again.'),
    atMost('execution.checkpointing.interval', '500ms', 'Less has to be read again before new records have their turn.'),
  ] },
  'late.behind': { settings: [
    atLeast('source.properties.max.poll.records', '2000', 'More records a poll cost less work each. More slots are a matter of the scenario\'s sizing.'),
  ] },
}
