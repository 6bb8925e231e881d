/** Random faults for both columns, a pure function of the seed, the moment and what can be struck there. */
import { randomLcg } from 'd3'
import type { FaultOffer } from '../../src/host/api.ts'
import { faultText } from '../faults.ts'
import { offersFor } from '../offers.ts'
import { bindClick } from '../player.ts'
import type { Store } from '../store.ts'
import { texts } from '../texts.ts'
import { setQuery } from './address.ts'

/** Kinds whose effect can be seen, and told apart by looking. */
const kinds: readonly string[] = [
  'crash', 'power-loss', 'pause', 'slow', 'cut', 'delay', 'loss', 'zone-outage', 'disk-slow', 'throttle', 'error-rate', 'spike', 'hot-key', 'poison', 'deploy',
]
/** Simulated seconds after the moment within which the first and the second fault begin. */
const windows: readonly (readonly [number, number])[] = [[0.5, 3], [6, 12]]
/** A surprise needs at least so much of the run to be seen, seconds. */
const leastSeconds = 8

export interface SurpriseGround {
  readonly seed: string
  /** Seconds, on a whole millisecond. */
  readonly at: number
  /** Births end here, seconds. */
  readonly end: number
  readonly offers: readonly (readonly FaultOffer[])[]
}

/** Texts of one or two faults that mean something in every column; none when too little of the run is left. */
export function surprisePlan({ seed, at, end, offers }: SurpriseGround): string[] {
  if (end - at < leastSeconds) return []
  const random = randomLcg(hash(`${seed}/${Math.round(at * 1000)}/surprise`))
  const rows = offersFor(offers, { targets: null, kinds })
    .filter((row) => row.columns.every((offer) => offer !== null && offer.refused === null))
  const plan: string[] = []
  for (const [from, to] of windows) {
    // The kind first, so that one with many targets is not drawn more often; every draw is made, used or not.
    const of = kinds.filter((kind) => rows.some((row) => row.kind === kind))
    const kind = of[Math.floor(random() * of.length)]
    const targets = rows.filter((row) => row.kind === kind)
    const row = targets[Math.floor(random() * targets.length)]
    const begins = Math.round((at + from + random() * (to - from)) * 1000) / 1000
    const isTwo = random() < 0.5
    if (row === undefined || (plan.length > 0 && (!isTwo || begins > end - 1))) continue
    plan.push(faultText({ kind: row.kind, target: row.target === 'source' ? '' : row.target, at: begins }))
  }
  return plan
}

/** Strikes both columns at random moments; the address says that nobody is told. */
export async function surprise(store: Store): Promise<void> {
  const plan = surprisePlan({
    seed: store.spec.seed, at: bindClick(store.play.playhead), offers: store.columns.map((column) => column.opened.faults),
    end: Math.min(...store.columns.map((column) => column.opened.durationSeconds)),
  })
  if (plan.length === 0) {
    store.say(texts.surpriseNone)
    return
  }
  setQuery('surprise', true)
  if (await store.surprise(plan)) {
    if (!store.play.playing) store.toggle()
  } else setQuery('surprise', false)
}

/** FNV-1a, 32 bits: the same number for the same text in every engine. */
function hash(text: string): number {
  let value = 2_166_136_261
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 16_777_619)
  return (value >>> 0) / 4_294_967_296
}
