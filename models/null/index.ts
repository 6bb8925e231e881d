/**
 * The null recipe: sources, a queue, a sink. It is no product, it is the smallest example of the contract: three
 * processes, an acknowledgement and a retry on each of the two hops, and one setting a hop that chooses which
 * message is awaited.
 */
import type { Recipe, RoleMeaning, World } from '../../src/contract/architecture.ts'
import type { Fault } from '../../src/contract/fault.ts'
import { knobs } from './knobs.ts'
import { NullPlant } from './plant.ts'
import { remedies } from './remedies.ts'

const targets: readonly RoleMeaning[] = [
  { target: 'queue', meaning: 'the queue' },
  { target: 'broker-1', meaning: 'the queue' },
  { target: 'sink', meaning: 'the sink' },
  { target: 'processor-1', meaning: 'the sink' },
  { target: 'source-1', meaning: 'the first source' },
  { target: 'zone-a', meaning: 'where the queue is' },
  { target: 'zone-b', meaning: 'where the sink is' },
]

/** Faults that need a mechanism which is not here, with the nearest one that is. */
const refusals: Partial<Record<Fault['kind'], string>> = {
  'checkpoint-fail': 'it takes no checkpoints; the nearest is "pause sink"',
  rebalance: 'it has one reader; the nearest is "crash sink"',
  deploy: 'it has no deployment of its own; the nearest is "crash sink"',
  throttle: 'nothing in it is a managed service with a quota; the nearest is "slow sink x4"',
  'error-rate': 'nothing in it answers with errors; the nearest is "cut queue"',
  'disk-slow': 'its disk has no speed of its own; the nearest is "slow queue x4"',
  'disk-full': 'its disk has no end; the nearest is "crash queue"',
}

const meanings: Partial<Record<Fault['kind'], string>> = {
  crash: 'The process dies. A queue keeps its disk; a sink forgets what it was working on and gets it again.',
  'power-loss': 'The machine dies, and nobody is told: the others wait for their time-outs.',
  'disk-loss': 'The machine comes back empty. A queue has lost everything that was not acknowledged.',
  pause: 'The process stands still. Beyond the time-out of its peer it is taken for dead, and batches go out twice.',
  cut: 'Nothing crosses: batches wait in the clients, deliveries in the queue.',
}

const recipe: Recipe = {
  id: 'null',
  title: 'Null pipeline',
  knobs,
  presets: {
    defaults: {},
    tuned: { 'source.linger': { value: '2ms', reason: 'Batches of a busy source are full enough after 2 ms.' } },
  },
  remedies,
  sized: () => ({}),
  declared: { cloud: 'any', expertise: 'none', historical_join: 'no' },
  targets: () => targets,
  refuses: (kind) => refusals[kind] ?? null,
  meaning: (kind, target) => meanings[kind] ?? `${kind} strikes ${target ?? 'what is born'} as it would anywhere.`,
  build: (world: World) => new NullPlant(world),
}

export default recipe
