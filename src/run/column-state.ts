/** The whole mutable state of a column, which keyframes copy, and the plan that determines it. */
import type { Plant, Recipe, World } from '../contract/architecture.ts'
import { Births } from '../contract/births.ts'
import { Copies } from '../contract/cause.ts'
import { findFaultKind, type Change, type Fault } from '../contract/fault.ts'
import type { Sizing, Workload } from '../contract/scenario.ts'
import { copyGraph, Sim } from '../kernel/index.ts'
import { LatencyByBirth, Slowest } from '../measure/by-birth.ts'
import { Ledger, type VisibleListener } from '../measure/ledger.ts'
import { Outages } from '../measure/outage.ts'
import { Series } from '../measure/series.ts'
import { FactLog } from './fact-log.ts'
import type { Inflicted } from './inflict.ts'
import type { KnobSettings } from './settings.ts'
import { Follower, type RecordName } from './trace.ts'

/** Nanoseconds of a frame. */
export const FRAME = 100e6

/** Everything that determines one column's run. Times in nanoseconds. */
export interface ColumnPlan {
  readonly recipe: Recipe
  readonly label: string
  readonly settings: KnobSettings
  readonly workload: Workload
  readonly sizing: Sizing
  readonly seed: string
  readonly duration: number
  readonly warmup: number
  readonly quiet: number
  /** Faults for this column (`only` is already applied), in RunSpec order. */
  readonly faults: readonly Fault[]
  readonly changes: readonly Change[]
  /** Fact codes to keep although they are details. */
  readonly watch: readonly string[]
  /** Judge every view each second and count limbo: tests do. */
  readonly strict: boolean
  /** A record whose life is noted, or null. */
  readonly follow?: RecordName | null
}

/** Where a column's latencies go as they happen. */
class Listener implements VisibleListener {
  readonly series = new Series()
  readonly byBirth: LatencyByBirth
  readonly outages = new Outages()
  readonly slowest: Slowest
  private readonly sim: Sim

  constructor(sim: Sim, warmup: number) {
    this.sim = sim
    this.byBirth = new LatencyByBirth(warmup)
    this.slowest = new Slowest(warmup)
  }

  firstVisible(born: number, latency: number, lane: number, index: number): void {
    this.series.addVisible(latency)
    this.byBirth.add(born, latency)
    this.slowest.add(born, latency, lane, index)
    this.outages.firstVisible(born, this.sim.now)
  }

  unseen(born: number, count: number): void {
    this.byBirth.addUnseen(born, count)
  }

  processed(latency: number): void {
    this.series.addProcessed(latency)
  }
}

/** What a keyframe copies: the whole mutable state of a column. */
export class ColumnState {
  readonly sim: Sim
  readonly births: Births
  readonly copies = new Copies()
  readonly listener: Listener
  readonly ledger: Ledger
  readonly plant: Plant
  readonly settings: KnobSettings
  readonly log: FactLog
  readonly follower: Follower | null
  readonly checkpoints: { at: number; digest: string }[] = []
  readonly inflicted: Inflicted[] = []
  /** Index of the next planned fault and change. */
  nextFault = 0
  nextChange = 0
  nextFrame = FRAME
  /** Records in limbo seen by strict judging, with examples. */
  limbo = 0
  limboExamples: string[] = []
  isFinished = false
  /** Why the run ended early, null if it did not. */
  stopped: string | null = null

  constructor(plan: ColumnPlan) {
    this.sim = new Sim(plan.seed)
    this.births = new Births(plan.workload, plan.seed, workloadFaults(plan.faults), plan.duration)
    this.listener = new Listener(this.sim, plan.warmup)
    this.ledger = new Ledger(this.sim, this.births, this.copies, this.listener, plan.warmup)
    this.settings = copyGraph(plan.settings)
    this.follower = plan.follow ? new Follower(this.ledger, this.sim, this.births, this.copies, plan.follow) : null
    const world: World = {
      sim: this.sim, births: this.births, copies: this.copies, outside: this.follower ?? this.ledger,
      settings: this.settings, sizing: plan.sizing, workload: plan.workload,
    }
    this.log = new FactLog(this.sim, plan.faults, plan.watch)
    this.sim.facts = this.log
    this.plant = plan.recipe.build(world)
    this.ledger.start()
  }
}

/** A fault that changes what is born. */
export function isWorkloadFault(fault: Fault): boolean {
  return findFaultKind(fault.kind)?.strikes === 'workload'
}

/** The faults that change what is born: the same for every column. */
export function workloadFaults(faults: readonly Fault[]): readonly Fault[] {
  return faults.filter(isWorkloadFault)
}
