/** The scenario of plays and random plans; by itself, because whoever imports a part declares its events. */
export const smallScenario = `---
title: "Small"
difficulty: "Easy"
tags: ["test"]
prompt: "Small"
clarifying_questions: []
architecture_options: []
max_questions: 1
simulation:
  duration: 14s
  warmup: 1s
  quiet: 150s
  workload:
    rate: 150/s
    shape: poisson
    record_size: 200B
    sources: 2
    upstream: once
    keys: { count: 200, distribution: uniform }
  pipeline: { key_by: card, state: local, state_per_key: 100B, work_per_record: 50us, output_size: 100B }
  sinks:
    - { name: decisions, primary: true }
  views:
    - { sink: decisions, isolation: committed }
    - { sink: decisions, isolation: uncommitted }
  sizing:
    brokers: 3
    zones: 3
    partitions: 4
    replication: 3
    shards: 3
    parallelism: 4
    task_managers: 3
    slots_per_task_manager: 2
    checkpoint_interval: 1s
    guarantee: exactly-once
---

Small.
`
