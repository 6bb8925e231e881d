/** The boxes of this column: they never move. */
import type { Stage, StageNode, ZoneId } from '../../src/contract/scene.ts'
import type { Built } from './plant.ts'

export function stageOf(built: Built): Stage {
  const { brokers, taskManagers, jobManager, sources, input, cluster } = built
  const brokerNodes: StageNode[] = brokers.map((broker) => ({
    id: broker.name, name: broker.name, zone: zoneOf(broker.host.zone), slots: 0, roles: [],
  }))
  const workers: StageNode[] = taskManagers.map((taskManager, i) => ({
    id: `processor-${i + 1}`, name: taskManager.name, zone: zoneOf(taskManager.host.zone), slots: taskManager.slotCount,
    roles: [taskManager.name],
  }))
  workers.push({ id: 'coordinator', name: jobManager.name, zone: zoneOf(jobManager.host.zone), slots: 0, roles: [jobManager.name] })
  const partitions = Array.from({ length: input.partitions }, (_none, i) => i)
  return {
    title: 'Kafka + Flink',
    sources: sources.map((source) => source.name),
    brokers: { kind: 'nodes', nodes: brokerNodes },
    lanes: {
      kind: 'partitions',
      names: partitions.map((i) => String(i)),
      replicas: cluster.replicasOf(input.first).length,
      replicaZones: partitions.map((i) => cluster.replicasOf(input.first + i).map((number) => zoneOf(brokers[number]?.host.zone))),
    },
    processing: { kind: 'slots', nodes: workers },
    coordination: 'checkpoints',
    output: { kind: 'log', name: 'decisions', reader: 'read_committed' },
  }
}

function zoneOf(zone: string | undefined): ZoneId {
  return zone === 'b' || zone === 'c' ? zone : 'a'
}
