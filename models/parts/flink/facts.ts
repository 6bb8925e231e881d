/**
 * Models: nothing; the words in which Flink's mechanisms tell the trace what happened, and the causes that they
 *   state for copies they make and destroy.
 * Source: Flink 2.1 `CheckpointCoordinator`; flink-connector-kafka `KafkaSink`, measured rows F-b of test/measurements.
 * Leaves out: log levels.
 */
import { causeCode } from '../../../src/contract/cause.ts'
import { factCode } from '../../../src/kernel/index.ts'

export const taskFailed = factCode('flink.task-failed', 1, '{who} threw on a record that cannot be read: source {source}, record {record}', ['source', 'record'])
export const connectionLost = factCode('flink.connection-lost', 1, '{who} lost its data connection to taskmanager-{peer}', ['peer'])
export const heartbeatFailed = factCode('flink.heartbeat-failed', 2, 'A heartbeat call to {who} failed, {count} in a row', ['count'])
export const taskManagerDropped = factCode('flink.taskmanager-dropped', 1, '{who} is dropped with its slots after {silent:s} of silence', ['silent'])
export const failureDetected = factCode('flink.failure-detected', 1, 'The job fails over: execution {execution} is cancelled', ['execution'])
export const restartAttempt = factCode('flink.restart-attempt', 1, 'Restart {attempt} is due after a back-off of {backoff:s}', ['attempt', 'backoff'])
export const slotsAcquired = factCode('flink.slots-acquired', 2, '{slots} slots are assigned, execution {execution} is deployed', ['slots', 'execution'])
export const deploymentFailed = factCode('flink.deployment-failed', 1, '{who} cannot be reached: the deployment fails', ['execution'])
export const restored = factCode('flink.restored', 1, 'All tasks of execution {execution} have the state of checkpoint {checkpoint}', ['execution', 'checkpoint', 'bytes'])
export const running = factCode('flink.running', 1, 'All tasks of execution {execution} run[, {outage:s} after the failure]', ['execution', 'outage'])
export const caughtUp = factCode('flink.caught-up', 1, 'Execution {execution} has read all that had waited[, {outage:s} after the failure]', ['execution', 'outage'])
export const jobFailed = factCode('flink.job-failed', 1, 'The job has failed for good: there is no restart')
export const checkpointTriggered = factCode('flink.checkpoint-triggered', 2, 'Checkpoint {checkpoint} is triggered', ['checkpoint'])
export const checkpointCompleted = factCode('flink.checkpoint-completed', 2, 'Checkpoint {checkpoint} is complete after {duration:s}, alignment {alignment:s}', ['checkpoint', 'duration', 'alignment', 'bytes'])
export const checkpointAborted = factCode('flink.checkpoint-aborted', 1, 'Checkpoint {checkpoint} is aborted after {duration:s}, {failures} failed in a row', ['checkpoint', 'duration', 'failures'])
export const transactionPrepared = factCode('flink.transaction-prepared', 3, '{who} holds a transaction of {records} records ready for checkpoint {checkpoint}', ['checkpoint', 'records', 'subtask'])
export const committed = factCode('flink.committed', 3, '{who} committed the transaction of checkpoint {checkpoint}, {records} records', ['checkpoint', 'records', 'subtask'])
export const committableFailed = factCode('flink.committable-failed', 1, '{who} cannot commit the transaction of checkpoint {checkpoint} any more: {records} records are dropped', ['checkpoint', 'records', 'subtask'])
export const alignmentDone = factCode('flink.alignment-done', 3, '{who} has barrier {checkpoint} on all channels, {alignment:s} after the first', ['checkpoint', 'alignment', 'subtask'])
export const attemptReplaced = factCode('flink.execution-replaced', 2, 'Tasks of execution {execution} still run on {who} while others take their place', ['execution'])
export const producerRefused = factCode('flink.producer-refused', 1, '{who} cannot open its transaction: the broker refuses its time-out', ['subtask'])
export const sinkFailed = factCode('flink.sink-failed', 2, '{who} failed: a write to Kafka did not succeed', ['subtask'])

export const restoreReplay = causeCode('flink.restore-replay', 'Read again from the last completed checkpoint after a failover', 'Flink Kafka connector documentation, Fault Tolerance; Flink 2.1 documentation, Task Failure Recovery')
export const zombie = causeCode('flink.zombie', 'Written by a task whose place another had taken', 'Flink 2.1 documentation, Task Failure Recovery, host frozen')
export const taskDied = causeCode('flink.task-died', 'In the memory of a task that died or was cancelled', 'Flink 2.1 documentation, Task Failure Recovery')
export const committableDropped = causeCode('flink.committable-failed', 'Its transaction had been prepared, and Kafka refused to commit it', 'Flink Kafka connector documentation, Fault Tolerance; flink-connector-kafka `KafkaSink`')
