/**
 * Kafka alone: sources produce into a replicated topic, and readers of that topic are who sees the result. The place
 * to learn what an acknowledgement is worth: nothing happens to a record behind the log.
 */
import type { Plant, Recipe, World } from '../../src/contract/architecture.ts'
import { KafkaCluster, KafkaProducer, KafkaSourceClient, KeyPartitioner, producerConfig } from '../parts/kafka/index.ts'
import { SourceApplication } from '../parts/source/index.ts'
import { ExplicitClient } from './explicit-client.ts'
import { knobs } from './knobs.ts'
import { KafkaPlant } from './plant.ts'
import { presets, sized } from './presets.ts'
import { remedies } from './remedies.ts'
import { meaning, refuses, targets } from './roles.ts'

const zoneNames = ['a', 'b', 'c']
/** Network interface of a host, bytes a second (10 Gbit/s). */
const bandwidth = 1.25e9
const topicName = 'transactions'

function build(world: World): Plant {
  const { sim, outside, settings, sizing, births } = world
  // Plain producers write no transactions, so both readers see the same; the committed one also waits for the marker-free end.
  const viewUncommitted = outside.view({ sink: topicName, reader: 'read_uncommitted', effect: 'append', primary: true, side: false })
  const viewCommitted = outside.view({ sink: topicName, reader: 'read_committed', effect: 'append', primary: false, side: false })
  const cluster = new KafkaCluster(world, {
    brokers: sizing.brokers,
    zones: zoneNames.slice(0, Math.max(1, Math.min(zoneNames.length, sizing.zones))),
    topics: [{
      name: topicName, partitions: sizing.partitions, replicationFactor: sizing.replication,
      sink: { viewUncommitted, viewCommitted },
    }],
  })
  const topic = cluster.topic(topicName)
  const isExplicit = settings.text('source.partition') === 'explicit'
  const partitioner = isExplicit ? null : KeyPartitioner.of(births, topic.firstPartition, topic.partitions)
  const sources: SourceApplication[] = []
  const producers: KafkaProducer[] = []
  for (let lane = 0; lane < births.lanes; lane++) {
    const source = new SourceApplication(world, lane, sim.host(`source-${lane + 1}`, 'clients', bandwidth))
    const config = producerConfig(settings, '', { recordBytes: births.recordBytes, source })
    const producer = new KafkaProducer(sim, world, source, cluster.bootstrap(), config, `${source.name}/producer`)
    source.client = partitioner === null
      ? new ExplicitClient(world, producer, topic)
      : new KafkaSourceClient(world, producer, partitioner)
    sources.push(source)
    producers.push(producer)
  }
  for (const source of sources) source.listen(sim)
  return new KafkaPlant({ world, sources, producers, cluster, topic, hosts: sim.hosts.slice(1) })
}

const recipe: Recipe = {
  id: 'kafka',
  title: 'Kafka',
  knobs,
  presets,
  remedies,
  sized,
  declared: { cloud: 'any', expertise: 'Kafka', historical_join: 'no' },
  targets,
  refuses,
  meaning,
  build,
}

export default recipe
