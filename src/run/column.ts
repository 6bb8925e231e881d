/** One column, driven in steps of any size with the same outcome: faults struck, frames taken, records judged. */
import type { Change, Fault } from '../contract/fault.ts'
import { Channels, type FrameLayout } from '../contract/scene.ts'
import { copyGraph, factCode, type Process } from '../kernel/index.ts'
import { judge } from '../measure/judge.ts'
import { oldestUnsettledAge } from '../measure/series.ts'
import { ColumnState, FRAME, isWorkloadFault, workloadFaults, type ColumnPlan } from './column-state.ts'
import type { Trigger } from './fact-log.ts'
import { inflict, Inflicted, relieve } from './inflict.ts'

const SECOND = 1e9

const faultInflicted = factCode('fault.inflicted', 1, 'Fault on {who}')
const faultBegan = factCode('fault.began', 2, 'A fault began that strikes no single process')
const faultMissed = factCode('fault.hit-nothing', 1, 'A fault struck nothing: what it names is not there at this moment')
const changeMade = factCode('change.made', 1, 'A setting was changed')

/** How far a step came. */
export type Advance = 'time' | 'budget' | 'finished'

export class Column {
  plan: ColumnPlan
  state: ColumnState
  readonly layout: FrameLayout
  /** Receives each frame; null when nobody looks. Never changes the run. */
  onFrame: ((frame: Float64Array) => void) | null = null
  private timed: readonly Fault[] = []
  private changes: readonly Change[] = []
  private readonly channels = new Channels()

  constructor(plan: ColumnPlan) {
    this.plan = plan
    this.state = new ColumnState(plan)
    this.schedule()
    this.state.listener.series.channels(this.channels)
    this.state.plant.channels(this.channels)
    this.layout = this.channels.layout()
  }

  /** Simulated nanoseconds reached. */
  get now(): number {
    return this.state.sim.now
  }

  /** Runs up to `until` nanoseconds or the end of the run, at most `budget` events. */
  advance(until: number, budget: number): Advance {
    const state = this.state
    const sim = state.sim
    let left = budget
    for (;;) {
      if (state.isFinished) return 'finished'
      const strikeAt = this.nextIntervention()
      const frameAt = state.nextFrame
      const before = sim.events
      const isStrike = strikeAt <= frameAt && strikeAt <= until
      const stop = isStrike ? strikeAt : Math.min(frameAt, until)
      const end = sim.run(stop, !isStrike, left)
      left -= sim.events - before
      // A source may look at its births later than they are; whoever looks from outside must not see that.
      for (let lane = 0; lane < state.births.lanes; lane++) state.births.reach(lane, sim.now)
      if (end === 'interrupted') {
        this.strikeTriggered()
        continue
      }
      if (end === 'budget') return 'budget'
      if (isStrike) this.intervene(strikeAt)
      else if (stop === frameAt) this.frame()
      if (!isStrike && stop === until) return state.isFinished ? 'finished' : 'time'
      if (left <= 0) return state.isFinished ? 'finished' : 'budget'
    }
  }

  /** Runs to the end of the run. */
  finish(): void {
    while (this.advance(Infinity, 50_000_000) !== 'finished') continue
  }

  /** A copy of the whole state, to go on from later. */
  keyframe(): ColumnState {
    return copyGraph(this.state)
  }

  /** Goes on from a keyframe, which stays as it is. */
  restore(keyframe: ColumnState): void {
    this.state = copyGraph(keyframe)
  }

  /**
   * Goes on with a plan that has more faults or changes, all of them later than now: appended ones only, so
   * that what has been is as it was (prefix law). Run to just before the earliest of them first.
   */
  amend(plan: ColumnPlan): void {
    this.plan = plan
    this.schedule()
    this.state.log.await(plan.faults)
    this.state.births.setFaults(workloadFaults(plan.faults))
  }

  private schedule(): void {
    this.timed = byTime(this.plan.faults.filter((fault) => fault.at !== undefined))
    this.changes = [...this.plan.changes].sort((a, b) => a.at - b.at)
  }

  /** Ends the run at this moment with a reason (a budget, a limit). */
  stop(reason: string): void {
    this.state.stopped = reason
    this.conclude()
  }

  private nextIntervention(): number {
    const state = this.state
    let at = Infinity
    const fault = this.timed[state.nextFault]
    if (fault !== undefined) at = fault.at as number
    const change = this.changes[state.nextChange]
    if (change !== undefined && change.at < at) at = change.at
    for (const done of state.inflicted) {
      if (done.endedAt === null && Math.min(done.endsAt, this.plan.duration) < at) at = Math.min(done.endsAt, this.plan.duration)
    }
    return Math.max(at, state.sim.now)
  }

  /** All faults that begin or end and all changes of this moment: ends first, then in RunSpec order. */
  private intervene(at: number): void {
    const state = this.state
    for (const done of state.inflicted) {
      if (done.endedAt === null && Math.min(done.endsAt, this.plan.duration) <= at) relieve(state.sim, state.plant, done)
    }
    for (let fault = this.timed[state.nextFault]; fault !== undefined && (fault.at as number) <= at; fault = this.timed[state.nextFault]) {
      state.nextFault++
      this.strike(fault, null)
    }
    for (let change = this.changes[state.nextChange]; change !== undefined && change.at <= at; change = this.changes[state.nextChange]) {
      state.nextChange++
      state.settings.set(change.key, change.value)
      state.plant.change(state.sim, change.key)
      state.sim.fact(changeMade, state.sim.platform)
    }
  }

  private strikeTriggered(): void {
    const fired = this.state.log.fired
    for (let trigger = fired.shift() as Trigger | undefined; trigger !== undefined; trigger = fired.shift()) {
      this.strike(trigger.fault, trigger.subject === null ? null : trigger.subject.process)
    }
  }

  private strike(fault: Fault, subject: Process | null): void {
    const state = this.state
    const done = isWorkloadFault(fault) ? new Inflicted(fault, state.sim.now) : inflict(state.sim, state.plant, fault, subject)
    if (isWorkloadFault(fault)) done.struck = 'workload'
    state.inflicted.push(done)
    if (done.struck === '') done.endedAt = state.sim.now
    else state.listener.outages.faultBegan(state.sim.now)
    const { platform } = state.sim
    if (done.struck === '') state.sim.fact(faultMissed, subject ?? platform)
    else if (done.struckProcesses.length === 0) state.sim.fact(faultBegan, platform)
    for (const process of done.struckProcesses) state.sim.fact(faultInflicted, process)
  }

  private frame(): void {
    const state = this.state
    const { sim, births, ledger, plant, listener } = state
    listener.series.row(sim, births, ledger, plant)
    const age = oldestUnsettledAge(sim, births, ledger)
    listener.outages.tick(sim.now, age > 0 ? sim.now - age : null, plant.intervalNanos())
    if (this.onFrame !== null) {
      const frame = new Float64Array(this.layout.names.length).fill(NaN)
      listener.series.sample(ledger, frame)
      plant.sample(sim, frame)
      this.onFrame(frame)
    }
    if (state.nextFrame % SECOND === 0) this.second()
    state.nextFrame += FRAME
  }

  /** Once a simulated second: digest, judgement, forgetting, and whether the run is over. */
  private second(): void {
    const state = this.state
    const { sim, births, ledger, plant } = state
    state.checkpoints.push({ at: Math.round(sim.now / SECOND), digest: sim.digest.text() })
    if (ledger.hasNews || this.plan.strict) this.judgeAll(false)
    for (let lane = 0; lane < births.lanes; lane++) {
      births.forget(lane, Math.min(ledger.settledEverywhere(lane), plant.restorableFrom(lane)))
    }
    if (sim.now < this.plan.duration) return
    const grace = Math.max(2 * SECOND, 2 * plant.intervalNanos())
    const isSettled = sim.now >= this.plan.duration + grace && this.unsettled() === 0
    if (isSettled || sim.now >= this.plan.duration + this.plan.quiet) this.conclude()
  }

  private unsettled(): number {
    let most = 0
    const { ledger } = this.state
    for (let view = 0; view < ledger.views.length; view++) {
      if (!(ledger.views[view] as { declaration: { side: boolean } }).declaration.side) most = Math.max(most, ledger.unsettled(view))
    }
    return most
  }

  private judgeAll(final: boolean): void {
    const { ledger, births, plant } = this.state
    ledger.hasNews = false
    for (let view = 0; view < ledger.views.length; view++) {
      if ((ledger.views[view] as { declaration: { side: boolean } }).declaration.side) continue
      const found = judge(ledger, births, plant, view, final)
      this.state.limbo += found.limbo
      if (this.state.limboExamples.length < 5) this.state.limboExamples.push(...found.limboExamples)
    }
  }

  private conclude(): void {
    this.judgeAll(true)
    this.state.isFinished = true
  }
}

function byTime(faults: readonly Fault[]): Fault[] {
  // Array sort is stable: equal times stay in RunSpec order.
  return [...faults].sort((a, b) => (a.at as number) - (b.at as number))
}
