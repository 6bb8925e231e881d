/** What targets and faults mean in this architecture, and which the product does not have. */
import type { RoleMeaning } from '../../src/contract/architecture.ts'
import type { FaultKind } from '../../src/contract/fault.ts'
import type { Sizing } from '../../src/contract/scenario.ts'

const zones = ['a', 'b', 'c']
/** How many executing environments have a role name of their own. */
const processorsNamed = 8
/** The sizing does not say how many sources there are; a target beyond them strikes nothing. */
const sourcesNamed = 16

/** Every target that means something. */
export function targets(sizing: Sizing): readonly RoleMeaning[] {
  const named: RoleMeaning[] = []
  for (let i = 1; i <= processorsNamed; i++) {
    named.push({
      target: `processor-${i}`,
      meaning: `the environment with the ${i === 1 ? 'lowest' : `${i}${i === 2 ? 'nd' : i === 3 ? 'rd' : 'th'} lowest`} number among `
        + 'those that execute at that moment, counted from the writing one when a write is what sets the fault off',
    })
  }
  for (let i = 1; i <= Math.ceil(1.5 * sizing.shards); i++) {
    named.push({ target: `environment-${i}`, meaning: `environment ${i}, executing or frozen` })
  }
  named.push({ target: 'processor', meaning: 'the function with all its environments' })
  for (let i = 1; i <= sourcesNamed; i++) named.push({ target: `source-${i}`, meaning: `source application ${i}` })
  named.push({ target: 'broker', meaning: 'the Kinesis stream' })
  named.push({ target: 'kinesis', meaning: 'the Kinesis stream' })
  for (let i = 0; i < sizing.shards; i++) named.push({ target: `shard:${i}`, meaning: `shard ${i} of the stream` })
  named.push({ target: 'sink', meaning: 'the DynamoDB table' })
  named.push({ target: 'dynamodb', meaning: 'the DynamoDB table' })
  for (const zone of zones.slice(0, Math.max(1, Math.min(3, sizing.zones)))) {
    named.push({ target: `zone-${zone}`, meaning: `the environments in zone ${zone}` })
  }
  return named
}

const bodily: readonly FaultKind[] = ['crash', 'power-loss', 'disk-loss', 'pause', 'slow', 'disk-slow', 'disk-full', 'clock-skew']

/** Why a fault cannot be here, naming the nearest real one; null when it can. */
export function refuses(kind: FaultKind, target: string | null): string | null {
  const name = target ?? ''
  if (kind === 'checkpoint-fail') return 'Lambda takes no checkpoints that could fail: a batch is done or comes again. Nearest: error-rate processor.'
  if (kind === 'rebalance') return 'The mapping has no members that share out shards among themselves. Nearest: deploy processor.'
  const isStream = /^(broker|leader|kinesis|stream|shard|coordinator|controller)/.test(name)
  if (isStream && bodily.includes(kind)) return 'Nobody can strike a machine of Kinesis. Nearest: throttle, error-rate or delay of kinesis.'
  if (/^(broker-|leader)/.test(name)) return 'Kinesis shows no brokers. Nearest: throttle, error-rate or delay of kinesis.'
  if (/^(sink|dynamodb)/.test(name) && bodily.includes(kind)) return 'Nobody can strike a machine of DynamoDB. Nearest: throttle, error-rate or delay of sink.'
  if (name.startsWith('shard') && (['cut', 'delay', 'loss', 'error-rate'].includes(kind))) {
    return `A shard has no link of its own. Nearest: ${kind} kinesis, or throttle shard:0.`
  }
  if (kind === 'deploy' && /^(processor-|environment-)/.test(name)) return 'A version is rolled out to the whole function. Nearest: deploy processor.'
  if (name === 'processor' && (bodily.includes(kind) || ['cut', 'delay', 'loss', 'zone-outage'].includes(kind))) {
    return `The function as a whole is struck by throttle, error-rate or deploy. Nearest: ${kind} processor-1.`
  }
  if (kind === 'disk-slow' || kind === 'disk-full') return 'Nothing of yours has a disk here. Nearest: throttle sink.'
  if (kind === 'zone-outage' && !name.startsWith('zone-')) {
    return /^(source|processor-|environment-)/.test(name) ? `A zone fails as a whole. Nearest: power-loss ${name}.` : 'The service spans all zones. Nearest: zone-outage zone-a.'
  }
  if (name.startsWith('zone-') && bodily.includes(kind)) return 'A zone as a whole is struck by zone-outage.'
  if ((kind === 'throttle' || kind === 'error-rate') && /^(source|processor-|environment-|zone-)/.test(name)) {
    return `Only a service limits or fails requests. Nearest: ${kind} kinesis, ${kind} processor, ${kind} sink.`
  }
  return null
}

/** What a fault means here, in a sentence. */
export function meaning(kind: FaultKind, target: string | null): string {
  const name = target ?? 'everything'
  const isProcessor = /^(processor|environment)/.test(name)
  switch (kind) {
    case 'crash': return isProcessor
      ? 'The environment dies with the batch it works on; the mapping hears of it by the broken connection and hands the batch over again.'
      : 'The process dies.'
    case 'power-loss': return isProcessor
      ? 'The environment\'s machine dies; the service misses it at its next health check.'
      : `The host of ${name} dies with what was not sent; nobody is told.`
    case 'disk-loss': return isProcessor
      ? 'The environment\'s machine dies for good; nothing of it was to be kept, so that this is a power loss.'
      : `The host of ${name} comes back empty.`
    case 'pause': return isProcessor
      ? 'The environment freezes in mid-batch until it goes on or its time-out kills it.'
      : `${name} freezes and goes on where it was.`
    case 'slow': return isProcessor
      ? 'The function runs longer by the factor, up to its time-out; the batch waits and its shard behind it.'
      : `All work of ${name} takes longer by the factor.`
    case 'clock-skew': return `Time stamps of ${name} are ahead; no timer is touched.`
    case 'throttle': return isProcessor
      ? 'Only this share of the concurrency is left; the mapping is told 429.'
      : `Only this share of the capacity of ${name} is left.`
    case 'error-rate': return isProcessor
      ? 'This share of the invocations fails before the function runs.'
      : `This share of the requests to ${name} is answered with a retriable error.`
    case 'deploy': return 'A new version: every environment is replaced by a cold start.'
    case 'zone-outage': return 'The environments of the zone are gone; the service starts others elsewhere.'
    case 'cut': return `Nothing passes between ${name} and its peers; nobody is told.`
    case 'delay': return `Messages of ${name} take longer.`
    case 'loss': return `Packets of ${name} are lost and sent again by TCP.`
    case 'poison': return 'The function fails on the record each time: its batch comes again until it is done, put aside or too old.'
    default: return `${kind} changes what is born, alike in every column.`
  }
}
