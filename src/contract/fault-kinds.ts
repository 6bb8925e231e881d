/** Every kind of fault in one table: what it takes, which units, and whether it needs a target. */

export type FaultKind =
  | 'crash' | 'power-loss' | 'disk-loss' | 'pause' | 'slow' | 'cut' | 'delay' | 'loss' | 'zone-outage'
  | 'disk-slow' | 'disk-full' | 'clock-skew' | 'throttle' | 'error-rate' | 'spike' | 'hot-key' | 'poison'
  | 'late-burst' | 'checkpoint-fail' | 'rebalance' | 'deploy'

/** One row of the table: how a kind is written and what it may strike. */
export interface FaultKindInfo {
  readonly kind: FaultKind
  /** `plant` faults strike processes and links, `workload` faults change what is born. */
  readonly strikes: 'plant' | 'workload'
  /** With `on CODE` a needed target may be left out: it is then the fact's subject. */
  readonly target: 'needed' | 'optional' | 'none'
  /** May name peers: `a -> b,c` one way, `a <-> b` both ways. */
  readonly link: boolean
  /** May have `for DURATION`; without it the platform ends the fault, or nobody does. */
  readonly lasts: boolean
  /** Multiplier with at most three decimals, written x4. */
  readonly factor: { readonly min: number; readonly max: number; readonly means: string } | null
  /** Whole per cent, written 20%. */
  readonly percent: { readonly min: number; readonly max: number; readonly means: string } | null
  /** A duration that is the intensity itself, written 200ms. */
  readonly amount: { readonly means: string } | null
  /** Whole number, written 3; one when it is left out. */
  readonly count: { readonly max: number; readonly means: string } | null
  /** May name a key of the workload, written `key 17`. */
  readonly key: boolean
  /** One sentence for menus and help. */
  readonly help: string
  readonly example: string
}

type Given = Pick<FaultKindInfo, 'kind' | 'help' | 'example'> & Partial<FaultKindInfo>

function plant(given: Given): FaultKindInfo {
  return {
    strikes: 'plant', target: 'needed', link: false, lasts: true, factor: null, percent: null, amount: null,
    count: null, key: false, ...given,
  }
}

function workload(given: Given): FaultKindInfo {
  return plant({ strikes: 'workload', target: 'optional', ...given })
}

/** All kinds in the order of menus; used by the parser, by menus and by the documentation. */
export const faultKinds: readonly FaultKindInfo[] = [
  plant({
    kind: 'crash', example: 'crash broker-1 at 30s for 20s',
    help: 'The process dies; page cache and disk are kept; peers see a reset. Without a duration the platform restarts it.',
  }),
  plant({
    kind: 'power-loss', example: 'power-loss broker-1 at 30s for 20s',
    help: 'The host dies with everything not yet flushed; peers see silence until their own time-outs.',
  }),
  plant({
    kind: 'disk-loss', example: 'disk-loss broker-1 at 30s for 20s',
    help: 'The host dies and comes back with an empty disk.',
  }),
  plant({
    kind: 'pause', example: 'pause processor-1 at 30s for 15s',
    help: 'The process freezes and goes on where it was; longer than the detection time it wakes as a zombie.',
  }),
  plant({
    kind: 'slow', example: 'slow processor-1 x4 at 30s for 20s',
    factor: { min: 1, max: 1000, means: 'work takes this many times as long' },
    help: 'All work of the process takes longer by the factor.',
  }),
  plant({
    kind: 'cut', example: 'cut broker-1 -> broker-2,broker-3 at 30s for 4s', link: true,
    help: 'Nothing arrives any more: from the target to the peers (->), both ways (<->), or between it and everybody.',
  }),
  plant({
    kind: 'delay', example: 'delay broker-1 200ms at 30s for 10s', link: true,
    amount: { means: 'added to each message, one way' },
    help: 'Messages of the target take longer by the amount.',
  }),
  plant({
    kind: 'loss', example: 'loss zone-a 5% at 10s for 5s', link: true,
    percent: { min: 1, max: 100, means: 'of the packets are lost' },
    help: 'Packets are lost; TCP sends them again, so this shows as delay.',
  }),
  plant({
    kind: 'zone-outage', example: 'zone-outage zone-a at 30s for 30s',
    help: 'Every host of the zone loses power and every link into it is cut.',
  }),
  plant({
    kind: 'disk-slow', example: 'disk-slow broker-1 x10 at 30s for 20s',
    factor: { min: 1, max: 1000, means: 'disk work takes this many times as long' },
    help: 'The disk of the host takes longer by the factor.',
  }),
  plant({
    kind: 'disk-full', example: 'disk-full broker-1 at 30s for 20s',
    help: 'Writes to the disk of the host fail.',
  }),
  plant({
    kind: 'clock-skew', example: 'clock-skew processor-1 2s at 30s for 60s',
    amount: { means: 'the wall clock runs ahead by this much' },
    help: 'Time stamps of the process are ahead; its timers are not touched.',
  }),
  plant({
    kind: 'throttle', example: 'throttle sink 20% at 30s for 20s',
    percent: { min: 0, max: 100, means: 'of its capacity is left' },
    help: 'The service takes only this share of its capacity and refuses the rest.',
  }),
  plant({
    kind: 'error-rate', example: 'error-rate sink 25% at 30s for 20s',
    percent: { min: 1, max: 100, means: 'of the requests are answered with an error' },
    help: 'The service answers this share of the requests with a retriable error.',
  }),
  workload({
    kind: 'spike', example: 'spike x5 at 20s for 10s',
    factor: { min: 0, max: 1000, means: 'times as many records are born' },
    help: 'The rate of births is multiplied, of one source or of all.',
  }),
  workload({
    kind: 'hot-key', example: 'hot-key 20% at 20s for 30s', target: 'none', key: true,
    percent: { min: 1, max: 100, means: 'of all records carry the one key' },
    help: 'A share of all births carries one key: the busiest one unless another is named.',
  }),
  workload({
    kind: 'poison', example: 'poison 1 at 20s', lasts: false,
    count: { max: 1000, means: 'records in a row' },
    help: 'The first records born at or after the moment cannot be processed: each attempt on them fails.',
  }),
  workload({
    kind: 'late-burst', example: 'late-burst 10% 30s at 20s for 5s',
    percent: { min: 1, max: 100, means: 'of the records are late' },
    amount: { means: 'their event time lies this much further back' },
    help: 'A share of the births carries an event time further in the past.',
  }),
  plant({
    kind: 'checkpoint-fail', example: 'checkpoint-fail at 30s for 10s', target: 'optional',
    help: 'Checkpoints in progress cannot be completed while it lasts.',
  }),
  plant({
    kind: 'rebalance', example: 'rebalance processor at 30s', lasts: false,
    help: 'The members of the reading group are told to share out their input again.',
  }),
  plant({
    kind: 'deploy', example: 'deploy processor at 30s', lasts: false,
    help: 'A new version is rolled out by the means that the product has for it.',
  }),
]

const byName = new Map<string, FaultKindInfo>(faultKinds.map((info) => [info.kind, info]))

/** The row of a kind by its name, or undefined for any other text. */
export function findFaultKind(name: string): FaultKindInfo | undefined {
  return byName.get(name)
}
