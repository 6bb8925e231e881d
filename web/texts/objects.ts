/** What every kind of object on the stage is, in a sentence, and the real keys that shape what it does. */

export interface ObjectText {
  readonly what: string
  /** Ends of keys in their order; those that a column has are shown with their values. */
  readonly keys: readonly string[]
}

export const objects = {
  sources: {
    what: 'Applications in which the records are born, each with the client library of the product. What the library cannot hand over it holds, sends again, and at last refuses.',
    keys: ['acks', 'linger.ms', 'delivery.timeout.ms', 'client.linger', 'client.retries', 'client.buffer'],
  },
  broker: {
    what: 'A Kafka broker: it stores replicas of partitions, leads some of them and follows others. The controller watches it by heartbeats.',
    keys: ['min.insync.replicas', 'replica.lag.time.max.ms', 'broker.session.timeout.ms', 'unclean.leader.election.enable'],
  },
  service: {
    what: 'A fault of a managed service: what its users can meet, because nobody can crash it.',
    keys: [],
  },
  partition: {
    what: 'One partition of the input: by time of append, the newest at the right. Grey was read; coloured is readable and unread; pale will be read again. Full circle leads, ring is in sync.',
    keys: ['min.insync.replicas', 'acks', 'isolation.level', 'fetch.max.wait.ms'],
  },
  shard: {
    what: 'One shard of the stream: by time of arrival, the newest at the right. Grey is done; coloured waits for or is in a batch. A square is a batch that was handed over again.',
    keys: ['ShardCount', 'RetentionPeriodHours', 'consumer.type', 'ParallelizationFactor'],
  },
  queue: { what: 'The queue between source and sink: grey was read, coloured waits.', keys: [] },
  worker: {
    what: 'A TaskManager: a process with task slots. If it dies, the whole job stops and restarts from the last checkpoint, once the JobManager has noticed.',
    keys: ['heartbeat.timeout', 'heartbeat.interval', 'taskmanager.restart-time', 'taskmanager.load-balance.mode'],
  },
  coordinator: {
    what: 'The JobManager: it triggers checkpoints, watches the TaskManagers, and restarts the job after a back-off.',
    keys: ['execution.checkpointing.interval', 'restart-strategy.type', 'restart-strategy.exponential-delay.initial-backoff', 'heartbeat.timeout'],
  },
  slot: {
    what: 'A task slot with one subtask: its share of the last moments idle (blue), busy (red), backpressured (black). Dashed is empty or not yet restored. It falls with its TaskManager.',
    keys: ['operator.record-time', 'source.record-time', 'execution.buffer-timeout.interval', 'sink.delivery-guarantee'],
  },
  poller: {
    what: 'The poller of one shard inside the event source mapping: it hands one batch after another to the function, in order, and the same batch again if it failed.',
    keys: ['BatchSize', 'MaximumBatchingWindowInSeconds', 'MaximumRetryAttempts', 'BisectBatchOnFunctionError', 'ParallelizationFactor'],
  },
  environment: {
    what: 'An execution environment of the function: it runs one batch at a time and is frozen in between. A dead one takes its batch with it; the mapping hands that over again.',
    keys: ['Timeout', 'MemorySize', 'Runtime', 'handler.work'],
  },
  checkpoints: {
    what: 'Checkpoints: a barrier runs through all tasks, each answers, then the result is stored and the transactions before it are committed.',
    keys: ['execution.checkpointing.interval', 'execution.checkpointing.timeout', 'execution.checkpointing.mode', 'transaction.timeout.ms'],
  },
  concurrency: {
    what: 'Invocations of the function at once, against the limit; beyond it the service answers 429 and the mapping waits.',
    keys: ['ReservedConcurrentExecutions', 'ParallelizationFactor', 'MaximumRetryAttempts'],
  },
  output: {
    what: 'The output as its reader sees it. In a log: ticks are commits, the flag is the last stable offset, stripes wait for their commit.',
    keys: ['sink.delivery-guarantee', 'isolation.level', 'transaction.timeout.ms', 'sink.write', 'maxAttempts'],
  },
  number: { what: 'Choose it to see why: its cause, its records, the moment and the setting that changes it.', keys: [] },
} as const satisfies Readonly<Record<string, ObjectText>>

export type ObjectKind = keyof typeof objects
