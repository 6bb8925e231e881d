/**
 * Kafka + Flink: sources produce transactions into a topic, a Flink job reads it, decides per card with local state,
 * and writes decisions into another topic, in transactions that its checkpoints commit.
 */
import type { Plant, Recipe, World } from '../../src/contract/architecture.ts'
import type { Host } from '../../src/kernel/index.ts'
import { CheckpointStorage, Job, JobManager, jobSettings, KafkaEnds, TaskManager } from '../parts/flink/index.ts'
import { KafkaCluster, KafkaProducer, KafkaSourceClient, KeyPartitioner, producerConfig } from '../parts/kafka/index.ts'
import { SourceApplication } from '../parts/source/index.ts'
import { knobs } from './knobs.ts'
import { LogView } from './log-view.ts'
import { KafkaFlinkPlant, type TopicRange } from './plant.ts'
import { presets, sized } from './presets.ts'
import { remedies } from './remedies.ts'
import { meaning, refuses, targets } from './roles.ts'

const zoneNames = ['a', 'b', 'c']
/** Network interface of a host, bytes a second (10 Gbit/s). */
const bandwidth = 1.25e9

function build(world: World): Plant {
  const { sim, outside, settings, sizing } = world
  const committed = outside.view({ sink: 'decisions', reader: 'read_committed', effect: 'transactional', primary: true, side: false })
  const uncommitted = outside.view({ sink: 'decisions', reader: 'read_uncommitted', effect: 'append', primary: false, side: false })
  const zones = zoneNames.slice(0, Math.max(1, Math.min(zoneNames.length, sizing.zones)))
  const { partitions, replication } = sizing
  const cluster = new KafkaCluster(world, {
    brokers: sizing.brokers,
    zones,
    topics: [
      { name: 'transactions', partitions, replicationFactor: replication, sink: null },
      { name: 'decisions', partitions, replicationFactor: replication, sink: { viewUncommitted: uncommitted, viewCommitted: committed } },
    ],
  })
  const input = rangeOf(cluster, 'transactions')
  const output = rangeOf(cluster, 'decisions')
  const partitioner = KeyPartitioner.of(world.births, input.first, partitions)
  const { sources, producers } = buildSources(world, cluster, partitioner)
  // Both topics have as many partitions.
  const decisions = partitioner.for(output.first)
  const ends = new KafkaEnds(world, cluster.bootstrap(), input, decisions, settings.number('sink.record-bytes'))
  const job = new Job(world, jobSettings(settings, sizing), ends, 'transactions', partitions)
  const storage = new CheckpointStorage(sim, sim.host('checkpoint-storage', 'region', bandwidth), job.settings.storageNanos)
  const taskManagers: TaskManager[] = []
  const jobManager = new JobManager(
    sim, job, sim.host('jobmanager', zones[0] as string, bandwidth), storage, taskManagers, settings.number('jobmanager.restart-time'),
  )
  for (let i = 0; i < sizing.taskManagers; i++) {
    const host = sim.host(`taskmanager-${i + 1}`, zones[i % zones.length] as string, bandwidth)
    taskManagers.push(new TaskManager(
      sim, job, i, host, sizing.slotsPerTaskManager, settings.number('taskmanager.restart-time'), jobManager, storage,
      taskManagers, sizing.taskManagers,
    ))
  }
  for (const source of sources) source.listen(sim)
  const hosts: Host[] = sim.hosts.slice(1)
  return new KafkaFlinkPlant({
    world, sources, producers, cluster, brokers: cluster.brokers, input, output, job, storage, jobManager, taskManagers, hosts,
    log: new LogView(cluster), committed,
  })
}

function buildSources(world: World, cluster: KafkaCluster, partitioner: KeyPartitioner): { sources: SourceApplication[]; producers: KafkaProducer[] } {
  const sources: SourceApplication[] = []
  const producers: KafkaProducer[] = []
  for (let lane = 0; lane < world.births.lanes; lane++) {
    const source = new SourceApplication(world, lane, world.sim.host(`source-${lane + 1}`, 'clients', bandwidth))
    const config = producerConfig(world.settings, '', { recordBytes: world.births.recordBytes, source })
    const producer = new KafkaProducer(world.sim, world, source, cluster.bootstrap(), config, `${source.name}/producer`)
    source.client = new KafkaSourceClient(world, producer, partitioner)
    sources.push(source)
    producers.push(producer)
  }
  return { sources, producers }
}

function rangeOf(cluster: KafkaCluster, name: string): TopicRange {
  const { firstPartition, partitions } = cluster.topic(name)
  return { first: firstPartition, partitions }
}

const recipe: Recipe = {
  id: 'kafka-flink',
  title: 'Kafka + Flink',
  knobs,
  presets,
  remedies,
  sized,
  declared: { cloud: 'any', expertise: 'Kafka', historical_join: 'yes' },
  targets,
  refuses,
  meaning,
  build,
}

export default recipe
