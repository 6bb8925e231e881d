/** Settings as changes of the RunSpec: here from the playhead or from 0, or beside the run as it is. Pure. */
import type { Opened, RunSpec } from '../../src/host/api.ts'

/** One key with its new value. */
export interface Setting {
  readonly key: string
  readonly value: string
}

/** The column that is changed: its number and what its engine opened. */
export interface Target {
  readonly number: number
  readonly opened: Pick<Opened, 'label' | 'knobs'>
}

/** True when the product itself can change all of these while it runs. */
export function isLive({ opened }: Target, settings: readonly Setting[]): boolean {
  return settings.length > 0 && settings.every(({ key }) => opened.knobs.find((knob) => knob.key === key)?.live === true)
}

/** All of them from `at` on if the product can; else all from the beginning, so that no half of them comes first. */
export function withSettings(spec: RunSpec, target: Target, settings: readonly Setting[], at: string): RunSpec {
  if (isLive(target, settings)) {
    const { label } = target.opened
    return { ...spec, changes: [...spec.changes, ...settings.map(({ key, value }) => ({ at, label, key, value }))] }
  }
  return { ...spec, architectures: spec.architectures.map((one, i) => (i === target.number ? set(one, settings) : one)) }
}

/** Another preset in one column; what was set by hand stays. */
export function withPreset(spec: RunSpec, number: number, preset: string): RunSpec {
  return { ...spec, architectures: spec.architectures.map((one, i) => (i === number ? { ...one, preset } : one)) }
}

/**
 * Two columns of one architecture: as it is, and with the settings; the same faults and changes strike both. What
 * concerned another column only is left out.
 */
export function secondRun(spec: RunSpec, target: Target, settings: readonly Setting[]): RunSpec {
  const kept = spec.architectures[target.number]
  if (kept === undefined) return spec
  const { label } = target.opened
  const second = label.length < 50 ? `${label}-changed` : 'changed'
  return {
    ...spec,
    architectures: [{ ...kept, label }, { ...set(kept, settings), label: second }],
    faults: spec.faults.flatMap((fault) => {
      const only = / only (\S+)$/.exec(fault)
      return only === null ? [fault] : only[1] === label ? [fault.slice(0, only.index)] : []
    }),
    changes: spec.changes.filter((change) => change.label === label).flatMap((change) => [change, { ...change, label: second }]),
  }
}

function set(one: RunSpec['architectures'][number], settings: readonly Setting[]): RunSpec['architectures'][number] {
  return { ...one, settings: { ...one.settings, ...Object.fromEntries(settings.map(({ key, value }) => [key, value])) } }
}
