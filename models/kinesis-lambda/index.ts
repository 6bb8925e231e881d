/**
 * Kinesis + Lambda: sources put records into a stream, an event source mapping hands batches of each shard to a
 * function, the function writes decisions to a DynamoDB table. At least once; what a repeat does is the table's.
 */
import type { Plant, Recipe, World } from '../../src/contract/architecture.ts'
import type { Host } from '../../src/kernel/index.ts'
import { DynamoTable, effectOf, WriteCapacity, writeKind } from '../parts/dynamodb/index.ts'
import { EnhancedFanOut, KinesisClient, KinesisFrontEnd, KinesisStream, Polling } from '../parts/kinesis/index.ts'
import { Concurrency, Environment, EventSourceMapping, FunctionService } from '../parts/lambda/index.ts'
import { SourceApplication } from '../parts/source/index.ts'
import { hourNanos, knobs } from './knobs.ts'
import { clientOptions, handlerOptions, mappingOptions } from './options.ts'
import { KinesisLambdaPlant } from './plant.ts'
import { presets, sized } from './presets.ts'
import { remedies } from './remedies.ts'
import { meaning, refuses, targets } from './roles.ts'

const zones = ['a', 'b', 'c']
const GIGABIT = 125e6
/** A service's front end is many machines. */
const FLEET = 1e12
/** Beside the environments that all lanes need at once, so many more per cent: what another zone can take over. */
const SPARE_PERCENT = 50

function build(world: World): Plant {
  const { sim, settings, outside } = world
  const kind = writeKind(settings.text('sink.write'))
  const decisions = outside.view({ sink: 'decisions', reader: 'table', effect: effectOf(kind), primary: true, side: false })
  const destination = settings.text('DestinationConfig.OnFailure')
  const deadLetters = destination === 'none'
    ? null
    : outside.view({ sink: 'dead-letters', reader: destination, effect: 'append', primary: false, side: true })

  const hosts: Host[] = []
  const host = (name: string, zone: string, speed: number): Host => {
    const made = sim.host(name, zone, speed)
    hosts.push(made)
    return made
  }
  const sources: SourceApplication[] = []
  for (let lane = 0; lane < world.births.lanes; lane++) {
    sources.push(new SourceApplication(world, lane, host(`source-${lane + 1}`, 'clients', GIGABIT)))
  }
  const stream = new KinesisStream(world, settings.number('ShardCount'), settings.number('RetentionPeriodHours') * hourNanos)
  const frontEnd = new KinesisFrontEnd(sim, host('kinesis', 'region', FLEET), stream)
  const clients = sources.map((source) => {
    const client = new KinesisClient(world, source, frontEnd, clientOptions(settings))
    source.client = client
    return client
  })
  const capacity = new WriteCapacity(settings.number('WarmThroughput.WriteUnitsPerSecond'))
  const table = new DynamoTable(world, host('dynamodb', 'region', FLEET), decisions, kind, settings.number('sink.item-size'), capacity)
  const service = host('lambda', 'region', FLEET)
  const concurrency = new Concurrency(settings.number('ReservedConcurrentExecutions'))
  const functions = new FunctionService(sim, service, concurrency, settings.number('Timeout'), settings.text('Runtime'))
  const options = mappingOptions(settings)
  const mapping = new EventSourceMapping(world, service, stream, functions, deadLetters, options)
  stream.reader = settings.text('consumer.type') === 'enhanced'
    ? new EnhancedFanOut(world, stream, mapping, mapping)
    : new Polling(world, stream, mapping, mapping)

  const lanes = stream.shards * options.lanesPerShard
  const slots = Math.ceil((lanes * (100 + SPARE_PERCENT)) / 100)
  const backoff = sim.random('lambda/sdk-backoff')
  const handler = handlerOptions(world)
  for (let i = 0; i < slots; i++) {
    const zone = zones[i % Math.max(1, Math.min(zones.length, world.sizing.zones))] as string
    functions.add(new Environment(world, i, host(`worker-${i + 1}`, zone, GIGABIT), functions, table, backoff, handler))
  }
  for (const source of sources) source.listen(sim)
  return new KinesisLambdaPlant({
    world, decisions, deadLetters, sources, clients, frontEnd, stream, mapping, functions, table, hosts,
  })
}

const recipe: Recipe = {
  id: 'kinesis-lambda',
  title: 'Kinesis + Lambda',
  knobs,
  presets,
  remedies,
  sized,
  declared: { cloud: 'AWS', expertise: 'AWS', historical_join: 'yes' },
  targets,
  refuses,
  meaning,
  build,
}

export default recipe
