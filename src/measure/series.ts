/** Rows of a run, one every 100 ms of simulated time, and the channels that the page draws from them. */
import type { Plant } from '../contract/architecture.ts'
import type { Births } from '../contract/births.ts'
import type { Channels } from '../contract/scene.ts'
import type { Sim } from '../kernel/index.ts'
import type { Ledger } from './ledger.ts'
import { Rolling } from './rolling.ts'
import type { ViewTally } from './view.ts'

/** One row each; counts are cumulative, times in nanoseconds, NaN is unknown. */
export class Series {
  readonly stepNanos = 100e6
  readonly offered: number[] = []
  /** First effects in the primary view. */
  readonly visible: number[] = []
  readonly answered: number[] = []
  readonly refused: number[] = []
  readonly lost: number[] = []
  readonly duplicates: number[] = []
  readonly lagRecords: number[] = []
  readonly lagNanos: number[] = []
  readonly p50: number[] = []
  readonly p99: number[] = []
  readonly processedP50: number[] = []
  readonly processedP99: number[] = []
  /** Age of the oldest unsettled record of the primary view, 0 none. */
  readonly oldestUnsettled: number[] = []
  private readonly visibleWindow = new Rolling()
  private readonly processedWindow = new Rolling()
  private readonly handles: number[] = []

  get length(): number {
    return this.offered.length
  }

  addVisible(latency: number): void {
    this.visibleWindow.add(latency)
  }

  addProcessed(latency: number): void {
    this.processedWindow.add(latency)
  }

  /** Adds the row of this moment; changes nothing but itself. */
  row(sim: Sim, births: Births, ledger: Ledger, plant: Plant): void {
    const tally = ledger.views[ledger.primary] as ViewTally
    this.offered.push(bornOf(births))
    this.visible.push(tally.delivered + tally.retracted)
    this.answered.push(ledger.answers.ok + ledger.answers.none)
    this.refused.push(tally.refused)
    this.lost.push(tally.lost)
    this.duplicates.push(tally.duplicates)
    this.lagRecords.push(plant.lagRecords())
    this.lagNanos.push(plant.lagNanos(sim))
    this.p50.push(this.visibleWindow.quantile(0.5))
    this.p99.push(this.visibleWindow.quantile(0.99))
    this.processedP50.push(this.processedWindow.quantile(0.5))
    this.processedP99.push(this.processedWindow.quantile(0.99))
    this.oldestUnsettled.push(oldestUnsettledAge(sim, births, ledger))
    this.visibleWindow.turn()
    this.processedWindow.turn()
  }

  /** Declares the measure channels (scene.ts, `m.*`). */
  channels(channels: Channels): void {
    for (const name of NAMES) this.handles.push(channels.declare(name))
  }

  /** Writes the last row into a frame. */
  sample(ledger: Ledger, frame: Float64Array): void {
    const i = this.length - 1
    if (i < 0) return
    const tally = ledger.views[ledger.primary] as ViewTally
    const rate = (counts: readonly number[]): number => (i >= 10 ? (counts[i] as number) - (counts[i - 10] as number) : NaN)
    const lag = this.lagNanos[i] as number
    const drained = i >= 10 ? (this.lagRecords[i - 10] as number) - (this.lagRecords[i] as number) : NaN
    const values = [
      (i + 1) * 0.1, this.offered[i] as number, ledger.answers.ok, ledger.answers.failed, ledger.answers.unknown,
      tally.delivered, tally.refused, tally.lost, tally.lostAcknowledged, tally.retracted, ledger.unsettled(ledger.primary),
      tally.duplicated, tally.duplicates, tally.rewrites, tally.repeatsRefused, ledger.deadLetteredCount,
      rate(this.offered), rate(this.answered), rate(this.visible), rate(this.refused),
      (this.p50[i] as number) / 1e9, (this.p99[i] as number) / 1e9,
      (this.processedP50[i] as number) / 1e9, (this.processedP99[i] as number) / 1e9,
      this.lagRecords[i] as number, lag / 1e9, drained > 0 ? (this.lagRecords[i] as number) / drained : NaN,
    ]
    for (let k = 0; k < values.length; k++) frame[this.handles[k] as number] = values[k] as number
  }
}

const NAMES = [
  'time', 'm.offered', 'm.answeredOk', 'm.answeredFailed', 'm.answeredUnknown', 'm.delivered', 'm.refused', 'm.lost',
  'm.lostAcknowledged', 'm.retracted', 'm.unsettled', 'm.duplicated', 'm.duplicates', 'm.rewrites',
  'm.repeatsRefused', 'm.deadLettered', 'm.offeredRate', 'm.answeredRate', 'm.visibleRate', 'm.refusedRate',
  'm.visibleP50', 'm.visibleP99', 'm.processedP50', 'm.processedP99', 'm.lagRecords', 'm.lagSeconds', 'm.drainSeconds',
] as const

function bornOf(births: Births): number {
  let born = 0
  for (let lane = 0; lane < births.lanes; lane++) born += births.born(lane)
  return born
}

/** Nanoseconds since the birth of the oldest record without an end state in the primary view; 0 when none. */
export function oldestUnsettledAge(sim: Sim, births: Births, ledger: Ledger): number {
  let oldest = sim.now
  for (let lane = 0; lane < births.lanes; lane++) {
    const index = ledger.settledUpTo(ledger.primary, lane)
    if (index < births.born(lane)) oldest = Math.min(oldest, births.timeOf(lane, index))
  }
  return sim.now - oldest
}
