/** What targets and faults mean in this architecture, and which the products do not have. */
import type { RoleMeaning } from '../../src/contract/architecture.ts'
import type { FaultKind } from '../../src/contract/fault.ts'
import type { Sizing } from '../../src/contract/scenario.ts'

const zones = ['a', 'b', 'c']
/** The sizing does not say how many sources there are; a target beyond them strikes nothing. */
const sourcesNamed = 16

/** Every target that means something at this size. */
export function targets(sizing: Sizing): readonly RoleMeaning[] {
  const named: RoleMeaning[] = []
  const add = (target: string, meaning: string): void => {
    named.push({ target, meaning })
  }
  for (let i = 1; i <= sizing.taskManagers; i++) {
    add(`processor-${i}`, `TaskManager ${i}`)
    add(`taskmanager-${i}`, `TaskManager ${i}`)
  }
  add('processor', 'the job: all TaskManagers')
  add('coordinator', 'the JobManager')
  add('jobmanager', 'the JobManager')
  for (let i = 1; i <= sizing.brokers; i++) add(`broker-${i}`, `Kafka broker ${i}`)
  for (let i = 0; i < sizing.partitions; i++) add(`leader:${i}`, `the broker that leads partition ${i} of transactions at that moment`)
  add('controller', 'the active Kafka controller')
  add('sink', 'the broker that leads partition 0 of decisions at that moment')
  add('checkpoint-storage', 'the store of checkpoints')
  for (let i = 1; i <= sourcesNamed; i++) add(`source-${i}`, `source application ${i}`)
  for (const zone of zones.slice(0, Math.max(1, Math.min(3, sizing.zones)))) add(`zone-${zone}`, `every host in zone ${zone}`)
  return named
}

/** Why a fault cannot be here, naming the nearest real one; null when it can. */
export function refuses(kind: FaultKind, target: string | null): string | null {
  const name = target ?? ''
  if (kind === 'rebalance') return 'A KafkaSource has no consumer group that could rebalance. Nearest: deploy processor.'
  if (kind === 'throttle') return 'No service stands between that would refuse. Nearest: slow broker-1 x4, disk-slow broker-1 x10.'
  if (kind === 'error-rate') return 'Brokers do not fail a share of requests. Nearest: loss broker-1 5%, cut broker-1.'
  if (kind === 'disk-full') return 'A broker with a full disk stops. Nearest: crash broker-1.'
  if (kind === 'disk-slow' && !/^(broker|leader|sink)/.test(name)) return 'Only brokers write to disks here. Nearest: disk-slow broker-1 x10.'
  if (kind === 'deploy' && !/^processor$|^$/.test(name)) return 'A job is deployed as a whole. Nearest: deploy processor.'
  if (kind !== 'deploy' && name === 'processor') return 'The job as a whole is struck by deploy. Nearest: crash processor-1.'
  if (kind === 'zone-outage' && !name.startsWith('zone-')) return `A zone fails as a whole. Nearest: power-loss ${name}.`
  if (name.startsWith('zone-') && /^(crash|power-loss|disk-loss|pause|slow|disk-slow|clock-skew)$/.test(kind)) {
    return 'A zone as a whole is struck by zone-outage.'
  }
  return null
}

/** What a fault means here, in a sentence. */
export function meaning(kind: FaultKind, target: string | null): string {
  const name = target ?? 'everything'
  const isProcessor = /^(processor|taskmanager)/.test(name)
  switch (kind) {
    case 'crash': return isProcessor
      ? `The process of ${name} dies with its tasks; the whole job goes back to the last checkpoint.`
      : `The process of ${name} dies; its disk and page cache are kept.`
    case 'power-loss': return `The host of ${name} dies with what was not flushed; nobody is told.`
    case 'disk-loss': return `The host of ${name} comes back empty.`
    case 'pause': return isProcessor
      ? `${name} freezes; after heartbeat.timeout others take its place, and it wakes as a zombie.`
      : `${name} freezes and goes on where it was.`
    case 'slow': return `All work of ${name} takes longer; back pressure reaches the sources.`
    case 'cut': return `Nothing passes between ${name} and its peers; nobody is told.`
    case 'delay': return `Messages of ${name} take longer.`
    case 'loss': return `Packets of ${name} are lost and sent again by TCP.`
    case 'zone-outage': return `Every host of ${name} loses power.`
    case 'disk-slow': return `The disk of ${name} takes longer.`
    case 'clock-skew': return `Time stamps of ${name} are ahead; no timer is touched.`
    case 'checkpoint-fail': return 'The checkpoint store refuses writes; checkpoints fail, and beyond the tolerated number the job restarts.'
    case 'deploy': return 'The cluster is replaced by a new version, which goes on from the last checkpoint (upgrade mode last-state).'
    case 'poison': return 'A record cannot be read: its task throws, the job restarts, and meets the record again.'
    default: return `${kind} changes what is born, alike in every column.`
  }
}
