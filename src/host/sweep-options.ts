/** The options of a sweep, read: what is varied, which seeds, which part of it, when it is narrow enough. */
import { quoted, type Issue } from '../contract/issue.ts'
import type { CheckedSpec } from '../run/check.ts'
import { nearestNames } from '../run/nearest.ts'
import type { Vary } from '../search/sweep.ts'
import { splitSetting } from './cli-spec.ts'
import { valueOf, type Arguments } from './cli-args.ts'

/** Part `index` of `count`, from 1. */
export interface Shard {
  readonly index: number
  readonly count: number
}

/** A figure and the share of its mean that half its interval may have. */
export interface Until {
  readonly figure: string
  readonly part: number
}

const seedsMax = 100_000
const shardsMax = 10_000

/** `label.key=v1,v2` of columns and settings that are there; each value is one that the setting takes. */
export function variedOf(args: Arguments, checked: CheckedSpec, issues: Issue[]): readonly Vary[] {
  return (args.values['--vary'] ?? []).flatMap((text) => {
    const found = splitSetting(text)
    const column = checked.columns.find(({ label }) => label === found?.label)
    if (found === null || column === undefined) {
      const labels = checked.columns.map(({ label }) => label).join(', ')
      issues.push(wrong('--vary', `expected label.key=value,value with a label of ${labels}, found ${quoted(text)}`))
      return []
    }
    const values = found.value.split(',')
    for (const value of values) {
      const issue = column.settings.copy().set(found.key, value)
      if (issue !== null) issues.push({ ...issue, path: '--vary' })
    }
    return [{ label: found.label, key: found.key, values }]
  })
}

/** `100` is 1 to 100; `5..14` is what it says. */
export function seedsOf(text: string | undefined, issues: Issue[]): readonly string[] {
  const [, from, to] = /^(?:(\d{1,9})\.\.)?(\d{1,9})$/.exec(text ?? '20') ?? []
  const [first, last] = [Number(from ?? 1), Number(to)]
  if (to === undefined || last < first || last - first >= seedsMax) {
    issues.push(wrong('--seeds', `expected how many seeds or a range such as 5..14, at most ${seedsMax}, found ${quoted(text ?? '')}`))
    return []
  }
  return Array.from({ length: last - first + 1 }, (_none, i) => String(first + i))
}

/** What usual array jobs say of a task: its index, the first index, how many there are. */
const arrays: readonly (readonly [string, string | null, string | null])[] = [
  ['SLURM_ARRAY_TASK_ID', 'SLURM_ARRAY_TASK_MIN', 'SLURM_ARRAY_TASK_COUNT'],
  ['AWS_BATCH_JOB_ARRAY_INDEX', null, 'AWS_BATCH_JOB_ARRAY_SIZE'],
  ['JOB_COMPLETION_INDEX', null, null],
]

/** `2/4`; `auto` reads the variables of an array job, `auto/4` where these do not say how many there are. */
export function shardOf(text: string | undefined, environment: Readonly<Record<string, string | undefined>>, issues: Issue[]): Shard {
  if (text === undefined) return { index: 1, count: 1 }
  const [, given, total] = /^(\d{1,5}|auto)(?:\/(\d{1,5}))?$/.exec(text) ?? []
  let index = Number(given)
  let count = Number(total)
  if (given === 'auto') {
    const [name, first, size] = arrays.find(([variable]) => environment[variable] !== undefined) ?? ['', null, null]
    index = Number(environment[name] ?? NaN) - Number(first === null ? 0 : environment[first] ?? 0) + 1
    if (total === undefined) count = Number(size === null ? NaN : environment[size] ?? NaN)
  }
  if (Number.isInteger(index) && Number.isInteger(count) && index >= 1 && index <= count && count <= shardsMax) return { index, count }
  issues.push(wrong('--shard', `expected a part such as 1/4, or auto inside an array job (${arrays.map(([name]) => name).join(', ')}), found ${quoted(text)}`))
  return { index: 1, count: 1 }
}

/** `visible.p99=2%`; `figures` are the names that there are. */
export function untilOf(text: string | undefined, figures: readonly string[], issues: Issue[]): Until | null {
  if (text === undefined) return null
  const [, figure = '', percent] = /^([a-z0-9.-]+)=(\d{1,3}(?:\.\d{1,3})?)%$/.exec(text) ?? []
  if (percent !== undefined && figures.includes(figure) && Number(percent) > 0) return { figure, part: Number(percent) / 100 }
  const nearest = nearestNames(figure === '' ? text : figure, figures, 3).join(', ')
  issues.push(wrong('--until', `expected a figure and a share such as visible.p99=2%, found ${quoted(text)}: the nearest figures are ${nearest}`))
  return null
}

/** The options of a sweep that are words; what is wrong is listed. */
export function sweepOptions(args: Arguments, checked: CheckedSpec, figures: readonly string[], issues: Issue[]): {
  readonly varied: readonly Vary[]; readonly seeds: readonly string[]; readonly shard: Shard; readonly until: Until | null
} {
  const shard = shardOf(valueOf(args, '--shard'), process.env, issues)
  const until = untilOf(valueOf(args, '--until'), figures, issues)
  if (until !== null && shard.count > 1) issues.push(wrong('--until', 'expected the whole sweep: a part cannot know when all parts together are narrow enough'))
  return { varied: variedOf(args, checked, issues), seeds: seedsOf(valueOf(args, '--seeds'), issues), shard, until }
}

function wrong(path: string, message: string): Issue {
  return { code: 'cli.sweep', path, line: null, message }
}
