/** The boxes of this column: they never move. */
import type { Stage } from '../../src/contract/scene.ts'
import type { Built } from './plant.ts'

export function stageOf(built: Built): Stage {
  const { stream, functions, sources } = built
  return {
    title: 'Kinesis + Lambda',
    sources: sources.map((source) => source.name),
    brokers: {
      kind: 'managed',
      text: 'Kinesis stream: managed, not yours to crash',
      nearestFaults: ['throttle kinesis 20%', 'error-rate kinesis 20%', 'delay kinesis 200ms'],
    },
    lanes: {
      kind: 'shards',
      names: stream.logs.map((_log, shard) => String(shard)),
      replicas: 0,
      replicaZones: [],
    },
    processing: { kind: 'functions', pollers: stream.shards, environments: functions.environments.length },
    coordination: 'functions',
    output: { kind: 'table', name: 'decisions', reader: 'table' },
  }
}
