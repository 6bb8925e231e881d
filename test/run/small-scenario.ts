/** A scenario at teaching rates, so that whole runs take parts of a second. */
export const small = `---
title: "Small"
difficulty: "Easy"
tags: ["test"]
prompt: "Small"
clarifying_questions: []
architecture_options: []
max_questions: 1
simulation:
  duration: 8s
  warmup: 1s
  quiet: 120s
  workload:
    rate: 200/s
    record_size: 200B
    sources: 2
    upstream: once
    keys: { count: 100, distribution: uniform }
  sizing:
    partitions: 4
    shards: 2
    replication: 3
    brokers: 3
    zones: 3
    parallelism: 4
    task_managers: 3
    slots_per_task_manager: 2
    checkpoint_interval: 1s
    guarantee: exactly-once
  constraints:
    - { id: latency, value: "sub-second" }
    - { id: throughput, value: "200/s" }
    - { id: durability, value: "zero message loss" }
    - { id: semantics, value: "exactly-once required" }
---

Small.
`

/** The same with other sizes. */
export function smallWith(changes: Readonly<Record<string, string>>): string {
  return Object.entries(changes).reduce((text, [key, value]) => text.replace(new RegExp(`(\\s${key}): [^\\n]*`), `$1: ${value}`), small)
}
