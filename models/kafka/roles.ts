/** What targets and faults mean in a Kafka cluster alone, and which it does not have. */
import type { RoleMeaning } from '../../src/contract/architecture.ts'
import type { FaultKind } from '../../src/contract/fault.ts'
import type { Sizing } from '../../src/contract/scenario.ts'

const zones = ['a', 'b', 'c']
/** The sizing does not say how many sources there are; a target beyond them strikes nothing. */
const sourcesNamed = 16

/** Every target that means something at this size. */
export function targets(sizing: Sizing): readonly RoleMeaning[] {
  const named: RoleMeaning[] = []
  for (let i = 1; i <= sizing.brokers; i++) named.push({ target: `broker-${i}`, meaning: `Kafka broker ${i}` })
  for (let i = 0; i < sizing.partitions; i++) named.push({ target: `leader:${i}`, meaning: `the broker that leads partition ${i} at that moment` })
  named.push({ target: 'controller', meaning: 'the active Kafka controller' })
  named.push({ target: 'coordinator', meaning: 'the active Kafka controller' })
  named.push({ target: 'sink', meaning: 'the broker that leads partition 0 at that moment' })
  for (let i = 1; i <= sourcesNamed; i++) named.push({ target: `source-${i}`, meaning: `source application ${i}` })
  for (const zone of zones.slice(0, Math.max(1, Math.min(3, sizing.zones)))) {
    named.push({ target: `zone-${zone}`, meaning: `every host in zone ${zone}` })
  }
  return named
}

const bodily: readonly FaultKind[] = ['crash', 'power-loss', 'disk-loss', 'pause', 'slow', 'disk-slow', 'clock-skew']

/** Why a fault cannot be here, naming the nearest real one; null when it can. */
export function refuses(kind: FaultKind, target: string | null): string | null {
  const name = target ?? ''
  if (name.startsWith('processor')) return 'Nothing processes here: records stay in the topic. Nearest: crash broker-1.'
  if (kind === 'rebalance') return 'No consumer group reads here. Nearest: crash broker-1.'
  if (kind === 'checkpoint-fail') return 'Kafka takes no checkpoints. Nearest: disk-slow broker-1 x10.'
  if (kind === 'throttle') return 'No service stands between that would refuse. Nearest: slow broker-1 x4, disk-slow broker-1 x10.'
  if (kind === 'error-rate') return 'Brokers do not fail a share of requests. Nearest: loss broker-1 5%, cut broker-1.'
  if (kind === 'disk-full') return 'A broker with a full disk stops. Nearest: crash broker-1.'
  const isBroker = /^(broker-|leader:|sink$)/.test(name)
  if (kind === 'disk-slow' && !isBroker) return 'Only brokers write to disks here. Nearest: disk-slow broker-1 x10.'
  if (kind === 'deploy' && !isBroker) return 'Brokers are rolled out one by one. Nearest: deploy broker-1.'
  if (kind === 'zone-outage' && !name.startsWith('zone-')) return `A zone fails as a whole. Nearest: power-loss ${name}.`
  if (name.startsWith('zone-') && bodily.includes(kind)) return 'A zone as a whole is struck by zone-outage.'
  return null
}

/** What a fault means here, in a sentence. */
export function meaning(kind: FaultKind, target: string | null): string {
  const name = target ?? 'everything'
  const isSource = name.startsWith('source')
  switch (kind) {
    case 'crash': return isSource
      ? `${name} dies with what its producer had not yet sent.`
      : `The process of ${name} dies; its log and page cache are kept. It is missed when its heartbeats stay out.`
    case 'power-loss': return `The host of ${name} dies with what was not flushed; nobody is told.`
    case 'disk-loss': return `The host of ${name} comes back empty.`
    case 'pause': return `${name} freezes; a broker that stays frozen beyond broker.session.timeout.ms is fenced.`
    case 'slow': return `All work of ${name} takes longer; followers may fall behind.`
    case 'cut': return `Nothing passes over these links of ${name}; nobody is told.`
    case 'delay': return `Messages of ${name} take longer, and so does every acknowledgement that waits for it.`
    case 'loss': return `Packets of ${name} are lost and sent again by TCP.`
    case 'zone-outage': return `Every host of ${name} loses power.`
    case 'disk-slow': return `The disk of ${name} takes longer.`
    case 'clock-skew': return `Time stamps of ${name} are ahead; no timer is touched.`
    case 'deploy': return `${name} gives its leaderships away, stops, and starts again.`
    default: return `${kind} changes what is born, alike in every column.`
  }
}
