/**
 * What the real products did, in the runs whose rows the tests beside this file repeat. One machine of two cores
 * held everything and was busy, so that seconds and counts are to be believed and milliseconds are not. Kafka 4.3.1
 * with one controller and three brokers, 12 partitions, replication 3, min.insync.replicas 2, 200 B records whose
 * producers named the partition; Flink 2.2.1 on Kafka 4.2.1, parallelism 2, TaskManagers of one slot and one spare,
 * 500 records/s of 200 B. No model has any of these figures as a setting, but for the time a broker takes to start.
 */

/** A median or a single value with the range that was seen. Seconds or records. */
export interface Measured {
  readonly value: number
  readonly from: number
  readonly to: number
}

/** K-b: a broker is killed (-9) and started again 20 s later; four runs each, about 40 records/s a partition. */
export const brokerKilled = {
  partitionRate: 40,
  /** From the kill to the fencing and the new leader, which come in one instant. */
  fenced: { value: 8.8, from: 8.3, to: 9.0 },
  all: {
    lost: 0, repeated: 0, reordered: 0,
    /** Nothing acknowledged and nothing visible on the partitions that the broker led. */
    silentVictims: { value: 9.3, from: 8.5, to: 10.2 },
    /** The same on all others: the dead broker is in their in-sync sets until it is fenced. */
    silentOthers: { value: 9.0, from: 8.3, to: 9.1 },
  },
  one: {
    lost: 0,
    /** Without idempotence. */
    reordered: { value: 100, from: 4, to: 310 },
    /** Acknowledgements go on everywhere else; visibility stops everywhere. */
    answersSilentOthers: 0.23,
  },
  zero: { lost: [3, 12, 12, 1214] },
  restart: {
    registered: { value: 2.8, from: 2.3, to: 3.4 },
    unfenced: { value: 5.4, from: 4.1, to: 6.7 },
    inEverySet: { value: 5.6, from: 4.4, to: 6.8 },
  },
} as const

/** K-b': a broker is stopped cleanly; three runs. It gives its leaderships away, and acks=1 still loses. */
export const brokerStopped = {
  lost: { all: 0, one: [5, 20, 10], zero: [10, 30] },
  /** The longest gap in acknowledgements with acks=all: far from the nine seconds of a kill. */
  gapAll: { value: 0.65, from: 0.46, to: 2.24 },
} as const

/** K-c: both followers frozen for 2 to 3 s, then the leader killed and the followers thawed at once; five runs each. */
export const leaderKilledAlone = {
  rate: 600,
  /** acks=1: exactly what was acknowledged in the freeze: a third of the rate, for the time of the freeze. */
  lost: { value: 500, from: 398, to: 602 },
  /** acks=all: nothing lost, nothing failed; so many waited so long. */
  waited: { value: 500, from: 400, to: 600 },
  waitedFor: { value: 11.75, from: 11, to: 12.5 },
} as const

/** K-h: two of three brokers killed for 55 s; one run. */
export const twoBrokersKilled = {
  killedFor: 55,
  /** acks=1: every record was acknowledged, none visible until the brokers were back, then all. */
  one: { acknowledged: 12_619, visibleMeanwhile: 0, lost: 0 },
  /** acks=all fails from here on after the kill with delivery.timeout.ms 30 s, and never with 120 s. */
  all: { failsFrom: 29.8, failed: 11_843, failedButVisible: 13, failedPatient: 0 },
  /** Without idempotence. */
  plain: { failedButVisible: 84, reordered: 2541 },
} as const

/** F-a: no fault; three runs each. Latency from birth to a reader's first sight, seconds. */
export const noFault = {
  checkpoint: 0.03,
  interval1: { committed: { p50: 0.59, p90: 0.99, p99: 1.08, max: 1.16 }, uncommitted: { p50: 0.10, p99: 0.17 } },
  interval5: { committed: { p50: 2.68, p90: 4.55, p99: 5.02, max: 5.14 }, uncommitted: { p50: 0.10, p99: 0.17 } },
} as const

/** F-b: one TaskManager killed, interval 2 s, heartbeats at their defaults (10 s, 50 s); five runs. */
export const taskManagerKilled = {
  seenAfter: { value: 0.12, from: 0.07, to: 0.17 },
  firstRedeployment: { value: 1.15, from: 1.1, to: 1.2 },
  attempts: { value: 5, from: 5, to: 6 },
  runningAgain: [14.2, 15.8, 21.8, 22.7, 22.7],
  committedSilent: [16.3, 16.6, 23.2, 25.1, 25.4],
  uncommittedSilent: [14.1, 14.5, 21.4, 21.7, 22.5],
  /** Seconds from the last checkpoint's trigger to the kill, and what readers of uncommitted records saw twice. */
  repeats: [[0.34, 167], [0.67, 309], [1.07, 498], [1.46, 701], [1.76, 865]],
  rate: 500,
} as const

/** F-b2: the same with heartbeat.interval 2 s and heartbeat.timeout 10 s; three runs. */
export const taskManagerKilledTuned = {
  attempts: { value: 2, from: 2, to: 3 },
  runningAgain: [3.5, 6.4, 8.1],
  committedSilent: [5.5, 8.5, 9.9],
  uncommittedSilent: [3.4, 4.4, 5.9],
} as const

/** F-j: one of three brokers killed under the exactly-once job, interval 2 s; three runs on a machine 83 to 98 % busy. */
export const brokerKilledUnderJob = {
  committedSilent: [10.1, 11.2, 15.0],
  uncommittedSilent: [8.6, 8.8, 12.0],
  lost: 0, repeated: 0,
} as const
