/**
 * A small kit for the Kinesis, Lambda and DynamoDB tests: the recipe built at any size, and an Outside that counts
 * each record by itself. The kernel is driven directly, so that a test can look between any two events.
 */
import type { World } from '../../../src/contract/architecture.ts'
import { Births } from '../../../src/contract/births.ts'
import { Copies, type CauseCode } from '../../../src/contract/cause.ts'
import { parseFault, type Fault } from '../../../src/contract/fault.ts'
import type { Answer, Outside, ViewDeclaration } from '../../../src/contract/outside.ts'
import type { Workload } from '../../../src/contract/scenario.ts'
import { copyGraph, nanos, Sim, type FactCode, type FactSink, type Unit } from '../../../src/kernel/index.ts'
import recipe from '../../../models/kinesis-lambda/index.ts'
import type { KinesisLambdaPlant } from '../../../models/kinesis-lambda/plant.ts'
import { KnobSettings } from '../../../src/run/settings.ts'

/** Counts, by view and record, what the plant says. */
export class Counting implements Outside {
  readonly views: ViewDeclaration[] = []
  readonly seen: Map<string, number>[] = []
  readonly refused = new Map<string, number>()
  readonly answers = new Map<string, Answer>()
  readonly drops = new Map<string, string>()
  readonly dead = new Map<string, string>()
  readonly firstSeenAt = new Map<string, number>()
  readonly order: string[] = []
  readonly copies: number[] = []
  readonly latencies: number[] = []
  processedCount = 0
  zombies = 0
  sim: Sim | null = null
  births: Births | null = null

  view(declaration: ViewDeclaration): number {
    this.seen.push(new Map())
    return this.views.push(declaration) - 1
  }

  answered(lane: number, first: number, count: number, answer: Answer): void {
    for (let i = first; i < first + count; i++) this.answers.set(`${lane}:${i}`, answer)
  }

  processed(_lane: number, _first: number, count: number): void {
    this.processedCount += count
  }

  visible(view: number, lane: number, first: number, count: number, copy: number, writerReplaced: boolean): void {
    const seen = this.seen[view] as Map<string, number>
    if (writerReplaced) this.zombies++
    for (let i = first; i < first + count; i++) {
      const name = `${lane}:${i}`
      const before = seen.get(name) ?? 0
      seen.set(name, before + 1)
      if (view !== 0) continue
      this.order.push(name)
      this.copies.push(copy)
      if (before > 0 || this.sim === null || this.births === null) continue
      this.firstSeenAt.set(name, this.sim.now)
      this.latencies.push(this.sim.now - this.births.timeOf(lane, i))
    }
  }

  retracted(): void {
    throw new Error('a table retracts nothing')
  }

  repeatRefused(_view: number, lane: number, first: number): void {
    this.refused.set(`${lane}:${first}`, (this.refused.get(`${lane}:${first}`) ?? 0) + 1)
  }

  dropped(cause: CauseCode, lane: number, first: number, count: number): void {
    for (let i = first; i < first + count; i++) this.drops.set(`${lane}:${i}`, cause.code)
  }

  filtered(): void {
    throw new Error('nothing filters here')
  }

  deadLettered(cause: CauseCode, lane: number, first: number): void {
    this.dead.set(`${lane}:${first}`, cause.code)
  }

  late(): void {
    throw new Error('nothing is late here')
  }

  /** Effects beyond the first, in the table. */
  get repeats(): number {
    let repeats = 0
    for (const count of (this.seen[0] as Map<string, number>).values()) repeats += count - 1
    return repeats
  }

  /** Records refused by the table because they were there. */
  get refusals(): number {
    let refusals = 0
    for (const count of this.refused.values()) refusals += count
    return refusals
  }

  get visibleCount(): number {
    return (this.seen[0] as Map<string, number>).size
  }
}

/** Keeps every fact of the codes asked for, or all but details. */
export class Facts implements FactSink {
  readonly list: { at: number; code: string; subject: string; numbers: number[] }[] = []
  /** Ends the kernel's run at the first such fact. */
  stopAt: { code: string; when: (numbers: number[]) => boolean } | null = null
  stopped: Unit | null = null
  sim: Sim | null = null

  fact(at: number, code: FactCode, subject: Unit, a: number, b: number, c: number, d: number): void {
    const numbers = [a, b, c, d]
    if (this.stopAt !== null && this.stopAt.code === code.code && this.stopAt.when(numbers)) {
      this.stopAt = null
      this.stopped = subject
      if (this.sim !== null) this.sim.interrupted = true
    }
    if (code.level < 3) this.list.push({ at, code: code.code, subject: subject.name, numbers })
  }

  of(code: string): { at: number; code: string; subject: string; numbers: number[] }[] {
    return this.list.filter((fact) => fact.code === code)
  }
}

/** A workload with the words that matter to a test; the rest is ordinary. */
export interface Given {
  readonly rate?: number
  readonly sources?: number
  readonly keys?: number
  readonly bytes?: number
  readonly duration?: number
  readonly seed?: string
  readonly shards?: number
  readonly settings?: Readonly<Record<string, string>>
  readonly preset?: string
  readonly faults?: readonly string[]
  readonly shape?: Workload['shape']
  readonly upstream?: Workload['upstream']
}

/** Everything of one run; a keyframe copies it. */
export class Bench {
  readonly sim: Sim
  readonly world: World
  readonly births: Births
  readonly outside: Counting
  readonly facts: Facts
  readonly plant: KinesisLambdaPlant

  constructor(given: Given) {
    const seed = given.seed ?? '1'
    const workload: Workload = {
      ratePerSecond: given.rate ?? 100,
      shape: given.shape ?? { kind: 'constant' },
      recordBytes: given.bytes ?? 500,
      keys: { count: given.keys ?? 50, distribution: 'uniform', exponent: 0 },
      sources: given.sources ?? 1,
      eventTimeDelay: nanos(0),
      malformedPerMillion: 0,
      upstream: given.upstream ?? 'once',
    }
    const sizing = {
      partitions: 1, shards: given.shards ?? 1, replication: 3, parallelism: 1, taskManagers: 1, slotsPerTaskManager: 1,
      checkpointInterval: nanos(1e9), guarantee: 'none' as const, brokers: 3, zones: 3,
    }
    const pipeline = { keyBy: 'card', state: 'none' as const, stateBytesPerKey: 0, work: nanos(200e3), outputBytes: 200 }
    const settings = new KnobSettings(recipe.knobs)
    const set = (key: string, value: string): void => {
      const issue = settings.set(key, value)
      if (issue !== null) throw new Error(issue.message)
    }
    for (const [key, value] of Object.entries(recipe.sized(sizing, pipeline))) set(key, value)
    for (const [key, { value }] of Object.entries(recipe.presets[given.preset ?? 'tuned'] ?? {})) set(key, value)
    for (const [key, value] of Object.entries(given.settings ?? {})) set(key, value)
    this.sim = new Sim(seed)
    this.births = new Births(workload, seed, (given.faults ?? []).map(fault), (given.duration ?? 10) * 1e9)
    this.outside = new Counting()
    this.outside.sim = this.sim
    this.outside.births = this.births
    this.facts = new Facts()
    this.facts.sim = this.sim
    this.sim.facts = this.facts
    this.sim.watchesDetail = true
    this.world = { sim: this.sim, births: this.births, copies: new Copies(), outside: this.outside, settings, sizing, workload }
    this.plant = recipe.build(this.world) as KinesisLambdaPlant
  }

  /** Runs to a moment in seconds, with an audit after every `every` events. */
  to(seconds: number, every = 200): void {
    while (this.sim.run(seconds * 1e9, true, every) === 'budget') this.plant.audit(this.sim)
    for (let lane = 0; lane < this.births.lanes; lane++) this.births.reach(lane, this.sim.now)
    this.plant.audit(this.sim)
  }

  /** Runs until a fact is said; returns its subject. */
  until(code: string, when: (numbers: number[]) => boolean = () => true): Unit {
    this.facts.stopAt = { code, when }
    this.facts.stopped = null
    const end = this.sim.run(this.sim.now + 600e9, true, 50_000_000)
    if (end !== 'interrupted' || this.facts.stopped === null) throw new Error(`${code} was never said`)
    return this.facts.stopped
  }

  /** Records born that are neither readable nor held, and for which nobody stated a drop. */
  limbo(): string[] {
    const held = new Set<string>()
    this.plant.holdings(0, (lane, first, count) => {
      for (let i = first; i < first + count; i++) held.add(`${lane}:${i}`)
    })
    const gone: string[] = []
    for (let lane = 0; lane < this.births.lanes; lane++) {
      for (let i = 0; i < this.births.born(lane); i++) {
        const name = `${lane}:${i}`
        if (held.has(name) || this.outside.seen[0]?.has(name) === true || this.outside.dead.has(name)) continue
        if (!this.outside.drops.has(name)) gone.push(name)
      }
    }
    return gone
  }

  /** Records neither readable nor held: lost or refused. */
  missing(): string[] {
    const held = new Set<string>()
    this.plant.holdings(0, (lane, first, count) => {
      for (let i = first; i < first + count; i++) held.add(`${lane}:${i}`)
    })
    const gone: string[] = []
    for (let lane = 0; lane < this.births.lanes; lane++) {
      for (let i = 0; i < this.births.born(lane); i++) {
        const name = `${lane}:${i}`
        if (!held.has(name) && this.outside.seen[0]?.has(name) !== true) gone.push(name)
      }
    }
    return gone
  }

  bornCount(): number {
    let born = 0
    for (let lane = 0; lane < this.births.lanes; lane++) born += this.births.born(lane)
    return born
  }

  /** An independent copy at this moment. */
  keyframe(): Bench {
    return copyGraph(this)
  }
}

/** A fault from its text. */
export function fault(text: string): Fault {
  const parsed = parseFault(text)
  if (!parsed.ok) throw new Error(parsed.issues.map((issue) => issue.message).join('; '))
  return parsed.value
}
