/**
 * The contract of every architecture in models/index.ts, unchanged for all of them. Runs are small (200 records a
 * second for 8 s, two sources, seed 1) and go through checkedRun.
 */
import { describe, expect, test } from 'vitest'
import { recipes } from '../../models/index.ts'
import { faultKinds, formatFault, parseFault } from '../../src/contract/fault.ts'
import { STRIDE } from '../../src/contract/slice.ts'
import { copyGraph } from '../../src/kernel/index.ts'
import { Column } from '../../src/run/column.ts'
import { columnPlan } from '../../src/run/run.ts'
import { KnobSettings, parseKnob } from '../../src/run/settings.ts'
import { reportOf } from '../../src/run/report.ts'
import { checkedRun, checkedSpec, specFor } from '../run/checked-run.ts'
import { cutRecipe } from '../run/cutter.ts'
import { small, smallWith } from '../run/small-scenario.ts'

describe.each(recipes.map((recipe) => [recipe.id, recipe] as const))('%s', (id, recipe) => {
  /** A fault in the midst of things: what processes dies, or what there is instead. */
  const { sizing: usual } = checkedSpec(specFor(id, small), recipes)
  const victim = ['environment-1', 'processor-1', 'broker-1'].find((name) =>
    recipe.refuses('crash', name) === null && recipe.targets(usual).some(({ target }) => target === name)) ?? 'none'
  const crash = `crash ${victim} at 3s`

  test('has valid knobs, presets and sizing, each preset value with its reason', () => {
    for (const knob of recipe.knobs) {
      expect(parseKnob(knob, knob.default).ok, `${knob.key} = ${knob.default}`).toBe(true)
      expect([knob.help, knob.source, knob.group].every((text) => text !== ''), knob.key).toBe(true)
    }
    expect(Object.keys(recipe.presets)).toEqual(expect.arrayContaining(['defaults', 'tuned']))
    expect(recipe.presets['defaults']).toEqual({})
    const { simulation } = checkedSpec(specFor(id, small), recipes).scenario
    const settings = new KnobSettings(recipe.knobs)
    for (const [key, value] of Object.entries(recipe.sized(simulation.sizing, simulation.pipeline))) expect(settings.set(key, value), key).toBeNull()
    for (const preset of Object.values(recipe.presets)) {
      for (const [key, { value, reason }] of Object.entries(preset)) {
        expect(settings.set(key, value), `${key} = ${value}`).toBeNull()
        expect(reason, key).not.toBe('')
      }
    }
  })

  test('answers for every kind of fault on every target: what it means, or why it cannot be', () => {
    const { sizing } = checkedSpec(specFor(id, small), recipes)
    for (const { kind } of faultKinds) {
      for (const target of [null, ...recipe.targets(sizing).map((role) => role.target)]) {
        const refusal = recipe.refuses(kind, target)
        if (refusal === null) expect(recipe.meaning(kind, target), `${kind} ${target ?? ''}`).toMatch(/\w+ .*\.$/)
        else expect(refusal, `${kind} ${target ?? ''}`).toMatch(/\w+ \w+/)
      }
    }
  })

  test('resolves every target that it names, and none that it does not', () => {
    const checked = checkedSpec(specFor(id, small), recipes)
    const column = new Column(columnPlan(checked, checked.columns[0]!))
    column.advance(2e9, 10_000_000)
    const { plant, sim } = column.state
    const names = recipe.targets(checked.sizing).map(({ target }) => target)
      .filter((target) => !target.startsWith('source-') || Number(target.slice(7)) <= checked.workload.sources)
    // A target that only the product's own faults know, such as the whole job, is no process.
    for (const name of names) if (recipe.refuses('crash', name) === null) expect(plant.resolve(sim, name), name).not.toBeNull()
    expect(plant.resolve(sim, 'no-such-target')).toBeNull()
    expect(new Set(names).size).toBe(names.length)
  })

  test.each([
    ['one of each', { sources: '1', partitions: '1', shards: '1', parallelism: '1', task_managers: '1', brokers: '3' }],
    ['many', { sources: '5', partitions: '7', shards: '5', parallelism: '6', task_managers: '4' }],
  ])('builds at another size: %s, and every record becomes visible', (_, sizes) => {
    const { report } = checkedRun(specFor(id, smallWith(sizes), { duration: '5s' }), recipes)
    const { totals } = report.runs[0]!
    expect(totals.offered).toBeGreaterThan(500)
    expect(totals.delivered).toBe(totals.offered)
  })

  test('is calm without faults, audited all along: all delivered once, nothing pending', () => {
    const { report } = checkedRun(specFor(id, small), recipes, {}, 97)
    const { totals } = report.runs[0]!
    expect({ pending: totals.pending, lost: totals.lost, refused: totals.refused, duplicates: totals.duplicates }).toEqual({ pending: 0, lost: 0, refused: 0, duplicates: 0 })
    expect(totals.delivered).toBe(totals.offered)
    expect(report.runs[0]!.latency.visible.n).toBeGreaterThan(1000)
  })

  test('settles to nothing after a crash in mid-run, audited after every event around it', () => {
    const { report, columns } = checkedRun(specFor(id, small, { faults: [crash] }), recipes, {}, 1)
    expect(report.runs[0]!.totals.pending).toBe(0)
    expect(columns[0]!.state.inflicted[0]!.struck).not.toBe('')
  })

  test('prefix law: a fault appended at 5 s leaves every checkpoint before as it was, and changes one after', () => {
    const run = (faults: string[]) => checkedRun(specFor(id, small, { faults }), recipes).report.runs[0]!.checkpoints
    const [without, withIt] = [run([]), run([crash.replace('3s', '5s')])]
    const early = (list: typeof without) => list.filter(({ at }) => at < 5)
    expect(early(withIt)).toEqual(early(without))
    expect(early(without).length).toBe(4)
    expect(withIt.at(-1)).not.toEqual(without.at(-1))
  })

  test('keyframe law: going on from a copy, taken before, in and after a fault, gives the same digest', () => {
    const checked = checkedSpec(specFor(id, small, { faults: [crash] }), recipes)
    const plan = columnPlan(checked, checked.columns[0]!)
    const column = new Column(plan)
    const frames = [1_234_567_891, 3_000_400_000, 3_900_000_001, 6_500_000_000].map((at) => {
      column.advance(at, 50_000_000)
      return column.keyframe()
    })
    column.finish()
    const digest = column.state.sim.digest.text()
    for (const frame of frames) {
      const at = frame.sim.digest.text()
      column.restore(frame)
      column.finish()
      expect(column.state.sim.digest.text()).toBe(digest)
      // The keyframe itself stays as it was, to be used again.
      expect(frame.sim.digest.text()).toBe(at)
    }
  })

  test('slices law: what is told in pieces cut at random gives the same ledger, and a shadow counter agrees', () => {
    const spec = specFor(id, small, { faults: [crash] })
    const whole = checkedRun(spec, recipes)
    const { recipe: pieces, shadow } = cutRecipe(recipe, 'cut')
    const checked = checkedSpec(spec, [pieces])
    const column = new Column(columnPlan(checked, checked.columns[0]!, { strict: true }))
    column.finish()
    const report = reportOf(checked, [column])
    expect(report.digest).toBe(whole.report.digest)
    expect(report.runs[0]!.views).toEqual(whole.report.runs[0]!.views)
    for (const [view, tally] of column.state.ledger.views.entries()) {
      if (tally.declaration.side) continue
      const { delivered, retracted } = tally
      const extra = tally.declaration.effect === 'upsert' ? tally.rewrites : tally.duplicates
      expect(shadow.totals(view)).toMatchObject({ delivered, retracted, extra })
    }
  })

  test('observation changes nothing: frames, strict judging, a followed record and watched facts', () => {
    const checked = checkedSpec(specFor(id, small, { faults: [crash] }), recipes)
    const plain = new Column(columnPlan(checked, checked.columns[0]!))
    plain.finish()
    const watched = new Column(columnPlan(checked, checked.columns[0]!, { strict: true, follow: { lane: 0, index: 5 }, watch: ['null.written'] }))
    watched.onFrame = () => undefined
    watched.finish()
    expect(watched.state.sim.digest.text()).toBe(plain.state.sim.digest.text())
  })

  test('fills the channels that it declares, ten times a second, without a change of the plant', () => {
    const checked = checkedSpec(specFor(id, small), recipes)
    const column = new Column(columnPlan(checked, checked.columns[0]!))
    const seen = column.layout.names.map(() => false)
    let frames = 0
    column.onFrame = (frame) => {
      frames++
      expect(frame.length).toBe(column.layout.names.length)
      for (let i = 0; i < frame.length; i++) if (!Number.isNaN(frame[i])) seen[i] = true
    }
    column.advance(6e9, 50_000_000)
    expect(frames).toBe(60)
    expect(new Set(column.layout.names).size).toBe(column.layout.names.length)
    for (const name of ['m.offered', 'm.delivered', 'm.lagRecords']) expect(seen[column.layout.names.indexOf(name)], name).toBe(true)
    const { stage } = column.state.plant
    const targets = recipe.targets(checked.sizing).map(({ target }) => target)
    const nodes = [...(stage.brokers.kind === 'nodes' ? stage.brokers.nodes : []), ...('nodes' in stage.processing ? stage.processing.nodes : [])]
    for (const node of nodes) expect(targets, node.id).toContain(node.id)
    for (const role of nodes.flatMap(({ roles }) => roles)) expect(targets, role).toContain(role)
    const before = JSON.stringify(Object.keys(column.state.plant))
    column.state.plant.sample(column.state.sim, new Float64Array(column.layout.names.length))
    expect(JSON.stringify(Object.keys(column.state.plant))).toBe(before)
  })

  test('names as held only records that were born, in mid-fault too, and its whole state can be copied', () => {
    const checked = checkedSpec(specFor(id, small, { faults: [crash] }), recipes)
    const column = new Column(columnPlan(checked, checked.columns[0]!))
    for (const at of [2.5e9, 3.0005e9, 3.5e9]) {
      column.advance(at, 50_000_000)
      const { plant, births, ledger } = column.state
      for (let view = 0; view < ledger.views.length; view++) {
        plant.holdings(view, (lane, first, count) => {
          expect(lane >= 0 && lane < births.lanes && count > 0 && first >= 0 && first + count <= births.born(lane), `${lane}:${first}+${count}`).toBe(true)
        })
      }
      for (let lane = 0; lane < births.lanes; lane++) expect(plant.restorableFrom(lane)).toBeLessThanOrEqual(births.born(lane))
      expect(plant.lagRecords()).toBeGreaterThanOrEqual(0)
      expect(plant.lagNanos(column.state.sim)).toBeGreaterThanOrEqual(0)
      expect(plant.intervalNanos()).toBeGreaterThan(0)
      copyGraph(column.state)
    }
    expect(STRIDE).toBe(4)
  })

  test('survives each kind of fault that it does not refuse, with every record explained', () => {
    const { sizing } = checkedSpec(specFor(id, small), recipes)
    const targets = ['processor-1', 'broker-1', 'sink', 'source-1', 'zone-a', 'kinesis', 'processor']
    const named = recipe.targets(sizing).map(({ target }) => target)
    let kinds = 0
    for (const info of faultKinds) {
      const target = info.target === 'none' ? null : targets.find((name) => named.includes(name) && recipe.refuses(info.kind, name) === null
        && (info.kind === 'zone-outage') === name.startsWith('zone-')) ?? null
      if (target === null && (info.target === 'needed' || recipe.refuses(info.kind, null) !== null)) continue
      const parsed = parseFault(info.example)
      if (!parsed.ok) throw new Error(info.example)
      const { to: _to, bothWays: _both, ...rest } = parsed.value
      const text = formatFault({ ...rest, at: 3e9 as never, target: info.strikes === 'workload' ? null : target, duration: info.lasts ? 2e9 as never : null })
      try {
        checkedRun(specFor(id, smallWith({ rate: '60/s' }), { faults: [text], duration: '6s' }), recipes)
      } catch (error) {
        throw new Error(text, { cause: error })
      }
      kinds++
    }
    expect(kinds).toBeGreaterThanOrEqual(10)
  })
})
