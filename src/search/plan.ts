/**
 * Random fault plans for one column: kinds and targets that its recipe understands, times inside the run, now and
 * then a moment of its own protocol. A plan is a function of the search's seed and its number.
 */
import { faultKinds, formatFault, type Fault, type FaultKind, type FaultKindInfo } from '../contract/fault.ts'
import { nanos, Stream, streamSeed } from '../kernel/index.ts'
import type { CheckedSpec } from '../run/check.ts'

const SECOND = 1e9
/** Times in a plan are multiples of this: a person reads and types them. */
const GRAIN = 100e6
/** The longest that a drawn fault lasts. */
const lengthMax = 20 * SECOND

/** Something that may be struck: a kind with a target, null where the kind has none. */
interface Strike {
  readonly info: FaultKindInfo
  readonly target: string | null
}

/** A fact that a calm run told, and how often. */
export interface Moment {
  readonly code: string
  readonly times: number
}

export interface PlanGround {
  readonly strikes: readonly Strike[]
  readonly moments: readonly Moment[]
  /** Peers of a link fault. */
  readonly peers: readonly string[]
  /** Faults begin in [from, until), nanoseconds. */
  readonly from: number
  readonly until: number
}

/** What plans for the spec's only column are drawn from; `kinds` narrows it, an empty list does not. */
export function groundOf(checked: CheckedSpec, kinds: readonly FaultKind[], moments: readonly Moment[]): PlanGround {
  const recipe = (checked.columns[0] as CheckedSpec['columns'][number]).recipe
  // Sources are the scenario's, equal in every architecture: what dies with them says nothing about one.
  const targets = recipe.targets(checked.sizing).map(({ target }) => target).filter((target) => !/^source(?:-\d+)?$/.test(target))
  const strikes: Strike[] = []
  for (const info of faultKinds) {
    if (kinds.length > 0 && !kinds.includes(info.kind)) continue
    const named: readonly (string | null)[] = info.target === 'needed' ? targets : [null]
    for (const target of named) {
      const isZone = target?.startsWith('zone-') === true
      if ((info.kind === 'zone-outage') !== isZone && (info.kind === 'zone-outage' || (isZone && !info.link))) continue
      if (recipe.refuses(info.kind, target) === null) strikes.push({ info, target })
    }
  }
  return {
    strikes, moments, peers: targets.filter((target) => /^[a-z]+-\d+$/.test(target)),
    from: checked.warmupNanos, until: checked.durationNanos,
  }
}

/** Plan `number` of a search, 1 to `most` faults; the same numbers give the same plan for ever. */
export function randomPlan(ground: PlanGround, seed: string, number: number, most: number): readonly string[] {
  const stream = new Stream(streamSeed(seed, `break/plan-${number}`))
  // Small plans first: what breaks by one fault is found by one fault.
  const count = 1 + ((number - 1) % most)
  const kinds = [...new Set(ground.strikes.map(({ info }) => info.kind))]
  const plan: string[] = []
  for (let i = 0; i < count && kinds.length > 0; i++) {
    const kind = kinds[stream.below(kinds.length)] as FaultKind
    const choices = ground.strikes.filter(({ info }) => info.kind === kind)
    plan.push(formatFault(randomFault(choices[stream.below(choices.length)] as Strike, ground, stream)))
  }
  return plan
}

function randomFault({ info, target }: Strike, ground: PlanGround, stream: Stream): Fault {
  const { from, until, moments, peers } = ground
  const at = from + grains(stream.uniform() * Math.max(0, until - from - GRAIN))
  const isMoment = moments.length > 0 && info.strikes === 'plant' && stream.below(4) === 0
  const moment = isMoment ? (moments[stream.below(moments.length)] as Moment) : null
  const isLink = info.link && peers.length > 1 && stream.below(2) === 0
  const peer = isLink ? (peers[stream.below(peers.length)] as string) : null
  return {
    kind: info.kind, target,
    ...(peer === null || peer === target ? {} : { to: [peer] }),
    ...(info.factor === null ? {} : { factor: 2 + stream.below(9) }),
    ...(info.percent === null ? {} : { percent: Math.min(info.percent.max, 5 * (1 + stream.below(16))) }),
    ...(info.amount === null ? {} : { amount: nanos(GRAIN * (1 + stream.below(20))) }),
    ...(info.count === null ? {} : { count: 1 }),
    ...(moment === null ? { at: nanos(at) } : { on: { code: moment.code, nth: 1 + stream.below(Math.min(moment.times, 50)), after: nanos(from) } }),
    duration: info.lasts ? lengthOf(info, stream) : null,
  }
}

/** Short ones as often as long ones; a crash is left to its platform every second time. */
function lengthOf(info: FaultKindInfo, stream: Stream): Fault['duration'] {
  if (info.kind === 'crash' && stream.below(2) === 0) return null
  const u = stream.uniform()
  return nanos(Math.max(GRAIN, grains(u * u * lengthMax)))
}

function grains(length: number): number {
  return Math.floor(length / GRAIN) * GRAIN
}
