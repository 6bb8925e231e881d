/** The tests of random fault plans, the same for each architecture; one file each, so that they run side by side. */
import { expect, it } from 'vitest'
import type { Recipe } from '../../src/contract/architecture.ts'
import { runSwarm, swarmPlan, type SwarmOutcome } from './swarm.ts'

/** What all plans together reached: a plan that strikes nothing proves nothing. */
export class Marks {
  faults = 0
  readonly struck = new Map<string, number>()
  readonly outcomes = new Map<string, number>()
  /** Plans in which two faults or more were in force at once. */
  overlapping = 0

  add({ column }: SwarmOutcome): void {
    const { inflicted, ledger } = column.state
    const hits = inflicted.filter((done) => done.struck !== '')
    this.faults += inflicted.length
    for (const { fault } of hits) count(this.struck, fault.kind)
    const isOverlapped = hits.some((one) => hits.some((other) => other !== one && other.at >= one.at && other.at < (one.endedAt ?? one.endsAt)))
    if (isOverlapped) this.overlapping++
    for (const tally of ledger.views) {
      const lines = [...tally.bookings.lines(), ...tally.retractedLines()].map((line) => `${line.kind} ${line.code}`)
      for (const line of new Set(lines)) if (tally.declaration.primary) count(this.outcomes, line)
    }
  }

  get hits(): number {
    return [...this.struck.values()].reduce((sum, times) => sum + times, 0)
  }

  /** Outcomes of a kind by their causes. */
  causes(kind: string): string[] {
    return [...this.outcomes.keys()].filter((line) => line.startsWith(`${kind} `)).sort()
  }

  text(): string {
    const list = (map: Map<string, number>) => [...map].sort((a, b) => b[1] - a[1]).map(([name, times]) => `${name} ${times}`).join(', ')
    return `${this.hits} of ${this.faults} faults struck: ${list(this.struck)}; ${this.overlapping} plans overlapped; plans with: ${list(this.outcomes)}`
  }
}

function count(map: Map<string, number>, name: string): void {
  map.set(name, (map.get(name) ?? 0) + 1)
}

export interface Reach {
  readonly kinds: number
  readonly lost: readonly string[]
  readonly duplicate: readonly string[]
}

export function swarmTests(recipe: Recipe, plans: number, reach: Reach): void {
  it(`keeps its promises under ${plans} random fault plans`, { timeout: 240_000 }, () => {
    const failed: string[] = []
    const marks = new Marks()
    for (let seed = 1; seed <= plans; seed++) {
      const spec = swarmPlan(recipe, seed)
      const outcome = runSwarm(recipe, spec)
      if (outcome.problems.length > 0) failed.push(`${seed}: ${outcome.problems.join('; ')} | ${textOf(outcome)}`)
      marks.add(outcome)
    }
    console.log(`${recipe.id}: ${marks.text()}`)
    expect(failed).toEqual([])
    expect(marks.hits / marks.faults).toBeGreaterThan(0.85)
    expect([...marks.struck.values()].filter((times) => times >= 10).length).toBeGreaterThanOrEqual(reach.kinds)
    expect(marks.overlapping).toBeGreaterThan(plans / 2)
    expect(marks.causes('lost')).toEqual(expect.arrayContaining([...reach.lost]))
    expect(marks.causes('duplicate')).toEqual(expect.arrayContaining([...reach.duplicate]))
  })

  it('a plan that runs twice has one digest', () => {
    for (let seed = 1; seed <= 6; seed++) {
      const spec = swarmPlan(recipe, seed)
      expect(runSwarm(recipe, spec).digest).toBe(runSwarm(recipe, spec).digest)
    }
  })
}

/** A plan in one line. */
export function textOf({ spec }: SwarmOutcome): string {
  return `${spec.workload?.['upstream'] ?? ''} ${JSON.stringify(spec.architectures[0]?.settings)} ${spec.faults.join(' / ')}`
}
